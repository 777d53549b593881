//! From a request's method and path to an operation and its IDs.
//!
//! The API never gets the path's text: the path is parsed, each ID is validated, and the API path
//! is built from the table. So nothing is normalised, and two readers of one path cannot disagree:
//! an ID has only characters without a meaning in a path, or there is no route.

use serde::{Deserialize, Serialize};

use realtimekit_moderator::internal::operation::{
    GET_AUDIT, Method, OPERATIONS, Operation, Permission,
};

/// The API's base path, the same as Cloudflare's.
pub const BASE: &str = "/client/v4";

/// In place of an account in a path: the gateway's own. No account of Cloudflare has this ID.
const OWN_ACCOUNT: &str = "_";

/// The longest ID: the API's are far shorter.
const LONGEST_ID: usize = 128;

const WATCH: [Result<&str, &str>; 8] = [
    Err("accounts"),
    Ok("account_id"),
    Err("realtime"),
    Err("kit"),
    Ok("app_id"),
    Err("meetings"),
    Ok("meeting_id"),
    Err("watch"),
];

/// The resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// An operation of the API.
    Operation(&'static Operation),
    /// A page of the meeting's audit, which only the gateway has.
    Audit,
    /// A socket with the meeting's changes, which only the gateway has.
    Watch,
}

impl Action {
    /// Its name, as the API description has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Operation(operation) => operation.name,
            Self::Audit => GET_AUDIT.name,
            Self::Watch => "WatchMeeting",
        }
    }

    /// The word that a grant must hold for it.
    pub fn permission(self) -> &'static str {
        match self {
            Self::Operation(operation) => operation.permission.word(),
            Self::Audit => AUDIT_WORD,
            Self::Watch => Permission::Read.word(),
        }
    }

    /// Whether it is a mutation.
    pub fn acts(self) -> bool {
        match self {
            Self::Operation(operation) => operation.permission != Permission::Read,
            Self::Audit | Self::Watch => false,
        }
    }
}

/// The permission to read the audit: the one word that is not in the table of operations.
pub const AUDIT_WORD: &str = "audit";

/// Whether a grant may hold this word.
pub fn is_permission(word: &str) -> bool {
    word == AUDIT_WORD || Permission::from_word(word).is_some()
}

/// A validated ID: 1 to 128 letters, digits, `-`, `.`, `_`, `~`, and not a dot segment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Id(String);

impl From<Id> for String {
    fn from(id: Id) -> Self {
        id.0
    }
}

impl TryFrom<String> for Id {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&text).ok_or("is no ID")
    }
}

impl Id {
    /// Checks an ID.
    pub fn new(text: &str) -> Option<Self> {
        let legal = (1..=LONGEST_ID).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
            && text.bytes().any(|byte| byte != b'.');
        legal.then(|| Self(text.to_owned()))
    }

    /// A key for what concerns every meeting of an app. No request can have this ID.
    pub fn every() -> Self {
        Self("*".to_owned())
    }

    /// The ID.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A request's target: the resource, and the IDs in the order of the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The resource.
    pub action: Action,
    ids: Vec<(&'static str, Id)>,
}

impl Target {
    /// The target of a method and a path, if there is one.
    pub fn parse(method: &str, path: &str) -> Option<Self> {
        let segments: Vec<&str> = path
            .strip_prefix(BASE)?
            .strip_prefix('/')?
            .split('/')
            .collect();
        for operation in &OPERATIONS {
            if operation.method.as_str() == method
                && let Some(ids) = ids(operation.path_segments(), &segments)
            {
                let action = Action::Operation(operation);
                return Some(Self { action, ids });
            }
        }
        if method != Method::Get.as_str() {
            return None;
        }
        let audit = ids(GET_AUDIT.path_segments(), &segments).map(|ids| (Action::Audit, ids));
        let watch = || Some((Action::Watch, ids(WATCH.into_iter(), &segments)?));
        let (action, ids) = audit.or_else(watch)?;
        Some(Self { action, ids })
    }

    /// The ID of that name.
    pub fn id(&self, name: &str) -> Option<&Id> {
        let found = self.ids.iter().find(|(known, _)| *known == name)?;
        Some(&found.1)
    }

    /// With the account of the gateway in place of `_`.
    pub fn with_own_account(mut self, account: &Id) -> Self {
        for (name, id) in &mut self.ids {
            if *name == "account_id" && id.as_str() == OWN_ACCOUNT {
                id.clone_from(account);
            }
        }
        self
    }

    /// The path of an operation with these IDs, below the API's base.
    pub fn path_up(&self, operation: &Operation) -> Option<String> {
        path(operation, |name| self.id(name).map(Id::as_str))
    }
}

/// The path of an operation, below the API's base.
pub fn path<'a>(operation: &Operation, id: impl Fn(&str) -> Option<&'a str>) -> Option<String> {
    let mut path = String::with_capacity(160);
    for piece in operation.path_segments() {
        path.push('/');
        path.push_str(match piece {
            Ok(name) => id(name)?,
            Err(text) => text,
        });
    }
    Some(path)
}

fn ids(
    mut pieces: impl Iterator<Item = Result<&'static str, &'static str>>,
    segments: &[&str],
) -> Option<Vec<(&'static str, Id)>> {
    let mut ids = Vec::new();
    for segment in segments {
        match pieces.next()? {
            Ok(name) => ids.push((name, Id::new(segment)?)),
            Err(text) if text == *segment => {}
            Err(_) => return None,
        }
    }
    pieces.next().is_none().then_some(ids)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KIT: &str = "/client/v4/accounts/acc/realtime/kit/app";

    fn named(method: &str, path: &str) -> Option<&'static str> {
        Target::parse(method, path).map(|target| target.action.name())
    }

    #[test]
    fn every_operation_has_its_route_and_goes_up_as_it_came() {
        for operation in &OPERATIONS {
            let ids = |name: &str| match name {
                "account_id" => Some("acc"),
                "app_id" => Some("a.p~p"),
                "meeting_id" => Some("abcdef-ghijkl"),
                _ => Some("0a08343d-a9dc-45f0-9feb-6a64afcc4f81"),
            };
            let below = path(operation, ids).unwrap();
            let method = operation.method.as_str();
            let target = Target::parse(method, &format!("{BASE}{below}")).unwrap();
            assert_eq!(target.action, Action::Operation(operation));
            assert_eq!(target.path_up(operation).unwrap(), below);
            for other in ["HEAD", "PUT", "OPTIONS", "get", "POST ", ""] {
                assert_eq!(named(other, &format!("{BASE}{below}")), None, "{other}");
            }
        }
        assert_eq!(
            named("GET", &format!("{KIT}/meetings/m/audit")),
            Some("GetAudit")
        );
        assert_eq!(named("POST", &format!("{KIT}/meetings/m/audit")), None);
        assert_eq!(
            named("GET", &format!("{KIT}/meetings/m/watch")),
            Some("WatchMeeting")
        );
        assert_eq!(named("POST", &format!("{KIT}/meetings/m/watch")), None);
    }

    #[test]
    fn an_underscore_is_the_own_account() {
        let own = Id::new("acc").unwrap();
        let below = "realtime/kit/app/meetings/m/active-session";
        for (given, account) in [
            ("_", "acc"),
            ("acc", "acc"),
            ("other", "other"),
            ("__", "__"),
        ] {
            let path = format!("{BASE}/accounts/{given}/{below}");
            let target = Target::parse("GET", &path).unwrap().with_own_account(&own);
            assert_eq!(target.id("account_id").unwrap().as_str(), account);
            assert_eq!(target.id("meeting_id").unwrap().as_str(), "m");
        }
    }

    #[test]
    fn a_path_that_anybody_could_read_otherwise_has_no_route() {
        let good = format!("{KIT}/meetings/m/active-session");
        assert_eq!(named("GET", &good), Some("GetActiveSession"));
        for path in [
            "",
            "/",
            "/client/v4",
            "/client/v4/",
            "/client/v4/accounts",
            "/client/v4/user/tokens",
            "/client/v4/accounts/acc/realtime/kit/app/meetings",
            "/client/v4/accounts/acc/realtime/kit/app/meetings/",
            "/client/v4/accounts/acc/realtime/kit/app/meetings/m/",
            "/client/v4/accounts/acc/realtime/kit/app/meetings/m/active-session/",
            "/client/v4/accounts/acc/realtime/kit/app/meetings/m//active-session",
            "/client/v4//accounts/acc/realtime/kit/app/meetings/m/active-session",
            "//client/v4/accounts/acc/realtime/kit/app/meetings/m/active-session",
            "/client/v4/accounts/acc/realtime/kit/app/meetings/./active-session",
            "/client/v4/accounts/acc/realtime/kit/app/meetings/../active-session",
            "/client/v4/accounts/acc/realtime/kit/app/meetings/.../active-session",
            "/client/v4/accounts/acc/realtime/kit/app/meetings/%2e%2e/active-session",
            "/client/v4/accounts/acc/realtime/kit/app/meetings/m%2Factive-session",
            "/client/v4/accounts/acc/realtime/kit/app/meetings/m/active%2Dsession",
            "/client/v4/accounts/acc/realtime/kit/app/meetings/m%00/active-session",
            "/client/v4/accounts/acc/realtime/kit/app/meetings/m;x=1/active-session",
            "/client/v4/accounts/acc/realtime/kit/app/meetings/m\\..\\x/active-session",
            "/client/v4/accounts/acc/realtime/kit/app/meetings/é/active-session",
            "/client/v4/accounts/acc/realtime/kit/app/Meetings/m/active-session",
            "/Client/v4/accounts/acc/realtime/kit/app/meetings/m/active-session",
            "client/v4/accounts/acc/realtime/kit/app/meetings/m/active-session",
        ] {
            assert_eq!(named("GET", path), None, "{path}");
        }
        let long = "x".repeat(LONGEST_ID + 1);
        assert_eq!(named("GET", &format!("{KIT}/meetings/{long}")), None);
        assert!(named("GET", &format!("{KIT}/meetings/{}", &long[1..])).is_some());
    }

    proptest! {
        // The API path of any route is exactly the request's path.
        #[test]
        fn nothing_is_changed_on_the_way(method in "GET|POST|PATCH|DELETE|[A-Z]{1,5}", path in any::<String>()) {
            if let Some(target) = Target::parse(&method, &path)
                && let Action::Operation(operation) = target.action
            {
                prop_assert_eq!(format!("{BASE}{}", target.path_up(operation).unwrap()), path);
            }
        }

        #[test]
        fn nor_where_the_path_is_nearly_right(
            ids in prop::collection::vec("[A-Za-z0-9._~%/?#;\\\\-]{0,8}", 4),
            which in 0..OPERATIONS.len(),
        ) {
            let operation = &OPERATIONS[which];
            let names: Vec<_> = operation.path_ids().collect();
            let at = |name: &str| {
                let place = names.iter().position(|known| *known == name)?;
                ids.get(place).map(String::as_str)
            };
            let path = format!("{BASE}{}", path(operation, at).unwrap());
            let target = Target::parse(operation.method.as_str(), &path);
            let legal = names.iter().all(|name| Id::new(at(name).unwrap()).is_some());
            if legal {
                let target = target.unwrap();
                prop_assert_eq!(target.action, Action::Operation(operation));
            } else if let Some(target) = target {
                // Slashes in an ID may make another operation's path, but never a changed one.
                let Action::Operation(other) = target.action else { return Ok(()) };
                prop_assert_eq!(format!("{BASE}{}", target.path_up(other).unwrap()), path);
            }
        }
    }
}
