//! From the policy to the settings of the gateway's core.

use std::num::NonZeroU32;
use std::time::Duration;

use secrecy::ExposeSecret;

use super::Policy;
use crate::api_budget::Terms;
use crate::gateway::Settings;
use crate::live::schedule::Pace;
use crate::rate_limits::PerMinute;
use crate::read_cache::Lifetimes;
use crate::route::Id;
use crate::token_verifier::Secrets;

impl Policy {
    /// The core's settings.
    ///
    /// # Errors
    ///
    /// Names the wrong field.
    pub fn settings(&self) -> Result<Settings, String> {
        let at_least_one = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Ok(Settings {
            account_id: Id::new(&self.account_id).ok_or("account_id: is not one")?,
            lifetimes: Lifetimes {
                fresh_ms: ms(self.reads.fresh),
                stale_ms: ms(self.reads.stale).max(ms(self.reads.fresh)),
            },
            per_minute: PerMinute {
                reads: at_least_one(self.reads.limit_per_minute),
                all_reads: at_least_one(self.reads.total_per_minute),
                new_reads: at_least_one(self.reads.new_per_minute),
                mutations: at_least_one(self.mutations.limit_per_minute),
                all_mutations: at_least_one(self.mutations.total_per_minute),
                requests: at_least_one(self.mutations.requests_per_minute),
            },
            bulk: self.bulk.max_requests,
            bulk_ms: ms(self.bulk.timeout),
        })
    }

    /// The account's limit, and how it is shared.
    pub fn terms(&self) -> Terms {
        Terms {
            requests: self.budget.requests.into(),
            window_ms: ms(self.budget.window),
            reserve: self.budget.reserve,
        }
    }

    /// How often watched meetings are read.
    pub fn pace(&self) -> Pace {
        let quiet = self.webhooks.is_some();
        Pace {
            interval_ms: ms(self.live.interval),
            quiet_ms: quiet.then(|| ms(self.live.quiet_interval)),
        }
    }

    /// The secrets that grants are signed with.
    pub fn secrets(&self) -> Secrets {
        let Some(grants) = &self.grants else {
            return Secrets::default();
        };
        let all = [Some(&grants.secret), grants.previous_secret.as_ref()];
        let all = all.into_iter().flatten();
        Secrets::new(
            all.map(|secret| secret.expose_secret().as_bytes()),
            grants.issuer.clone(),
            grants.audience.clone(),
        )
    }
}

fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
