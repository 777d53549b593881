//! Maps raw paths to operations. Each segment is decoded after splitting, so that `a%2Fb` is one ID.

use percent_encoding::percent_decode_str;

/// The base path of the API.
pub(crate) const BASE: &str = "/client/v4";

/// The operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    GetActiveSession,
    KickParticipants,
    KickAllParticipants,
    MuteParticipants,
    MuteAllParticipants,
    CreatePoll,
    GetSessionParticipants,
    GetSessions,
    GetMeeting,
    UpdateMeeting,
    DeleteMeetingParticipant,
}

/// All operations with their operationIds.
const NAMES: [(Operation, &str); 11] = [
    (Operation::GetActiveSession, "GetActiveSession"),
    (Operation::KickParticipants, "KickParticipants"),
    (Operation::KickAllParticipants, "KickAllParticipants"),
    (Operation::MuteParticipants, "MuteParticipants"),
    (Operation::MuteAllParticipants, "MuteAllParticipants"),
    (Operation::CreatePoll, "CreatePoll"),
    (Operation::GetSessionParticipants, "GetSessionParticipants"),
    (Operation::GetSessions, "GetSessions"),
    (Operation::GetMeeting, "GetMeeting"),
    (Operation::UpdateMeeting, "UpdateMeeting"),
    (
        Operation::DeleteMeetingParticipant,
        "DeleteMeetingParticipant",
    ),
];

impl Operation {
    /// The operationId in the API description.
    pub(crate) fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(operation, _)| *operation == self)
            .map_or("", |(_, name)| name)
    }

    /// Whether an operationId exists.
    pub(crate) fn is_name(name: &str) -> bool {
        NAMES.iter().any(|(_, known)| *known == name)
    }
}

/// A request's operation and the IDs in its path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) operation: Operation,
    pub(crate) account: String,
    pub(crate) app: String,
    /// The ID of the meeting or the session.
    pub(crate) subject: String,
    /// The ID of the participant, or empty.
    pub(crate) participant: String,
}

/// The result of routing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Found(Target),
    /// A known path with another method. It has the allowed methods.
    WrongMethod(&'static str),
    Unknown,
}

impl Route {
    /// Finds the route of a method and a raw path.
    pub(crate) fn find(method: &str, path: &str) -> Self {
        let Some(path) = path.strip_prefix(BASE) else {
            return Self::Unknown;
        };
        let decoded: Vec<String> = path
            .split('/')
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect();
        let segments: Vec<&str> = decoded.iter().map(String::as_str).collect();
        let ["", "accounts", account, "realtime", "kit", app, rest @ ..] = segments.as_slice()
        else {
            return Self::Unknown;
        };
        let (subject, participant, allowed) = match rest {
            ["meetings", id] => (id, "", MEETING),
            ["meetings", id, "active-session"] => (id, "", SESSION),
            ["meetings", id, "active-session", action] => match action_of(action) {
                Some(allowed) => (id, "", allowed),
                None => return Self::Unknown,
            },
            ["meetings", id, "participants", participant] => (id, *participant, PARTICIPANT),
            ["sessions", id, "participants"] => (id, "", ROSTER),
            ["sessions"] => (app, "", SESSIONS),
            _ => return Self::Unknown,
        };
        // A path with an empty ID does not exist.
        let named_participant = allowed != PARTICIPANT || !participant.is_empty();
        if account.is_empty() || app.is_empty() || subject.is_empty() || !named_participant {
            return Self::Unknown;
        }
        match allowed.iter().find(|(known, _)| *known == method) {
            Some((_, operation)) => Self::Found(Target {
                operation: *operation,
                account: (*account).to_owned(),
                app: (*app).to_owned(),
                subject: (*subject).to_owned(),
                participant: participant.to_owned(),
            }),
            None => Self::WrongMethod(match allowed {
                [("GET", _), _] => "GET, PATCH",
                [("GET", _)] => "GET",
                [("DELETE", _)] => "DELETE",
                _ => "POST",
            }),
        }
    }
}

type Methods = &'static [(&'static str, Operation)];

const MEETING: Methods = &[
    ("GET", Operation::GetMeeting),
    ("PATCH", Operation::UpdateMeeting),
];
const SESSION: Methods = &[("GET", Operation::GetActiveSession)];
const SESSIONS: Methods = &[("GET", Operation::GetSessions)];
const ROSTER: Methods = &[("GET", Operation::GetSessionParticipants)];
const PARTICIPANT: Methods = &[("DELETE", Operation::DeleteMeetingParticipant)];

fn action_of(name: &str) -> Option<Methods> {
    Some(match name {
        "kick" => &[("POST", Operation::KickParticipants)],
        "kick-all" => &[("POST", Operation::KickAllParticipants)],
        "mute" => &[("POST", Operation::MuteParticipants)],
        "mute-all" => &[("POST", Operation::MuteAllParticipants)],
        "poll" => &[("POST", Operation::CreatePoll)],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIT: &str = "/client/v4/accounts/a/realtime/kit/p";

    fn operation(method: &str, path: &str) -> Option<Operation> {
        match Route::find(method, &format!("{KIT}{path}")) {
            Route::Found(target) => Some(target.operation),
            _ => None,
        }
    }

    #[test]
    fn each_operation_has_its_route() {
        use Operation::*;
        for (method, path, expected) in [
            ("GET", "/meetings/m/active-session", GetActiveSession),
            ("POST", "/meetings/m/active-session/kick", KickParticipants),
            (
                "POST",
                "/meetings/m/active-session/kick-all",
                KickAllParticipants,
            ),
            ("POST", "/meetings/m/active-session/mute", MuteParticipants),
            (
                "POST",
                "/meetings/m/active-session/mute-all",
                MuteAllParticipants,
            ),
            ("POST", "/meetings/m/active-session/poll", CreatePoll),
            ("GET", "/sessions/s/participants", GetSessionParticipants),
            ("GET", "/sessions", GetSessions),
            ("GET", "/meetings/m", GetMeeting),
            ("PATCH", "/meetings/m", UpdateMeeting),
            (
                "DELETE",
                "/meetings/m/participants/p",
                DeleteMeetingParticipant,
            ),
        ] {
            assert_eq!(operation(method, path), Some(expected), "{path}");
            assert!(Operation::is_name(expected.name()));
        }
    }

    #[test]
    fn a_segment_is_decoded_by_itself() {
        let Route::Found(target) = Route::find("GET", &format!("{KIT}/meetings/a%2Fb%20%C3%BC"))
        else {
            panic!("not found");
        };
        assert_eq!(target.subject, "a/b ü");
    }

    #[test]
    fn other_methods_are_told_what_is_allowed() {
        let find = |method, path: &str| Route::find(method, &format!("{KIT}{path}"));
        assert_eq!(find("PUT", "/meetings/m"), Route::WrongMethod("GET, PATCH"));
        assert_eq!(
            find("GET", "/meetings/m/active-session/kick"),
            Route::WrongMethod("POST")
        );
        assert_eq!(
            find("HEAD", "/meetings/m/active-session"),
            Route::WrongMethod("GET")
        );
        assert_eq!(
            find("GET", "/meetings/m/participants/p"),
            Route::WrongMethod("DELETE")
        );
    }

    #[test]
    fn everything_else_is_unknown() {
        for path in [
            "",
            "/",
            "/meetings",
            "/meetings/",
            "/meetings//active-session",
            "/meetings/m/",
            "/meetings/m/active-session/",
            "/meetings/m/active-session/ban",
            "/sessions/s",
            "/meetings/m/participants/",
            "/meetings/m/participants",
            "//meetings/m",
        ] {
            assert_eq!(
                Route::find("GET", &format!("{KIT}{path}")),
                Route::Unknown,
                "{path}"
            );
        }
        assert_eq!(Route::find("GET", "/client/v4"), Route::Unknown);
        assert_eq!(Route::find("GET", "/client/v5/accounts"), Route::Unknown);
        assert_eq!(Route::find("GET", "*"), Route::Unknown);
    }
}
