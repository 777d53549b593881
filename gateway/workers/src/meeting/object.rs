//! The meeting's Durable Object: requests, messages, alarms and sockets, as the runtime delivers them.

#![allow(missing_docs, reason = "the macro of worker makes public methods")]

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_channel::oneshot;
use http::HeaderValue;
use wasm_bindgen::{JsCast, JsValue};
use worker::worker_sys::DurableObjectState;
use worker::{
    DurableObject, Env, Method, Request, Response, Result, State, WebSocket,
    WebSocketIncomingMessage, durable_object,
};

use realtimekit_gateway::api_response::{ApiResponse, Refusal};
use realtimekit_gateway::gateway::Head;
use realtimekit_gateway::live::close::Close;
use realtimekit_gateway::read_cache::Source;
use realtimekit_gateway::route::{Action, Target};
use realtimekit_gateway::web::response::to_http;

use super::protocol::{BodyState, Forwarded, OWN, ToMeeting};
use super::state::Meeting;
use crate::response::{BufferedResponse, refuse};

/// After how long an object that could not start wakes again.
const ALARM_AGAIN: Duration = Duration::from_secs(60);

/// The meeting.
#[durable_object]
pub struct MeetingObject {
    state: State,
    env: Env,
    /// `None` until its database and the configuration can be used.
    meeting: RefCell<Option<Rc<Meeting>>>,
}

impl DurableObject for MeetingObject {
    fn new(state: State, env: Env) -> Self {
        crate::start(&env);
        tracing::info!(object = "meeting", "an object starts");
        metrics::counter!("rtk_gateway_object_starts_total", "object" => "meeting").increment(1);
        Self {
            state,
            env,
            meeting: RefCell::default(),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        metrics::counter!("rtk_gateway_object_calls_total", "object" => "meeting").increment(1);
        let meeting = self.meeting()?;
        if request.path() == "/" && request.method() == Method::Post {
            match request.json().await? {
                ToMeeting::Webhook { meeting: name } => {
                    meeting.set_key(&name)?;
                    meeting.webhook();
                }
            }
            return Response::ok("");
        }
        let response = api(&meeting, request).await;
        meeting.after_request();
        response
    }

    async fn alarm(&self) -> Result<Response> {
        let Ok(meeting) = self.meeting() else {
            // The runtime would give up after two minutes, and lines may wait for the bucket.
            self.state.storage().set_alarm(ALARM_AGAIN).await?;
            return Response::ok("");
        };
        // It is not set any more.
        meeting.armed.set(None);
        meeting.run().await;
        meeting.after_request();
        Response::ok("")
    }

    async fn websocket_message(
        &self,
        socket: WebSocket,
        message: WebSocketIncomingMessage,
    ) -> Result<()> {
        let meeting = self.meeting()?;
        if let Some(id) = meeting.state.get_tags(&socket).first() {
            let text = match message {
                WebSocketIncomingMessage::String(text) => Ok(text),
                WebSocketIncomingMessage::Binary(_) => Err(Close::Binary),
            };
            meeting.receive(id, text).await;
        }
        meeting.after_request();
        Ok(())
    }

    async fn websocket_close(
        &self,
        socket: WebSocket,
        _code: usize,
        _reason: String,
        _was_clean: bool,
    ) -> Result<()> {
        self.closed(&socket)
    }

    async fn websocket_error(&self, socket: WebSocket, _: worker::Error) -> Result<()> {
        self.closed(&socket)
    }
}

impl MeetingObject {
    /// The meeting. What fails is tried again for the next request: an object may stay for days.
    fn meeting(&self) -> Result<Rc<Meeting>> {
        let mut known = self.meeting.borrow_mut();
        if let Some(meeting) = &*known {
            return Ok(Rc::clone(meeting));
        }
        let state: &JsValue = self.state.as_raw();
        let state = State::from(state.clone().unchecked_into::<DurableObjectState>());
        let meeting = Meeting::open(state, self.env.clone())
            .inspect_err(|error| tracing::error!(%error, "the meeting's object cannot start"))?;
        *known = Some(Rc::clone(&meeting));
        Ok(meeting)
    }

    fn closed(&self, socket: &WebSocket) -> Result<()> {
        let meeting = self.meeting()?;
        if let Some(id) = meeting.state.get_tags(socket).first() {
            meeting.remove(id, Some(Close::Done));
        }
        meeting.after_request();
        Ok(())
    }
}

/// The response to a moderator's request, which the entry Worker has authenticated.
async fn api(meeting: &Rc<Meeting>, mut request: Request) -> Result<Response> {
    let forwarded = Forwarded::from_headers(request.headers());
    let forwarded = forwarded.ok_or("the request was not forwarded by the entry Worker")?;
    meeting.set_key(&forwarded.meeting)?;
    let body: std::result::Result<Bytes, Refusal> = match forwarded.body {
        BodyState::None => Ok(Bytes::new()),
        BodyState::Here => Ok(request.bytes().await?.into()),
        BodyState::TooLarge => Err(Refusal::TooLarge),
        BodyState::TooSlow => Err(Refusal::TooSlow),
        BodyState::Broken => Err(Refusal::Invalid("the body did not come whole".to_owned())),
    };
    let url = request.url()?;
    let Some(target) = Target::parse(request.inner().method().as_str(), url.path()) else {
        return respond(refuse(&Refusal::NoRoute), &forwarded.id);
    };
    #[cfg(feature = "test-panic")]
    crate::panic_if_named(target.id("meeting_id"), "panic-in-object");
    let (action, acts) = (target.action, target.action.acts());
    let head = Head {
        id: &forwarded.id,
        query: url.query(),
        content_type: forwarded.content_type.as_deref(),
        key: forwarded.key.as_deref(),
        body: forwarded.body != BodyState::None,
        client: forwarded.client.as_deref(),
        reason: forwarded.reason.as_deref(),
        over: forwarded.over,
    };
    let admitted = meeting
        .gateway
        .admit(&head, target, Arc::new(forwarded.grant))
        .await;
    if acts {
        meeting.note_export();
    }
    let admitted = match admitted {
        Ok(admitted) => admitted,
        Err(response) => return respond(response, &forwarded.id),
    };
    if action == Action::Watch {
        return match meeting.watch(&admitted, url.query()) {
            Ok(response) => Ok(response),
            Err(refusal) => respond(refuse(&refusal), &forwarded.id),
        };
    }
    if !acts {
        let (response, source) = meeting.gateway.read_with_source(&admitted).await;
        let mut answer = BufferedResponse::from(to_http::<Bytes>(response, &forwarded.id));
        if source == Some(Source::Limited) {
            answer.headers.insert(OWN, HeaderValue::from_static("1"));
        }
        return answer.to_worker();
    }
    // It runs to completion, even if the client disconnects.
    let (done, response) = oneshot::channel();
    let own = Rc::clone(meeting);
    meeting.state.wait_until(async move {
        let response = own.gateway.act(&admitted, body).await;
        own.note_export();
        let _ = done.send(response);
    });
    let response = response.await;
    let response = response.unwrap_or_else(|_| refuse(&Refusal::Lost { again: false }));
    respond(response, &forwarded.id)
}

fn respond(response: ApiResponse, id: &str) -> Result<Response> {
    BufferedResponse::from(to_http::<Bytes>(response, id)).to_worker()
}
