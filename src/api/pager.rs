//! All participants of a session, page by page, for Rust.

use super::client::Client;
use super::error::Error;
use super::paging::{Entry, Pages};
use super::request_builder::RequestBuilder;
use crate::id::{AppId, SessionId};
use crate::models::{ListParticipants, Participant, ParticipantsPage};
use crate::operation::GET_SESSION_PARTICIPANTS;
use crate::request::id::Segment;
use futures_core::Stream;
use std::collections::VecDeque;
use std::fmt;
use std::future::{self, Future};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

impl Entry for Participant {
    fn id(&self) -> Option<String> {
        self.id.as_ref().map(ToString::to_string)
    }
}

/// The participants of a session, each join once, as a [`Stream`]. Requests one page at a time, when it is polled.
///
/// ```no_run
/// # use realtimekit_moderator::{Error, Room, id::SessionId, models::ListParticipants};
/// # async fn list(room: Room, session: SessionId) -> Result<(), Error> {
/// let mut participants = room.participants(&session, ListParticipants::default());
/// while let Some(participant) = participants.next().await {
///     println!("{:?}", participant?.display_name);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until it is polled"]
pub struct ParticipantsPager {
    /// `None` while it requests a page.
    state: Option<Box<State>>,
    request: Option<Pin<Box<dyn Future<Output = Page>>>>,
    ready: VecDeque<Participant>,
}

/// What a request returns: the state to continue from, and the entries that no page before had.
type Page = (Box<State>, Result<Vec<Participant>, Error>);

struct State {
    client: Client,
    ids: [Segment; 2],
    list: ListParticipants,
    pages: Pages,
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
            state: Some(Box::new(State {
                client: client.clone(),
                ids: [app.segment(), session.segment()],
                pages: Pages::new(list.page_no.map(f64::from)),
                list,
            })),
            request: None,
            ready: VecDeque::new(),
        }
    }

    /// The next participant; `None` after the last. After an error the same page is requested again. If it is dropped
    /// before it is ready, the next call continues.
    pub async fn next(&mut self) -> Option<Result<Participant, Error>> {
        future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl Stream for ParticipantsPager {
    type Item = Result<Participant, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(participant) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(participant)));
            }
            if let Some(mut state) = self.state.take() {
                if state.pages.is_done() {
                    self.state = Some(state);
                    return Poll::Ready(None);
                }
                self.request = Some(Box::pin(async move {
                    let page = state.request().await;
                    (state, page)
                }));
            }
            let Some(request) = &mut self.request else {
                return Poll::Ready(None);
            };
            let (state, page) = ready!(request.as_mut().poll(context));
            self.request = None;
            self.state = Some(state);
            match page {
                Ok(fresh) => self.ready.extend(fresh),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}

impl fmt::Debug for ParticipantsPager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParticipantsPager")
            .field("ready", &self.ready.len())
            .finish_non_exhaustive()
    }
}

impl State {
    async fn request(&mut self) -> Result<Vec<Participant>, Error> {
        self.list.page_no = self.pages.page_no().map(|page_no| page_no as u32);
        let [app, session] = self.ids.clone();
        let call: RequestBuilder<ParticipantsPage> = RequestBuilder::new(
            &self.client,
            &GET_SESSION_PARTICIPANTS,
            vec![app, session],
            &self.list,
        );
        let performed = call.perform().await?;
        let taken = self.pages.take(&performed.data);
        taken.map_err(|message| performed.decode_error(message))
    }
}
