//! The meeting that the page's address names.

use realtimekit_moderator::id::{AccountId, AppId, MeetingId};
use realtimekit_moderator::{Client, Error, Room};
use web_sys::{UrlSearchParams, window};

/// The meeting of `#gateway=…&account=…&app=…&meeting=…&grant=…`. A server never gets what is after the `#`.
pub fn from_address() -> Result<Room, Error> {
    let hash = window().and_then(|window| window.location().hash().ok());
    let hash = hash.unwrap_or_default();
    let fields = UrlSearchParams::new_with_str(hash.trim_start_matches('#')).ok();
    let field = |name| {
        fields
            .as_ref()
            .and_then(|all| all.get(name))
            .unwrap_or_default()
    };
    let client = Client::builder()
        .base_url(field("gateway"))
        .api_token(field("grant"))
        .account(AccountId::new(field("account"))?)
        .build()?;
    Ok(client.room(AppId::new(field("app"))?, MeetingId::new(field("meeting"))?))
}
