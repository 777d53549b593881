//! The API's enumerations. Each keeps values that this version does not know.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An enumeration that may grow.
macro_rules! enums {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident = $text:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$word_doc])* $word,)*
            /// A value that this version does not know.
            Other(String),
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                match word.as_str() {
                    $($text => Self::$word,)*
                    _ => Self::Other(word),
                }
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> Self {
                match word {
                    $name::Other(word) => word,
                    word => word.as_str().to_owned(),
                }
            }
        }

        impl $name {
            /// The value as the API writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$word => $text,)*
                    Self::Other(word) => word,
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    )*};
}

enums! {
    /// The status of a session.
    SessionStatus {
        /// Live.
        Live = "LIVE",
        /// Ended.
        Ended = "ENDED",
    }
    /// The kind of a session.
    SessionType {
        /// A meeting.
        Meeting = "meeting",
        /// A livestream.
        Livestream = "livestream",
        /// A participant's.
        Participant = "participant",
    }
    /// Whether a meeting can be joined.
    MeetingStatus {
        /// It can.
        Active = "ACTIVE",
        /// It cannot. Participants already there stay.
        Inactive = "INACTIVE",
    }
    /// The sort key of a list of participants.
    SortBy {
        /// Join time.
        JoinedAt = "joinedAt",
        /// Time in the session.
        Duration = "duration",
    }
    /// The order of a list.
    SortOrder {
        /// Ascending.
        Ascending = "ASC",
        /// Descending.
        Descending = "DESC",
    }
    /// How breakout rooms count in a list of participants.
    View {
        /// Each session by itself.
        Raw = "raw",
        /// Durations in breakout rooms are added up.
        Consolidated = "consolidated",
    }
}
