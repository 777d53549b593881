//! For any list and any API: no participant twice, none forgotten.

use super::*;
use proptest::prelude::*;

/// What an API does with a list that holds a stranger.
#[derive(Clone, Copy, Debug)]
enum Manner {
    Names,
    NamesTheLast,
    Silent,
    NamesNobodyWeAsked,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nobody_is_acted_on_twice_and_everybody_is_accounted_for(
        ids in prop::collection::btree_set(("[pc]", "[a-c1]{1,3}"), 2..24),
        known in prop::collection::vec(any::<bool>(), 24),
        // What becomes of each request, besides.
        luck in prop::collection::vec(0..40u8, 64),
        manner in prop::sample::select(vec![
            Manner::Names, Manner::NamesTheLast, Manner::Silent, Manner::NamesNobodyWeAsked,
        ]),
        most in 1..30u32,
        empty in prop::bool::weighted(0.1),
    ) {
        let all: Vec<Person> = ids
            .into_iter()
            .map(|(list, id)| Person {
                field: if list == "p" { "participant_ids" } else { "custom_participant_ids" },
                id,
            })
            .collect();
        let is_known = |person: &Person| {
            let place = all.iter().position(|one| one == person).unwrap();
            !empty && known[place]
        };
        let (requests, luck) = (RefCell::new(0), RefCell::new(luck.into_iter()));
        let (acted, maybe) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()));
        let send = |list: Vec<Person>| {
            *requests.borrow_mut() += 1;
            assert!(!list.is_empty());
            let refuse = |status: u16, message: String| {
                Ok(ApiResponse::json(status, &json!({"error": {"message": message}})))
            };
            let strangers: Vec<_> = list.iter().filter(|one| !is_known(one)).collect();
            std::future::ready(match luck.borrow_mut().next() {
                Some(0) => {
                    // It may have been carried out all the same.
                    maybe.borrow_mut().extend(list);
                    Err(Refusal::TimedOut { again: true })
                }
                Some(1) => Err(Refusal::NoBudget(5)),
                Some(2) => {
                    maybe.borrow_mut().extend(list);
                    refuse(500, "broken".into())
                }
                Some(3) => refuse(403, "no".into()),
                _ if strangers.is_empty() => {
                    let reported: Vec<_> = list.iter().map(|one| json!({"id": one.id})).collect();
                    acted.borrow_mut().extend(list);
                    Ok(ApiResponse::json(200, &json!({"data": {"participants": reported}})))
                }
                _ => refuse(404, match manner {
                    Manner::Names => naming(&strangers[0].id),
                    Manner::NamesTheLast => naming(&strangers[strangers.len() - 1].id),
                    Manner::Silent => silent(""),
                    Manner::NamesNobodyWeAsked => naming("zzz"),
                }),
            })
        };
        let is_session_empty = || {
            *requests.borrow_mut() += 1;
            std::future::ready(empty)
        };
        let outcome = act(all.clone(), within(most), send, is_session_empty).now_or_never().unwrap();
        let (acted, maybe) = (acted.take(), maybe.take());
        prop_assert!(requests.take() <= most);
        let Ok(outcome) = outcome else {
            prop_assert!(acted.is_empty());
            return Ok(());
        };
        // Twice is never, also where it is unknown of the first time.
        let mut touched: Vec<_> = acted.iter().chain(&maybe).map(|one| (one.field, &one.id)).collect();
        touched.sort();
        let count = touched.len();
        touched.dedup();
        prop_assert_eq!(touched.len(), count);
        prop_assert_eq!(outcome.some, !acted.is_empty());
        // Each is acted on or failed.
        let mut reported: Vec<_> = acted.iter().map(|one| one.id.clone()).collect();
        reported.extend(outcome.failed.iter().cloned());
        reported.sort();
        let mut asked: Vec<_> = all.iter().map(|one| one.id.clone()).collect();
        asked.sort();
        prop_assert_eq!(reported, asked);
        prop_assert_eq!(outcome.unsure, !maybe.is_empty());
        let body = Api::body(&outcome);
        if !acted.is_empty() {
            prop_assert_eq!(outcome.response.status, 200);
            let reported = body["data"]["participants"].as_array().unwrap();
            prop_assert_eq!(reported.len(), acted.len());
        }
        if let Some(failed) = body.get("failed") {
            let failed = failed.as_array().unwrap();
            prop_assert_eq!(failed.len(), outcome.failed.len());
            let unsure = failed.iter().filter(|one| one.get("maybe_applied").is_some());
            prop_assert_eq!(unsure.count(), maybe.len());
        } else {
            prop_assert!(outcome.failed.is_empty() || outcome.failed.len() == all.len());
        }
        // Without limits or failures, no known participant is left out.
        let refused = body.get("failed").and_then(Value::as_array).is_some_and(|failed| {
            failed.iter().any(|one| one["code"] != 404)
        });
        if !refused && maybe.is_empty() && outcome.response.status != 403 {
            prop_assert!(all.iter().all(|one| !is_known(one) || acted.contains(one)));
        }
    }
}
