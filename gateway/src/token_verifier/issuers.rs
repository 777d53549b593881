//! The two kinds of issuers, and the grants in their claims: an app's own backend has a shared
//! secret, an identity provider publishes its keys.

use std::sync::{Arc, PoisonError, RwLock};

use jsonwebtoken::DecodingKey;

use super::claims::Claims;
use super::published::Published;
use crate::api_response::GrantProblem;
use crate::grant::{Grant, Issuer, Right};
use crate::moderators::Moderators;

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

    /// Whether the claims name the configured issuer. Without one any is accepted: the secret is the
    /// gateway's own.
    pub(super) fn check_issuer(&self, claims: &Claims) -> Result<(), GrantProblem> {
        let issuer = self.issuer.as_deref();
        issuer.map_or(Ok(()), |issuer| claims.is_from(issuer))
    }

    /// Whether the claims name the configured audience. Without one any is accepted.
    pub(super) fn check_audience(&self, claims: &Claims) -> Result<(), GrantProblem> {
        let audience = self.audience.as_deref();
        audience.map_or(Ok(()), |audience| claims.is_for(audience))
    }

    /// The grant in the claims that an app's backend signed.
    pub(super) fn grant(&self, claims: &Claims) -> Result<Grant, GrantProblem> {
        self.check_issuer(claims)?;
        self.check_audience(claims)?;
        let subject = claims.subject()?;
        let (can, unknown) = claims.can()?;
        for word in unknown {
            tracing::warn!(claim = "can", word, "a grant has an unknown word");
        }
        let right = Right {
            app_id: claims.app_id()?,
            meeting_id: claims.meeting_id()?,
            can,
            protect: claims.protect()?,
        };
        Ok(Grant {
            issuer: Issuer::Secret,
            id: claims.id()?,
            moderator: subject.clone(),
            subject,
            email: None,
            name: claims.name()?,
            issued_s: claims.time("iat")?,
            starts_s: claims.time("nbf")?.unwrap_or(0),
            ends_s: claims.ends_s()?,
            rights: vec![right],
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

    /// Whether the claims name this provider.
    pub(super) fn check_issuer(&self, claims: &Claims) -> Result<(), GrantProblem> {
        claims.is_from(&self.issuer)
    }

    /// Whether the claims name the gateway as their audience.
    pub(super) fn check_audience(&self, claims: &Claims) -> Result<(), GrantProblem> {
        claims.is_for(&self.audience)
    }

    /// A user's name and rights in the file of moderators.
    pub(super) fn rights(
        &self,
        subject: &str,
        email: Option<&str>,
    ) -> Option<(String, Vec<Right>)> {
        let moderators = self.moderators.read();
        let moderators = moderators.unwrap_or_else(PoisonError::into_inner);
        moderators.rights(subject, email)
    }

    /// The grant in the claims that an identity provider signed; the file of moderators holds its
    /// rights. A user without an entry gets a grant without rights.
    pub(super) fn grant(&self, claims: &Claims) -> Result<Grant, GrantProblem> {
        self.check_issuer(claims)?;
        self.check_audience(claims)?;
        let subject = claims.subject()?;
        let (moderator, rights) = self
            .rights(&subject, claims.email()?)
            .unwrap_or((subject.clone(), Vec::new()));
        Ok(Grant {
            issuer: Issuer::Identity,
            id: claims.id()?,
            moderator,
            subject,
            email: claims.text("email")?.map(str::to_owned),
            name: claims.name().ok().flatten(),
            issued_s: claims.time("iat")?,
            starts_s: claims.time("nbf")?.unwrap_or(0),
            ends_s: claims.ends_s()?,
            rights,
        })
    }
}
