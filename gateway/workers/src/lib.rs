//! The gateway on Cloudflare Workers.
//!
//! The entry Worker authenticates and routes. Each meeting has a Durable Object with its reads, its audit
//! and its watchers, and the account has one with the budget. All rules are in the core that the process
//! uses too; here are `fetch`, SQLite and WebSockets of Workers.

mod account;
mod clock;
mod config;
mod counters;
mod crypto;
mod entry;
mod log;
mod meeting;
mod random;
mod response;
mod toml;
mod upstream;

use worker::{Context, Env, Request, Response, Result, event};

pub use account::object::AccountObject;
pub use meeting::object::MeetingObject;

/// Starts the log and the counters, once in each isolate.
fn start(env: &Env) {
    crypto::install();
    toml::install();
    counters::start();
    log::start(config::level(env));
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "a panic");
        panicked();
    }));
}

#[wasm_bindgen::prelude::wasm_bindgen]
extern "C" {
    /// Ends the requests in flight with an error: after a panic nothing else would. The main module
    /// (`main.mjs`) defines it.
    #[wasm_bindgen(js_name = realtimekitGatewayPanicked)]
    fn panicked();
}

/// Panics if a request names this meeting: for the test of recovery alone.
#[cfg(feature = "test-panic")]
#[allow(clippy::panic, reason = "it is what the test needs")]
fn panic_if_named(meeting: Option<&realtimekit_gateway::route::Id>, name: &str) {
    if meeting.is_some_and(|id| id.as_str() == name) {
        panic!("as the test asks");
    }
}

/// The entry Worker.
#[event(fetch)]
async fn fetch(request: Request, env: Env, context: Context) -> Result<Response> {
    start(&env);
    entry::handle(request, env, context).await
}
