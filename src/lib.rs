//! Moderate live [Cloudflare RealtimeKit](https://developers.cloudflare.com/realtime/) meetings:
//! see the participants, remove, ban and mute them, clear the room, start a poll.
//!
//! This is the client for Rust front ends compiled to WebAssembly (Leptos, Yew, Dioxus, your own). The npm package
//! `realtimekit-moderator` is the same engine behind the official SDK's API.
//!
//! ```no_run
//! use realtimekit_moderator::id::{AppId, MeetingId};
//! use realtimekit_moderator::models::ParticipantIds;
//! use realtimekit_moderator::{Client, Error};
//!
//! # async fn moderate() -> Result<(), Error> {
//! let client = Client::builder()
//!     .base_url("https://moderation.example.com/client/v4")
//!     .api_token("a grant of the gateway")
//!     .account("023e105f4ecef8ad9ca31a8372d0c353".try_into()?)
//!     .build()?;
//! let app = AppId::new("14a396e7-ca44-4937-bf1f-050a69118543")?;
//! let meeting = MeetingId::new("6bf2b8be-04dd-4191-b602-1128921a306b")?;
//!
//! let session = client.active_session().get_active_session(&app, &meeting).await?;
//! println!("{:?} participants", session.data.and_then(|session| session.live_participants));
//!
//! let participants = ParticipantIds::users(["0a08343d-a9dc-45f0-9feb-6a64afcc4f81"]);
//! let kick = client.active_session().kick_participants(&app, &meeting, participants);
//! match kick.max_retries(4).await {
//!     Ok(_) => {}
//!     Err(error) if error.maybe_applied() => println!("may have been removed: {error}"),
//!     Err(Error::Api(error)) if error.status() == 404 => println!("had already left"),
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # The path of a call
//!
//! Arguments are validated and become a request by the table of [`operation`]s (`request/`). The request is sent over
//! `fetch` and repeated if the policy allows (`transport/`). Response and errors become types (`api/`, `models/`).
//!
//! # Guarantees
//!
//! * An ID is one path segment, whatever it contains.
//! * A retry never creates a poll twice. Every error says whether the call
//!   [may have been carried out](Error::maybe_applied).
//! * A timeout covers the whole attempt, including the body of the response.
//! * The token is sent to the base URL's origin only, and is in no error and no `Debug`.
//! * Responses keep unknown fields in `other`, and unusual values are not rejected.
//!
//! # Features
//!
//! * `client` (default): the client. Without it, the crate is the table of operations and the validation of IDs and
//!   bodies, which need no browser. The gateway uses that.

#[cfg(feature = "client")]
mod api;
mod ascii;
#[cfg(feature = "client")]
mod hash;
#[cfg(feature = "client")]
mod js;
#[cfg(feature = "client")]
pub mod models;
#[cfg(realtimekit_npm)]
mod npm;
pub mod operation;
mod request;
mod transport;
#[cfg(feature = "client")]
mod watch;

/// The npm package's allocator: std's is 8 kB of wasm, this one a fifth of that.
#[cfg(all(realtimekit_npm, target_arch = "wasm32"))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

pub use request::id;
pub use request::invalid_argument::InvalidArgument;
pub use request::validation;
pub use transport::rate_limit::RateLimit;
pub use transport::retry_after::RetryHints;

#[cfg(feature = "client")]
pub use api::client::{Client, ClientBuilder};
#[cfg(feature = "client")]
pub use api::pager::ParticipantsPager;
#[cfg(feature = "client")]
pub use api::request_builder::{RequestBuilder, WithResponse};
#[cfg(feature = "client")]
pub use api::resources::{ActiveSessions, Meetings, Sessions};
#[cfg(feature = "client")]
pub use transport::attempts::AttemptInfo;
#[cfg(feature = "client")]
pub use transport::error::{ApiError, DecodeError, Error};
#[cfg(feature = "client")]
pub use watch::participant::WatchedParticipant;
#[cfg(feature = "client")]
pub use watch::snapshot::{Snapshot, Trouble};
#[cfg(feature = "client")]
pub use watch::stream::Watch;
