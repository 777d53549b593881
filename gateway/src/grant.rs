//! A grant: a moderator, their permissions in a meeting or an app, and its expiry.

use serde::{Deserialize, Serialize};

use crate::api_response::Refusal;
use crate::route::{Id, is_permission};

/// The longest time until a grant expires, in seconds: 12 hours.
pub const LONGEST_S: u64 = 12 * 60 * 60;

/// The tolerated clock skew, in seconds.
pub const LEEWAY_S: u64 = 30;

/// The longest name of a moderator, in bytes.
const LONGEST_NAME: usize = 256;

/// A kind of issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Issuer {
    /// An app's own backend, which has the shared secret.
    Secret,
    /// An identity provider, whose keys are published.
    Identity,
}

/// A moderator in all meetings: the same name of another issuer is another moderator.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Moderator {
    /// The issuer of their grants.
    pub issuer: Issuer,
    /// Their name there.
    pub name: String,
}

/// The participants that are protected from a moderator, besides themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Protect {
    /// The names of presets.
    pub presets: Vec<String>,
    /// IDs of participants: the API's or the app's own.
    pub ids: Vec<String>,
}

/// The permissions in one meeting, or in all meetings of an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Right {
    /// The app.
    pub app_id: Id,
    /// The meeting; `None` means every meeting of the app.
    pub meeting_id: Option<Id>,
    /// The permission words.
    pub can: Vec<String>,
    /// The protected participants.
    pub protect: Option<Protect>,
}

impl Right {
    /// A right, if its IDs and words are legal.
    pub fn new(app_id: &str, meeting_id: Option<&str>, can: Vec<String>) -> Option<Self> {
        let meeting_id = match meeting_id {
            None => None,
            Some(id) => Some(Id::new(id)?),
        };
        let app_id = Id::new(app_id)?;
        can.iter().all(|word| is_permission(word)).then_some(Self {
            app_id,
            meeting_id,
            can,
            protect: None,
        })
    }

    /// The same with protected participants.
    pub fn protecting(self, protect: Option<Protect>) -> Self {
        Self { protect, ..self }
    }

    fn covers(&self, meeting_id: &Id) -> bool {
        self.meeting_id.as_ref().is_none_or(|own| own == meeting_id)
    }

    fn holds(&self, word: &str) -> bool {
        self.can.iter().any(|own| own == word)
    }
}

/// A grant whose signature was verified. Where another part of the gateway verified it, it comes as
/// JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The kind of issuer that signed it.
    pub issuer: Issuer,
    /// Its ID: the token's `jti`.
    pub id: Option<String>,
    /// The token's `sub`.
    pub subject: String,
    /// The moderator: the token's `sub`, or the e-mail address if the file uses that.
    pub moderator: String,
    /// The e-mail address in the token, for revocation: it may not be verified.
    pub email: Option<String>,
    /// The name to show.
    pub name: Option<String>,
    /// When it was issued, in seconds since 1970.
    pub issued_s: Option<u64>,
    /// The start of its validity, in seconds since 1970.
    pub starts_s: u64,
    /// Its expiry, in seconds since 1970.
    pub ends_s: u64,
    /// Its rights.
    pub rights: Vec<Right>,
}

impl Grant {
    /// Checks that it is valid at a time in seconds since 1970.
    ///
    /// # Errors
    ///
    /// If it has expired, is not valid yet, or lasts longer than a grant may.
    pub fn at(&self, now_s: u64) -> Result<(), Refusal> {
        check_end(self.ends_s, now_s)?;
        check_start(self.starts_s, now_s)
    }

    /// Its moderator.
    pub fn moderator(&self) -> Moderator {
        Moderator {
            issuer: self.issuer,
            name: self.moderator.clone(),
        }
    }

    /// The same with only what decides about one meeting: a moderator may have thousands.
    pub fn in_meeting(&self, app_id: &Id, meeting_id: &Id) -> Self {
        let covering = self.in_app(app_id).filter(|right| right.covers(meeting_id));
        let mut rights: Vec<Right> = covering.cloned().collect();
        if rights.is_empty() {
            // So that the refusal stays the same.
            let other = self.in_app(app_id).next().or(self.rights.first());
            rights.extend(other.cloned());
        }
        Self {
            rights,
            ..self.clone()
        }
    }

    /// Whether it is for the moderator of another one.
    pub fn is_same_moderator(&self, other: &Self) -> bool {
        (self.issuer, &self.moderator) == (other.issuer, &other.moderator)
    }

    /// Whether it allows `word` in a meeting.
    ///
    /// # Errors
    ///
    /// Names what is missing: the app, the meeting or the permission.
    pub fn allows(&self, app_id: &Id, meeting_id: &Id, word: &'static str) -> Result<(), Refusal> {
        let mut refusal = Refusal::OtherApp;
        for right in self.in_app(app_id) {
            if !right.covers(meeting_id) {
                if refusal == Refusal::OtherApp {
                    refusal = Refusal::OtherMeeting;
                }
            } else if right.holds(word) {
                return Ok(());
            } else {
                refusal = Refusal::Lacks(word);
            }
        }
        Err(refusal)
    }

    /// Whether it allows `word` in any meeting of an app, and in which named meetings.
    ///
    /// # Errors
    ///
    /// Names what is missing: the app or the permission.
    pub fn allows_somewhere(&self, app_id: &Id, word: &'static str) -> Result<Vec<&Id>, Refusal> {
        let mut rights = self.in_app(app_id).peekable();
        if rights.peek().is_none() {
            return Err(Refusal::OtherApp);
        }
        let mut holding = rights.filter(|right| right.holds(word)).peekable();
        if holding.peek().is_none() {
            return Err(Refusal::Lacks(word));
        }
        Ok(holding
            .filter_map(|right| right.meeting_id.as_ref())
            .collect())
    }

    /// The permission words in a meeting, each once.
    pub fn words(&self, app_id: &Id, meeting_id: &Id) -> Vec<String> {
        let rights = self.in_app(app_id).filter(|right| right.covers(meeting_id));
        let mut words: Vec<String> = Vec::new();
        for word in rights.flat_map(|right| &right.can) {
            if !words.contains(word) {
                words.push(word.clone());
            }
        }
        words
    }

    /// The rules about protected participants in a meeting.
    pub fn protects(&self, app_id: &Id, meeting_id: &Id) -> Vec<&Protect> {
        self.in_app(app_id)
            .filter(|right| right.covers(meeting_id))
            .filter_map(|right| right.protect.as_ref())
            .collect()
    }

    fn in_app(&self, app_id: &Id) -> impl Iterator<Item = &Right> {
        self.rights
            .iter()
            .filter(move |right| right.app_id == *app_id)
    }
}

/// Checks an expiry at a time.
pub(crate) fn check_end(ends_s: u64, now_s: u64) -> Result<(), Refusal> {
    if ends_s > now_s + LONGEST_S + LEEWAY_S {
        return Err(Refusal::GrantTooLong);
    }
    match ends_s.saturating_add(LEEWAY_S) <= now_s {
        true => Err(Refusal::GrantExpired),
        false => Ok(()),
    }
}

/// Checks a start at a time.
pub(crate) fn check_start(starts_s: u64, now_s: u64) -> Result<(), Refusal> {
    match starts_s > now_s + LEEWAY_S {
        true => Err(Refusal::GrantEarly),
        false => Ok(()),
    }
}

/// Whether a text may be a moderator's name or ID, which every line of the audit holds.
pub(crate) fn is_name(text: &str) -> bool {
    (1..=LONGEST_NAME).contains(&text.len()) && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Id {
        Id::new(text).unwrap()
    }

    fn right(app: &str, meeting: Option<&str>, can: &[&str]) -> Right {
        Right::new(
            app,
            meeting,
            can.iter().map(|word| (*word).to_owned()).collect(),
        )
        .unwrap()
    }

    fn grant(rights: Vec<Right>) -> Grant {
        Grant {
            issuer: Issuer::Secret,
            id: None,
            subject: "ann".into(),
            moderator: "ann".into(),
            email: None,
            name: None,
            issued_s: None,
            starts_s: 0,
            ends_s: 1000,
            rights,
        }
    }

    #[test]
    fn it_is_good_between_its_ends() {
        let mut grant = grant(vec![]);
        grant.starts_s = 500;
        assert_eq!(grant.at(469), Err(Refusal::GrantEarly));
        assert_eq!(grant.at(470), Ok(()));
        assert_eq!(grant.at(1029), Ok(()));
        assert_eq!(grant.at(1030), Err(Refusal::GrantExpired));
        grant.ends_s = 600 + 12 * 3600 + 30;
        assert_eq!(grant.at(600), Ok(()));
        assert_eq!(grant.at(599), Err(Refusal::GrantTooLong));
        grant.ends_s = u64::MAX;
        assert_eq!(grant.at(600), Err(Refusal::GrantTooLong));
    }

    #[test]
    fn it_says_what_is_missing() {
        let grant = grant(vec![
            right("a", Some("m"), &["read", "kick"]),
            right("b", None, &["mute"]),
        ]);
        let allows = |app, meeting, word| grant.allows(&id(app), &id(meeting), word);
        assert_eq!(allows("a", "m", "kick"), Ok(()));
        assert_eq!(allows("b", "any", "mute"), Ok(()));
        assert_eq!(allows("c", "m", "kick"), Err(Refusal::OtherApp));
        assert_eq!(allows("a", "n", "kick"), Err(Refusal::OtherMeeting));
        assert_eq!(allows("a", "m", "ban"), Err(Refusal::Lacks("ban")));
        assert_eq!(allows("b", "any", "read"), Err(Refusal::Lacks("read")));
    }

    #[test]
    fn rights_join() {
        let grant = grant(vec![
            right("a", Some("m"), &["read"]),
            right("a", None, &["kick"]),
            right("a", Some("n"), &["read", "audit"]),
        ]);
        assert_eq!(grant.allows(&id("a"), &id("m"), "read"), Ok(()));
        assert_eq!(grant.allows(&id("a"), &id("m"), "kick"), Ok(()));
        assert_eq!(
            grant.allows(&id("a"), &id("m"), "audit"),
            Err(Refusal::Lacks("audit"))
        );
        let somewhere = grant.allows_somewhere(&id("a"), "read").unwrap();
        assert_eq!(somewhere, [&id("m"), &id("n")]);
        assert_eq!(
            grant.allows_somewhere(&id("a"), "ban"),
            Err(Refusal::Lacks("ban"))
        );
        assert_eq!(
            grant.allows_somewhere(&id("b"), "read"),
            Err(Refusal::OtherApp)
        );
    }

    #[test]
    fn what_is_left_of_it_for_a_meeting_decides_the_same() {
        let whole = grant(vec![
            right("b", None, &["mute"]),
            right("a", Some("m"), &["read"]),
            right("a", Some("n"), &["read", "audit"]),
            right("a", Some("m"), &["kick"]),
        ]);
        for app in ["a", "b", "c"].map(id) {
            for meeting in ["m", "n", "o"].map(id) {
                let own = whole.in_meeting(&app, &meeting);
                assert!(own.rights.len() <= 2);
                for word in ["read", "kick", "mute", "audit"] {
                    let allows = |grant: &Grant| grant.allows(&app, &meeting, word);
                    assert_eq!(allows(&own), allows(&whole), "{app:?} {meeting:?} {word}");
                }
            }
        }
    }

    #[test]
    fn a_right_holds_only_known_words_and_ids() {
        assert!(Right::new("a", Some("m"), vec!["audit".into(), "kick_all".into()]).is_some());
        assert!(Right::new("a", Some("m"), vec!["admin".into()]).is_none());
        assert!(Right::new("a/..", Some("m"), vec![]).is_none());
        assert!(Right::new("a", Some("*"), vec![]).is_none());
    }
}
