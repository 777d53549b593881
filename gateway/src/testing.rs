//! Helpers of the core's own tests: a manual clock, a scripted API, a journal in memory, a grant.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;

use futures_channel::oneshot;
use futures_util::FutureExt;
use serde_json::{Value, json};

use crate::api_response::ApiResponse;
use crate::grant::{Grant, Issuer};
use crate::platform::{
    Clock, Journal, JournalFailure, Line, Page, Upstream, UpstreamError, UpstreamRequest,
};

/// A clock that only moves when it is advanced; clones share it. It begins at 1,800,000,000 s since
/// 1970.
#[derive(Clone, Debug, Default)]
pub(crate) struct FakeClock(Arc<AtomicU64>);

impl FakeClock {
    pub(crate) fn advance(&self, ms: u64) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Clock for FakeClock {
    fn unix_ms(&self) -> u64 {
        1_800_000_000_000 + self.monotonic_ms()
    }

    fn monotonic_ms(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A moderator's grant, with no right.
pub(crate) fn grant(moderator: &str) -> Grant {
    Grant {
        issuer: Issuer::Secret,
        id: None,
        subject: moderator.to_owned(),
        email: None,
        moderator: moderator.to_owned(),
        name: None,
        issued_s: None,
        starts_s: 0,
        ends_s: 1_800_003_600,
        rights: Vec::new(),
    }
}

/// The result of a future that is ready now; these tests have no background work.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("it waits for something")
}

/// The events in order: `up OPERATION`, `intent OPERATION`, `outcome OPERATION`.
pub(crate) type Events = Arc<Mutex<Vec<String>>>;

type Sent = Result<ApiResponse, UpstreamError>;

/// An API that responds from a script, and after its end when a test responds.
#[derive(Clone, Default)]
pub(crate) struct FakeUpstream {
    pub(crate) events: Events,
    script: Arc<Mutex<VecDeque<Sent>>>,
    sent: Arc<Mutex<Vec<UpstreamRequest>>>,
    waiting: Arc<Mutex<VecDeque<oneshot::Sender<Sent>>>>,
}

impl FakeUpstream {
    /// Appends a response to the script.
    pub(crate) fn will(&self, response: Sent) {
        self.script.lock().unwrap().push_back(response);
    }

    /// Responds to the request that has waited longest; `false` if the request was cancelled.
    pub(crate) fn response(&self, response: Sent) -> bool {
        let waiting = self.waiting.lock().unwrap().pop_front();
        waiting.unwrap().send(response).is_ok()
    }

    /// Whether a request waits for its response.
    pub(crate) fn waits(&self) -> bool {
        !self.waiting.lock().unwrap().is_empty()
    }

    /// The requests that were sent.
    pub(crate) fn sent(&self) -> Vec<UpstreamRequest> {
        self.sent.lock().unwrap().clone()
    }

    /// How many requests were sent.
    pub(crate) fn count(&self) -> usize {
        self.sent.lock().unwrap().len()
    }
}

impl Upstream for FakeUpstream {
    fn send(&self, request: UpstreamRequest) -> impl Future<Output = Sent> + Send + 'static {
        let own = self.clone();
        async move {
            let event = format!("up {}", request.operation);
            own.events.lock().unwrap().push(event);
            own.sent.lock().unwrap().push(request);
            let scripted = own.script.lock().unwrap().pop_front();
            if let Some(response) = scripted {
                return response;
            }
            let (send, receive) = oneshot::channel();
            own.waiting.lock().unwrap().push_back(send);
            receive.await.unwrap_or(Err(UpstreamError::Lost))
        }
    }
}

/// A journal in memory.
#[derive(Clone, Default)]
pub(crate) struct FakeJournal {
    pub(crate) events: Events,
    lines: Arc<Mutex<Vec<Line>>>,
    /// Whether each of the next lines can be written; after those all can.
    can: Arc<Mutex<VecDeque<bool>>>,
    slow: Arc<AtomicBool>,
}

impl FakeJournal {
    /// Whether the next line can be written, after those that were decided before.
    pub(crate) fn can(&self, can: bool) {
        self.can.lock().unwrap().push_back(can);
    }

    /// Each line now suspends twice: before it is written, and after.
    pub(crate) fn slow_down(&self) {
        self.slow.store(true, Ordering::Relaxed);
    }

    async fn wait(&self) {
        let mut waits = self.slow.load(Ordering::Relaxed);
        poll_fn(|_| match std::mem::take(&mut waits) {
            // The test polls again; there is no waker.
            true => Poll::Pending,
            false => Poll::Ready(()),
        })
        .await;
    }

    /// The lines, read.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let lines = self.lines.lock().unwrap();
        let read = |line: &Line| serde_json::from_str(&line.text).unwrap();
        lines.iter().map(read).collect()
    }

    /// The lines' texts.
    pub(crate) fn texts(&self) -> Vec<String> {
        let lines = self.lines.lock().unwrap();
        lines.iter().map(|line| line.text.clone()).collect()
    }
}

impl Journal for FakeJournal {
    async fn append(&self, line: Line) -> Result<(), JournalFailure> {
        self.wait().await;
        if self.can.lock().unwrap().pop_front() == Some(false) {
            return Err(JournalFailure("no room".into()));
        }
        let read: Value = serde_json::from_str(&line.text).unwrap();
        let text = |name: &str| read[name].as_str().unwrap().to_owned();
        let event = format!("{} {}", text("phase"), text("operation"));
        self.events.lock().unwrap().push(event);
        self.lines.lock().unwrap().push(line);
        self.wait().await;
        Ok(())
    }

    async fn page(
        &self,
        app_id: &str,
        meeting_id: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Page, JournalFailure> {
        if self.can.lock().unwrap().pop_front() == Some(false) {
            return Err(JournalFailure("no disk".into()));
        }
        let lines = self.lines.lock().unwrap();
        let mut records: Vec<&Line> = Vec::new();
        let own = |line: &&Line| line.app_id == app_id && line.meeting_id == meeting_id;
        for line in lines.iter().filter(own) {
            match records.iter_mut().find(|known| known.id == line.id) {
                Some(known) => *known = line,
                None => records.push(line),
            }
        }
        let total = records.len();
        let end = before.map_or(total, |before| total.min(before as usize));
        let start = end.saturating_sub(limit);
        Ok(Page {
            lines: records[start..end]
                .iter()
                .rev()
                .map(|line| line.text.clone())
                .collect(),
            total: total as u64,
            next: (start > 0).then_some(start as u64),
        })
    }
}

/// A response of the API's with this `data`.
pub(crate) fn good(data: Value) -> ApiResponse {
    ApiResponse::json(200, &json!({"success": true, "data": data}))
}
