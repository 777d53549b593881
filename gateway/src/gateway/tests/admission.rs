//! Who may pass, who not, and which of it is written down.

use super::*;
use futures_util::future::BoxFuture;

use crate::api_response::GrantProblem;
use crate::moderators::Moderators;
use crate::token_verifier::Identity;

const SESSION: Ask = Ask {
    path: "/sessions/s/participants",
    ..MEETING
};

const ONE: NonZeroU32 = NonZeroU32::MIN;

/// Nothing was sent, and the last line has the reason.
fn is_refused(all: &Setting, response: &ApiResponse, operation: &str) {
    assert_eq!(all.api.count(), 0);
    let line = all.last();
    assert_eq!(line["operation"], operation);
    assert_eq!(
        (&line["phase"], &line["outcome"], &line["status"]),
        (
            &json!("outcome"),
            &json!("refused"),
            &json!(response.status)
        )
    );
    assert_eq!(line["reason"], body(response)["errors"][0]["message"]);
}

#[test]
fn what_a_grant_does_not_hold_is_refused_and_of_mutations_written_down() {
    let reader = Who {
        can: &["read"],
        ..ANN
    };
    let kicker = Who {
        can: &["kick"],
        ..ANN
    };
    for (ask, refusal, operation) in [
        (
            Ask {
                who: reader,
                ..KICK
            },
            Refusal::Lacks("kick"),
            "KickParticipants",
        ),
        (
            Ask {
                path: "/meetings/n/active-session/kick",
                ..KICK
            },
            Refusal::OtherMeeting,
            "KickParticipants",
        ),
        (
            Ask {
                app: "other",
                ..KEYED
            },
            Refusal::OtherApp,
            "CreatePoll",
        ),
        (
            Ask {
                account: "other",
                ..LOCK
            },
            Refusal::OtherAccount,
            "UpdateMeeting",
        ),
    ] {
        let all = Setting::new();
        let response = all.get(ask);
        assert_eq!(response, refusal.response());
        is_refused(&all, &response, operation);
        assert_eq!(all.journal.lines().len(), 1);
    }
    for (ask, refusal) in [
        (
            Ask {
                who: kicker,
                ..MEETING
            },
            Refusal::Lacks("read"),
        ),
        (
            Ask {
                who: kicker,
                ..AUDIT
            },
            Refusal::Lacks("audit"),
        ),
        (
            Ask {
                who: kicker,
                ..SESSION
            },
            Refusal::Lacks("read"),
        ),
        (
            Ask {
                path: "/meetings/n",
                ..MEETING
            },
            Refusal::OtherMeeting,
        ),
        (
            Ask {
                path: "/meetings/n/audit",
                ..AUDIT
            },
            Refusal::OtherMeeting,
        ),
        (
            Ask {
                app: "other",
                ..MEETING
            },
            Refusal::OtherApp,
        ),
        (
            Ask {
                app: "other",
                ..SESSION
            },
            Refusal::OtherApp,
        ),
        (
            Ask {
                account: "other",
                ..MEETING
            },
            Refusal::OtherAccount,
        ),
        (
            Ask {
                account: "other",
                ..SESSION
            },
            Refusal::OtherAccount,
        ),
    ] {
        let all = Setting::new();
        assert_eq!(all.get(ask), refusal.response());
        assert_eq!((all.api.count(), all.events().len()), (0, 0));
    }
}

#[test]
fn a_refusal_that_cannot_be_written_down_is_one_all_the_same() {
    let all = Setting::new();
    all.journal.can(false);
    let ask = Ask {
        app: "other",
        ..KICK
    };
    assert_eq!(all.get(ask), Refusal::OtherApp.response());
}

#[test]
fn nothing_is_done_or_written_for_who_has_no_grant() {
    let all = Setting::new();
    let ask = |token: Option<&str>, path: &str| match Target::parse("POST", path) {
        None => Refusal::NoRoute.response(),
        Some(_) => now(all.gateway.authenticate(token)).unwrap_err().response(),
    };
    let path = "/client/v4/accounts/acc/realtime/kit/app/meetings/m/active-session/kick-all";
    assert_eq!(ask(None, path), Refusal::GrantMissing.response());
    let invalid = Refusal::GrantInvalid(GrantProblem::default()).response();
    assert_eq!(ask(Some("x.y.z"), path), invalid);
    assert_eq!(ask(None, "/client/v4/user"), Refusal::NoRoute.response());
    let mut late = ANN.token();
    assert_eq!(ask(Some(&late), "/metrics"), Refusal::NoRoute.response());
    all.clock.advance(3_630_000);
    assert_eq!(ask(Some(&late), path), Refusal::GrantExpired.response());
    late.push('A');
    assert_eq!(ask(Some(&late), path), invalid);
    assert_eq!((all.api.count(), all.events().len()), (0, 0));
}

#[test]
fn a_sessions_meeting_is_asked_for_once() {
    let all = Setting::new();
    all.api.will(Ok(good(json!({"id": "s"}))));
    let asking = all.ask(Ask {
        query: Some("per_page=5&search=a"),
        ..SESSION
    });
    assert_eq!(
        all.events(),
        ["up GetActiveSession", "up GetSessionParticipants"]
    );
    assert!(all.api.response(Ok(good(json!(1)))));
    assert_eq!(body(&now(asking))["data"], 1);
    let path = &all.api.sent()[1].path;
    assert!(
        path.ends_with("/sessions/s/participants?search=a&per_page=5"),
        "{path}"
    );
    // Although what was read of it is forgotten.
    all.clock.advance(120_000);
    let response = all.answered(SESSION, Ok(good(json!(2))));
    assert_eq!(body(&response)["data"], 2);
    assert_eq!(all.events(), ["up GetSessionParticipants"]);
    // It is not the audit's.
    assert!(all.journal.lines().is_empty());
}

#[test]
fn anothers_session_is_refused_as_one_that_is_nowhere() {
    let two = NonZeroU32::new(2).unwrap();
    let all = Setting::with(|settings, _| settings.per_minute.new_reads = two);
    let bob = Who {
        name: "bob",
        meeting: "n",
        can: ALL,
    };
    all.api.will(Ok(good(json!({"id": "s"}))));
    all.api.will(Ok(good(json!([]))));
    assert!(
        all.get(Ask {
            who: bob,
            ..SESSION
        })
        .is_good()
    );
    // It is known to be Bob's, and Ann's has another.
    all.api.will(Ok(good(json!({"id": "anns"}))));
    let nowhere = Ask {
        path: "/sessions/nowhere/participants",
        ..SESSION
    };
    let responses = [all.get(SESSION), all.get(nowhere)];
    assert_eq!(
        responses,
        [(); 2].map(|()| Refusal::OtherSession.response())
    );
    // Nor is it shown where Ann's has none, where the API gives no response, or where Ann has asked
    // too much.
    for (response, refusal) in [
        (
            Ok(ApiResponse::json(404, &json!({}))),
            Refusal::OtherSession,
        ),
        (Err(UpstreamError::Lost), Refusal::Lost { again: true }),
    ] {
        all.clock.advance(60_000);
        all.api.will(response);
        let responses = [all.get(SESSION), all.get(nowhere)];
        assert_eq!(responses, [(); 2].map(|()| refusal.response()));
    }
    for ask in [SESSION, nowhere] {
        all.clock.advance(60_000);
        // Meanwhile what is remembered of her meeting is forgotten.
        for query in ["name=x", "name=y"] {
            let query = Some(query);
            assert!(
                all.answered(Ask { query, ..MEETING }, Ok(good(json!({}))))
                    .is_good()
            );
        }
        assert_eq!(all.get(ask).status, 429);
    }
    assert!(all.journal.lines().is_empty());
}

#[test]
fn whose_a_session_is_cannot_be_said_without_the_api() {
    let all = Setting::new();
    all.api.will(Err(UpstreamError::Lost));
    let lost = Refusal::Lost { again: true };
    assert_eq!(all.get(SESSION), lost.response());
    all.clock.advance(1000);
    all.api.will(Ok(good(json!({"id": "s"}))));
    assert_eq!(all.answered(SESSION, Ok(good(json!(1)))).status, 200);
}

#[test]
fn of_who_acts_too_often_a_line_a_minute_is_written() {
    let all = Setting::with(|settings, _| settings.per_minute.mutations = ONE);
    all.answered(KICK, Ok(good(json!({}))));
    all.events();
    for second in 0..59 {
        assert_eq!(
            all.get(KICK),
            Refusal::TooMany(60_000 - second * 1000).response()
        );
        all.clock.advance(1000);
    }
    assert_eq!(all.events(), ["outcome KickParticipants"]);
    let line = all.last();
    assert_eq!(
        (&line["outcome"], &line["status"]),
        (&json!("refused"), &json!(429))
    );
    // Another moderator is not limited.
    let bob = Ask {
        who: Who { name: "bob", ..ANN },
        ..KICK
    };
    assert!(all.answered(bob, Ok(good(json!({})))).is_good());
    all.clock.advance(1000);
    assert!(all.answered(KICK, Ok(good(json!({})))).is_good());
    all.events();
    all.get(KICK);
    assert_eq!(all.events(), ["outcome KickParticipants"]);
}

#[test]
fn nor_can_the_audit_be_filled_with_what_is_refused() {
    let all = Setting::with(|settings, _| settings.per_minute.mutations = ONE);
    let at = |path| Ask { path, ..KICK };
    let other = at("/meetings/n/active-session/kick");
    assert_eq!(all.get(other), Refusal::OtherMeeting.response());
    for _ in 0..50 {
        assert_eq!(all.get(other).status, 429);
        // The number of made-up meetings is unlimited.
        assert_eq!(all.get(at("/meetings/o/active-session/kick")).status, 429);
    }
    assert_eq!(all.journal.lines().len(), 2);
    // What they may do is counted apart.
    assert!(all.answered(KICK, Ok(good(json!({})))).is_good());
}

#[test]
fn who_reads_too_often_is_told_to_wait_and_nothing_is_written() {
    let all = Setting::with(|settings, _| settings.per_minute.reads = ONE);
    all.answered(MEETING, Ok(good(json!(1))));
    assert_eq!(all.get(MEETING), Refusal::TooMany(60_000).response());
    let all = Setting::with(|settings, _| settings.per_minute.new_reads = ONE);
    all.answered(MEETING, Ok(good(json!(1))));
    let other = Ask {
        query: Some("name=x"),
        ..MEETING
    };
    assert_eq!(all.get(other), Refusal::TooMany(60_000).response());
    assert!(all.get(MEETING).is_good());
    assert_eq!((all.api.count(), all.journal.lines().len()), (1, 0));
}

#[test]
fn a_body_or_query_that_the_operation_does_not_take_goes_nowhere() {
    for (ask, operation) in [
        (
            Ask {
                body: "{}",
                ..KICK_ALL
            },
            "KickAllParticipants",
        ),
        (Ask { body: " ", ..BAN }, "DeleteMeetingParticipant"),
        (Ask { body: "", ..LOCK }, "UpdateMeeting"),
        (
            Ask {
                query: Some("force=true"),
                ..KICK
            },
            "KickParticipants",
        ),
        (
            Ask {
                key: Some("a key"),
                ..POLL
            },
            "CreatePoll",
        ),
    ] {
        let all = Setting::new();
        let response = all.get(ask);
        assert_eq!(response.status, 400, "{operation}");
        is_refused(&all, &response, operation);
    }
    for ask in [
        Ask {
            body: "{}",
            ..MEETING
        },
        Ask {
            body: "{}",
            ..AUDIT
        },
        Ask {
            query: Some("page=1"),
            ..MEETING
        },
        Ask {
            query: Some("page_no=one"),
            ..SESSION
        },
        Ask {
            query: Some("before=now"),
            ..AUDIT
        },
    ] {
        let all = Setting::new();
        assert_eq!(all.get(ask).status, 400, "{}", ask.path);
        assert_eq!((all.api.count(), all.events().len()), (0, 0));
    }
}

#[test]
fn a_body_that_did_not_come_is_written_down_as_refused() {
    for refusal in [Refusal::TooSlow, Refusal::TooLarge] {
        let all = Setting::new();
        let poll = now(admitted(&all.gateway, KEYED, "1")).unwrap();
        assert_eq!((poll.moderator(), poll.operation()), ("ann", "CreatePoll"));
        let response = now(all.gateway.act(&poll, Err(refusal.clone())));
        assert_eq!(response, refusal.response());
        is_refused(&all, &response, "CreatePoll");
        // Its key may come again with the body.
        assert!(all.answered(KEYED, Ok(good(json!({})))).is_good());
    }
}

#[test]
fn the_audit_shows_a_meetings_records_but_what_is_the_gateways_own() {
    let all = Setting::new();
    all.answered(KEYED, Ok(good(json!(1))));
    all.get(Ask { body: "{}", ..LOCK });
    let bob = Who {
        name: "bob",
        meeting: "n",
        can: ALL,
    };
    let others = Ask {
        who: bob,
        path: "/meetings/n/active-session/kick-all",
        ..KICK_ALL
    };
    all.answered(others, Ok(good(json!({}))));
    let under_way = all.ask(KICK);

    let response = all.get(AUDIT);
    let data = body(&response)["data"].clone();
    let records = data["records"].as_array().unwrap();
    let summaries: Vec<_> = records
        .iter()
        .map(|one| (one["operation"].as_str().unwrap(), one["outcome"].as_str()))
        .collect();
    assert_eq!(
        summaries,
        [
            ("KickParticipants", Some("unknown")),
            ("UpdateMeeting", Some("refused")),
            ("CreatePoll", Some("done")),
        ]
    );
    for record in records {
        for private in ["phase", "key", "digest", "answer"] {
            assert_eq!(record.get(private), None);
        }
    }
    assert_eq!(data["paging"], json!({"total_count": 3, "next": null}));
    drop(under_way);

    let page = all.get(Ask {
        query: Some("per_page=1&before=2"),
        ..AUDIT
    });
    let data = &body(&page)["data"];
    assert_eq!(data["records"][0]["operation"], "UpdateMeeting");
    assert_eq!(data["paging"], json!({"total_count": 3, "next": "1"}));

    all.journal.can(false);
    assert_eq!(all.get(AUDIT), Refusal::AuditUnread.response());
    // Only what acts goes up.
    assert_eq!(all.api.count(), 3);
}

/// An identity provider that counts how often it is asked, and has no new key.
#[derive(Default)]
struct Provider(AtomicU64);

impl KeySource for Provider {
    fn fetch(&self) -> BoxFuture<'static, Option<Bytes>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(std::future::ready(None))
    }
}

#[test]
fn an_unknown_keys_id_makes_it_fetch_the_keys_but_not_each_time() {
    // {"alg":"ES256","kid":"new"}
    const NEW: &str = "eyJhbGciOiJFUzI1NiIsImtpZCI6Im5ldyJ9.e30.AAAA";
    let all = Setting::new();
    let provider = Arc::new(Provider::default());
    let identity = Identity::new("https://id".into(), "us".into(), Moderators::default());
    let keys = TokenVerifier::new(Secrets::new([SECRET], None, None), Some(identity));
    let parts = Parts {
        settings: all.settings.clone(),
        verifier: Arc::new(keys),
        key_source: Some(Arc::clone(&provider) as Arc<dyn KeySource>),
        upstream: all.api.clone(),
    };
    let gateway = all.gateway.reconfigured(parts);
    for (after_ms, fetches) in [(0, 1), (0, 1), (29_999, 1), (1, 2), (0, 2)] {
        all.clock.advance(after_ms);
        let refused = now(gateway.authenticate(Some(NEW))).unwrap_err();
        assert_eq!(refused.grant_problem().unwrap().0, "kid");
        assert_eq!(provider.0.load(Ordering::Relaxed), fetches);
    }
}
