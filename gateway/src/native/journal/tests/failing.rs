//! Disks that are full or broken, and files that other processes change.

use super::*;

#[tokio::test]
async fn a_full_disk_fails_the_line_whole_and_goes_on_when_there_is_room() {
    for durability in [Durability::Disk, Durability::Os] {
        let place = Place::new();
        let journal = place.open(durability);
        journal.append(line("a", "outcome")).await.unwrap();
        assert_eq!(journal.ready().await, Ok(()));
        lock(&place.faults).room = Some(10);
        assert!(journal.append(line("lost", "outcome")).await.is_err());
        assert!(journal.append(line("lost too", "outcome")).await.is_err());
        lock(&place.faults).room = Some(1000);
        assert!(journal.ready().await.is_err(), "room for hardly a line");
        lock(&place.faults).room = None;
        // However many ask, it is not tried at once again.
        assert!(journal.ready().await.is_err());
        tokio::time::pause();
        tokio::time::advance(TRY_AGAIN).await;
        assert_eq!(journal.ready().await, Ok(()), "tried again");
        tokio::time::resume();
        journal.append(line("b", "outcome")).await.unwrap();
        assert_eq!(all(&journal).await, ["b/outcome", "a/outcome"]);
        let text = fs::read_to_string(place.file(FILE)).unwrap();
        let (a, b) = (line("a", "outcome").text, line("b", "outcome").text);
        assert_eq!(text, format!("{a}\n{b}\n"));
    }
}

#[tokio::test]
async fn what_cannot_be_taken_back_is_parted_from_the_next_line() {
    let place = Place::new();
    let journal = place.open(Durability::Os);
    journal.append(line("a", "outcome")).await.unwrap();
    {
        let mut faults = lock(&place.faults);
        (faults.room, faults.truncate_fails) = (Some(10), true);
    }
    assert!(journal.append(line("lost", "outcome")).await.is_err());
    lock(&place.faults).room = None;
    assert_eq!(journal.ready().await, Ok(()));
    journal.append(line("b", "outcome")).await.unwrap();
    let expected = ["b/outcome", "a/outcome"];
    assert_eq!(all(&journal).await, expected);
    drop(journal);
    assert_eq!(all(&place.open(Durability::Os)).await, expected);
}

#[tokio::test]
async fn after_a_failed_sync_the_line_is_gone_and_the_file_opened_anew() {
    let place = Place::new();
    let journal = place.open(Durability::Disk);
    journal.append(line("a", "outcome")).await.unwrap();
    assert_eq!(lock(&place.faults).opened, 1);
    lock(&place.faults).sync_fails = true;
    assert!(journal.append(line("lost", "outcome")).await.is_err());
    assert_eq!(place.lines(FILE).len(), 1);
    lock(&place.faults).sync_fails = false;
    journal.append(line("b", "outcome")).await.unwrap();
    assert_eq!(lock(&place.faults).opened, 2);
    assert_eq!(all(&journal).await, ["b/outcome", "a/outcome"]);
}

#[tokio::test]
async fn todays_file_deleted_or_emptied_is_begun_again_and_its_records_are_gone() {
    let place = Place::new();
    let journal = place.open(Durability::Disk);
    journal.append(line("a", "outcome")).await.unwrap();
    fs::remove_file(place.file(FILE)).unwrap();
    journal.append(line("b", "intent")).await.unwrap();
    assert_eq!(place.lines(FILE), [line("b", "intent").text]);
    assert_eq!(all(&journal).await, ["b/intent"]);
    fs::write(place.file(FILE), "").unwrap();
    journal.append(line("c", "intent")).await.unwrap();
    assert_eq!(place.lines(FILE), [line("c", "intent").text]);
    assert_eq!(all(&journal).await, ["c/intent"]);
    journal.append(line("b", "outcome")).await.unwrap();
    assert_eq!(all(&journal).await, ["c/intent", "b/outcome"]);
}

#[tokio::test]
async fn a_file_that_was_exchanged_shows_no_meeting_anothers_lines() {
    let place = Place::new();
    let journal = place.open(Durability::Os);
    journal
        .append(line_of("m", "a", "outcome", ""))
        .await
        .unwrap();
    let foreign = line_of("x", "a", "outcome", "").text;
    fs::write(place.file(FILE), format!("{foreign}\n")).unwrap();
    assert!(all(&journal).await.is_empty());
}
