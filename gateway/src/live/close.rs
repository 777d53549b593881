//! Why the gateway closes a socket.

/// A reason, with its code and text on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// The client closed it.
    Done,
    /// A frame is malformed.
    Protocol,
    /// A binary message.
    Binary,
    /// A text is not UTF-8.
    Utf8,
    /// A message that the protocol does not have.
    Unknown,
    /// A message is too large.
    TooLarge,
    /// The gateway stops.
    Restart,
    /// The grant has expired.
    Expired,
    /// The grant is revoked, or allows it no longer.
    Revoked,
    /// The client has sent nothing for long, not even a pong.
    Silent,
    /// The client reads too slowly.
    TooSlow,
    /// The client sends too many messages.
    TooMany,
}

impl Close {
    /// The code.
    pub fn code(self) -> u16 {
        self.terms().0
    }

    /// The text.
    pub fn reason(self) -> &'static str {
        self.terms().1
    }

    fn terms(self) -> (u16, &'static str) {
        match self {
            Self::Done => (1000, ""),
            Self::Protocol => (1002, "malformed frame"),
            Self::Binary => (1003, "binary message"),
            Self::Utf8 => (1007, "not UTF-8"),
            Self::Unknown => (1008, "not a message of this protocol"),
            Self::TooLarge => (1009, "too large"),
            Self::Restart => (1012, "restart"),
            Self::Expired => (4401, "the grant has expired"),
            Self::Revoked => (4403, "the grant is revoked"),
            Self::Silent => (4408, "no sign of life"),
            Self::TooSlow => (4413, "too slow"),
            Self::TooMany => (4429, "too many messages"),
        }
    }

    /// Its label in metrics.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Protocol => "protocol",
            Self::Binary => "binary",
            Self::Utf8 => "utf8",
            Self::Unknown => "unknown",
            Self::TooLarge => "too_large",
            Self::Restart => "restart",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Silent => "silent",
            Self::TooSlow => "too_slow",
            Self::TooMany => "too_many",
        }
    }
}
