//! The audit's files in R2: which lines one has, and when a failed export is tried again. A day has as many files
//! as it takes for each to fit into memory.

use serde::{Deserialize, Serialize};
use worker::Result;

use realtimekit_gateway::audit;

/// How many bytes a file has at most, unless its first line alone is longer: an isolate's memory is that of many
/// meetings.
const MOST_BYTES: usize = 1 << 20;

pub(super) const DAY_MS: u64 = 86_400_000;

/// How long lines wait, in milliseconds: a file is written as a whole, with all that came by then.
pub(super) const EXPORT_AFTER_MS: u64 = 30_000;

/// After how long at most a failed export is tried again, in milliseconds.
const LONGEST_WAIT_MS: u64 = 3_600_000;

/// How far the audit is in R2.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Exported {
    /// The number of the last line that is there.
    pub(super) through: u64,
    /// The number of the first line of the last file, which may grow.
    pub(super) first: u64,
}

/// A line that waits for its file.
pub(super) struct Row {
    pub(super) seq: u64,
    pub(super) at: u64,
    pub(super) text: String,
}

/// A file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// The numbers of its lines.
    pub(super) first: u64,
    pub(super) last: u64,
    /// When its day began, in milliseconds since 1970.
    day: u64,
    pub(super) text: String,
}

impl Part {
    /// The file that begins with the first of these lines: as many of them as are of its day, and fit in.
    pub(super) fn of(rows: impl Iterator<Item = Result<Row>>) -> Result<Option<Self>> {
        let mut part: Option<Self> = None;
        for row in rows {
            let row = row?;
            let day = row.at - row.at % DAY_MS;
            let part = part.get_or_insert_with(|| Self {
                first: row.seq,
                last: row.seq,
                day,
                text: String::new(),
            });
            let is_full = part.text.len() + row.text.len() >= MOST_BYTES;
            if day != part.day || (is_full && row.seq != part.first) {
                break;
            }
            part.text.push_str(&row.text);
            part.text.push('\n');
            part.last = row.seq;
        }
        Ok(part)
    }

    /// Its name: those of a meeting are in the order of their lines.
    pub(super) fn name(&self, meeting: &str) -> String {
        let time = audit::time(self.day);
        let date = time.get(..10).unwrap_or_default();
        format!("{meeting}/audit-{date}-{:010}.jsonl", self.first)
    }
}

/// After how long an export is tried again if it fails, when the oldest line has waited for so long, in
/// milliseconds: a bucket that is broken for days must not wake all objects every half minute.
pub(super) fn again_ms(waited: u64) -> u64 {
    (waited / 8).clamp(EXPORT_AFTER_MS, LONGEST_WAIT_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Files of lines with these times and lengths, numbered from 1, as the export makes them.
    fn parts(lines: &[(u64, usize)]) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut from = 1;
        loop {
            let rows = (1..).zip(lines).filter(|(seq, _)| *seq >= from);
            let rows = rows.map(|(seq, (at, length))| {
                Ok(Row {
                    seq,
                    at: *at,
                    text: "x".repeat(*length),
                })
            });
            let Some(part) = Part::of(rows).unwrap() else {
                return parts;
            };
            from = part.last + 1;
            parts.push(part);
        }
    }

    #[test]
    fn a_day_has_as_many_files_as_it_takes() {
        let lines = [(0, 400_000); 7];
        let parts = parts(&lines);
        let places: Vec<_> = parts.iter().map(|part| (part.first, part.last)).collect();
        assert_eq!(places, [(1, 2), (3, 4), (5, 6), (7, 7)]);
        for part in &parts {
            assert!(part.text.len() <= MOST_BYTES, "{} bytes", part.text.len());
            assert!(part.text.ends_with("x\n"));
        }
    }

    #[test]
    fn a_line_that_is_too_long_for_a_file_has_one_of_its_own() {
        let lines = [(0, 10), (0, 3 * MOST_BYTES), (0, 10), (0, 10)];
        let parts = parts(&lines);
        let places: Vec<_> = parts.iter().map(|part| (part.first, part.last)).collect();
        assert_eq!(places, [(1, 1), (2, 2), (3, 4)]);
    }

    #[test]
    fn a_file_has_lines_of_one_day_and_names_are_in_the_order_of_lines() {
        // The clock may be set back.
        let lines = [
            (DAY_MS - 1, 10),
            (DAY_MS, 10),
            (2 * DAY_MS - 1, 10),
            (5, 10),
        ];
        let names: Vec<_> = parts(&lines)
            .iter()
            .map(|part| part.name("app/meeting"))
            .collect();
        assert_eq!(
            names,
            [
                "app/meeting/audit-1970-01-01-0000000001.jsonl",
                "app/meeting/audit-1970-01-02-0000000002.jsonl",
                "app/meeting/audit-1970-01-01-0000000004.jsonl",
            ]
        );
    }

    #[test]
    fn a_failed_export_is_tried_again_soon_and_after_days_every_hour() {
        assert_eq!(again_ms(0), 30_000);
        assert_eq!(again_ms(30_000), 30_000);
        assert_eq!(again_ms(3_600_000), 450_000);
        assert_eq!(again_ms(3 * DAY_MS), 3_600_000);
    }
}
