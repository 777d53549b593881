//! One key, one mutation: at once, after it, after a loss, after a crash.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::idempotency::REMEMBERED_MS;

const KEYED_KICK: Ask = Ask {
    key: Some("k"),
    ..KICK
};

#[test]
fn who_comes_again_gets_the_first_ones_answer() {
    for response in [
        good(json!(1)).with("cf-ray", "ray-HAM"),
        ApiResponse::json(500, &json!({"error": "?"})).with("x-should-retry", "false"),
    ] {
        let mut all = Setting::new();
        assert_eq!(all.answered(KEYED, Ok(response.clone())), response);
        let lines = all.journal.texts();
        assert_eq!(unmarked(&all.get(KEYED)), (response.clone(), true));
        all.restart();
        let (replayed, marked) = unmarked(&all.get(KEYED));
        assert!(marked);
        assert_eq!(
            (replayed.status, &replayed.body),
            (response.status, &response.body)
        );
        for name in ["content-type", "cf-ray"] {
            assert_eq!(replayed.header(name), response.header(name));
        }
        // Nothing more is done, so nothing more is written.
        assert_eq!((all.api.count(), all.journal.texts()), (1, lines));
        all.clock.advance(REMEMBERED_MS);
        assert_eq!(all.answered(KEYED, Ok(good(json!(2)))), good(json!(2)));
    }
}

#[test]
fn who_come_at_once_share_one_request() {
    let all = Setting::new();
    let asking: Vec<_> = (0..5).map(|_| all.ask(KEYED)).collect();
    // The same key of another moderator is another entry, and so is a request without a key.
    let others = [
        all.ask(Ask {
            who: Who { name: "bob", ..ANN },
            ..KEYED
        }),
        all.ask(POLL),
        all.ask(POLL),
    ];
    assert_eq!(all.api.count(), 4);
    assert!(all.api.response(Ok(good(json!(1)))));
    for (place, asking) in asking.into_iter().enumerate() {
        assert_eq!(unmarked(&now(asking)), (good(json!(1)), place > 0));
    }
    for (asking, number) in others.into_iter().zip(2..) {
        assert!(all.api.response(Ok(good(json!(number)))));
        assert_eq!(now(asking), good(json!(number)));
    }
    assert_eq!(all.journal.lines().len(), 8);
}

#[test]
fn a_key_that_comes_with_another_request_is_refused() {
    let all = Setting::new();
    let first = all.ask(KEYED);
    for other in [
        KEYED_KICK,
        Ask {
            body: r#"{"question":"tea?","options":["yes"]}"#,
            ..KEYED
        },
        Ask {
            key: Some("k"),
            ..BAN
        },
    ] {
        assert_eq!(all.get(other), Refusal::KeyReused.response());
        let line = all.last();
        assert_eq!(
            (&line["outcome"], &line["status"]),
            (&json!("refused"), &json!(422))
        );
    }
    assert_eq!(all.api.count(), 1);
    // The same fields are the same request, however they are written.
    let same = all.ask(Ask {
        body: r#"{ "options": ["yes", "no"], "question": "tea?" }"#,
        ..KEYED
    });
    assert!(all.api.response(Ok(good(json!(1)))));
    assert_eq!(now(first), good(json!(1)));
    assert_eq!(unmarked(&now(same)), (good(json!(1)), true));
}

#[test]
fn bans_of_two_with_one_key_are_two_requests() {
    let all = Setting::new();
    let ban = |path| Ask {
        path,
        key: Some("k"),
        ..BAN
    };
    let one = ban("/meetings/m/participants/p");
    assert!(all.answered(one, Ok(good(json!({})))).is_good());
    let other = all.get(ban("/meetings/m/participants/q"));
    assert_eq!(other, Refusal::KeyReused.response());
}

#[test]
fn a_poll_without_an_answer_is_not_made_again() {
    for (lost, status) in [
        (Err(UpstreamError::Lost), 502),
        (Err(UpstreamError::TimedOut), 504),
        (Ok(ApiResponse::json(500, &json!({}))), 500),
    ] {
        let mut all = Setting::new();
        let response = all.answered(KEYED, lost);
        assert_eq!(response.status, status);
        assert_eq!(all.last()["outcome"], "unknown");
        for _ in 0..2 {
            assert_eq!(unmarked(&all.get(KEYED)), (response.clone(), true));
            all.restart();
        }
        assert_eq!(all.api.count(), 1);
    }
    // No client should retry by itself.
    let lost = Refusal::Lost { again: false }.response();
    assert_eq!(lost.header("x-should-retry"), Some("false"));
}

#[test]
fn what_does_no_harm_and_had_no_answer_may_be_asked_for_again() {
    for lost in [
        Err(UpstreamError::Lost),
        Err(UpstreamError::TimedOut),
        Ok(ApiResponse::json(503, &json!({}))),
    ] {
        let mut all = Setting::new();
        for count in 1..4 {
            let response = all.answered(KEYED_KICK, lost.clone());
            assert_eq!(response.header("x-should-retry"), None);
            assert_eq!(all.api.count(), count);
            if count == 2 {
                all.restart();
            }
        }
        assert!(all.answered(KEYED_KICK, Ok(good(json!({})))).is_good());
        assert!(unmarked(&all.get(KEYED_KICK)).1);
    }
}

#[test]
fn what_was_surely_not_done_may_be_asked_for_again() {
    for refused in [
        Ok(ApiResponse::json(422, &json!({"error": "no"}))),
        Ok(ApiResponse::json(429, &json!({})).with("retry-after", "1")),
        Err(UpstreamError::NotSent),
    ] {
        for restarted in [false, true] {
            let mut all = Setting::new();
            assert!(!all.answered(KEYED, refused.clone()).is_good());
            if restarted {
                all.restart();
            }
            all.clock.advance(1000);
            let response = all.answered(KEYED, Ok(good(json!(1))));
            assert_eq!((response, all.api.count()), (good(json!(1)), 2));
        }
    }
}

#[test]
fn a_poll_whose_response_is_too_long_to_keep_is_not_created_again() {
    let long = "x".repeat(20_000);
    for response in [
        good(json!(long)),
        ApiResponse::json(500, &json!({ "error": long })),
    ] {
        let mut all = Setting::new();
        assert_eq!(
            all.answered(KEYED, Ok(response.clone())).body,
            response.body
        );
        for restarted in [false, true] {
            if restarted {
                all.restart();
            }
            assert_eq!(all.get(KEYED), Refusal::FateUnknown.response());
            assert_eq!(all.api.count(), 1);
        }
    }
}

#[test]
fn a_poll_that_may_have_been_made_is_not_tried_again_whatever_the_api_advises() {
    let mut all = Setting::new();
    let open = ApiResponse::json(503, &json!({})).with("x-should-retry", "true");
    for restarted in [false, false, true] {
        if restarted {
            all.restart();
        }
        let response = all.answered(KEYED, Ok(open.clone()));
        assert_eq!((response.status, all.api.count()), (503, 1));
        assert_eq!(response.header("x-should-retry"), Some("false"));
    }
}

#[test]
fn nobody_asks_for_it_again_before_its_outcome_is_written() {
    let all = Setting::new();
    all.journal.slow_down();
    let (mut one, mut other) = (all.asking(KEYED), all.asking(KEYED));
    for _ in 0..3 {
        assert_eq!((&mut one).now_or_never(), None);
    }
    all.api.response(Err(UpstreamError::NotSent));
    assert_eq!((&mut one).now_or_never(), None);
    // Else its outcome would come after the other's intent, and take that away after a crash.
    assert_eq!((&mut other).now_or_never(), None);
    assert_eq!((&mut one).now_or_never(), None);
    assert_eq!(now(one), Refusal::NotSent.response());
    assert_eq!(unmarked(&now(other)), (Refusal::NotSent.response(), true));
    assert_eq!((all.api.count(), all.journal.lines().len()), (1, 2));
}

#[test]
fn a_poll_that_was_broken_off_is_of_unknown_fate() {
    for crash in [false, true] {
        let mut all = Setting::new();
        let (first, other) = (all.ask(KEYED), all.ask(KEYED));
        drop(first);
        match crash {
            true => {
                drop(other);
                all.restart();
            }
            // A caller that waited for it must not retry.
            false => assert_eq!(now(other), Refusal::Lost { again: false }.response()),
        }
        assert!(!all.api.response(Ok(good(json!(1)))));
        for _ in 0..2 {
            assert_eq!(all.get(KEYED), Refusal::FateUnknown.response());
            let line = all.last();
            assert_eq!(
                (&line["phase"], &line["outcome"], &line["status"]),
                (&json!("outcome"), &json!("unknown"), &json!(409))
            );
            // That is no outcome of the first.
            all.restart();
        }
        assert_eq!(all.api.count(), 1);
        all.clock.advance(REMEMBERED_MS);
        assert!(all.answered(KEYED, Ok(good(json!(2)))).is_good());
    }
}

#[test]
fn a_kick_that_was_broken_off_is_carried_out_when_it_comes_again() {
    for crash in [false, true] {
        let mut all = Setting::new();
        drop(all.ask(KEYED_KICK));
        all.api.response(Ok(good(json!({}))));
        if crash {
            all.restart();
        }
        assert_eq!(all.answered(KEYED_KICK, Ok(good(json!(2)))), good(json!(2)));
        all.restart();
        assert_eq!(unmarked(&all.get(KEYED_KICK)), (good(json!(2)), true));
        assert_eq!(all.api.count(), 2);
    }
}

const KEYS: [Ask; 2] = [
    KEYED,
    Ask {
        key: Some("l"),
        body: r#"{"question":"coffee?","options":["yes","no"]}"#,
        ..POLL
    },
];

#[derive(Clone, Debug)]
enum Step {
    /// A request with one of the keys.
    Ask(usize),
    /// One who asks gets on, as far as to the next thing they wait for.
    Go(usize),
    /// One who asks is broken off.
    Break(usize),
    /// The API responses the request that has waited longest.
    ApiResponse(Came),
    /// The next line cannot be written.
    NoRoom,
    Pass {
        ms: u64,
    },
    /// The gateway is killed, and started again.
    Crash,
}

#[derive(Clone, Copy, Debug)]
enum Came {
    Good,
    Refused,
    Broken,
    Limited,
    NotSent,
    Lost,
    TimedOut,
}

fn step() -> impl Strategy<Value = Step> {
    let came = prop::sample::select(vec![
        Came::Good,
        Came::Refused,
        Came::Broken,
        Came::Limited,
        Came::NotSent,
        Came::NotSent,
        Came::Lost,
        Came::TimedOut,
    ]);
    prop_oneof![
        8 => prop::sample::select(vec![0, 0, 0, 1]).prop_map(Step::Ask),
        40 => (0..12usize).prop_map(Step::Go),
        2 => (0..12usize).prop_map(Step::Break),
        10 => came.prop_map(Step::ApiResponse),
        1 => Just(Step::NoRoom),
        2 => (0..3000u64).prop_map(|ms| Step::Pass { ms }),
        2 => Just(Step::Crash),
    ]
}

fn question(poll: &UpstreamRequest) -> Value {
    let body: Value = serde_json::from_slice(poll.body.as_ref().unwrap()).unwrap();
    body["question"].clone()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// In any order of requests, losses, cancellations and restarts: while one poll of a key is in
    /// flight, was made or may have been made, no other is sent; and no caller gets two different
    /// ones.
    #[test]
    fn no_key_makes_two_polls(steps in prop::collection::vec(step(), 1..200)) {
        let mut all = Setting::new();
        all.journal.slow_down();
        let mut asking: Vec<(usize, Asking)> = Vec::new();
        // Of the requests that went up, those that were surely not carried out.
        let (mut up, mut answered, mut harmless) = (0, 0, Vec::new());
        let mut responses: HashMap<usize, Bytes> = HashMap::new();
        for step in steps {
            match step {
                Step::Ask(key) => asking.push((key, all.asking(KEYS[key]))),
                Step::Go(which) if !asking.is_empty() => {
                    let which = which % asking.len();
                    let (key, one) = &mut asking[which];
                    if let Some(response) = one.now_or_never() {
                        if response.is_good() {
                            let first = responses.entry(*key).or_insert(response.body.clone());
                            prop_assert_eq!(&*first, &response.body);
                        }
                        drop(asking.remove(which));
                    }
                }
                Step::Break(which) if !asking.is_empty() => {
                    drop(asking.remove(which % asking.len()));
                }
                Step::ApiResponse(came) if all.api.waits() => {
                    if matches!(came, Came::Refused | Came::Limited | Came::NotSent) {
                        harmless.push(answered);
                    }
                    let json = |status| Ok(ApiResponse::json(status, &json!({})));
                    all.api.response(match came {
                        Came::Good => Ok(good(json!(answered))),
                        Came::Refused => json(422),
                        Came::Broken => json(500),
                        Came::Limited => json(429).map(|one| one.with("retry-after", "1")),
                        Came::NotSent => Err(UpstreamError::NotSent),
                        Came::Lost => Err(UpstreamError::Lost),
                        Came::TimedOut => Err(UpstreamError::TimedOut),
                    });
                    answered += 1;
                }
                Step::NoRoom => all.journal.can(false),
                Step::Pass { ms } => all.clock.advance(ms),
                Step::Crash => {
                    asking.clear();
                    all.restart();
                }
                _ => {}
            }
            if all.api.count() == up {
                continue;
            }
            up = all.api.count();
            let sent = all.api.sent();
            let matter = sent.iter().enumerate().filter(|(place, _)| !harmless.contains(place));
            let questions: Vec<_> = matter.map(|(_, request)| question(request)).collect();
            for question in &questions {
                let same = questions.iter().filter(|other| *other == question).count();
                prop_assert_eq!(same, 1, "{}", question);
            }
        }
    }
}
