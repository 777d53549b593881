//! The client for Rust: a builder, the API's resources, and calls that are awaited.

use crate::base_url;
use crate::call::{self, Arguments, Options, Settings};
use crate::error::{Error, Invalid};
use crate::header::{HeaderChanges, Token};
use crate::hints::RateLimit;
use crate::id::{AccountId, AppId, MeetingId, ParticipantId, Segment, SessionId};
use crate::models::{
    ActedOn, CreatedPoll, KickedAll, ListParticipants, Meeting, MeetingChanges, MutedAll, NewPoll,
    Participant, ParticipantIds, ParticipantsPage, RemovedParticipant, Reply, Session,
};
use crate::operation::{self, Operation};
use crate::paging::{Page, Pager};
use crate::request::Base;
use crate::{answer, js, transport};
use gloo_net::http::Response;
use js_sys::Object;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

/// A client of the RealtimeKit API, or of a gateway that speaks it. Cloning it is cheap.
#[derive(Clone)]
pub struct Client(Rc<Settings>);

/// What a [`Client`] is made of.
#[must_use]
pub struct ClientBuilder {
    base_url: String,
    api_token: Option<String>,
    account: Option<AccountId>,
    headers: Result<HeaderChanges, Invalid>,
    timeout: Duration,
    max_retries: u32,
    allow_browser: bool,
}

impl Client {
    /// Starts a client of Cloudflare's API, with a timeout of a minute and two retries.
    pub fn builder() -> ClientBuilder {
        ClientBuilder {
            base_url: base_url::DEFAULT.to_owned(),
            api_token: None,
            account: None,
            headers: Ok(HeaderChanges::new()),
            timeout: Duration::from_secs(60),
            max_retries: 2,
            allow_browser: false,
        }
    }

    /// The live session of a meeting: who is in is moderated here.
    pub fn active_session(&self) -> ActiveSessions<'_> {
        ActiveSessions(self)
    }

    /// Sessions, live or over.
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions(self)
    }

    /// Meetings, the places in which sessions happen.
    pub fn meetings(&self) -> Meetings<'_> {
        Meetings(self)
    }

    fn call<T>(
        &self,
        operation: &'static Operation,
        ids: &[&Segment],
        params: impl Serialize + 'static,
    ) -> Call<T> {
        Call {
            settings: self.0.clone(),
            operation,
            ids: ids.iter().map(|id| (*id).clone()).collect(),
            params: Box::new(move || {
                // Its fields become those of an object, as JSON has it.
                params.serialize(&serde_wasm_bindgen::Serializer::json_compatible())
            }),
            account: None,
            options: Ok(Options::default()),
            answer: PhantomData,
        }
    }
}

// By hand: the settings hold the token.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.base.url)
            .field("account", &self.0.account)
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// Where the API is: Cloudflare's, or a gateway's. In a page it may be relative to it.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// The API token, or the grant that a gateway takes in its place. It goes to the base URL's
    /// origin and appears in no error and no `Debug`.
    pub fn api_token(mut self, token: impl Into<String>) -> Self {
        self.api_token = Some(token.into());
        self
    }

    /// The account of all calls that name none.
    pub fn account(mut self, account: AccountId) -> Self {
        self.account = Some(account);
        self
    }

    /// Sets a header of every request, or with `None` leaves one out.
    pub fn header(mut self, name: &str, value: Option<&str>) -> Self {
        self.headers = changed(self.headers, name, value);
        self
    }

    /// How long an attempt may take, the body of its answer included.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How often a call may be sent again. What acts anew each time (a poll) is not sent again
    /// where it may have worked.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// Allows Cloudflare's API as the base URL in a browser, where every visitor can read the
    /// token, and which Cloudflare's missing CORS headers forbid anyway.
    pub fn dangerously_allow_browser(mut self) -> Self {
        self.allow_browser = true;
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    ///
    /// If the base URL is none, or must not be used here; if the token or a header is not legal
    /// in a header.
    pub fn build(self) -> Result<Client, Invalid> {
        Ok(Client(Rc::new(Settings {
            base: Base {
                url: base_url::check(&self.base_url, self.allow_browser)?,
                token: self.api_token.as_deref().map(Token::new).transpose()?,
                headers: self.headers?,
                token_optional: false,
            },
            account: self.account.map(|account| account.text().to_owned()),
            query: JsValue::UNDEFINED,
            timeout_ms: millis(self.timeout),
            max_retries: self.max_retries,
            fetch: None,
        })))
    }
}

/// The live session of a meeting. See [`Client::active_session`].
#[derive(Clone, Copy, Debug)]
pub struct ActiveSessions<'a>(&'a Client);

impl ActiveSessions<'_> {
    /// The session that is live in a meeting. If none is, the API says 404.
    pub fn get_active_session(&self, app: &AppId, meeting: &MeetingId) -> Call<Session> {
        self.meeting(&operation::GET_ACTIVE_SESSION, app, meeting, ())
    }

    /// Kicks some. They can come back with the same link; to keep them out, also
    /// [delete](Meetings::delete_meeting_participant) them.
    pub fn kick_participants(
        &self,
        app: &AppId,
        meeting: &MeetingId,
        whom: ParticipantIds,
    ) -> Call<ActedOn> {
        self.meeting(&operation::KICK_PARTICIPANTS, app, meeting, whom)
    }

    /// Kicks everybody, which ends the session and its recording.
    pub fn kick_all_participants(&self, app: &AppId, meeting: &MeetingId) -> Call<KickedAll> {
        self.meeting(&operation::KICK_ALL_PARTICIPANTS, app, meeting, ())
    }

    /// Mutes some.
    pub fn mute_participants(
        &self,
        app: &AppId,
        meeting: &MeetingId,
        whom: ParticipantIds,
    ) -> Call<ActedOn> {
        self.meeting(&operation::MUTE_PARTICIPANTS, app, meeting, whom)
    }

    /// Mutes everybody, who then may or may not unmute themselves.
    pub fn mute_all_participants(
        &self,
        app: &AppId,
        meeting: &MeetingId,
        allow_unmute: bool,
    ) -> Call<MutedAll> {
        #[derive(Serialize)]
        struct MuteAll {
            allow_unmute: bool,
        }
        let params = MuteAll { allow_unmute };
        self.meeting(&operation::MUTE_ALL_PARTICIPANTS, app, meeting, params)
    }

    /// Makes a poll, at most once: where it may have been made, it is not sent again, and the
    /// error says [`maybe_applied`](Error::maybe_applied).
    pub fn create_poll(
        &self,
        app: &AppId,
        meeting: &MeetingId,
        poll: NewPoll,
    ) -> Call<CreatedPoll> {
        self.meeting(&operation::CREATE_POLL, app, meeting, poll)
    }

    fn meeting<T>(
        &self,
        operation: &'static Operation,
        app: &AppId,
        meeting: &MeetingId,
        params: impl Serialize + 'static,
    ) -> Call<T> {
        let ids = [app.segment(), meeting.segment()];
        self.0.call(operation, &ids, params)
    }
}

/// Sessions. See [`Client::sessions`].
#[derive(Clone, Copy, Debug)]
pub struct Sessions<'a>(&'a Client);

impl Sessions<'_> {
    /// A page of everybody who was in a session; who is in has no
    /// [`left_at`](Participant::left_at).
    pub fn get_session_participants(
        &self,
        app: &AppId,
        session: &SessionId,
        list: ListParticipants,
    ) -> Call<ParticipantsPage> {
        let ids = [app.segment(), session.segment()];
        self.0
            .call(&operation::GET_SESSION_PARTICIPANTS, &ids, list)
    }

    /// Everybody who was in a session, over all pages, each once.
    pub fn all_session_participants(
        &self,
        app: &AppId,
        session: &SessionId,
        list: ListParticipants,
    ) -> AllParticipants {
        AllParticipants {
            client: self.0.clone(),
            app: app.clone(),
            session: session.clone(),
            pager: Some(Pager::new(list.page_no.map(f64::from))),
            list,
            seen: HashSet::new(),
            ready: VecDeque::new(),
        }
    }
}

/// Participants, fetched a page at a time.
pub struct AllParticipants {
    client: Client,
    app: AppId,
    session: SessionId,
    list: ListParticipants,
    /// `None` after the last page.
    pager: Option<Pager>,
    seen: HashSet<String>,
    ready: VecDeque<Participant>,
}

impl AllParticipants {
    /// The next one. After an error the same page is tried again.
    pub async fn next(&mut self) -> Option<Result<Participant, Error>> {
        loop {
            if let Some(participant) = self.ready.pop_front() {
                return Some(Ok(participant));
            }
            self.pager.as_ref()?;
            if let Err(error) = self.fetch_page().await {
                return Some(Err(error));
            }
        }
    }

    async fn fetch_page(&mut self) -> Result<(), Error> {
        let page = self
            .client
            .sessions()
            .get_session_participants(&self.app, &self.session, self.list.clone())
            .await?
            .data
            .unwrap_or_default();
        let participants = page.participants.unwrap_or_default();
        let entries = participants.len();
        for participant in participants {
            let known = match &participant.id {
                Some(id) => !self.seen.insert(id.clone()),
                None => false,
            };
            if !known {
                self.ready.push_back(participant);
            }
        }
        let paging = page.paging.unwrap_or_default();
        let next = self.pager.as_mut().and_then(|pager| {
            pager.after(Page {
                entries,
                fresh: self.ready.len(),
                paging: paging.total_count.zip(paging.end_offset),
            })
        });
        match next {
            Some(page_no) => self.list.page_no = Some(page_no as u32),
            None => self.pager = None,
        }
        Ok(())
    }
}

/// Meetings. See [`Client::meetings`].
#[derive(Clone, Copy, Debug)]
pub struct Meetings<'a>(&'a Client);

impl Meetings<'_> {
    /// A meeting.
    pub fn get_meeting_by_id(&self, app: &AppId, meeting: &MeetingId) -> Call<Meeting> {
        let ids = [app.segment(), meeting.segment()];
        self.0.call(&operation::GET_MEETING, &ids, ())
    }

    /// Changes a meeting, such as [`MeetingChanges::lock`].
    pub fn update_meeting_by_id(
        &self,
        app: &AppId,
        meeting: &MeetingId,
        changes: MeetingChanges,
    ) -> Call<Meeting> {
        let ids = [app.segment(), meeting.segment()];
        self.0.call(&operation::UPDATE_MEETING, &ids, changes)
    }

    /// Removes a participant from a meeting: their token no longer lets them in. Who is in stays
    /// in until kicked.
    pub fn delete_meeting_participant(
        &self,
        app: &AppId,
        meeting: &MeetingId,
        participant: &ParticipantId,
    ) -> Call<RemovedParticipant> {
        let ids = [app.segment(), meeting.segment(), participant.segment()];
        self.0
            .call(&operation::DELETE_MEETING_PARTICIPANT, &ids, ())
    }
}

/// A call to the API. Nothing is sent until it is awaited.
#[must_use = "nothing is sent until it is awaited"]
pub struct Call<T> {
    settings: Rc<Settings>,
    operation: &'static Operation,
    ids: Vec<Segment>,
    params: Box<dyn FnOnce() -> Result<JsValue, serde_wasm_bindgen::Error>>,
    account: Option<AccountId>,
    options: Result<Options, Invalid>,
    answer: PhantomData<T>,
}

/// An answer, with what came around it.
#[non_exhaustive]
pub struct Answered<T> {
    /// The answer.
    pub reply: Reply<T>,
    /// The `Response`, its body read.
    pub response: Response,
    /// What its `Ratelimit` header says.
    pub rate_limit: Option<RateLimit>,
    /// After how many seconds the server wants to be asked again.
    pub retry_after: Option<f64>,
    /// How many requests were sent.
    pub attempts: u32,
}

impl<T> Call<T> {
    /// The account, if it is not the client's.
    pub fn account(mut self, account: &AccountId) -> Self {
        self.account = Some(account.clone());
        self
    }

    /// Sets a header, or with `None` leaves one out.
    pub fn header(mut self, name: &str, value: Option<&str>) -> Self {
        if let Ok(options) = &mut self.options
            && let Err(invalid) = options.headers.change(name, value)
        {
            self.options = Err(invalid);
        }
        self
    }

    /// How long an attempt may take, the body of its answer included.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.set(|options| options.timeout_ms = Some(millis(timeout)))
    }

    /// How often it may be sent again.
    pub fn max_retries(self, retries: u32) -> Self {
        self.set(|options| options.max_retries = Some(retries))
    }

    /// Lets `signal` abort it, at any time.
    pub fn signal(self, signal: &AbortSignal) -> Self {
        self.set(|options| options.signal = Some(signal.clone()))
    }

    /// Sends an `Idempotency-Key`, by which a gateway knows a repeat. Cloudflare's API knows
    /// none.
    pub fn idempotency_key(self, key: impl Into<String>) -> Self {
        self.set(|options| options.idempotency_key = Some(key.into()))
    }

    fn set(mut self, change: impl FnOnce(&mut Options)) -> Self {
        if let Ok(options) = &mut self.options {
            change(options);
        }
        self
    }
}

impl<T: DeserializeOwned> Call<T> {
    /// Sends it, and gives the answer with what came around it.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn with_response(self) -> Result<Answered<T>, Error> {
        let options = self.options?;
        let params = (self.params)().map_err(|_| UNWRITABLE)?;
        let params: Object = params.dyn_into().unwrap_or_default();
        if let Some(account) = &self.account {
            js::set(&params, "account_id", &JsValue::from_str(account.text()));
        }
        let arguments =
            Arguments::check(&self.settings, self.operation, self.ids, &params, &options)?;
        let (answer, attempts) = call::perform(&self.settings, &arguments, &options, None).await?;
        let body = answer.data.unwrap_or(JsValue::UNDEFINED);
        let reply = serde_wasm_bindgen::from_value(body.clone()).map_err(|error| {
            // The server said yes: what was to be done once is done.
            let maybe_applied = self.operation.repeat != operation::Repeat::Read;
            Error::Unreadable {
                reason: error.to_string(),
                body,
                trail: crate::attempts::Trail {
                    attempts,
                    maybe_applied,
                },
            }
        })?;
        let limit = answer::header(&answer.response, "ratelimit");
        Ok(Answered {
            reply,
            rate_limit: limit.and_then(|text| RateLimit::parse(&text)),
            retry_after: transport::retry_hints(&answer.response)
                .wait_ms
                .map(|ms| ms / 1000.0),
            response: Response::from(answer.response),
            attempts,
        })
    }
}

impl<T: DeserializeOwned + 'static> IntoFuture for Call<T> {
    type Output = Result<Reply<T>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async { Ok(self.with_response().await?.reply) })
    }
}

const UNWRITABLE: Invalid = Invalid::new("params", "cannot be written as JSON");

/// Timers count in whole milliseconds, up to 49 days.
fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

fn changed(
    headers: Result<HeaderChanges, Invalid>,
    name: &str,
    value: Option<&str>,
) -> Result<HeaderChanges, Invalid> {
    let mut headers = headers?;
    headers.change(name, value)?;
    Ok(headers)
}
