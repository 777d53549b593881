//! Reads fields of responses leniently: what is of another form than described is absent, and fails no call.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// An ID. One that no path could hold, such as an empty text, is none.
pub(super) fn id<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<String>,
{
    Ok(match Option::<Value>::deserialize(deserializer)? {
        Some(Value::String(text)) => T::try_from(text).ok(),
        _ => None,
    })
}

/// A count. The API describes any number, and some servers write `3.0`.
pub(super) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let value = Option::<Value>::deserialize(deserializer)?;
    let number = |value: &Value| value.as_f64().filter(|number| *number >= 0.0);
    Ok(value.and_then(|value| value.as_u64().or_else(|| Some(number(&value)? as u64))))
}

/// A duration that the API writes in minutes.
pub(super) mod minutes {
    use serde::{Deserialize, Deserializer, Serializer};
    use serde_json::Value;
    use std::time::Duration;

    pub(in crate::models) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Duration>, D::Error> {
        let value = Option::<Value>::deserialize(deserializer)?;
        let minutes = value.as_ref().and_then(Value::as_f64);
        Ok(minutes.and_then(|minutes| Duration::try_from_secs_f64(minutes * 60.0).ok()))
    }

    pub(in crate::models) fn serialize<S: Serializer>(
        duration: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match duration {
            Some(duration) => serializer.serialize_f64(duration.as_secs_f64() / 60.0),
            None => serializer.serialize_none(),
        }
    }
}
