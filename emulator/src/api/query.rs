//! Validates the queries of the lists against the API description.

use percent_encoding::percent_decode_str;

use crate::world::{RosterQuery, SessionsQuery, SortBy};

/// The decoded names and values of a query string. The first value of a repeated name counts.
fn pairs(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// The value of a name in a query string.
pub(crate) fn value(query: &str, name: &str) -> Option<String> {
    pairs(query)
        .into_iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value)
}

/// Parses the query. `first_page` is the number of the first page. The API description only says
/// that `page_no` is 0 or more, so it may be 0 or 1.
pub(super) fn roster(query: &str, first_page: usize) -> Result<RosterQuery, String> {
    let value = |name| value(query, name);
    let (page, per_page) = pages(query, first_page)?;
    let sort_by = match value("sort_by").as_deref() {
        None | Some("joinedAt") => SortBy::JoinedAt,
        Some("duration") => SortBy::Duration,
        Some(_) => return Err("sort_by must be joinedAt or duration".to_owned()),
    };
    Ok(RosterQuery {
        search: value("search"),
        page,
        per_page,
        descending: choice(value("sort_order"), "sort_order", ["ASC", "DESC"])?,
        sort_by,
        include_peer_events: choice(
            value("include_peer_events"),
            "include_peer_events",
            ["false", "true"],
        )?,
        consolidated: choice(value("view"), "view", ["raw", "consolidated"])?,
    })
}

/// Parses the query of an app's sessions.
pub(super) fn sessions(query: &str, first_page: usize) -> Result<SessionsQuery, String> {
    let live = match value(query, "status").as_deref() {
        None => None,
        Some("LIVE") => Some(true),
        Some("ENDED") => Some(false),
        Some(_) => return Err("status must be LIVE or ENDED".to_owned()),
    };
    let (page, per_page) = pages(query, first_page)?;
    Ok(SessionsQuery {
        live,
        search: value(query, "search"),
        meeting: value(query, "associated_id"),
        oldest_first: !choice(value(query, "sort_order"), "sort_order", ["ASC", "DESC"])?
            && value(query, "sort_order").is_some(),
        page,
        per_page,
    })
}

/// The page, counted from 0, and its length.
fn pages(query: &str, first_page: usize) -> Result<(usize, usize), String> {
    let page_no = match value(query, "page_no") {
        None => first_page as f64,
        Some(text) => number(&text)
            .filter(|number| *number >= 0.0)
            .ok_or("page_no must be a number, 0 or more")?,
    };
    let per_page = match value(query, "per_page") {
        None => 25.0,
        Some(text) => number(&text)
            .filter(|number| number.fract() == 0.0 && (1.0..=200.0).contains(number))
            .ok_or("per_page must be an integer from 1 to 200")?,
    };
    // `as` saturates. A page beyond the end is empty.
    let page = (page_no as usize).saturating_sub(first_page);
    Ok((page, per_page as usize))
}

/// A finite number in JSON's syntax.
fn number(text: &str) -> Option<f64> {
    serde_json::from_str::<f64>(text)
        .ok()
        .filter(|number| number.is_finite())
}

/// Whether a value is the second of two. The first one is the default.
fn choice(value: Option<String>, name: &str, [no, yes]: [&str; 2]) -> Result<bool, String> {
    match value {
        None => Ok(false),
        Some(value) if value == no => Ok(false),
        Some(value) if value == yes => Ok(true),
        Some(_) => Err(format!("{name} must be {no} or {yes}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_query_it_is_the_first_25() {
        let query = roster("", 0).unwrap();
        assert_eq!((query.page, query.per_page), (0, 25));
        assert!(!query.descending && !query.consolidated && !query.include_peer_events);
        assert_eq!(query.search, None);
    }

    #[test]
    fn pages_count_from_0_or_from_1() {
        let page = |query, first| roster(query, first).unwrap().page;
        assert_eq!((page("page_no=0", 0), page("page_no=0", 1)), (0, 0));
        assert_eq!((page("page_no=1", 0), page("page_no=1", 1)), (1, 0));
        assert_eq!((page("page_no=2", 0), page("page_no=2", 1)), (2, 1));
        assert_eq!(page("page_no=1e300", 0), usize::MAX);
    }

    #[test]
    fn everything_at_once() {
        let query = roster("search=a%26b+c&page_no=3&per_page=200&sort_order=DESC&sort_by=duration&include_peer_events=true&view=consolidated&other=x", 0).unwrap();
        assert_eq!(query.search.as_deref(), Some("a&b c"));
        assert_eq!((query.page, query.per_page), (3, 200));
        assert!(query.descending && query.consolidated && query.include_peer_events);
        assert_eq!(query.sort_by, SortBy::Duration);
    }

    #[test]
    fn sessions_are_filtered_by_status_and_paged_like_participants() {
        let query = sessions("status=LIVE&page_no=2&per_page=5&search=a", 1).unwrap();
        assert_eq!((query.live, query.page, query.per_page), (Some(true), 1, 5));
        assert_eq!(query.search.as_deref(), Some("a"));
        assert!(!query.oldest_first);
        assert!(sessions("sort_order=ASC", 0).unwrap().oldest_first);
        assert_eq!(sessions("", 0).unwrap().live, None);
        for wrong in ["status=live", "per_page=0", "page_no=-1", "sort_order=up"] {
            assert!(sessions(wrong, 0).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_wrong_is_refused() {
        for query in [
            "page_no=-1",
            "page_no=x",
            "page_no=",
            "page_no=NaN",
            "page_no=1e999",
            "page_no",
            "per_page=0",
            "per_page=201",
            "per_page=1.5",
            "per_page=",
            "sort_order=asc",
            "sort_by=name",
            "include_peer_events=1",
            "view=flat",
        ] {
            assert!(roster(query, 0).is_err(), "{query}");
        }
    }
}
