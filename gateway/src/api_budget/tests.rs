//! The remaining budget: taken, reported by the API, paused, paced, given back.

mod any_order;

use super::*;
use crate::platform::MeetingKey;
use crate::route::Id;

/// A claim of a meeting that has used nothing, as each of these is.
fn claim(purpose: Purpose) -> Claim {
    static MEETINGS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let number = MEETINGS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    claim_of(purpose, &number.to_string())
}

fn claim_of(purpose: Purpose, meeting: &str) -> Claim {
    let id = |text| Id::new(text).unwrap();
    let meeting = MeetingKey {
        app_id: id("app"),
        meeting_id: id(meeting),
    };
    Claim {
        purpose,
        meeting,
        moderator: None,
    }
}

fn at(now: u64) -> Now {
    Now {
        unix_ms: 1_800_000_000_000 + now,
        now,
    }
}

fn budget() -> Arc<ApiBudget> {
    Arc::new(ApiBudget::new(Terms {
        requests: 100,
        window_ms: 10_000,
        reserve: 0.1,
    }))
}

/// Takes so many at `now`, as far as there are.
fn take(budget: &Arc<ApiBudget>, purpose: Purpose, count: usize, now: u64) -> Vec<Taken> {
    (0..count)
        .filter_map(|_| budget.take(&claim(purpose), now).ok())
        .collect()
}

fn limited(status: u16, left: u64, reset: u64) -> ApiResponse {
    ApiResponse::json(status, &())
        .with("ratelimit", format!("\"default\";r={left};t={reset}"))
        .with(
            "ratelimit-policy",
            "\"burst\";q=7;w=1, \"default\";q=1200;w=300",
        )
}

#[test]
fn reads_leave_the_reserve_and_mutations_half_of_it() {
    let budget = budget();
    assert_eq!(take(&budget, Purpose::Read, 200, 5).len(), 90);
    assert_eq!(budget.take(&claim(Purpose::Read), 1005).err(), Some(9000));
    assert_eq!(take(&budget, Purpose::Mutation, 200, 1005).len(), 5);
    assert_eq!(
        budget.take(&claim(Purpose::Mutation), 1005).err(),
        Some(9_000)
    );
    // The rest is for kick-all, the lock and the kick of one person.
    assert_eq!(take(&budget, Purpose::Essential, 200, 1005).len(), 5);
    assert_eq!(
        budget.take(&claim(Purpose::Essential), 10_004).err(),
        Some(1)
    );
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
    let first = budget.take(&claim(Purpose::Read), 0).ok().unwrap();
    let second = budget.take(&claim(Purpose::Mutation), 0).ok().unwrap();
    first.answered(&limited(200, 700, 20), at(100));
    // One is still up there, which the API may not have counted.
    assert_eq!(budget.left(100), 699);
    drop(second);
    assert_eq!(budget.left(20_099), 699);
    assert_eq!(budget.left(20_100), 1200);
}

#[test]
fn after_a_429_there_is_silence() {
    let budget = budget();
    let taken = budget.take(&claim(Purpose::Mutation), 0).ok().unwrap();
    taken.answered(&limited(429, 0, 30).with("retry-after", "40"), at(1000));
    assert_eq!(
        budget.take(&claim(Purpose::Mutation), 2000).err(),
        Some(39_000)
    );
    assert_eq!(budget.take(&claim(Purpose::Read), 2000).err(), Some(39_000));
    assert_eq!(budget.left(2000), 0);
    let taken = budget.take(&claim(Purpose::Mutation), 41_000).ok().unwrap();
    taken.answered(&ApiResponse::json(429, &()), at(50_000));
    let refused = budget.take(&claim(Purpose::Mutation), 50_000);
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
    // The API counted the first before the second, but responses it after.
    second.answered(&limited(200, 698, 20), at(100));
    first
        .pop()
        .unwrap()
        .answered(&limited(200, 699, 20), at(110));
    assert_eq!(budget.left(110), 698);
    // Nor those that were taken and answered while it was up there.
    let slow = budget.take(&claim(Purpose::Read), 200).ok().unwrap();
    for taken in take(&budget, Purpose::Read, 10, 300) {
        taken.answered(&ApiResponse::json(200, &()), at(400));
    }
    slow.answered(&limited(200, 697, 20), at(500));
    assert_eq!(budget.left(500), 687);
}

#[test]
fn the_word_of_a_window_that_is_over_is_not_believed() {
    let budget = budget();
    let first = budget.take(&claim(Purpose::Read), 0).ok().unwrap();
    first.answered(&limited(200, 1000, 10), at(0));
    let slow = budget.take(&claim(Purpose::Read), 9_900).ok().unwrap();
    let new = take(&budget, Purpose::Mutation, 1000, 10_000);
    assert_eq!(budget.left(10_000), 199);
    // It was counted in the window before, which had a second left.
    slow.answered(&limited(200, 999, 1), at(12_000));
    assert_eq!(budget.left(12_000), 199);
    assert_eq!(budget.left(13_001), 199);
    drop(new);
}

#[test]
fn a_window_begins_with_a_request_as_the_apis_does() {
    let budget = budget();
    // A refresh of the remaining count, long before the first request.
    assert_eq!(budget.left(0), 100);
    assert_eq!(budget.left(9_000), 100);
    assert_eq!(take(&budget, Purpose::Essential, 100, 9_999).len(), 100);
    assert_eq!(
        budget.take(&claim(Purpose::Mutation), 10_001).err(),
        Some(9_998)
    );
}

#[test]
fn a_window_that_the_api_tells_of_has_begun() {
    let budget = budget();
    let taken = budget.take(&claim(Purpose::Read), 9_000).ok().unwrap();
    // A refresh after our window is over; the API counts the request only now.
    assert_eq!(budget.left(19_000), 99);
    taken.answered(&limited(200, 1199, 300), at(19_000));
    assert_eq!(budget.left(19_000), 1199);
}

#[test]
fn what_was_never_sent_is_given_back() {
    let budget = budget();
    for _ in 0..1000 {
        budget
            .take(&claim(Purpose::Read), 0)
            .ok()
            .unwrap()
            .not_sent();
    }
    assert_eq!(budget.left(0), 100);
    let taken = budget.take(&claim(Purpose::Read), 9_999).ok().unwrap();
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
        let Ok(taken) = budget.take(&claim(Purpose::Mutation), 5) else {
            continue;
        };
        let response = ApiResponse::json(429, &())
            .with("ratelimit", ratelimit)
            .with("ratelimit-policy", policy)
            .with("retry-after", after);
        taken.answered(&response, at(6));
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

#[test]
fn one_meeting_leaves_others_a_share() {
    let budget = budget();
    let takes = |purpose, meeting: &str| {
        let take = || budget.take(&claim_of(purpose, meeting), 0);
        (0..200).map_while(|_| take().ok()).map(drop).count()
    };
    // 90 are for reads: it stops when it has four times what is left.
    assert_eq!(takes(Purpose::Read, "m"), 72);
    assert_eq!(takes(Purpose::Read, "n"), 15);
    assert_eq!(takes(Purpose::Read, "o"), 3);
    // 5 of the rest are for mutations, which are counted apart: it stops when it has what is left.
    assert_eq!(takes(Purpose::Mutation, "m"), 3);
    assert_eq!(takes(Purpose::Mutation, "n"), 1);
    // And so are those that are essential.
    assert_eq!(takes(Purpose::Essential, "m"), 3);
    assert_eq!(takes(Purpose::Essential, "n"), 2);
    // A window that is over counts for no meeting.
    let again = budget.take(&claim_of(Purpose::Read, "m"), 10_000);
    assert!(again.is_ok());
    // What was refused is not remembered.
    let state = budget.state();
    assert_eq!((state.reads.len(), state.mutations.len()), (1, 0));
}

#[test]
fn an_api_that_counts_less_than_was_used_gives_each_meeting_its_share_again() {
    let budget = budget();
    let claim = claim_of(Purpose::Essential, "m");
    // Its window slides: there is always as much left.
    for _ in 0..5000 {
        let taken = budget.take(&claim, 0).ok().unwrap();
        taken.answered(&limited(200, 1200, 300), at(0));
    }
    // One that counts what was used leaves the share as it is.
    let budget = self::budget();
    let claim = claim_of(Purpose::Read, "m");
    let mut count = 0;
    while let Ok(taken) = budget.take(&claim, 0) {
        count += 1;
        taken.answered(&limited(200, 1200 - count, 300), at(0));
    }
    assert_eq!(count, 864);
}

#[test]
fn a_429_may_say_a_date() {
    let budget = budget();
    let taken = budget.take(&claim(Purpose::Read), 0).ok().unwrap();
    // 20 seconds after the time at which the test's clock begins.
    let limited = ApiResponse::json(429, &());
    let limited = limited.with("retry-after", "Fri, 15 Jan 2027 08:00:20 GMT");
    taken.answered(&limited, at(1000));
    assert_eq!(budget.silence_ms(1000), 19_000);
    // One that is over asks for no wait.
    let taken = budget.take(&claim(Purpose::Read), 20_000).ok().unwrap();
    taken.answered(&limited, at(30_000));
    assert_eq!(budget.silence_ms(30_000), 0);
}

#[test]
fn silence_is_taken_over_and_no_longer_than_a_window() {
    let budget = budget();
    budget.silence(5000, 100);
    assert_eq!(
        budget.take(&claim(Purpose::Essential), 100).err(),
        Some(5000)
    );
    budget.silence(u64::MAX, 100);
    assert_eq!(budget.silence_ms(100), SILENCE_MS);
}

/// Twenty requests in ten seconds.
fn small() -> Arc<ApiBudget> {
    Arc::new(ApiBudget::new(Terms {
        requests: 20,
        window_ms: 10_000,
        reserve: 0.1,
    }))
}

fn of_20(left: u64, reset: u64) -> ApiResponse {
    ApiResponse::json(200, &())
        .with("ratelimit", format!("\"default\";r={left};t={reset}"))
        .with("ratelimit-policy", "\"default\";q=20;w=10")
}

#[test]
fn the_apis_window_may_begin_with_a_request_of_our_window_before() {
    let budget = small();
    let first = budget.take(&claim(Purpose::Essential), 0).ok().unwrap();
    first.answered(&of_20(19, 10), at(0));
    let slow = budget.take(&claim(Purpose::Essential), 8_000).ok().unwrap();
    let next = budget
        .take(&claim(Purpose::Essential), 10_000)
        .ok()
        .unwrap();
    // The API counts it only now: its window ends half a second after what is assumed.
    slow.answered(&of_20(19, 10), at(10_500));
    next.answered(&of_20(18, 9), at(11_500));
    assert_eq!(take(&budget, Purpose::Essential, 20, 15_000).len(), 18);
    assert_eq!(
        budget.take(&claim(Purpose::Essential), 20_000).err(),
        Some(500)
    );
    assert_eq!(budget.left(20_500), 20);
}

#[test]
fn after_a_burst_what_is_left_is_what_the_api_said() {
    let budget = small();
    let mut burst = take(&budget, Purpose::Essential, 10, 0);
    // The API counted them in another order than it responded in.
    for left in [12, 19, 11, 13, 14, 15, 16, 17, 18] {
        burst.pop().unwrap().answered(&of_20(left, 10), at(50));
    }
    assert!(budget.left(50) < 10);
    burst.pop().unwrap().answered(&of_20(10, 10), at(60));
    assert_eq!(budget.left(60), 10);

    // Those without a response may be counted, too.
    let mut burst = take(&budget, Purpose::Essential, 3, 100);
    drop(burst.pop());
    burst.pop().unwrap().answered(&of_20(9, 10), at(150));
    drop(burst.pop());
    assert_eq!(budget.left(150), 7);

    // The API's window may end in between.
    let mut burst = take(&budget, Purpose::Essential, 2, 9_900);
    burst.pop().unwrap().answered(&of_20(6, 0), at(9_950));
    burst.pop().unwrap().answered(&of_20(19, 10), at(10_000));
    assert_eq!(budget.left(10_000), 19);
}
