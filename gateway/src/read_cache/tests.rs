//! Joined, fresh, stale, failed, given up, forgotten.

use std::pin::Pin;

use bytes::Bytes;
use serde_json::json;

use super::*;
use crate::api_budget::{LocalBudget, Terms};
use crate::platform::UpstreamError;
use crate::testing::{FakeClock, FakeUpstream, good, now};
use realtimekit_moderator::internal::operation::{GET_MEETING, Method};

/// The specified limits, independent of the code.
const MOST_READS: usize = 128;
const MEETING_BYTES: usize = 8 << 20;
const TOTAL_BYTES: usize = 64 << 20;
const DAY_MS: u64 = 86_400_000;

struct Setting {
    clock: Arc<FakeClock>,
    budget: LocalBudget<FakeClock>,
    reads: ReadCache<FakeClock>,
    api: FakeUpstream,
}

type Got = Result<(ApiResponse, Source), Refusal>;
type Getting<'a> = Pin<Box<dyn Future<Output = Got> + 'a>>;

impl Setting {
    fn new(requests: u64) -> Self {
        Self::stale_for(60_000, requests)
    }

    fn stale_for(stale_ms: u64, requests: u64) -> Self {
        let clock = Arc::new(FakeClock::default());
        let terms = Terms {
            requests,
            window_ms: 300_000,
            reserve: 0.1,
        };
        let budget = LocalBudget::new(terms, &clock);
        let shared = Arc::new(budget.clone()) as Arc<dyn Budget>;
        let lifetimes = Lifetimes {
            fresh_ms: 1000,
            stale_ms,
        };
        let reads = ReadCache::new(&clock, &shared, lifetimes);
        let api = FakeUpstream::default();
        Self {
            clock,
            budget,
            reads,
            api,
        }
    }

    /// Asks, and goes as far as it gets.
    fn ask(&self, meeting: &str, path: &str) -> Getting<'_> {
        let (place, request) = (place(meeting), request(path));
        let mut asked: Getting<'_> =
            Box::pin(async move { self.reads.get(&place, request, &self.api, || Ok(())).await });
        match (&mut asked).now_or_never() {
            Some(got) => Box::pin(std::future::ready(got)),
            None => asked,
        }
    }

    /// Asks, where the response is there at once.
    fn get(&self, meeting: &str, path: &str) -> Got {
        now(self.ask(meeting, path))
    }

    /// Asks, and the API responds so.
    fn answered(&self, meeting: &str, path: &str, response: ApiResponse) -> Got {
        self.api.will(Ok(response));
        self.get(meeting, path)
    }

    /// Asks, and if it goes up, the API responses with a number.
    fn serve(&self, meeting: &str, path: &str, number: u32) -> Got {
        let asking = self.ask(meeting, path);
        if self.api.waits() {
            self.api.response(Ok(response(number)));
        }
        now(asking)
    }

    /// Uses the budget up, so far as reads may.
    fn use_up(&self) {
        for number in 0.. {
            let claim = Claim {
                purpose: Purpose::Read,
                meeting: place(&format!("other-{number}")),
                moderator: None,
            };
            if now(self.budget.take(claim)).is_err() {
                return;
            }
        }
    }
}

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

fn place(meeting: &str) -> MeetingKey {
    MeetingKey {
        app_id: id("app"),
        meeting_id: id(meeting),
    }
}

fn request(path: &str) -> UpstreamRequest {
    let session = path.ends_with("active-session");
    UpstreamRequest {
        operation: match session {
            true => GET_ACTIVE_SESSION.name,
            false => GET_MEETING.name,
        },
        method: Method::Get,
        path: path.to_owned(),
        body: None,
    }
}

fn response(number: u32) -> ApiResponse {
    good(json!(number))
}

/// Which response it is, where it came from, and its `Age`.
fn summary(got: Got) -> (u64, Source, Option<String>) {
    let (response, source) = got.unwrap();
    let body: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
    let age = response.header("age").map(str::to_owned);
    (body["data"].as_u64().unwrap(), source, age)
}

fn aged(number: u64, source: Source, age: &str) -> (u64, Source, Option<String>) {
    (number, source, Some(age.to_owned()))
}

#[test]
fn who_asks_while_it_is_under_way_gets_the_same_answer() {
    let all = Setting::new(1200);
    let asking: Vec<_> = (0..100).map(|_| all.ask("m", "/x")).collect();
    // Another read, and another meeting's.
    let others = [all.ask("m", "/y"), all.ask("n", "/x")];
    assert_eq!(all.api.count(), 3);
    assert!(all.api.response(Ok(response(1))));
    for (place, asking) in asking.into_iter().enumerate() {
        let source = if place == 0 {
            Source::Upstream
        } else {
            Source::Joined
        };
        assert_eq!(summary(now(asking)), (1, source, None));
    }
    assert!(
        others
            .into_iter()
            .all(|asking| asking.now_or_never().is_none())
    );
}

#[test]
fn an_answer_is_fresh_for_a_second_and_says_how_old_it_is() {
    let all = Setting::new(1200);
    assert_eq!(
        summary(all.answered("m", "/x", response(1))),
        (1, Source::Upstream, None)
    );
    assert_eq!(summary(all.get("m", "/x")), aged(1, Source::Memory, "0"));
    all.clock.advance(999);
    assert_eq!(summary(all.get("m", "/x")), aged(1, Source::Memory, "0"));
    all.clock.advance(1);
    assert_eq!(
        summary(all.answered("m", "/x", response(2))),
        (2, Source::Upstream, None)
    );
    // Nothing crosses meetings.
    assert_eq!(
        summary(all.answered("n", "/x", response(3))),
        (3, Source::Upstream, None)
    );
}

#[test]
fn where_the_budget_is_used_up_the_last_answer_is_served_while_it_may_be() {
    let all = Setting::new(1200);
    all.answered("m", "/x", response(1)).unwrap();
    all.use_up();
    all.clock.advance(59_999);
    assert_eq!(summary(all.get("m", "/x")), aged(1, Source::Stale, "59"));
    all.clock.advance(1);
    assert_eq!(all.get("m", "/x"), Err(Refusal::NoBudget(240_000)));
    assert_eq!(all.get("m", "/y"), Err(Refusal::NoBudget(240_000)));
    assert_eq!(all.api.count(), 1);
    all.clock.advance(240_000);
    assert_eq!(
        summary(all.answered("m", "/x", response(2))),
        (2, Source::Upstream, None)
    );
}

#[test]
fn a_failure_is_remembered_for_a_moment() {
    for (failure, refusal) in [
        (UpstreamError::NotSent, Refusal::NotSent),
        (UpstreamError::Lost, Refusal::Lost { again: true }),
        (UpstreamError::TimedOut, Refusal::TimedOut { again: true }),
    ] {
        let all = Setting::new(1200);
        all.api.will(Err(failure.clone()));
        for _ in 0..10 {
            assert_eq!(all.get("m", "/x"), Err(refusal.clone()));
        }
        assert_eq!(all.api.count(), 1);
        all.clock.advance(1000);
        assert_eq!(
            summary(all.answered("m", "/x", response(1))),
            (1, Source::Upstream, None)
        );
        // What was never sent was never counted.
        let left = if failure == UpstreamError::NotSent {
            1199
        } else {
            1198
        };
        assert_eq!(all.budget.left(), left);
    }
    let all = Setting::new(1200);
    let broken = ApiResponse::json(503, &json!({"data": 5}));
    assert_eq!(
        summary(all.answered("m", "/x", broken)),
        (5, Source::Upstream, None)
    );
    assert_eq!(summary(all.get("m", "/x")), aged(5, Source::Memory, "0"));
    all.clock.advance(1000);
    assert_eq!(
        summary(all.answered("m", "/x", response(1))),
        (1, Source::Upstream, None)
    );
}

#[test]
fn a_read_that_nobody_waits_for_is_given_up() {
    let all = Setting::new(1200);
    let (one, other) = (all.ask("m", "/x"), all.ask("m", "/x"));
    drop(one);
    // The other goes on with it.
    assert!(all.api.response(Ok(response(1))));
    assert_eq!(summary(now(other)), (1, Source::Joined, None));

    let asking = all.ask("m", "/y");
    assert_eq!(all.budget.left(), 1198);
    drop(asking);
    assert!(!all.api.response(Ok(response(2))));
    // It is over, so that the next window has it, but it may have been counted in this.
    all.clock.advance(299_999);
    assert_eq!(all.budget.left(), 1198);
    all.clock.advance(1);
    assert_eq!(all.budget.left(), 1200);
    // No other read can join it.
    let again = all.ask("m", "/y");
    assert_eq!(all.api.count(), 3);
    assert!(all.api.response(Ok(response(3))));
    assert_eq!(summary(now(again)), (3, Source::Upstream, None));
}

#[test]
fn what_was_asked_before_a_mutation_is_not_kept_nor_joined_after_it() {
    let all = Setting::new(1200);
    all.answered("m", "/y", response(1)).unwrap();
    all.answered("n", "/x", response(2)).unwrap();
    let before = all.ask("m", "/x");
    all.reads.touch(&place("m"));
    let after = all.ask("m", "/x");
    assert_eq!(all.api.count(), 4);
    // An earlier caller gets the earlier state.
    assert!(all.api.response(Ok(response(3))));
    assert_eq!(summary(now(before)), (3, Source::Upstream, None));
    // But no other caller does.
    let joined = all.ask("m", "/x");
    assert!(all.api.response(Ok(response(4))));
    assert_eq!(summary(now(after)), (4, Source::Upstream, None));
    assert_eq!(summary(now(joined)), (4, Source::Joined, None));
    assert_eq!(summary(all.get("m", "/x")), aged(4, Source::Memory, "0"));
    // All of the meeting's is forgotten, and nothing of another's.
    assert_eq!(
        summary(all.answered("m", "/y", response(5))),
        (5, Source::Upstream, None)
    );
    assert_eq!(summary(all.get("n", "/x")), aged(2, Source::Memory, "0"));
    // Of which nothing is remembered.
    all.reads.touch(&place("o"));
}

#[test]
fn a_meeting_that_was_forgotten_and_asked_for_anew_does_not_keep_what_is_older_than_a_mutation() {
    let all = Setting::new(1200);
    let before = all.ask("m", "/x");
    all.reads.touch(&place("m"));
    // It takes so long that the meeting is forgotten meanwhile.
    all.clock.advance(60_000);
    all.answered("n", "/x", response(1)).unwrap();
    all.clock.advance(1000);
    let after = all.ask("m", "/x");
    assert!(all.api.response(Ok(response(2))));
    assert_eq!(summary(now(before)), (2, Source::Upstream, None));
    let joined = all.ask("m", "/x");
    assert!(all.api.response(Ok(response(3))));
    assert_eq!(summary(now(after)), (3, Source::Upstream, None));
    assert_eq!(summary(now(joined)), (3, Source::Joined, None));
}

#[test]
fn so_many_reads_of_a_meeting_are_remembered_and_the_oldest_is_forgotten() {
    let all = Setting::new(12_000);
    for number in 0..MOST_READS {
        all.answered("m", &format!("/{number}"), response(0))
            .unwrap();
        all.clock.advance(1);
    }
    // The first is asked for again, and the second is the oldest then.
    all.get("m", "/0").unwrap();
    all.clock.advance(1);
    all.answered("m", "/new", response(0)).unwrap();
    assert_eq!(summary(all.get("m", "/0")).1, Source::Memory);
    assert_eq!(
        summary(all.answered("m", "/1", response(1))).1,
        Source::Upstream
    );
    let meetings = all.reads.inner.meetings();
    assert_eq!(meetings.meetings[&place("m")].reads.len(), MOST_READS);
}

#[test]
fn what_nobody_asks_for_is_forgotten() {
    let all = Setting::new(1200);
    all.answered("m", "/x", response(1)).unwrap();
    let waiting = all.ask("n", "/x");
    all.clock.advance(60_000);
    all.answered("o", "/x", response(2)).unwrap();
    let meetings = |name: &str| {
        all.reads
            .inner
            .meetings()
            .meetings
            .contains_key(&place(name))
    };
    assert!(!meetings("m"));
    // That is under way.
    assert!(meetings("n"));
    drop(waiting);
    all.clock.advance(1000);
    all.answered("o", "/x", response(3)).unwrap();
    assert!(!meetings("n"));
}

#[test]
fn what_goes_up_is_asked_about_first_and_else_the_last_answer_serves() {
    let all = Setting::new(1200);
    let read = |path: &str, new: Result<(), u64>| {
        now(all.reads.get(&place("m"), request(path), &all.api, || new))
    };
    assert_eq!(read("/x", Err(5000)), Err(Refusal::TooMany(5000)));
    assert_eq!(all.api.count(), 0);
    all.api.will(Ok(response(1)));
    read("/x", Ok(())).unwrap();
    all.clock.advance(1000);
    let stale = (1, Source::Limited, Some("1".into()));
    assert_eq!(summary(read("/x", Err(5000))), stale);
    assert_eq!(all.api.count(), 1);
    all.api.will(Ok(response(2)));
    assert_eq!(summary(read("/x", Ok(()))), (2, Source::Upstream, None));
    // A fresh response needs no budget.
    let fresh = summary(read("/x", Err(5000)));
    assert_eq!((fresh.0, fresh.1), (2, Source::Memory));
}

#[test]
fn whose_a_session_is_is_learnt_and_forgotten_after_a_day() {
    let all = Setting::new(1200);
    let of = |app: &str, session: &str| all.reads.meeting_of(&id(app), &id(session));
    let session = |id: &str| good(json!({"id": id}));
    all.answered("m", "/m/active-session", session("s1"))
        .unwrap();
    all.answered("m", "/m/other", session("s2")).unwrap();
    assert_eq!(of("app", "s1"), Some(id("m")));
    // Another app's, or what another operation's response names, is not.
    assert_eq!(of("other", "s1"), None);
    assert_eq!(of("app", "s2"), None);
    for odd in [
        good(json!({"id": "../x"})),
        good(json!({"id": 5})),
        good(json!(null)),
        ApiResponse::json(404, &json!({"data": {"id": "s3"}})),
        ApiResponse {
            body: Bytes::from_static(b"<html>"),
            ..good(json!(null))
        },
    ] {
        all.clock.advance(1000);
        all.answered("m", "/m/active-session", odd).unwrap();
    }
    assert_eq!(of("app", "s3"), None);
    // Also where a mutation made its response too old to be kept.
    let asking = all.ask("n", "/n/active-session");
    all.reads.touch(&place("n"));
    all.api.response(Ok(session("s4")));
    now(asking).unwrap();
    assert_eq!(of("app", "s4"), Some(id("n")));
    // What an earlier process knew is known.
    let restarted = Setting::new(1200);
    restarted.reads.restore_sessions(all.reads.sessions());
    let meeting = restarted.reads.meeting_of(&id("app"), &id("s1"));
    assert_eq!(meeting, Some(id("m")));
    // A day, and an hour: so often it is noted that a session was seen.
    all.clock.advance(DAY_MS + 3_600_000 - 1);
    all.answered("o", "/x", response(1)).unwrap();
    assert_eq!((of("app", "s1"), of("app", "s4")), (None, Some(id("n"))));
}

#[test]
fn a_known_session_is_noted_as_changed_once_an_hour() {
    let all = Setting::new(12_000);
    let read = || {
        all.answered("m", "/m/active-session", good(json!({"id": "s"})))
            .unwrap();
        all.reads.sessions_version()
    };
    let first = read();
    all.clock.advance(3_599_000);
    assert_eq!(read(), first);
    all.clock.advance(1000);
    assert_eq!(read(), first + 1);
}

#[test]
fn where_a_mutation_made_it_outdated_the_previous_response_serves_while_the_budget_refuses() {
    let all = Setting::new(1200);
    all.answered("m", "/x", response(1)).unwrap();
    all.use_up();
    all.reads.touch(&place("m"));
    all.clock.advance(2000);
    assert_eq!(summary(all.get("m", "/x")), aged(1, Source::Stale, "2"));
    // Not for longer than any, and not where it can be read anew.
    all.clock.advance(58_000);
    assert!(matches!(all.get("m", "/x"), Err(Refusal::NoBudget(_))));
    all.clock.advance(240_000);
    let got = summary(all.answered("m", "/x", response(2)));
    assert_eq!(got, (2, Source::Upstream, None));
}

#[test]
fn a_refused_read_stores_nothing_and_evicts_nothing() {
    let all = Setting::new(12_000);
    all.answered("m", "/watched", response(1)).unwrap();
    all.use_up();
    for number in 0..300 {
        let path = format!("/search-{number}");
        assert!(matches!(all.get("m", &path), Err(Refusal::NoBudget(_))));
        let made_up = all.get(&format!("made-up-{number}"), "/x");
        assert!(matches!(made_up, Err(Refusal::NoBudget(_))));
        let limited = now(all
            .reads
            .get(&place("n"), request(&path), &all.api, || Err(1)));
        assert_eq!(limited, Err(Refusal::TooMany(1)));
    }
    let meetings = all.reads.inner.meetings();
    assert_eq!(meetings.meetings.len(), 1);
    assert_eq!(meetings.meetings[&place("m")].reads.len(), 1);
    drop(meetings);
    all.clock.advance(5000);
    assert_eq!(summary(all.get("m", "/watched")).0, 1);
}

#[test]
fn a_read_that_is_under_way_evicts_nothing() {
    let all = Setting::new(12_000);
    all.answered("m", "/watched", response(1)).unwrap();
    let waiting: Vec<_> = (0..300)
        .map(|number| all.ask("m", &format!("/{number}")))
        .collect();
    assert_eq!(summary(all.get("m", "/watched")).1, Source::Memory);
    drop(waiting);
}

#[test]
fn no_more_bytes_are_remembered_than_there_is_room_for_and_the_watched_stay() {
    let all = Setting::new(120_000);
    let large = |bytes: usize| good(json!("x".repeat(bytes)));
    for _ in 0..2 {
        all.answered("m", "/watched", large(1 << 20)).unwrap();
        all.clock.advance(1000);
    }
    for number in 0..12 {
        all.clock.advance(1);
        all.answered("m", &format!("/{number}"), large(1 << 20))
            .unwrap();
    }
    let held = |meeting: &str| {
        let meetings = all.reads.inner.meetings();
        let reads = meetings.meetings[&place(meeting)].reads.values();
        let kept = reads.filter_map(|read| read.kept.as_ref());
        kept.map(|kept| kept.response.body.len()).sum::<usize>()
    };
    assert!(held("m") <= MEETING_BYTES && held("m") > MEETING_BYTES / 2);
    let is_held = |path: &str| {
        let meetings = all.reads.inner.meetings();
        let read = meetings.meetings[&place("m")].reads.get(path);
        read.is_some_and(|read| read.kept.is_some())
    };
    // It was asked for before all others.
    assert!(is_held("/watched") && is_held("/11") && !is_held("/0"));
    assert_eq!(source_of(all.serve("m", "/11", 1)), Source::Memory);
    // Others are forgotten, the newest never.
    for number in 0..20 {
        let meeting = format!("n{number}");
        all.clock.advance(1);
        all.answered(&meeting, "/x", large(7 << 20)).unwrap();
        assert!(held(&meeting) > 7 << 20);
    }
    let total: usize = {
        let meetings = all.reads.inner.meetings();
        let all = meetings
            .meetings
            .values()
            .flat_map(|meeting| meeting.reads.values());
        let kept = all.filter_map(|read| read.kept.as_ref());
        kept.map(|kept| kept.response.body.len()).sum()
    };
    assert!(total <= TOTAL_BYTES && total > TOTAL_BYTES / 2, "{total}");
}

/// A response of the API's that is no success, with so many bytes.
fn failure(bytes: usize) -> ApiResponse {
    ApiResponse::json(500, &json!("x".repeat(bytes)))
}

fn remembered(all: &Setting) -> (usize, usize) {
    let meetings = all.reads.inner.meetings();
    let reads = meetings
        .meetings
        .values()
        .flat_map(|one| one.reads.values());
    let bytes = reads.clone().map(|read| {
        let failure = read
            .failure
            .as_ref()
            .and_then(|(failed, _)| failed.as_ref().ok());
        let kept = read.kept.as_ref().map(|kept| &kept.response);
        let both = [failure, kept].into_iter().flatten();
        both.map(|response| response.body.len()).sum::<usize>()
    });
    (reads.clone().count(), bytes.sum())
}

#[test]
fn failures_count_like_responses_and_evict_none() {
    let all = Setting::new(120_000);
    all.answered("m", "/watched", response(1)).unwrap();
    for number in 0..300 {
        let _ = all.answered("m", &format!("/{number}"), failure(100));
    }
    assert!(remembered(&all).0 <= MOST_READS, "{:?}", remembered(&all));
    assert_eq!(summary(all.get("m", "/watched")).1, Source::Memory);
    for number in 0..20 {
        let _ = all.answered("m", &format!("/large/{number}"), failure(1 << 20));
    }
    assert!(
        remembered(&all).1 <= MEETING_BYTES,
        "{:?}",
        remembered(&all)
    );
    for number in 0..100 {
        let _ = all.answered(&format!("n{number}"), "/x", failure(1 << 20));
    }
    assert!(remembered(&all).1 <= TOTAL_BYTES, "{:?}", remembered(&all));
    assert_eq!(summary(all.get("m", "/watched")).1, Source::Memory);
    // They are of use for a moment only.
    all.clock.advance(1000);
    all.answered("m", "/watched", response(2)).unwrap();
    assert_eq!(remembered(&all).0, 1);
}

#[test]
fn a_read_counts_as_watched_when_it_is_repeated_within_a_minute() {
    let all = Setting::stale_for(300_000, 12_000);
    let watched = || {
        all.clock.advance(1000);
        all.serve("tick", "/tick", 0).unwrap();
        all.reads.inner.meetings().watched
    };
    for number in 0..5 {
        all.serve("m", &format!("/{number}"), 0).unwrap();
    }
    // Each was read once, as the tick was.
    assert_eq!(watched(), 0);
    for number in 0..3 {
        all.serve("m", &format!("/{number}"), 0).unwrap();
    }
    // Three of them again, and the tick.
    watched();
    assert_eq!(watched(), 4);
    all.clock.advance(56_000);
    assert_eq!(watched(), 4);
    all.clock.advance(2_000);
    assert_eq!(watched(), 1);
}

fn source_of(got: Got) -> Source {
    got.unwrap().1
}

/// Two threads may read the clock in one order and come to what is remembered in the other.
#[test]
fn what_was_learnt_a_moment_later_than_now_is_not_forgotten() {
    let all = Setting::new(1200);
    all.clock.advance(5000);
    all.answered("m", "/m/active-session", good(json!({"id": "s"})))
        .unwrap();
    let mut meetings = all.reads.inner.meetings();
    meetings.counted_at = 0;
    meetings.tidy(4999, 1_800_000_004_999, 60_000);
    assert!(meetings.meetings.contains_key(&place("m")));
    assert_eq!(meetings.sessions.len(), 1);
}

#[test]
fn the_more_is_watched_the_longer_an_answer_must_do() {
    let all = Setting::new(1000);
    let ask = |number: u32| summary(all.serve("m", &format!("/{number}"), number)).1;
    // 900 in 300 s are three a second: with thirty each has to do for ten seconds.
    for number in 0..30 {
        ask(number);
        ask(number);
    }
    all.clock.advance(1000);
    for number in 0..30 {
        assert_eq!(ask(number), Source::Stale);
    }
    assert_eq!(all.api.count(), 30);
    all.clock.advance(8900);
    assert_eq!(ask(0), Source::Stale);
    all.clock.advance(500);
    assert_eq!(ask(0), Source::Upstream);
}

#[test]
fn watchers_never_use_up_what_is_the_mutations() {
    let all = Setting::stale_for(300_000, 200);
    let mut most = 0;
    // Forty reads, each asked for each second, for two windows.
    for _ in 0..600 {
        for number in 0..40 {
            all.serve("m", &format!("/{number}"), number).unwrap();
        }
        most = most.max(200 - all.budget.left());
        all.clock.advance(1000);
    }
    assert!(most <= 180, "{most}");
    assert!(all.api.count() <= 2 * 180 + 40, "{}", all.api.count());
}

#[test]
fn after_a_429_nothing_is_sent_and_the_last_answer_is_served() {
    let all = Setting::new(1200);
    all.answered("m", "/x", response(1)).unwrap();
    all.clock.advance(2000);
    let limited = || ApiResponse::json(429, &json!({"data": 7})).with("retry-after", "30");
    // A waiting caller gets the last response instead of the refusal.
    let (one, other) = (all.ask("m", "/x"), all.ask("m", "/x"));
    all.api.response(Ok(limited()));
    assert_eq!(summary(now(one)), aged(1, Source::Stale, "2"));
    assert_eq!(summary(now(other)), aged(1, Source::Stale, "2"));
    all.clock.advance(29_999);
    assert_eq!(summary(all.get("m", "/x")), aged(1, Source::Stale, "31"));
    assert_eq!(all.get("m", "/y"), Err(Refusal::NoBudget(1)));
    assert_eq!(all.api.count(), 2);
    all.clock.advance(1);
    assert_eq!(
        summary(all.answered("m", "/x", response(2))),
        (2, Source::Upstream, None)
    );
    // Where there is no last response, the API's own refusal is passed on.
    all.clock.advance(1000);
    let got = all.answered("m", "/z", limited()).unwrap();
    assert_eq!((got.0.status, got.1), (429, Source::Upstream));
}
