//! The simulated RealtimeKit: apps, meetings, sessions and participants, without HTTP.

mod build;
mod model;
mod moderate;
mod person;
mod roster;
mod session;
mod sessions;
mod simulation;
mod state;
#[cfg(test)]
mod tests;
mod view;

use std::collections::HashMap;
use std::time::Instant;

use serde_json::Value;
use uuid::Uuid;

pub(crate) use build::V1_MEETING;
pub(crate) use model::{Departure, Meeting, Preset, Refusal, Session, Status};
pub(crate) use moderate::{MeetingPatch, NewPoll, Targets, parse_user};
pub(crate) use person::NewParticipant;
pub(crate) use roster::{RosterQuery, SortBy, page};
pub(crate) use sessions::SessionsQuery;
pub(crate) use state::peer_state;
pub(crate) use view::{AffectedPeer, LeftAt, SessionView, deleted, meeting, poll};

use crate::clock::{Clock, Moment};
use crate::rng::SeededRng;

/// The options of a world.
#[derive(Clone, Copy)]
pub(crate) struct WorldOptions {
    pub(crate) seed: u64,
    pub(crate) participants: usize,
    pub(crate) keep_alive_secs: f64,
    pub(crate) start: Moment,
    pub(crate) speed: f64,
}

/// The whole simulated world.
pub(crate) struct World {
    pub(crate) seed: u64,
    /// The app with the meetings, and an app without any.
    pub(crate) apps: [Uuid; 2],
    pub(crate) meetings: Vec<Meeting>,
    by_id: HashMap<String, usize>,
    presets: Vec<Preset>,
    keep_alive_secs: f64,
    clock: Clock,
    started: Instant,
    rng: SeededRng,
}

impl World {
    /// A world from a seed.
    pub(crate) fn new(options: WorldOptions) -> Self {
        let mut rng = SeededRng::new(options.seed);
        let mut world = Self {
            seed: options.seed,
            apps: [rng.uuid(), rng.uuid()],
            meetings: Vec::new(),
            by_id: HashMap::new(),
            presets: build::presets(&mut rng),
            keep_alive_secs: options.keep_alive_secs,
            clock: Clock::new(options.start, options.speed),
            started: Instant::now(),
            rng,
        };
        // Not the running clock, which would differ in each run.
        let now = options.start;
        let main = world.add_meeting("main", None, "Weekly all-hands".to_owned(), now);
        if options.participants > 0 {
            build::fill_realistically(main, options.participants, now);
            main.simulate(options.participants, now);
        }
        world.add_meeting("idle", None, "Tomorrow's interview".to_owned(), now);
        let v1 = world.add_meeting(
            "v1",
            Some(V1_MEETING.to_owned()),
            "Old room".to_owned(),
            now,
        );
        build::fill(v1, 4, now);
        v1.simulate(4, now);
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
        let meeting = build::meeting(plan, &self.presets, self.rng.split(), now);
        let place = self.meetings.len();
        self.by_id.insert(meeting.id.clone(), place);
        // `push_mut` needs no index that could be wrong.
        self.meetings.push_mut(meeting)
    }

    /// A new meeting with participants in a live session. If it is lively, participants join and leave by
    /// themselves.
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
            meeting.simulate(participants.max(1), now);
        }
        meeting
    }

    /// The simulated time.
    pub(crate) fn now(&self) -> Moment {
        self.clock.read(self.started.elapsed())
    }

    /// Simulated seconds per real second.
    pub(crate) fn speed(&self) -> f64 {
        self.clock.speed()
    }

    /// Moves simulated time forward and simulates the events in between.
    pub(crate) fn advance(&mut self, seconds: f64) -> Moment {
        self.clock.advance(seconds);
        self.catch_up()
    }

    /// Simulates the due events of all meetings.
    pub(crate) fn catch_up(&mut self) -> Moment {
        let now = self.now();
        for meeting in &mut self.meetings {
            meeting.run_until(now);
        }
        now
    }

    /// A meeting of an app, up to date, with the current time.
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

    /// A meeting of any app.
    pub(crate) fn any_meeting(&mut self, id: &str) -> Option<(&mut Meeting, Moment)> {
        let now = self.now();
        let place = *self.by_id.get(id)?;
        let meeting = self.meetings.get_mut(place)?;
        // Meetings are independent, so only this one has to be brought up to date.
        meeting.run_until(now);
        Some((meeting, now))
    }

    /// The main meeting.
    pub(crate) fn main_meeting(&mut self) -> Option<(&mut Meeting, Moment)> {
        let id = self.meetings.first()?.id.clone();
        self.any_meeting(&id)
    }

    /// A session, live or ended, with its meeting.
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
        meeting.run_until(now);
        let meeting = &*meeting;
        let session = meeting.sessions.iter().find(|session| session.id == id);
        Ok((meeting, session.ok_or_else(missing)?, now))
    }

    /// The meeting of a session. It does not simulate due events.
    pub(crate) fn meeting_of_session(&self, id: Uuid) -> Option<&str> {
        self.meetings
            .iter()
            .find(|meeting| meeting.sessions.iter().any(|session| session.id == id))
            .map(|meeting| meeting.id.as_str())
    }

    /// Takes what has happened since the last call: the app and the payload of each event, in the order of
    /// its meeting.
    pub(crate) fn take_events(&mut self) -> Vec<(Uuid, Value)> {
        let mut all = Vec::new();
        for meeting in &mut self.meetings {
            if meeting.events.is_empty() {
                continue;
            }
            let events = std::mem::take(&mut meeting.events);
            let payloads = events.iter().map(|event| event.payload(meeting));
            all.extend(payloads.map(|payload| (meeting.app_id, payload)));
        }
        all
    }

    fn app(&self, id: &str) -> Result<Uuid, Refusal> {
        parse_user(id)
            .filter(|app| self.apps.contains(app))
            .ok_or_else(|| Refusal::NoApp(id.to_owned()))
    }
}
