//! The participants list of a session: search, sort, pages, and one row per participant instead of
//! one per peer if requested.

use std::cmp::Ordering;

use super::model::{Meeting, Session};
use super::view::{LeftAt, Row};
use crate::clock::Moment;

/// The sort key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SortBy {
    #[default]
    JoinedAt,
    Duration,
}

/// A request for a page of the list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RosterQuery {
    pub(crate) search: Option<String>,
    /// The page, counted from 0.
    pub(crate) page: usize,
    pub(crate) per_page: usize,
    pub(crate) descending: bool,
    pub(crate) sort_by: SortBy,
    pub(crate) include_peer_events: bool,
    pub(crate) consolidated: bool,
}

/// A page and its position in the list, counted from 1. An empty page has 0 and 0.
pub(crate) struct Page {
    pub(crate) rows: Vec<Row>,
    pub(crate) total: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The peers of one row: one peer, or all peers of one participant.
struct Entry {
    peers: Vec<usize>,
    joined_at: Moment,
    millis: i64,
    id: String,
}

/// A page of a session's participants.
pub(crate) fn page(
    meeting: &Meeting,
    session: &Session,
    query: &RosterQuery,
    left_at: LeftAt,
    now: Moment,
) -> Page {
    let mut entries = entries(meeting, session, query, now);
    entries.sort_by(|a, b| compare(a, b, query.sort_by));
    if query.descending {
        entries.reverse();
    }
    let total = entries.len();
    let skip = query.page.saturating_mul(query.per_page);
    let rows: Vec<Row> = entries
        .iter()
        .skip(skip)
        .take(query.per_page)
        .filter_map(|entry| {
            Row::new(
                meeting,
                session,
                &entry.peers,
                query.include_peer_events,
                left_at,
                now,
            )
        })
        .collect();
    let (start, end) = offsets(skip, rows.len());
    Page {
        rows,
        total,
        start,
        end,
    }
}

/// The position of the first and the last row of a page, counted from 1.
fn offsets(skip: usize, rows: usize) -> (usize, usize) {
    if rows == 0 {
        (0, 0)
    } else {
        (skip.saturating_add(1), skip.saturating_add(rows))
    }
}

fn entries(meeting: &Meeting, session: &Session, query: &RosterQuery, now: Moment) -> Vec<Entry> {
    let needle = query
        .search
        .as_deref()
        .filter(|search| !search.is_empty())
        .map(str::to_lowercase);
    let found = session.peers.iter().enumerate().filter(|(_, peer)| {
        let Some(needle) = &needle else { return true };
        let participant = meeting.participants.get(peer.participant_index);
        peer.id.to_string().contains(needle)
            || peer.name.to_lowercase().contains(needle)
            || participant.is_some_and(|participant| {
                participant.id.to_string().contains(needle)
                    || participant.custom_id.to_lowercase().contains(needle)
            })
    });
    if !query.consolidated {
        return found
            .map(|(index, peer)| Entry {
                peers: vec![index],
                joined_at: peer.joined_at,
                millis: peer.millis(now),
                id: peer.id.to_string(),
            })
            .collect();
    }
    // The index of each participant's entry in `list`.
    let mut places: Vec<Option<usize>> = vec![None; meeting.participants.len()];
    let mut list: Vec<Entry> = Vec::new();
    for (index, peer) in found {
        let Some(place) = places.get_mut(peer.participant_index) else {
            continue;
        };
        match place.and_then(|place| list.get_mut(place)) {
            Some(entry) => {
                entry.peers.push(index);
                entry.millis = entry.millis.saturating_add(peer.millis(now));
            }
            None => {
                *place = Some(list.len());
                list.push(Entry {
                    peers: vec![index],
                    joined_at: peer.joined_at,
                    millis: peer.millis(now),
                    id: peer.id.to_string(),
                });
            }
        }
    }
    list
}

fn compare(a: &Entry, b: &Entry, by: SortBy) -> Ordering {
    let first = match by {
        SortBy::JoinedAt => Ordering::Equal,
        SortBy::Duration => a.millis.cmp(&b.millis),
    };
    first
        .then_with(|| a.joined_at.cmp(&b.joined_at))
        .then_with(|| a.id.cmp(&b.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_from_one() {
        assert_eq!(offsets(0, 2), (1, 2));
        assert_eq!(offsets(25, 25), (26, 50));
        assert_eq!(offsets(25, 0), (0, 0));
        assert_eq!(offsets(usize::MAX, 1), (usize::MAX, usize::MAX));
    }
}
