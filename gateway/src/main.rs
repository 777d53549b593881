//! The gateway's command line: serves, checks a configuration, makes, revokes and explains grants.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Parser;
use realtimekit_gateway::native::cli::{Cli, Command, Explain, Grant, Revoke, Webhooks};
use realtimekit_gateway::native::config::{Config, Source};
use realtimekit_gateway::native::{
    explain, preflight, revoke, serve, sign_grant, telemetry, webhook_command,
};

/// Reduces the latency of a mutation by a tenth.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Serve(command) => run(&command.config.source(), command.until_stdin_closes),
        Command::Check(command) => check(&command.config.source(), command.running),
        Command::Grant(command) => grant(&command),
        Command::Revoke(command) => revoke(&command),
        Command::Explain(command) => match explain(&command) {
            Ok(false) => return ExitCode::FAILURE,
            done => done.map(|_| ()),
        },
        Command::Webhooks(command) => webhooks(&command),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            say(&what);
            ExitCode::from(2)
        }
    }
}

/// Prints to the terminal: logging may not have begun.
#[allow(clippy::print_stderr)]
fn say(what: &str) {
    eprintln!("{what}");
}

fn load(source: &Source) -> Result<Config, String> {
    Config::load(source).map_err(|error| error.to_string())
}

/// The error of a configuration, with its source.
fn in_source<T>(source: &Source, result: Result<T, String>) -> Result<T, String> {
    result.map_err(|what| source.explain(&what))
}

fn run(source: &Source, until_stdin_closes: bool) -> Result<(), String> {
    let config = load(source)?;
    in_source(source, preflight::page(source, &config))?;
    let log = Arc::new(telemetry::log(config.policy.log));
    let metrics = telemetry::count()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let served = serve::serve(source, &config, metrics, &log, until_stdin_closes);
    let served = runtime.block_on(served);
    // A read of standard input may still block, and cannot be cancelled.
    runtime.shutdown_background();
    log.finish();
    in_source(source, served)
}

fn check(source: &Source, running: bool) -> Result<(), String> {
    let config = load(source)?;
    in_source(source, preflight::check(source, &config, running))?;
    println!("configuration is good");
    Ok(())
}

fn now_s() -> Result<u64, String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    Ok(now.map_err(|error| error.to_string())?.as_secs())
}

fn grant(command: &Grant) -> Result<(), String> {
    let source = command.config.source();
    let config = load(&source)?;
    let grants = config.policy.grants.as_ref();
    let grants = in_source(
        &source,
        grants.ok_or("grants: is missing, so there is no secret to sign with".to_owned()),
    )?;
    let made = sign_grant::grant(grants, command, now_s()?)?;
    println!("{}", made.token);
    say(&format!("jti: {}", made.id));
    Ok(())
}

fn revoke(command: &Revoke) -> Result<(), String> {
    let source = command.config.source();
    let config = load(&source)?;
    let revoked = revoke::revoke(&config, command, now_s()?);
    println!("{}", in_source(&source, revoked)?);
    Ok(())
}

/// Whether the gateway accepts a grant.
fn explain(command: &Explain) -> Result<bool, String> {
    let source = command.config.source();
    let config = load(&source)?;
    let explained = explain::explain(&config, command, now_s()?);
    let (text, is_good) = in_source(&source, explained)?;
    println!("{text}");
    Ok(is_good)
}

fn webhooks(command: &Webhooks) -> Result<(), String> {
    let source = command.action.of().config.source();
    let config = load(&source)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let done = runtime.block_on(webhook_command::run(&config, &command.action));
    println!("{}", in_source(&source, done)?);
    Ok(())
}
