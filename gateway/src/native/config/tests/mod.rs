//! Whole configurations.

mod environment;
mod hidden;
mod refused;

use std::fs;
use std::path::Path;
use std::time::Duration;

use secrecy::ExposeSecret;
use tempfile::TempDir;

use super::*;
use crate::config::ModeratorsSource;

const SECRET: &str = "the-secret-that-nobody-may-ever-see";
const TOKEN: &str = "token-that-nobody-may-ever-see";

/// What there must be at least.
fn least() -> String {
    format!(
        "account_id = \"023e\"\n[upstream]\napi_token = \"{TOKEN}\"\n\
         [grants]\nsecret = \"{SECRET}\"\n[audit]\ndir = \"audit\"\n"
    )
}

fn load_in(dir: &TempDir, text: &str, environment: &[(&str, &str)]) -> Result<Config, String> {
    let path = dir.path().join("gateway.toml");
    fs::write(&path, text).unwrap();
    let environment = environment
        .iter()
        .map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let folder = format!("{}/", dir.path().display());
    Config::load_with(&Source::new(Some(path)), environment).map_err(|error| {
        let text = error.to_string().replace(&folder, "");
        for hidden in [SECRET, TOKEN, "never", "nobody"] {
            assert!(!text.contains(hidden), "{text}");
            assert!(!format!("{error:?}").contains(hidden), "{error:?}");
        }
        assert!(!text.contains('\n'), "{text}");
        text.strip_prefix("gateway.toml: ")
            .unwrap_or_else(|| panic!("{text}"))
            .to_owned()
    })
}

fn load(text: &str, environment: &[(&str, &str)]) -> Result<Config, String> {
    load_in(&tempfile::tempdir().unwrap(), text, environment)
}

/// The error of the minimal configuration with one replacement.
fn complaint(that: &str, this: &str) -> String {
    let text = least();
    assert!(text.contains(that), "{that}");
    load(&text.replace(that, this), &[]).unwrap_err()
}

/// The error of the minimal configuration with one environment variable.
fn complaint_about(variable: &str, value: &str) -> String {
    load(&least(), &[(variable, value)]).unwrap_err()
}

#[test]
fn the_least_has_the_defaults_for_all_else() {
    let dir = tempfile::tempdir().unwrap();
    let config = load_in(&dir, &least(), &[]).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8787");
    assert_eq!(config.policy.log, tracing::Level::INFO);
    assert_eq!(
        config.policy.upstream.base_url,
        "https://api.cloudflare.com/client/v4"
    );
    assert_eq!(config.policy.upstream.api_token.expose_secret(), TOKEN);
    assert_eq!(
        config.policy.upstream.connect_timeout,
        Duration::from_secs(5)
    );
    assert_eq!(config.policy.upstream.timeout, Duration::from_secs(30));
    assert_eq!(config.policy.upstream.max_response_bytes, 8_388_608);
    assert_eq!(config.policy.grants.unwrap().secret.expose_secret(), SECRET);
    assert_eq!(config.policy.reads.fresh, Duration::from_secs(1));
    assert_eq!(config.policy.reads.stale, Duration::from_secs(300));
    assert_eq!(config.policy.reads.limit_per_minute, 3000);
    assert_eq!(config.policy.reads.new_per_minute, 120);
    assert_eq!(config.policy.mutations.limit_per_minute, 60);
    assert_eq!(config.policy.mutations.requests_per_minute, 120);
    assert_eq!(config.policy.budget.requests, 1200);
    assert_eq!(config.policy.budget.window, Duration::from_secs(300));
    assert_eq!(config.policy.budget.reserve, 0.1);
    assert_eq!(config.policy.bulk.max_requests, 50);
    assert_eq!(config.audit.dir(), Some(&*dir.path().join("audit")));
    assert_eq!(config.audit.durability(), Some(Durability::Disk));
    assert_eq!(config.policy.limits.body_bytes, 262_144);
    assert_eq!(config.policy.limits.head_bytes, 16_384);
    assert_eq!(config.policy.limits.head_timeout, Duration::from_secs(30));
    assert_eq!(config.policy.limits.body_timeout, Duration::from_secs(10));
    assert_eq!(config.policy.limits.write_timeout, Duration::from_secs(30));
    assert_eq!(config.policy.limits.connections, 16_384);
    assert_eq!(config.policy.limits.shutdown, Duration::from_secs(30));
    assert!(config.policy.identity.is_none() && config.tls.is_none() && config.page.is_none());
    assert!(config.policy.origins.is_empty() && config.metrics_listen.is_none());
}

#[test]
fn everything_can_be_said_with_paths_from_the_files_folder() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("www")).unwrap();
    fs::create_dir(dir.path().join("pkg")).unwrap();
    fs::write(dir.path().join("token"), format!("{TOKEN}\n")).unwrap();
    fs::write(dir.path().join("secret"), format!("{SECRET}\n\n")).unwrap();
    fs::write(dir.path().join("previous"), format!("{SECRET}-before\r\n")).unwrap();
    let text = r#"
        listen = "[::1]:0"
        account_id = "acc-1_x"
        origins = ["https://moderate.example.com", "http://localhost:8080"]
        metrics_listen = "127.0.0.1:0"
        log = "debug"
        [upstream]
        base_url = "http://127.0.0.1:8788/client/v4/"
        api_token_file = "token"
        connect_timeout_ms = 1
        timeout_ms = 2
        max_response_bytes = 4096
        [grants]
        secret_file = "secret"
        previous_secret_file = "previous"
        issuer = "my-app"
        audience = "gateway"
        [identity]
        jwks_url = "https://team.cloudflareaccess.com/cdn-cgi/access/certs"
        issuer = "https://team.cloudflareaccess.com"
        audience = "aud"
        moderators_file = "moderators.toml"
        header = "Cf-Access-Jwt-Assertion"
        refresh_s = 60
        [reads]
        fresh_ms = 0
        stale_s = 0
        limit_per_minute = 1
        new_per_minute = 2
        [mutations]
        limit_per_minute = 3
        [budget]
        requests = 4
        window_s = 5
        reserve = 0
        [bulk]
        max_requests = 6
        [audit]
        dir = "/var/lib/audit"
        durability = "os"
        [limits]
        body_bytes = 2048
        head_bytes = 8192
        head_timeout_ms = 7
        body_timeout_ms = 8
        connections = 9
        shutdown_s = 0
        [tls]
        cert = "cert.pem"
        key = "key.pem"
        [page]
        dir = "www"
    "#;
    let config = load_in(&dir, text, &[]).unwrap();
    assert_eq!(
        config.policy.upstream.base_url,
        "http://127.0.0.1:8788/client/v4"
    );
    assert_eq!(config.policy.upstream.api_token.expose_secret(), TOKEN);
    let grants = config.policy.grants.as_ref().unwrap();
    // Only one line break is the editor's.
    assert_eq!(grants.secret.expose_secret(), format!("{SECRET}\n"));
    let previous = grants.previous_secret.as_ref().unwrap();
    assert_eq!(previous.expose_secret(), format!("{SECRET}-before"));
    assert_eq!(grants.issuer.as_deref(), Some("my-app"));
    assert_eq!(grants.audience.as_deref(), Some("gateway"));
    let identity = config.policy.identity.as_ref().unwrap();
    let file = dir.path().join("moderators.toml");
    assert_eq!(identity.moderators, ModeratorsSource::File(file));
    assert_eq!(identity.header.as_deref(), Some("cf-access-jwt-assertion"));
    assert_eq!(identity.refresh, Duration::from_secs(60));
    assert_eq!(config.policy.reads.new_per_minute, 2);
    assert_eq!(config.policy.budget.reserve, 0.0);
    assert_eq!(config.audit.dir(), Some(Path::new("/var/lib/audit")));
    assert_eq!(config.audit.durability(), Some(Durability::Os));
    assert_eq!(config.policy.limits.shutdown, Duration::ZERO);
    assert_eq!(config.tls.as_ref().unwrap().key, dir.path().join("key.pem"));
    let page = config.page.as_ref().unwrap();
    assert_eq!(page.dir, dir.path().join("www"));
    let shown = format!("{config:?}");
    assert!(!shown.contains(TOKEN) && !shown.contains(SECRET), "{shown}");
}

#[test]
fn the_environment_goes_over_the_file() {
    let config = load(
        &least(),
        &[
            ("RTK_GATEWAY__LISTEN", "127.0.0.1:0"),
            ("RTK_GATEWAY__UPSTREAM__API_TOKEN", "1234567890"),
            ("RTK_GATEWAY__ACCOUNT_ID", "1e10"),
            (
                "RTK_GATEWAY__GRANTS__SECRET",
                "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]",
            ),
            ("RTK_GATEWAY__GRANTS__ISSUER", "true"),
            ("RTK_GATEWAY__AUDIT__DIR", "\"quoted\""),
            ("RTK_GATEWAY__READS__FRESH_MS", "2000"),
            ("RTK_GATEWAY__BUDGET__RESERVE", "0.5"),
            ("RTK_GATEWAY__ORIGINS", r#"["https://a.example"]"#),
            ("RTK_GATEWAY_LOG", "no variable of ours"),
            ("PATH", "/bin"),
        ],
    )
    .unwrap();
    assert_eq!(config.listen.port(), 0);
    assert_eq!(
        config.policy.upstream.api_token.expose_secret(),
        "1234567890"
    );
    assert_eq!(config.policy.account_id, "1e10");
    let grants = config.policy.grants.unwrap();
    assert!(grants.secret.expose_secret().starts_with("[1, 2"));
    assert_eq!(grants.issuer.as_deref(), Some("true"));
    assert!(config.audit.dir().unwrap().ends_with("\"quoted\""));
    assert_eq!(config.policy.reads.fresh, Duration::from_secs(2));
    assert_eq!(config.policy.budget.reserve, 0.5);
    assert_eq!(config.policy.origins, ["https://a.example"]);
}
