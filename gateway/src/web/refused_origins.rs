//! The log of refused origins: each once, so that an operator who forgot one finds it and others cannot fill
//! the log.

use std::collections::HashSet;
use std::fmt::Display;
use std::sync::{Mutex, PoisonError};

use crate::api_response::{ForeignOrigin, Refusal};

/// The most refused origins that are logged.
const MOST: usize = 100;

/// The refused origins that were logged.
#[derive(Default)]
pub(super) struct RefusedOrigins(Mutex<HashSet<String>>);

impl RefusedOrigins {
    /// Logs the refusal of an origin, unless it was logged before or a hundred others were.
    pub(super) fn log(&self, refusal: &Refusal, request_id: &str, client: Option<impl Display>) {
        let Refusal::OtherOrigin(ForeignOrigin {
            origin: Some(origin),
            host,
        }) = refusal
        else {
            return;
        };
        let mut logged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if logged.len() < MOST && logged.insert(origin.clone()) {
            let (host, client) = (host.as_deref(), client.map(tracing::field::display));
            tracing::info!(request_id, origin, host, client, "origin refused");
        }
    }
}
