//! The command line.

use std::convert::Infallible;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use secrecy::SecretString;

use super::config::Source;

const HOUR_S: u64 = 60 * 60;
/// The gateway accepts no longer grant, so the command makes none.
const LONGEST_GRANT: Duration = Duration::from_secs(12 * HOUR_S);

/// Lets moderators of Cloudflare RealtimeKit meetings act without holding the API token.
#[derive(Parser, Debug)]
#[command(name = "realtimekit-gateway", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Run the gateway. When ready it prints one line of JSON that says where it is.
    Serve(Serve),
    /// Say whether a configuration is good.
    Check(Check),
    /// Print a grant: what a moderator shows to act in a meeting. Its ID goes to standard error.
    Grant(Grant),
    /// Revoke grants before they end; a running gateway knows within seconds.
    Revoke(Revoke),
    /// Say claim by claim why a grant is accepted (0) or refused (1).
    Explain(Explain),
    /// Register, list or delete webhooks at Cloudflare, so that changes come at once.
    Webhooks(Webhooks),
}

/// Where the configuration is.
#[derive(Args, Clone, Debug)]
pub struct ConfigFile {
    /// The configuration file; without it, environment variables such as RTK_GATEWAY__ACCOUNT_ID.
    #[arg(long = "config", value_name = "FILE")]
    file: Option<PathBuf>,
}

impl ConfigFile {
    /// The file and the environment, or the environment alone.
    pub fn source(&self) -> Source {
        Source::new(self.file.clone())
    }
}

/// `webhooks`
#[derive(Args, Debug)]
pub struct Webhooks {
    /// What to do.
    #[command(subcommand)]
    pub action: WebhooksAction,
}

/// What `webhooks` does.
#[derive(Subcommand, Debug)]
pub enum WebhooksAction {
    /// Register this gateway, or update its registration.
    Register {
        /// Whose webhooks.
        #[command(flatten)]
        of: WebhooksOf,
        /// The gateway's public address, with /hooks/realtimekit at its end.
        #[arg(long)]
        url: String,
        /// A name for it.
        #[arg(long, default_value = "realtimekit-gateway")]
        name: String,
    },
    /// List the app's webhooks.
    List {
        /// Whose webhooks.
        #[command(flatten)]
        of: WebhooksOf,
    },
    /// Delete one.
    Delete {
        /// Whose webhooks.
        #[command(flatten)]
        of: WebhooksOf,
        /// Its ID, which `list` prints.
        #[arg(long)]
        id: String,
    },
}

impl WebhooksAction {
    /// Whose webhooks.
    pub fn of(&self) -> &WebhooksOf {
        match self {
            Self::Register { of, .. } | Self::List { of } | Self::Delete { of, .. } => of,
        }
    }
}

/// Whose webhooks.
#[derive(Args, Debug)]
pub struct WebhooksOf {
    /// Where the configuration is.
    #[command(flatten)]
    pub config: ConfigFile,
    /// The app's ID.
    #[arg(long, value_name = "ID")]
    pub app: String,
}

/// `serve`
#[derive(Args, Debug)]
pub struct Serve {
    /// Where the configuration is.
    #[command(flatten)]
    pub config: ConfigFile,
    /// End when standard input is closed, so that a test runner that dies leaves nothing behind.
    #[arg(long)]
    pub until_stdin_closes: bool,
}

/// `check`
#[derive(Args, Debug)]
pub struct Check {
    /// Where the configuration is.
    #[command(flatten)]
    pub config: ConfigFile,
    /// The addresses may be in use: by the gateway that is to be reloaded, or by systemd's socket.
    #[arg(long)]
    pub running: bool,
}

/// `revoke`: grants to which all that is given applies.
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("which").required(true).multiple(true))]
pub struct Revoke {
    /// Where the configuration is.
    #[command(flatten)]
    pub config: ConfigFile,
    /// The grant's ID, which `grant` printed and the audit names.
    #[arg(long, value_name = "ID", group = "which")]
    pub jti: Option<String>,
    /// The moderator.
    #[arg(long, value_name = "ID", group = "which")]
    pub sub: Option<String>,
    /// When they were issued: `now`, or seconds since 1970.
    #[arg(long, value_name = "TIME", group = "which", value_parser = moment)]
    pub issued_before: Option<Moment>,
}

/// `explain`
#[derive(Args, Debug)]
pub struct Explain {
    /// Where the configuration is.
    #[command(flatten)]
    pub config: ConfigFile,
    /// The grant, or - to read it from standard input.
    #[arg(value_name = "TOKEN", value_parser = secret)]
    pub token: SecretString,
}

fn secret(text: &str) -> Result<SecretString, Infallible> {
    Ok(text.into())
}

/// A point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// When the command runs.
    Now,
    /// In seconds since 1970.
    At(u64),
}

impl Moment {
    /// In seconds since 1970. What was issued in this second was issued before now.
    pub fn seconds(self, now_s: u64) -> u64 {
        match self {
            Self::Now => now_s.saturating_add(1),
            Self::At(seconds) => seconds,
        }
    }
}

fn moment(text: &str) -> Result<Moment, String> {
    match text {
        "now" => Ok(Moment::Now),
        _ => text
            .parse()
            .map(Moment::At)
            .map_err(|_| "must be now, or seconds since 1970".to_owned()),
    }
}

/// `grant`
#[derive(Args, Debug)]
pub struct Grant {
    /// Where the configuration is.
    #[command(flatten)]
    pub config: ConfigFile,
    /// The app's ID.
    #[arg(long, value_name = "ID")]
    pub app: String,
    /// The meeting's ID, or `*` for every meeting of the app.
    #[arg(long, value_name = "ID")]
    pub meeting: String,
    /// The moderator, as the audit names them.
    #[arg(long, value_name = "ID")]
    pub sub: String,
    /// What the moderator may do: of read, kick, kick_all, mute, mute_all, poll, ban, lock and
    /// audit, with commas between.
    #[arg(long, value_name = "WORDS", value_delimiter = ',', required = true)]
    pub can: Vec<String>,
    /// The presets of participants that are protected from the moderator, with commas between.
    #[arg(long, value_name = "PRESETS", value_delimiter = ',')]
    pub protect_presets: Vec<String>,
    /// The IDs of participants that are protected from the moderator, with commas between.
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    pub protect_ids: Vec<String>,
    /// The moderator's name, for people.
    #[arg(long)]
    pub name: Option<String>,
    /// How long the grant is good, like 90m or 2h; at most 12h.
    #[arg(long = "for", value_name = "TIME", default_value = "1h", value_parser = period)]
    pub period: Duration,
}

fn period(text: &str) -> Result<Duration, String> {
    let wrong = "must be a time like 90m or 2h, from 1s to 12h";
    humantime::parse_duration(text)
        .ok()
        // `exp` is in whole seconds.
        .filter(|period| (Duration::from_secs(1)..=LONGEST_GRANT).contains(period))
        .ok_or_else(|| wrong.to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(line: &str) -> Result<Command, clap::Error> {
        let words = line.split(' ').filter(|word| !word.is_empty());
        Cli::try_parse_from(["realtimekit-gateway"].into_iter().chain(words)).map(|cli| cli.command)
    }

    fn grant(more: &str) -> Result<Grant, clap::Error> {
        let least = "grant --config g.toml --app a --meeting m --sub s --can read,kick";
        match parse(&format!("{least} {more}"))? {
            Command::Grant(grant) => Ok(grant),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_command_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_revocation_says_what_it_applies_to() {
        let revoke = |more: &str| match parse(&format!("revoke --config g.toml {more}")) {
            Ok(Command::Revoke(revoke)) => Some((revoke.jti, revoke.sub, revoke.issued_before)),
            _ => None,
        };
        assert_eq!(revoke(""), None);
        assert_eq!(revoke("--issued-before yesterday"), None);
        let both = (None, Some("ann".to_owned()), Some(Moment::Now));
        assert_eq!(revoke("--sub ann --issued-before now"), Some(both));
        let time = (None, None, Some(Moment::At(5)));
        assert_eq!(revoke("--issued-before 5"), Some(time));
    }

    #[test]
    fn each_command_is_told_its_configuration() {
        let Ok(Command::Serve(serve)) = parse("serve --config g.toml --until-stdin-closes") else {
            panic!("serve");
        };
        let file = Source::new(Some(PathBuf::from("g.toml")));
        assert_eq!(serve.config.source(), file);
        assert!(serve.until_stdin_closes);
        assert!(
            matches!(parse("serve --config g.toml"), Ok(Command::Serve(serve)) if !serve.until_stdin_closes)
        );
        assert!(matches!(
            parse("check --config g.toml"),
            Ok(Command::Check(_))
        ));
        let Ok(Command::Check(check)) = parse("check") else {
            panic!("check");
        };
        assert_eq!(check.config.source(), Source::new(None));
        assert!(parse("").is_err());
    }

    #[test]
    fn a_grant_is_for_an_hour_if_nothing_else_is_said() {
        let least = grant("").unwrap();
        assert_eq!((&*least.app, &*least.meeting, &*least.sub), ("a", "m", "s"));
        assert_eq!(least.can, ["read", "kick"]);
        assert_eq!(least.period, Duration::from_secs(3600));
        assert_eq!(least.name, None);
        let more = grant("--name Ann --for 1h30m").unwrap();
        assert_eq!(more.name.as_deref(), Some("Ann"));
        assert_eq!(more.period, Duration::from_secs(5400));
        assert_eq!(grant("--for 12h").unwrap().period, LONGEST_GRANT);
        assert!(parse("grant --config g.toml --app a --meeting m --sub s").is_err());
    }

    #[test]
    fn a_grant_is_for_no_time_that_would_be_refused() {
        for wrong in ["12h1s", "0s", "999ms", "2", "-1h", "soon", "1year"] {
            assert!(grant(&format!("--for={wrong}")).is_err(), "{wrong}");
        }
    }
}
