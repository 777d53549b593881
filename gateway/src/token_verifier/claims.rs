//! The claims of a verified token: each has its own rule, so that a refusal names the claim.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::api_response::GrantProblem;
use crate::grant::{Protect, is_name};
use crate::route::{Id, is_permission};

/// All claims of a token. A duplicate claim makes the token invalid: two readers might use
/// different ones.
pub(super) struct Claims(Result<Map<String, Value>, GrantProblem>);

impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;

        impl<'de> Visitor<'de> for All {
            type Value = Claims;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Claims, A::Error> {
                let mut claims = Map::new();
                let mut twice = false;
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    // An unused claim may be repeated.
                    twice |= KNOWN.contains(&name.as_str()) && claims.contains_key(&name);
                    claims.insert(name, value);
                }
                Ok(Claims(match twice {
                    true => Err(problem("claims", "stand twice")),
                    false => Ok(claims),
                }))
            }
        }

        deserializer.deserialize_map(All)
    }
}

/// The claims that are used.
const KNOWN: [&str; 14] = [
    "sub",
    "exp",
    "nbf",
    "iat",
    "iss",
    "aud",
    "jti",
    "app_id",
    "meeting_id",
    "can",
    "protect",
    "name",
    "email",
    "email_verified",
];

/// The error of a claim in a token that a known key signed.
pub(super) fn problem(claim: &'static str, reason: &'static str) -> GrantProblem {
    GrantProblem {
        claim,
        reason,
        signed: true,
    }
}

impl Claims {
    fn get(&self, name: &str) -> Result<Option<&Value>, GrantProblem> {
        let claims = self.0.as_ref().map_err(|problem| *problem)?;
        Ok(claims.get(name).filter(|value| !value.is_null()))
    }

    /// An optional text.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<&str>, GrantProblem> {
        match self.get(name)? {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(problem(name, "must be a string")),
        }
    }

    /// A required text.
    pub(super) fn required(&self, name: &'static str) -> Result<&str, GrantProblem> {
        self.text(name)?.ok_or(problem(name, "is missing"))
    }

    /// A time in seconds since 1970; a fraction is legal, and truncated.
    pub(super) fn time(&self, name: &'static str) -> Result<Option<u64>, GrantProblem> {
        let Some(value) = self.get(name)? else {
            return Ok(None);
        };
        let whole = value.as_u64();
        let fraction = value.as_f64().filter(|time| (0.0..=1e15).contains(time));
        match whole.or(fraction.map(|time| time as u64)) {
            Some(time) => Ok(Some(time)),
            None => Err(problem(name, "must be a number of seconds since 1970")),
        }
    }

    /// `exp`, which is required.
    pub(super) fn ends_s(&self) -> Result<u64, GrantProblem> {
        self.time("exp")?.ok_or(problem("exp", "is missing"))
    }

    /// `sub`, which may be a number.
    pub(super) fn subject(&self) -> Result<String, GrantProblem> {
        let subject = match self.get("sub")? {
            None => return Err(problem("sub", "is missing")),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) if number.is_u64() || number.is_i64() => number.to_string(),
            Some(_) => return Err(problem("sub", "must be a string or a whole number")),
        };
        match is_name(&subject) {
            true => Ok(subject),
            false => Err(problem(
                "sub",
                "must be 1 to 256 bytes without control characters",
            )),
        }
    }

    /// `name`, which counts as missing if it is empty.
    pub(super) fn name(&self) -> Result<Option<String>, GrantProblem> {
        match self.text("name")?.filter(|name| !name.is_empty()) {
            None => Ok(None),
            Some(name) if is_name(name) => Ok(Some(name.to_owned())),
            Some(_) => Err(problem(
                "name",
                "must be at most 256 bytes without control characters",
            )),
        }
    }

    /// `jti`, if a revocation can name it.
    pub(super) fn id(&self) -> Result<Option<String>, GrantProblem> {
        Ok(self
            .text("jti")?
            .filter(|id| is_name(id))
            .map(str::to_owned))
    }

    /// Whether `aud` is or holds an audience.
    pub(super) fn is_for(&self, audience: &str) -> Result<(), GrantProblem> {
        let found = match self.get("aud")? {
            None => return Err(problem("aud", "is missing")),
            Some(Value::String(own)) => own == audience,
            Some(Value::Array(own)) => own.iter().any(|own| own.as_str() == Some(audience)),
            Some(_) => return Err(problem("aud", "must be a string or a list")),
        };
        match found {
            true => Ok(()),
            false => Err(problem("aud", "is another audience")),
        }
    }

    /// Whether `iss` is an issuer.
    pub(super) fn is_from(&self, issuer: &str) -> Result<(), GrantProblem> {
        match self.required("iss")? == issuer {
            true => Ok(()),
            false => Err(problem("iss", "is another issuer")),
        }
    }

    /// `app_id`, which must be an ID.
    pub(super) fn app_id(&self) -> Result<Id, GrantProblem> {
        Id::new(self.required("app_id")?).ok_or(problem("app_id", "is no ID"))
    }

    /// `meeting_id`, which must be an ID; `None` for `*`, which stands for every meeting of the app.
    pub(super) fn meeting_id(&self) -> Result<Option<Id>, GrantProblem> {
        let id = self.required("meeting_id")?;
        if id == "*" {
            return Ok(None);
        }
        Id::new(id)
            .map(Some)
            .ok_or(problem("meeting_id", "is no ID"))
    }

    /// `can`: the known words, and the unknown ones, for instance of a later version, which allow
    /// nothing.
    pub(super) fn can(&self) -> Result<(Vec<String>, Vec<String>), GrantProblem> {
        let wrong = problem("can", "must be a list of words");
        let Some(Value::Array(words)) = self.get("can")? else {
            return Err(wrong);
        };
        let mut all = (Vec::new(), Vec::new());
        for word in words {
            let word = word.as_str().ok_or(wrong)?;
            match is_permission(word) {
                true => all.0.push(word.to_owned()),
                false => all.1.push(word.chars().take(32).collect()),
            }
        }
        Ok(all)
    }

    /// `protect`: the participants that are protected from the moderator.
    pub(super) fn protect(&self) -> Result<Option<Protect>, GrantProblem> {
        let Some(value) = self.get("protect")? else {
            return Ok(None);
        };
        // An unknown field could be a rule that would not be enforced.
        let protect = match value.is_object() {
            true => Protect::deserialize(value).ok(),
            // A list would be read as the fields in their order.
            false => None,
        };
        let wrong = problem(
            "protect",
            "must be an object with the lists presets and ids",
        );
        protect.map(Some).ok_or(wrong)
    }

    /// `email`, unless `email_verified` is false: any user could have entered it. Some providers
    /// write the boolean as a string.
    pub(super) fn email(&self) -> Result<Option<&str>, GrantProblem> {
        let email = self.text("email")?;
        let trusted = match self.get("email_verified")? {
            None | Some(Value::Bool(true)) => true,
            Some(Value::String(text)) => text == "true",
            Some(_) => false,
        };
        Ok(email.filter(|_| trusted))
    }
}
