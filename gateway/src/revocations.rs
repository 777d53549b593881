//! Grants that are revoked before they end: by their ID, by their moderator, or by when they were
//! issued.

use serde::Deserialize;

use crate::config::document::parse;
use crate::grant::Grant;

/// The parsed file of revocations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revocations(Vec<Entry>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    revoked: Vec<Entry>,
}

/// Revokes the grants that all its fields apply to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    jti: Option<String>,
    sub: Option<String>,
    issued_before: Option<u64>,
}

impl Entry {
    fn applies_to(&self, grant: &Grant) -> bool {
        let jti = self.jti.as_ref();
        let sub = self.sub.as_ref();
        jti.is_none_or(|jti| grant.id.as_ref() == Some(jti))
            && sub.is_none_or(|sub| {
                let mut names = [Some(&grant.moderator), grant.email.as_ref()].into_iter();
                *sub == grant.subject || names.any(|name| name.is_some_and(|name| is_moderator(sub, name)))
            })
            // A grant without `iat` may be older than any.
            && self
                .issued_before
                .is_none_or(|time| grant.issued_s.is_none_or(|issued| issued < time))
    }
}

/// Whether a `sub` names this moderator. The case of an address is ignored.
fn is_moderator(sub: &str, moderator: &str) -> bool {
    sub == moderator || (sub.contains('@') && sub.eq_ignore_ascii_case(moderator))
}

impl Revocations {
    /// Parses the file's text.
    ///
    /// # Errors
    ///
    /// Names the wrong entry and the reason.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: File = parse(text)?;
        for (place, entry) in file.revoked.iter().enumerate() {
            let empty = |text: &Option<String>| text.as_deref().is_some_and(str::is_empty);
            let nothing =
                entry.jti.is_none() && entry.sub.is_none() && entry.issued_before.is_none();
            if nothing || empty(&entry.jti) || empty(&entry.sub) {
                return Err(format!(
                    "revoked {}: must have a jti, a sub or issued_before",
                    place + 1
                ));
            }
        }
        Ok(Self(file.revoked))
    }

    /// Whether a grant is revoked.
    pub fn revoke(&self, grant: &Grant) -> bool {
        self.entry(grant).is_some()
    }

    /// The entry that revokes a grant, counted from 1.
    pub fn entry(&self, grant: &Grant) -> Option<usize> {
        let place = self.0.iter().position(|entry| entry.applies_to(grant));
        place.map(|place| place + 1)
    }

    /// Whether all entries of others are here too.
    pub fn include(&self, others: &Self) -> bool {
        others.0.iter().all(|entry| self.0.contains(entry))
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revokes(entry: &str, grant: &Grant) -> bool {
        let file = format!("[[revoked]]\n{entry}\n");
        Revocations::parse(&file).unwrap().revoke(grant)
    }

    #[test]
    fn a_grant_is_revoked_by_id_by_moderator_and_by_time() {
        let grant = Grant {
            id: Some("g1".into()),
            subject: "u1".into(),
            issued_s: Some(1000),
            ..crate::testing::grant("ann@example.com")
        };
        assert!(revokes("jti = 'g1'", &grant) && !revokes("jti = 'g2'", &grant));
        assert!(revokes("sub = 'u1'", &grant) && revokes("sub = 'ann@example.com'", &grant));
        assert!(revokes("sub = 'Ann@Example.com'", &grant));
        assert!(!revokes("sub = 'u2'", &grant) && !revokes("sub = 'U1'", &grant));
        assert!(revokes("issued_before = 1001", &grant));
        assert!(!revokes("issued_before = 1000", &grant));
        // All fields of an entry must apply.
        assert!(revokes("sub = 'u1'\nissued_before = 1001", &grant));
        assert!(!revokes("sub = 'u1'\nissued_before = 1000", &grant));
        assert!(!revokes("sub = 'u2'\nissued_before = 1001", &grant));
        let undated = Grant {
            id: None,
            issued_s: None,
            ..grant
        };
        assert!(revokes("issued_before = 1", &undated) && !revokes("jti = 'g1'", &undated));
    }

    #[test]
    fn an_address_revokes_also_where_the_file_of_moderators_has_the_subject() {
        let grant = Grant {
            email: Some("Ann@example.com".into()),
            ..crate::testing::grant("u1")
        };
        assert!(revokes("sub = 'ann@example.com'", &grant) && revokes("sub = 'u1'", &grant));
        assert!(!revokes("sub = 'bob@example.com'", &grant));
    }

    #[test]
    fn an_entry_that_says_nothing_or_is_odd_is_refused() {
        for wrong in [
            "",
            "jti = ''",
            "sub = ''",
            "issued_before = -1",
            "who = 'ann'",
        ] {
            assert!(
                Revocations::parse(&format!("[[revoked]]\n{wrong}")).is_err(),
                "{wrong}"
            );
        }
        assert!(Revocations::parse("").unwrap().is_empty());
    }
}
