//! The simulation of a lively meeting: participants join, leave, return (also after a kick) and open
//! second devices. A session ends after its keep-alive time. Only simulated time drives it, so two
//! minutes at once and two times one minute end in the same world.

use super::model::{Departure, Meeting, Simulation, Status};
use crate::clock::Moment;

/// The bounds of the average time between two events. It depends on the size of the meeting.
const SHORTEST_MEAN_MILLIS: f64 = 500.0;
const LONGEST_MEAN_MILLIS: f64 = 30_000.0;

impl Meeting {
    /// Starts the simulation. The number of peers stays around `target`.
    pub(crate) fn simulate(&mut self, target: usize, now: Moment) {
        let mean_millis =
            (600_000.0 / target.max(1) as f64).clamp(SHORTEST_MEAN_MILLIS, LONGEST_MEAN_MILLIS);
        self.simulation = Some(Simulation {
            next: now.plus_millis(self.rng.wait(mean_millis) as i64 + 1),
            mean_millis,
            target,
        });
    }

    /// Simulates all events until `now`, in order.
    pub(crate) fn run_until(&mut self, now: Moment) {
        loop {
            let deadline = self.deadline();
            let event = self.simulation.as_ref().map(|simulation| simulation.next);
            match (deadline, event) {
                (Some(deadline), event)
                    if deadline <= now && event.is_none_or(|event| deadline <= event) =>
                {
                    // A keep-alive that was shortened later must not end a session in the past.
                    self.end_session(deadline.max(self.simulated_until), Departure::Ended);
                }
                (_, Some(event)) if event <= now => self.simulate_event(event),
                _ => break,
            }
        }
        self.simulated_until = self.simulated_until.max(now);
    }

    /// When the live session ends, if it is empty.
    fn deadline(&self) -> Option<Moment> {
        let empty_since = self.live_session()?.empty_since?;
        Some(empty_since.plus_millis((self.keep_alive_secs * 1000.0) as i64))
    }

    fn simulate_event(&mut self, at: Moment) {
        self.simulated_until = self.simulated_until.max(at);
        let Some(simulation) = self.simulation.as_mut() else {
            return;
        };
        // At least one millisecond, so that time advances and the loop above ends.
        simulation.next = at.plus_millis(self.rng.wait(simulation.mean_millis) as i64 + 1);
        let target = simulation.target;
        if simulation.next <= at {
            // The latest possible moment, where the clock stands still.
            self.simulation = None;
            return;
        }
        let present = self.live_session().map_or(0, |s| s.present.len());
        // At the target size, half of the events are joins.
        let share = (1.0 - 0.5 * present as f64 / target.max(1) as f64).clamp(0.1, 0.9);
        if self.rng.chance(share) {
            self.simulate_join(at);
        } else if present > 0 {
            let place = self.rng.below(present);
            self.disconnect_at(place, at);
        }
    }

    fn simulate_join(&mut self, at: Moment) {
        if self.status == Status::Inactive {
            return;
        }
        // Usually a known participant: an absent one returns, or sometimes a present one opens a second
        // device.
        for _ in 0..4 {
            let participant_index = self.rng.below(self.participants.len());
            let Some(participant) = self.participants.get(participant_index) else {
                break;
            };
            let second_device = participant.live_peers == 1 && self.rng.chance(0.05);
            if participant.deleted || (participant.live_peers > 0 && !second_device) {
                continue;
            }
            let _ = self.join(participant_index, at);
            return;
        }
        let participant_index = self.add_random_participant(at);
        let _ = self.join(participant_index, at);
    }
}
