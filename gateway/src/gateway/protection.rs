//! Protected participants: a mutation that would act on one is refused. If that is unknown, it is
//! refused, too.

use std::collections::HashSet;

use serde_json::Value;

use realtimekit_moderator::internal::operation::{
    DELETE_MEETING_PARTICIPANT, GET_ACTIVE_SESSION, GET_SESSION_PARTICIPANTS,
    KICK_ALL_PARTICIPANTS, MUTE_ALL_PARTICIPANTS, Operation,
};

use super::{Admitted, Gateway};
use crate::api_response::{ApiResponse, Refusal};
use crate::grant::Protect;
use crate::input::{self, Body};
use crate::platform::{Clock, Journal, MeetingKey, Upstream, UpstreamRequest};
use crate::read_cache::Source;
use crate::route::path;

/// The most pages of a roster, of 200 peers each.
const MOST_PAGES: u32 = 100;

/// A peer, as far as it matters here.
struct Peer {
    ids: Vec<String>,
    preset: String,
    present: bool,
}

impl<C: Clock + 'static, U: Upstream, J: Journal> Gateway<C, U, J> {
    /// Refuses a mutation that would act on a protected participant.
    pub(super) async fn check_protected(
        &self,
        operation: &'static Operation,
        admitted: &Admitted,
        body: &Body,
    ) -> Result<(), Refusal> {
        let MeetingKey { app_id, meeting_id } = &admitted.meeting;
        let rules = admitted.grant.protects(app_id, meeting_id);
        let everyone = [KICK_ALL_PARTICIPANTS.name, MUTE_ALL_PARTICIPANTS.name];
        let everyone = everyone.contains(&operation.name);
        let mut targets: Vec<_> = body.people().into_iter().map(|one| one.id).collect();
        if *operation == DELETE_MEETING_PARTICIPANT {
            let id = admitted.target.id("participant_id");
            targets.extend(id.map(|id| id.as_str().to_owned()));
        }
        if rules.is_empty() || (targets.is_empty() && !everyone) {
            return Ok(());
        }
        let own = admitted.grant.subject.as_str();
        let names = |id: &String| rules.iter().any(|rule| rule.ids.contains(id));
        if targets.iter().any(|id| id == own || names(id)) {
            return Err(Refusal::Protected);
        }
        // Someone who has just come is on no older list, and would be acted on with everyone.
        let anew = everyone;
        if anew {
            self.reads.touch(&admitted.meeting);
        }
        let peers = self
            .peers(admitted, anew)
            .await
            .map_err(|refusal| match refusal {
                Refusal::TooMany(_) | Refusal::NoBudget(_) => refusal,
                _ => Refusal::ProtectUnknown,
            })?;
        let is_protected = |peer: &Peer| {
            let preset = |rule: &&Protect| rule.presets.contains(&peer.preset);
            rules.iter().any(preset) || peer.ids.iter().any(names)
        };
        if everyone {
            // Their own mute or removal is no attack.
            let mut present = peers.iter().filter(|peer| peer.present);
            return match present.any(is_protected) {
                true => Err(Refusal::Protected),
                false => Ok(()),
            };
        }
        for id in &targets {
            let mut known = peers.iter().filter(|peer| peer.ids.contains(id)).peekable();
            if known.peek().is_none() {
                return Err(Refusal::ProtectUnknown);
            }
            let is_own = |peer: &Peer| peer.ids.iter().any(|id| id == own);
            if known.any(|peer| is_own(peer) || is_protected(peer)) {
                return Err(Refusal::Protected);
            }
        }
        Ok(())
    }

    /// Everyone who was in the live session. Without one, no one. `anew`: no older response will do.
    async fn peers(&self, admitted: &Admitted, anew: bool) -> Result<Vec<Peer>, Refusal> {
        let session = self.request(&GET_ACTIVE_SESSION, &admitted.meeting, None);
        let response = match self.read_up(admitted, session, anew).await {
            Ok(response) if response.status == 404 => return Ok(Vec::new()),
            response => json(&response?)?,
        };
        let id = response.pointer("/data/id").and_then(Value::as_str);
        let id = id.ok_or(Refusal::ProtectUnknown)?;
        let mut peers = Vec::new();
        let mut seen = HashSet::new();
        for page in 0..MOST_PAGES {
            let page = self.page(admitted, id, page, anew).await?;
            let rows = page.pointer("/data/participants").and_then(Value::as_array);
            let rows = rows.ok_or(Refusal::ProtectUnknown)?;
            let before = seen.len();
            for row in rows {
                let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
                if seen.insert(text("id").to_owned()) {
                    peers.push(Peer {
                        ids: ["user_id", "custom_participant_id"]
                            .map(|name| text(name).to_owned())
                            .to_vec(),
                        preset: text("preset_name").to_owned(),
                        present: matches!(text("left_at"), "" | "null"),
                    });
                }
            }
            let total = page.pointer("/data/paging/total_count");
            let total = total.and_then(Value::as_f64);
            let total = total.ok_or(Refusal::ProtectUnknown)?;
            // The first page may have the number 0 or 1, and so come twice.
            if seen.len() as f64 >= total || (rows.is_empty() && before == seen.len()) {
                return Ok(peers);
            }
        }
        Err(Refusal::ProtectUnknown)
    }

    /// A page of the roster, by the same request as that of a client's watch.
    async fn page(
        &self,
        admitted: &Admitted,
        session: &str,
        page: u32,
        anew: bool,
    ) -> Result<Value, Refusal> {
        let mut query = "per_page=200&sort_by=joinedAt&sort_order=ASC".to_owned();
        if page > 0 {
            query.push_str(&format!("&page_no={page}"));
        }
        let query = input::query(&GET_SESSION_PARTICIPANTS, Some(&query))?;
        let path = path(&GET_SESSION_PARTICIPANTS, |name| match name {
            "account_id" => Some(self.settings.account_id.as_str()),
            "app_id" => Some(admitted.meeting.app_id.as_str()),
            "session_id" => Some(session),
            _ => None,
        });
        let request = path.map(|path| UpstreamRequest {
            operation: GET_SESSION_PARTICIPANTS.name,
            method: GET_SESSION_PARTICIPANTS.method,
            path: path + &query,
            body: None,
        });
        json(&self.read_up(admitted, request, anew).await?)
    }

    /// The response to a read, from memory if it is fresh; an older one, if there is no other, unless it must be
    /// `anew`.
    async fn read_up(
        &self,
        admitted: &Admitted,
        request: Option<UpstreamRequest>,
        anew: bool,
    ) -> Result<ApiResponse, Refusal> {
        let request = request.ok_or(Refusal::NoRoute)?;
        let new = || self.limits.new_read(&admitted.grant);
        let got = self
            .reads
            .get(&admitted.meeting, request, &self.upstream, new)
            .await?;
        match got.1 {
            Source::Stale | Source::Limited if anew => Err(Refusal::ProtectUnknown),
            _ => Ok(got.0),
        }
    }
}

/// The body of a good response.
fn json(response: &ApiResponse) -> Result<Value, Refusal> {
    if !response.is_good() {
        return Err(Refusal::ProtectUnknown);
    }
    serde_json::from_slice(&response.body).map_err(|_| Refusal::ProtectUnknown)
}
