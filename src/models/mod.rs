//! The API's parameters and responses as Rust types.
//!
//! Responses are decoded leniently: the API's own published examples lack fields that its description
//! requires. So every field of a response is optional, and unknown fields are kept in `other`.
//! Source: Cloudflare's API description, `tests/spec/`.

mod enums;
mod params;
mod responses;

pub use enums::*;
pub use params::*;
pub use responses::*;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_published_session_is_read_and_kept_whole() {
        let published = json!({
            "data": {
                "associated_id": "6bf2b8be-04dd-4191-b602-1128921a306b",
                "ended_at": "null",
                "live_participants": 1,
                "minutes_consumed": 2.3434,
                "status": "LIVE",
                "type": "meeting",
                "not_described": {"a": [1, null]}
            },
            "success": true,
            "neither": 1
        });
        let envelope: Envelope<Session> = serde_json::from_value(published).unwrap();
        let session = envelope.data.unwrap();
        assert_eq!(session.status, Some(SessionStatus::Live));
        assert_eq!(session.ended_at.as_deref(), Some("null"));
        assert_eq!(session.meeting_display_name, None);
        assert_eq!(session.other["not_described"], json!({"a": [1, null]}));
        assert_eq!(envelope.other["neither"], json!(1));
    }

    #[test]
    fn unknown_values_are_kept() {
        let status: SessionStatus = serde_json::from_value(json!("PAUSED")).unwrap();
        assert_eq!(status, SessionStatus::Other("PAUSED".into()));
        assert_eq!(serde_json::to_value(status).unwrap(), json!("PAUSED"));
    }

    #[test]
    fn only_what_is_given_is_sent() {
        let ids = ParticipantIds::users(["a"]);
        assert_eq!(
            serde_json::to_value(ids).unwrap(),
            json!({"participant_ids": ["a"]})
        );
        let poll = CreatePollParams::new("Lunch?", ["yes", "no"]).anonymous(true);
        assert_eq!(
            serde_json::to_value(poll).unwrap(),
            json!({"question": "Lunch?", "options": ["yes", "no"], "anonymous": true})
        );
        assert_eq!(
            serde_json::to_value(UpdateMeetingParams::lock()).unwrap(),
            json!({"status": "INACTIVE"})
        );
        assert_eq!(
            serde_json::to_value(ListParticipants::default()).unwrap(),
            json!({})
        );
    }

    #[test]
    fn a_peer_that_has_not_left_is_in() {
        let mut participant = Participant::default();
        assert!(participant.is_in());
        participant.left_at = Some(String::new());
        assert!(participant.is_in());
        participant.left_at = Some("2023-02-01T10:56:56.612Z".into());
        assert!(!participant.is_in());
    }
}
