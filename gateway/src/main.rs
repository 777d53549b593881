//! The gateway's command line: serves, checks a configuration, makes a grant.

use std::path::Path;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Parser;
use realtimekit_gateway::native::cli::{Cli, Command, Grant};
use realtimekit_gateway::native::config::Config;
use realtimekit_gateway::native::{app, serve, sign_grant, telemetry, tls};

/// A tenth of what a request takes here is to get memory and to give it back: this one is quick.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Serve(command) => run(&command.config, command.until_stdin_closes),
        Command::Check(command) => check(&command.config),
        Command::Grant(command) => grant(&command),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            // Logging may not have begun, and this is for a person.
            #[allow(clippy::print_stderr)]
            {
                eprintln!("{what}");
            }
            ExitCode::from(2)
        }
    }
}

fn load(path: &Path) -> Result<Config, String> {
    Config::load(path).map_err(|error| error.to_string())
}

/// What is wrong with a configuration, with the file's name before it.
fn in_file<T>(path: &Path, result: Result<T, String>) -> Result<T, String> {
    result.map_err(|what| format!("{}: {what}", path.display()))
}

fn run(path: &Path, until_stdin_closes: bool) -> Result<(), String> {
    let config = load(path)?;
    telemetry::log(config.log);
    let metrics = telemetry::count()?;
    // It takes connections and hands them to the workers.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let served = runtime.block_on(serve::serve(&config, metrics, until_stdin_closes));
    // Standard input may still be read, which nothing can end.
    runtime.shutdown_background();
    in_file(path, served)
}

fn check(path: &Path) -> Result<(), String> {
    let config = load(path)?;
    let checked = app::check(&config).and_then(|()| match &config.tls {
        None => Ok(()),
        Some(tls) => tls::acceptor(tls).map(drop),
    });
    in_file(path, checked)?;
    println!("configuration is good");
    Ok(())
}

fn grant(command: &Grant) -> Result<(), String> {
    let config = load(&command.config)?;
    let grants = config.grants.as_ref();
    let grants = in_file(
        &command.config,
        grants.ok_or("grants: is missing, so there is no secret to sign with".to_owned()),
    )?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now_s = now.map_err(|error| error.to_string())?.as_secs();
    println!("{}", sign_grant::grant(grants, command, now_s)?);
    Ok(())
}
