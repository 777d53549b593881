//! Fifty meetings with their pages, before an API that counts in windows.

use std::sync::Arc;

use super::*;
use crate::api_budget::{Now, Terms};
use crate::api_response::ApiResponse;
use crate::platform::{Claim, MeetingKey, Purpose};
use crate::route::Id;

const WINDOW_MS: u64 = 20_000;
const LIMIT: u64 = 120;
const FRESH_MS: u64 = 1000;

fn budget() -> Arc<ApiBudget> {
    Arc::new(ApiBudget::new(Terms {
        requests: LIMIT,
        window_ms: WINDOW_MS,
        reserve: 0.1,
    }))
}

/// An account and its API. A request takes no time.
struct Account {
    budget: Arc<ApiBudget>,
    turns: Turns,
    /// When the API's window ends, and what it has counted in it.
    ends: u64,
    counted: u64,
    /// How it says when its window ends, in seconds.
    rounds: fn(f64) -> f64,
}

impl Account {
    fn new(rounds: fn(f64) -> f64) -> Self {
        Self {
            budget: budget(),
            turns: Turns::default(),
            ends: 0,
            counted: 0,
            rounds,
        }
    }

    fn request(&mut self, purpose: Purpose, meeting: &str, now: u64) -> Result<(), u64> {
        let claim = Claim {
            purpose,
            meeting: MeetingKey {
                app_id: Id::new("app").unwrap(),
                meeting_id: Id::new(meeting).unwrap(),
            },
            moderator: None,
        };
        let taken = self.budget.take(&claim, now)?;
        if now >= self.ends {
            (self.ends, self.counted) = (now + WINDOW_MS, 0);
        }
        self.counted += 1;
        assert!(self.counted <= LIMIT, "the API refuses at {now}");
        let (left, rest) = (LIMIT - self.counted, self.ends - now);
        let response = ApiResponse::json(200, &())
            .with(
                "ratelimit",
                format!(
                    "\"default\";r={left};t={}",
                    (self.rounds)(rest as f64 / 1000.0)
                ),
            )
            .with("ratelimit-policy", format!("\"default\";q={LIMIT};w=20"));
        taken.answered(&response, Now { unix_ms: now, now });
        Ok(())
    }

    fn read(&mut self, meeting: &str, now: u64) -> Result<(), u64> {
        let turn = self.turns.check(&self.budget, meeting, 1, FRESH_MS, now)?;
        self.request(Purpose::Read, meeting, now)?;
        self.turns.note(meeting, turn);
        Ok(())
    }
}

/// The oldest response in seconds, as `Age` has it, of so many meetings within two minutes. The first page
/// of each comes at `starts`, and the pages of a meeting ask at such intervals. `mutations` is how many
/// there are in a second. The API says how long its window lasts in whole seconds, rounded by `rounds`.
fn oldest(
    meetings: u64,
    starts: impl Fn(u64) -> u64,
    asks: impl Fn(u64, u64) -> u64,
    mutations: f64,
    rounds: fn(f64) -> f64,
) -> u64 {
    struct Meeting {
        next: u64,
        polls: u64,
        read: Option<u64>,
        ask_again: u64,
    }
    let mut account = Account::new(rounds);
    let mut all: Vec<_> = (0..meetings)
        .map(|number| Meeting {
            next: starts(number),
            polls: 0,
            read: None,
            ask_again: 0,
        })
        .collect();
    let mut oldest = 0;
    let mut acted = 0.0;
    for now in (0..120_000).step_by(10) {
        if now as f64 * mutations / 1000.0 >= acted + 1.0 {
            acted += 1.0;
            let done = account.request(
                Purpose::Mutation,
                &format!("m{}", acted as u64 % meetings),
                now,
            );
            assert_eq!(done, Ok(()), "a mutation at {now}");
        }
        for (number, meeting) in all.iter_mut().enumerate() {
            if now < meeting.next {
                continue;
            }
            meeting.polls += 1;
            meeting.next += asks(number as u64, meeting.polls);
            if meeting.read.is_none_or(|read| now - read >= FRESH_MS) && now >= meeting.ask_again {
                match account.read(&format!("m{number}"), now) {
                    Ok(()) => meeting.read = Some(now),
                    Err(wait) => meeting.ask_again = now + wait.min(1000),
                }
            }
            // One that came when all was used has nothing yet.
            let age = meeting.read.map_or(0, |read| now - read);
            oldest = oldest.max(age / 1000);
        }
    }
    oldest
}

/// When a meeting's first page comes, and how long after a poll the next one does, in milliseconds.
type Starts = fn(u64) -> u64;
type Asks = fn(u64, u64) -> u64;

#[test]
fn no_page_of_fifty_meetings_is_older_than_ten_seconds() {
    // All at once; within two seconds, as in a test; evenly; in the middle of a window.
    let starts: [(&str, Starts); 5] = [
        ("at once", |_| 0),
        ("in two seconds", |n| n * 40),
        ("in ten seconds", |n| n * 200),
        ("in a window", |n| n * 400),
        ("in its middle", |n| if n == 0 { 0 } else { 9_000 + n * 10 }),
    ];
    // One page, whose polls drift a little; pages that ask more often; pages of all kinds, where a second more
    // passes before one asks.
    let asks: [(&str, u64, Asks); 4] = [
        ("a page", 10, |_, _| 2010),
        ("an exact page", 10, |_, _| 2000),
        ("three pages", 10, |n, _| 640 + n),
        ("all kinds", 11, |n, poll| {
            300 + (n * 7919 + poll * 104_729) % 1700
        }),
    ];
    let mut late = Vec::new();
    for (start, starts) in starts {
        for (ask, most, asks) in asks {
            for (mutations, rounds, word) in [
                (0.0, f64::ceil as fn(f64) -> f64, "up"),
                (0.2, f64::ceil, "up"),
                (0.2, f64::floor, "down"),
                (0.2, |seconds| seconds, "not rounded"),
            ] {
                let oldest = oldest(50, starts, asks, mutations, rounds);
                if oldest > most {
                    late.push(format!("{start}, {ask}, {mutations}, {word}: {oldest} s"));
                }
            }
        }
    }
    assert_eq!(late, Vec::<String>::new());
}

#[test]
fn more_meetings_wait_as_long_as_their_share_takes() {
    // 60 × 20 s / 108 are 11 s. Whole turns in a window would be 20 s.
    let oldest = oldest(60, |n| n * 180, |_, _| 500, 0.1, f64::ceil);
    assert!((10..=13).contains(&oldest), "{oldest} s");
}

#[test]
fn a_few_need_not_wait() {
    assert!(oldest(2, |n| n, |_, _| 1000, 0.0, f64::ceil) <= 1);
}

#[test]
fn a_turn_that_begins_early_makes_the_next_no_earlier() {
    let (budget, mut turns) = (budget(), Turns::default());
    let mut began = Vec::new();
    // 54 meetings: a turn of 10 s.
    for now in (0..=21_000).step_by(990) {
        for other in 0..53 {
            let name = format!("other{other}");
            if let Ok(may) = turns.check(&budget, &name, 1, FRESH_MS, now) {
                turns.note(&name, may);
            }
        }
        if let Ok(may) = turns.check(&budget, "m", 1, FRESH_MS, now) {
            turns.note("m", may);
            began.push(now);
        }
    }
    // 100 ms early at 9,900 ms, so it is due at 20 s next, and not at 19,900 ms.
    assert_eq!(began.get(..3), Some([0, 9_900, 20_790].as_slice()));
}
