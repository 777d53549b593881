//! What the live protocol gets of the core: complete reads or a failure, and every action.

use std::sync::Mutex;

use super::*;
use crate::live::reading::{Problem, ReadFailure, Reading};
use crate::platform::LiveSink;

fn meeting() -> MeetingKey {
    MeetingKey {
        app_id: Id::new("app").unwrap(),
        meeting_id: Id::new("m").unwrap(),
    }
}

fn session(live: u32) -> Value {
    json!({"id": "s", "status": "LIVE", "live_participants": live})
}

fn page(ids: &[&str], total: usize, end: usize) -> ApiResponse {
    let peers: Vec<_> = ids
        .iter()
        .map(|id| json!({"id": id, "user_id": id}))
        .collect();
    good(json!({"participants": peers, "paging": {"total_count": total, "end_offset": end}}))
}

/// A read whose responses are these, in turn.
fn read(setting: &Setting, responses: Vec<ApiResponse>) -> Result<Reading, ReadFailure> {
    for response in responses {
        setting.api.will(Ok(response));
    }
    setting.clock.advance(2000);
    let (read, _) = now(setting.gateway.read_meeting(&meeting(), false));
    read
}

fn failed(read: Result<Reading, ReadFailure>) -> Problem {
    match read {
        Err(ReadFailure::Failed(problem)) => problem,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_read_follows_all_pages_and_shares_the_requests_of_a_poll() {
    let setting = Setting::new();
    let responses = vec![
        good(session(3)),
        page(&["a", "b"], 3, 2),
        // Whether pages count from 0 or 1 is not known: the first one may come again.
        page(&["a", "b"], 3, 2),
        page(&["c"], 3, 3),
    ];
    let reading = read(&setting, responses).unwrap();
    let ids: Vec<_> = reading.peers.iter().filter_map(|peer| peer.id()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    let paths: Vec<_> = setting
        .api
        .sent()
        .into_iter()
        .map(|sent| sent.path)
        .collect();
    let list = "/accounts/acc/realtime/kit/app/sessions/s/participants?";
    let rest = "per_page=200&sort_order=ASC&sort_by=joinedAt";
    assert_eq!(
        paths,
        [
            "/accounts/acc/realtime/kit/app/meetings/m/active-session".to_owned(),
            format!("{list}{rest}"),
            format!("{list}page_no=1&{rest}"),
            format!("{list}page_no=2&{rest}"),
        ]
    );
    // A poll within a second is served from memory.
    let poll = Ask {
        path: "/sessions/s/participants",
        query: Some("sort_by=joinedAt&sort_order=ASC&per_page=200"),
        ..MEETING
    };
    assert_eq!(setting.get(poll).status, 200);
    assert_eq!(setting.api.count(), 4);
}

#[test]
fn only_the_apis_own_404_means_that_there_is_no_session() {
    let setting = Setting::new();
    let none = json!({"success": false, "error": {"code": 404, "message": "No active session"}});
    let reading = read(&setting, vec![ApiResponse::json(404, &none)]).unwrap();
    assert!(reading.session.is_none() && reading.peers.is_empty());
    let ended = good(json!({"id": "s", "status": "ENDED"}));
    assert!(read(&setting, vec![ended]).unwrap().session.is_none());
    let other = json!({"errors": [{"code": 7003, "message": "No route"}]});
    let problem = failed(read(&setting, vec![ApiResponse::json(404, &other)]));
    assert_eq!((problem.status, problem.code), (404, 7003));
    assert_eq!(problem.message, "No route");
}

#[test]
fn half_a_read_is_none() {
    let setting = Setting::new();
    let error = json!({"error": {"code": 500, "message": "Internal"}});
    let responses = vec![
        good(session(3)),
        page(&["a"], 3, 1),
        ApiResponse::json(500, &error),
    ];
    let problem = failed(read(&setting, responses));
    assert_eq!(
        (problem.status, problem.message.as_str()),
        (500, "Internal")
    );
    for broken in [
        good(json!(null)),
        good(json!({"participants": 7})),
        good(json!({"participants": [[]]})),
    ] {
        let problem = failed(read(&setting, vec![good(session(1)), broken]));
        assert_eq!((problem.status, problem.code), (502, 1006));
    }
    assert_eq!(
        failed(read(&setting, vec![good(json!({"id": 7}))])).status,
        502
    );
    // `null` is no peer, and no reason to fail.
    let paging = json!({"total_count": 2, "end_offset": 2});
    let list = good(json!({"participants": [null, {"id": "a"}], "paging": paging}));
    assert_eq!(
        read(&setting, vec![good(session(1)), list])
            .unwrap()
            .peers
            .len(),
        1
    );
}

#[test]
fn an_empty_list_of_a_session_with_participants_contradicts_it() {
    let setting = Setting::new();
    let problem = failed(read(&setting, vec![good(session(3)), page(&[], 0, 0)]));
    assert!(problem.message.contains("list of them is empty"));
    assert!(read(&setting, vec![good(session(0)), page(&[], 0, 0)]).is_ok());
}

#[test]
fn a_limit_is_a_wait() {
    let setting = Setting::new();
    let limited = ApiResponse::json(429, &json!({})).with("retry-after", "17");
    let failure = read(&setting, vec![limited]).unwrap_err();
    assert_eq!(failure, ReadFailure::Limited(17_000));
    assert!(matches!(
        read(&setting, Vec::new()),
        Err(ReadFailure::NoBudget(_))
    ));
    assert_eq!(setting.api.count(), 1);
}

#[test]
fn a_hint_is_not_served_from_memory() {
    let setting = Setting::new();
    setting.api.will(Ok(good(session(0))));
    setting.api.will(Ok(page(&[], 0, 0)));
    assert!(
        now(setting.gateway.read_meeting(&meeting(), false))
            .0
            .is_ok()
    );
    let (again, stats) = now(setting.gateway.read_meeting(&meeting(), false));
    assert!(again.is_ok());
    assert_eq!((setting.api.count(), stats.age_ms), (2, 999));
    setting.api.will(Ok(good(session(0))));
    setting.api.will(Ok(page(&[], 0, 0)));
    let (anew, stats) = now(setting.gateway.read_meeting(&meeting(), true));
    assert!(anew.is_ok());
    assert_eq!(
        (setting.api.count(), stats.age_ms, stats.requests),
        (4, 0, 2)
    );
}

/// A sink that notes what it is shown.
#[derive(Default)]
struct Shown {
    watched: bool,
    lines: Mutex<Vec<(String, String, bool)>>,
}

impl LiveSink for Shown {
    fn is_watched(&self, _: &MeetingKey) -> bool {
        self.watched
    }

    fn acted(&self, meeting: &MeetingKey, line: &str, sent: bool) {
        let line: Value = serde_json::from_str(line).unwrap();
        let outcome = line["outcome"].as_str().unwrap().to_owned();
        let meeting = meeting.meeting_id.as_str().to_owned();
        self.lines.lock().unwrap().push((meeting, outcome, sent));
    }
}

/// A gateway with a sink.
fn shown(watched: bool) -> (Setting, Arc<Shown>) {
    let mut setting = Setting::new();
    let sink = Arc::new(Shown {
        watched,
        ..Shown::default()
    });
    let gateway = Arc::into_inner(std::mem::replace(
        &mut setting.gateway,
        Setting::new().gateway,
    ));
    let live = Arc::clone(&sink) as Arc<dyn LiveSink>;
    setting.gateway = Arc::new(gateway.unwrap().with_live(live));
    (setting, sink)
}

#[test]
fn every_action_that_the_audit_has_is_shown_to_watchers() {
    let (setting, sink) = shown(true);
    assert_eq!(setting.answered(KICK, Ok(good(json!({})))).status, 200);
    assert_eq!(
        setting.answered(KICK_ALL, Err(UpstreamError::Lost)).status,
        502
    );
    let denied = Ask {
        who: Who {
            can: &["read"],
            ..ANN
        },
        ..LOCK
    };
    assert_eq!(setting.get(denied).status, 403);
    let line = |outcome: &str, sent| ("m".to_owned(), outcome.to_owned(), sent);
    assert_eq!(
        *sink.lines.lock().unwrap(),
        [
            line("done", true),
            line("unknown", true),
            line("refused", false)
        ]
    );
}

#[test]
fn an_action_in_a_meeting_without_watchers_is_not_copied() {
    let (setting, sink) = shown(false);
    assert_eq!(setting.answered(KICK, Ok(good(json!({})))).status, 200);
    assert!(sink.lines.lock().unwrap().is_empty());
}
