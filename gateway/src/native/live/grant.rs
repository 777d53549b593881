//! What a socket's client sends, and whether its grant is still good.

use std::sync::Arc;

use super::frame;
use super::inbox::Received;
use super::socket::{End, Socket};
use crate::api_response::Refusal;
use crate::grant::Grant;
use crate::live::close::Close;
use crate::live::inbound::Inbound;
use crate::live::message::Message;
use crate::live::schedule::Hint;
use crate::platform::Clock;
use crate::token_verifier::Refused;

impl Socket {
    /// Bytes have come from the client.
    pub(super) async fn receive(&mut self, bytes: &[u8]) -> Result<(), End> {
        let now = self.clock.monotonic_ms();
        self.limit.bytes(bytes.len(), now)?;
        let fed = self.inbox.feed(bytes);
        loop {
            let next = self.inbox.next();
            let outgoing = self.inbox.outgoing();
            self.outbox.push(outgoing.into());
            match next? {
                None => return Ok(fed?),
                Some(Received::Close) => return Err(End::Peer),
                Some(Received::Control) => self.limit.take(now)?,
                Some(Received::Text(text)) => {
                    self.limit.take(now)?;
                    self.obey(Inbound::parse(&text)?).await;
                }
            }
        }
    }

    async fn obey(&mut self, message: Inbound) {
        let of = message.word();
        let done = match message {
            Inbound::Grant { token } => self.renew(token).await,
            Inbound::Refresh {} => self.refresh(),
        };
        if let Err(refusal) = done {
            let message = Message::Refused {
                seq: self.seq(),
                of,
                status: refusal.status(),
                code: refusal.code().into(),
                message: &refusal.message(),
            };
            self.outbox.push(frame::text(&message.json()));
        }
    }

    /// Takes a new grant of the same moderator.
    async fn renew(&mut self, token: String) -> Result<(), Refusal> {
        let handler = self.hub.handler().ok_or(Refusal::Busy)?;
        let key = self.meeting.key();
        let grant = handler.gateway.renew(key, &self.grant, &token).await?;
        self.token = token;
        self.adopt(grant);
        self.announce_grant();
        Ok(())
    }

    fn adopt(&mut self, grant: Arc<Grant>) {
        self.grant = grant;
        self.audit = self.may_audit();
    }

    fn announce_grant(&mut self) {
        let key = self.meeting.key();
        let message = Message::Grant {
            seq: self.seq(),
            expires_at: self.grant.ends_s.saturating_mul(1000),
            can: &self.grant.words(&key.app_id, &key.meeting_id),
        };
        self.outbox.push(frame::text(&message.json()));
    }

    fn refresh(&mut self) -> Result<(), Refusal> {
        let handler = self.hub.handler().ok_or(Refusal::Busy)?;
        let key = self.meeting.key();
        handler.gateway.may_refresh(key, &self.grant)?;
        self.meeting.hint(Hint::Request);
        Ok(())
    }

    /// Verifies the grant again: it may have expired, or lost its rights.
    pub(super) fn verify(&mut self) -> Result<(), End> {
        let Some(handler) = self.hub.handler() else {
            return Ok(());
        };
        let verifier = handler.gateway.verifier();
        let grant = match verifier.grant(&self.token, self.clock.unix_ms() / 1000) {
            Ok(grant) => grant,
            Err(Refused::No(Refusal::GrantExpired)) => return Err(Close::Expired.into()),
            // The provider's keys are not known yet after a start or a reload.
            Err(Refused::UnknownKey) if verifier.lacks_keys() => return Ok(()),
            Err(_) => return Err(Close::Revoked.into()),
        };
        if grant == self.grant {
            return Ok(());
        }
        let key = self.meeting.key();
        let allowed = grant.allows(&key.app_id, &key.meeting_id, "read");
        if !grant.is_same_moderator(&self.grant) || allowed.is_err() {
            return Err(Close::Revoked.into());
        }
        self.adopt(grant);
        self.announce_grant();
        Ok(())
    }
}
