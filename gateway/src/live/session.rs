//! The facts of a live session, and which of them have changed.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// Fields that grow all the time: they alone are no change.
const GROWING: [&str; 2] = ["minutes_consumed", "updated_at"];

/// A session as the API gave it.
#[derive(Clone, Debug)]
pub struct Session {
    id: String,
    raw: Box<RawValue>,
    fields: BTreeMap<String, Box<RawValue>>,
}

/// The fields that differ between two reads of a session.
#[derive(Debug, Default)]
pub struct SessionPatch {
    /// The new values.
    pub fields: BTreeMap<String, Box<RawValue>>,
    /// Whether only growing fields differ.
    pub only_grew: bool,
    /// Whether a field is gone, which a patch cannot say.
    pub lost: bool,
}

impl Session {
    /// A session; `None` if it has no ID.
    pub fn new(raw: &RawValue) -> Option<Self> {
        let fields: BTreeMap<String, Box<RawValue>> = serde_json::from_str(raw.get()).ok()?;
        let id: String = serde_json::from_str(fields.get("id")?.get()).ok()?;
        (!id.is_empty()).then(|| Self {
            id,
            raw: raw.to_owned(),
            fields,
        })
    }

    /// Its ID.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its JSON.
    pub fn raw(&self) -> &RawValue {
        &self.raw
    }

    /// A field of type text.
    pub fn text(&self, name: &str) -> Option<String> {
        serde_json::from_str(self.fields.get(name)?.get()).ok()
    }

    /// A field of type number.
    pub fn number(&self, name: &str) -> Option<f64> {
        serde_json::from_str(self.fields.get(name)?.get()).ok()
    }

    /// How it differs from an earlier read.
    pub fn since(&self, earlier: &Self) -> SessionPatch {
        let fields: BTreeMap<_, _> = self
            .fields
            .iter()
            .filter(|(name, value)| {
                let before = earlier.fields.get(*name);
                before.is_none_or(|before| before.get() != value.get())
            })
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        SessionPatch {
            only_grew: fields.keys().all(|name| GROWING.contains(&name.as_str())),
            lost: earlier
                .fields
                .keys()
                .any(|name| !self.fields.contains_key(name)),
            fields,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(json: &str) -> Session {
        Session::new(&RawValue::from_string(json.to_owned()).unwrap()).unwrap()
    }

    #[test]
    fn a_patch_has_the_fields_that_differ() {
        let before = session(r#"{"id":"s","live_participants":1,"minutes_consumed":5}"#);
        let grew = session(r#"{"id":"s","live_participants":1,"minutes_consumed":6}"#);
        let patch = grew.since(&before);
        assert!(patch.only_grew && !patch.lost);
        assert_eq!(
            patch.fields.keys().collect::<Vec<_>>(),
            ["minutes_consumed"]
        );
        let joined = session(r#"{"id":"s","live_participants":2,"title":"x"}"#);
        let patch = joined.since(&before);
        assert!(!patch.only_grew && patch.lost);
        assert_eq!(patch.fields["live_participants"].get(), "2");
        assert!(before.since(&before).fields.is_empty());
    }

    #[test]
    fn without_an_id_it_is_none() {
        for json in ["{}", r#"{"id":""}"#, r#"{"id":7}"#, "[]", "null"] {
            let raw = RawValue::from_string(json.to_owned()).unwrap();
            assert!(Session::new(&raw).is_none(), "{json}");
        }
    }
}
