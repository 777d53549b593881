//! The API: a moderator's request is authenticated here, and carried out by its meeting's object (`forward.rs`).

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use http::header::ORIGIN;
use worker::{Context, Env, Request, Response, Result};

use realtimekit_gateway::api_response::{ApiResponse, Refusal};
use realtimekit_gateway::platform::Clock;
use realtimekit_gateway::route::{Action, Target};
use realtimekit_gateway::web::access_log::Entry;
use realtimekit_gateway::web::cors::{allow, is_preflight};
use realtimekit_gateway::web::request::token;
use realtimekit_gateway::web::response::to_http;

use super::Isolate;
use crate::clock::WorkerClock;
use crate::meeting::protocol::{BodyState, Forwarded};
use crate::random;
use crate::response::{BufferedResponse, header_map, refuse};

/// What a request gets.
pub(super) enum Handled {
    Response(BufferedResponse),
    /// A socket, or what an object refused instead.
    Socket(Response),
}

/// A request and what is known of it.
pub(super) struct Call {
    pub(super) isolate: Rc<Isolate>,
    pub(super) env: Env,
    pub(super) headers: HeaderMap,
    pub(super) id: String,
    pub(super) operation: &'static str,
    moderator: Option<String>,
    acts: bool,
}

/// The response to a request below the API's base path, or to one without a route.
pub(super) async fn serve(
    isolate: Rc<Isolate>,
    request: Request,
    env: Env,
    context: Context,
) -> Result<Response> {
    let started = WorkerClock.unix_ms();
    isolate.tidy();
    let headers = header_map(request.headers());
    let is_legal = headers.is_some();
    let headers = headers.unwrap_or_default();
    let origin = headers.get(ORIGIN).cloned();
    let mut call = Call {
        isolate: Rc::clone(&isolate),
        env,
        id: random::request_id(started),
        operation: "",
        moderator: None,
        acts: false,
        headers,
    };
    let method = http::Method::from_bytes(request.inner().method().as_bytes());
    let method = method.unwrap_or_default();
    let (reply, allowed) = match isolate.cors.check(&call.headers, origin.as_ref()) {
        _ if !is_legal => {
            let what = "a header holds a control character".to_owned();
            (Ok(call.refused(&Refusal::Invalid(what))), false)
        }
        Err(refusal) => {
            isolate.log.origin(&refusal, &call.id, call.client());
            (Ok(call.refused(&refusal)), false)
        }
        Ok(()) if is_preflight(&method, &call.headers) => {
            let empty = ApiResponse {
                status: 204,
                headers: Vec::new(),
                body: Bytes::new(),
            };
            let mut response = to_http::<Bytes>(empty, &call.id);
            isolate.cors.preflight(response.headers_mut(), origin);
            return BufferedResponse::from(response).to_worker();
        }
        Ok(()) => (call.respond(request, &context).await, true),
    };
    let reply = reply.unwrap_or_else(|error| {
        tracing::error!(request_id = call.id, %error, "an object failed");
        call.refused(&Refusal::Lost { again: !call.acts })
    });
    let mut answer = match reply {
        Handled::Socket(response) => {
            call.log(response.status_code(), started);
            return Ok(response);
        }
        Handled::Response(answer) => answer,
    };
    call.log(answer.status, started);
    // One that is refused must wake no object.
    if call.moderator.is_some() && answer.status < 400 {
        isolate.pass_on(&call.env, &context);
    }
    if allowed {
        allow(&mut answer.headers, origin);
    }
    answer.to_worker()
}

impl Call {
    fn refused(&self, refusal: &Refusal) -> Handled {
        Handled::Response(to_http::<Bytes>(refuse(refusal), &self.id).into())
    }

    /// The client's address.
    pub(super) fn client(&self) -> Option<&str> {
        self.headers.get("cf-connecting-ip")?.to_str().ok()
    }

    async fn respond(&mut self, request: Request, context: &Context) -> Result<Handled> {
        let url = request.url()?;
        let method = request.inner().method();
        let Some(target) = Target::parse(&method, url.path()) else {
            return Ok(self.refused(&Refusal::NoRoute));
        };
        let target = target.with_own_account(&self.isolate.config.settings.account_id);
        #[cfg(feature = "test-panic")]
        crate::panic_if_named(target.id("meeting_id"), "panic-in-entry");
        let action = target.action;
        (self.operation, self.acts) = (action.name(), action.acts());
        let identity = self.isolate.config.policy.identity.as_ref();
        let own_header = identity.and_then(|identity| identity.header.as_ref());
        let own_header = own_header.and_then(|name| http::HeaderName::try_from(name).ok());
        let token = match token(&self.headers, own_header.as_ref(), action) {
            Ok(token) => token,
            Err(refusal) => return Ok(self.refused(&refusal)),
        };
        let grant = match &token {
            Ok(token) => self.isolate.authenticate(token.as_deref(), context).await,
            Err(refusal) => Err(refusal.clone()),
        };
        let grant = match grant {
            Ok(grant) => grant,
            Err(refusal) => {
                self.isolate.log.grant(&refusal, &self.id, self.client());
                return Ok(self.refused(&refusal));
            }
        };
        self.moderator = Some(grant.moderator.clone());
        if !self.acts
            && let Err(refusal) = self.isolate.limits.read(&grant)
        {
            return Ok(self.refused(&refusal));
        }
        let meeting = match self.meeting_of(&target, &grant).await? {
            Ok(meeting) => meeting,
            Err(refusal) => return Ok(self.refused(&refusal)),
        };
        // The object of a session's meeting may not be known, and finds it by all rights.
        let grant = match target.id("session_id") {
            Some(_) => grant,
            None => Arc::new(grant.in_meeting(&meeting.app_id, &meeting.meeting_id)),
        };
        let allowed = self.allows(&target, &meeting, &grant);
        let within = match self.acts {
            // The object refuses it too, and writes that to the audit.
            true => self.isolate.limits.act(&grant, allowed.is_ok()),
            false => allowed.map(|()| None),
        };
        let over = match within {
            Ok(over) => over,
            Err(refusal) => return Ok(self.refused(&refusal)),
        };
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        if action == Action::Watch {
            let head = self.head(&meeting, &grant, BodyState::None);
            return self.forward(head, &method, &path, None, context).await;
        }
        if self.acts {
            let head = self.head(&meeting, &grant, BodyState::None);
            let head = Forwarded { over, ..head };
            return self.act(request, head, &path, context).await;
        }
        let is_session = target.id("session_id").is_some();
        self.read(request, &meeting, &grant, &path, is_session, context)
            .await
    }

    fn log(&self, status: u16, started: u64) {
        let elapsed = WorkerClock.unix_ms().saturating_sub(started);
        let entry = Entry {
            operation: self.operation,
            moderator: self.moderator.clone(),
            acts: self.acts,
            client: self.client(),
        };
        let elapsed = Duration::from_millis(elapsed);
        self.isolate.log.request(&entry, &self.id, status, elapsed);
    }
}
