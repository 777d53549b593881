//! The messages of a client, and how many it may send.

use serde::Deserialize;

use super::close::Close;

/// The largest message, in bytes.
pub const LARGEST: usize = 16 * 1024;

/// How many messages may come at once.
const BURST: u64 = 20;

/// How often one more may come, in milliseconds.
const EVERY_MS: u64 = 1000;

/// A message of a client.
#[derive(PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum Inbound {
    /// A new grant.
    Grant {
        /// The token.
        token: String,
    },
    /// Read the meeting now.
    Refresh {},
}

impl std::fmt::Debug for Inbound {
    /// Without the token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Grant { .. } => "Grant",
            Self::Refresh {} => "Refresh",
        })
    }
}

impl Inbound {
    /// Its type.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Grant { .. } => "grant",
            Self::Refresh {} => "refresh",
        }
    }

    /// Reads a message.
    ///
    /// # Errors
    ///
    /// If the protocol has no such message.
    pub fn parse(text: &str) -> Result<Self, Close> {
        serde_json::from_str(text).map_err(|_| Close::Unknown)
    }
}

/// How many bytes count as one more message: frames of nothing are no way around the limit.
const BYTES: usize = 4096;

/// The limit on one socket's messages.
#[derive(Debug)]
pub struct MessageLimit {
    left: u64,
    since_ms: u64,
    bytes: usize,
}

impl MessageLimit {
    /// Nothing has come yet.
    pub fn new(now_ms: u64) -> Self {
        Self {
            left: BURST,
            since_ms: now_ms,
            bytes: 0,
        }
    }

    /// Bytes have come.
    ///
    /// # Errors
    ///
    /// If they are too many.
    pub fn bytes(&mut self, bytes: usize, now_ms: u64) -> Result<(), Close> {
        self.bytes = self.bytes.saturating_add(bytes);
        while self.bytes >= BYTES {
            self.bytes -= BYTES;
            self.take(now_ms)?;
        }
        Ok(())
    }

    /// A message or a ping has come.
    ///
    /// # Errors
    ///
    /// If it is one too many.
    pub fn take(&mut self, now_ms: u64) -> Result<(), Close> {
        let more = now_ms.saturating_sub(self.since_ms) / EVERY_MS;
        self.left = self.left.saturating_add(more).min(BURST);
        self.since_ms += more * EVERY_MS;
        self.left = self.left.checked_sub(1).ok_or(Close::TooMany)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_messages_are_read() {
        let token = "a.b.c".to_owned();
        let grant = Inbound::parse(r#"{"type":"grant","token":"a.b.c"}"#).unwrap();
        assert_eq!(grant, Inbound::Grant { token });
        assert!(!format!("{grant:?}").contains("a.b.c"));
        assert_eq!(
            Inbound::parse(r#"{"type":"refresh"}"#),
            Ok(Inbound::Refresh {})
        );
        for other in [
            "",
            "null",
            "{}",
            "[]",
            r#""refresh""#,
            r#"{"type":"snapshot"}"#,
            r#"{"type":"grant"}"#,
            r#"{"type":"grant","token":7}"#,
            r#"{"type":"grant","token":"a","more":1}"#,
            r#"{"type":"refresh"} {"type":"refresh"}"#,
        ] {
            assert_eq!(Inbound::parse(other), Err(Close::Unknown), "{other}");
        }
    }

    #[test]
    fn a_burst_and_then_one_a_second() {
        let mut limit = MessageLimit::new(500);
        let mut taken = |now| limit.take(now).is_ok();
        assert!((0..BURST).all(|_| taken(500)));
        assert!(!taken(1499));
        assert!(taken(1500));
        assert!(!taken(2400));
        assert!(taken(2500));
        // A quiet hour gives one burst.
        assert!((0..BURST).all(|_| taken(3_600_000)));
        assert!(!taken(3_600_000));
    }
}
