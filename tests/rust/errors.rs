//! Errors as a Rust front end handles them.

use super::{ACCOUNT, EMULATOR, builder, client, world};
use realtimekit_moderator::models::{CreatePollParams, ParticipantIds};
use realtimekit_moderator::{Client, Error, ErrorKind};
use std::error::Error as _;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

/// The error of a read that gets this step of the emulator's faults.
async fn error_of(step: &str) -> Error {
    let world = world(1).await;
    let steps = format!("rust-{step}-{}; {step}", js_sys::Math::random());
    let call = world.room(&client()).session();
    let call = call.header("x-emulator-faults", Some(&steps));
    call.max_retries(0).await.unwrap_err()
}

#[wasm_bindgen_test]
async fn the_token_is_nowhere_in_an_error() {
    let error = error_of("echo-auth:code=418").await;
    let api = error.api_error().unwrap();
    let body = api.body().unwrap().to_string();
    assert!(body.contains("Bearer [token]"), "{body}");
    let json = serde_json::to_string(&error).unwrap();
    let thrown = js_sys::Reflect::get(&JsValue::from(error.clone()), &"message".into()).unwrap();
    let details = format!("{:?}", api.errors());
    let headers: Vec<_> = api.headers().collect();
    for text in [
        body,
        json,
        details,
        error.to_string(),
        format!("{error:?} {headers:?} {thrown:?}"),
    ] {
        assert!(!text.contains("emulator-token"), "{text}");
    }
}

#[wasm_bindgen_test]
async fn kinds_tell_what_happened() {
    for (step, kind) in [
        ("status:code=400", ErrorKind::BadRequest),
        ("status:code=401", ErrorKind::Authentication),
        ("status:code=403", ErrorKind::PermissionDenied),
        ("status:code=409", ErrorKind::Conflict),
        ("status:code=422", ErrorKind::UnprocessableEntity),
        ("status:code=429:retry-after=7", ErrorKind::RateLimited),
        ("status:code=503", ErrorKind::Server),
        ("status:code=418", ErrorKind::Api),
        ("cut", ErrorKind::Connection),
        ("text", ErrorKind::Decode),
    ] {
        let error = error_of(step).await;
        assert_eq!(error.kind(), kind, "{step}: {error:?}");
        assert_eq!(
            (error.attempts(), error.maybe_applied()),
            (1, false),
            "{step}"
        );
        match error.api_error() {
            Some(api) => assert!(!api.errors().is_empty(), "{step}"),
            None => assert!(error.status().is_none()),
        }
        if kind == ErrorKind::RateLimited {
            let wait = error.api_error().unwrap().retry_after();
            assert_eq!(wait, Some(Duration::from_secs(7)));
        }
    }
}

#[wasm_bindgen_test]
async fn a_connection_error_has_its_source() {
    let world = world(1).await;
    let nowhere = builder().base_url("http://127.0.0.1:1").build().unwrap();
    let call = world.room(&nowhere).session().max_retries(0);
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    let source = error.source().unwrap().to_string();
    assert!(source.starts_with("TypeError: "), "{source}");
}

#[wasm_bindgen_test]
async fn a_reported_failure_is_an_error_though_its_status_is_200() {
    // {"success":false,"errors":[{"code":7,"message":"no"}]}
    let body = "eyJzdWNjZXNzIjpmYWxzZSwiZXJyb3JzIjpbeyJjb2RlIjo3LCJtZXNzYWdlIjoibm8ifV19";
    let world = world(1).await;
    let kick = world
        .room(&client())
        .kick(ParticipantIds::users(&world.users));
    let faults = format!("rust-unsuccessful; body:base64={body}:type=application/json");
    let response = kick
        .header("x-emulator-faults", Some(&faults))
        .await
        .unwrap();
    assert_eq!(response.success, Some(false));
    let error = response.into_data().unwrap_err();
    assert_eq!(error.to_string(), "200 no");
    assert_eq!(error.api_error().unwrap().errors()[0].code, Some(7));
    assert!(error.maybe_applied());
}

#[wasm_bindgen_test]
async fn a_lost_response_leaves_a_kick_in_doubt() {
    let world = world(2).await;
    let kick = world
        .room(&client())
        .kick(ParticipantIds::users(&world.users[..1]));
    let faults = Some("rust-kick-lost; status:code=502:act=after");
    let error = kick.header("x-emulator-faults", faults).await.unwrap_err();
    // The second attempt got a 404, because the first had worked.
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotFound, 2));
    assert!(error.maybe_applied());
}

#[wasm_bindgen_test]
async fn an_error_becomes_a_javascript_error() {
    let error: JsValue = error_of("status:code=404").await.into();
    assert!(error.is_instance_of::<js_sys::Error>());
    let get = |name: &str| js_sys::Reflect::get(&error, &name.into()).unwrap();
    assert_eq!(get("name"), "NotFoundError");
    assert_eq!(get("status"), 404);
    assert_eq!(get("attempts"), 1);
    assert_eq!(get("maybeApplied"), false);
}

#[wasm_bindgen_test]
async fn arguments_are_named_as_in_rust() {
    let world = world(1).await;
    let poll = || CreatePollParams::new("?", ["a"]);
    let no_account = Client::builder()
        .base_url(format!("{EMULATOR}/client/v4"))
        .api_token("emulator-token")
        .build()
        .unwrap();
    let no_token = Client::builder()
        .base_url(format!("{EMULATOR}/client/v4"))
        .account(ACCOUNT.parse().unwrap())
        .build()
        .unwrap();
    let key = world
        .room(&client())
        .create_poll(poll())
        .idempotency_key("a\nb");
    for (call, message) in [
        (
            world.room(&no_account).create_poll(poll()),
            "account_id is missing: set it with account()",
        ),
        (
            world.room(&no_token).create_poll(poll()),
            "api_token is missing: set it with api_token()",
        ),
        (key, "idempotency_key is not legal"),
    ] {
        let error = call.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.to_string().starts_with(message), "{error}");
        assert_eq!(error.attempts(), 0);
    }
    for url in [
        "ftp://example.com",
        "https://u:p@example.com",
        "https://example.com/?a",
    ] {
        let error = builder().base_url(url).build().unwrap_err();
        assert!(error.to_string().starts_with("base_url "), "{error}");
    }
}
