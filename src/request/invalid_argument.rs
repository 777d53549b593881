//! The error of an argument that was rejected before anything was sent.

/// An argument that was rejected before anything was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidArgument {
    argument: &'static str,
    reason: &'static str,
}

impl InvalidArgument {
    pub(crate) const fn new(argument: &'static str, reason: &'static str) -> Self {
        Self { argument, reason }
    }

    /// The name of the argument, as in the API or in the options.
    pub fn argument(&self) -> &'static str {
        self.argument
    }

    /// What is wrong with it. Never contains the value.
    pub fn reason(&self) -> &'static str {
        self.reason
    }

    /// Both, as one sentence.
    pub(crate) fn message(&self) -> String {
        let mut message = String::from(self.argument);
        message.push(' ');
        message.push_str(self.reason);
        message
    }
}

impl core::fmt::Display for InvalidArgument {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.message())
    }
}

impl core::error::Error for InvalidArgument {}
