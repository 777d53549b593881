//! A request's query and body: read, checked by the table's rules, and written anew.
//!
//! What goes up is what was checked: a query in one order, a body serialised from what was parsed.
//! Fields that no moderator needs are refused, for the API's own operations can do more than
//! moderate (a meeting's PATCH can rename it, record it, stream it).

use bytes::Bytes;
use serde_json::{Map, Value};

use realtimekit_moderator::operation::{
    GET_MEETING, GET_SESSION_PARTICIPANTS, Operation, Sends, UPDATE_MEETING,
};
use realtimekit_moderator::params::{Shape, check};

use crate::answer::Refusal;

/// The longest text a query may search for, in bytes.
const LONGEST_SEARCH: usize = 256;

/// How many people a request may name, and how long an ID may be, in bytes: an audit must hold them.
const MOST_PEOPLE: usize = 500;
const LONGEST_ID: usize = 128;

/// The longest question and option of a poll, in bytes, and how many options it may have.
const LONGEST_QUESTION: usize = 2000;
const LONGEST_OPTION: usize = 500;
const MOST_OPTIONS: usize = 100;

/// What a parameter of a query may be.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Whole { from: u32, to: u32 },
    OneOf(&'static [&'static str]),
}

/// The parameters the API description has, in the order in which they go up.
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

/// Not in the description, but the official SDK has it.
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

/// The query of an operation as it goes up: empty, or `?` and its parameters.
///
/// # Errors
///
/// Names the parameter that is unknown, given twice, or not what it may be.
pub fn query(operation: &Operation, raw: Option<&str>) -> Result<String, Refusal> {
    let known: &[_] = match operation.name {
        name if name == GET_SESSION_PARTICIPANTS.name => &PARTICIPANTS,
        name if name == GET_MEETING.name => &MEETING,
        _ => &[],
    };
    let mut canonical = String::new();
    for (name, value) in parameters(known, raw)? {
        canonical.push(if canonical.is_empty() { '?' } else { '&' });
        let pair = form_urlencoded::Serializer::new(String::new())
            .append_pair(name, &value)
            .finish();
        canonical.push_str(&pair);
    }
    Ok(canonical)
}

/// Which page of an audit: how many records, and before which.
///
/// # Errors
///
/// Names the parameter that is unknown, given twice, or not what it may be.
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
        judge(name, *kind, &value)?;
        *slot = Some(value.into_owned());
    }
    let pairs = known.iter().zip(given);
    Ok(pairs
        .filter_map(|((name, _), value)| Some((*name, value?)))
        .collect())
}

fn judge(name: &str, kind: Kind, value: &str) -> Result<(), Refusal> {
    match kind {
        Kind::Text if value.len() > LONGEST_SEARCH => {
            invalid(&format!("{name} must be at most {LONGEST_SEARCH} bytes"))
        }
        // What is no UTF-8 was read as this.
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

fn invalid<T>(what: &str) -> Result<T, Refusal> {
    Err(Refusal::Invalid(what.to_owned()))
}

/// A checked body.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body(Option<Map<String, Value>>);

impl Body {
    /// Reads and checks the body of an operation.
    ///
    /// # Errors
    ///
    /// If it is not what the operation takes; names the field.
    pub fn parse(
        operation: &Operation,
        content_type: Option<&str>,
        bytes: &[u8],
    ) -> Result<Self, Refusal> {
        let Sends::Body(fields) = operation.sends else {
            return match bytes {
                [] => Ok(Self(None)),
                _ => invalid("the operation takes no body"),
            };
        };
        let essence = content_type.and_then(|text| text.split(';').next());
        if !essence.is_some_and(|text| text.trim().eq_ignore_ascii_case("application/json")) {
            return Err(Refusal::NotJson);
        }
        let Ok(map) = serde_json::from_slice::<Map<String, Value>>(bytes) else {
            return invalid("the body must be one JSON object");
        };
        if map
            .keys()
            .any(|name| fields.iter().all(|field| field.name != name))
        {
            return invalid("the body holds a field that a moderator may not set");
        }
        check(fields, |name| shape(map.get(name)))
            .map_err(|refused| Refusal::Invalid(refused.to_string()))?;
        if operation.name == UPDATE_MEETING.name
            && !matches!(
                map.get("status").and_then(Value::as_str),
                Some("ACTIVE" | "INACTIVE")
            )
        {
            return invalid("status must be ACTIVE or INACTIVE");
        }
        for (name, value) in &map {
            is_short(name, value)?;
        }
        let body = Self(Some(map));
        if body.people().len() > MOST_PEOPLE {
            return invalid(&format!("a request may name at most {MOST_PEOPLE} people"));
        }
        Ok(body)
    }

    /// A body that names these people.
    pub fn of_people<'a>(people: impl Iterator<Item = &'a Person>) -> Self {
        let mut map = Map::new();
        for person in people {
            let list = map
                .entry(person.field)
                .or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(list) = list {
                list.push(Value::String(person.id.clone()));
            }
        }
        Self(Some(map))
    }

    /// It as it goes up.
    pub fn bytes(&self) -> Option<Bytes> {
        // What was parsed can be serialised.
        let map = self.0.as_ref()?;
        Some(serde_json::to_vec(map).unwrap_or_default().into())
    }

    /// Whom it names, each once.
    pub fn people(&self) -> Vec<Person> {
        let mut people: Vec<Person> = Vec::new();
        for field in ["participant_ids", "custom_participant_ids"] {
            let list = self.0.as_ref().and_then(|map| map.get(field)?.as_array());
            let mut seen = std::collections::HashSet::new();
            for id in list.into_iter().flatten().filter_map(Value::as_str) {
                if seen.insert(id) {
                    let id = id.to_owned();
                    people.push(Person { field, id });
                }
            }
        }
        people
    }

    /// A text field of it.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.as_ref()?.get(name)?.as_str()
    }
}

/// Somebody that a body names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// In which of the body's lists.
    pub field: &'static str,
    /// The ID there.
    pub id: String,
}

/// The API tells no limits of its own.
fn is_short(name: &str, value: &Value) -> Result<(), Refusal> {
    let (most, longest) = match name {
        "question" => (1, LONGEST_QUESTION),
        "options" => (MOST_OPTIONS, LONGEST_OPTION),
        _ => (MOST_PEOPLE, LONGEST_ID),
    };
    let texts = match value {
        Value::Array(texts) => texts.as_slice(),
        text => std::slice::from_ref(text),
    };
    if texts.len() > most {
        return invalid(&format!("{name} must hold at most {most}"));
    }
    let mut texts = texts.iter().filter_map(Value::as_str);
    if texts.any(|text| text.len() > longest) {
        return invalid(&format!("{name} must be at most {longest} bytes"));
    }
    Ok(())
}

fn shape(value: Option<&Value>) -> Shape {
    match value {
        None => Shape::Absent,
        Some(Value::Bool(_)) => Shape::Bool,
        Some(Value::String(_)) => Shape::Text,
        Some(Value::Array(items)) => Shape::List {
            length: u32::try_from(items.len()).unwrap_or(u32::MAX),
            texts: items
                .iter()
                .all(|item| item.as_str().is_some_and(|text| !text.is_empty())),
        },
        Some(_) => Shape::Other,
    }
}

#[cfg(test)]
mod tests;
