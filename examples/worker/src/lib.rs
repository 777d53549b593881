//! A Cloudflare Worker that shows and locks a meeting, for an app's own backend. A Worker may hold the API token, so it
//! needs no gateway.

use realtimekit_moderator::id::{AccountId, AppId, MeetingId};
use realtimekit_moderator::{Client, Error, ErrorKind, Room};
use worker::{event, Context, Env, Method, Request, Response, Result};

/// `GET /MEETING` returns the live session, `POST /MEETING` locks the meeting.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _: Context) -> Result<Response> {
    let path = request.path();
    let room = match room(&env, path.trim_start_matches('/')) {
        Ok(room) => room,
        Err(error) => return Response::error(error.to_string(), 500),
    };
    let done = match request.method() {
        Method::Get => room
            .session()
            .await
            .map(|response| Response::from_json(&response)),
        Method::Post => room
            .lock()
            .await
            .map(|response| Response::from_json(&response)),
        _ => return Response::error("method not allowed", 405),
    };
    match done {
        Ok(response) => response,
        Err(error) if error.kind() == ErrorKind::NotFound => Response::error("not live", 404),
        Err(error) => Response::error(error.to_string(), 502),
    }
}

fn room(env: &Env, meeting: &str) -> Result<Room, Error> {
    let field = |name: &str| {
        env.var(name)
            .map(|value| value.to_string())
            .unwrap_or_default()
    };
    let client = Client::builder()
        .base_url(field("CLOUDFLARE_BASE_URL")) // empty: Cloudflare's API
        .api_token(field("CLOUDFLARE_API_TOKEN")) // a secret
        .account(AccountId::new(field("CLOUDFLARE_ACCOUNT_ID"))?)
        .build()?;
    Ok(client.room(AppId::new(field("APP_ID"))?, MeetingId::new(meeting)?))
}
