//! All participants of a session, page by page, for Rust.

use super::client::Client;
use super::paging::{Entry, Pages};
use super::request_builder::RequestBuilder;
use crate::models::{ListParticipants, Participant, ParticipantsPage};
use crate::operation::GET_SESSION_PARTICIPANTS;
use crate::request::id::{AppId, Segment, SessionId};
use crate::transport::error::{DecodeError, Error};
use std::collections::VecDeque;
use wasm_bindgen::JsValue;

impl Entry for Participant {
    fn id(&self) -> Option<String> {
        self.id.clone()
    }
}

/// The participants of a session, each once. Requests one page at a time.
#[must_use = "nothing is sent until it is awaited"]
pub struct ParticipantsPager {
    client: Client,
    ids: [Segment; 2],
    list: ListParticipants,
    pages: Pages,
    ready: VecDeque<Participant>,
}

impl ParticipantsPager {
    /// Starts at the page that `list` asks for.
    pub(crate) fn new(
        client: &Client,
        app: &AppId,
        session: &SessionId,
        list: ListParticipants,
    ) -> Self {
        Self {
            client: client.clone(),
            ids: [app.segment().clone(), session.segment().clone()],
            pages: Pages::new(list.page_no.map(f64::from)),
            list,
            ready: VecDeque::new(),
        }
    }

    /// The next participant; `None` after the last. After an error the same page is requested again.
    pub async fn next(&mut self) -> Option<Result<Participant, Error>> {
        loop {
            if let Some(participant) = self.ready.pop_front() {
                return Some(Ok(participant));
            }
            if self.pages.is_done() {
                return None;
            }
            match self.request().await {
                Ok(fresh) => self.ready.extend(fresh),
                Err(error) => return Some(Err(error)),
            }
        }
    }

    async fn request(&mut self) -> Result<Vec<Participant>, Error> {
        self.list.page_no = self.pages.page_no().map(|page_no| page_no as u32);
        let [app, session] = &self.ids;
        let call: RequestBuilder<ParticipantsPage> = RequestBuilder::new(
            &self.client,
            &GET_SESSION_PARTICIPANTS,
            &[app, session],
            &self.list,
        );
        let success = call.perform().await?;
        let body = success.data.unwrap_or(JsValue::UNDEFINED);
        self.pages.take(&body).map_err(|message| {
            Error::Decode(Box::new(DecodeError {
                message,
                body,
                info: success.info,
            }))
        })
    }
}
