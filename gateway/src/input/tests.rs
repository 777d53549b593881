//! Queries and bodies: the API request, and the messages of refusals.

use serde_json::{Value, json};

use super::*;
use realtimekit_moderator::internal::operation::{
    CREATE_POLL, DELETE_MEETING_PARTICIPANT, GET_MEETING, GET_SESSION_PARTICIPANTS,
    KICK_ALL_PARTICIPANTS, KICK_PARTICIPANTS, UPDATE_MEETING,
};

const JSON: Option<&str> = Some("application/json; charset=utf-8");

fn message(refused: Result<impl std::fmt::Debug, Refusal>) -> String {
    refused.unwrap_err().message()
}

#[test]
fn a_query_goes_up_in_one_order_and_encoding() {
    let up = |raw| query(&GET_SESSION_PARTICIPANTS, raw).unwrap();
    assert_eq!(up(None), "");
    assert_eq!(up(Some("")), "");
    assert_eq!(
        up(Some("per_page=200&search=a%20b%26c")),
        up(Some("search=a+b%26c&per_page=200"))
    );
    assert_eq!(
        up(Some("page_no=0&sort_by=joinedAt")),
        "?page_no=0&sort_by=joinedAt"
    );
    assert_eq!(query(&GET_MEETING, Some("name=x")).unwrap(), "?name=x");
}

#[test]
fn a_query_that_is_not_described_is_refused() {
    for (raw, what) in [
        ("admin=true", "not known"),
        ("search=a&search=b", "search is given twice"),
        (
            "per_page=0",
            "per_page must be a whole number from 1 to 200",
        ),
        ("per_page=201", "per_page"),
        ("per_page=+5", "per_page"),
        ("page_no=-1", "page_no"),
        ("page_no=1e3", "page_no"),
        ("page_no=99999999999", "page_no"),
        ("sort_by=name", "sort_by must be one of joinedAt, duration"),
        ("view=", "view"),
        ("search=%00", "control"),
        ("search=%ff", "UTF-8"),
    ] {
        let message = message(query(&GET_SESSION_PARTICIPANTS, Some(raw)));
        assert!(message.contains(what), "{raw}: {message}");
    }
    assert!(message(query(&GET_MEETING, Some("per_page=1"))).contains("not known"));
    let long = format!("search={}", "x".repeat(257));
    assert!(message(query(&GET_SESSION_PARTICIPANTS, Some(&long))).contains("256"));
}

#[test]
fn an_audits_page_has_a_size_and_a_start() {
    assert_eq!(audit_page(None).unwrap(), (25, None));
    assert_eq!(
        audit_page(Some("before=7&per_page=3")).unwrap(),
        (3, Some(7))
    );
    assert!(message(audit_page(Some("per_page=201"))).contains("per_page"));
}

#[test]
fn a_body_is_what_the_operation_takes_and_no_more() {
    let read = |operation, body: &str| Body::parse(operation, JSON, body.as_bytes());
    for (operation, body, what) in [
        (&KICK_PARTICIPANTS, "", "one JSON object"),
        (&KICK_PARTICIPANTS, "[]", "one JSON object"),
        (&KICK_PARTICIPANTS, "{} {}", "one JSON object"),
        (
            &KICK_PARTICIPANTS,
            "{\"participant_ids\":[\"\\ud800\"]}",
            "one JSON object",
        ),
        (&KICK_PARTICIPANTS, "{}", "participant_ids"),
        (
            &KICK_PARTICIPANTS,
            "{\"participant_ids\":[1]}",
            "participant_ids",
        ),
        (
            &KICK_PARTICIPANTS,
            "{\"participant_ids\":[\"a\"],\"x\":1}",
            "may not set",
        ),
        (&CREATE_POLL, "{\"question\":1,\"options\":[]}", "question"),
        (&UPDATE_MEETING, "{}", "status must be ACTIVE or INACTIVE"),
        (&UPDATE_MEETING, "{\"status\":\"active\"}", "status"),
        (
            &UPDATE_MEETING,
            "{\"status\":\"ACTIVE\",\"title\":\"x\"}",
            "may not set",
        ),
        (&KICK_ALL_PARTICIPANTS, "{}", "no body"),
        (&DELETE_MEETING_PARTICIPANT, "{}", "no body"),
    ] {
        let message = message(read(operation, body));
        assert!(message.contains(what), "{body}: {message}");
    }
    let deep = format!(
        "{{\"participant_ids\":{}{}}}",
        "[".repeat(5000),
        "]".repeat(5000)
    );
    assert!(read(&KICK_PARTICIPANTS, &deep).is_err());
    for content_type in [
        None,
        Some("text/plain"),
        Some("application/jsonp"),
        Some(""),
    ] {
        let refused = Body::parse(&KICK_PARTICIPANTS, content_type, b"{}");
        assert_eq!(refused, Err(Refusal::NotJson));
    }
    assert_eq!(read(&KICK_ALL_PARTICIPANTS, "").unwrap().bytes(), None);
}

#[test]
fn what_an_audit_could_not_hold_is_refused() {
    let read = |operation, body: Value| {
        Body::parse(operation, JSON, body.to_string().as_bytes()).map(|_| ())
    };
    let kick = |count: usize, length: usize| {
        let ids = vec!["x".repeat(length); count];
        read(&KICK_PARTICIPANTS, json!({"custom_participant_ids": ids}))
    };
    assert_eq!(kick(500, 128), Ok(()));
    assert!(message(kick(501, 1)).starts_with("custom_participant_ids must hold at most 500"));
    assert!(message(kick(1, 129)).contains("at most 128 bytes"));
    let ids = |from: usize, to: usize| (from..to).map(|id| id.to_string()).collect::<Vec<_>>();
    let both = |more: usize| {
        let (some, others) = (ids(0, 250), ids(250, 500 + more));
        read(
            &KICK_PARTICIPANTS,
            json!({"participant_ids": some, "custom_participant_ids": others}),
        )
    };
    assert_eq!(both(0), Ok(()));
    assert!(message(both(1)).contains("at most 500 people"));
    let poll = |question: usize, options: usize, length: usize| {
        let options = vec!["x".repeat(length); options];
        let question = "x".repeat(question);
        read(
            &CREATE_POLL,
            json!({"question": question, "options": options}),
        )
    };
    assert_eq!(poll(2000, 100, 500), Ok(()));
    assert!(message(poll(2001, 2, 1)).starts_with("question"));
    assert!(message(poll(1, 101, 1)).starts_with("options must hold"));
    assert!(message(poll(1, 2, 501)).starts_with("options must be"));
}

#[test]
fn the_last_of_two_fields_is_what_is_checked_and_what_goes_up() {
    let text = "{\"status\":\"INACTIVE\",\"status\":\"ACTIVE\"}";
    let body = Body::parse(&UPDATE_MEETING, JSON, text.as_bytes()).unwrap();
    assert_eq!(body.bytes().unwrap(), "{\"status\":\"ACTIVE\"}");
}

#[test]
fn people_are_named_once_in_each_list() {
    let text = "{\"custom_participant_ids\":[\"a\"],\"participant_ids\":[\"a\",\"b\",\"a\"]}";
    let body = Body::parse(&KICK_PARTICIPANTS, JSON, text.as_bytes()).unwrap();
    let people = body.people();
    let names: Vec<_> = people.iter().map(|one| (one.field, &*one.id)).collect();
    assert_eq!(
        names,
        [
            ("participant_ids", "a"),
            ("participant_ids", "b"),
            ("custom_participant_ids", "a")
        ]
    );
    assert_eq!(
        Body::of_people(people[1..].iter()).bytes().unwrap(),
        "{\"custom_participant_ids\":[\"a\"],\"participant_ids\":[\"b\"]}"
    );
}
