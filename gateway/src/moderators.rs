//! The file of moderators: an identity provider knows its users, and the file holds their
//! permissions.

use serde::Deserialize;

use crate::config::document::parse;
use crate::grant::{Protect, Right};

/// The parsed file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moderators(Vec<(Who, Right)>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Who {
    Email(String),
    Subject(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    moderator: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    email: Option<String>,
    sub: Option<String>,
    app_id: String,
    meeting_id: String,
    can: Vec<String>,
    protect: Option<Protect>,
}

impl Moderators {
    /// Parses the file's text.
    ///
    /// # Errors
    ///
    /// Names the wrong entry and the reason.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: File = parse(text)?;
        let mut all = Vec::new();
        for (place, entry) in file.moderator.into_iter().enumerate() {
            let wrong = |what: &str| Err(format!("moderator {}: {what}", place + 1));
            let who = match (entry.email, entry.sub) {
                (Some(email), None) if email.contains('@') => {
                    Who::Email(email.to_ascii_lowercase())
                }
                (Some(_), None) => return wrong("email must be an address"),
                (None, Some(sub)) if !sub.is_empty() => Who::Subject(sub),
                _ => return wrong("has either an email or a sub"),
            };
            let meeting = Some(entry.meeting_id.as_str()).filter(|id| *id != "*");
            let Some(right) = Right::new(&entry.app_id, meeting, entry.can) else {
                return wrong("app_id, meeting_id or a word of can is not one");
            };
            all.push((who, right.protecting(entry.protect)));
        }
        Ok(Self(all))
    }

    /// A user's rights, and the user's name in the file: the address if an entry has it, else the
    /// subject.
    pub(crate) fn rights(&self, sub: &str, email: Option<&str>) -> Option<(String, Vec<Right>)> {
        // Only ASCII letters: Unicode maps other letters to the same lower case.
        let email = email.map(str::to_ascii_lowercase);
        let is = |who: &Who| match who {
            Who::Email(known) => email.as_ref() == Some(known),
            Who::Subject(known) => known == sub,
        };
        let found: Vec<_> = self.0.iter().filter(|(who, _)| is(who)).collect();
        let by_email = found.iter().find_map(|(who, _)| match who {
            Who::Email(email) => Some(email.clone()),
            Who::Subject(_) => None,
        });
        let rights: Vec<_> = found.iter().map(|(_, right)| right.clone()).collect();
        let name = by_email.unwrap_or_else(|| sub.to_owned());
        (!rights.is_empty()).then_some((name, rights))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_found_by_address_and_by_subject() {
        let text = r#"
            [[moderator]]
            email = "Ann@example.com"
            app_id = "a"
            meeting_id = "*"
            can = ["read"]
            [[moderator]]
            sub = "s1"
            app_id = "a"
            meeting_id = "m"
            can = ["kick"]
        "#;
        let all = Moderators::parse(text).unwrap();
        let (name, rights) = all.rights("s1", Some("ann@EXAMPLE.com")).unwrap();
        assert_eq!((name.as_str(), rights.len()), ("ann@example.com", 2));
        assert_eq!(all.rights("s1", None).unwrap().0, "s1");
        assert_eq!(all.rights("s2", Some("bob@example.com")), None);
        assert_eq!(all.rights("ann@example.com", None), None);
        // The sign for kelvin, whose lower case is a k.
        let entry = "[[moderator]]\nemail = 'kate@x'\napp_id = 'a'\nmeeting_id = 'm'\ncan = []";
        let kate = Moderators::parse(entry).unwrap();
        assert!(kate.rights("s", Some("KATE@x")).is_some());
        assert_eq!(kate.rights("s", Some("\u{212a}ate@x")), None);
    }

    #[test]
    fn a_wrong_entry_is_told() {
        let entry =
            |lines: &str| Moderators::parse(&format!("[[moderator]]\n{lines}")).unwrap_err();
        let place = "app_id = 'a'\nmeeting_id = 'm'\ncan = ['read']\n";
        assert!(entry(place).contains("moderator 1: has either"));
        assert!(entry(&format!("{place}email = 'x'")).contains("an address"));
        assert!(entry(&format!("{place}email = 'x@y'\nsub = 's'")).contains("has either"));
        assert!(entry(&format!("{place}email = 'x@y'\ncant = []")).contains("cant"));
        assert!(entry("sub = 's'\napp_id = 'a'\nmeeting_id = 'm'\ncan = ['all']").contains("can"));
    }
}
