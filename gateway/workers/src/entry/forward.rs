//! Passes an authenticated request on to its meeting's object. Reads of one moment share a response.

use std::sync::Arc;

use bytes::Bytes;
use futures_channel::oneshot;
use http::HeaderValue;
use worker::{Context, Delay, Method, Request, RequestInit, Result};

use realtimekit_gateway::grant::Grant;
use realtimekit_gateway::platform::{Clock, MeetingKey};
use realtimekit_gateway::route::Action;

use super::LOOK_AGAIN;
use super::api::{Call, Handled};
use super::body::read;
use super::hot_reads::{Next, key};
use crate::clock::WorkerClock;
use crate::meeting::protocol::{BodyState, Forwarded, OWN, meeting};
use crate::response::BufferedResponse;

impl Call {
    /// What the object gets of the request, besides its body.
    pub(super) fn head(
        &self,
        meeting: &MeetingKey,
        grant: &Arc<Grant>,
        body: BodyState,
    ) -> Forwarded {
        Forwarded {
            id: self.id.clone(),
            meeting: meeting.name(),
            grant: (**grant).clone(),
            client: self.client().map(str::to_owned),
            content_type: None,
            key: None,
            reason: None,
            over: None,
            body,
        }
        .with_headers(&self.headers)
    }

    /// A read: another one's response of this moment, or the object's.
    pub(super) async fn read(
        &self,
        request: Request,
        meeting: &MeetingKey,
        grant: &Arc<Grant>,
        path: &str,
        is_session: bool,
        context: &Context,
    ) -> Result<Handled> {
        let has_body = request.inner().body().is_some();
        let body = if has_body {
            BodyState::Here
        } else {
            BodyState::None
        };
        let key = match is_session && grant.rights.len() != 1 {
            false => key(&meeting.name(), path),
            // A grant for several meetings may find a session that is another one's than the object's. No path and
            // no query has a space.
            true => key(&meeting.name(), &format!("{} {path}", grant.moderator)),
        };
        let before = loop {
            // It ends before the next await.
            let next = self
                .isolate
                .hot
                .borrow_mut()
                .next(&key, WorkerClock.unix_ms());
            match next {
                Next::Serve(mut answer) => {
                    if let Ok(id) = HeaderValue::from_str(&self.id) {
                        answer.headers.insert("x-request-id", id);
                    }
                    metrics::counter!("rtk_gateway_reads_total", "source" => "entry").increment(1);
                    return Ok(Handled::Response(answer));
                }
                Next::Call => break self.isolate.hot.borrow().mutations(),
                Next::Wait => Delay::from(LOOK_AGAIN).await,
            }
        };
        let head = self.head(meeting, grant, body);
        let mut reply = self.forward(head, "GET", path, None, context).await;
        if let Ok(Handled::Response(answer)) = &mut reply {
            let is_own = answer.headers.remove(OWN).is_some();
            let now = WorkerClock.unix_ms();
            let mut hot = self.isolate.hot.borrow_mut();
            match is_own {
                true => hot.passed(&key),
                false => hot.landed(&key, answer, before, now),
            }
        }
        reply
    }

    /// A mutation, whose body the object gets as a whole.
    pub(super) async fn act(
        &self,
        mut request: Request,
        head: Forwarded,
        path: &str,
        context: &Context,
    ) -> Result<Handled> {
        let method = request.inner().method();
        let limits = &self.isolate.config.policy.limits;
        let (state, bytes) = read(&mut request, limits.body_bytes, limits.body_timeout).await;
        let head = Forwarded {
            body: state,
            ..head
        };
        let name = head.meeting.clone();
        self.isolate.hot.borrow_mut().touch(&name);
        let reply = self.forward(head, &method, path, bytes, context).await;
        self.isolate.hot.borrow_mut().touch(&name);
        reply
    }

    /// The response of the meeting's object. The call goes on if the client disconnects.
    pub(super) async fn forward(
        &self,
        head: Forwarded,
        method: &str,
        path: &str,
        body: Option<Bytes>,
        context: &Context,
    ) -> Result<Handled> {
        let stub = meeting(&self.env, &head.meeting)?;
        let headers = head.to_headers()?;
        let is_watch = self.operation == Action::Watch.name();
        if is_watch {
            headers.set("upgrade", "websocket")?;
        }
        let mut init = RequestInit::new();
        init.with_method(Method::from(method.to_owned()));
        init.with_headers(headers);
        if let Some(body) = body {
            init.with_body(Some(js_sys::Uint8Array::from(body.as_ref()).into()));
        }
        let request = Request::new_with_init(&format!("https://object{path}"), &init)?;
        if is_watch {
            let response = stub.fetch_with_request(request).await?;
            return Ok(match response.status_code() {
                101 => Handled::Socket(response),
                _ => Handled::Response(BufferedResponse::read(response).await?),
            });
        }
        let (done, answer) = oneshot::channel();
        context.wait_until(async move {
            let answer = match stub.fetch_with_request(request).await {
                Ok(response) => BufferedResponse::read(response).await,
                Err(error) => Err(error),
            };
            let _ = done.send(answer);
        });
        let answer = answer.await;
        Ok(Handled::Response(
            answer.map_err(|_| "the call was given up")??,
        ))
    }
}
