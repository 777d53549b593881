//! The table of operations: for each, its method, path, permission, what it sends, and what a
//! repeat of it does.
//!
//! One table serves everybody: the client builds its requests from it, and a gateway allows
//! nothing that is not in it. It says what the API description
//! (`tests/spec/realtimekit-moderation.openapi.yaml`) says, which a test compares.

use crate::text::{inside, pieces};

/// The HTTP method of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Acts.
    Post,
    /// Changes.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// The method as it stands in a request.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// What somebody must be allowed to do for an operation to be theirs.
///
/// The words are what a gateway's grants list under `can`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See the session, the meeting and who is in.
    Read,
    /// Kick participants, who may come back.
    Kick,
    /// Kick everybody, which ends the session.
    KickAll,
    /// Mute participants.
    Mute,
    /// Mute everybody.
    MuteAll,
    /// Start a poll.
    Poll,
    /// Remove a participant from the meeting: their token no longer lets them in.
    Ban,
    /// Close and open the meeting for joining.
    Lock,
}

impl Permission {
    /// The word a grant uses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Kick => "kick",
            Self::KickAll => "kick_all",
            Self::Mute => "mute",
            Self::MuteAll => "mute_all",
            Self::Poll => "poll",
            Self::Ban => "ban",
            Self::Lock => "lock",
        }
    }

    /// The permission a grant's word means.
    pub fn from_word(word: &str) -> Option<Self> {
        OPERATIONS
            .iter()
            .map(|operation| operation.permission)
            .find(|permission| permission.word() == word)
    }
}

/// What sending an operation's request a second time does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idempotency {
    /// Changes nothing: may be repeated freely.
    Safe,
    /// Has no further effect: may be repeated, but the response may then be an error.
    Idempotent,
    /// Acts again (a second poll): never repeated if it may have been carried out.
    NonIdempotent,
}

/// What an operation takes besides the IDs in its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// Nothing.
    Nothing,
    /// Its parameters, in the query.
    Query,
    /// Its parameters, as a JSON body; these fields are checked before it is sent.
    Body(&'static [Field]),
}

/// A field of a body that is checked before it is sent; others go as they are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The field's name in the body.
    pub name: &'static str,
    /// What it must be.
    pub rule: Rule,
}

/// What a field of a body must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A list of IDs; of all such fields of a body at least one must name somebody.
    Ids,
    /// A string, required.
    Text,
    /// A string, if given.
    OptionalText,
    /// A list of non-empty strings, required.
    Texts,
    /// A boolean, if given.
    Flag,
}

/// One operation of the API.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// Its `operationId` in the API description.
    pub name: &'static str,
    /// Its HTTP method.
    pub method: Method,
    /// Its path below the API's base, with `{placeholders}`.
    pub path: &'static str,
    /// What a grant must allow for it.
    pub permission: Permission,
    /// What a repeat of it does.
    pub idempotency: Idempotency,
    /// What it takes besides the path's IDs.
    pub payload: Payload,
}

impl Operation {
    /// The operation of that `operationId`.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        OPERATIONS.iter().find(|operation| operation.name == name)
    }

    /// The names of the IDs in its path, in their order; the first is always `account_id`.
    pub fn path_ids(&self) -> impl Iterator<Item = &'static str> {
        self.path_pieces().filter_map(Result::ok)
    }

    /// The pieces of its path between the slashes: `Ok` the name of an ID that stands there, `Err`
    /// text that stands as it is.
    pub fn path_pieces(&self) -> impl Iterator<Item = Result<&'static str, &'static str>> {
        pieces(self.path, b'/')
            .skip(1)
            .map(|piece| inside(piece, b'{', b'}').ok_or(piece))
    }
}

macro_rules! path {
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

/// `KickParticipants`: some leave the live session; they may come back.
pub const KICK_PARTICIPANTS: Operation = Operation {
    name: "KickParticipants",
    method: Method::Post,
    path: path!(meeting "/active-session/kick"),
    permission: Permission::Kick,
    idempotency: Idempotency::Idempotent,
    payload: PARTICIPANTS,
};

/// `KickAllParticipants`: everybody leaves, and the session ends. It has no body.
pub const KICK_ALL_PARTICIPANTS: Operation = Operation {
    name: "KickAllParticipants",
    method: Method::Post,
    path: path!(meeting "/active-session/kick-all"),
    permission: Permission::KickAll,
    idempotency: Idempotency::Idempotent,
    payload: Payload::Nothing,
};

/// `MuteParticipants`: some are muted.
pub const MUTE_PARTICIPANTS: Operation = Operation {
    name: "MuteParticipants",
    method: Method::Post,
    path: path!(meeting "/active-session/mute"),
    permission: Permission::Mute,
    idempotency: Idempotency::Idempotent,
    payload: PARTICIPANTS,
};

/// `MuteAllParticipants`: everybody is muted.
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

/// `CreatePoll`: a new poll; a second identical request makes a second poll.
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

/// `GetSessionParticipants`: everybody who was in a session, a page at a time.
pub const GET_SESSION_PARTICIPANTS: Operation = Operation {
    name: "GetSessionParticipants",
    method: Method::Get,
    path: path!(session "/participants"),
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

/// `UpdateMeeting`: `status` INACTIVE keeps everybody from joining.
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

/// `DeleteMeetingParticipant`: the participant's token no longer lets them in.
pub const DELETE_MEETING_PARTICIPANT: Operation = Operation {
    name: "DeleteMeetingParticipant",
    method: Method::Delete,
    path: path!(meeting "/participants/{participant_id}"),
    permission: Permission::Ban,
    idempotency: Idempotency::Idempotent,
    payload: Payload::Nothing,
};

/// Every operation there is.
pub static OPERATIONS: [Operation; 10] = [
    GET_ACTIVE_SESSION,
    KICK_PARTICIPANTS,
    KICK_ALL_PARTICIPANTS,
    MUTE_PARTICIPANTS,
    MUTE_ALL_PARTICIPANTS,
    CREATE_POLL,
    GET_SESSION_PARTICIPANTS,
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
    fn only_a_poll_is_once() {
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
    fn words_lead_back_to_their_permission() {
        for operation in &OPERATIONS {
            let word = operation.permission.word();
            assert_eq!(Permission::from_word(word), Some(operation.permission));
        }
        assert_eq!(Permission::from_word("admin"), None);
    }
}
