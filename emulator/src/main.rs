//! A Cloudflare RealtimeKit that runs on this machine: its moderation API over a simulated world,
//! with faults on demand. It shares no code with the client that is tested against it; both were
//! written from the API description, so that they cannot agree on the same mistake.

mod api;
mod args;
mod clock;
mod control;
mod dice;
mod emulator;
mod faults;
mod limit;
mod net;
mod record;
mod run;
mod web;
mod world;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    run::run(args::Args::parse())
}
