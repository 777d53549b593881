//! The places of each meeting's records: sixteen bytes a record in memory, and the ID only until
//! the outcome is written.

use std::collections::{BTreeSet, HashMap};

use super::day::Day;

/// The place of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The day of its file.
    pub(super) day: Day,
    /// Its length in bytes without the line break; 0 if it is gone.
    pub(super) length: u32,
    /// The bytes before it.
    pub(super) offset: u64,
}

/// A line as the index sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub(super) id: &'a str,
    pub(super) app_id: &'a str,
    pub(super) meeting_id: &'a str,
    /// Whether another line with the outcome follows.
    pub(super) is_intent: bool,
}

/// The place of an intent's record in the index.
#[derive(Clone, Copy)]
struct Open {
    meeting: usize,
    record: usize,
}

/// The places of the records; each meeting's are in the order of their first lines.
#[derive(Default)]
pub(super) struct Index {
    /// App, then meeting: the position in `meetings`.
    apps: HashMap<Box<str>, HashMap<Box<str>, usize>>,
    meetings: Vec<Vec<Place>>,
    open: HashMap<Box<str>, Open>,
    /// The days whose lines are known.
    days: BTreeSet<Day>,
}

impl Index {
    /// Notes a line that was written.
    pub(super) fn note(&mut self, entry: Entry<'_>, place: Place) {
        self.days.insert(place.day);
        let meeting = self.meeting(entry.app_id, entry.meeting_id);
        let Some(records) = self.meetings.get_mut(meeting) else {
            return;
        };
        // An ID that another meeting's record has too must not move that record.
        let open = self
            .open
            .get(entry.id)
            .copied()
            .filter(|open| open.meeting == meeting);
        if let Some(known) = open.and_then(|open| records.get_mut(open.record)) {
            *known = place;
            if !entry.is_intent {
                self.open.remove(entry.id);
            }
            return;
        }
        if entry.is_intent {
            let record = records.len();
            self.open.insert(entry.id.into(), Open { meeting, record });
        }
        records.push(place);
    }

    /// Notes that a day's lines are gone. Their records keep their numbers, which cursors refer to.
    pub(super) fn forget(&mut self, day: Day) {
        self.days.remove(&day);
        let places = self.meetings.iter_mut().flatten();
        for place in places.filter(|place| place.day == day) {
            place.length = 0;
        }
    }

    /// Forgets days without a file: files may be deleted or renamed at any time.
    pub(super) fn forget_missing(&mut self, is_there: impl Fn(Day) -> bool) {
        let missing: Vec<_> = self
            .days
            .iter()
            .copied()
            .filter(|day| !is_there(*day))
            .collect();
        for day in missing {
            self.forget(day);
        }
    }

    /// How many records of a meeting still exist.
    pub(super) fn present(&self, app_id: &str, meeting_id: &str) -> usize {
        let records = self.records(app_id, meeting_id).iter();
        records.filter(|place| place.length > 0).count()
    }

    /// How many records a meeting has had: the number of the next one.
    pub(super) fn count(&self, app_id: &str, meeting_id: &str) -> usize {
        self.records(app_id, meeting_id).len()
    }

    /// At most `limit` records before the `before`th, the latest first.
    pub(super) fn before(
        &self,
        app_id: &str,
        meeting_id: &str,
        before: usize,
        limit: usize,
    ) -> Vec<Place> {
        let records = self.records(app_id, meeting_id);
        let end = before.min(records.len());
        let older = records.get(..end).unwrap_or_default();
        older.iter().rev().take(limit).copied().collect()
    }

    fn records(&self, app_id: &str, meeting_id: &str) -> &[Place] {
        self.apps
            .get(app_id)
            .and_then(|meetings| meetings.get(meeting_id))
            .and_then(|meeting| self.meetings.get(*meeting))
            .map_or(&[], Vec::as_slice)
    }

    /// The meeting's number, assigned at its first record.
    fn meeting(&mut self, app_id: &str, meeting_id: &str) -> usize {
        let known = self.apps.get(app_id).and_then(|app| app.get(meeting_id));
        if let Some(meeting) = known {
            return *meeting;
        }
        let meeting = self.meetings.len();
        self.meetings.push(Vec::new());
        self.apps
            .entry(app_id.into())
            .or_default()
            .insert(meeting_id.into(), meeting);
        meeting
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(offset: u64) -> Place {
        Place {
            day: Day::of_unix_ms(0),
            length: 1,
            offset,
        }
    }

    fn note(index: &mut Index, meeting_id: &str, id: &str, is_intent: bool, offset: u64) {
        let entry = Entry {
            id,
            app_id: "app",
            meeting_id,
            is_intent,
        };
        index.note(entry, place(offset));
    }

    fn offsets(index: &Index, meeting: &str, before: usize, limit: usize) -> Vec<u64> {
        let places = index.before("app", meeting, before, limit);
        places.iter().map(|place| place.offset).collect()
    }

    #[test]
    fn an_outcome_takes_its_intents_place_in_the_order() {
        let mut index = Index::default();
        note(&mut index, "m", "a", true, 1);
        note(&mut index, "m", "b", true, 2);
        note(&mut index, "m", "refused", false, 3);
        note(&mut index, "m", "a", false, 4);
        assert_eq!(offsets(&index, "m", usize::MAX, 9), [3, 2, 4]);
        assert_eq!(index.count("app", "m"), 3);
    }

    #[test]
    fn only_open_intents_are_remembered_by_their_ids() {
        let mut index = Index::default();
        note(&mut index, "m", "a", true, 1);
        assert_eq!(index.open.len(), 1);
        note(&mut index, "m", "a", false, 2);
        note(&mut index, "m", "refused", false, 3);
        assert!(index.open.is_empty());
    }

    #[test]
    fn meetings_are_kept_apart_even_with_the_same_record_id() {
        let mut index = Index::default();
        note(&mut index, "other", "b", false, 1);
        note(&mut index, "m", "a", true, 2);
        note(&mut index, "other", "a", false, 3);
        assert_eq!(offsets(&index, "m", 9, 9), [2]);
        assert_eq!(offsets(&index, "other", 9, 9), [3, 1]);
        assert_eq!(index.count("another app", "m"), 0);
    }

    #[test]
    fn pages_go_back_from_any_place() {
        let mut index = Index::default();
        for offset in 0..5 {
            note(&mut index, "m", &offset.to_string(), false, offset);
        }
        assert_eq!(offsets(&index, "m", 3, 2), [2, 1]);
        assert_eq!(offsets(&index, "m", 1, 2), [0]);
        assert!(offsets(&index, "m", 0, 2).is_empty());
    }

    #[test]
    fn a_day_that_is_forgotten_leaves_the_others_and_all_their_numbers() {
        let mut index = Index::default();
        note(&mut index, "m", "a", false, 1);
        let entry = Entry {
            id: "b",
            app_id: "app",
            meeting_id: "m",
            is_intent: false,
        };
        let day = Day::of_unix_ms(u64::MAX);
        index.note(entry, Place { day, ..place(2) });
        index.forget(day);
        let places = index.before("app", "m", 9, 9);
        let lengths: Vec<u32> = places.iter().map(|place| place.length).collect();
        assert_eq!(lengths, [0, 1]);
    }
}
