//! A peer of a session, as the API listed it, and what the comparison of two lists needs of it.

use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;

/// A peer: one join of a participant.
#[derive(Clone, Debug)]
pub struct Peer {
    /// Its JSON, as the API gave it.
    raw: Box<RawValue>,
    /// Where `duration` is in it: the field grows all the time while the peer is present.
    duration: Option<Range<usize>>,
    id: Option<String>,
    participant: String,
    joined_at: Option<String>,
    left_at: Option<String>,
}

/// The fields that matter. Their values may have any type.
#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    user_id: Option<&'a RawValue>,
    #[serde(borrow)]
    custom_participant_id: Option<&'a RawValue>,
    #[serde(borrow)]
    joined_at: Option<&'a RawValue>,
    #[serde(borrow)]
    left_at: Option<&'a RawValue>,
    #[serde(borrow)]
    duration: Option<&'a RawValue>,
}

/// The text of a field, if it is one and not empty.
fn text(value: Option<&RawValue>) -> Option<String> {
    let text: String = serde_json::from_str(value?.get()).ok()?;
    (!text.is_empty()).then_some(text)
}

impl Peer {
    /// A peer of a list; `None` if it is not an object.
    pub fn new(raw: &RawValue) -> Option<Self> {
        let text_of = raw.get();
        if !text_of.starts_with('{') {
            return None;
        }
        let fields: Fields<'_> = serde_json::from_str(text_of).ok()?;
        let id = text(fields.id);
        let participant = text(fields.user_id)
            .or_else(|| text(fields.custom_participant_id))
            .or_else(|| id.clone())
            .unwrap_or_default();
        let duration = fields.duration.and_then(|value| {
            let start = (value.get().as_ptr() as usize).checked_sub(text_of.as_ptr() as usize)?;
            let range = start..start.checked_add(value.get().len())?;
            text_of.get(range.clone()).map(|_| range)
        });
        Some(Self {
            duration,
            participant,
            joined_at: text(fields.joined_at),
            left_at: text(fields.left_at),
            id,
            raw: raw.to_owned(),
        })
    }

    /// Its JSON.
    pub fn raw(&self) -> &RawValue {
        &self.raw
    }

    /// Its ID.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The key of its participant: `user_id`, else `custom_participant_id`, else its own ID.
    pub fn participant(&self) -> &str {
        &self.participant
    }

    /// Whether it is in the session.
    pub fn is_present(&self) -> bool {
        self.left_at.is_none()
    }

    /// When it joined, as the API writes it.
    pub fn joined_at(&self) -> Option<&str> {
        self.joined_at.as_deref()
    }

    /// When it left, as the API writes it; empty if it has not.
    pub fn left_at(&self) -> &str {
        self.left_at.as_deref().unwrap_or_default()
    }

    /// Whether nothing about it differs but the `duration` of one who is present.
    pub fn is_same(&self, other: &Self) -> bool {
        let (own, others) = (self.raw.get(), other.raw.get());
        if own == others {
            return true;
        }
        if !(self.is_present() && other.is_present()) {
            return false;
        }
        let (Some(own_at), Some(others_at)) = (&self.duration, &other.duration) else {
            return false;
        };
        own.get(..own_at.start) == others.get(..others_at.start)
            && own.get(own_at.end..) == others.get(others_at.end..)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(json: &str) -> Peer {
        Peer::new(&RawValue::from_string(json.to_owned()).unwrap()).unwrap()
    }

    #[test]
    fn its_participant_is_the_first_id_that_is_there() {
        let of = |json: &str| peer(json).participant().to_owned();
        assert_eq!(
            of(r#"{"id":"p","user_id":"u","custom_participant_id":"c"}"#),
            "u"
        );
        assert_eq!(
            of(r#"{"id":"p","user_id":"","custom_participant_id":"c"}"#),
            "c"
        );
        assert_eq!(of(r#"{"id":"p","user_id":null}"#), "p");
        assert_eq!(of(r#"{"user_id":7}"#), "");
    }

    #[test]
    fn one_without_left_at_is_present_however_that_is_written() {
        for json in [r#"{"id":"p"}"#, r#"{"left_at":null}"#, r#"{"left_at":""}"#] {
            assert!(peer(json).is_present(), "{json}");
        }
        assert!(!peer(r#"{"left_at":"2026-01-01T00:00:00Z"}"#).is_present());
    }

    #[test]
    fn only_the_duration_of_one_who_is_present_may_differ() {
        let present = |duration: &str, name: &str| {
            peer(&format!(
                r#"{{"id":"p","duration":{duration},"display_name":"{name}"}}"#
            ))
        };
        assert!(present("1.25", "Ann").is_same(&present("13.5", "Ann")));
        assert!(!present("1.25", "Ann").is_same(&present("1.25", "Bob")));
        let left = |duration: &str| {
            peer(&format!(
                r#"{{"id":"p","duration":{duration},"left_at":"x"}}"#
            ))
        };
        assert!(!left("1").is_same(&left("2")));
        assert!(!left("1").is_same(&present("1", "Ann")));
    }

    #[test]
    fn what_is_no_object_is_no_peer() {
        for json in ["null", "[]", "7", r#""peer""#] {
            let raw = RawValue::from_string(json.to_owned()).unwrap();
            assert!(Peer::new(&raw).is_none(), "{json}");
        }
    }
}
