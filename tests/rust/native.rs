//! The crate where there is no JavaScript, as in server-side rendering: it compiles, and its data is that of any Rust
//! crate.

#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use realtimekit_moderator::id::{AccountId, AppId, MeetingId, ParticipantId, PeerId, SessionId};
use realtimekit_moderator::models::{
    AffectedParticipants, CreatePollParams, Envelope, Meeting, Participant, ParticipantIds, Session,
};
use realtimekit_moderator::{
    ApiError, AttemptInfo, Client, ClientBuilder, Error, ErrorKind, InvalidArgument, RateLimit,
    Room, Snapshot, Trouble, WatchedParticipant,
};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::HashMap;
use std::error::Error as _;
use std::fmt::Debug;
use std::hash::Hash;
use std::time::Duration;

#[test]
fn what_apps_keep_is_send_and_sync() {
    fn kept<T: Send + Sync + Clone + Debug + 'static>() {}
    kept::<Client>();
    kept::<ClientBuilder>();
    kept::<Room>();
    kept::<Snapshot>();
    kept::<Trouble>();
    kept::<WatchedParticipant>();
    kept::<Participant>();
    kept::<Session>();
    kept::<Meeting>();
    kept::<Envelope<AffectedParticipants>>();
    kept::<ParticipantIds>();
    kept::<CreatePollParams>();
    kept::<Error>();
    kept::<InvalidArgument>();
    kept::<RateLimit>();
    kept::<ParticipantId>();
}

#[test]
fn what_apps_compare_and_store_has_the_traits() {
    fn compared<T: PartialEq>() {}
    compared::<Client>();
    compared::<Room>();
    fn stored<T: PartialEq + Serialize + DeserializeOwned>() {}
    stored::<Snapshot>();
    stored::<Error>();
    stored::<Envelope<Session>>();
    fn key<T: Eq + Hash + Ord + Serialize + DeserializeOwned + AsRef<str>>() {}
    key::<AccountId>();
    key::<AppId>();
    key::<MeetingId>();
    key::<SessionId>();
    key::<ParticipantId>();
    key::<PeerId>();
}

#[test]
fn a_client_is_refused_without_a_panic() {
    for url in ["https://moderate.example.com/client/v4", "", "not a url"] {
        let built = Client::builder()
            .base_url(url)
            .api_token("secret-token")
            .account(AccountId::new("acc").unwrap())
            .header("x-a", Some("b"))
            .build();
        let error = built.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains("WebAssembly"), "{error}");
        assert!(!error.maybe_applied());
        // Converts without JavaScript, too.
        drop(wasm_bindgen::JsValue::from(error));
    }
}

#[test]
fn a_builder_shows_no_token() {
    let builder = Client::builder()
        .base_url("https://user:secret-token@example.com")
        .api_token("secret-token")
        .header("authorization", Some("Bearer secret-token"));
    assert!(!format!("{builder:?}").contains("secret"));
}

fn peer(id: &str, user: &str, left_at: Option<&str>) -> Participant {
    let mut peer = Participant::default();
    peer.id = Some(PeerId::new(id).unwrap());
    peer.user_id = Some(ParticipantId::new(user).unwrap());
    peer.display_name = Some("Ann".into());
    peer.left_at = left_at.map(Into::into);
    peer
}

#[test]
fn a_test_makes_snapshots() {
    let ann = WatchedParticipant::new(vec![
        peer("1", "ann", Some("10:00")),
        peer("2", "ann", None),
    ]);
    let bob = WatchedParticipant::new(vec![peer("3", "bob", Some("10:00"))]);
    assert!(ann.present && !bob.present);
    assert_eq!(ann.key, "ann");
    assert_eq!(
        ann.ids(),
        ParticipantIds::users([ParticipantId::new("ann").unwrap()])
    );
    let mut snapshot = Snapshot::new([ann, bob]);
    snapshot.at_ms = Some(1000.0);
    snapshot.age = Some(Duration::from_millis(5));
    snapshot.trouble = Some(Trouble::new(ApiError::new(503, "503 busy").into(), 900.0));
    snapshot.rate_limit = Some(RateLimit::new("default", 50, Duration::from_secs(30)));
    assert_eq!(snapshot.present().count(), 1);
    let json = serde_json::to_string(&snapshot).unwrap();
    assert_eq!(serde_json::from_str::<Snapshot>(&json).unwrap(), snapshot);
}

#[test]
fn a_participant_without_a_user_id_is_kicked_by_their_custom_id() {
    let mut guest = Participant::default();
    guest.id = Some(PeerId::new("1").unwrap());
    let unknown = WatchedParticipant::new(vec![guest.clone()]);
    assert_eq!(unknown.key, "1");
    assert_eq!(unknown.ids(), ParticipantIds::default());
    guest.custom_participant_id = Some("guest".into());
    let known = WatchedParticipant::new(vec![guest]);
    assert_eq!(known.ids(), ParticipantIds::custom(["guest"]));
}

fn errors() -> Vec<(Error, ErrorKind, &'static str)> {
    let info = AttemptInfo {
        attempts: 2,
        maybe_applied: true,
    };
    vec![
        (
            AppId::new("").unwrap_err().into(),
            ErrorKind::InvalidArgument,
            "InvalidArgument",
        ),
        (Error::Unsupported, ErrorKind::Unsupported, "Unsupported"),
        (Error::Aborted(info), ErrorKind::Aborted, "Aborted"),
        (Error::TimedOut(info), ErrorKind::TimedOut, "TimedOut"),
        (
            ApiError::new(404, "404 gone").into(),
            ErrorKind::NotFound,
            "Api",
        ),
        (
            ApiError::new(429, "429 wait").into(),
            ErrorKind::RateLimited,
            "Api",
        ),
        (ApiError::new(418, "418 tea").into(), ErrorKind::Api, "Api"),
    ]
}

#[test]
fn errors_are_values() {
    let mut kinds = HashMap::new();
    for (error, kind, variant) in errors() {
        assert_eq!(error.kind(), kind);
        *kinds.entry(error.kind()).or_insert(0) += 1;
        let debug = format!("{error:?}");
        assert!(debug.starts_with(variant), "{debug}");
        assert_eq!(error.clone(), error);
        let json = serde_json::to_string(&error).unwrap();
        assert_eq!(serde_json::from_str::<Error>(&json).unwrap(), error);
        assert!(error.source().is_none());
    }
    assert_eq!(kinds.len(), 7);
    let (aborted, ..) = &errors()[2];
    assert!(aborted.maybe_applied());
    assert_eq!(aborted.attempts(), 2);
}
