//! Which meeting's object a request goes to, and whether the grant allows it there.

use worker::Result;

use realtimekit_gateway::api_response::Refusal;
use realtimekit_gateway::grant::Grant;
use realtimekit_gateway::platform::MeetingKey;
use realtimekit_gateway::route::{Id, Target};

use super::api::Call;
use crate::account::protocol::{ToAccount, account, ask};

impl Call {
    /// The meeting whose object is concerned.
    pub(super) async fn meeting_of(
        &self,
        target: &Target,
        grant: &Grant,
    ) -> Result<std::result::Result<MeetingKey, Refusal>> {
        let Some(app_id) = target.id("app_id").cloned() else {
            return Ok(Err(Refusal::NoRoute));
        };
        if let Some(meeting_id) = target.id("meeting_id").cloned() {
            return Ok(Ok(MeetingKey { app_id, meeting_id }));
        }
        let account_id = &self.isolate.config.policy.account_id;
        let own = target.id("account_id").map(Id::as_str);
        if own != Some(account_id) {
            return Ok(Err(Refusal::OtherAccount));
        }
        let Some(session_id) = target.id("session_id") else {
            let meeting_id = Id::every();
            return Ok(Ok(MeetingKey { app_id, meeting_id }));
        };
        let word = target.action.permission();
        let named = match grant.allows_somewhere(&app_id, word) {
            Ok(named) => named,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // The object of a single granted meeting knows its sessions, or asks the API.
        if let [one] = named.as_slice()
            && grant.rights.len() == 1
        {
            let meeting_id = (*one).clone();
            return Ok(Ok(MeetingKey { app_id, meeting_id }));
        }
        let message = ToAccount::MeetingOf {
            app_id: app_id.as_str().to_owned(),
            session_id: session_id.as_str().to_owned(),
        };
        let account = account(&self.env, account_id)?;
        let known: Option<String> = ask(&account, &message).await?;
        let known = known.and_then(|id| Id::new(&id));
        // Otherwise any object of a granted meeting asks the API for the sessions of them all.
        let found = known.or_else(|| named.first().map(|id| (*id).clone()));
        Ok(found
            .map(|meeting_id| MeetingKey { app_id, meeting_id })
            .ok_or(Refusal::OtherSession))
    }

    /// Whether the grant allows the request in this meeting.
    pub(super) fn allows(
        &self,
        target: &Target,
        meeting: &MeetingKey,
        grant: &Grant,
    ) -> std::result::Result<(), Refusal> {
        let own = target.id("account_id").map(Id::as_str);
        if own != Some(&self.isolate.config.policy.account_id) {
            return Err(Refusal::OtherAccount);
        }
        // The object finds the meeting of a session, and refuses another's.
        if target.id("session_id").is_some() {
            return Ok(());
        }
        let word = target.action.permission();
        grant.allows(&meeting.app_id, &meeting.meeting_id, word)
    }
}
