//! The gateway as a process: sockets, files, threads, the clock.

pub mod app;
pub mod carried;
pub mod cli;
pub mod clock;
pub mod config;
pub mod connections;
pub mod http;
pub mod issue;
pub mod journal;
pub mod page;
pub mod serve;
pub mod site;
pub mod telemetry;
pub mod tls;
pub mod upstream;
pub mod workers;
