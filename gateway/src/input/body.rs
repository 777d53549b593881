//! A mutation's body: parsed, validated by the table's rules, and serialised anew.

use bytes::Bytes;
use serde_json::{Map, Value};

use realtimekit_moderator::internal::operation::{Operation, Payload, UPDATE_MEETING};
use realtimekit_moderator::internal::validation::{JsonKind, validate};

use super::invalid;
use crate::api_response::Refusal;

/// How many people a request may name, and how long an ID may be, in bytes: an audit must hold them.
const MOST_PEOPLE: usize = 500;
const LONGEST_ID: usize = 128;

/// The longest question and option of a poll, in bytes, and how many options it may have.
const LONGEST_QUESTION: usize = 2000;
const LONGEST_OPTION: usize = 500;
const MOST_OPTIONS: usize = 100;

/// A validated body.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body(Option<Map<String, Value>>);

impl Body {
    /// Parses and validates the body of an operation.
    ///
    /// # Errors
    ///
    /// If the operation does not take it; names the field.
    pub fn parse(
        operation: &Operation,
        content_type: Option<&str>,
        bytes: &[u8],
    ) -> Result<Self, Refusal> {
        let Payload::Body(fields) = operation.payload else {
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
        validate(fields, |name| shape(map.get(name)))
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

    /// The body for the API.
    pub fn bytes(&self) -> Option<Bytes> {
        // Parsed JSON always serialises.
        let map = self.0.as_ref()?;
        Some(serde_json::to_vec(map).unwrap_or_default().into())
    }

    /// The participants that it names, each once.
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

/// A participant that a body names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The list of the body that holds it.
    pub field: &'static str,
    /// The ID there.
    pub id: String,
}

/// The API documents no limits of its own.
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

fn shape(value: Option<&Value>) -> JsonKind {
    match value {
        None => JsonKind::Absent,
        Some(Value::Bool(_)) => JsonKind::Bool,
        Some(Value::String(_)) => JsonKind::Text,
        Some(Value::Array(items)) => JsonKind::List {
            length: u32::try_from(items.len()).unwrap_or(u32::MAX),
            texts: items
                .iter()
                .all(|item| item.as_str().is_some_and(|text| !text.is_empty())),
        },
        Some(_) => JsonKind::Other,
    }
}
