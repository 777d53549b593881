//! The API's parameters and responses as Rust types.
//!
//! Responses are decoded leniently: the API's own published examples lack fields that its description
//! requires. So every field of a response is optional, and unknown fields are kept in `other`. An ID or a number of
//! another form is absent.
//!
//! The structs have `Default`: a test makes one, and sets the fields it needs.
//! Source: Cloudflare's API description, `tests/spec/`.

mod enums;
mod envelope;
mod failed;
mod lenient;
mod live;
mod params;
mod responses;

pub use enums::*;
pub use envelope::Envelope;
pub(crate) use envelope::ResponseMeta;
pub use failed::FailedParticipant;
pub use live::*;
pub use params::*;
pub use responses::*;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ParticipantId;
    use serde_json::json;
    use std::time::Duration;

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
        let a = ParticipantId::new("a").unwrap();
        let ids = ParticipantIds::users([&a]);
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
    fn ids_and_numbers_of_another_form_are_absent() {
        let read = |entry| serde_json::from_value::<Participant>(entry).unwrap();
        let participant = read(json!({"id": "p", "user_id": "u", "duration": 1.5}));
        assert_eq!(participant.id.as_ref().map(AsRef::as_ref), Some("p"));
        assert_eq!(participant.user_id.as_ref().map(AsRef::as_ref), Some("u"));
        assert_eq!(participant.duration, Some(Duration::from_secs(90)));
        let written = serde_json::to_value(&participant).unwrap();
        assert_eq!(written, json!({"id": "p", "user_id": "u", "duration": 1.5}));
        let odd = read(json!({"id": "", "user_id": null, "duration": -1}));
        assert_eq!(odd, Participant::default());
        assert_eq!(
            read(json!({"id": 5, "user_id": ".."})),
            Participant::default()
        );

        let count = |number| {
            let session = json!({ "live_participants": number });
            let session: Session = serde_json::from_value(session).unwrap();
            session.live_participants
        };
        assert_eq!(count(json!(3)), Some(3));
        assert_eq!(count(json!(3.0)), Some(3));
        assert_eq!(count(json!(-1)), None);
        assert_eq!(count(json!("3")), None);
        assert_eq!(count(json!(null)), None);
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
