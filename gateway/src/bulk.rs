//! A kick or a mute of many: who succeeded, and who not.
//!
//! The API refuses a whole list because one of it is unknown, somebody who has just left for
//! instance, and then has done nothing. Here the others are acted on all the same: who the refusal
//! names is left out; where it names nobody the list is halved. Nobody is ever in two lists that
//! the API accepted.

use std::collections::VecDeque;
use std::future::Future;

use serde_json::{Value, json};

use crate::answer::{Answer, Refusal};
use crate::input::Person;

/// What became of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The answer, in the API's shape.
    pub answer: Answer,
    /// Who was not acted on, or perhaps not.
    pub failed: Vec<String>,
    /// Whether anybody was.
    pub some: bool,
    /// Whether it is unknown of anybody.
    pub unsure: bool,
}

/// Why somebody was not acted on.
#[derive(Clone)]
struct Why {
    code: u64,
    message: String,
    unsure: bool,
}

/// Acts on `people` through `send`, in at most `most` requests. `nobody` tells whether there is
/// nobody at all, no session for instance, so that it makes no sense to halve the list.
///
/// # Errors
///
/// If the first request has no answer; what `send` said.
pub async fn act<S, N>(
    people: Vec<Person>,
    most: u32,
    mut send: impl FnMut(Vec<Person>) -> S,
    nobody: impl FnOnce() -> N,
) -> Result<Outcome, Refusal>
where
    S: Future<Output = Result<Answer, Refusal>>,
    N: Future<Output = bool>,
{
    let mut nobody = Some(nobody);
    let mut lists = VecDeque::from([people]);
    let mut acted: Option<(Answer, Vec<Value>)> = None;
    let mut refused: Option<Answer> = None;
    let mut failed: Vec<(Person, Why)> = Vec::new();
    let mut sent = 0;
    let mut stopped: Option<Why> = None;
    while let Some(mut list) = lists.pop_front() {
        if sent == most && stopped.is_none() {
            stopped = Some(Why::not_tried("too many of the list were refused"));
        }
        if let Some(why) = &stopped {
            failed.extend(list.into_iter().map(|person| (person, why.clone())));
            continue;
        }
        sent += 1;
        let answer = match send(list.clone()).await {
            Ok(answer) => answer,
            Err(refusal) if sent == 1 => return Err(refusal),
            // Nothing was sent, and nothing will be for now.
            Err(refusal @ (Refusal::TooMany(_) | Refusal::NoBudget(_))) => {
                let why = Why::not_tried(&refusal.message());
                failed.extend(list.into_iter().map(|person| (person, why.clone())));
                stopped = Some(why);
                continue;
            }
            Err(refusal) => {
                let why = Why::of_refusal(&refusal);
                failed.extend(list.into_iter().map(|person| (person, why.clone())));
                stopped = Some(Why::not_tried("a request before had no answer"));
                continue;
            }
        };
        if answer.is_good() {
            let people = participants(&answer);
            match &mut acted {
                Some((_, all)) => all.extend(people),
                None => acted = Some((answer, people)),
            }
            continue;
        }
        let why = Why::of_answer(&answer);
        let about_people = matches!(answer.status, 400 | 404 | 422);
        if !about_people {
            if sent == 1 {
                return Ok(whole(answer, &why, list));
            }
            failed.extend(list.into_iter().map(|person| (person, why.clone())));
            stopped = Some(Why::not_tried("a request before was refused"));
            refused.get_or_insert(answer);
            continue;
        }
        if list.len() == 1 {
            failed.extend(list.into_iter().map(|person| (person, why.clone())));
        } else if let Some(place) = named(&why.message, &list) {
            failed.push((list.remove(place), why));
            lists.push_front(list);
        } else {
            if sent < most
                && let Some(nobody) = nobody.take()
            {
                sent += 1;
                if nobody().await {
                    // Nobody has been acted on yet: so far there was one list, and it was refused.
                    failed.extend(list.into_iter().map(|person| (person, why.clone())));
                    refused.get_or_insert(answer);
                    break;
                }
            }
            let rest = list.split_off(list.len() / 2);
            lists.push_front(rest);
            lists.push_front(list);
        }
        refused.get_or_insert(answer);
    }
    let some = acted.is_some();
    let answer = match (acted, refused) {
        (Some((answer, all)), _) if failed.is_empty() && sent == 1 => {
            drop(all);
            answer
        }
        (Some((answer, all)), _) => joined(answer, all, &failed),
        (None, Some(answer)) => with_failed(answer, &failed),
        // Something was sent, and it was answered or the list would not have ended.
        (None, None) => return Err(Refusal::Lost { again: true }),
    };
    Ok(Outcome {
        answer,
        some,
        unsure: failed.iter().any(|(_, why)| why.unsure),
        failed: failed.into_iter().map(|(person, _)| person.id).collect(),
    })
}

/// Nobody was acted on, for one reason.
fn whole(answer: Answer, why: &Why, people: Vec<Person>) -> Outcome {
    Outcome {
        answer,
        some: false,
        unsure: why.unsure,
        failed: people.into_iter().map(|person| person.id).collect(),
    }
}

impl Why {
    fn not_tried(because: &str) -> Self {
        Self {
            code: 1011,
            message: format!("Not tried: {because}"),
            unsure: false,
        }
    }

    fn of_refusal(refusal: &Refusal) -> Self {
        Self {
            code: refusal.status().into(),
            message: refusal.message(),
            unsure: matches!(refusal, Refusal::Lost { .. } | Refusal::TimedOut { .. }),
        }
    }

    /// The API's own words, from either of its envelopes.
    fn of_answer(answer: &Answer) -> Self {
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let error = match body.get("error") {
            Some(error) => error,
            None => body.pointer("/errors/0").unwrap_or(&Value::Null),
        };
        let message = error.get("message").and_then(Value::as_str);
        Self {
            code: answer.status.into(),
            message: message.unwrap_or("refused").to_owned(),
            unsure: answer.leaves_open(),
        }
    }
}

/// Whom a refusal names at its end, as in "No user found with id …". An ID may be the end of
/// another: the longest is meant. Where both lists hold it, one may be known and the other not,
/// and nobody is named.
fn named(message: &str, people: &[Person]) -> Option<usize> {
    let message = message.trim_end_matches(['.', '"', '\'']);
    let names = |id: &str| {
        let before = message.strip_suffix(id);
        before.is_some_and(|text| text.ends_with([' ', '"', '\'']))
    };
    let all = people.iter().enumerate();
    let found = all.filter(|(_, person)| names(&person.id));
    let (place, person) = found.max_by_key(|(_, person)| person.id.len())?;
    let twice = people.iter().filter(|one| one.id == person.id).count() > 1;
    (!twice).then_some(place)
}

fn participants(answer: &Answer) -> Vec<Value> {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    match body.pointer("/data/participants") {
        Some(Value::Array(all)) => all.clone(),
        _ => Vec::new(),
    }
}

fn joined(answer: Answer, all: Vec<Value>, failed: &[(Person, Why)]) -> Answer {
    edited(answer, |body| {
        if let Some(data) = body.get_mut("data").and_then(Value::as_object_mut) {
            data.insert("participants".into(), all.into());
        }
        add_failed(body, failed);
    })
}

fn with_failed(answer: Answer, failed: &[(Person, Why)]) -> Answer {
    edited(answer, |body| add_failed(body, failed))
}

fn add_failed(body: &mut Value, failed: &[(Person, Why)]) {
    if let Some(body) = body.as_object_mut() {
        let list = failed.iter().map(|(person, why)| {
            let mut one = json!({"id": person.id, "code": why.code, "message": why.message});
            if why.unsure
                && let Some(one) = one.as_object_mut()
            {
                one.insert("maybe_applied".into(), true.into());
            }
            one
        });
        body.insert("failed".into(), list.collect());
    }
}

/// The answer with its body changed, if that is JSON.
fn edited(mut answer: Answer, change: impl FnOnce(&mut Value)) -> Answer {
    if let Ok(mut body) = serde_json::from_slice(&answer.body) {
        change(&mut body);
        // What was parsed can be serialised.
        answer.body = serde_json::to_vec(&body).unwrap_or_default().into();
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use proptest::prelude::*;
    use std::cell::RefCell;
    use std::collections::HashMap;

    fn people(ids: &[&str]) -> Vec<Person> {
        let person = |id: &&str| Person {
            field: "participant_ids",
            id: (*id).to_owned(),
        };
        ids.iter().map(person).collect()
    }

    /// An API that knows these people, and refuses lists with others by this message.
    struct Api {
        known: Vec<String>,
        message: fn(&str) -> String,
        acted: RefCell<HashMap<String, u32>>,
        requests: RefCell<u32>,
        lost_from: u32,
    }

    impl Api {
        fn new(known: &[&str], message: fn(&str) -> String) -> Self {
            Self {
                known: known.iter().map(|id| (*id).to_owned()).collect(),
                message,
                acted: RefCell::default(),
                requests: RefCell::default(),
                lost_from: u32::MAX,
            }
        }

        fn answer(&self, list: &[Person]) -> Result<Answer, Refusal> {
            *self.requests.borrow_mut() += 1;
            if *self.requests.borrow() >= self.lost_from {
                return Err(Refusal::Lost { again: true });
            }
            let stranger = list.iter().find(|one| !self.known.contains(&one.id));
            if let Some(stranger) = stranger {
                let message = (self.message)(&stranger.id);
                let error = json!({"success": false, "error": {"code": 404, "message": message}});
                return Ok(Answer::json(404, &error));
            }
            let mut acted = self.acted.borrow_mut();
            for one in list {
                *acted.entry(one.id.clone()).or_default() += 1;
            }
            let all: Vec<_> = list.iter().map(|one| json!({"id": one.id})).collect();
            let data = json!({"action": "kick", "participants": all});
            Ok(Answer::json(200, &json!({"success": true, "data": data})))
        }

        fn act(&self, ids: &[&str], most: u32) -> Result<Outcome, Refusal> {
            let send = |list: Vec<Person>| std::future::ready(self.answer(&list));
            act(people(ids), most, send, || std::future::ready(false))
                .now_or_never()
                .unwrap()
        }

        fn body(outcome: &Outcome) -> Value {
            serde_json::from_slice(&outcome.answer.body).unwrap()
        }
    }

    fn naming(id: &str) -> String {
        format!("No user found with id {id}")
    }

    fn silent(_: &str) -> String {
        "Somebody is unknown".into()
    }

    #[test]
    fn all_known_is_one_request_and_the_apis_own_answer() {
        let api = Api::new(&["a", "b"], naming);
        let outcome = api.act(&["a", "b"], 50).unwrap();
        assert_eq!(*api.requests.borrow(), 1);
        assert_eq!(Api::body(&outcome).get("failed"), None);
        assert!(outcome.some && outcome.failed.is_empty());
    }

    #[test]
    fn who_is_unknown_is_told_and_the_rest_is_acted_on_once() {
        for message in [naming as fn(&str) -> String, silent] {
            let api = Api::new(&["a", "b", "c", "d", "e"], message);
            let outcome = api.act(&["a", "x", "b", "c", "yx", "d", "e"], 50).unwrap();
            let body = Api::body(&outcome);
            assert_eq!(outcome.answer.status, 200);
            let mut failed = outcome.failed.clone();
            failed.sort();
            assert_eq!(failed, ["x", "yx"]);
            assert_eq!(body["data"]["participants"].as_array().unwrap().len(), 5);
            assert_eq!(body["failed"][0]["code"], 404);
            assert!(api.acted.borrow().values().all(|times| *times == 1));
            assert_eq!(api.acted.borrow().len(), 5);
        }
    }

    #[test]
    fn nobody_known_is_the_apis_refusal() {
        let api = Api::new(&[], naming);
        let outcome = api.act(&["a", "b"], 50).unwrap();
        assert_eq!(outcome.answer.status, 404);
        assert_eq!(Api::body(&outcome)["failed"].as_array().unwrap().len(), 2);
        assert_eq!(Api::body(&outcome)["error"]["code"], 404);
        assert!(!outcome.some);
    }

    #[test]
    fn a_list_is_not_halved_where_nobody_is() {
        let api = Api::new(&[], silent);
        let send = |list: Vec<Person>| std::future::ready(api.answer(&list));
        let outcome = act(people(&["a", "b", "c"]), 50, send, || {
            std::future::ready(true)
        });
        let outcome = outcome.now_or_never().unwrap().unwrap();
        assert_eq!(*api.requests.borrow(), 1);
        assert_eq!((outcome.answer.status, outcome.failed.len()), (404, 3));
    }

    #[test]
    fn it_costs_no_more_requests_than_it_may() {
        let api = Api::new(&["a"], naming);
        let outcome = api.act(&["v", "w", "x", "y", "a"], 3).unwrap();
        assert_eq!(*api.requests.borrow(), 3);
        assert_eq!(outcome.failed.len(), 5);
        let body = Api::body(&outcome);
        assert_eq!(body["failed"][4]["code"], 1011);
    }

    #[test]
    fn a_lost_answer_ends_it_and_is_told() {
        let mut api = Api::new(&["a", "b"], silent);
        api.lost_from = 2;
        let outcome = api.act(&["a", "x", "b", "y"], 50).unwrap();
        assert_eq!(*api.requests.borrow(), 2);
        assert!(outcome.unsure && !outcome.some);
        let body = Api::body(&outcome);
        assert_eq!(body["failed"][0]["maybe_applied"], true);
        assert_eq!(body["failed"][3]["code"], 1011);
        api.lost_from = 1;
        assert!(api.act(&["a", "x"], 50).is_err());
    }

    #[test]
    fn who_is_named_in_both_lists_is_left_out_of_the_right_one() {
        let person = |field| Person {
            field,
            id: "a".to_owned(),
        };
        let both = vec![person("participant_ids"), person("custom_participant_ids")];
        let send = |list: Vec<Person>| {
            // Nobody has it as their ID, somebody as their app's.
            let stranger = list.iter().any(|one| one.field == "participant_ids");
            std::future::ready(Ok(match stranger {
                true => Answer::json(404, &json!({"error": {"message": naming("a")}})),
                false => Answer::json(200, &json!({"data": {"participants": [{"id": "p"}]}})),
            }))
        };
        let outcome = act(both, 50, send, || std::future::ready(false));
        let outcome = outcome.now_or_never().unwrap().unwrap();
        assert!(outcome.some);
        assert_eq!(outcome.failed, ["a"]);
        let body = Api::body(&outcome);
        assert_eq!(body["data"]["participants"], json!([{"id": "p"}]));
    }

    #[test]
    fn where_nobody_is_all_are_told_also_who_was_left_out_before() {
        let mut answers = vec![silent("b"), naming("a")];
        let send = |_| {
            let message = answers.pop().unwrap();
            let error = json!({"success": false, "error": {"message": message}});
            std::future::ready(Ok(Answer::json(404, &error)))
        };
        let outcome = act(people(&["a", "b", "c"]), 50, send, || {
            std::future::ready(true)
        });
        let outcome = outcome.now_or_never().unwrap().unwrap();
        assert_eq!(outcome.failed, ["a", "b", "c"]);
        assert_eq!(Api::body(&outcome)["failed"].as_array().unwrap().len(), 3);
    }

    #[test]
    fn an_answer_that_leaves_it_open_is_unsure_for_a_list_as_for_one() {
        for (status, unsure) in [(408, true), (409, true), (429, false), (500, true)] {
            let send = |_| std::future::ready(Ok(Answer::json(status, &json!({}))));
            let outcome = act(people(&["a", "b"]), 50, send, || std::future::ready(false));
            let outcome = outcome.now_or_never().unwrap().unwrap();
            assert_eq!((outcome.some, outcome.unsure), (false, unsure), "{status}");
        }
    }

    #[test]
    fn the_longest_name_at_the_end_is_meant() {
        let all = people(&["5", "15", "user 15", "with"]);
        let place = |message| named(message, &all);
        assert_eq!(place("No user found with id 15"), Some(1));
        assert_eq!(place("No user found with id user 15."), Some(2));
        assert_eq!(place("No user found with id \"5\""), Some(0));
        assert_eq!(place("No user found with id 115"), None);
        assert_eq!(place("No active session found for meeting_id m"), None);
    }

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
                    Ok(Answer::json(status, &json!({"error": {"message": message}})))
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
                        let told: Vec<_> = list.iter().map(|one| json!({"id": one.id})).collect();
                        acted.borrow_mut().extend(list);
                        Ok(Answer::json(200, &json!({"data": {"participants": told}})))
                    }
                    _ => refuse(404, match manner {
                        Manner::Names => naming(&strangers[0].id),
                        Manner::NamesTheLast => naming(&strangers[strangers.len() - 1].id),
                        Manner::Silent => silent(""),
                        Manner::NamesNobodyWeAsked => naming("zzz"),
                    }),
                })
            };
            let nobody = || {
                *requests.borrow_mut() += 1;
                std::future::ready(empty)
            };
            let outcome = act(all.clone(), most, send, nobody).now_or_never().unwrap();
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
            let mut told: Vec<_> = acted.iter().map(|one| one.id.clone()).collect();
            told.extend(outcome.failed.iter().cloned());
            told.sort();
            let mut asked: Vec<_> = all.iter().map(|one| one.id.clone()).collect();
            asked.sort();
            prop_assert_eq!(told, asked);
            prop_assert_eq!(outcome.unsure, !maybe.is_empty());
            let body = Api::body(&outcome);
            if !acted.is_empty() {
                prop_assert_eq!(outcome.answer.status, 200);
                let told = body["data"]["participants"].as_array().unwrap();
                prop_assert_eq!(told.len(), acted.len());
            }
            if let Some(failed) = body.get("failed") {
                let failed = failed.as_array().unwrap();
                prop_assert_eq!(failed.len(), outcome.failed.len());
                let unsure = failed.iter().filter(|one| one.get("maybe_applied").is_some());
                prop_assert_eq!(unsure.count(), maybe.len());
            } else {
                prop_assert!(outcome.failed.is_empty() || outcome.failed.len() == all.len());
            }
            // With luck and leave nobody is left out whom the API knows.
            let refused = body.get("failed").and_then(Value::as_array).is_some_and(|failed| {
                failed.iter().any(|one| one["code"] != 404)
            });
            if !refused && maybe.is_empty() && outcome.answer.status != 403 {
                prop_assert!(all.iter().all(|one| !is_known(one) || acted.contains(one)));
            }
        }
    }
}
