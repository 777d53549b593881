//! The simulated RealtimeKit: apps, meetings and all that goes on in them, without any HTTP.

mod build;
mod life;
mod model;
mod moderate;
mod people;
mod roster;
mod session;
mod state;
#[cfg(test)]
mod tests;
mod view;

use std::collections::HashMap;
use std::time::Instant;

use uuid::Uuid;

pub(crate) use build::V1_MEETING;
pub(crate) use model::{Departure, Meeting, Preset, Refusal, Session, Status};
pub(crate) use moderate::{MeetingPatch, NewPoll, Targets, parse_user};
pub(crate) use people::Person;
pub(crate) use roster::{RosterQuery, SortBy, page};
pub(crate) use state::peer_state;
pub(crate) use view::{Acted, LeftAt, SessionView, deleted, meeting, poll};

use crate::clock::{Clock, Moment};
use crate::dice::Dice;

/// With what to make a world.
#[derive(Clone, Copy)]
pub(crate) struct Beginning {
    pub(crate) seed: u64,
    pub(crate) participants: usize,
    pub(crate) keep_alive_secs: f64,
    pub(crate) start: Moment,
    pub(crate) speed: f64,
}

/// Everything there is.
pub(crate) struct World {
    pub(crate) seed: u64,
    /// The app that has the meetings, and one that has none.
    pub(crate) apps: [Uuid; 2],
    pub(crate) meetings: Vec<Meeting>,
    by_id: HashMap<String, usize>,
    presets: Vec<Preset>,
    keep_alive_secs: f64,
    clock: Clock,
    born: Instant,
    dice: Dice,
}

impl World {
    /// The world of a seed.
    pub(crate) fn new(beginning: Beginning) -> Self {
        let mut dice = Dice::new(beginning.seed);
        let mut world = Self {
            seed: beginning.seed,
            apps: [dice.uuid(), dice.uuid()],
            meetings: Vec::new(),
            by_id: HashMap::new(),
            presets: build::presets(&mut dice),
            keep_alive_secs: beginning.keep_alive_secs,
            clock: Clock::new(beginning.start, beginning.speed),
            born: Instant::now(),
            dice,
        };
        // Read once: later, a running clock would show another time in each run.
        let now = beginning.start;
        let main = world.add_meeting("main", None, "Weekly all-hands".to_owned(), now);
        if beginning.participants > 0 {
            build::fill_like_life(main, beginning.participants, now);
            main.enliven(beginning.participants, now);
        }
        world.add_meeting("idle", None, "Tomorrow's interview".to_owned(), now);
        let v1 = world.add_meeting(
            "v1",
            Some(V1_MEETING.to_owned()),
            "Old room".to_owned(),
            now,
        );
        build::fill(v1, 4, now);
        v1.enliven(4, now);
        world
    }

    fn add_meeting(
        &mut self,
        role: &'static str,
        id: Option<String>,
        title: String,
        now: Moment,
    ) -> &mut Meeting {
        let [app_id, _] = self.apps;
        let plan = build::Plan {
            app_id,
            id,
            role,
            title,
            keep_alive_secs: self.keep_alive_secs,
        };
        let meeting = build::meeting(plan, &self.presets, self.dice.split(), now);
        let place = self.meetings.len();
        self.by_id.insert(meeting.id.clone(), place);
        // `push_mut` rather than an index: there is nothing to get wrong.
        self.meetings.push_mut(meeting)
    }

    /// A fresh meeting with so many participants in a live session, where nobody comes or goes by
    /// themselves unless it is to be lively.
    pub(crate) fn make_meeting(
        &mut self,
        title: String,
        participants: usize,
        lively: bool,
    ) -> &mut Meeting {
        let now = self.now();
        let meeting = self.add_meeting("made", None, title, now);
        build::fill(meeting, participants, now);
        if lively {
            meeting.enliven(participants.max(1), now);
        }
        meeting
    }

    /// The simulated time.
    pub(crate) fn now(&self) -> Moment {
        self.clock.read(self.born.elapsed())
    }

    /// How fast simulated time runs.
    pub(crate) fn speed(&self) -> f64 {
        self.clock.speed()
    }

    /// Pushes simulated time forward and lets everything happen that falls due.
    pub(crate) fn advance(&mut self, seconds: f64) -> Moment {
        self.clock.advance(seconds);
        self.settle()
    }

    /// Lets everything happen that is due in any meeting.
    pub(crate) fn settle(&mut self) -> Moment {
        let now = self.now();
        for meeting in &mut self.meetings {
            meeting.settle(now);
        }
        now
    }

    /// A meeting of an app as it is now, with the time that it is.
    pub(crate) fn meeting(
        &mut self,
        app: &str,
        id: &str,
    ) -> Result<Option<(&mut Meeting, Moment)>, Refusal> {
        let app = self.app(app)?;
        Ok(self
            .any_meeting(id)
            .filter(|(meeting, _)| meeting.app_id == app))
    }

    /// A meeting of whichever app.
    pub(crate) fn any_meeting(&mut self, id: &str) -> Option<(&mut Meeting, Moment)> {
        let now = self.now();
        let place = *self.by_id.get(id)?;
        let meeting = self.meetings.get_mut(place)?;
        // Meetings do not touch each other, so only this one needs to be brought up to now.
        meeting.settle(now);
        Some((meeting, now))
    }

    /// The main meeting.
    pub(crate) fn main_meeting(&mut self) -> Option<(&mut Meeting, Moment)> {
        let id = self.meetings.first()?.id.clone();
        self.any_meeting(&id)
    }

    /// A session, going on or over, with its meeting.
    pub(crate) fn session(
        &mut self,
        app: &str,
        id: Uuid,
    ) -> Result<(&Meeting, &Session, Moment), Refusal> {
        let app = self.app(app)?;
        let now = self.now();
        let missing = || Refusal::NoSession(id.to_string());
        let meeting = self
            .meetings
            .iter_mut()
            .find(|meeting| meeting.app_id == app && meeting.sessions.iter().any(|s| s.id == id))
            .ok_or_else(missing)?;
        meeting.settle(now);
        let meeting = &*meeting;
        let session = meeting.sessions.iter().find(|session| session.id == id);
        Ok((meeting, session.ok_or_else(missing)?, now))
    }

    /// The meeting that a session belongs to, as far as has happened yet.
    pub(crate) fn meeting_of_session(&self, id: Uuid) -> Option<&str> {
        self.meetings
            .iter()
            .find(|meeting| meeting.sessions.iter().any(|session| session.id == id))
            .map(|meeting| meeting.id.as_str())
    }

    fn app(&self, id: &str) -> Result<Uuid, Refusal> {
        parse_user(id)
            .filter(|app| self.apps.contains(app))
            .ok_or_else(|| Refusal::NoApp(id.to_owned()))
    }
}
