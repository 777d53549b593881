//! What watchers send: a new grant, or the wish for a read.

use std::rc::Rc;
use std::sync::Arc;

use realtimekit_gateway::api_response::Refusal;
use realtimekit_gateway::grant::Grant;
use realtimekit_gateway::live::close::Close;
use realtimekit_gateway::live::inbound::{Inbound, LARGEST};
use realtimekit_gateway::live::log::Encoded;
use realtimekit_gateway::live::message::Message;
use realtimekit_gateway::live::schedule::Hint;
use realtimekit_gateway::platform::{Clock, MeetingKey};

use super::socket::Text;
use super::state::Meeting;
use super::watchers::too_long;

impl Meeting {
    /// A client has sent a message.
    pub(super) async fn receive(self: &Rc<Self>, id: &str, message: Result<String, Close>) {
        if let Err(close) = self.try_receive(id, message).await {
            self.remove(id, Some(close));
        }
    }

    async fn try_receive(
        self: &Rc<Self>,
        id: &str,
        message: Result<String, Close>,
    ) -> Result<(), Close> {
        let text = message?;
        if text.len() > LARGEST {
            return Err(Close::TooLarge);
        }
        let now = self.clock.monotonic_ms();
        let grant = {
            let mut sockets = self.sockets.borrow_mut();
            let Some(socket) = sockets.iter_mut().find(|socket| socket.id == id) else {
                return Ok(());
            };
            socket.limit.bytes(text.len(), now)?;
            socket.limit.take(now)?;
            Arc::clone(&socket.grant)
        };
        let message = Inbound::parse(&text)?;
        let of = message.word();
        let Some(key) = self.key() else {
            return Ok(());
        };
        let done = match message {
            Inbound::Grant { token } => match self.gateway.renew(&key, &grant, &token).await {
                Ok(grant) => {
                    let grant = grant.in_meeting(&key.app_id, &key.meeting_id);
                    self.adopt(id, &key, Arc::new(grant))
                }
                Err(refusal) => Err(refusal),
            },
            Inbound::Refresh {} => self.gateway.may_refresh(&key, &grant).map(|()| {
                self.hint(Hint::Request);
            }),
        };
        if let Err(refusal) = done {
            let message = Message::Refused {
                seq: self.feed.borrow().log().seq(),
                of,
                status: refusal.status(),
                code: refusal.code().into(),
                message: &refusal.message(),
            };
            self.send_to(id, &Text::encode(message.json()));
        }
        Ok(())
    }

    fn adopt(&self, id: &str, key: &MeetingKey, grant: Arc<Grant>) -> Result<(), Refusal> {
        let message = Message::Grant {
            seq: self.feed.borrow().log().seq(),
            expires_at: grant.ends_s.saturating_mul(1000),
            can: &grant.words(&key.app_id, &key.meeting_id),
        };
        let text = Text::encode(message.json());
        let mut sockets = self.sockets.borrow_mut();
        if let Some(socket) = sockets.iter_mut().find(|socket| socket.id == id) {
            socket.adopt(grant, key).map_err(|_| too_long())?;
            socket.send(&text);
        }
        Ok(())
    }

    fn send_to(&self, id: &str, text: &Text) {
        let sockets = self.sockets.borrow();
        if let Some(socket) = sockets.iter().find(|socket| socket.id == id) {
            socket.send(text);
        }
    }
}
