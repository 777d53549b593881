//! The sessions of an app: filter, search, pages.

use super::World;
use super::model::{Meeting, Refusal, Session};
use super::view::SessionView;

/// A request for a page of the sessions.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SessionsQuery {
    /// Only live ones, or only ended ones.
    pub(crate) live: Option<bool>,
    /// A meeting's title or ID, or a session's ID.
    pub(crate) search: Option<String>,
    /// The ID of the meeting.
    pub(crate) meeting: Option<String>,
    pub(crate) oldest_first: bool,
    /// The page, counted from 0.
    pub(crate) page: usize,
    pub(crate) per_page: usize,
}

impl World {
    /// A page of an app's sessions, and the number of all that match.
    pub(crate) fn sessions(
        &mut self,
        app: &str,
        query: &SessionsQuery,
    ) -> Result<(Vec<SessionView<'_>>, usize), Refusal> {
        let app = self.app(app)?;
        let now = self.catch_up();
        let meetings = self.meetings.iter().filter(|meeting| meeting.app_id == app);
        let mut found: Vec<(&Meeting, &Session)> = meetings
            .flat_map(|meeting| {
                meeting
                    .sessions
                    .iter()
                    .map(move |session| (meeting, session))
            })
            .filter(|(meeting, session)| matches(meeting, session, query))
            .collect();
        found.sort_by_key(|(_, session)| session.started_at);
        if !query.oldest_first {
            found.reverse();
        }
        let total = found.len();
        let page = found
            .into_iter()
            .skip(query.page.saturating_mul(query.per_page))
            .take(query.per_page)
            .map(|(meeting, session)| SessionView::new(meeting, session, now))
            .collect();
        Ok((page, total))
    }
}

fn matches(meeting: &Meeting, session: &Session, query: &SessionsQuery) -> bool {
    let is_live = session.ended_at.is_none();
    let text = query.search.as_deref().unwrap_or_default().to_lowercase();
    query.live.is_none_or(|live| live == is_live)
        && query.meeting.as_ref().is_none_or(|id| *id == meeting.id)
        && (meeting.title.to_lowercase().contains(&text)
            || meeting.id == text
            || session.id.to_string() == text)
}
