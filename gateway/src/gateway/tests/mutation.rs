//! What is written of a mutation and when, what it does to the reads, and what many at once cost.

use super::*;
use realtimekit_moderator::internal::operation::Method;

fn refusal(status: u16, message: &str) -> ApiResponse {
    let error = json!({"code": status, "message": message});
    ApiResponse::json(status, &json!({"success": false, "error": error}))
}

#[test]
fn it_is_written_down_before_it_goes_up_and_before_it_is_answered() {
    let all = Setting::new();
    let asking = all.ask(KICK);
    assert_eq!(
        all.events(),
        ["intent KickParticipants", "up KickParticipants"]
    );
    all.clock.advance(41);
    let response = good(json!({})).with("cf-ray", "ray-HAM");
    all.api.response(Ok(response.clone()));
    assert_eq!(now(asking), response);
    assert_eq!(all.events(), ["outcome KickParticipants"]);

    let mut record = json!({
        "id": "0", "phase": "intent", "time": "2027-01-15T08:00:00.000Z", "moderator": "ann",
        "issuer": "secret", "name": "Her Name", "operation": "KickParticipants", "app_id": "app",
        "meeting_id": "m", "targets": ["p"], "client": "192.0.2.7",
    });
    assert_eq!(all.journal.lines()[0], record);
    let outcome = json!({
        "phase": "outcome", "time": "2027-01-15T08:00:00.041Z", "outcome": "done", "status": 200,
        "ray": "ray-HAM", "duration_ms": 41,
    });
    let outcome = outcome.as_object().unwrap().clone();
    record.as_object_mut().unwrap().extend(outcome);
    assert_eq!(all.last(), record);
}

#[test]
fn what_goes_up_is_its_path_and_its_body() {
    let all = Setting::new();
    all.answered(KICK, Ok(good(json!({}))));
    all.answered(KICK_ALL, Ok(good(json!({}))));
    let path = "/accounts/acc/realtime/kit/app/meetings/m/active-session";
    let up = |operation, rest: &str, body: Option<&'static str>| UpstreamRequest {
        operation,
        method: Method::Post,
        path: format!("{path}{rest}"),
        body: body.map(|text| Bytes::from_static(text.as_bytes())),
    };
    assert_eq!(
        all.api.sent(),
        [
            up("KickParticipants", "/kick", Some(KICK.body)),
            up("KickAllParticipants", "/kick-all", None),
        ]
    );
}

#[test]
fn the_record_says_what_was_asked_of_whom() {
    let all = Setting::new();
    for (ask, field, value) in [
        (POLL, "question", json!("tea?")),
        (LOCK, "set", json!("INACTIVE")),
        (BAN, "targets", json!(["p"])),
        (KICK_ALL, "targets", json!(null)),
    ] {
        all.answered(ask, Ok(good(json!({}))));
        let lines = all.journal.lines();
        for line in &lines[lines.len() - 2..] {
            assert_eq!(line[field], value, "{}", ask.path);
        }
    }
}

#[test]
fn what_the_api_said_is_its_fate() {
    for (response, fate, status) in [
        (Ok(good(json!({}))), "done", 200),
        (Ok(refusal(404, "No session")), "refused", 404),
        (Ok(refusal(429, "Later")), "refused", 429),
        (Ok(refusal(408, "Slow")), "unknown", 408),
        (Ok(refusal(409, "Both")), "unknown", 409),
        (Ok(refusal(503, "Oh")), "unknown", 503),
        (Err(UpstreamError::NotSent), "refused", 502),
        (Err(UpstreamError::Lost), "unknown", 502),
        (Err(UpstreamError::TimedOut), "unknown", 504),
    ] {
        let all = Setting::new();
        let got = all.answered(KICK, response.clone());
        let line = all.last();
        assert_eq!(
            (&line["outcome"], &line["status"]),
            (&json!(fate), &json!(status))
        );
        assert_eq!(got.status, status);
        match response {
            // The API's own word is passed on.
            Ok(response) => assert_eq!((got, &line["reason"]), (response, &json!(null))),
            Err(_) => assert_eq!(line["reason"], body(&got)["errors"][0]["message"]),
        }
    }
}

#[test]
fn what_cannot_be_written_down_is_not_done() {
    let all = Setting::new();
    all.journal.can(false);
    assert_eq!(all.get(KEYED), Refusal::NoAudit.response());
    assert_eq!((all.api.count(), all.journal.lines().len()), (0, 0));
    // It was surely not done.
    let response = all.answered(KEYED, Ok(good(json!(1))));
    assert_eq!((response, all.api.count()), (good(json!(1)), 1));
}

#[test]
fn an_outcome_that_cannot_be_written_hides_no_answer() {
    let mut all = Setting::new();
    all.journal.can(true);
    all.journal.can(false);
    let response = all.answered(KEYED, Ok(good(json!(1))));
    assert_eq!(response, good(json!(1)));
    assert_eq!(all.events(), ["intent CreatePoll", "up CreatePoll"]);
    assert_eq!(unmarked(&all.get(KEYED)), (good(json!(1)), true));
    // After a restart the outcome is unknown.
    all.restart();
    assert_eq!(all.get(KEYED), Refusal::FateUnknown.response());
    assert_eq!(all.api.count(), 1);
}

#[test]
fn it_makes_the_gateway_forget_what_it_read_of_the_meeting() {
    for response in [
        Ok(good(json!({}))),
        Ok(refusal(500, "Oh")),
        Err(UpstreamError::TimedOut),
    ] {
        let all = Setting::new();
        let other = Ask {
            who: Who {
                meeting: "n",
                ..ANN
            },
            path: "/meetings/n",
            ..MEETING
        };
        all.answered(MEETING, Ok(good(json!(1))));
        all.answered(other, Ok(good(json!(2))));
        assert_eq!(body(&all.get(MEETING))["data"], 1);
        all.answered(LOCK, response);
        let count = all.api.count();
        assert_eq!(body(&all.get(other))["data"], 2);
        assert_eq!(all.api.count(), count);
        let response = all.answered(MEETING, Ok(good(json!(3))));
        assert_eq!(body(&response)["data"], 3);
    }
}

#[test]
fn what_was_read_before_it_or_while_it_was_under_way_is_not_kept() {
    let all = Setting::new();
    let before = all.ask(MEETING);
    let locking = all.ask(LOCK);
    let meanwhile = all.ask(MEETING);
    // The API may have answered it before it locked, or after.
    assert!(all.api.response(Ok(good(json!(1)))));
    assert_eq!(body(&now(before))["data"], 1);
    assert!(all.api.response(Ok(good(json!({})))));
    now(locking);
    let after = all.ask(MEETING);
    assert_eq!(all.api.count(), 4);
    assert!(all.api.response(Ok(good(json!(2)))));
    assert_eq!(body(&now(meanwhile))["data"], 2);
    assert!(all.api.response(Ok(good(json!(3)))));
    assert_eq!(body(&now(after))["data"], 3);
    assert_eq!(body(&all.get(MEETING))["data"], 3);
}

#[test]
fn what_was_refused_before_it_went_up_makes_it_forget_nothing() {
    let all = Setting::new();
    all.answered(MEETING, Ok(good(json!(1))));
    all.get(Ask { body: "{}", ..LOCK });
    all.journal.can(false);
    all.get(LOCK);
    assert_eq!(body(&all.get(MEETING))["data"], 1);
    assert_eq!(all.api.count(), 1);
}

#[test]
fn without_a_budget_nothing_goes_up_and_that_is_written_down() {
    let all = Setting::with(|_, terms| terms.requests = 1);
    all.answered(KICK, Ok(good(json!({}))));
    all.clock.advance(1000);
    all.events();
    let response = all.get(KEYED);
    assert_eq!(response, Refusal::NoBudget(299_000).response());
    assert_eq!(all.events(), ["outcome CreatePoll"]);
    let line = all.last();
    assert_eq!(
        (&line["outcome"], &line["status"]),
        (&json!("refused"), &json!(429))
    );
    assert_eq!(line["reason"], body(&response)["errors"][0]["message"]);
    assert_eq!(line["question"], "tea?");
    // The key is still good.
    all.clock.advance(299_000);
    let response = all.answered(KEYED, Ok(good(json!(1))));
    assert_eq!(response, good(json!(1)));
}

#[test]
fn what_was_never_sent_costs_nothing() {
    let all = Setting::with(|_, terms| terms.requests = 1);
    for _ in 0..3 {
        let response = all.answered(KICK, Err(UpstreamError::NotSent));
        assert_eq!(response, Refusal::NotSent.response());
    }
    // What was lost may have been counted.
    all.answered(KICK, Err(UpstreamError::Lost));
    assert_eq!(all.get(KICK).status, 429);
    assert_eq!(all.api.count(), 4);
}

#[test]
fn what_another_took_meanwhile_is_not_there_for_it() {
    let all = Setting::with(|_, terms| terms.requests = 1);
    all.journal.slow_down();
    // The kick takes the one request before its intent is written.
    let mut kick = all.asking(KICK);
    assert_eq!((&mut kick).now_or_never(), None);
    let mut poll = all.asking(KEYED);
    for _ in 0..2 {
        assert_eq!((&mut poll).now_or_never(), None);
    }
    assert_eq!(now(poll), Refusal::NoBudget(300_000).response());
    let line = all.last();
    assert_eq!(
        (&line["phase"], &line["operation"], &line["outcome"]),
        (&json!("outcome"), &json!("CreatePoll"), &json!("refused"))
    );
    // It was not sent, so its key is still good.
    drop(kick);
    all.clock.advance(300_000);
    let mut again = all.asking(KEYED);
    for _ in 0..3 {
        assert_eq!((&mut again).now_or_never(), None);
    }
    assert_eq!(all.api.count(), 1);
}

#[test]
fn the_reserve_is_for_kick_all_the_lock_and_the_kick_of_one() {
    let all = Setting::with(|_, terms| (terms.requests, terms.reserve) = (100, 0.2));
    let other = Ask {
        path: "/meetings/n/active-session/poll",
        who: Who {
            meeting: "n",
            ..ANN
        },
        ..POLL
    };
    for ask in [POLL, other] {
        while all.answered(ask, Ok(good(json!({})))).is_good() {}
    }
    let many = Ask {
        body: r#"{"participant_ids":["p","q"]}"#,
        ..KICK
    };
    for ask in [POLL, BAN, many] {
        assert_eq!(all.get(ask).status, 429);
    }
    for ask in [KICK_ALL, LOCK, KICK] {
        assert!(all.answered(ask, Ok(good(json!({})))).is_good());
    }
}

#[test]
fn an_intent_that_cannot_be_written_gives_its_request_back() {
    let all = Setting::new();
    all.journal.can(false);
    assert_eq!(all.get(KICK), Refusal::NoAudit.response());
    assert_eq!(all.budget.left(), 1200);
}

#[test]
fn a_token_that_the_api_refuses_is_not_the_moderators_fault() {
    for ask in [KICK, MEETING, POLL] {
        let all = Setting::new();
        assert!(!all.gateway.token_is_refused());
        let refused = ApiResponse::json(401, &json!({"success": false}));
        let response = all.answered(ask, Ok(refused));
        assert_eq!(response, Refusal::ApiToken.response());
        assert!(all.gateway.token_is_refused());
        // A request that the API accepts shows that the token is good again, and so may time.
        all.clock.advance(1000);
        assert!(all.answered(ask, Ok(good(json!({})))).is_good());
        assert!(!all.gateway.token_is_refused());
        all.clock.advance(2000);
        all.answered(ask, Ok(ApiResponse::json(401, &json!({}))));
        all.clock.advance(60_001);
        assert!(!all.gateway.token_is_refused());
    }
}

#[test]
fn a_kick_of_many_ends_in_time_and_names_who_was_not_tried() {
    let all = Setting::with(|settings, _| settings.bulk_ms = 1000);
    let mut asking = all.ask(Ask {
        body: r#"{"participant_ids":["a","b","c","d"]}"#,
        ..KICK
    });
    for id in ["a", "b"] {
        all.clock.advance(600);
        let message = format!("No user found with id {id}");
        let error = json!({"success": false, "error": {"code": 404, "message": message}});
        assert!(all.api.response(Ok(ApiResponse::json(404, &error))));
        if let Some(response) = (&mut asking).now_or_never() {
            let body = body(&response);
            let codes: Vec<_> = body["failed"].as_array().unwrap().iter().collect();
            let codes: Vec<_> = codes.iter().map(|one| &one["code"]).collect();
            assert_eq!(codes, [404, 404, 1011, 1011]);
            assert_eq!(all.api.count(), 2);
            return;
        }
    }
    panic!("it did not end");
}

#[test]
fn who_of_a_list_was_not_acted_on_is_in_the_record() {
    let all = Setting::new();
    let mut asking = all.ask(Ask {
        body: r#"{"participant_ids":["a","x"],"custom_participant_ids":["b"]}"#,
        ..KICK
    });
    all.api
        .response(Ok(refusal(404, "No user found with id x")));
    // The API has refused the list, and the rest goes up.
    assert_eq!((&mut asking).now_or_never(), None);
    let kicked = json!({"action": "kick", "participants": [{"id": "a"}, {"id": "b"}]});
    all.api.response(Ok(good(kicked.clone())));
    let response = now(asking);
    assert_eq!((response.status, &body(&response)["data"]), (200, &kicked));
    assert_eq!(body(&response)["failed"][0]["id"], "x");
    assert_eq!(
        all.events(),
        [
            "intent KickParticipants",
            "up KickParticipants",
            "up KickParticipants",
            "outcome KickParticipants",
        ]
    );
    let line = all.last();
    assert_eq!(line["targets"], json!(["a", "x", "b"]));
    assert_eq!(
        (&line["failed"], &line["outcome"]),
        (&json!(["x"]), &json!("done"))
    );
    let rest: Value = serde_json::from_slice(all.api.sent()[1].body.as_ref().unwrap()).unwrap();
    let named = json!({"participant_ids": ["a"], "custom_participant_ids": ["b"]});
    assert_eq!(rest, named);
}

#[test]
fn a_list_costs_no_more_requests_than_the_operator_allows() {
    let all = Setting::with(|settings, _| settings.bulk = 2);
    all.api.will(Ok(refusal(404, "No user found with id x")));
    all.api.will(Ok(refusal(404, "No user found with id y")));
    let response = all.get(Ask {
        body: r#"{"participant_ids":["x","y","a"]}"#,
        ..KICK
    });
    assert_eq!((response.status, all.api.count()), (404, 2));
    assert_eq!(body(&response)["failed"].as_array().unwrap().len(), 3);
}

#[test]
fn of_a_list_on_which_nobody_was_acted_the_fate_is_told() {
    let many = Ask {
        body: r#"{"participant_ids":["a","x"]}"#,
        ..KICK
    };
    for (then, status, fate) in [
        (Ok(refusal(404, "No user found with id a")), 404, "refused"),
        (Err(UpstreamError::Lost), 404, "unknown"),
    ] {
        let all = Setting::new();
        all.api.will(Ok(refusal(404, "No user found with id x")));
        all.api.will(then);
        assert_eq!(all.get(many).status, status);
        let line = all.last();
        // No other participant was refused, so none is named.
        assert_eq!(
            (&line["outcome"], &line["failed"]),
            (&json!(fate), &json!(null))
        );
    }
    let all = Setting::new();
    all.api.will(Err(UpstreamError::Lost));
    let lost = Refusal::Lost { again: true };
    assert_eq!(all.get(many), lost.response());
    assert_eq!(all.last()["outcome"], "unknown");
}

#[test]
fn where_there_is_no_session_a_list_is_not_halved() {
    let all = Setting::new();
    let many = Ask {
        body: r#"{"participant_ids":["a","b","c"]}"#,
        ..KICK
    };
    all.api.will(Ok(refusal(404, "No active session")));
    all.api.will(Ok(refusal(404, "No active session")));
    assert_eq!(all.get(many).status, 404);
    let sent = all.api.sent();
    let sent: Vec<_> = sent.iter().map(|request| request.operation).collect();
    assert_eq!(sent, ["KickParticipants", "GetActiveSession"]);
    assert_eq!(all.last()["outcome"], "refused");
}
