//! The latest records in memory, for a journal that cannot be read back.

use std::collections::VecDeque;

use super::shared::Written;
use crate::platform::{PAGE_BYTES, Page};

/// The most records that are kept.
const MOST_RECORDS: usize = 10_000;

/// The most bytes of their lines that are kept.
const MOST_BYTES: usize = 16 * 1024 * 1024;

struct Record {
    /// Cursors refer to it.
    number: u64,
    id: String,
    app_id: String,
    meeting_id: String,
    is_open: bool,
    text: String,
}

impl Record {
    fn is_of(&self, app_id: &str, meeting_id: &str) -> bool {
        self.app_id == app_id && self.meeting_id == meeting_id
    }
}

/// The latest records, in the order of their first lines.
#[derive(Default)]
pub(super) struct Recent {
    records: VecDeque<Record>,
    bytes: usize,
    next: u64,
}

impl Recent {
    /// Notes a line that was written.
    pub(super) fn note(&mut self, written: &Written) {
        let line = written.line();
        self.bytes = self.bytes.saturating_add(line.text.len());
        let mut records = self.records.iter_mut().rev();
        let intent = records.find(|record| {
            record.is_open && record.id == line.id && record.is_of(&line.app_id, &line.meeting_id)
        });
        match intent {
            Some(record) => {
                self.bytes = self.bytes.saturating_sub(record.text.len());
                record.text.clone_from(&line.text);
                record.is_open = line.is_intent;
            }
            None => {
                self.records.push_back(Record {
                    number: self.next,
                    id: line.id.clone(),
                    app_id: line.app_id.clone(),
                    meeting_id: line.meeting_id.clone(),
                    is_open: line.is_intent,
                    text: line.text.clone(),
                });
                self.next = self.next.saturating_add(1);
            }
        }
        while (self.records.len() > MOST_RECORDS || self.bytes > MOST_BYTES)
            && let Some(oldest) = self.records.pop_front()
        {
            self.bytes = self.bytes.saturating_sub(oldest.text.len());
        }
    }

    /// A page of a meeting's records, the latest first.
    pub(super) fn page(
        &self,
        app_id: &str,
        meeting_id: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Page {
        let of_meeting = |record: &&Record| record.is_of(app_id, meeting_id);
        let total = self.records.iter().filter(of_meeting).count();
        let older = self.records.iter().rev().filter(of_meeting);
        let mut older = older
            .filter(|record| before.is_none_or(|before| record.number < before))
            .peekable();
        let mut page = Page {
            total: u64::try_from(total).unwrap_or(u64::MAX),
            ..Page::default()
        };
        let (mut bytes, mut last) = (0_usize, None);
        while page.lines.len() < limit
            && bytes < PAGE_BYTES
            && let Some(record) = older.next()
        {
            bytes = bytes.saturating_add(record.text.len());
            page.lines.push(record.text.clone());
            last = Some(record.number);
        }
        page.next = last.filter(|_| older.peek().is_some());
        page
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Line;

    fn note(recent: &mut Recent, id: &str, meeting: &str, is_intent: bool, text: &str) {
        let line = Line {
            id: id.to_owned(),
            app_id: "a".to_owned(),
            meeting_id: meeting.to_owned(),
            is_intent,
            text: text.to_owned(),
        };
        recent.note(&Written::new(line).unwrap());
    }

    #[test]
    fn an_outcome_takes_the_place_of_its_intent() {
        let mut recent = Recent::default();
        note(&mut recent, "1", "m", true, "1 intent");
        note(&mut recent, "2", "m", true, "2 intent");
        note(&mut recent, "1", "other", false, "not this meeting's");
        note(&mut recent, "1", "m", false, "1 outcome");
        note(&mut recent, "3", "m", false, "3 outcome");
        let page = recent.page("a", "m", None, 10);
        assert_eq!(page.lines, ["3 outcome", "2 intent", "1 outcome"]);
        assert_eq!((page.total, page.next), (3, None));
        let first = recent.page("a", "m", None, 2);
        assert_eq!(first.lines, ["3 outcome", "2 intent"]);
        let second = recent.page("a", "m", first.next, 2);
        assert_eq!(second.lines, ["1 outcome"]);
        assert_eq!((second.total, second.next), (3, None));
        assert_eq!(recent.page("a", "none", None, 2), Page::default());
    }

    #[test]
    fn old_records_are_forgotten_by_their_number_and_by_their_size() {
        let mut recent = Recent::default();
        for number in 0..=MOST_RECORDS {
            note(&mut recent, &number.to_string(), "m", false, "line");
        }
        assert_eq!(recent.records.len(), MOST_RECORDS);
        assert_eq!(recent.bytes, MOST_RECORDS * 4);
        note(&mut recent, "large", "m", true, &"x".repeat(MOST_BYTES - 4));
        assert_eq!(recent.records.len(), 2);
        note(&mut recent, "large", "m", false, "small");
        assert_eq!(recent.bytes, 9);
        let page = recent.page("a", "m", None, 10);
        assert_eq!(page.lines, ["small", "line"]);
    }

    #[test]
    fn a_page_ends_at_its_size() {
        let mut recent = Recent::default();
        for id in ["1", "2", "3"] {
            note(&mut recent, id, "m", false, &"x".repeat(PAGE_BYTES / 2));
        }
        let page = recent.page("a", "m", None, 10);
        assert_eq!(page.lines.len(), 2);
        assert_eq!(recent.page("a", "m", page.next, 10).lines.len(), 1);
    }
}
