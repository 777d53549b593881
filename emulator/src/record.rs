//! What was requested: every API request with what became of it, for tests to look at.

use std::collections::VecDeque;
use std::time::Duration;

use axum::http::HeaderMap;
use serde::Serialize;
use serde_json::{Map, Value};

/// More than that are not kept; the oldest go first.
const MOST: usize = 20_000;

/// A request at its arrival.
pub(crate) struct Arrival<'a> {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: &'a HeaderMap,
    /// Absent when it was too large.
    pub(crate) body: Option<String>,
    pub(crate) operation: Option<&'static str>,
    pub(crate) at: Duration,
}

/// A request and what became of it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    /// Its number, from 1, in the order of arrival.
    n: u64,
    /// Milliseconds since the emulator started.
    at_ms: u64,
    method: String,
    /// Raw, as it came.
    pub(crate) path: String,
    query: String,
    headers: Map<String, Value>,
    body: Option<String>,
    operation: Option<&'static str>,
    /// The status it was answered with; null while or because there is no answer.
    status: Option<u16>,
    cf_ray: String,
    /// The fault step it met.
    fault: Option<String>,
    /// Whether it changed the world.
    acted: bool,
}

/// The latest requests, in order.
#[derive(Default)]
pub(crate) struct Record {
    entries: VecDeque<Entry>,
    last: u64,
}

impl Record {
    /// Writes a request down; answers its number.
    pub(crate) fn arrive(&mut self, arrival: Arrival<'_>) -> u64 {
        self.last = self.last.wrapping_add(1);
        if self.entries.len() >= MOST {
            self.entries.pop_front();
        }
        self.entries.push_back(Entry {
            n: self.last,
            at_ms: u64::try_from(arrival.at.as_millis()).unwrap_or(u64::MAX),
            method: arrival.method,
            path: arrival.path,
            query: arrival.query,
            headers: readable(arrival.headers),
            body: arrival.body,
            operation: arrival.operation,
            status: None,
            cf_ray: String::new(),
            fault: None,
            acted: false,
        });
        self.last
    }

    /// Notes the ray that names the request in its answer.
    pub(crate) fn ray(&mut self, n: u64, ray: &str) {
        self.note(n, |entry| entry.cf_ray = ray.to_owned());
    }

    /// Notes the fault a request met.
    pub(crate) fn fault(&mut self, n: u64, fault: String) {
        self.note(n, |entry| entry.fault = Some(fault));
    }

    /// Notes that a request changed the world.
    pub(crate) fn acted(&mut self, n: u64) {
        self.note(n, |entry| entry.acted = true);
    }

    /// Notes the status of the answer.
    pub(crate) fn answered(&mut self, n: u64, status: u16) {
        self.note(n, |entry| entry.status = Some(status));
    }

    /// Those whose path contains a text.
    pub(crate) fn list(&self, path: &str) -> Vec<&Entry> {
        self.entries
            .iter()
            .filter(|entry| entry.path.contains(path))
            .collect()
    }

    /// Forgets all; the numbers go on.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    fn note(&mut self, n: u64, note: impl FnOnce(&mut Entry)) {
        // The numbers are in order, so it is where the first one's number says.
        let first = self.entries.front().map_or(n, |entry| entry.n);
        let place = n.checked_sub(first).and_then(|p| usize::try_from(p).ok());
        if let Some(entry) = place.and_then(|place| self.entries.get_mut(place)) {
            note(entry);
        }
    }
}

/// Headers as an object; the values of a repeated one are joined.
fn readable(headers: &HeaderMap) -> Map<String, Value> {
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

    fn arrive(record: &mut Record, path: &str) -> u64 {
        record.arrive(Arrival {
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
    fn notes_reach_their_request_also_after_clearing() {
        let mut record = Record::default();
        let gone = arrive(&mut record, "/a");
        record.clear();
        let (b, c) = (arrive(&mut record, "/b"), arrive(&mut record, "/c"));
        record.answered(gone, 500);
        record.answered(c, 204);
        record.acted(b);
        let list = record.list("");
        assert_eq!((list[0].n, list[0].status, list[0].acted), (2, None, true));
        assert_eq!(
            (list[1].n, list[1].status, list[1].acted),
            (3, Some(204), false)
        );
        assert_eq!(record.list("/c").len(), 1);
    }

    #[test]
    fn only_the_latest_are_kept() {
        let mut record = Record::default();
        for _ in 0..MOST + 5 {
            arrive(&mut record, "/");
        }
        assert_eq!(record.list("").len(), MOST);
        record.answered(record.last, 200);
        assert_eq!(record.list("").last().unwrap().status, Some(200));
    }
}
