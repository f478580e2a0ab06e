//! How many requests anybody may send: a user or device by name, a stranger by address.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, MonotonicClock},
    middleware::NoOpMiddleware,
    state::keyed::HashMapStateStore,
};

use crate::{Error, config::Limits};

type Limiter<K> =
    RateLimiter<K, HashMapStateStore<K>, MonotonicClock, NoOpMiddleware<std::time::Instant>>;

/// What sort of request it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// One that checks a password, which costs the machine much.
    LogIn,
    /// Any other.
    Other,
}

/// Seconds' worth of requests that may come at once.
const BURST: u32 = 5;
/// Log-ins that may come at once from an address, and one more each second.
const LOG_INS: NonZeroU32 = NonZeroU32::new(20).expect("some");

/// The rates of everybody who asks.
pub(crate) struct Rates {
    known: Limiter<String>,
    strangers: Limiter<IpAddr>,
    log_ins: Limiter<IpAddr>,
}

impl Rates {
    pub(crate) fn new(limits: &Limits) -> Self {
        let quota = |each_second: NonZeroU32| {
            Quota::per_second(each_second)
                .allow_burst(each_second.saturating_mul(NonZeroU32::MIN.saturating_add(BURST - 1)))
        };
        Self {
            known: RateLimiter::hashmap_with_clock(quota(limits.requests), MonotonicClock),
            strangers: RateLimiter::hashmap_with_clock(quota(limits.strangers), MonotonicClock),
            log_ins: RateLimiter::hashmap_with_clock(
                Quota::per_second(NonZeroU32::MIN).allow_burst(LOG_INS),
                MonotonicClock,
            ),
        }
    }

    /// Counts a request of whoever is known by `name`, or of a stranger.
    ///
    /// # Errors
    /// After how many seconds it may come again.
    pub(crate) fn count(
        &self,
        name: Option<&str>,
        address: Option<IpAddr>,
        sort: Sort,
    ) -> Result<(), Error> {
        let address = address.map(network);
        match (name, address) {
            (Some(name), _) => check(&self.known, &name.to_owned())?,
            (None, Some(address)) => check(&self.strangers, &address)?,
            (None, None) => {}
        }
        match (sort, address) {
            (Sort::LogIn, Some(address)) => check(&self.log_ins, &address),
            _ => Ok(()),
        }
    }

    /// Forgets whoever hasn't asked for a while. Call it every second.
    pub(crate) fn sweep(&self) {
        self.known.retain_recent();
        self.strangers.retain_recent();
        self.log_ins.retain_recent();
    }
}

fn check<K: Clone + Eq + std::hash::Hash>(limiter: &Limiter<K>, key: &K) -> Result<(), Error> {
    let Err(until) = limiter.check_key(key) else {
        return Ok(());
    };
    let wait = until.wait_time_from(MonotonicClock.now());
    let seconds = wait.as_secs() + 1;
    Err(Error::busy(format_args!(
        "too many requests came from here: the next may come in {seconds} seconds"
    ))
    .after(seconds))
}

/// Whoever has one address of IP version 6 has 2^64.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => {
            let bits = u128::from(six) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(bits))
        }
        four => four,
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::{Rates, Sort};
    use crate::config::Limits;

    fn until_refused(rates: &Rates, name: Option<&str>, address: &str, sort: Sort) -> usize {
        let address: IpAddr = address.parse().expect("an address");
        let asked = (0..100_000).take_while(|_| rates.count(name, Some(address), sort).is_ok());
        asked.count()
    }

    #[test]
    fn everybody_has_a_rate_of_their_own() {
        let rates = Rates::new(&Limits::default());
        let strangers = Limits::default().strangers.get() as usize;
        let many = until_refused(&rates, None, "10.0.0.1", Sort::Other);
        assert!((strangers..20 * strangers).contains(&many), "{many}");
        // Another address, and whoever is known at the first one, aren't kept waiting.
        assert!(until_refused(&rates, None, "10.0.0.2", Sort::Other) >= strangers);
        assert!(until_refused(&rates, Some("reader"), "10.0.0.1", Sort::Other) >= strangers);
        let log_ins = until_refused(&rates, None, "10.0.0.3", Sort::LogIn);
        assert!((20..30).contains(&log_ins), "{log_ins}");
        // A stranger with a whole network of addresses is one.
        let six = until_refused(&rates, None, "2001:db8::1", Sort::Other);
        assert!(six >= strangers);
        assert!(until_refused(&rates, None, "2001:db8::2", Sort::Other) < strangers);
        let refused = rates.count(None, "2001:db8::3".parse().ok(), Sort::Other);
        assert_eq!(refused.expect_err("too many").seconds(), Some(1));
    }
}
