//! First, joined, replayed, unknown, forgotten, and restored from the audit's lines.

use std::collections::HashMap;

use bytes::Bytes;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::audit::{Outcome, time};
use crate::testing::{FakeClock, good, now};
use realtimekit_moderator::internal::operation::{CREATE_POLL, KICK_PARTICIPANTS, UPDATE_MEETING};

/// How long a key must be remembered, independent of the code.
const TEN_MINUTES_MS: u64 = 600_000;

struct Setting {
    clock: Arc<FakeClock>,
    once: IdempotencyStore<FakeClock>,
}

impl Setting {
    fn new() -> Self {
        Self::restored(&[])
    }

    /// After a restart, with these lines in the journal.
    fn restored(lines: &[Record]) -> Self {
        let lines: Vec<_> = lines.iter().map(|line| line.line().text).collect();
        Self::read(lines.iter().map(String::as_str))
    }

    fn read<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let clock = Arc::new(FakeClock::default());
        let once = IdempotencyStore::new(&clock, lines);
        Self { clock, once }
    }

    /// Whose turn a poll is.
    fn poll(&self, record: &Record) -> Lookup {
        self.once.lookup(&CREATE_POLL, record)
    }

    fn first(&self, record: &Record) -> IdempotencyGuard {
        first(self.poll(record))
    }
}

fn first(turn: Lookup) -> IdempotencyGuard {
    match turn {
        Lookup::First(ticket) => ticket,
        turn => panic!("{}", word(&turn)),
    }
}

fn waiting(turn: Lookup) -> Waiting {
    match turn {
        Lookup::Wait(waiting) => waiting,
        turn => panic!("{}", word(&turn)),
    }
}

fn done(turn: Lookup) -> ApiResponse {
    match turn {
        Lookup::Done(response) => response,
        turn => panic!("{}", word(&turn)),
    }
}

fn word(turn: &Lookup) -> &'static str {
    match turn {
        Lookup::First(_) => "first",
        Lookup::Wait(_) => "wait",
        Lookup::Done(_) => "done",
        Lookup::Unknown => "unknown",
        Lookup::Reused => "reused",
    }
}

/// An intent of Ann's with the key `k`, made now.
fn intent() -> Record {
    Record {
        id: "1".into(),
        phase: Phase::Intent,
        time: ago(0),
        moderator: "ann".into(),
        issuer: "secret".into(),
        name: None,
        grant: None,
        client: None,
        operation: CREATE_POLL.name.into(),
        app_id: "app".into(),
        meeting_id: "m".into(),
        targets: Vec::new(),
        question: None,
        set: None,
        outcome: None,
        status: None,
        ray: None,
        duration_ms: None,
        failed: Vec::new(),
        reason: None,
        moderator_reason: None,
        key: Some("k".into()),
        digest: Some("digest".into()),
        response: None,
    }
}

/// Its outcome.
fn outcome(response: Option<&ApiResponse>) -> Record {
    Record {
        phase: Phase::Outcome,
        outcome: Some(Outcome::Done),
        response: response.map(Into::into),
        ..intent()
    }
}

fn ago(ms: u64) -> String {
    time(FakeClock::default().unix_ms() - ms)
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_key_is_of_visible_characters() {
    for good in ["a", "!", "~", "stainless-node-retry-1", &"x".repeat(255)] {
        assert!(is_key(good), "{good}");
    }
    for odd in ["", " ", "a b", "a\n", "\u{7f}", "\0", "é", &"x".repeat(256)] {
        assert!(!is_key(odd), "{odd:?}");
    }
}

#[test]
fn who_comes_while_the_first_is_under_way_gets_its_answer_and_so_does_who_comes_after() {
    let all = Setting::new();
    let ticket = all.first(&intent());
    let one = waiting(all.poll(&intent()));
    let other = waiting(all.poll(&intent()));
    assert_eq!(one.clone().now_or_never(), None);
    ticket.finish(&good(json!(1)), true);
    for waiting in [one, other] {
        assert_eq!(now(waiting), Ok(good(json!(1))));
    }
    assert_eq!(done(all.poll(&intent())), good(json!(1)));
}

#[test]
fn without_a_key_each_is_the_first() {
    let all = Setting::new();
    for record in [
        Record {
            key: None,
            ..intent()
        },
        Record {
            digest: None,
            ..intent()
        },
    ] {
        let under_way = all.first(&record);
        all.first(&record).finish(&good(json!(1)), true);
        drop(all.first(&record));
        drop(under_way);
    }
    all.first(&intent());
}

#[test]
fn anothers_key_is_another_key() {
    let all = Setting::new();
    all.first(&intent()).finish(&good(json!(1)), true);
    let other = || "other".to_owned();
    for (what, record) in [
        (
            "moderator",
            Record {
                moderator: other(),
                ..intent()
            },
        ),
        (
            "issuer",
            Record {
                issuer: "identity".into(),
                ..intent()
            },
        ),
        (
            "app",
            Record {
                app_id: other(),
                ..intent()
            },
        ),
        (
            "meeting",
            Record {
                meeting_id: other(),
                ..intent()
            },
        ),
        (
            "key",
            Record {
                key: text("K"),
                ..intent()
            },
        ),
    ] {
        assert_eq!(word(&all.poll(&record)), "first", "{what}");
    }
    // But not another name to show, nor another request's ID.
    let record = Record {
        id: "2".into(),
        name: text("Ann"),
        ..intent()
    };
    assert_eq!(done(all.poll(&record)), good(json!(1)));
}

#[test]
fn a_key_is_one_requests() {
    let all = Setting::new();
    let other = Record {
        digest: text("other"),
        ..intent()
    };
    let reused = || assert_eq!(word(&all.poll(&other)), "reused");
    let ticket = all.first(&intent());
    reused();
    drop(ticket);
    reused();
    // Neither did it harm the first.
    assert_eq!(word(&all.poll(&intent())), "unknown");

    let all = Setting::new();
    all.first(&intent()).finish(&good(json!(1)), true);
    assert_eq!(word(&all.poll(&other)), "reused");
    assert_eq!(done(all.poll(&intent())), good(json!(1)));
}

#[test]
fn a_poll_that_was_dropped_is_not_made_again_and_what_does_no_harm_is() {
    let all = Setting::new();
    let ticket = all.first(&intent());
    let waits = waiting(all.poll(&intent()));
    drop(ticket);
    // A waiting caller learns that no response will come.
    assert!(now(waits).is_err());
    for _ in 0..3 {
        assert_eq!(word(&all.poll(&intent())), "unknown");
    }
    for operation in [&KICK_PARTICIPANTS, &UPDATE_MEETING] {
        let all = Setting::new();
        drop(first(all.once.lookup(operation, &intent())));
        let again = first(all.once.lookup(operation, &intent()));
        assert_eq!(word(&all.once.lookup(operation, &intent())), "wait");
        again.finish(&good(json!(2)), true);
        assert_eq!(done(all.once.lookup(operation, &intent())), good(json!(2)));
    }
}

#[test]
fn what_was_surely_not_done_may_be_asked_for_anew() {
    let all = Setting::new();
    let ticket = all.first(&intent());
    let waits = waiting(all.poll(&intent()));
    ticket.finish(&good(json!(1)), false);
    // Those who waited have that response all the same.
    assert_eq!(now(waits), Ok(good(json!(1))));
    // The key is free, also for another request.
    let other = Record {
        digest: text("other"),
        ..intent()
    };
    all.first(&other).finish(&good(json!(2)), true);
    assert_eq!(word(&all.poll(&intent())), "reused");
}

#[test]
fn a_key_is_forgotten_after_ten_minutes() {
    let all = Setting::new();
    all.first(&intent()).finish(&good(json!(1)), true);
    let lost = Record {
        key: text("lost"),
        ..intent()
    };
    drop(all.first(&lost));
    all.clock.advance(TEN_MINUTES_MS - 1);
    assert_eq!(word(&all.poll(&intent())), "done");
    assert_eq!(word(&all.poll(&lost)), "unknown");
    all.clock.advance(1);
    assert_eq!(word(&all.poll(&intent())), "first");
    assert_eq!(word(&all.poll(&lost)), "first");
}

#[test]
fn but_never_while_it_is_under_way() {
    let all = Setting::new();
    let ticket = all.first(&intent());
    all.clock.advance(10 * TEN_MINUTES_MS);
    let waits = waiting(all.poll(&intent()));
    ticket.finish(&good(json!(1)), true);
    assert_eq!(now(waits), Ok(good(json!(1))));
}

#[test]
fn an_intent_alone_is_a_request_of_unknown_fate() {
    let all = Setting::restored(&[intent()]);
    assert_eq!(word(&all.poll(&intent())), "unknown");
    let other = Record {
        digest: text("other"),
        ..intent()
    };
    assert_eq!(word(&all.poll(&other)), "reused");
    // A harmless repeat shows the outcome.
    let all = Setting::restored(&[intent()]);
    first(all.once.lookup(&KICK_PARTICIPANTS, &intent())).finish(&good(json!(1)), true);
    let turn = all.once.lookup(&KICK_PARTICIPANTS, &intent());
    assert_eq!(done(turn), good(json!(1)));
}

#[test]
fn an_outcome_with_an_answer_is_replayed_and_one_without_is_forgotten() {
    let response = good(json!(1));
    let all = Setting::restored(&[intent(), outcome(Some(&response))]);
    assert_eq!(done(all.poll(&intent())), response);
    let refused = Record {
        outcome: Some(Outcome::Refused),
        ..outcome(None)
    };
    let all = Setting::restored(&[intent(), refused]);
    assert_eq!(word(&all.poll(&intent())), "first");
    // Carried out, with a response that is too long to keep.
    let all = Setting::restored(&[intent(), outcome(None)]);
    assert_eq!(word(&all.poll(&intent())), "unknown");
    // A refusal has no key, and leaves the first entry unchanged.
    let refusal = Record {
        id: "2".into(),
        key: None,
        digest: None,
        ..outcome(None)
    };
    let all = Setting::restored(&[intent(), refusal]);
    assert_eq!(word(&all.poll(&intent())), "unknown");
}

#[test]
fn the_last_line_of_a_key_counts_whatever_others_are_between() {
    let of = |key: &str, record: Record| Record {
        key: text(key),
        ..record
    };
    let (one, two) = (good(json!(1)), good(json!(2)));
    let all = Setting::restored(&[
        of("a", intent()),
        of("b", intent()),
        of("a", outcome(None)),
        of("c", intent()),
        of("c", outcome(Some(&one))),
        of("a", intent()),
        of("d", intent()),
        of("d", outcome(None)),
        of("d", intent()),
        of("a", outcome(Some(&two))),
    ]);
    assert_eq!(done(all.poll(&of("a", intent()))), two);
    assert_eq!(word(&all.poll(&of("b", intent()))), "unknown");
    assert_eq!(done(all.poll(&of("c", intent()))), one);
    assert_eq!(word(&all.poll(&of("d", intent()))), "unknown");
}

#[test]
fn lines_that_cannot_be_read_spoil_no_others() {
    let good_line = intent().line().text;
    let torn = &good_line[..good_line.len() / 2];
    let strange = good_line.replace("intent", "thought");
    let lines = [
        "", "null", "{}", "[1]", "not json", torn, &strange, &good_line, torn, "\u{fffd}",
    ];
    let all = Setting::read(lines);
    assert_eq!(word(&all.poll(&intent())), "unknown");
    let all = Setting::read([torn, &strange]);
    assert_eq!(word(&all.poll(&intent())), "first");
}

#[test]
fn a_line_is_remembered_for_ten_minutes_from_when_it_was_made() {
    let at = |time: String, record: Record| Record { time, ..record };
    let response = good(json!(1));
    let turn = |lines: &[Record]| word(&Setting::restored(lines).poll(&intent()));
    for (time, then) in [
        (ago(TEN_MINUTES_MS), "first"),
        (ago(TEN_MINUTES_MS - 1), "unknown"),
        ("yesterday".into(), "first"),
        ("1970-01-01T00:00:00Z".into(), "first"),
        // The clock was set back.
        (time(u64::MAX), "unknown"),
    ] {
        assert_eq!(turn(&[at(time.clone(), intent())]), then, "{time}");
    }
    let [old, new] = [ago(TEN_MINUTES_MS), ago(TEN_MINUTES_MS - 1)];
    let whole = [at(old, intent()), at(new, outcome(Some(&response)))];
    let all = Setting::restored(&whole);
    assert_eq!(done(all.poll(&intent())), response);
    all.clock.advance(1);
    assert_eq!(word(&all.poll(&intent())), "first");
}

#[test]
fn a_kept_answer_has_its_status_its_body_and_what_matters_of_its_headers() {
    let response = ApiResponse {
        status: 422,
        headers: vec![
            ("cf-ray", Bytes::from_static(b"ray-HAM")),
            ("x-should-retry", Bytes::from_static(b"false")),
            ("ratelimit", Bytes::from_static(b"\"default\";r=1;t=1")),
            ("retry-after", Bytes::from_static(b"5")),
            (
                "content-type",
                Bytes::from_static(b"application/json; charset=utf-8"),
            ),
        ],
        body: Bytes::from_static("{\"ö\": \"\\\"\n\"}".as_bytes()),
    };
    let all = Setting::restored(&[intent(), outcome(Some(&response))]);
    let kept = done(all.poll(&intent()));
    assert_eq!((kept.status, &kept.body), (422, &response.body));
    assert_eq!(kept.headers.len(), 3);
    for name in ["content-type", "cf-ray", "x-should-retry"] {
        assert_eq!(kept.header(name), response.header(name), "{name}");
    }
    // What is kept stays as it is, however often the gateway starts.
    assert_eq!(ApiResponse::from(StoredResponse::from(&kept)), kept);
    let bare = ApiResponse {
        headers: Vec::new(),
        body: Bytes::new(),
        ..response
    };
    assert_eq!(ApiResponse::from(StoredResponse::from(&bare)), bare);
}

#[test]
fn a_header_that_nobody_passes_on_is_not_taken_from_a_line() {
    let mut kept = StoredResponse::from(&good(json!(1)));
    kept.headers.insert("set-cookie".into(), "a=b".into());
    assert_eq!(ApiResponse::from(kept), good(json!(1)));
}

/// What a first request has come to.
#[derive(Clone, Copy, PartialEq)]
enum Came {
    Nowhere,
    Lost,
    Done(u32),
}

/// What the keys' memory must say of a key.
struct Known {
    digest: u8,
    /// When it came to that.
    since: u64,
    came: Came,
}

#[derive(Clone, Debug)]
enum Step {
    Ask { key: u8, digest: u8 },
    Finish { which: usize, remember: bool },
    Lose { which: usize },
    Pass { ms: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..3u8, prop::bool::weighted(0.1))
            .prop_map(|(key, other)| Step::Ask { key, digest: other.into() }),
        2 => (0..4usize, any::<bool>())
            .prop_map(|(which, remember)| Step::Finish { which, remember }),
        1 => (0..4usize).prop_map(|which| Step::Lose { which }),
        2 => prop_oneof![0..TEN_MINUTES_MS, Just(1), Just(TEN_MINUTES_MS)]
            .prop_map(|ms| Step::Pass { ms }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Within ten minutes no poll is the first that comes after one which was carried out, may
    /// have been, or is about to be; and everything else is.
    #[test]
    fn a_second_first_follows_only_what_was_surely_not_done(
        steps in prop::collection::vec(step(), 1..80),
    ) {
        let all = Setting::new();
        let mut known: HashMap<u8, Known> = HashMap::new();
        let mut tickets: Vec<(u8, IdempotencyGuard)> = Vec::new();
        let (mut at, mut number) = (0, 0);
        for step in steps {
            match step {
                Step::Ask { key, digest } => {
                    let record = Record {
                        key: Some(key.to_string()),
                        digest: Some(digest.to_string()),
                        ..intent()
                    };
                    known.retain(|_, one| {
                        one.came == Came::Nowhere || at - one.since < TEN_MINUTES_MS
                    });
                    let turn = all.poll(&record);
                    let expected = match known.get(&key) {
                        None => "first",
                        Some(one) if one.digest != digest => "reused",
                        Some(one) => match one.came {
                            Came::Nowhere => "wait",
                            Came::Lost => "unknown",
                            Came::Done(_) => "done",
                        },
                    };
                    prop_assert_eq!(word(&turn), expected);
                    match turn {
                        Lookup::First(ticket) => {
                            let came = Came::Nowhere;
                            known.insert(key, Known { digest, since: at, came });
                            tickets.push((key, ticket));
                        }
                        Lookup::Done(response) => {
                            let number = match known[&key].came {
                                Came::Done(number) => number,
                                _ => unreachable!("it was compared"),
                            };
                            prop_assert_eq!(response, good(json!(number)));
                        }
                        _ => {}
                    }
                }
                Step::Finish { which, remember } if which < tickets.len() => {
                    let (key, ticket) = tickets.remove(which);
                    number += 1;
                    ticket.finish(&good(json!(number)), remember);
                    match (remember, known.get_mut(&key)) {
                        (true, Some(one)) => (one.came, one.since) = (Came::Done(number), at),
                        _ => drop(known.remove(&key)),
                    }
                }
                Step::Lose { which } if which < tickets.len() => {
                    let (key, ticket) = tickets.remove(which);
                    drop(ticket);
                    let one = known.get_mut(&key).unwrap();
                    (one.came, one.since) = (Came::Lost, at);
                }
                Step::Pass { ms } => {
                    all.clock.advance(ms);
                    at += ms;
                }
                _ => {}
            }
        }
    }
}
