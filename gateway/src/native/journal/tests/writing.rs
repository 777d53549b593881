//! When lines are written, and which of them together.

use std::sync::mpsc;

use futures_util::FutureExt;
use futures_util::future::join_all;

use super::*;

#[tokio::test]
async fn lines_that_wait_share_one_write_and_one_sync() {
    let place = Place::new();
    let journal = place.open(Durability::Disk);
    let ((begun, has_begun), (on, go_on)) = (mpsc::channel(), mpsc::channel());
    lock(&place.faults).gate = Some((begun, go_on));

    let mut first = Box::pin(journal.append(line("first", "outcome")));
    assert!(first.as_mut().now_or_never().is_none());
    has_begun.recv().unwrap();
    let ids: Vec<String> = (0..50).map(|n| n.to_string()).collect();
    let mut rest = Box::pin(join_all(
        ids.iter().map(|id| journal.append(line(id, "outcome"))),
    ));
    assert!(rest.as_mut().now_or_never().is_none());
    assert!(all(&journal).await.is_empty(), "none is promised yet");
    on.send(()).unwrap();

    first.await.unwrap();
    assert!(rest.await.iter().all(Result::is_ok));
    let done = |faults: &Faults| (faults.writes, faults.syncs);
    assert_eq!(done(&lock(&place.faults)), (2, 2));
    assert_eq!(all(&journal).await.len(), 51);
}

#[tokio::test]
async fn a_failing_batch_fails_every_line_of_it() {
    let place = Place::new();
    let journal = place.open(Durability::Disk);
    let ((begun, has_begun), (on, go_on)) = (mpsc::channel(), mpsc::channel());
    lock(&place.faults).gate = Some((begun, go_on));
    let mut first = Box::pin(journal.append(line("first", "outcome")));
    assert!(first.as_mut().now_or_never().is_none());
    has_begun.recv().unwrap();
    let mut rest = Box::pin(join_all(
        ["a", "b"].map(|id| journal.append(line(id, "outcome"))),
    ));
    assert!(rest.as_mut().now_or_never().is_none());
    // Room for the one, but not for the other.
    lock(&place.faults).room = Some(line("a", "outcome").text.len() + 3);
    on.send(()).unwrap();
    first.await.unwrap();
    assert!(rest.await.iter().all(Result::is_err));
    assert_eq!(place.lines(FILE), [line("first", "outcome").text]);
}

#[tokio::test]
async fn durable_by_the_system_is_written_at_once_without_a_sync() {
    let place = Place::new();
    let journal = place.open(Durability::Os);
    let result = journal.append(line("a", "outcome")).now_or_never();
    assert_eq!(result, Some(Ok(())));
    assert_eq!(place.lines(FILE).len(), 1);
    assert_eq!(lock(&place.faults).syncs, 0);
}

#[tokio::test]
async fn what_was_handed_over_is_written_although_nobody_waits() {
    let place = Place::new();
    let journal = place.open(Durability::Disk);
    let _ = journal.append(line("a", "outcome")).now_or_never();
    drop(journal);
    assert_eq!(place.lines(FILE).len(), 1);
}
