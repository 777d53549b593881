//! The journal as a whole, on real files.

mod failing;
mod faulty;
mod lines;
mod writing;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tempfile::TempDir;

use self::faulty::{Faults, opener};
use super::shared::lock;
use super::*;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// 2026-08-01, in the evening.
const NOW: u64 = 1_785_612_345_678;
const FILE: &str = "audit-2026-08-01.jsonl";

/// A folder, its journal's faults, and what its clock shows.
struct Place {
    dir: TempDir,
    faults: Arc<Mutex<Faults>>,
    now: Arc<AtomicU64>,
}

impl Place {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            faults: Arc::default(),
            now: Arc::new(AtomicU64::new(NOW)),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn lines(&self, name: &str) -> Vec<String> {
        let text = fs::read_to_string(self.file(name)).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    fn try_open(
        &self,
        durability: Durability,
        since: u64,
    ) -> io::Result<(FileJournal, Vec<String>)> {
        let now = Arc::clone(&self.now);
        let today = move || Day::of_unix_ms(now.load(Ordering::Relaxed));
        FileJournal::open_with(
            self.dir.path(),
            durability,
            since,
            opener(&self.faults),
            Box::new(today),
        )
    }

    fn open(&self, durability: Durability) -> FileJournal {
        self.try_open(durability, NOW).unwrap().0
    }
}

fn line_of(meeting: &str, id: &str, phase: &str, more: &str) -> Line {
    Line {
        id: id.to_owned(),
        app_id: "app".to_owned(),
        meeting_id: meeting.to_owned(),
        is_intent: phase == "intent",
        text: format!(
            r#"{{"id":"{id}","phase":"{phase}","app_id":"app","meeting_id":"{meeting}"{more}}}"#
        ),
    }
}

fn line(id: &str, phase: &str) -> Line {
    line_of("m", id, phase, "")
}

/// The page's `id/phase`s, newest first.
async fn page(journal: &FileJournal, before: Option<u64>, limit: usize) -> (Vec<String>, Page) {
    let page = journal.page("app", "m", before, limit).await.unwrap();
    let short = page.lines.iter().map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| line[name].as_str().unwrap().to_owned();
        format!("{}/{}", text("id"), text("phase"))
    });
    (short.collect(), page)
}

async fn all(journal: &FileJournal) -> Vec<String> {
    page(journal, None, 200).await.0
}

#[tokio::test]
async fn records_come_newest_first_each_with_its_latest_line_also_after_a_restart() {
    for durability in [Durability::Disk, Durability::Os] {
        let place = Place::new();
        let journal = place.open(durability);
        for line in [
            line("a", "intent"),
            line("b", "intent"),
            line_of("other", "x", "outcome", ""),
            line("c", "outcome"),
            line("a", "outcome"),
        ] {
            journal.append(line).await.unwrap();
        }
        let expected = ["c/outcome", "b/intent", "a/outcome"];
        assert_eq!(all(&journal).await, expected);
        drop(journal);

        let journal = place.open(durability);
        assert_eq!(all(&journal).await, expected);
        journal.append(line("b", "outcome")).await.unwrap();
        assert_eq!(
            all(&journal).await,
            ["c/outcome", "b/outcome", "a/outcome"],
            "an intent of before the restart"
        );
        assert_eq!(place.lines(FILE).len(), 6);
    }
}

#[tokio::test]
async fn pages_follow_each_other_while_records_are_added() {
    let place = Place::new();
    let journal = place.open(Durability::Os);
    for n in 0..5 {
        journal
            .append(line(&n.to_string(), "outcome"))
            .await
            .unwrap();
    }
    let (ids, first) = page(&journal, None, 2).await;
    assert_eq!(ids, ["4/outcome", "3/outcome"]);
    assert_eq!((first.total, first.next), (5, Some(3)));
    journal.append(line("5", "outcome")).await.unwrap();
    let (ids, second) = page(&journal, first.next, 2).await;
    assert_eq!(ids, ["2/outcome", "1/outcome"]);
    let (ids, last) = page(&journal, second.next, 2).await;
    assert_eq!(ids, ["0/outcome"]);
    assert_eq!((last.total, last.next), (6, None));
    assert_eq!(page(&journal, Some(u64::MAX), 1).await.0, ["5/outcome"]);
    let nothing = journal.page("app", "unheard of", None, 9).await.unwrap();
    assert_eq!(nothing, Page::default());
}

#[tokio::test]
async fn each_day_has_its_file_and_a_deleted_one_is_passed_over() {
    let place = Place::new();
    let journal = place.open(Durability::Disk);
    for day in 0..3 {
        place.now.store(NOW + day * DAY_MS, Ordering::Relaxed);
        let id = format!("day{day}");
        journal.append(line(&id, "outcome")).await.unwrap();
    }
    let middle = place.file("audit-2026-08-02.jsonl");
    assert!(middle.exists() && place.file("audit-2026-08-03.jsonl").exists());
    fs::remove_file(middle).unwrap();
    let (ids, found) = page(&journal, None, 2).await;
    assert_eq!(ids, ["day2/outcome", "day0/outcome"]);
    assert_eq!((found.next, found.total), (None, 2));
}

#[tokio::test]
async fn a_file_that_is_renamed_or_rotated_leaves_correct_totals() {
    let place = Place::new();
    let journal = place.open(Durability::Disk);
    for id in ["a", "b"] {
        journal.append(line(id, "outcome")).await.unwrap();
    }
    // As logrotate does it, with and without a new file.
    fs::rename(place.file(FILE), place.file("audit.1")).unwrap();
    let (ids, found) = page(&journal, None, 9).await;
    assert_eq!((ids.len(), found.total), (0, 0));
    journal.append(line("c", "outcome")).await.unwrap();
    fs::rename(place.file(FILE), place.file("audit.2")).unwrap();
    fs::write(place.file(FILE), "").unwrap();
    journal.append(line("d", "outcome")).await.unwrap();
    let (ids, found) = page(&journal, None, 9).await;
    assert_eq!((ids, found.total), (vec!["d/outcome".to_owned()], 1));
    assert_eq!(place.lines("audit.2").len(), 1);
    // Or its content is copied away, and it is cut off.
    fs::write(place.file(FILE), "").unwrap();
    journal.append(line("e", "outcome")).await.unwrap();
    let (ids, found) = page(&journal, None, 9).await;
    assert_eq!((ids, found.total), (vec!["e/outcome".to_owned()], 1));
    // A restart finds the same.
    drop(journal);
    let (ids, found) = page(&place.open(Durability::Disk), None, 9).await;
    assert_eq!((ids, found.total), (vec!["e/outcome".to_owned()], 1));
}

#[tokio::test]
async fn a_clock_that_steps_back_over_midnight_does_not_turn_the_order_round() {
    let place = Place::new();
    let journal = place.open(Durability::Os);
    place.now.store(NOW + DAY_MS, Ordering::Relaxed);
    journal.append(line("a", "intent")).await.unwrap();
    place.now.store(NOW, Ordering::Relaxed);
    journal.append(line("a", "outcome")).await.unwrap();
    assert_eq!(place.lines("audit-2026-08-02.jsonl").len(), 2);
    // A clock that was plainly wrong is no reason to stay.
    place.now.store(NOW - DAY_MS, Ordering::Relaxed);
    journal.append(line("b", "outcome")).await.unwrap();
    assert_eq!(place.lines("audit-2026-07-31.jsonl").len(), 1);
}

#[tokio::test]
async fn garbage_and_a_torn_end_cost_no_other_line() {
    let place = Place::new();
    let mut bytes = Vec::new();
    for part in [
        line("a", "outcome").text.as_bytes(),
        b"\n\xff\xfe not JSON\n\n[1]\n{\"id\":\"no meeting\"}\n",
        line("b", "outcome").text.as_bytes(),
        b"\n{\"id\":\"torn\",\"pha",
    ] {
        bytes.extend_from_slice(part);
    }
    fs::write(place.file(FILE), bytes).unwrap();
    fs::write(place.file("audit-notes.jsonl"), "none of ours").unwrap();
    let found = scan::scan(place.dir.path(), NOW).unwrap();
    assert_eq!(found.bad, 4);

    let journal = place.open(Durability::Os);
    assert_eq!(all(&journal).await, ["b/outcome", "a/outcome"]);
    journal.append(line("c", "outcome")).await.unwrap();
    let expected = ["c/outcome", "b/outcome", "a/outcome"];
    assert_eq!(all(&journal).await, expected);
    drop(journal);
    assert_eq!(all(&place.open(Durability::Os)).await, expected);
}

#[tokio::test]
async fn a_last_line_that_lacks_only_its_line_break_is_kept() {
    let place = Place::new();
    fs::write(place.file(FILE), line("a", "outcome").text).unwrap();
    let journal = place.open(Durability::Disk);
    journal.append(line("b", "outcome")).await.unwrap();
    journal.append(line("c", "outcome")).await.unwrap();
    let expected = ["c/outcome", "b/outcome", "a/outcome"];
    assert_eq!(all(&journal).await, expected);
    assert_eq!(place.lines(FILE).len(), 3);
}

#[test]
fn days_are_read_in_their_order_whatever_the_folders() {
    let place = Place::new();
    let days = [3, 0, 7, 5, 1, 6, 2, 4];
    for day in days {
        let name = Day::of_unix_ms(NOW + day * DAY_MS).file_name();
        let keyed = line_of("m", &day.to_string(), "outcome", r#","key":"k""#);
        fs::write(place.file(&name), keyed.text).unwrap();
    }
    let (_journal, keyed) = place.try_open(Durability::Os, 0).unwrap();
    assert_eq!(keyed.len(), days.len());
    assert!(keyed.is_sorted(), "{keyed:?}");
}

#[tokio::test]
async fn keyed_lines_are_told_at_the_start_from_the_day_asked_for() {
    let place = Place::new();
    let journal = place.open(Durability::Os);
    for (day, id) in [(0, "old"), (1, "a"), (1, "b"), (2, "c")] {
        place.now.store(NOW + day * DAY_MS, Ordering::Relaxed);
        let keyed = line_of("m", id, "intent", r#","key":"k","digest":"d""#);
        journal.append(keyed).await.unwrap();
        journal
            .append(line(&format!("{id}2"), "outcome"))
            .await
            .unwrap();
    }
    drop(journal);
    // Late on the second day, but its whole file counts.
    let since = NOW + DAY_MS + 1000;
    let (_journal, keyed) = place.try_open(Durability::Os, since).unwrap();
    let expected: Vec<String> = ["a", "b", "c"]
        .map(|id| line_of("m", id, "intent", r#","key":"k","digest":"d""#).text)
        .into();
    assert_eq!(keyed, expected);
}

#[tokio::test]
async fn what_would_not_be_found_again_is_refused() {
    let place = Place::new();
    let journal = place.open(Durability::Os);
    let mut broken = line("a", "outcome");
    broken.text = broken.text.replace(',', ",\n");
    let mut empty = line("a", "outcome");
    empty.text = String::new();
    for line in [broken, empty] {
        assert!(journal.append(line).await.is_err());
    }
    assert!(!place.file(FILE).exists());
    assert_eq!(journal.ready().await, Ok(()), "the disk has no part in it");
}

#[test]
fn a_folder_has_one_journal() {
    let place = Place::new();
    let journal = place.open(Durability::Os);
    let error = place.try_open(Durability::Os, NOW).err().unwrap();
    assert!(error.to_string().contains("another process"), "{error}");
    drop(journal);
    drop(place.open(Durability::Disk));
    drop(place.open(Durability::Disk));
}

#[tokio::test]
async fn nobody_else_may_read_it() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("made").join("audit");
    let (journal, _) = FileJournal::open(&folder, Durability::Disk, 0).unwrap();
    journal.append(line("a", "outcome")).await.unwrap();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(folder.clone()), 0o700);
    for file in fs::read_dir(&folder).unwrap() {
        assert_eq!(mode(file.unwrap().path()), 0o600);
    }
}
