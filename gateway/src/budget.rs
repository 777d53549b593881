//! The account's budget of requests to the API, which all moderators of all meetings share.
//!
//! The API tells in every answer how much is left (`Ratelimit`); until it does, its published
//! limit is assumed. Mutations may use all of it. Reads leave a reserve, and the scarcer the rest
//! the longer an answer stays fresh: as long as it takes that every read which is asked for again
//! and again gets its turn before the limit is fresh.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use realtimekit_moderator::{RateLimit, RetryHints};

use crate::answer::Answer;

/// How long nothing is sent after a 429 that does not say, in milliseconds: the API's own window.
const SILENCE_MS: u64 = 300_000;

/// The longest window that is believed, in milliseconds: an hour.
const LONGEST_WINDOW_MS: u64 = 60 * 60 * 1000;

/// What is assumed of the API's limit, and how it is shared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// Requests in a window, until the API tells.
    pub requests: u64,
    /// The window, in milliseconds, until the API tells.
    pub window_ms: u64,
    /// The share of the window's requests that reads leave to mutations: 0 to 1.
    pub reserve: f64,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To act.
    Mutation,
    /// To read.
    Read,
}

/// Counts what is left.
pub struct Budget {
    terms: Terms,
    state: Mutex<State>,
}

struct State {
    /// Requests in a window, and its length.
    limit: u64,
    window_ms: u64,
    /// What is left until `fresh_at`; after that, the limit.
    left: u64,
    /// When the limit is fresh again.
    fresh_at: u64,
    /// The limit by whose window the API told `fresh_at`; `None` while that is assumed.
    told: Option<String>,
    /// Whether anything was taken since the window began: the API's begins with a request.
    begun: bool,
    /// Grows with each window that is assumed.
    window: u64,
    /// Until when nothing may be sent.
    silent_until: u64,
    /// Requests that were taken, ever, and that are over. The others are up there, and the API may
    /// have counted them or not.
    taken: u64,
    over: u64,
}

impl State {
    /// Whatever one odd answer says, it is tried again after a window.
    fn longest_wait(&self) -> u64 {
        self.window_ms.max(SILENCE_MS)
    }

    fn refresh(&mut self, now: u64) {
        if now >= self.fresh_at || !self.begun {
            self.left = self.limit.saturating_sub(self.taken - self.over);
            self.fresh_at = now.saturating_add(self.window_ms);
            self.told = None;
            self.begun = false;
            self.window += 1;
        }
    }
}

impl Budget {
    /// A budget of which nothing has been used.
    pub fn new(terms: Terms) -> Self {
        Self {
            terms,
            state: Mutex::new(State {
                limit: terms.requests,
                window_ms: terms.window_ms,
                left: terms.requests,
                fresh_at: 0,
                told: None,
                begun: false,
                window: 0,
                silent_until: 0,
                taken: 0,
                over: 0,
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reserve(&self, state: &State) -> u64 {
        // A share of a count: what is lost in the conversion is less than one request.
        (state.limit as f64 * self.terms.reserve).ceil() as u64
    }

    /// Whether a request may be sent at `now` (monotonic milliseconds).
    ///
    /// # Errors
    ///
    /// If not: after how many milliseconds it may.
    pub fn allows(&self, purpose: Purpose, now: u64) -> Result<(), u64> {
        self.judge(&mut self.state(), purpose, now)
    }

    fn judge(&self, state: &mut State, purpose: Purpose, now: u64) -> Result<(), u64> {
        if now < state.silent_until {
            return Err(state.silent_until - now);
        }
        state.refresh(now);
        let kept = match purpose {
            Purpose::Mutation => 0,
            Purpose::Read => self.reserve(state),
        };
        if state.left <= kept {
            return Err(state.fresh_at - now);
        }
        Ok(())
    }

    /// Takes one request at `now` (monotonic milliseconds).
    ///
    /// # Errors
    ///
    /// If it may not be sent: after how many milliseconds it may.
    pub fn take(self: &Arc<Self>, purpose: Purpose, now: u64) -> Result<Taken, u64> {
        let mut state = self.state();
        self.judge(&mut state, purpose, now)?;
        state.left -= 1;
        state.begun = true;
        state.taken += 1;
        let (window, over) = (state.window, state.over);
        drop(state);
        Ok(Taken {
            budget: Arc::clone(self),
            window,
            over,
        })
    }

    fn answered(&self, taken: &Taken, answer: &Answer, now: u64) {
        let mut state = self.state();
        if let Some(told) = answer.header("ratelimit").and_then(RateLimit::parse) {
            // Not below 0, and a little longer rather than shorter.
            let rest = (told.reset * 1000.0).ceil() as u64;
            let ends = now.saturating_add(rest.min(state.longest_wait()));
            let same = state.told.as_ref() == Some(&told.policy) || taken.window != state.window;
            // What took long to come may tell of the window before, and nothing of this one.
            let late = same && ends.saturating_add(state.window_ms / 2) < state.fresh_at;
            if !late {
                if let Some((limit, window_s)) = answer
                    .header("ratelimit-policy")
                    .and_then(|text| policy(text, &told.policy))
                {
                    state.limit = limit;
                    state.window_ms = window_s.saturating_mul(1000).min(LONGEST_WINDOW_MS);
                }
                // It does not know of those that were sent after it was counted: of those that
                // were up there when it was taken, and of all that were taken since, perhaps of
                // none.
                let others = (state.taken - taken.over).saturating_sub(1);
                state.left = (told.remaining as u64).saturating_sub(others);
                state.fresh_at = ends;
                state.told = Some(told.policy);
                // One taken before ours began may have begun the API's.
                state.begun = true;
            }
        }
        if answer.status == 429 {
            let hints = RetryHints::read(
                |name| answer.header(name).map(str::to_owned),
                // A date needs the wall's clock; the API gives seconds.
                |_| None,
            );
            let wait = hints.wait_ms.map_or(SILENCE_MS, |wait| wait as u64);
            let wait = wait.min(state.longest_wait());
            state.silent_until = state.silent_until.max(now.saturating_add(wait));
        }
    }

    /// How long an answer must stay fresh, in milliseconds, when so many reads are asked for again
    /// and again.
    pub fn pace_ms(&self, watched: u64, now: u64) -> u64 {
        let mut state = self.state();
        state.refresh(now);
        let for_reads = state.left.saturating_sub(self.reserve(&state));
        let rest = state.fresh_at - now;
        match for_reads {
            0 => rest.max(state.silent_until.saturating_sub(now)),
            _ => watched.saturating_mul(rest) / for_reads,
        }
    }

    /// What is left, for whoever looks on.
    pub fn left(&self, now: u64) -> u64 {
        let mut state = self.state();
        if now < state.silent_until {
            return 0;
        }
        state.refresh(now);
        state.left
    }
}

/// A request that was taken from the budget. Dropped, it is over, answered or not.
pub struct Taken {
    budget: Arc<Budget>,
    /// In which window it was taken, and how many were over by then.
    window: u64,
    over: u64,
}

impl Taken {
    /// It has been answered, and the answer may tell what is left.
    pub fn answered(self, answer: &Answer, now: u64) {
        self.budget.answered(&self, answer, now);
    }

    /// It was never sent, so the API did not count it.
    pub fn not_sent(self) {
        let mut state = self.budget.state();
        if self.window == state.window {
            state.left = state.left.saturating_add(1).min(state.limit);
        }
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.budget.state().over += 1;
    }
}

/// The quota and window of a policy in a `Ratelimit-Policy` such as `"default";q=100;w=60`.
fn policy(text: &str, name: &str) -> Option<(u64, u64)> {
    text.split(',').find_map(|one| {
        let mut parts = one.split(';').map(str::trim);
        if parts.next()?.trim_matches('"') != name {
            return None;
        }
        let number = |wanted: &str| {
            let mut parts = parts.clone().filter_map(|part| part.split_once('='));
            let (_, value) = parts.find(|(name, _)| *name == wanted)?;
            value.parse::<u64>().ok().filter(|number| *number > 0)
        };
        Some((number("q")?, number("w")?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn budget() -> Arc<Budget> {
        Arc::new(Budget::new(Terms {
            requests: 100,
            window_ms: 10_000,
            reserve: 0.1,
        }))
    }

    /// Takes so many at `now`, as far as there are.
    fn take(budget: &Arc<Budget>, purpose: Purpose, count: usize, now: u64) -> Vec<Taken> {
        (0..count)
            .filter_map(|_| budget.take(purpose, now).ok())
            .collect()
    }

    fn told(status: u16, left: u64, reset: u64) -> Answer {
        Answer::json(status, &())
            .with("ratelimit", format!("\"default\";r={left};t={reset}"))
            .with(
                "ratelimit-policy",
                "\"burst\";q=7;w=1, \"default\";q=1200;w=300",
            )
    }

    #[test]
    fn reads_leave_the_reserve_and_mutations_use_it() {
        let budget = budget();
        assert_eq!(take(&budget, Purpose::Read, 200, 5).len(), 90);
        assert_eq!(budget.take(Purpose::Read, 1005).err(), Some(9000));
        assert_eq!(take(&budget, Purpose::Mutation, 200, 1005).len(), 10);
        assert_eq!(budget.take(Purpose::Mutation, 10_004).err(), Some(1));
    }

    #[test]
    fn a_new_window_is_a_new_budget_less_what_is_under_way() {
        let budget = budget();
        let mut taken = take(&budget, Purpose::Read, 50, 0);
        taken.truncate(20);
        assert_eq!(budget.left(9_999), 50);
        assert_eq!(budget.left(10_000), 80);
    }

    #[test]
    fn the_apis_word_outranks_our_count() {
        let budget = budget();
        let first = budget.take(Purpose::Read, 0).ok().unwrap();
        let second = budget.take(Purpose::Mutation, 0).ok().unwrap();
        first.answered(&told(200, 700, 20), 100);
        // One is still up there, which the API may not have counted.
        assert_eq!(budget.left(100), 699);
        drop(second);
        assert_eq!(budget.left(20_099), 699);
        assert_eq!(budget.left(20_100), 1200);
    }

    #[test]
    fn after_a_429_there_is_silence() {
        let budget = budget();
        let taken = budget.take(Purpose::Mutation, 0).ok().unwrap();
        taken.answered(&told(429, 0, 30).with("retry-after", "40"), 1000);
        assert_eq!(budget.take(Purpose::Mutation, 2000).err(), Some(39_000));
        assert_eq!(budget.take(Purpose::Read, 2000).err(), Some(39_000));
        assert_eq!(budget.left(2000), 0);
        let taken = budget.take(Purpose::Mutation, 41_000).ok().unwrap();
        taken.answered(&Answer::json(429, &()), 50_000);
        let refused = budget.take(Purpose::Mutation, 50_000);
        assert_eq!(refused.err(), Some(SILENCE_MS));
    }

    #[test]
    fn the_scarcer_the_rest_the_slower_the_pace() {
        let budget = budget();
        // 90 reads in 10 s: nine a second.
        assert_eq!(budget.pace_ms(9, 0), 1000);
        take(&budget, Purpose::Mutation, 80, 0);
        assert_eq!(budget.pace_ms(9, 0), 9000);
        take(&budget, Purpose::Mutation, 15, 0);
        // Nothing for reads until the limit is fresh.
        assert_eq!(budget.pace_ms(1, 4000), 6000);
    }

    #[test]
    fn an_answer_that_came_late_does_not_bring_back_what_was_taken_since() {
        let budget = budget();
        let mut first = take(&budget, Purpose::Mutation, 2, 0);
        let second = first.pop().unwrap();
        // The API counted the first before the second, but answers it after.
        second.answered(&told(200, 698, 20), 100);
        first.pop().unwrap().answered(&told(200, 699, 20), 110);
        assert_eq!(budget.left(110), 698);
        // Nor those that were taken and answered while it was up there.
        let slow = budget.take(Purpose::Read, 200).ok().unwrap();
        for taken in take(&budget, Purpose::Read, 10, 300) {
            taken.answered(&Answer::json(200, &()), 400);
        }
        slow.answered(&told(200, 697, 20), 500);
        assert_eq!(budget.left(500), 687);
    }

    #[test]
    fn the_word_of_a_window_that_is_over_is_not_believed() {
        let budget = budget();
        let first = budget.take(Purpose::Read, 0).ok().unwrap();
        first.answered(&told(200, 1000, 10), 0);
        let slow = budget.take(Purpose::Read, 9_900).ok().unwrap();
        let new = take(&budget, Purpose::Mutation, 1000, 10_000);
        assert_eq!(budget.left(10_000), 199);
        // It was counted in the window before, of which a second was left.
        slow.answered(&told(200, 999, 1), 12_000);
        assert_eq!(budget.left(12_000), 199);
        assert_eq!(budget.left(13_001), 199);
        drop(new);
    }

    #[test]
    fn a_window_begins_with_a_request_as_the_apis_does() {
        let budget = budget();
        // Somebody looks on, long before anything is sent.
        assert_eq!(budget.left(0), 100);
        assert_eq!(budget.left(9_000), 100);
        assert_eq!(take(&budget, Purpose::Mutation, 100, 9_999).len(), 100);
        assert_eq!(budget.take(Purpose::Mutation, 10_001).err(), Some(9_998));
    }

    #[test]
    fn a_window_that_the_api_tells_of_has_begun() {
        let budget = budget();
        let taken = budget.take(Purpose::Read, 9_000).ok().unwrap();
        // Somebody looks on after ours is over, and the API counts the request only now.
        assert_eq!(budget.left(19_000), 99);
        taken.answered(&told(200, 1199, 300), 19_000);
        assert_eq!(budget.left(19_000), 1199);
    }

    #[test]
    fn what_was_never_sent_is_given_back() {
        let budget = budget();
        for _ in 0..1000 {
            budget.take(Purpose::Read, 0).ok().unwrap().not_sent();
        }
        assert_eq!(budget.left(0), 100);
        let taken = budget.take(Purpose::Read, 9_999).ok().unwrap();
        assert_eq!(budget.left(10_000), 99);
        // The window it was taken from is over.
        taken.not_sent();
        assert_eq!(budget.left(10_000), 100);
    }

    #[test]
    fn odd_numbers_do_no_harm() {
        let budget = budget();
        for (ratelimit, policy, after) in [
            (
                "\"d\";r=1e300;t=1e300",
                "\"d\";q=18446744073709551615;w=18446744073709551615",
                "1e300",
            ),
            ("\"d\";r=-5;t=-5", "\"d\";q=5;w=0", "-1"),
            (
                "\"d\";r=5;t=5",
                "\"d\";q=18446744073709551615;w=18446744073709551615",
                "0",
            ),
        ] {
            let Ok(taken) = budget.take(Purpose::Mutation, 5) else {
                continue;
            };
            let answer = Answer::json(429, &())
                .with("ratelimit", ratelimit)
                .with("ratelimit-policy", policy)
                .with("retry-after", after);
            taken.answered(&answer, 6);
            let _ = (budget.left(7), budget.pace_ms(u64::MAX, 7));
        }
    }

    #[test]
    fn a_policy_is_found_by_its_name() {
        let text = "\"burst\";q=100;w=60, default;w=300;q=1200";
        assert_eq!(policy(text, "burst"), Some((100, 60)));
        assert_eq!(policy(text, "default"), Some((1200, 300)));
        for text in ["", "default", "\"default\";q=0;w=1", "\"default\";q=x;w=1"] {
            assert_eq!(policy(text, "default"), None, "{text}");
        }
    }

    /// An API that counts in windows which begin with a request, and the requests to it.
    struct Api {
        now: u64,
        limit: u64,
        counted: u64,
        ends: u64,
        sent: Vec<Sent>,
    }

    struct Sent {
        taken: Taken,
        at: u64,
        /// What was left when it was counted, and how long the window went on then.
        counted: Option<(u64, u64)>,
    }

    impl Api {
        const WINDOW_MS: u64 = 10_000;

        fn count(&mut self, which: usize) {
            if self.now >= self.ends {
                (self.counted, self.ends) = (0, self.now + Self::WINDOW_MS);
            }
            self.counted += 1;
            let left = self.limit.saturating_sub(self.counted);
            self.sent[which].counted = Some((left, self.ends - self.now));
        }

        fn answer(&mut self, which: usize) {
            if self.sent[which].counted.is_none() {
                self.count(which);
            }
            let sent = self.sent.remove(which);
            let (left, rest) = sent.counted.unwrap();
            let rest = rest as f64 / 1000.0;
            let (limit, window_s) = (self.limit, Self::WINDOW_MS / 1000);
            let answer = Answer::json(200, &())
                .with("ratelimit", format!("\"default\";r={left};t={rest}"))
                .with(
                    "ratelimit-policy",
                    format!("\"default\";q={limit};w={window_s}"),
                );
            sent.taken.answered(&answer, self.now);
        }
    }

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Take(Purpose, usize),
        Count(usize),
        Answer(usize),
        NotSent(usize),
        Look,
        Wait(u64),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => (any::<bool>(), 1..30usize).prop_map(|(acts, count)| match acts {
                true => Step::Take(Purpose::Mutation, count),
                false => Step::Take(Purpose::Read, count),
            }),
            4 => any::<usize>().prop_map(Step::Count),
            4 => any::<usize>().prop_map(Step::Answer),
            1 => any::<usize>().prop_map(Step::NotSent),
            1 => Just(Step::Look),
            4 => (1..2_500u64).prop_map(Step::Wait),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        // In whatever order requests are counted and answered; as long as none is up there for a
        // quarter of a window, and none is given up, of which nobody knows whether it was counted.
        #[test]
        fn the_api_never_counts_more_than_its_limit(
            steps in prop::collection::vec(step(), 1..200),
            limit in 20..200u64,
        ) {
            let budget = Arc::new(Budget::new(Terms {
                requests: limit,
                window_ms: Api::WINDOW_MS,
                reserve: 0.1,
            }));
            let mut api = Api { now: 0, limit, counted: 0, ends: 0, sent: Vec::new() };
            for step in steps {
                let place = |which: usize| which % api.sent.len().max(1);
                match step {
                    Step::Take(purpose, count) => {
                        let (now, before) = (api.now, budget.left(api.now));
                        let taken = take(&budget, purpose, count, now);
                        if purpose == Purpose::Read && !taken.is_empty() {
                            prop_assert!(budget.left(now) >= limit.div_ceil(10));
                        }
                        prop_assert!(taken.len() as u64 <= before);
                        let sent = |taken| Sent { taken, at: now, counted: None };
                        api.sent.extend(taken.into_iter().map(sent));
                    }
                    Step::Count(which) => {
                        let which = place(which);
                        if api.sent.get(which).is_some_and(|sent| sent.counted.is_none()) {
                            api.count(which);
                        }
                    }
                    Step::Answer(which) if !api.sent.is_empty() => api.answer(place(which)),
                    Step::NotSent(which) => {
                        let which = place(which);
                        if api.sent.get(which).is_some_and(|sent| sent.counted.is_none()) {
                            api.sent.remove(which).taken.not_sent();
                        }
                    }
                    Step::Answer(_) => {}
                    Step::Look => drop((budget.left(api.now), budget.pace_ms(3, api.now))),
                    Step::Wait(ms) => {
                        let due = |sent: &Sent, now: u64| sent.at + Api::WINDOW_MS / 4 <= now;
                        let until = api.now + ms;
                        while let Some(which) = api.sent.iter().position(|sent| due(sent, until)) {
                            api.now = api.now.max(api.sent[which].at + Api::WINDOW_MS / 4);
                            api.answer(which);
                        }
                        api.now = until;
                    }
                }
                prop_assert!(api.counted <= limit, "{} of {limit}", api.counted);
            }
        }
    }
}
