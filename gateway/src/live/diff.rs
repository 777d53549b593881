//! What differs between two reads of a meeting, as a change of the list, or as a whole new list.
//!
//! Who joined, left and returned is decided as in the client (src/watch/roster.rs).

use std::collections::{HashMap, HashSet};

use super::peer::Peer;
use super::reading::Reading;
use super::session::SessionPatch;

/// The difference between two reads.
#[derive(Debug)]
pub enum Difference {
    /// None that matters.
    Nothing,
    /// A change that can be applied to the list before.
    Change(Box<Change>),
    /// A change cannot say it: another session, or another order.
    Everything,
}

/// A change of one session.
#[derive(Debug, Default)]
pub struct Change {
    /// What differs in the session's facts.
    pub session: SessionPatch,
    /// The places of new and changed peers in the new list.
    pub peers: Vec<usize>,
    /// The IDs of peers that are no longer listed.
    pub removed: Vec<String>,
    /// The keys of the participants concerned.
    pub joined: Vec<String>,
    /// They were present and are not, or were away between the two reads.
    pub left: Vec<String>,
    /// They had left and are present again.
    pub returned: Vec<String>,
    /// Anything else about them has changed.
    pub changed: Vec<String>,
}

/// Compares two reads. Peers that joined at the same moment may change places in `now`, because the
/// API sorts them by ID: a new one would come before those that are known.
pub fn difference(before: &Reading, now: &mut Reading) -> Difference {
    let (was, is) = match (&before.session, &now.session) {
        (None, None) => return Difference::Nothing,
        (Some(was), Some(is)) if was.id() == is.id() => (was, is),
        _ => return Difference::Everything,
    };
    let session = is.since(was);
    if session.lost {
        return Difference::Everything;
    }
    let listed = list(&before.peers, &now.peers).or_else(|| {
        align(&before.peers, &mut now.peers);
        list(&before.peers, &now.peers)
    });
    let Some((peers, removed)) = listed else {
        return Difference::Everything;
    };
    if peers.is_empty() && removed.is_empty() && session.fields.is_empty() {
        return Difference::Nothing;
    }
    let mut change = Change {
        session,
        peers,
        removed,
        ..Change::default()
    };
    change.name_participants(&before.peers, &now.peers);
    Difference::Change(Box::new(change))
}

/// Sorts peers that joined at the same moment: known ones first, in the order before.
fn align(before: &[Peer], now: &mut [Peer]) {
    let places: HashMap<&str, usize> = before
        .iter()
        .enumerate()
        .filter_map(|(place, peer)| Some((peer.id()?, place)))
        .collect();
    let place = |peer: &Peer| {
        let place = peer.id().and_then(|id| places.get(id).copied());
        place.unwrap_or(usize::MAX)
    };
    for tied in now.chunk_by_mut(|one, other| one.joined_at() == other.joined_at()) {
        tied.sort_by_key(place);
    }
}

/// The places of new and changed peers, and the IDs of those that are gone; `None` if new ones are not
/// all at the end, the order has changed, or a peer has no ID.
fn list(before: &[Peer], now: &[Peer]) -> Option<(Vec<usize>, Vec<String>)> {
    let listed: HashSet<&str> = now.iter().map(Peer::id).collect::<Option<_>>()?;
    let known: HashSet<&str> = before.iter().map(Peer::id).collect::<Option<_>>()?;
    if listed.len() != now.len() || known.len() != before.len() {
        return None;
    }
    let mut left_over = before
        .iter()
        .filter(|peer| peer.id().is_some_and(|id| listed.contains(id)));
    let mut peers = Vec::new();
    for (place, peer) in now.iter().enumerate() {
        match left_over.next() {
            Some(was) if was.id() == peer.id() => {
                if !was.is_same(peer) {
                    peers.push(place);
                }
            }
            Some(_) => return None,
            None => peers.push(place),
        }
    }
    let gone = before
        .iter()
        .filter_map(Peer::id)
        .filter(|id| !listed.contains(id));
    Some((peers, gone.map(str::to_owned).collect()))
}

impl Change {
    fn name_participants(&mut self, before: &[Peer], now: &[Peer]) {
        if self.peers.is_empty() && self.removed.is_empty() {
            return;
        }
        let (were, are) = (grouped(before), grouped(now));
        let new = self.peers.iter().filter_map(|place| now.get(*place));
        let removed: HashSet<&str> = self.removed.iter().map(String::as_str).collect();
        let gone = before
            .iter()
            .filter(|peer| peer.id().is_some_and(|id| removed.contains(id)));
        let mut named = HashSet::new();
        let keys: Vec<String> = new
            .chain(gone)
            .map(Peer::participant)
            .filter(|key| named.insert(*key))
            .map(str::to_owned)
            .collect();
        for key in keys {
            let was = were
                .get(key.as_str())
                .map(Vec::as_slice)
                .unwrap_or_default();
            let is = are.get(key.as_str()).map(Vec::as_slice).unwrap_or_default();
            let (joined, left, returned) = compare(was, is);
            if !(joined || left || returned) {
                self.changed.push(key);
                continue;
            }
            for (is_so, keys) in [
                (joined, &mut self.joined),
                (left, &mut self.left),
                (returned, &mut self.returned),
            ] {
                if is_so {
                    keys.push(key.clone());
                }
            }
        }
    }
}

fn grouped(peers: &[Peer]) -> HashMap<&str, Vec<&Peer>> {
    let mut groups: HashMap<&str, Vec<&Peer>> = HashMap::new();
    for peer in peers {
        groups.entry(peer.participant()).or_default().push(peer);
    }
    groups
}

/// Whether a participant with these peers joined, left and returned.
fn compare(was: &[&Peer], is: &[&Peer]) -> (bool, bool, bool) {
    let present = |peers: &[&Peer]| peers.iter().any(|peer| peer.is_present());
    let (was_present, is_present) = (present(was), present(is));
    if was.is_empty() {
        return (true, !is_present, false);
    }
    if is.is_empty() {
        return (false, was_present, false);
    }
    match (was_present, is_present) {
        (true, false) => (false, true, false),
        (false, true) => (false, false, true),
        (true, true) => {
            let away = was_away(was, is);
            (false, away, away)
        }
        // Absent at both reads, but may have been there in between.
        (false, false) => {
            let was_there = is.len() > was.len();
            (false, was_there, was_there)
        }
    }
}

/// Whether a participant who was present before, and is now, was away in between: no chain of peers,
/// each joined before the previous one left, connects both. Times compare as text.
fn was_away(before: &[&Peer], now: &[&Peer]) -> bool {
    let was_present = |id: Option<&str>| {
        let mut present = before.iter().filter(|peer| peer.is_present());
        present.any(|peer| peer.id() == id)
    };
    let mut until = "";
    for peer in now {
        let overlaps = peer.joined_at().is_some_and(|time| time < until);
        if overlaps || was_present(peer.id()) {
            if peer.is_present() {
                return false;
            }
            until = until.max(peer.left_at());
        }
    }
    true
}

#[cfg(test)]
#[path = "diff/tests.rs"]
mod tests;
