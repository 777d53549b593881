//! The world lives: people join, leave, come back (also the kicked ones) and open a second device;
//! a session ends when its keep-alive time ran out. All of it is driven by simulated time alone,
//! so that two minutes at once and two times one minute end in the same world.

use super::model::{Departure, Life, Meeting, Status};
use crate::clock::Moment;

/// How often somebody comes or goes in a meeting of that size, on average.
const SHORTEST_MEAN_MILLIS: f64 = 500.0;
const LONGEST_MEAN_MILLIS: f64 = 30_000.0;

impl Meeting {
    /// Lets people come and go from now on, around the given number.
    pub(crate) fn enliven(&mut self, target: usize, now: Moment) {
        let mean_millis =
            (600_000.0 / target.max(1) as f64).clamp(SHORTEST_MEAN_MILLIS, LONGEST_MEAN_MILLIS);
        self.life = Some(Life {
            next: now.plus_millis(self.dice.wait(mean_millis) as i64 + 1),
            mean_millis,
            target,
        });
    }

    /// Makes everything happen that is due until `now`, in order.
    pub(crate) fn settle(&mut self, now: Moment) {
        loop {
            let deadline = self.deadline();
            let event = self.life.as_ref().map(|life| life.next);
            match (deadline, event) {
                (Some(deadline), event)
                    if deadline <= now && event.is_none_or(|event| deadline <= event) =>
                {
                    // A keep-alive shortened afterwards does not end a session in the past.
                    self.end_session(deadline.max(self.settled), Departure::Ended);
                }
                (_, Some(event)) if event <= now => self.somebody_moves(event),
                _ => break,
            }
        }
        self.settled = self.settled.max(now);
    }

    /// When the empty live session will end.
    fn deadline(&self) -> Option<Moment> {
        let empty_since = self.live_session()?.empty_since?;
        Some(empty_since.plus_millis((self.keep_alive_secs * 1000.0) as i64))
    }

    fn somebody_moves(&mut self, at: Moment) {
        self.settled = self.settled.max(at);
        let Some(life) = self.life.as_mut() else {
            return;
        };
        // At least a millisecond, so that time moves on and the loop above ends.
        life.next = at.plus_millis(self.dice.wait(life.mean_millis) as i64 + 1);
        let target = life.target;
        if life.next <= at {
            // The end of time, where the clock stands still.
            self.life = None;
            return;
        }
        let present = self.live_session().map_or(0, |s| s.present.len());
        // Half of all moves are arrivals when the room is as full as it tends to be.
        let share = (1.0 - 0.5 * present as f64 / target.max(1) as f64).clamp(0.1, 0.9);
        if self.dice.chance(share) {
            self.somebody_comes(at);
        } else if present > 0 {
            let place = self.dice.below(present);
            self.depart_at(place, at);
        }
    }

    fn somebody_comes(&mut self, at: Moment) {
        if self.status == Status::Inactive {
            return;
        }
        // Usually somebody who is already known: absent ones come back, and now and then one who
        // is present opens a second device.
        for _ in 0..4 {
            let who = self.dice.below(self.participants.len());
            let Some(participant) = self.participants.get(who) else {
                break;
            };
            let second_device = participant.live_peers == 1 && self.dice.chance(0.05);
            if participant.deleted || (participant.live_peers > 0 && !second_device) {
                continue;
            }
            let _ = self.join(who, at);
            return;
        }
        let who = self.add_somebody(at);
        let _ = self.join(who, at);
    }
}
