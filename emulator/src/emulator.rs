//! The state that all requests share.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::faults::FaultPlan;
use crate::rate_limit::RateLimiter;
use crate::request_log::RequestLog;
use crate::webhooks::Courier;
use crate::world::{LeftAt, World};

/// The settings from the command line.
pub(crate) struct Settings {
    pub(crate) token: String,
    pub(crate) account: String,
    pub(crate) first_page: usize,
    pub(crate) left_at: LeftAt,
    pub(crate) rate_limit: u64,
    pub(crate) rate_window: Duration,
    pub(crate) print_requests: bool,
}

/// The whole emulator. Code that needs two locks takes one after the other, never both.
pub(crate) struct Emulator {
    pub(crate) settings: Settings,
    pub(crate) world: Mutex<World>,
    pub(crate) limiter: Mutex<RateLimiter>,
    pub(crate) faults: Mutex<FaultPlan>,
    pub(crate) request_log: Mutex<RequestLog>,
    pub(crate) courier: Courier,
    pub(crate) started: Instant,
}

impl Emulator {
    /// An emulator with a world.
    pub(crate) fn new(settings: Settings, world: World) -> Self {
        Self {
            limiter: Mutex::new(RateLimiter::new(settings.rate_limit, settings.rate_window)),
            settings,
            world: Mutex::new(world),
            faults: Mutex::default(),
            request_log: Mutex::default(),
            courier: Courier::default(),
            started: Instant::now(),
        }
    }
}

/// Locks a mutex. Ignores poisoning, so that one failed request does not stop the emulator.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
