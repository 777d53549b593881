//! Builds the first state of the world and of new meetings.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use super::model::{Meeting, Preset, Status};
use crate::clock::Moment;
use crate::rng::SeededRng;

/// The ID of the V1 meeting: a room name, not a UUID.
pub(crate) const V1_MEETING: &str = "abcdef-ghijkl";

/// How long before the emulator's start the main session began.
const HEAD_START_MILLIS: i64 = 40 * 60 * 1000;

/// The properties of a new meeting.
pub(crate) struct Plan {
    pub(crate) app_id: Uuid,
    /// Absent means a new UUID.
    pub(crate) id: Option<String>,
    pub(crate) role: &'static str,
    pub(crate) title: String,
    pub(crate) keep_alive_secs: f64,
}

/// An empty meeting.
pub(crate) fn meeting(plan: Plan, presets: &[Preset], mut rng: SeededRng, now: Moment) -> Meeting {
    let id = rng.uuid().to_string();
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
        simulation: None,
        rng,
        simulated_until: now,
        events: Vec::new(),
    }
}

/// The presets of every app.
pub(crate) fn presets(rng: &mut SeededRng) -> Vec<Preset> {
    [
        "group_call_host",
        "webinar_presenter",
        "group_call_participant",
    ]
    .into_iter()
    .map(|name| Preset {
        id: rng.uuid(),
        name,
    })
    .collect()
}

/// Fills a meeting with participants, each with one peer in the session. They joined one after the
/// other, shortly before now.
pub(crate) fn fill(meeting: &mut Meeting, participants: usize, now: Moment) {
    let count = participants as i64;
    let gap = (30 * 60 * 1000 / count.max(1)).clamp(1, 1000);
    for place in 0..count {
        let at = now.plus_millis((place - count) * gap);
        meeting.created_at = meeting.created_at.min(at);
        let participant_index = meeting.add_random_participant(at);
        let _ = meeting.join(participant_index, at);
    }
    meeting.updated_at = meeting.created_at;
}

/// Fills a meeting as in real life: `present` peers are in the session, some of them second devices of
/// one participant. Others have left, and some never joined.
pub(crate) fn fill_realistically(meeting: &mut Meeting, present: usize, now: Moment) {
    let second_devices = present / 12;
    let left = present / 8;
    let people = present - second_devices;
    let joins = (people + left + second_devices) as i64;
    let start = now.plus_millis(-HEAD_START_MILLIS);
    // No one joins or leaves in the last two minutes.
    let gap = (HEAD_START_MILLIS - 120_000) / joins.max(1);
    meeting.created_at = start.plus_millis(-86_400_000);
    meeting.updated_at = meeting.created_at;

    let mut at = start;
    let mut leavers = BTreeSet::new();
    for place in 0..people + left {
        let participant_index = meeting.add_random_participant(meeting.created_at);
        if let Ok(peer) = meeting.join(participant_index, at) {
            // About every ninth leaves. The first one, the host, stays.
            if leavers.len() < left && place % 9 == 4 {
                leavers.insert(peer);
            }
        }
        at = at.plus_millis(gap);
    }
    for nth in 0..second_devices {
        // The participants just after those who leave: they stay.
        let _ = meeting.join(nth * 9 % (people + left), at);
        at = at.plus_millis(gap);
    }
    // If the pattern above found too few, the latest to join also leave.
    let mut late = people + left;
    while leavers.len() < left && late > 1 {
        late -= 1;
        leavers.insert(late);
    }
    // From the last to the first, so that each is still at its own place in `present`. A search would
    // be slow with ten thousand peers.
    for peer in leavers.into_iter().rev() {
        let joined = i64::try_from(peer).unwrap_or_default() * gap;
        let stayed = (HEAD_START_MILLIS - 60_000 - joined) / 2;
        meeting.disconnect_at(peer, start.plus_millis(joined + stayed));
    }
    for _ in 0..present / 10 + 3 {
        meeting.add_random_participant(meeting.created_at);
    }
}
