//! The table of operations. The client builds its requests from it; a gateway allows nothing else.
//!
//! Source: the API description (`tests/spec/realtimekit-moderation.openapi.yaml`). A test compares both.

use super::types::{Field, Idempotency, Method, Operation, Payload, Permission, Rule};

macro_rules! path {
    (app $rest:literal) => {
        concat!("/accounts/{account_id}/realtime/kit/{app_id}", $rest)
    };
    (meeting $rest:literal) => {
        concat!(
            "/accounts/{account_id}/realtime/kit/{app_id}/meetings/{meeting_id}",
            $rest
        )
    };
    (session $rest:literal) => {
        concat!(
            "/accounts/{account_id}/realtime/kit/{app_id}/sessions/{session_id}",
            $rest
        )
    };
}

const PARTICIPANTS: Payload = Payload::Body(&[
    Field {
        name: "participant_ids",
        rule: Rule::Ids,
    },
    Field {
        name: "custom_participant_ids",
        rule: Rule::Ids,
    },
]);

/// `GetActiveSession`: the meeting's live session.
pub const GET_ACTIVE_SESSION: Operation = Operation {
    name: "GetActiveSession",
    method: Method::Get,
    path: path!(meeting "/active-session"),
    permission: Permission::Read,
    idempotency: Idempotency::Safe,
    payload: Payload::Nothing,
};

/// `KickParticipants`: removes participants from the live session. They may rejoin.
pub const KICK_PARTICIPANTS: Operation = Operation {
    name: "KickParticipants",
    method: Method::Post,
    path: path!(meeting "/active-session/kick"),
    permission: Permission::Kick,
    idempotency: Idempotency::Idempotent,
    payload: PARTICIPANTS,
};

/// `KickAllParticipants`: removes everyone and ends the session. Has no body.
pub const KICK_ALL_PARTICIPANTS: Operation = Operation {
    name: "KickAllParticipants",
    method: Method::Post,
    path: path!(meeting "/active-session/kick-all"),
    permission: Permission::KickAll,
    idempotency: Idempotency::Idempotent,
    payload: Payload::Nothing,
};

/// `MuteParticipants`: mutes participants.
pub const MUTE_PARTICIPANTS: Operation = Operation {
    name: "MuteParticipants",
    method: Method::Post,
    path: path!(meeting "/active-session/mute"),
    permission: Permission::Mute,
    idempotency: Idempotency::Idempotent,
    payload: PARTICIPANTS,
};

/// `MuteAllParticipants`: mutes everyone.
pub const MUTE_ALL_PARTICIPANTS: Operation = Operation {
    name: "MuteAllParticipants",
    method: Method::Post,
    path: path!(meeting "/active-session/mute-all"),
    permission: Permission::MuteAll,
    idempotency: Idempotency::Idempotent,
    payload: Payload::Body(&[Field {
        name: "allow_unmute",
        rule: Rule::Flag,
    }]),
};

/// `CreatePoll`: starts a poll. A second identical request starts a second poll.
pub const CREATE_POLL: Operation = Operation {
    name: "CreatePoll",
    method: Method::Post,
    path: path!(meeting "/active-session/poll"),
    permission: Permission::Poll,
    idempotency: Idempotency::NonIdempotent,
    payload: Payload::Body(&[
        Field {
            name: "question",
            rule: Rule::Text,
        },
        Field {
            name: "options",
            rule: Rule::Texts,
        },
        Field {
            name: "anonymous",
            rule: Rule::Flag,
        },
        Field {
            name: "hide_votes",
            rule: Rule::Flag,
        },
    ]),
};

/// `GetSessionParticipants`: lists everyone who was in a session, page by page.
pub const GET_SESSION_PARTICIPANTS: Operation = Operation {
    name: "GetSessionParticipants",
    method: Method::Get,
    path: path!(session "/participants"),
    permission: Permission::Read,
    idempotency: Idempotency::Safe,
    payload: Payload::Query,
};

/// `GetSessions`: the sessions of all meetings of an app, page by page.
pub const GET_SESSIONS: Operation = Operation {
    name: "GetSessions",
    method: Method::Get,
    path: path!(app "/sessions"),
    permission: Permission::Read,
    idempotency: Idempotency::Safe,
    payload: Payload::Query,
};

/// `GetAudit`: a page of a meeting's audit, which only a gateway has. It is no operation of the API.
pub const GET_AUDIT: Operation = Operation {
    name: "GetAudit",
    method: Method::Get,
    path: path!(meeting "/audit"),
    permission: Permission::Read,
    idempotency: Idempotency::Safe,
    payload: Payload::Query,
};

/// `GetMeeting`: the meeting.
pub const GET_MEETING: Operation = Operation {
    name: "GetMeeting",
    method: Method::Get,
    path: path!(meeting ""),
    permission: Permission::Read,
    idempotency: Idempotency::Safe,
    payload: Payload::Query,
};

/// `UpdateMeeting`: `status` `INACTIVE` stops anyone new from joining.
pub const UPDATE_MEETING: Operation = Operation {
    name: "UpdateMeeting",
    method: Method::Patch,
    path: path!(meeting ""),
    permission: Permission::Lock,
    idempotency: Idempotency::Idempotent,
    payload: Payload::Body(&[Field {
        name: "status",
        rule: Rule::OptionalText,
    }]),
};

/// `DeleteMeetingParticipant`: revokes the participant's token.
pub const DELETE_MEETING_PARTICIPANT: Operation = Operation {
    name: "DeleteMeetingParticipant",
    method: Method::Delete,
    path: path!(meeting "/participants/{participant_id}"),
    permission: Permission::Ban,
    idempotency: Idempotency::Idempotent,
    payload: Payload::Nothing,
};

impl Operation {
    /// Finds an operation by its `operationId`.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        OPERATIONS.iter().find(|operation| operation.name == name)
    }
}

impl Permission {
    /// Parses the word in a grant.
    pub fn from_word(word: &str) -> Option<Self> {
        OPERATIONS
            .iter()
            .map(|operation| operation.permission)
            .find(|permission| permission.word() == word)
    }
}

/// All operations of the API.
pub static OPERATIONS: [Operation; 11] = [
    GET_ACTIVE_SESSION,
    KICK_PARTICIPANTS,
    KICK_ALL_PARTICIPANTS,
    MUTE_PARTICIPANTS,
    MUTE_ALL_PARTICIPANTS,
    CREATE_POLL,
    GET_SESSION_PARTICIPANTS,
    GET_SESSIONS,
    GET_MEETING,
    UPDATE_MEETING,
    DELETE_MEETING_PARTICIPANT,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_routes_are_each_used_once() {
        for (at, one) in OPERATIONS.iter().enumerate() {
            for other in &OPERATIONS[at + 1..] {
                assert_ne!(one.name, other.name);
                assert_ne!((one.method, one.path), (other.method, other.path));
            }
        }
    }

    #[test]
    fn a_read_is_a_get_and_needs_only_read() {
        for operation in &OPERATIONS {
            let reads = operation.method == Method::Get;
            assert_eq!(
                operation.idempotency == Idempotency::Safe,
                reads,
                "{operation:?}"
            );
            assert_eq!(
                operation.permission == Permission::Read,
                reads,
                "{operation:?}"
            );
        }
    }

    #[test]
    fn only_a_poll_is_not_idempotent() {
        let once: Vec<_> = OPERATIONS
            .iter()
            .filter(|operation| operation.idempotency == Idempotency::NonIdempotent)
            .map(|operation| operation.name)
            .collect();
        assert_eq!(once, ["CreatePoll"]);
    }

    #[test]
    fn every_path_starts_with_the_account() {
        for operation in &OPERATIONS {
            assert_eq!(operation.path_ids().next(), Some("account_id"));
        }
    }

    #[test]
    fn a_permission_is_parsed_from_its_word() {
        for operation in &OPERATIONS {
            let word = operation.permission.word();
            assert_eq!(Permission::from_word(word), Some(operation.permission));
        }
        assert_eq!(Permission::from_word("admin"), None);
    }
}
