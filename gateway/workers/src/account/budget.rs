//! The account's budget from a meeting's object: each request is asked of the account object.
//!
//! If the account object cannot be reached, mutations go on with a small budget of the meeting's own, and
//! reads serve what is remembered.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::{BoxFuture, ready};
use futures_util::{FutureExt, pin_mut, select_biased};
use wasm_bindgen_futures::spawn_local;
use worker::send::{SendFuture, SendWrapper};
use worker::{Delay, Stub};

use realtimekit_gateway::api_budget::{LocalBudget, Terms};
use realtimekit_gateway::api_response::ApiResponse;
use realtimekit_gateway::platform::{Budget, Claim, Clock, Permit, Purpose};

use super::protocol::{End, Taken, ToAccount, ask, send};
use crate::clock::WorkerClock;

/// How long the account object may take to respond. A mutation goes on without it. A read cannot, and the object may be
/// on another continent, so a read waits longer.
const PATIENCE: Duration = Duration::from_millis(250);
const READ_PATIENCE: Duration = Duration::from_millis(1500);

/// How long after a refusal, or without a response, no read is asked for, in milliseconds.
const ASK_AGAIN_MS: u64 = 1000;

/// A meeting's own budget of mutations in a minute, without the account object: ten of a kind, for a meeting may use
/// as much as is left.
const ALONE: Terms = Terms {
    requests: 20,
    window_ms: 60_000,
    reserve: 0.0,
};

/// The name of an object's meeting, once it is known.
pub(crate) type ObjectName = Arc<OnceLock<String>>;

/// The budget, a call away.
pub(crate) struct RemoteBudget {
    account: Arc<SendWrapper<Stub>>,
    /// The name of the object's meeting; its first request brings it.
    object: ObjectName,
    alone: Arc<LocalBudget<WorkerClock>>,
    /// Until when no read is asked for, by the monotonic clock: the account object refused one.
    reads_wait: Arc<AtomicU64>,
    /// How many requests the meeting repeats.
    round: AtomicU64,
}

impl RemoteBudget {
    pub(crate) fn new(account: Stub, object: &ObjectName) -> Self {
        Self {
            account: Arc::new(SendWrapper::new(account)),
            object: Arc::clone(object),
            alone: Arc::new(LocalBudget::new(ALONE, &Arc::new(WorkerClock))),
            reads_wait: Arc::default(),
            round: AtomicU64::new(0),
        }
    }
}

impl Budget for RemoteBudget {
    fn take(&self, claim: Claim) -> BoxFuture<'static, Result<Box<dyn Permit>, u64>> {
        let message = ToAccount::Take {
            purpose: claim.purpose.into(),
            meeting: claim.meeting.name(),
            object: self.object.get().cloned().unwrap_or_default(),
            round: self.round.load(Ordering::Relaxed),
            moderator: claim.moderator.clone(),
        };
        let (account, alone) = (Arc::clone(&self.account), Arc::clone(&self.alone));
        let is_read = claim.purpose == Purpose::Read;
        let reads_wait = Arc::clone(&self.reads_wait);
        let rest = reads_wait
            .load(Ordering::Relaxed)
            .saturating_sub(WorkerClock.monotonic_ms());
        if is_read && rest > 0 {
            return ready(Err(rest)).boxed();
        }
        let take = async move {
            let taken = {
                let mut asked = asked(&account, message, is_read).fuse();
                let patience = if is_read { READ_PATIENCE } else { PATIENCE };
                let patience = Delay::from(patience).fuse();
                pin_mut!(patience);
                select_biased! {
                    taken = asked => taken.ok().flatten(),
                    () = patience => None,
                }
            };
            match taken {
                Some(taken) => {
                    let ticket = taken.ticket.inspect_err(|wait| {
                        if is_read {
                            let until = WorkerClock.monotonic_ms() + ASK_AGAIN_MS.min(*wait);
                            reads_wait.store(until, Ordering::Relaxed);
                        }
                    })?;
                    Ok(Box::new(RemotePermit {
                        account,
                        ticket,
                        is_over: false,
                    }) as Box<dyn Permit>)
                }
                None => {
                    tracing::warn!("the account object cannot be reached");
                    if !is_read {
                        return alone.take(claim).await;
                    }
                    let until = WorkerClock.monotonic_ms() + ASK_AGAIN_MS;
                    reads_wait.store(until, Ordering::Relaxed);
                    Err(ASK_AGAIN_MS)
                }
            }
        };
        SendFuture::new(take).boxed()
    }

    /// The account object gives each meeting its turn, by what all of them need.
    fn pace_ms(&self, watched: u64) -> u64 {
        self.round.store(watched, Ordering::Relaxed);
        0
    }
}

/// Asks for a request. One that comes too late is given back; if it is for a mutation, which has gone on without it,
/// it counts as sent.
fn asked(
    account: &Arc<SendWrapper<Stub>>,
    message: ToAccount,
    is_read: bool,
) -> oneshot::Receiver<Option<Taken>> {
    let (answer, asked) = oneshot::channel();
    let account = Arc::clone(account);
    spawn_local(async move {
        let taken = ask::<Taken>(&account, &message).await.ok();
        if let Err(Some(Taken { ticket: Ok(ticket) })) = answer.send(taken) {
            let end = if is_read { End::NotSent } else { End::Lost };
            let _ = send(&account, &ToAccount::Over { ticket, end }).await;
        }
    });
    asked
}

struct RemotePermit {
    account: Arc<SendWrapper<Stub>>,
    ticket: u64,
    is_over: bool,
}

impl RemotePermit {
    fn end(&mut self, end: End) {
        self.is_over = true;
        let (account, ticket) = (Arc::clone(&self.account), self.ticket);
        spawn_local(async move {
            // If it is lost, the request counts as sent: at most one too many.
            let _ = send(&account, &ToAccount::Over { ticket, end }).await;
        });
    }
}

impl Permit for RemotePermit {
    fn answered(mut self: Box<Self>, response: &ApiResponse) {
        self.end(End::Answered(response.into()));
    }

    fn not_sent(mut self: Box<Self>) {
        self.end(End::NotSent);
    }
}

impl Drop for RemotePermit {
    fn drop(&mut self) {
        if !self.is_over {
            self.end(End::Lost);
        }
    }
}
