//! The moderators who watch a meeting, each once however many sockets they have.

use std::collections::HashMap;

use serde::Serialize;

use crate::grant::{Grant, Issuer};

/// How many are named.
const MOST_NAMED: usize = 50;

type Key = (Issuer, String);

/// The moderators and how many sockets each has.
#[derive(Debug, Default)]
pub struct Watching {
    moderators: HashMap<Key, Moderator>,
    /// Grows with each new one, for their order.
    arrivals: u64,
    sockets: usize,
}

#[derive(Debug)]
struct Moderator {
    name: Option<String>,
    since: u64,
    arrival: u64,
    sockets: usize,
}

/// A moderator as the protocol names them.
#[derive(Serialize)]
struct Named<'a> {
    sub: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    since: u64,
}

/// The list for a message.
#[derive(Serialize)]
pub struct List<'a> {
    count: usize,
    moderators: Vec<Named<'a>>,
}

fn key(grant: &Grant) -> Key {
    (grant.issuer, grant.moderator.clone())
}

impl Watching {
    /// How many sockets there are.
    pub fn sockets(&self) -> usize {
        self.sockets
    }

    /// How many sockets a moderator has.
    pub fn sockets_of(&self, grant: &Grant) -> usize {
        self.moderators
            .get(&key(grant))
            .map_or(0, |one| one.sockets)
    }

    /// A socket opens; says whether the list has changed.
    pub fn add(&mut self, grant: &Grant, unix_ms: u64) -> bool {
        self.sockets += 1;
        self.arrivals += 1;
        let arrival = self.arrivals;
        let one = self
            .moderators
            .entry(key(grant))
            .or_insert_with(|| Moderator {
                name: grant.name.clone(),
                since: unix_ms,
                arrival,
                sockets: 0,
            });
        one.sockets += 1;
        one.sockets == 1
    }

    /// A socket closes; says whether the list has changed.
    pub fn remove(&mut self, grant: &Grant) -> bool {
        let key = key(grant);
        let Some(one) = self.moderators.get_mut(&key) else {
            return false;
        };
        self.sockets = self.sockets.saturating_sub(1);
        one.sockets = one.sockets.saturating_sub(1);
        let is_last = one.sockets == 0;
        if is_last {
            self.moderators.remove(&key);
        }
        is_last
    }

    /// The list.
    pub fn list(&self) -> List<'_> {
        let mut all: Vec<_> = self.moderators.iter().collect();
        let earliest = |(_, one): &(&Key, &Moderator)| one.arrival;
        // Ten thousand need not be sorted to name fifty.
        if all.len() > MOST_NAMED {
            all.select_nth_unstable_by_key(MOST_NAMED, earliest);
            all.truncate(MOST_NAMED);
        }
        all.sort_unstable_by_key(earliest);
        let named = all.into_iter().map(|((_, sub), one)| Named {
            sub,
            name: one.name.as_deref(),
            since: one.since,
        });
        List {
            count: self.moderators.len(),
            moderators: named.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::grant;

    fn list(watching: &Watching) -> serde_json::Value {
        serde_json::to_value(watching.list()).unwrap()
    }

    #[test]
    fn a_moderator_is_named_once_until_the_last_socket_closes() {
        let mut watching = Watching::default();
        let ann = Grant {
            name: Some("Ann".to_owned()),
            ..grant("ann")
        };
        assert!(watching.add(&ann, 5));
        assert!(!watching.add(&ann, 6));
        assert!(watching.add(&grant("bob"), 7));
        assert_eq!((watching.sockets(), watching.sockets_of(&ann)), (3, 2));
        let named = serde_json::json!({"count": 2, "moderators": [
            {"sub": "ann", "name": "Ann", "since": 5}, {"sub": "bob", "since": 7},
        ]});
        assert_eq!(list(&watching), named);
        assert!(!watching.remove(&ann));
        assert!(watching.remove(&ann));
        assert!(!watching.remove(&ann));
        assert_eq!(watching.sockets(), 1);
    }

    #[test]
    fn of_many_the_earliest_are_named() {
        let mut watching = Watching::default();
        for number in 0..1000 {
            watching.add(&grant(&format!("m{number}")), number);
        }
        let list = list(&watching);
        assert_eq!(list["count"], 1000);
        let named = list["moderators"].as_array().unwrap();
        assert_eq!(named.len(), MOST_NAMED);
        assert!(
            named
                .iter()
                .enumerate()
                .all(|(place, one)| one["since"] == place)
        );
    }
}
