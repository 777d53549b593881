//! Moderate live [Cloudflare RealtimeKit](https://developers.cloudflare.com/realtime/) meetings:
//! see who is in, kick, ban, mute, clear the room, start a poll.
//!
//! This is the client in Rust, for front ends compiled to WebAssembly (Leptos, Yew, Dioxus, your
//! own). The npm package `realtimekit-moderator` is the same code behind the official SDK's API.
//!
//! ```no_run
//! use realtimekit_moderator::id::{AppId, MeetingId};
//! use realtimekit_moderator::models::ParticipantIds;
//! use realtimekit_moderator::{Client, Error};
//!
//! # async fn moderate() -> Result<(), Error> {
//! let client = Client::builder()
//!     .base_url("https://moderation.example.com/client/v4")
//!     .api_token("a grant of the gateway's")
//!     .account("023e105f4ecef8ad9ca31a8372d0c353".try_into()?)
//!     .build()?;
//! let app = AppId::new("14a396e7-ca44-4937-bf1f-050a69118543")?;
//! let meeting = MeetingId::new("6bf2b8be-04dd-4191-b602-1128921a306b")?;
//!
//! let session = client.active_session().get_active_session(&app, &meeting).await?;
//! println!("{:?} are in", session.data.and_then(|session| session.live_participants));
//!
//! let whom = ParticipantIds::users(["0a08343d-a9dc-45f0-9feb-6a64afcc4f81"]);
//! let kick = client.active_session().kick_participants(&app, &meeting, whom);
//! match kick.max_retries(4).await {
//!     Ok(_) => {}
//!     Err(Error::Refused(refused)) if refused.status() == 404 => println!("they had gone"),
//!     Err(error) if error.maybe_applied() => println!("perhaps kicked: {error}"),
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # A call's way
//!
//! Arguments are checked (`id`, `params`), an operation is taken from the table
//! ([`operation`]), a request is built from it (`request`), attempts are made (`attempts`, by the
//! policy of `retry`) over `fetch` (`transport`), and there is an answer or an [`Error`].
//!
//! # What it promises
//!
//! * An ID names only itself: whatever is in it, it is one path segment.
//! * A poll is never made twice by a retry. Every error says whether what was asked
//!   [may have been done](Error::maybe_applied).
//! * A timeout covers the whole attempt, the body of its answer included.
//! * The token goes to the base URL's origin alone, and is in no error and no `Debug`.
//! * Answers keep what they hold: unknown fields are in `other`, odd values are not refused.
//!
//! # Features
//!
//! * `client` (default): the client. Without it there are the table of operations and the checks
//!   of IDs and bodies, which depend on no browser: what a gateway needs.
//! * `npm`: the exports that the npm package is made of. Not for Rust.

// What only Rust's callers need is not in the package's wasm.
#![cfg_attr(feature = "npm", allow(dead_code))]

pub mod id;
pub mod operation;
pub mod validation;

mod error;

#[cfg(feature = "client")]
mod answer;
#[cfg(feature = "client")]
mod attempts;
#[cfg(feature = "npm")]
pub mod awaiting;
#[cfg(feature = "client")]
mod base_url;
#[cfg(feature = "npm")]
pub mod bindings;
#[cfg(feature = "client")]
mod call;
#[cfg(all(feature = "client", not(feature = "npm")))]
mod client;
#[cfg(all(feature = "client", not(feature = "npm")))]
mod everybody;
#[cfg(feature = "client")]
mod header;
mod hints;
#[cfg(feature = "client")]
mod js;
#[cfg(all(feature = "client", not(feature = "npm")))]
mod listener;
#[cfg(feature = "client")]
pub mod models;
#[cfg(feature = "client")]
mod paging;
#[cfg(all(feature = "client", not(feature = "npm")))]
mod pending;
#[cfg(feature = "client")]
mod request;
#[cfg(all(feature = "client", not(feature = "npm")))]
mod resources;
#[cfg(feature = "client")]
mod retry;
#[cfg(all(feature = "client", not(feature = "npm")))]
mod stop;
mod text;
#[cfg(any(feature = "npm", test))]
mod texts;
#[cfg(feature = "client")]
mod transport;
#[cfg(feature = "client")]
mod watch;
#[cfg(feature = "client")]
mod words;

// What a call waits for, and what stops it: the npm package has ways of its own.
#[cfg(feature = "npm")]
use awaiting as stop;

/// The npm package's allocator: std's is 8 kB of wasm, this one a fifth of that.
#[cfg(all(feature = "npm", target_arch = "wasm32"))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

pub use error::InvalidArgument;

#[cfg(feature = "client")]
pub use attempts::Trail;
#[cfg(all(feature = "client", not(feature = "npm")))]
pub use client::{Client, ClientBuilder};
#[cfg(feature = "client")]
pub use error::{Error, Refused};
#[cfg(all(feature = "client", not(feature = "npm")))]
pub use everybody::AllParticipants;
pub use hints::{RateLimit, RetryHints};
#[cfg(all(feature = "client", not(feature = "npm")))]
pub use pending::{Answered, Call};
#[cfg(all(feature = "client", not(feature = "npm")))]
pub use resources::{ActiveSessions, Meetings, Sessions};
#[cfg(all(feature = "client", not(feature = "npm")))]
pub use watch::{Snapshot, Trouble, Watch, WatchedParticipant};
