//! Makes a grant, as an app's own backend would with the shared secret.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::config::Grants;
use crate::grant::{Right, is_name};
use crate::native::cli::Grant;

/// A signed grant. No `Debug`: it holds the token.
pub struct Made {
    /// The token.
    pub token: String,
    /// Its ID, for revocation.
    pub id: String,
}

/// A grant, good from `now_s`, in seconds since 1970.
///
/// # Errors
///
/// If the gateway would refuse it: names the wrong argument.
pub fn grant(grants: &Grants, asked: &Grant, now_s: u64) -> Result<Made, String> {
    if !is_name(&asked.sub) {
        return Err("--sub: must be 1 to 256 characters".to_owned());
    }
    if !asked.name.as_deref().is_none_or(is_name) {
        return Err("--name: must be 1 to 256 characters".to_owned());
    }
    let meeting = Some(asked.meeting.as_str()).filter(|id| *id != "*");
    if Right::new(&asked.app, meeting, Vec::new()).is_none() {
        return Err("--app and --meeting: must be IDs".to_owned());
    }
    if Right::new(&asked.app, meeting, asked.can.clone()).is_none() {
        let words = "read, kick, kick_all, mute, mute_all, poll, ban, lock, audit";
        return Err(format!("--can: must be words of {words}"));
    }
    let id = Uuid::now_v7().to_string();
    let mut claims = Map::from_iter([
        ("jti".to_owned(), json!(id)),
        ("sub".to_owned(), json!(asked.sub)),
        ("iat".to_owned(), json!(now_s)),
        ("exp".to_owned(), json!(now_s + asked.period.as_secs())),
        ("app_id".to_owned(), json!(asked.app)),
        ("meeting_id".to_owned(), json!(asked.meeting)),
        ("can".to_owned(), json!(asked.can)),
    ]);
    if !asked.protect_presets.is_empty() || !asked.protect_ids.is_empty() {
        let protect = json!({"presets": asked.protect_presets, "ids": asked.protect_ids});
        claims.insert("protect".to_owned(), protect);
    }
    let optional = [
        ("name", &asked.name),
        ("iss", &grants.issuer),
        ("aud", &grants.audience),
    ];
    for (claim, value) in optional {
        if let Some(value) = value {
            claims.insert(claim.to_owned(), Value::String(value.clone()));
        }
    }
    let key = EncodingKey::from_secret(grants.secret.expose_secret().as_bytes());
    let token = encode(&Header::new(Algorithm::HS256), &claims, &key);
    let token = token.map_err(|error| error.to_string())?;
    Ok(Made { token, id })
}
