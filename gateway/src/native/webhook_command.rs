//! `realtimekit-gateway webhooks`: registers, lists and deletes webhooks at Cloudflare.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use realtimekit_moderator::internal::operation::Method;

use crate::api_response::ApiResponse;
use crate::native::cli::WebhooksAction;
use crate::native::config::Config;
use crate::native::parts;
use crate::native::upstream::Api;
use crate::native::webhooks::PATH;
use crate::platform::{Upstream, UpstreamError, UpstreamRequest};
use crate::route::Id;
use crate::webhooks::EVENTS;

/// A registered webhook.
#[derive(Deserialize)]
struct Webhook {
    id: String,
    name: String,
    url: String,
    events: Vec<String>,
    enabled: bool,
}

#[derive(Deserialize)]
struct Envelope<T> {
    data: T,
}

/// Carries out a command; returns the lines to print.
///
/// # Errors
///
/// If an argument is wrong, or the API refuses.
pub async fn run(config: &Config, action: &WebhooksAction) -> Result<String, String> {
    let app = Id::new(&action.of().app).ok_or("--app: must be an ID")?;
    let path = format!(
        "/accounts/{}/realtime/kit/{}/webhooks",
        config.policy.account_id,
        app.as_str()
    );
    let api = parts::api(config)?;
    match action {
        WebhooksAction::List { .. } => {
            let all = list(&api, &path).await?;
            let lines: Vec<_> = all.iter().map(line).collect();
            Ok(match lines.is_empty() {
                true => "no webhooks".to_owned(),
                false => lines.join("\n"),
            })
        }
        WebhooksAction::Register { url, name, .. } => {
            if !url.ends_with(PATH) {
                return Err(format!("--url: must end with {PATH}"));
            }
            let known = list(&api, &path).await?;
            let known = known.into_iter().find(|webhook| webhook.url == *url);
            let (method, path) = match &known {
                Some(known) => (Method::Patch, format!("{path}/{}", segment(&known.id)?)),
                None => (Method::Post, path),
            };
            let body = json!({"name": name, "url": url, "events": EVENTS, "enabled": true});
            let response = send(&api, method, path, Some(body.to_string().into())).await?;
            let webhook: Webhook = data(&response)?;
            let verb = if known.is_some() {
                "updated"
            } else {
                "registered"
            };
            Ok(format!("{verb}: {}", line(&webhook)))
        }
        WebhooksAction::Delete { id, .. } => {
            let path = format!("{path}/{}", segment(id)?);
            send(&api, Method::Delete, path, None).await?;
            Ok(format!("deleted: {id}"))
        }
    }
}

fn segment(id: &str) -> Result<String, String> {
    let id = Id::new(id).ok_or("--id: must be an ID")?;
    Ok(id.as_str().to_owned())
}

fn line(webhook: &Webhook) -> String {
    let state = if webhook.enabled {
        "enabled"
    } else {
        "disabled"
    };
    let events = webhook.events.join(",");
    format!(
        "{} {state} {} {events} ({})",
        webhook.id, webhook.url, webhook.name
    )
}

async fn list(api: &Api, path: &str) -> Result<Vec<Webhook>, String> {
    data(&send(api, Method::Get, path.to_owned(), None).await?)
}

fn data<T: for<'a> Deserialize<'a>>(response: &ApiResponse) -> Result<T, String> {
    let envelope: Result<Envelope<T>, _> = serde_json::from_slice(&response.body);
    let envelope = envelope.map_err(|_| "the API's response is not as described".to_owned())?;
    Ok(envelope.data)
}

async fn send(
    api: &Api,
    method: Method,
    path: String,
    body: Option<Bytes>,
) -> Result<ApiResponse, String> {
    let request = UpstreamRequest {
        operation: "Webhooks",
        method,
        path,
        body,
    };
    let response = api.send(request).await.map_err(|error| match error {
        UpstreamError::NotSent => "the API cannot be reached".to_owned(),
        UpstreamError::Lost => "the API gave no response".to_owned(),
        UpstreamError::TimedOut => "the API took too long".to_owned(),
    })?;
    match response.is_good() {
        true => Ok(response),
        false => Err(format!(
            "the API refuses: {} {}",
            response.status,
            message(&response)
        )),
    }
}

/// The message in an error's envelope.
fn message(response: &ApiResponse) -> String {
    let body: serde_json::Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let own = body.pointer("/error/message");
    let message = own.or_else(|| body.pointer("/errors/0/message"));
    message
        .and_then(|text| text.as_str())
        .unwrap_or_default()
        .to_owned()
}
