//! Everybody who was in a session, page after page, for Rust.

use crate::client::Client;
use crate::error::Error;
use crate::id::{AppId, SessionId};
use crate::models::{ListParticipants, Participant, ParticipantsPage};
use crate::paging::{Page, Pager};
use std::collections::{HashSet, VecDeque};

/// A list that is followed from page to page.
pub(crate) struct Pages {
    list: ListParticipants,
    /// `None` after the last page.
    pager: Option<Pager>,
    seen: HashSet<String>,
}

impl Pages {
    /// Starts at the page that `list` asks for.
    pub(crate) fn new(list: ListParticipants) -> Self {
        Self {
            pager: Some(Pager::new(list.page_no.map(f64::from))),
            list,
            seen: HashSet::new(),
        }
    }

    /// What to ask for, or `None` if all is there.
    pub(crate) fn next(&self) -> Option<ListParticipants> {
        self.pager.as_ref().map(|_| self.list.clone())
    }

    /// Takes a page that was asked for; gives what no page before it had.
    pub(crate) fn take(&mut self, page: ParticipantsPage) -> Vec<Participant> {
        let mut participants = page.participants.unwrap_or_default();
        let entries = participants.len();
        participants.retain(|participant| match &participant.id {
            Some(id) => self.seen.insert(id.clone()),
            None => true,
        });
        let paging = page.paging.unwrap_or_default();
        let next = self.pager.as_mut().and_then(|pager| {
            pager.after(Page {
                entries,
                fresh: participants.len(),
                paging: paging.total_count.zip(paging.end_offset),
            })
        });
        match next {
            Some(page_no) => self.list.page_no = Some(page_no as u32),
            None => self.pager = None,
        }
        participants
    }
}

/// Participants, fetched a page at a time.
pub struct AllParticipants {
    client: Client,
    app: AppId,
    session: SessionId,
    pages: Pages,
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
            pages: Pages::new(list),
            ready: VecDeque::new(),
        }
    }

    /// The next one. After an error the same page is tried again.
    pub async fn next(&mut self) -> Option<Result<Participant, Error>> {
        loop {
            if let Some(participant) = self.ready.pop_front() {
                return Some(Ok(participant));
            }
            let list = self.pages.next()?;
            let page = self
                .client
                .sessions()
                .get_session_participants(&self.app, &self.session, list)
                .await;
            match page {
                Ok(page) => {
                    let fresh = self.pages.take(page.data.unwrap_or_default());
                    self.ready.extend(fresh);
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
