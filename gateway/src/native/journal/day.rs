//! Days of UTC, and the names of their files.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

const SECONDS: u64 = 24 * 60 * 60;

/// A day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Day(u32);

impl Day {
    /// The day of a time.
    pub(super) fn of_unix_ms(unix_ms: u64) -> Self {
        Self(u32::try_from(unix_ms / 1000 / SECONDS).unwrap_or(u32::MAX))
    }

    /// Today by the system's clock; a clock before 1970 counts as 1970.
    pub(super) fn today() -> Self {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self(u32::try_from(since.as_secs() / SECONDS).unwrap_or(u32::MAX))
    }

    /// Whether this is the day right before another.
    pub(super) fn is_eve_of(self, other: Self) -> bool {
        self.0.checked_add(1) == Some(other.0)
    }

    /// `audit-2026-08-01.jsonl`
    pub(super) fn file_name(self) -> String {
        let date = i64::try_from(u64::from(self.0).saturating_mul(SECONDS))
            .ok()
            .and_then(|seconds| Timestamp::from_second(seconds).ok())
            .unwrap_or(Timestamp::MAX);
        date.strftime("audit-%Y-%m-%d.jsonl").to_string()
    }

    /// The day of a file; `None` if the name is not exactly one of the journal's.
    pub(super) fn of_file_name(name: &str) -> Option<Self> {
        let text = name.strip_prefix("audit-")?.strip_suffix(".jsonl")?;
        let date: Date = text.parse().ok()?;
        let start = date.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp();
        let seconds = u64::try_from(start.as_second()).ok()?;
        let day = Self(u32::try_from(seconds / SECONDS).ok()?);
        (day.file_name() == name).then_some(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_of_utc() {
        let last = Day::of_unix_ms(1_785_628_799_999);
        let first = Day::of_unix_ms(1_785_628_800_000);
        assert_eq!(last.file_name(), "audit-2026-08-01.jsonl");
        assert_eq!(first.file_name(), "audit-2026-08-02.jsonl");
        assert!(last.is_eve_of(first) && last < first && !first.is_eve_of(last));
    }

    #[test]
    fn a_name_gives_its_day_back() {
        for unix_ms in [0, 1_709_164_800_000, 1_785_628_800_000] {
            let day = Day::of_unix_ms(unix_ms);
            assert_eq!(Day::of_file_name(&day.file_name()), Some(day));
        }
        for name in [
            "audit-2026-02-30.jsonl",
            "audit-20260801.jsonl",
            "audit-2026-08-01.jsonl.gz",
            "audit-2026-8-1.jsonl",
            "audit-1969-12-31.jsonl",
            "audit-.jsonl",
            "lock",
        ] {
            assert_eq!(Day::of_file_name(name), None, "{name}");
        }
    }

    #[test]
    fn no_moment_is_too_late() {
        assert_eq!(
            Day::of_unix_ms(u64::MAX).file_name(),
            "audit-9999-12-30.jsonl"
        );
    }
}
