//! Known, unknown, named or not, lost: the participants acted on, and the report on the others.

mod any_list;

use std::cell::RefCell;
use std::collections::HashMap;

use futures_util::FutureExt;
use serde_json::json;

use super::*;

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

    fn response(&self, list: &[Person]) -> Result<ApiResponse, Refusal> {
        *self.requests.borrow_mut() += 1;
        if *self.requests.borrow() >= self.lost_from {
            return Err(Refusal::Lost { again: true });
        }
        let stranger = list.iter().find(|one| !self.known.contains(&one.id));
        if let Some(stranger) = stranger {
            let message = (self.message)(&stranger.id);
            let error = json!({"success": false, "error": {"code": 404, "message": message}});
            return Ok(ApiResponse::json(404, &error));
        }
        let mut acted = self.acted.borrow_mut();
        for one in list {
            *acted.entry(one.id.clone()).or_default() += 1;
        }
        let all: Vec<_> = list.iter().map(|one| json!({"id": one.id})).collect();
        let data = json!({"action": "kick", "participants": all});
        Ok(ApiResponse::json(
            200,
            &json!({"success": true, "data": data}),
        ))
    }

    fn act(&self, ids: &[&str], most: u32) -> Result<BulkOutcome, Refusal> {
        let send = |list: Vec<Person>| std::future::ready(self.response(&list));
        act(people(ids), within(most), send, || {
            std::future::ready(false)
        })
        .now_or_never()
        .unwrap()
    }

    fn body(outcome: &BulkOutcome) -> Value {
        serde_json::from_slice(&outcome.response.body).unwrap()
    }
}

/// So many requests, and any time.
fn within(requests: u32) -> Limits<impl Fn() -> bool> {
    Limits {
        requests,
        is_over: || false,
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
        assert_eq!(outcome.response.status, 200);
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
    assert_eq!(outcome.response.status, 404);
    assert_eq!(Api::body(&outcome)["failed"].as_array().unwrap().len(), 2);
    assert_eq!(Api::body(&outcome)["error"]["code"], 404);
    assert!(!outcome.some);
}

#[test]
fn a_list_is_not_halved_where_nobody_is() {
    let api = Api::new(&[], silent);
    let send = |list: Vec<Person>| std::future::ready(api.response(&list));
    let outcome = act(people(&["a", "b", "c"]), within(50), send, || {
        std::future::ready(true)
    });
    let outcome = outcome.now_or_never().unwrap().unwrap();
    assert_eq!(*api.requests.borrow(), 1);
    assert_eq!((outcome.response.status, outcome.failed.len()), (404, 3));
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
        // It is no participant's ID, but one participant's ID in the app.
        let stranger = list.iter().any(|one| one.field == "participant_ids");
        std::future::ready(Ok(match stranger {
            true => ApiResponse::json(404, &json!({"error": {"message": naming("a")}})),
            false => ApiResponse::json(200, &json!({"data": {"participants": [{"id": "p"}]}})),
        }))
    };
    let outcome = act(both, within(50), send, || std::future::ready(false));
    let outcome = outcome.now_or_never().unwrap().unwrap();
    assert!(outcome.some);
    assert_eq!(outcome.failed, ["a"]);
    let body = Api::body(&outcome);
    assert_eq!(body["data"]["participants"], json!([{"id": "p"}]));
}

#[test]
fn where_nobody_is_all_are_told_also_who_was_left_out_before() {
    let mut responses = vec![silent("b"), naming("a")];
    let send = |_| {
        let message = responses.pop().unwrap();
        let error = json!({"success": false, "error": {"message": message}});
        std::future::ready(Ok(ApiResponse::json(404, &error)))
    };
    let outcome = act(people(&["a", "b", "c"]), within(50), send, || {
        std::future::ready(true)
    });
    let outcome = outcome.now_or_never().unwrap().unwrap();
    assert_eq!(outcome.failed, ["a", "b", "c"]);
    assert_eq!(Api::body(&outcome)["failed"].as_array().unwrap().len(), 3);
}

#[test]
fn an_answer_that_leaves_it_open_is_unsure_for_a_list_as_for_one() {
    for (status, unsure) in [(408, true), (409, true), (429, false), (500, true)] {
        let send = |_| std::future::ready(Ok(ApiResponse::json(status, &json!({}))));
        let outcome = act(people(&["a", "b"]), within(50), send, || {
            std::future::ready(false)
        });
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

#[test]
fn a_first_list_that_is_refused_as_a_whole_is_the_apis_own_refusal() {
    for status in [401, 403, 429, 500] {
        let refusal = ApiResponse::json(status, &json!({"error": {"message": "no"}}));
        let send = |_| std::future::ready(Ok(refusal.clone()));
        let outcome = act(people(&["a", "b"]), within(50), send, || {
            std::future::ready(false)
        });
        let outcome = outcome.now_or_never().unwrap().unwrap();
        assert_eq!(outcome.response, refusal, "{status}");
        assert_eq!(outcome.failed, ["a", "b"]);
        assert!(!outcome.some);
    }
}

#[test]
fn a_first_list_without_a_response_ends_it_with_its_own_error() {
    for refusal in [
        Refusal::NotSent,
        Refusal::TimedOut { again: true },
        Refusal::NoBudget(7),
        Refusal::ApiToken,
    ] {
        let sent = RefCell::new(0);
        let send = |_| {
            *sent.borrow_mut() += 1;
            std::future::ready(Err(refusal.clone()))
        };
        let empty = || std::future::ready(false);
        let acted = act(people(&["a", "b"]), within(50), send, empty);
        let error = acted.now_or_never().unwrap().err();
        assert_eq!((error, *sent.borrow()), (Some(refusal.clone()), 1));
    }
}

#[test]
fn when_the_time_is_over_the_rest_is_not_tried_and_named() {
    let api = Api::new(&["a", "c"], naming);
    let limits = Limits {
        requests: 50,
        // Three requests fit into the time.
        is_over: || *api.requests.borrow() >= 3,
    };
    let send = |list: Vec<Person>| std::future::ready(api.response(&list));
    let is_session_empty = || std::future::ready(false);
    let all = people(&["v", "w", "x", "a", "c"]);
    let outcome = act(all, limits, send, is_session_empty)
        .now_or_never()
        .unwrap()
        .unwrap();
    assert_eq!(*api.requests.borrow(), 3);
    let body = Api::body(&outcome);
    let failed = body["failed"].as_array().unwrap();
    let not_tried: Vec<_> = failed.iter().filter(|one| one["code"] == 1011).collect();
    assert_eq!(not_tried.len(), 2);
    assert_eq!(not_tried[0]["id"], "a");
    assert_eq!(
        not_tried[0]["message"],
        "Not tried: the time for one request is over"
    );
    // The first request is sent, however late it is.
    let late = Limits {
        requests: 50,
        is_over: || true,
    };
    let send = |list: Vec<Person>| std::future::ready(api.response(&list));
    let outcome = act(people(&["a", "c"]), late, send, is_session_empty);
    assert!(outcome.now_or_never().unwrap().unwrap().some);
}
