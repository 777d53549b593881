//! IDs as types: checked once, in their constructors.
//!
//! An ID becomes exactly one segment of a path, whatever it contains. The types keep apart what looks alike: the
//! [`ParticipantId`] of a person, which kicks and mutes take, and the [`PeerId`] of one of their joins, which they do
//! not.
//!
//! ```
//! use realtimekit_moderator::id::{MeetingId, ParticipantId};
//!
//! let meeting: MeetingId = "6bf2b8be-04dd-4191-b602-1128921a306b".parse()?;
//! assert_eq!(meeting.to_string(), "6bf2b8be-04dd-4191-b602-1128921a306b");
//! assert!(ParticipantId::new("..").is_err());
//! # Ok::<(), realtimekit_moderator::InvalidArgument>(())
//! ```

use crate::api::invalid_argument::InvalidArgument;
use crate::request::id::Segment;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $field:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks an ID.
            ///
            /// # Errors
            ///
            /// If it is empty, `.` or `..` (also percent-encoded), longer than 2,048 bytes, or
            /// holds a control character.
            pub fn new(id: impl Into<String>) -> Result<Self, InvalidArgument> {
                let id = id.into();
                Segment::new($field, &id)?;
                Ok(Self(id))
            }

            /// The ID as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The ID as it stands in a path.
            #[allow(dead_code, reason = "a peer's ID is in no path")]
            pub(crate) fn segment(&self) -> Segment {
                Segment::escaped(&self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }

        impl TryFrom<&str> for $name {
            type Error = InvalidArgument;

            fn try_from(id: &str) -> Result<Self, InvalidArgument> {
                Self::new(id)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidArgument;

            fn try_from(id: String) -> Result<Self, InvalidArgument> {
                Self::new(id)
            }
        }

        impl FromStr for $name {
            type Err = InvalidArgument;

            fn from_str(id: &str) -> Result<Self, InvalidArgument> {
                Self::new(id)
            }
        }

        impl From<&$name> for $name {
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*};
}

ids! {
    /// The Cloudflare account's ID.
    AccountId = "account_id";
    /// The RealtimeKit app's ID.
    AppId = "app_id";
    /// A meeting's ID: a UUID, or in V1 a room name of the form `abcdef-ghijkl`.
    MeetingId = "meeting_id";
    /// A session's ID, the `id` of an active session.
    SessionId = "session_id";
    /// A participant's permanent ID: the `user_id` of a listed participant.
    ParticipantId = "participant_id";
    /// A peer's ID: the `id` of a listed participant, new at every join. Kicks and mutes take a [`ParticipantId`].
    PeerId = "peer_id";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeSet, HashSet};

    #[test]
    fn an_id_is_its_text() {
        let id = AppId::new("an app/é").unwrap();
        assert_eq!(id, "an app/é");
        assert_eq!(id.as_ref(), "an app/é");
        assert_eq!(format!("{id:>10}"), "  an app/é");
        assert_eq!(String::from(id.clone()), "an app/é");
        assert_eq!(id.segment().as_str(), "an%20app%2F%C3%A9");
        assert_eq!(AppId::try_from("an app/é".to_owned()), Ok(id.clone()));
        assert_eq!("an app/é".parse(), Ok(id.clone()));
        assert_eq!(AppId::from(&id), id);
    }

    #[test]
    fn an_id_is_checked_however_it_is_made() {
        for id in ["", "..", "%2e", "a\0"] {
            let error = MeetingId::new(id).unwrap_err();
            assert_eq!(error.argument(), "meeting_id");
            assert!(MeetingId::try_from(id.to_owned()).is_err());
            let json = serde_json::to_string(id).unwrap();
            assert!(serde_json::from_str::<MeetingId>(&json).is_err());
        }
    }

    #[test]
    fn ids_are_keys_and_json() {
        let [a, b] = ["a", "b"].map(|id| ParticipantId::new(id).unwrap());
        assert!(a < b);
        assert_eq!(HashSet::from([a.clone(), a.clone(), b.clone()]).len(), 2);
        assert_eq!(BTreeSet::from([b.clone(), a.clone()]).first(), Some(&a));
        assert_eq!(serde_json::to_string(&[a, b]).unwrap(), r#"["a","b"]"#);
    }
}
