//! The gateway as a process: sockets, files, threads, the clock.

pub mod app;
pub mod carried;
pub mod cli;
pub mod clock;
pub mod config;
pub mod connections;
mod cors;
pub mod http;
pub mod issue;
pub mod journal;
pub mod page;
mod response;
pub mod serve;
pub mod site;
pub mod telemetry;
pub mod tls;
mod told;
pub mod upstream;
pub mod workers;
