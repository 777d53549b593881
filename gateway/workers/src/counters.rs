//! The process's counters on Workers: each isolate counts, and the account object adds up.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};
use serde::{Deserialize, Serialize};

/// How often an isolate passes them on, in milliseconds.
const COUNTED_EVERY_MS: u64 = 10_000;

/// What was counted since the last time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Delta {
    /// The counter's name, with its labels as Prometheus writes them.
    pub(crate) name: String,
    /// By how much it has grown.
    pub(crate) value: f64,
}

/// A counter, or the number and the sum of a histogram's values.
#[derive(Clone)]
enum Count {
    Counter(Arc<Whole>),
    Histogram(Arc<Times>),
}

#[derive(Default)]
struct Whole(AtomicU64);

#[derive(Default)]
struct Times {
    count: AtomicU64,
    micros: AtomicU64,
}

impl CounterFn for Whole {
    fn increment(&self, value: u64) {
        self.0.fetch_add(value, Ordering::Relaxed);
    }

    /// The core only increments.
    fn absolute(&self, value: u64) {
        self.0.fetch_max(value, Ordering::Relaxed);
    }
}

impl HistogramFn for Times {
    fn record(&self, seconds: f64) {
        self.count.fetch_add(1, Ordering::Relaxed);
        self.micros
            .fetch_add((seconds * 1e6) as u64, Ordering::Relaxed);
    }
}

/// The isolate's counters.
static COUNTS: Mutex<Option<HashMap<String, Count>>> = Mutex::new(None);

fn counts() -> MutexGuard<'static, Option<HashMap<String, Count>>> {
    COUNTS.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Isolate;

/// Starts counting; the first call counts.
pub(crate) fn start() {
    // A second call finds the first one's.
    let _ = metrics::set_global_recorder(Isolate);
}

/// A counter's name with its labels, as Prometheus writes them.
fn named(key: &Key, suffix: &str) -> String {
    let labels: Vec<_> = key
        .labels()
        .map(|label| format!("{}={:?}", label.key(), label.value()))
        .collect();
    match labels.is_empty() {
        true => format!("{}{suffix}", key.name()),
        false => format!("{}{suffix}{{{}}}", key.name(), labels.join(",")),
    }
}

fn find(name: String, make: impl FnOnce() -> Count) -> Count {
    let mut counts = counts();
    let known = counts.get_or_insert_default();
    known.entry(name).or_insert_with(make).clone()
}

impl Recorder for Isolate {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        match find(named(key, ""), || Count::Counter(Arc::default())) {
            Count::Counter(counter) => Counter::from_arc(counter),
            Count::Histogram(_) => Counter::noop(),
        }
    }

    /// The account object has its own numbers.
    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        match find(named(key, "\0"), || Count::Histogram(Arc::default())) {
            Count::Histogram(times) => Histogram::from_arc(times),
            Count::Counter(_) => Histogram::noop(),
        }
    }
}

/// When the counters of the isolate were last passed on, in milliseconds since 1970.
static PASSED_ON: AtomicU64 = AtomicU64::new(0);

/// What was counted, if it is time to pass it on: an isolate has many objects, and needs no message for each.
pub(crate) fn take_due(unix_ms: u64) -> Option<Vec<Delta>> {
    let before = PASSED_ON.load(Ordering::Relaxed);
    if unix_ms.abs_diff(before) < COUNTED_EVERY_MS {
        return None;
    }
    PASSED_ON.store(unix_ms, Ordering::Relaxed);
    Some(take())
}

/// What was counted since the last call.
pub(crate) fn take() -> Vec<Delta> {
    let counts = counts();
    let mut deltas = Vec::new();
    let mut note = |name: String, value: f64| {
        if value > 0.0 {
            deltas.push(Delta { name, value });
        }
    };
    for (name, count) in counts.iter().flatten() {
        match count {
            Count::Counter(counter) => {
                note(name.clone(), counter.0.swap(0, Ordering::Relaxed) as f64);
            }
            Count::Histogram(times) => {
                let count = times.count.swap(0, Ordering::Relaxed) as f64;
                let seconds = times.micros.swap(0, Ordering::Relaxed) as f64 / 1e6;
                note(name.replace('\0', "_count"), count);
                note(name.replace('\0', "_sum"), seconds);
            }
        }
    }
    deltas
}
