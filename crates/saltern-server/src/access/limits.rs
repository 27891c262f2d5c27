//! How often someone may ask. A limit slows down; it never locks out who is signed in.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::error::ServerError;

type Keyed<K> = RateLimiter<K, HashMapStateStore<K>, DefaultClock, NoOpMiddleware>;

/// Limits by address, by name and by caller.
pub(crate) struct Limits {
    clock: DefaultClock,
    /// Sign-ins from an address.
    from: Keyed<IpAddr>,
    /// Sign-ins under a name from an address: someone else's failures don't keep its owner out.
    under: Keyed<(IpAddr, String)>,
    /// Requests of a caller.
    of: Keyed<String>,
    /// Changes by a caller.
    changes: Keyed<String>,
}

/// So many a second with so many at once.
fn quota(per_second: u32, burst: u32) -> Quota {
    let some = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
    Quota::per_second(some(per_second)).allow_burst(some(burst))
}

/// So many a minute with so many at once.
fn slow(per_minute: u32, burst: u32) -> Quota {
    let some = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
    Quota::per_minute(some(per_minute)).allow_burst(some(burst))
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            clock: DefaultClock::default(),
            from: RateLimiter::hashmap(slow(60, 60)),
            under: RateLimiter::hashmap(slow(10, 10)),
            of: RateLimiter::hashmap(quota(200, 2000)),
            changes: RateLimiter::hashmap(quota(100, 1000)),
        }
    }
}

impl Limits {
    /// Someone tries to sign in.
    pub(crate) fn sign_in(&self, from: IpAddr, name: &str) -> Result<(), ServerError> {
        self.check(&self.from, &from)?;
        self.check(&self.under, &(from, name.to_lowercase()))
    }

    /// A caller asks for something.
    pub(crate) fn request(&self, caller: &str, changes: bool) -> Result<(), ServerError> {
        let caller = caller.to_string();
        if changes {
            self.check(&self.changes, &caller)?;
        }
        self.check(&self.of, &caller)
    }

    /// Forgets who has not asked for long.
    pub(crate) fn tidy(&self) {
        self.from.retain_recent();
        self.under.retain_recent();
        self.of.retain_recent();
        self.changes.retain_recent();
    }

    fn check<K: Clone + std::hash::Hash + Eq>(
        &self,
        limiter: &Keyed<K>,
        key: &K,
    ) -> Result<(), ServerError> {
        limiter.check_key(key).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            let wait_s = wait.as_secs() + 1;
            ServerError::TooMany { wait_s }
        })
    }
}
