//! How events are delivered, as tests ask for.

use serde::Deserialize;

/// How events are delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mode {
    /// At once.
    #[default]
    Normal,
    /// Not at all.
    Drop,
    /// When they are released.
    Hold,
}

/// What tests ask for.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Behaviour {
    /// How events are delivered.
    pub(crate) deliver: Mode,
    /// How often each is delivered once more.
    pub(crate) repeat: u32,
    /// How late each is.
    pub(crate) delay_ms: u64,
}
