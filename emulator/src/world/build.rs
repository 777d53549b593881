//! How the world begins: two apps, the main meeting in full swing, a meeting where nobody is, a
//! small one of the old V1 kind, and as many more as tests ask for.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use super::model::{Meeting, Preset, Status};
use crate::clock::Moment;
use crate::dice::Dice;

/// The V1 meeting's ID: a room name instead of a UUID.
pub(crate) const V1_MEETING: &str = "abcdef-ghijkl";

/// How long before the start of the emulator the main session began.
const HEAD_START_MILLIS: i64 = 40 * 60 * 1000;

/// What a new meeting should be.
pub(crate) struct Plan {
    pub(crate) app_id: Uuid,
    /// A UUID is made when absent.
    pub(crate) id: Option<String>,
    pub(crate) role: &'static str,
    pub(crate) title: String,
    pub(crate) keep_alive_secs: f64,
}

/// An empty meeting.
pub(crate) fn meeting(plan: Plan, presets: &[Preset], mut dice: Dice, now: Moment) -> Meeting {
    let id = dice.uuid().to_string();
    Meeting {
        id: plan.id.unwrap_or(id),
        app_id: plan.app_id,
        role: plan.role,
        title: plan.title,
        status: Status::Active,
        persist_chat: false,
        record_on_start: false,
        live_stream_on_start: false,
        keep_alive_secs: plan.keep_alive_secs,
        created_at: now,
        updated_at: now,
        participants: Vec::new(),
        by_user: HashMap::new(),
        by_custom: HashMap::new(),
        sessions: Vec::new(),
        live: None,
        polls: Vec::new(),
        presets: presets.to_vec(),
        life: None,
        dice,
        settled: now,
    }
}

/// The presets that every app has.
pub(crate) fn presets(dice: &mut Dice) -> Vec<Preset> {
    [
        "group_call_host",
        "webinar_presenter",
        "group_call_participant",
    ]
    .into_iter()
    .map(|name| Preset {
        id: dice.uuid(),
        name,
    })
    .collect()
}

/// Fills a meeting plainly: so many participants, each in the session with one peer, who joined
/// one after the other just before now.
pub(crate) fn fill(meeting: &mut Meeting, participants: usize, now: Moment) {
    let count = participants as i64;
    let gap = (30 * 60 * 1000 / count.max(1)).clamp(1, 1000);
    for place in 0..count {
        let at = now.plus_millis((place - count) * gap);
        meeting.created_at = meeting.created_at.min(at);
        let who = meeting.add_somebody(at);
        let _ = meeting.join(who, at);
    }
    meeting.updated_at = meeting.created_at;
}

/// Fills a meeting as it is in real life: `present` peers are in, some of them second devices of
/// the same person; others have already left, and some who were invited never came.
pub(crate) fn fill_like_life(meeting: &mut Meeting, present: usize, now: Moment) {
    let second_devices = present / 12;
    let left = present / 8;
    let people = present - second_devices;
    let joins = (people + left + second_devices) as i64;
    let start = now.plus_millis(-HEAD_START_MILLIS);
    // The last two minutes are quiet: everybody has left or joined before.
    let gap = (HEAD_START_MILLIS - 120_000) / joins.max(1);
    meeting.created_at = start.plus_millis(-86_400_000);
    meeting.updated_at = meeting.created_at;

    let mut at = start;
    let mut leavers = BTreeSet::new();
    for place in 0..people + left {
        let who = meeting.add_somebody(meeting.created_at);
        if let Ok(peer) = meeting.join(who, at) {
            // Every ninth or so does not stay; the first one, the host, does.
            if leavers.len() < left && place % 9 == 4 {
                leavers.insert(peer);
            }
        }
        at = at.plus_millis(gap);
    }
    for nth in 0..second_devices {
        // Of those who stay: the places just after the leavers'.
        let _ = meeting.join(nth * 9 % (people + left), at);
        at = at.plus_millis(gap);
    }
    // Whoever of the leavers the pattern above did not reach: the latest to come.
    let mut late = people + left;
    while leavers.len() < left && late > 1 {
        late -= 1;
        leavers.insert(late);
    }
    // From the last to the first, so that each is still at its own place in the list of those
    // present: looking for them would take long among ten thousand.
    for peer in leavers.into_iter().rev() {
        let joined = i64::try_from(peer).unwrap_or_default() * gap;
        let stayed = (HEAD_START_MILLIS - 60_000 - joined) / 2;
        meeting.depart_at(peer, start.plus_millis(joined + stayed));
    }
    for _ in 0..present / 10 + 3 {
        meeting.add_somebody(meeting.created_at);
    }
}
