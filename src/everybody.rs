//! Everybody who was in a session, page after page, for Rust.

use crate::client::Client;
use crate::error::Error;
use crate::id::{AppId, SessionId};
use crate::models::{ListParticipants, Participant};
use crate::paging::{Page, Pager};
use std::collections::{HashSet, VecDeque};

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
    /// Starts at the page that `list` asks for.
    pub(crate) fn new(
        client: &Client,
        app: &AppId,
        session: &SessionId,
        list: ListParticipants,
    ) -> Self {
        Self {
            client: client.clone(),
            app: app.clone(),
            session: session.clone(),
            pager: Some(Pager::new(list.page_no.map(f64::from))),
            list,
            seen: HashSet::new(),
            ready: VecDeque::new(),
        }
    }

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
