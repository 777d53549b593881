//! What all requests share.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::faults::FaultPlan;
use crate::limit::Limiter;
use crate::record::Record;
use crate::world::{LeftAt, World};

/// What was settled at the start.
pub(crate) struct Settings {
    pub(crate) token: String,
    pub(crate) account: String,
    pub(crate) first_page: usize,
    pub(crate) left_at: LeftAt,
    pub(crate) rate_limit: u64,
    pub(crate) rate_window: Duration,
    pub(crate) print_requests: bool,
}

/// The whole emulator. When two locks are needed, they are taken one after the other.
pub(crate) struct Emulator {
    pub(crate) settings: Settings,
    pub(crate) world: Mutex<World>,
    pub(crate) limiter: Mutex<Limiter>,
    pub(crate) faults: Mutex<FaultPlan>,
    pub(crate) record: Mutex<Record>,
    pub(crate) born: Instant,
}

impl Emulator {
    /// An emulator of a world.
    pub(crate) fn new(settings: Settings, world: World) -> Self {
        Self {
            limiter: Mutex::new(Limiter::new(settings.rate_limit, settings.rate_window)),
            settings,
            world: Mutex::new(world),
            faults: Mutex::default(),
            record: Mutex::default(),
            born: Instant::now(),
        }
    }
}

/// Locks. A thread that failed while it held the lock does not take the emulator down with it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
