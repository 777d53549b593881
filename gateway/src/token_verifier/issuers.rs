//! The two kinds of issuers, and the grants in their claims: an app's own backend has a shared
//! secret, an identity provider publishes its keys.

use std::sync::{Arc, PoisonError, RwLock};

use jsonwebtoken::DecodingKey;

use super::claims::{Claims, problem};
use super::published::Published;
use crate::api_response::GrantProblem;
use crate::grant::{Grant, Issuer, Right};
use crate::moderators::Moderators;
use crate::route::is_permission;

/// The shared secrets, and the claims that a token signed with them must have.
#[derive(Default)]
pub struct Secrets {
    keys: Vec<DecodingKey>,
    issuer: Option<String>,
    audience: Option<String>,
}

impl Secrets {
    /// Accepts any of these secrets.
    pub fn new<'a>(
        secrets: impl IntoIterator<Item = &'a [u8]>,
        issuer: Option<String>,
        audience: Option<String>,
    ) -> Self {
        Self {
            keys: secrets.into_iter().map(DecodingKey::from_secret).collect(),
            issuer,
            audience,
        }
    }

    pub(super) fn keys(&self) -> &[DecodingKey] {
        &self.keys
    }

    /// The grant in the claims that an app's backend signed.
    pub(super) fn grant(&self, claims: &Claims) -> Result<Grant, GrantProblem> {
        if let Some(issuer) = &self.issuer {
            claims.is_from(issuer)?;
        }
        // Without a configured audience any is accepted: the secret is the gateway's own.
        if let Some(audience) = &self.audience {
            claims.is_for(audience)?;
        }
        let subject = claims.subject()?;
        let can = claims.can(is_permission)?;
        let app_id = claims.required("app_id")?;
        let meeting_id = claims.required("meeting_id")?;
        if Right::new(app_id, None, Vec::new()).is_none() {
            return Err(problem("app_id", "is no ID"));
        }
        // `*` stands for every meeting of the app.
        let meeting_id = Some(meeting_id).filter(|id| *id != "*");
        let right = Right::new(app_id, meeting_id, can);
        Ok(Grant {
            issuer: Issuer::Secret,
            id: claims.id()?,
            moderator: subject.clone(),
            subject,
            name: claims.name()?,
            issued_s: claims.time("iat")?,
            starts_s: claims.time("nbf")?.unwrap_or(0),
            ends_s: claims.ends_s()?,
            rights: vec![
                right
                    .ok_or(problem("meeting_id", "is no ID"))?
                    .protecting(claims.protect()?),
            ],
        })
    }
}

/// An identity provider: the claims that its tokens must have, its keys, and the moderators.
pub struct Identity {
    issuer: String,
    audience: String,
    keys: RwLock<Arc<Vec<Published>>>,
    moderators: RwLock<Moderators>,
}

impl Identity {
    /// A provider whose keys are not known yet.
    pub fn new(issuer: String, audience: String, moderators: Moderators) -> Self {
        Self {
            issuer,
            audience,
            keys: RwLock::default(),
            moderators: RwLock::new(moderators),
        }
    }

    pub(super) fn keys(&self) -> Arc<Vec<Published>> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&keys)
    }

    pub(super) fn set_keys(&self, new: Arc<Vec<Published>>) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = new;
    }

    /// Replaces the moderators.
    pub(super) fn appoint(&self, moderators: Moderators) {
        let known = self.moderators.write();
        *known.unwrap_or_else(PoisonError::into_inner) = moderators;
    }

    /// The grant in the claims that an identity provider signed; the file of moderators holds its
    /// rights. A user without an entry gets a grant without rights.
    pub(super) fn grant(&self, claims: &Claims) -> Result<Grant, GrantProblem> {
        claims.is_from(&self.issuer)?;
        claims.is_for(&self.audience)?;
        let subject = claims.subject()?;
        let moderators = self
            .moderators
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let (moderator, rights) = moderators
            .rights(&subject, claims.email()?)
            .unwrap_or((subject.clone(), Vec::new()));
        Ok(Grant {
            issuer: Issuer::Identity,
            id: claims.id()?,
            moderator,
            subject,
            name: claims.name().ok().flatten(),
            issued_s: claims.time("iat")?,
            starts_s: claims.time("nbf")?.unwrap_or(0),
            ends_s: claims.ends_s()?,
            rights,
        })
    }
}
