//! The words the API uses, each of which may one day have company.

use serde::{Deserialize, Serialize};

/// A word the API uses, of which there may be more one day.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident = $text:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$word_doc])* $word,)*
            /// A word this version does not know.
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
                    $($name::$word => $text.to_owned(),)*
                    $name::Other(word) => word,
                }
            }
        }
    )*};
}

words! {
    /// Whether a session goes on.
    SessionStatus {
        /// It goes on.
        Live = "LIVE",
        /// It is over.
        Ended = "ENDED",
    }
    /// What kind of session it is.
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
        /// It cannot; who is in stays in.
        Inactive = "INACTIVE",
    }
    /// What a list of participants is sorted by.
    SortBy {
        /// When they joined.
        JoinedAt = "joinedAt",
        /// How long they were in.
        Duration = "duration",
    }
    /// Which way a list is sorted.
    SortOrder {
        /// Upwards.
        Ascending = "ASC",
        /// Downwards.
        Descending = "DESC",
    }
    /// How breakout rooms count in a list of participants.
    View {
        /// Each session by itself.
        Raw = "raw",
        /// Breakout rooms' durations added up.
        Consolidated = "consolidated",
    }
}
