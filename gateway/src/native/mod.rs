//! The gateway as a process: sockets, files, threads, the clock.

mod access_log;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod connections;
mod cors;
pub mod http;
mod http_response;
pub mod journal;
pub mod page;
pub mod router;
pub mod run_to_completion;
pub mod serve;
pub mod sign_grant;
pub mod telemetry;
pub mod tls;
pub mod upstream;
pub mod workers;
