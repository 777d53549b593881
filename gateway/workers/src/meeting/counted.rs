//! How many sockets the account object counts for the meeting.

use std::rc::Rc;

use realtimekit_gateway::platform::Clock;

use super::state::Meeting;
use crate::account::protocol::{ToAccount, WATCHED_AGAIN_MS};

impl Meeting {
    /// The account object learns how many sockets there are, unless it knows.
    pub(super) fn note_sockets(self: &Rc<Self>) {
        // One that was only read never had any.
        if !self.notes.0.has_tables() || self.is_noting.replace(true) {
            return;
        }
        let this = Rc::clone(self);
        self.state.wait_until(async move {
            this.send_sockets().await;
            this.is_noting.set(false);
        });
    }

    /// One message after the other: the last one to arrive must be the latest.
    async fn send_sockets(&self) {
        let Some(key) = self.key() else {
            return;
        };
        let count = || u32::try_from(self.sockets.borrow().len()).unwrap_or(u32::MAX);
        let mut sockets = count();
        let is_known = |(noted, at): (u32, u64)| {
            let age = self.clock.unix_ms().saturating_sub(at);
            noted == sockets && (sockets == 0 || age < WATCHED_AGAIN_MS)
        };
        if self.noted_sockets.get().is_some_and(is_known) {
            return;
        }
        loop {
            let meeting = key.name();
            let message = ToAccount::Watched { meeting, sockets };
            let noted = self.send_to_account(&message).await;
            let noted = noted.then(|| (sockets, self.clock.unix_ms()));
            self.noted_sockets.set(noted);
            let now = count();
            // The first one and the last one matter at once: they decide about webhooks.
            if noted.is_none() || (now == 0) == (sockets == 0) {
                return;
            }
            sockets = now;
        }
    }
}
