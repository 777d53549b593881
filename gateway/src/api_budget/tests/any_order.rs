//! In any order of counts and responses, no more requests are sent than the API allows.

use super::*;
use proptest::prelude::*;

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

    fn response(&mut self, which: usize) {
        if self.sent[which].counted.is_none() {
            self.count(which);
        }
        let sent = self.sent.remove(which);
        let (left, rest) = sent.counted.unwrap();
        let rest = rest as f64 / 1000.0;
        let (limit, window_s) = (self.limit, Self::WINDOW_MS / 1000);
        let response = ApiResponse::json(200, &())
            .with("ratelimit", format!("\"default\";r={left};t={rest}"))
            .with(
                "ratelimit-policy",
                format!("\"default\";q={limit};w={window_s}"),
            );
        sent.taken.answered(&response, at(self.now));
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Take(Purpose, usize),
    Count(usize),
    Respond(usize),
    NotSent(usize),
    Look,
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3, 1..30usize).prop_map(|(purpose, count)| match purpose {
            0 => Step::Take(Purpose::Essential, count),
            1 => Step::Take(Purpose::Mutation, count),
            _ => Step::Take(Purpose::Read, count),
        }),
        4 => any::<usize>().prop_map(Step::Count),
        4 => any::<usize>().prop_map(Step::Respond),
        1 => any::<usize>().prop_map(Step::NotSent),
        1 => Just(Step::Look),
        4 => (1..2_500u64).prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    // In any order of counts and responses, if no request takes a quarter of a window and none is
    // cancelled, which the API may or may not have counted.
    #[test]
    fn the_api_never_counts_more_than_its_limit(
        steps in prop::collection::vec(step(), 1..200),
        limit in 20..200u64,
    ) {
        let budget = Arc::new(ApiBudget::new(Terms {
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
                Step::Respond(which) if !api.sent.is_empty() => api.response(place(which)),
                Step::NotSent(which) => {
                    let which = place(which);
                    if api.sent.get(which).is_some_and(|sent| sent.counted.is_none()) {
                        api.sent.remove(which).taken.not_sent();
                    }
                }
                Step::Respond(_) => {}
                Step::Look => drop((budget.left(api.now), budget.pace_ms(3, api.now))),
                Step::Wait(ms) => {
                    let due = |sent: &Sent, now: u64| sent.at + Api::WINDOW_MS / 4 <= now;
                    let until = api.now + ms;
                    while let Some(which) = api.sent.iter().position(|sent| due(sent, until)) {
                        api.now = api.now.max(api.sent[which].at + Api::WINDOW_MS / 4);
                        api.response(which);
                    }
                    api.now = until;
                }
            }
            prop_assert!(api.counted <= limit, "{} of {limit}", api.counted);
        }
    }
}
