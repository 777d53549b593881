use proptest::prelude::*;

use super::*;

const PLAIN: Pace = Pace {
    interval_ms: 2000,
    quiet_ms: None,
};
const WITH_WEBHOOKS: Pace = Pace {
    interval_ms: 2000,
    quiet_ms: Some(15_000),
};

/// Nothing but the shortest gap.
const FREE: Spacing = Spacing {
    sustained_ms: 0,
    gap_ms: BURST_GAP_MS,
};

/// A schedule after a good read at `now`, without a change.
fn read(schedule: &mut Schedule, now: u64, pace: Pace, change: bool) -> u64 {
    schedule.begin(now, FREE);
    schedule.end(now + 20, Outcome::Good { change }, pace, 0.5);
    schedule.next(now + 20, pace, FREE)
}

#[test]
fn the_first_read_is_at_once_and_then_at_the_interval() {
    let mut schedule = Schedule::default();
    assert_eq!(schedule.next(7, PLAIN, FREE), 7);
    assert_eq!(read(&mut schedule, 100, PLAIN, true), 2100);
    assert_eq!(read(&mut schedule, 2100, PLAIN, false), 4100);
}

#[test]
fn a_quiet_meeting_with_webhooks_is_read_rarely() {
    let mut schedule = Schedule::default();
    assert_eq!(read(&mut schedule, 100, WITH_WEBHOOKS, true), 15_100);
    assert_eq!((PLAIN.idle_ms(), WITH_WEBHOOKS.idle_ms()), (2000, 15_000));
    schedule.hint(5000, Hint::Webhook);
    assert_eq!(schedule.next(5000, WITH_WEBHOOKS, FREE), 200);
    // The API may be late: it is read at the interval for some time.
    assert_eq!(read(&mut schedule, 5000, WITH_WEBHOOKS, true), 7000);
    let mut now = 7000;
    while now < 15_000 {
        now = read(&mut schedule, now, WITH_WEBHOOKS, false);
    }
    assert_eq!(read(&mut schedule, now, WITH_WEBHOOKS, false), now + 15_000);
}

#[test]
fn a_change_without_a_webhook_means_that_they_are_lost() {
    let mut schedule = Schedule::default();
    read(&mut schedule, 0, WITH_WEBHOOKS, true);
    assert_eq!(read(&mut schedule, 15_000, WITH_WEBHOOKS, true), 17_000);
    let later = 15_000 + DISTRUST_MS - 1000;
    assert_eq!(
        read(&mut schedule, later, WITH_WEBHOOKS, false),
        later + 2000
    );
    // One that arrives restores the trust.
    schedule.hint(later + 500, Hint::Webhook);
    read(&mut schedule, later + 500, WITH_WEBHOOKS, true);
    let calm = later + 20_000;
    assert_eq!(
        read(&mut schedule, calm, WITH_WEBHOOKS, false),
        calm + 15_000
    );
}

#[test]
fn a_burst_of_hints_is_one_read_after_the_one_in_flight() {
    let mut schedule = Schedule::default();
    read(&mut schedule, 0, PLAIN, true);
    schedule.hint(1000, Hint::Webhook);
    schedule.begin(1000, FREE);
    for at in 1001..1100 {
        schedule.hint(at, Hint::Webhook);
    }
    schedule.end(1200, Outcome::Good { change: true }, PLAIN, 0.5);
    assert_eq!(schedule.next(1200, PLAIN, FREE), 1100);
    schedule.begin(1200, FREE);
    schedule.end(1300, Outcome::Good { change: true }, PLAIN, 0.5);
    assert_eq!(schedule.next(1300, PLAIN, FREE), 3200);
}

#[test]
fn endless_hints_are_read_as_the_budget_allows() {
    let mut schedule = Schedule::default();
    let (mut now, mut reads) = (0, 0);
    while now < 60_000 {
        schedule.hint(now, Hint::Webhook);
        now = schedule
            .next(now, WITH_WEBHOOKS, Spacing::new(1000, 1))
            .max(now);
        schedule.begin(now, Spacing::new(1000, 1));
        schedule.end(now + 5, Outcome::Good { change: true }, WITH_WEBHOOKS, 0.5);
        (now, reads) = (now + 5, reads + 1);
    }
    assert!((60..=60 + BURST + 2).contains(&reads), "{reads}");
}

#[test]
fn many_sockets_get_fewer_messages() {
    assert_eq!(Spacing::new(0, 50), FREE);
    assert_eq!(Spacing::new(0, 10_000).gap_ms, 200);
    assert_eq!(Spacing::new(0, usize::MAX).gap_ms, LONGEST_GAP_MS);
}

#[test]
fn failures_and_pauses_delay_hints_too() {
    let mut schedule = Schedule::default();
    let mut ended = 0;
    let mut waits = Vec::new();
    for _ in 0..6 {
        schedule.hint(ended, Hint::Action);
        let at = schedule.next(ended, PLAIN, FREE).max(ended);
        schedule.begin(at, FREE);
        ended = at + 10;
        schedule.end(ended, Outcome::Failed, PLAIN, 0.5);
        waits.push(schedule.next(ended, PLAIN, FREE) - ended);
    }
    assert_eq!(waits, [4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    // A watcher does not have to wait.
    schedule.hint(ended, Hint::Request);
    assert!(schedule.next(ended, PLAIN, FREE) <= ended + BURST_GAP_MS);
    schedule.begin(500_000, FREE);
    schedule.end(500_000, Outcome::Wait(90_000), PLAIN, 0.5);
    schedule.hint(500_001, Hint::Webhook);
    assert_eq!(schedule.next(500_001, PLAIN, FREE), 590_000);
}

proptest! {
    // Whatever happens, a meeting is read again within the longest of all waits.
    #[test]
    fn it_never_sleeps_for_ever(
        steps in prop::collection::vec((0..40_000_u64, 0..4_u8, any::<bool>(), 0.0..1.0_f64), 1..60),
        sustained in 0..5000_u64,
    ) {
        let spacing = Spacing::new(sustained, 5);
        let mut schedule = Schedule::default();
        let mut now = 0;
        for (pass, kind, flag, random) in steps {
            now += pass;
            match kind {
                0 => schedule.hint(now, if flag { Hint::Webhook } else { Hint::Action }),
                1 => {
                    schedule.begin(now, spacing);
                    schedule.end(now, Outcome::Good { change: flag }, WITH_WEBHOOKS, random);
                }
                2 => {
                    schedule.begin(now, spacing);
                    schedule.end(now, Outcome::Failed, WITH_WEBHOOKS, random);
                }
                _ => {
                    schedule.begin(now, spacing);
                    schedule.end(now, Outcome::Wait(pass), WITH_WEBHOOKS, random);
                }
            }
            let due = schedule.next(now, WITH_WEBHOOKS, spacing);
            prop_assert!(due <= now + 40_000, "{due} at {now}");
        }
    }
}
