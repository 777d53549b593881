//! The API: a moderator's request is authenticated here, and carried out by its meeting's object.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_channel::oneshot;
use http::header::ORIGIN;
use http::{HeaderMap, HeaderValue};
use worker::{Context, Delay, Env, Method, Request, RequestInit, Response, Result};

use realtimekit_gateway::api_response::{ApiResponse, Refusal};
use realtimekit_gateway::grant::Grant;
use realtimekit_gateway::platform::{Clock, MeetingKey};
use realtimekit_gateway::route::{Action, Id, Target};
use realtimekit_gateway::web::access_log::Entry;
use realtimekit_gateway::web::cors::{allow, is_preflight};
use realtimekit_gateway::web::request::token;
use realtimekit_gateway::web::response::to_http;

use super::Isolate;
use super::body::read;
use super::hot_reads::{Next, key};
use crate::account::protocol::{ToAccount, account, ask};
use crate::clock::WorkerClock;
use crate::meeting::protocol::{BodyState, Forwarded, OWN, meeting};
use crate::random;
use crate::response::{BufferedResponse, header_map, refuse};

/// How long a read waits before it looks again for another one's response.
const LOOK_AGAIN: Duration = Duration::from_millis(25);

/// What a request gets.
enum Handled {
    Response(BufferedResponse),
    /// A socket, or what an object refused instead.
    Socket(Response),
}

/// A request and what is known of it.
struct Call {
    isolate: Rc<Isolate>,
    env: Env,
    headers: HeaderMap,
    id: String,
    operation: &'static str,
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
    fn client(&self) -> Option<&str> {
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

    /// The meeting whose object is concerned.
    async fn meeting_of(
        &self,
        target: &Target,
        grant: &Grant,
    ) -> Result<std::result::Result<MeetingKey, Refusal>> {
        let Some(app_id) = target.id("app_id").cloned() else {
            return Ok(Err(Refusal::NoRoute));
        };
        if let Some(meeting_id) = target.id("meeting_id").cloned() {
            return Ok(Ok(MeetingKey { app_id, meeting_id }));
        }
        let account_id = &self.isolate.config.policy.account_id;
        let own = target.id("account_id").map(Id::as_str);
        if own != Some(account_id) {
            return Ok(Err(Refusal::OtherAccount));
        }
        let Some(session_id) = target.id("session_id") else {
            let meeting_id = Id::every();
            return Ok(Ok(MeetingKey { app_id, meeting_id }));
        };
        let word = target.action.permission();
        let named = match grant.allows_somewhere(&app_id, word) {
            Ok(named) => named,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // The object of a single granted meeting knows its sessions, or asks the API.
        if let [one] = named.as_slice()
            && grant.rights.len() == 1
        {
            let meeting_id = (*one).clone();
            return Ok(Ok(MeetingKey { app_id, meeting_id }));
        }
        let message = ToAccount::MeetingOf {
            app_id: app_id.as_str().to_owned(),
            session_id: session_id.as_str().to_owned(),
        };
        let account = account(&self.env, account_id)?;
        let known: Option<String> = ask(&account, &message).await?;
        let known = known.and_then(|id| Id::new(&id));
        // Otherwise any object of a granted meeting asks the API for the sessions of them all.
        let found = known.or_else(|| named.first().map(|id| (*id).clone()));
        Ok(found
            .map(|meeting_id| MeetingKey { app_id, meeting_id })
            .ok_or(Refusal::OtherSession))
    }

    fn allows(
        &self,
        target: &Target,
        meeting: &MeetingKey,
        grant: &Grant,
    ) -> std::result::Result<(), Refusal> {
        let own = target.id("account_id").map(Id::as_str);
        if own != Some(&self.isolate.config.policy.account_id) {
            return Err(Refusal::OtherAccount);
        }
        // The object finds the meeting of a session, and refuses another's.
        if target.id("session_id").is_some() {
            return Ok(());
        }
        let word = target.action.permission();
        grant.allows(&meeting.app_id, &meeting.meeting_id, word)
    }

    fn head(&self, meeting: &MeetingKey, grant: &Arc<Grant>, body: BodyState) -> Forwarded {
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

    async fn read(
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

    async fn act(
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
    async fn forward(
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
