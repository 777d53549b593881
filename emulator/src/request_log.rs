//! The log of API requests with their outcome, for tests to read.

use std::collections::VecDeque;
use std::time::Duration;

use axum::http::HeaderMap;
use serde::Serialize;
use serde_json::{Map, Value};

/// The log keeps this many entries and drops the oldest.
const MAX_ENTRIES: usize = 20_000;

/// A request on arrival.
pub(crate) struct NewEntry<'a> {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: &'a HeaderMap,
    /// Absent if it was too large.
    pub(crate) body: Option<String>,
    pub(crate) operation: Option<&'static str>,
    pub(crate) at: Duration,
}

/// A request and its outcome.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    /// The number of the request, from 1, in order of arrival.
    n: u64,
    /// Milliseconds since the emulator started.
    at_ms: u64,
    method: String,
    /// The raw path.
    pub(crate) path: String,
    query: String,
    headers: Map<String, Value>,
    body: Option<String>,
    operation: Option<&'static str>,
    /// The status of the response. Null while there is no response.
    status: Option<u16>,
    cf_ray: String,
    /// The fault step that was applied.
    fault: Option<String>,
    /// Whether the request changed the world.
    acted: bool,
}

/// The latest requests, in order.
#[derive(Default)]
pub(crate) struct RequestLog {
    entries: VecDeque<Entry>,
    last: u64,
}

impl RequestLog {
    /// Adds a request. Returns its number.
    pub(crate) fn add(&mut self, entry: NewEntry<'_>) -> u64 {
        self.last = self.last.wrapping_add(1);
        if self.entries.len() >= MAX_ENTRIES {
            self.entries.pop_front();
        }
        self.entries.push_back(Entry {
            n: self.last,
            at_ms: u64::try_from(entry.at.as_millis()).unwrap_or(u64::MAX),
            method: entry.method,
            path: entry.path,
            query: entry.query,
            headers: headers_json(entry.headers),
            body: entry.body,
            operation: entry.operation,
            status: None,
            cf_ray: String::new(),
            fault: None,
            acted: false,
        });
        self.last
    }

    /// Sets the ray ID of the response.
    pub(crate) fn set_ray(&mut self, n: u64, ray: &str) {
        self.update(n, |entry| entry.cf_ray = ray.to_owned());
    }

    /// Sets the fault that was applied.
    pub(crate) fn set_fault(&mut self, n: u64, fault: String) {
        self.update(n, |entry| entry.fault = Some(fault));
    }

    /// Marks that the request changed the world.
    pub(crate) fn set_acted(&mut self, n: u64) {
        self.update(n, |entry| entry.acted = true);
    }

    /// Sets the status of the response.
    pub(crate) fn set_status(&mut self, n: u64, status: u16) {
        self.update(n, |entry| entry.status = Some(status));
    }

    /// The entries whose path contains a text.
    pub(crate) fn list(&self, path: &str) -> Vec<&Entry> {
        self.entries
            .iter()
            .filter(|entry| entry.path.contains(path))
            .collect()
    }

    /// Deletes all entries. The numbers continue.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    fn update(&mut self, n: u64, change: impl FnOnce(&mut Entry)) {
        // The numbers are consecutive, so the first one gives the index of each.
        let first = self.entries.front().map_or(n, |entry| entry.n);
        let place = n.checked_sub(first).and_then(|p| usize::try_from(p).ok());
        if let Some(entry) = place.and_then(|place| self.entries.get_mut(place)) {
            change(entry);
        }
    }
}

/// Headers as a JSON object. The values of a repeated header are joined.
fn headers_json(headers: &HeaderMap) -> Map<String, Value> {
    headers
        .keys()
        .map(|name| {
            let values: Vec<String> = headers
                .get_all(name)
                .iter()
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
                .collect();
            (name.to_string(), Value::String(values.join(", ")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(log: &mut RequestLog, path: &str) -> u64 {
        log.add(NewEntry {
            method: "GET".into(),
            path: path.into(),
            query: String::new(),
            headers: &HeaderMap::new(),
            body: None,
            operation: None,
            at: Duration::ZERO,
        })
    }

    #[test]
    fn updates_reach_their_entry_after_clearing() {
        let mut log = RequestLog::default();
        let gone = added(&mut log, "/a");
        log.clear();
        let (b, c) = (added(&mut log, "/b"), added(&mut log, "/c"));
        log.set_status(gone, 500);
        log.set_status(c, 204);
        log.set_acted(b);
        let list = log.list("");
        assert_eq!((list[0].n, list[0].status, list[0].acted), (2, None, true));
        assert_eq!(
            (list[1].n, list[1].status, list[1].acted),
            (3, Some(204), false)
        );
        assert_eq!(log.list("/c").len(), 1);
    }

    #[test]
    fn only_the_latest_entries_are_kept() {
        let mut log = RequestLog::default();
        for _ in 0..MAX_ENTRIES + 5 {
            added(&mut log, "/");
        }
        assert_eq!(log.list("").len(), MAX_ENTRIES);
        log.set_status(log.last, 200);
        assert_eq!(log.list("").last().unwrap().status, Some(200));
    }
}
