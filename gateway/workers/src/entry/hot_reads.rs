//! A cache of a second before the objects: many pages that poll one meeting cause some twenty calls a
//! second to its object in each isolate.
//!
//! It acts only above that rate, so that few readers see each response as the object gives it. A response is
//! shared by grants that may all read the meeting, and none that was asked for before a mutation stays.

use std::collections::HashMap;
use std::rc::Rc;

use http::HeaderValue;
use http::header::AGE;

use crate::response::BufferedResponse;

/// How many calls a second reach the object before the cache acts.
const CALLS: u32 = 20;

/// How long a response serves others, in milliseconds; twice as long while a new one is on its way.
const FRESH_MS: u64 = 1000;

/// The most paths, and the largest body, in bytes: together at most 16 MiB.
const MOST_PATHS: usize = 64;
const LARGEST: usize = 256 * 1024;

/// What to do with a read.
pub(super) enum Next {
    /// It has a response.
    Serve(BufferedResponse),
    /// It goes to the object.
    Call,
    /// The first response is on its way: look again in a moment.
    Wait,
}

/// The busy paths.
#[derive(Default)]
pub(super) struct HotReads {
    paths: HashMap<String, Hot>,
    /// How many mutations have begun or ended, in any meeting.
    mutations: u64,
}

#[derive(Default)]
struct Hot {
    /// The count of mutations at its meeting's last one, or when the path was added.
    touched: u64,
    /// When the current second began, and how many calls it has had.
    since: u64,
    calls: u32,
    /// When a call above the rate began that is still on its way.
    refreshing: Option<u64>,
    kept: Option<(Rc<BufferedResponse>, u64)>,
}

impl HotReads {
    /// How many mutations there were: to be read before a call, for `landed`.
    pub(super) fn mutations(&self) -> u64 {
        self.mutations
    }

    /// A read of a meeting's path at a time in milliseconds.
    pub(super) fn next(&mut self, key: &str, now: u64) -> Next {
        let paths = &mut self.paths;
        if paths.len() >= MOST_PATHS && !paths.contains_key(key) {
            paths.retain(|_, hot| now.saturating_sub(hot.since) < FRESH_MS);
            if paths.len() >= MOST_PATHS {
                return Next::Call;
            }
        }
        let hot = paths.entry(key.to_owned()).or_insert_with(|| Hot {
            touched: self.mutations,
            ..Hot::default()
        });
        if now.saturating_sub(hot.since) >= FRESH_MS {
            (hot.since, hot.calls) = (now, 0);
        }
        if hot.calls < CALLS {
            hot.calls += 1;
            return Next::Call;
        }
        let is_refreshing = hot
            .refreshing
            .is_some_and(|began| now.saturating_sub(began) < FRESH_MS);
        let most = if is_refreshing {
            2 * FRESH_MS
        } else {
            FRESH_MS
        };
        if let Some((answer, at)) = &hot.kept
            && now.saturating_sub(*at) < most
        {
            return Next::Serve(aged(answer, now.saturating_sub(*at)));
        }
        match is_refreshing {
            true => Next::Wait,
            false => {
                hot.refreshing = Some(now);
                Next::Call
            }
        }
    }

    /// The object has responded to a call, before which there were so many mutations.
    pub(super) fn landed(&mut self, key: &str, answer: &BufferedResponse, before: u64, now: u64) {
        let Some(hot) = self.paths.get_mut(key) else {
            return;
        };
        if hot.touched > before {
            return;
        }
        hot.refreshing = None;
        let is_worth_it = hot.calls >= CALLS / 2 && answer.body.len() <= LARGEST;
        hot.kept = (answer.status == 200 && is_worth_it).then(|| (Rc::new(answer.clone()), now));
    }

    /// The object has responded with what is for one moderator only.
    pub(super) fn passed(&mut self, key: &str) {
        if let Some(hot) = self.paths.get_mut(key) {
            hot.refreshing = None;
        }
    }

    /// A mutation begins or ends in a meeting.
    pub(super) fn touch(&mut self, meeting: &str) {
        self.mutations += 1;
        let paths = self.paths.iter_mut();
        for (_, hot) in paths.filter(|(key, _)| is_of(key, meeting)) {
            (hot.kept, hot.refreshing, hot.touched) = (None, None, self.mutations);
        }
    }
}

/// The key of a meeting's path with its query.
pub(super) fn key(meeting: &str, path: &str) -> String {
    format!("{meeting} {path}")
}

fn is_of(key: &str, meeting: &str) -> bool {
    key.strip_prefix(meeting)
        .is_some_and(|rest| rest.starts_with(' '))
}

fn aged(answer: &BufferedResponse, ms: u64) -> BufferedResponse {
    let mut answer = answer.clone();
    let before = answer.headers.get(AGE).and_then(|age| age.to_str().ok());
    let before: u64 = before.and_then(|age| age.parse().ok()).unwrap_or_default();
    answer
        .headers
        .insert(AGE, HeaderValue::from(before + ms / 1000));
    answer
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn answer(status: u16, body: &'static str) -> BufferedResponse {
        BufferedResponse {
            status,
            headers: http::HeaderMap::new(),
            body: Bytes::from_static(body.as_bytes()),
        }
    }

    fn calls(hot: &mut HotReads, now: u64, reads: u32) -> u32 {
        let next = (0..reads).map(|_| hot.next("app/m /path", now));
        next.map(|next| u32::from(matches!(next, Next::Call))).sum()
    }

    #[test]
    fn few_reads_all_reach_the_object() {
        let mut hot = HotReads::default();
        for second in 0..10 {
            assert_eq!(calls(&mut hot, second * 1000, CALLS), CALLS);
            hot.landed("app/m /path", &answer(200, "x"), 0, second * 1000);
        }
    }

    #[test]
    fn above_the_rate_one_more_call_a_second_goes_through() {
        let mut hot = HotReads::default();
        // Nothing is there yet: one call more, and the others wait.
        assert_eq!(calls(&mut hot, 0, 5000), CALLS + 1);
        assert!(matches!(hot.next("app/m /path", 100), Next::Wait));
        hot.landed("app/m /path", &answer(200, "one"), 0, 200);
        let Next::Serve(served) = hot.next("app/m /path", 900) else {
            panic!("it was not served");
        };
        assert_eq!(served.body, "one");
        // The next second has its calls, and the rest is served.
        assert_eq!(calls(&mut hot, 1000, 5000), CALLS);
        // Another meeting is not concerned.
        assert!(matches!(hot.next("app/other /path", 1000), Next::Call));
    }

    #[test]
    fn a_mutation_forgets_the_meetings_responses() {
        let mut hot = HotReads::default();
        calls(&mut hot, 0, CALLS);
        hot.landed("app/m /path", &answer(200, "one"), 0, 0);
        hot.touch("app/m1");
        assert!(matches!(hot.next("app/m /path", 1), Next::Serve(_)));
        hot.touch("app/m");
        assert!(matches!(hot.next("app/m /path", 1), Next::Call));
    }

    #[test]
    fn a_response_that_was_asked_for_before_a_mutation_is_not_kept() {
        let mut hot = HotReads::default();
        calls(&mut hot, 0, CALLS + 1);
        let before = hot.mutations();
        hot.touch("app/m");
        hot.landed("app/m /path", &answer(200, "old"), before, 1);
        assert!(matches!(hot.next("app/m /path", 1), Next::Call));
        hot.landed("app/m /path", &answer(200, "new"), hot.mutations(), 2);
        assert!(matches!(hot.next("app/m /path", 3), Next::Serve(_)));
    }

    #[test]
    fn only_good_small_responses_are_kept() {
        for bad in [answer(403, "no"), answer(500, "no")] {
            let mut hot = HotReads::default();
            calls(&mut hot, 0, CALLS);
            hot.landed("app/m /path", &bad, 0, 0);
            assert!(matches!(hot.next("app/m /path", 1), Next::Call));
        }
    }

    #[test]
    fn the_age_counts_on() {
        let mut old = answer(200, "x");
        old.headers.insert(AGE, HeaderValue::from_static("3"));
        assert_eq!(aged(&old, 1500).headers[AGE], "4");
    }
}
