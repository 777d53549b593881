//! What an operation of the API is: its method, path, permission, payload and idempotency.

use crate::ascii::{inside, pieces};

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

/// What a moderator must be allowed to do to call an operation.
///
/// A gateway's grants list these words under `can`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See the session, the meeting and the participants.
    Read,
    /// Remove participants, who may rejoin.
    Kick,
    /// Remove everyone, which ends the session.
    KickAll,
    /// Mute participants.
    Mute,
    /// Mute everyone.
    MuteAll,
    /// Start a poll.
    Poll,
    /// Remove a participant from the meeting: their token no longer lets them in.
    Ban,
    /// Lock and unlock the meeting.
    Lock,
}

impl Permission {
    /// The word in a grant.
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

/// What an operation sends besides the IDs in its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// Nothing.
    Nothing,
    /// The parameters, in the query.
    Query,
    /// The parameters, as a JSON body. These fields are validated before it is sent.
    Body(&'static [Field]),
}

/// A field of a body that is validated before it is sent. Other fields are sent as given.
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
    /// A list of IDs. At least one such field of a body must hold an ID.
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
    /// The names of the IDs in its path, in order. The first is always `account_id`.
    pub fn path_ids(&self) -> impl Iterator<Item = &'static str> {
        self.path_segments().filter_map(Result::ok)
    }

    /// The segments of its path: `Ok` with the name of an ID, `Err` with literal text.
    pub fn path_segments(&self) -> impl Iterator<Item = Result<&'static str, &'static str>> {
        pieces(self.path, b'/')
            .skip(1)
            .map(|piece| inside(piece, b'{', b'}').ok_or(piece))
    }
}
