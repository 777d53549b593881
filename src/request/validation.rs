//! Validates the body of a request before it is sent.
//!
//! It looks at the JSON that will be sent, so a getter or a proxy cannot send something else. What only the
//! server knows (does this participant exist, is this question too long) is left to the server.

use super::invalid_argument::InvalidArgument;
use crate::operation::{Field, Rule};

/// What the rules need to know of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonKind {
    /// There is no such field.
    Absent,
    /// `true` or `false`.
    Bool,
    /// A string.
    Text,
    /// A list.
    List {
        /// How many items it has.
        length: u32,
        /// Whether each of them is a string that is not empty.
        texts: bool,
    },
    /// Anything else: null, a number, an object.
    Other,
}

/// Validates the fields of a body. `kind` gives the kind of a field's value.
///
/// # Errors
///
/// Names the first field that breaks its rule, and what it must be.
pub fn validate(fields: &[Field], kind: impl Fn(&str) -> JsonKind) -> Result<(), InvalidArgument> {
    let mut is_empty = false;
    let mut has_id = false;
    for field in fields {
        let kind = kind(field.name);
        let holds = match (field.rule, kind) {
            (Rule::Ids, JsonKind::Absent | JsonKind::List { length: 0, .. }) => {
                is_empty = true;
                true
            }
            (Rule::Ids, JsonKind::List { texts: true, .. }) => {
                has_id = true;
                true
            }
            (Rule::Texts, JsonKind::List { texts, .. }) => texts,
            (Rule::Text | Rule::OptionalText, JsonKind::Text)
            | (Rule::Flag, JsonKind::Bool)
            | (Rule::OptionalText | Rule::Flag, JsonKind::Absent) => true,
            _ => false,
        };
        if !holds {
            let reason = match field.rule {
                Rule::Ids | Rule::Texts => "must be a list of non-empty strings",
                Rule::Text | Rule::OptionalText => "must be a string",
                Rule::Flag => "must be a boolean",
            };
            return Err(InvalidArgument::new(field.name, reason));
        }
    }
    if is_empty && !has_id {
        return Err(InvalidArgument::new(
            "participant_ids",
            "and custom_participant_ids name nobody",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{
        CREATE_POLL, KICK_PARTICIPANTS, MUTE_ALL_PARTICIPANTS, Operation, Payload, UPDATE_MEETING,
    };
    use serde_json::{Value, json};

    fn shape(value: Option<&Value>) -> JsonKind {
        match value {
            None => JsonKind::Absent,
            Some(Value::Bool(_)) => JsonKind::Bool,
            Some(Value::String(_)) => JsonKind::Text,
            Some(Value::Array(items)) => JsonKind::List {
                length: items.len() as u32,
                texts: items
                    .iter()
                    .all(|item| item.as_str().is_some_and(|text| !text.is_empty())),
            },
            Some(_) => JsonKind::Other,
        }
    }

    fn refused(operation: &Operation, body: Value) -> Option<&'static str> {
        let Payload::Body(fields) = operation.payload else {
            panic!("{} has no body", operation.name);
        };
        let refusal = validate(fields, |name| shape(body.get(name))).err()?;
        Some(refusal.argument())
    }

    #[test]
    fn a_kick_has_id() {
        for body in [
            json!({"participant_ids": ["a"]}),
            json!({"custom_participant_ids": ["a", "b"]}),
            json!({"participant_ids": [], "custom_participant_ids": ["a"]}),
            json!({"participant_ids": ["a"], "extra": null}),
        ] {
            assert_eq!(refused(&KICK_PARTICIPANTS, body.clone()), None, "{body}");
        }
        for body in [
            json!({}),
            json!({"participant_ids": []}),
            json!({"participant_ids": [], "custom_participant_ids": []}),
            json!({"participant_ids": "a"}),
            json!({"participant_ids": null}),
            json!({"participant_ids": ["a", ""]}),
            json!({"participant_ids": ["a", 1]}),
            json!({"participant_ids": {"0": "a"}}),
        ] {
            assert_eq!(
                refused(&KICK_PARTICIPANTS, body.clone()),
                Some("participant_ids"),
                "{body}"
            );
        }
        let body = json!({"participant_ids": ["a"], "custom_participant_ids": [null]});
        assert_eq!(
            refused(&KICK_PARTICIPANTS, body),
            Some("custom_participant_ids")
        );
    }

    #[test]
    fn a_poll_has_a_question_and_options() {
        for body in [
            json!({"question": "?", "options": ["a", "b"]}),
            json!({"question": "", "options": []}),
            json!({"question": "?", "options": ["a"], "anonymous": true, "hide_votes": false}),
        ] {
            assert_eq!(refused(&CREATE_POLL, body.clone()), None, "{body}");
        }
        for (body, field) in [
            (json!({"options": ["a"]}), "question"),
            (json!({"question": 1, "options": ["a"]}), "question"),
            (json!({"question": "?"}), "options"),
            (json!({"question": "?", "options": "a"}), "options"),
            (json!({"question": "?", "options": ["a", ""]}), "options"),
            (json!({"question": "?", "options": ["a", null]}), "options"),
            (
                json!({"question": "?", "options": ["a"], "anonymous": "yes"}),
                "anonymous",
            ),
            (
                json!({"question": "?", "options": ["a"], "hide_votes": 0}),
                "hide_votes",
            ),
        ] {
            assert_eq!(refused(&CREATE_POLL, body.clone()), Some(field), "{body}");
        }
    }

    #[test]
    fn flags_and_texts_are_left_out_or_right() {
        assert_eq!(refused(&MUTE_ALL_PARTICIPANTS, json!({})), None);
        let wrong = json!({"allow_unmute": 1});
        assert_eq!(refused(&MUTE_ALL_PARTICIPANTS, wrong), Some("allow_unmute"));
        assert_eq!(refused(&UPDATE_MEETING, json!({"title": 5})), None);
        assert_eq!(
            refused(&UPDATE_MEETING, json!({"status": "INACTIVE"})),
            None
        );
        assert_eq!(
            refused(&UPDATE_MEETING, json!({"status": null})),
            Some("status")
        );
    }
}
