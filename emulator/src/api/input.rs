//! Validates request bodies against the API description. It accepts everything that the description
//! does not forbid, including unknown fields.

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::world::{MeetingPatch, NewPoll, Status, Targets, parse_user};

type Object = Map<String, Value>;

/// Parses a body, which must be a JSON object.
pub(super) fn object(content_type: Option<&str>, body: &[u8]) -> Result<Object, String> {
    let media = content_type
        .and_then(|kind| kind.split(';').next())
        .map(|kind| kind.trim().to_ascii_lowercase());
    if media.as_deref() != Some("application/json") {
        return Err("the content-type must be application/json".to_owned());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err("the body must be a JSON object".to_owned()),
        Err(_) => Err("the body is not valid JSON".to_owned()),
    }
}

/// Checks that there is no body.
pub(super) fn no_body(body: &[u8]) -> Result<(), String> {
    if body.is_empty() {
        Ok(())
    } else {
        Err("this operation takes no body".to_owned())
    }
}

/// `ParticipantIds`.
pub(super) fn targets(body: &Object) -> Result<Targets, String> {
    let users = list(body, "participant_ids", 1)?;
    let customs = list(body, "custom_participant_ids", 1)?;
    if users.is_none() && customs.is_none() {
        return Err("one of participant_ids and custom_participant_ids is required".to_owned());
    }
    let users = users
        .unwrap_or_default()
        .into_iter()
        .map(|id| parse_user(&id).ok_or_else(|| format!("participant_ids: `{id}` is not a UUID")))
        .collect::<Result<Vec<Uuid>, String>>()?;
    Ok(Targets {
        users,
        customs: customs.unwrap_or_default(),
    })
}

/// The body of mute-all.
pub(super) fn allow_unmute(body: &Object) -> Result<bool, String> {
    Ok(boolean(body, "allow_unmute")?.unwrap_or(false))
}

/// The body of a poll.
pub(super) fn poll(body: &Object) -> Result<NewPoll, String> {
    let missing = |key: &str| format!("{key} is required");
    Ok(NewPoll {
        question: string(body, "question")?.ok_or_else(|| missing("question"))?,
        options: list(body, "options", 0)?.ok_or_else(|| missing("options"))?,
        anonymous: boolean(body, "anonymous")?.unwrap_or(false),
        hide_votes: boolean(body, "hide_votes")?.unwrap_or(false),
    })
}

/// The body of a change to a meeting.
pub(super) fn patch(body: &Object) -> Result<MeetingPatch, String> {
    let status = match string(body, "status")?.as_deref() {
        None => None,
        Some("ACTIVE") => Some(Status::Active),
        Some("INACTIVE") => Some(Status::Inactive),
        Some(_) => return Err("status must be ACTIVE or INACTIVE".to_owned()),
    };
    let keep_alive_secs = match body.get("session_keep_alive_time_in_secs") {
        None => None,
        Some(value) => Some(
            value
                .as_f64()
                .filter(|seconds| (60.0..=600.0).contains(seconds))
                .ok_or("session_keep_alive_time_in_secs must be a number from 60 to 600")?,
        ),
    };
    Ok(MeetingPatch {
        title: string(body, "title")?,
        status,
        persist_chat: boolean(body, "persist_chat")?,
        record_on_start: boolean(body, "record_on_start")?,
        live_stream_on_start: boolean(body, "live_stream_on_start")?,
        keep_alive_secs,
    })
}

fn string(body: &Object, key: &str) -> Result<Option<String>, String> {
    match body.get(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("{key} must be a string")),
    }
}

fn boolean(body: &Object, key: &str) -> Result<Option<bool>, String> {
    match body.get(key) {
        None => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => Err(format!("{key} must be a boolean")),
    }
}

fn list(body: &Object, key: &str, least: usize) -> Result<Option<Vec<String>>, String> {
    let wrong = || format!("{key} must be an array of strings");
    let Some(value) = body.get(key) else {
        return Ok(None);
    };
    let items = value
        .as_array()
        .ok_or_else(wrong)?
        .iter()
        .map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong))
        .collect::<Result<Vec<String>, String>>()?;
    if items.len() < least {
        return Err(format!("{key} must have at least {least} item"));
    }
    Ok(Some(items))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &Value) -> Object {
        object(Some("application/json"), body.to_string().as_bytes()).unwrap()
    }

    const ID: &str = "813432c7-3c5a-45e2-9acf-eef7061c7584";

    #[test]
    fn only_json_objects_are_bodies() {
        assert!(object(Some("application/json; charset=utf-8"), b"{}").is_ok());
        assert!(object(Some("Application/JSON"), b"{}").is_ok());
        assert!(object(None, b"{}").is_err());
        assert!(object(Some("text/plain"), b"{}").is_err());
        for body in ["", "[]", "null", "1", "{", "{}x", "\u{feff}{}"] {
            assert!(
                object(Some("application/json"), body.as_bytes()).is_err(),
                "{body}"
            );
        }
        assert!(object(Some("application/json"), &[0xff]).is_err());
        assert!(object(Some("application/json"), "[".repeat(100_000).as_bytes()).is_err());
        assert!(no_body(b"").is_ok() && no_body(b"{}").is_err());
    }

    #[test]
    fn at_least_one_list_of_ids() {
        assert!(targets(&read(&json!({"participant_ids": [ID]}))).is_ok());
        assert!(targets(&read(&json!({"custom_participant_ids": ["x"], "other": 1}))).is_ok());
        for body in [
            json!({}),
            json!({"participant_ids": []}),
            json!({"participant_ids": [ID], "custom_participant_ids": []}),
            json!({"participant_ids": ["x"]}),
            json!({"participant_ids": ID}),
            json!({"participant_ids": [1]}),
            json!({"participant_ids": null, "custom_participant_ids": ["x"]}),
        ] {
            assert!(targets(&read(&body)).is_err(), "{body}");
        }
    }

    #[test]
    fn polls_may_be_as_strange_as_the_description_allows() {
        assert!(poll(&read(&json!({"question": "", "options": []}))).is_ok());
        for body in [
            json!({"question": "q"}),
            json!({"options": []}),
            json!({"question": 1, "options": []}),
            json!({"question": "q", "options": [1]}),
            json!({"question": "q", "options": [], "anonymous": "yes"}),
            json!({"question": "q", "options": [], "hide_votes": null}),
        ] {
            assert!(poll(&read(&body)).is_err(), "{body}");
        }
    }

    #[test]
    fn changes_are_checked() {
        let all = json!({"status": "INACTIVE", "title": "t", "persist_chat": true, "session_keep_alive_time_in_secs": 60});
        let patch_of_all = patch(&read(&all)).unwrap();
        assert_eq!(patch_of_all.status, Some(Status::Inactive));
        assert_eq!(patch_of_all.keep_alive_secs, Some(60.0));
        assert!(patch(&read(&json!({}))).is_ok());
        for body in [
            json!({"status": "inactive"}),
            json!({"status": null}),
            json!({"session_keep_alive_time_in_secs": 59.9}),
            json!({"session_keep_alive_time_in_secs": "60"}),
            json!({"title": 1}),
            json!({"record_on_start": 0}),
        ] {
            assert!(patch(&read(&body)).is_err(), "{body}");
        }
    }

    #[test]
    fn unmuting_is_forbidden_by_default() {
        assert_eq!(allow_unmute(&read(&json!({}))), Ok(false));
        assert_eq!(
            allow_unmute(&read(&json!({"allow_unmute": true}))),
            Ok(true)
        );
        assert!(allow_unmute(&read(&json!({"allow_unmute": "true"}))).is_err());
    }
}
