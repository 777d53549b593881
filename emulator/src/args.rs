//! The command line.

use std::path::PathBuf;

use axum::http::HeaderValue;
use clap::Parser;
use jiff::Timestamp;

use crate::clock::Moment;
use crate::control::{LONGEST_WINDOW, MOST_PARTICIPANTS};
use crate::world::LeftAt;

/// A Cloudflare RealtimeKit API on this machine, for development and tests.
///
/// When it is ready, it prints one line of JSON to standard output, with its address, token and IDs.
/// It prints nothing else there.
#[derive(Parser, Debug)]
#[command(name = "realtimekit-emulator", version)]
pub(crate) struct Args {
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) host: String,
    /// Port to listen on; 0 picks a free one.
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// The same seed gives the same world, including the IDs.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Peers in the main session at the start. With 0 there is a meeting but no session.
    #[arg(long, default_value_t = 25, value_parser = clap::value_parser!(u32).range(0..=i64::from(MOST_PARTICIPANTS)))]
    pub(crate) participants: u32,
    /// Simulated seconds per real second. 0 freezes the world, 1 is real time, 60 is one hour per minute.
    #[arg(long, default_value = "0", value_parser = speed)]
    pub(crate) speed: f64,
    /// Simulated time at the start: an RFC 3339 timestamp, or `now`.
    #[arg(long, default_value = "2026-08-01T09:00:00Z", value_parser = start_time)]
    pub(crate) start_time: Moment,
    /// The API token that it accepts.
    #[arg(long, default_value = "emulator-token")]
    pub(crate) token: String,
    /// The ID of its only account.
    #[arg(long, default_value = "023e105f4ecef8ad9ca31a8372d0c353")]
    pub(crate) account: String,
    /// Requests per window of real time. Beyond it, all get 429 for one more window. 0 means no limit.
    #[arg(long, default_value_t = 1200)]
    pub(crate) rate_limit: u64,
    /// The window of the rate limit in seconds.
    #[arg(long, default_value = "300", value_parser = rate_window)]
    pub(crate) rate_window: f64,
    /// `session_keep_alive_time_in_secs` of new meetings, 60 to 600.
    #[arg(long, default_value = "60", value_parser = keep_alive)]
    pub(crate) keep_alive: f64,
    /// The `page_no` of the first page. The API description allows both.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=1))]
    pub(crate) first_page: u8,
    /// How a row shows that the participant has not left.
    #[arg(long, value_enum, default_value = "mixed")]
    pub(crate) left_at: LeftAt,
    /// Send CORS headers to this origin, or to all with `*` (RealtimeKit sends none). Repeatable.
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    pub(crate) cors: Vec<String>,
    /// Serve a folder at `/`, or with NAME=DIR at `/NAME/`. Repeatable.
    #[arg(long, value_name = "[NAME=]DIR", value_parser = mount)]
    pub(crate) serve: Vec<Mount>,
    /// Print each API request to standard error.
    #[arg(long)]
    pub(crate) print_requests: bool,
    /// End when standard input closes, so that no process outlives a test runner.
    #[arg(long)]
    pub(crate) until_stdin_closes: bool,
}

/// A folder to serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mount {
    /// The first path segment; absent for the root.
    pub(crate) name: Option<String>,
    pub(crate) folder: PathBuf,
}

fn number(text: &str, least: f64, most: f64) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| format!("must be a number from {least} to {most}"))
}

fn speed(text: &str) -> Result<f64, String> {
    number(text, 0.0, 3600.0)
}

fn rate_window(text: &str) -> Result<f64, String> {
    number(text, 0.001, LONGEST_WINDOW)
}

fn keep_alive(text: &str) -> Result<f64, String> {
    number(text, 60.0, 600.0)
}

fn start_time(text: &str) -> Result<Moment, String> {
    let at = match text {
        "now" => Ok(Timestamp::now()),
        _ => text.parse::<Timestamp>(),
    };
    at.map(|at| Moment::from_millis(at.as_millisecond()))
        .map_err(|_| "must be an RFC 3339 timestamp or `now`".to_owned())
}

/// An origin has no path. With one, no browser's `Origin` would match.
fn origin(text: &str) -> Result<String, String> {
    let host = text.split_once("://").map(|(_, host)| host);
    let sound = host.is_some_and(|host| !host.is_empty() && !host.contains('/'));
    if text == "*" || (sound && HeaderValue::from_str(text).is_ok()) {
        Ok(text.to_owned())
    } else {
        Err("must be `*` or like http://localhost:8080".to_owned())
    }
}

fn mount(text: &str) -> Result<Mount, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '.';
    let named = text
        .split_once('=')
        .filter(|(name, _)| !name.is_empty() && name.chars().all(plain));
    let (name, folder) = match named {
        Some((name, _)) if name == "client" || name == "__emulator" => {
            return Err(format!("/{name}/ is taken"));
        }
        Some((name, folder)) => (Some(name.to_owned()), PathBuf::from(folder)),
        None => (None, PathBuf::from(text)),
    };
    if folder.is_dir() {
        Ok(Mount { name, folder })
    } else {
        Err(format!("no folder {}", folder.display()))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_valid() {
        Args::command().debug_assert();
        let args = Args::parse_from(["emulator"]);
        assert_eq!(args.participants, 25);
        assert_eq!(args.start_time.iso(), "2026-08-01T09:00:00.000Z");
    }

    #[test]
    fn invalid_values_are_refused() {
        for wrong in [
            ["--participants", "10001"],
            ["--speed", "-1"],
            ["--speed", "NaN"],
            ["--keep-alive", "59"],
            ["--first-page", "2"],
            ["--cors", "localhost"],
            ["--cors", "http://localhost/"],
            ["--serve", "/no/such/folder"],
            ["--serve", "client=."],
            ["--start-time", "yesterday"],
        ] {
            assert!(
                Args::try_parse_from(["emulator", wrong[0], wrong[1]]).is_err(),
                "{wrong:?}"
            );
        }
    }

    #[test]
    fn folders_may_have_names() {
        assert_eq!(mount("pkg=.").unwrap().name.as_deref(), Some("pkg"));
        assert_eq!(mount(".").unwrap().name, None);
    }
}
