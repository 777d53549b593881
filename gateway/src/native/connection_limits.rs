//! Limits on connections: in all, from one address, and a reserve for health checks.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::native::client_address::TrustedProxies;

/// The reserve when all connections are taken: for health checks, and to refuse requests politely.
const RESERVE: usize = 64;

/// The most of them from one address.
const RESERVE_PER_ADDRESS: usize = 8;

/// The requests that a connection may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// Anything.
    Full,
    /// One health check; other requests are refused.
    Reserve,
}

/// Counts connections.
#[derive(Clone)]
pub struct ConnectionLimits {
    most: usize,
    per_address: usize,
    proxies: TrustedProxies,
    counts: Arc<Mutex<Counts>>,
}

#[derive(Default)]
struct Counts {
    full: usize,
    reserve: usize,
    addresses: HashMap<IpAddr, Address>,
}

#[derive(Default)]
struct Address {
    full: usize,
    reserve: usize,
}

impl ConnectionLimits {
    /// Without open connections. A trusted proxy serves many clients, so it has no limit of its
    /// own.
    pub fn new(most: usize, per_address: usize, proxies: TrustedProxies) -> Self {
        Self {
            most,
            per_address,
            proxies,
            counts: Arc::default(),
        }
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many connections are open.
    pub fn open(&self) -> usize {
        let counts = self.counts();
        counts.full + counts.reserve
    }

    /// Accepts a connection, or refuses it.
    pub(super) fn take(&self, address: IpAddr) -> Option<Taken> {
        let address = address.to_canonical();
        let trusted = self.proxies.include(address);
        let mut counts = self.counts();
        let Counts {
            full,
            reserve,
            addresses,
        } = &mut *counts;
        let known = addresses.get(&address);
        let own = known.map_or(0, |own| own.full);
        let lane = if *full < self.most && (trusted || own < self.per_address) {
            *full += 1;
            addresses.entry(address).or_default().full += 1;
            Lane::Full
        } else if *reserve < RESERVE && known.map_or(0, |own| own.reserve) < RESERVE_PER_ADDRESS {
            *reserve += 1;
            addresses.entry(address).or_default().reserve += 1;
            Lane::Reserve
        } else {
            return None;
        };
        Some(Taken {
            lane,
            address,
            counts: Arc::clone(&self.counts),
        })
    }
}

/// An open connection; dropping it ends it.
pub(super) struct Taken {
    pub(super) lane: Lane,
    address: IpAddr,
    counts: Arc<Mutex<Counts>>,
}

impl Drop for Taken {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let Counts {
            full,
            reserve,
            addresses,
        } = &mut *counts;
        if let Some(own) = addresses.get_mut(&self.address) {
            let (all, own_count) = match self.lane {
                Lane::Full => (full, &mut own.full),
                Lane::Reserve => (reserve, &mut own.reserve),
            };
            *all -= 1;
            *own_count -= 1;
            if own.full == 0 && own.reserve == 0 {
                addresses.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_limit_and_health_checks_their_reserve() {
        let proxies = TrustedProxies::new(vec!["10.0.0.0/8".parse().unwrap()]);
        let limits = ConnectionLimits::new(5, 2, proxies);
        let lane = |address: &str| {
            let taken = limits.take(address.parse().unwrap());
            taken.map(|taken| (taken.lane, taken))
        };
        let lanes = |address, count| {
            let taken: Vec<_> = (0..count).map_while(|_| lane(address)).collect();
            let full = taken.iter().filter(|(lane, _)| *lane == Lane::Full).count();
            (full, taken.len() - full, taken)
        };
        let (full, reserve, hog) = lanes("192.0.2.1", 100);
        assert_eq!((full, reserve), (2, RESERVE_PER_ADDRESS));
        // As IPv6 it is the same client.
        assert!(lane("::ffff:192.0.2.1").is_none());
        // A proxy may have all the others; then there is the reserve.
        let (full, reserve, proxy) = lanes("10.1.1.1", 100);
        assert_eq!((full, reserve), (3, RESERVE_PER_ADDRESS));
        assert_eq!(lane("192.0.2.9").map(|(lane, _)| lane), Some(Lane::Reserve));
        assert_eq!(limits.open(), 5 + 2 * RESERVE_PER_ADDRESS);
        drop((hog, proxy));
        assert_eq!(limits.open(), 0);
        assert!(limits.counts().addresses.is_empty());
        assert_eq!(lane("192.0.2.1").map(|(lane, _)| lane), Some(Lane::Full));
    }
}
