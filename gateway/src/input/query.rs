//! A request's query: parameters are parsed, validated, and written anew in a fixed order.

use realtimekit_moderator::internal::operation::{
    GET_MEETING, GET_SESSION_PARTICIPANTS, GET_SESSIONS, Operation,
};

use super::invalid;
use crate::api_response::Refusal;

/// The longest text a query may search for, in bytes.
const LONGEST_SEARCH: usize = 256;

/// The kind of a query's parameter.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Whole { from: u32, to: u32 },
    OneOf(&'static [&'static str]),
}

/// The parameters of the API description, in the order of the API request.
const PARTICIPANTS: [(&str, Kind); 7] = [
    ("search", Kind::Text),
    (
        "page_no",
        Kind::Whole {
            from: 0,
            to: 1_000_000,
        },
    ),
    ("per_page", Kind::Whole { from: 1, to: 200 }),
    ("sort_order", Kind::OneOf(&["ASC", "DESC"])),
    ("sort_by", Kind::OneOf(&["joinedAt", "duration"])),
    ("include_peer_events", Kind::OneOf(&["true", "false"])),
    ("view", Kind::OneOf(&["raw", "consolidated"])),
];

/// Only live sessions: the others are no business of a moderator.
const SESSIONS: [(&str, Kind); 4] = [
    ("status", Kind::OneOf(&["LIVE"])),
    ("search", Kind::Text),
    (
        "page_no",
        Kind::Whole {
            from: 0,
            to: 1_000_000,
        },
    ),
    ("per_page", Kind::Whole { from: 1, to: 200 }),
];

/// The official SDK has it, although the description does not.
const MEETING: [(&str, Kind); 1] = [("name", Kind::Text)];

/// The parameters of the audit's pages.
const AUDIT: [(&str, Kind); 2] = [
    ("per_page", Kind::Whole { from: 1, to: 200 }),
    (
        "before",
        Kind::Whole {
            from: 0,
            to: u32::MAX,
        },
    ),
];

/// The query for the API: empty, or `?` and its parameters.
///
/// # Errors
///
/// Names the parameter that is unknown, given twice, or invalid.
pub fn query(operation: &Operation, raw: Option<&str>) -> Result<String, Refusal> {
    let known: &[_] = match operation.name {
        name if name == GET_SESSION_PARTICIPANTS.name => &PARTICIPANTS,
        name if name == GET_SESSIONS.name => &SESSIONS,
        name if name == GET_MEETING.name => &MEETING,
        _ => &[],
    };
    let mut canonical = String::new();
    let given = parameters(known, raw)?;
    if *operation == GET_SESSIONS && !given.iter().any(|(name, _)| *name == "status") {
        return invalid("status must be LIVE");
    }
    for (name, value) in given {
        canonical.push(if canonical.is_empty() { '?' } else { '&' });
        let pair = form_urlencoded::Serializer::new(String::new())
            .append_pair(name, &value)
            .finish();
        canonical.push_str(&pair);
    }
    Ok(canonical)
}

/// The page of an audit: how many records, and before which one.
///
/// # Errors
///
/// Names the parameter that is unknown, given twice, or invalid.
pub fn audit_page(raw: Option<&str>) -> Result<(usize, Option<u64>), Refusal> {
    let (mut per_page, mut before) = (25, None);
    for (name, value) in parameters(&AUDIT, raw)? {
        match name {
            "per_page" => per_page = value.parse().unwrap_or(per_page),
            _ => before = value.parse().ok(),
        }
    }
    Ok((per_page, before))
}

fn parameters(
    known: &[(&'static str, Kind)],
    raw: Option<&str>,
) -> Result<Vec<(&'static str, String)>, Refusal> {
    let mut given: Vec<Option<String>> = vec![None; known.len()];
    for (name, value) in form_urlencoded::parse(raw.unwrap_or_default().as_bytes()) {
        let place = known.iter().position(|(known, _)| *known == name);
        let Some((slot, (name, kind))) =
            place.and_then(|place| Some((given.get_mut(place)?, known.get(place)?)))
        else {
            return invalid("the query holds a parameter that is not known");
        };
        if slot.is_some() {
            return invalid(&format!("{name} is given twice"));
        }
        validate(name, *kind, &value)?;
        *slot = Some(value.into_owned());
    }
    let pairs = known.iter().zip(given);
    Ok(pairs
        .filter_map(|((name, _), value)| Some((*name, value?)))
        .collect())
}

fn validate(name: &str, kind: Kind, value: &str) -> Result<(), Refusal> {
    match kind {
        Kind::Text if value.len() > LONGEST_SEARCH => {
            invalid(&format!("{name} must be at most {LONGEST_SEARCH} bytes"))
        }
        // Invalid UTF-8 was decoded as this.
        Kind::Text if value.contains(char::REPLACEMENT_CHARACTER) => {
            invalid(&format!("{name} must be UTF-8"))
        }
        Kind::Text if value.chars().any(char::is_control) => {
            invalid(&format!("{name} must not hold control characters"))
        }
        Kind::Text => Ok(()),
        Kind::Whole { from, to } => {
            let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
            match value.parse::<u32>() {
                Ok(number) if digits && (from..=to).contains(&number) => Ok(()),
                _ => invalid(&format!(
                    "{name} must be a whole number from {from} to {to}"
                )),
            }
        }
        Kind::OneOf(words) if words.contains(&value) => Ok(()),
        Kind::OneOf(words) => invalid(&format!("{name} must be one of {}", words.join(", "))),
    }
}
