//! A Cloudflare RealtimeKit API on this machine: the moderation operations over simulated meetings,
//! with faults on demand. It shares no code with the client. Both were written from the API
//! description, so that they cannot make the same mistake.

mod api;
mod args;
mod clock;
mod control;
mod emulator;
mod faults;
mod net;
mod rate_limit;
mod request_log;
mod rng;
mod run;
mod web;
mod webhooks;
mod world;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    run::run(args::Args::parse())
}
