//! Configurations without a file.

use super::*;

const LEAST: [(&str, &str); 4] = [
    ("RTK_GATEWAY__ACCOUNT_ID", "023e"),
    ("RTK_GATEWAY__UPSTREAM__API_TOKEN", TOKEN),
    ("RTK_GATEWAY__GRANTS__SECRET", SECRET),
    ("RTK_GATEWAY__AUDIT__DIR", "audit"),
];

fn load(variables: &[(&str, &str)]) -> Result<Config, String> {
    let environment = variables
        .iter()
        .map(|(name, value)| (OsString::from(name), OsString::from(value)));
    Config::load_with(&Source::new(None), environment).map_err(|error| {
        let text = error.to_string();
        for hidden in [SECRET, TOKEN, "never", "nobody"] {
            assert!(!text.contains(hidden), "{text}");
            assert!(!format!("{error:?}").contains(hidden), "{error:?}");
        }
        text
    })
}

/// The least, with more variables or without some.
fn with(more: &[(&str, &str)], without: &[&str]) -> Result<Config, String> {
    let least = LEAST.iter().filter(|(name, _)| !without.contains(name));
    let all: Vec<_> = least.chain(more).copied().collect();
    load(&all)
}

#[test]
fn variables_suffice() {
    let dir = tempfile::tempdir().unwrap();
    let token = dir.path().join("token");
    fs::write(&token, format!("{TOKEN}\n")).unwrap();
    let token = token.to_str().unwrap();
    let config = with(
        &[
            ("RTK_GATEWAY__UPSTREAM__API_TOKEN_FILE", token),
            ("RTK_GATEWAY__GRANTS__PREVIOUS_SECRET", ""),
            (
                "RTK_GATEWAY__ORIGINS",
                "https://a.example, https://b.example",
            ),
            ("RTK_GATEWAY__TRUSTED_PROXIES", "10.0.0.0/8"),
            ("RTK_GATEWAY__CORS_HEADERS", ""),
            ("RTK_GATEWAY__LIVE__MODERATORS", "true"),
        ],
        &["RTK_GATEWAY__UPSTREAM__API_TOKEN"],
    )
    .unwrap();
    assert_eq!(config.policy.account_id, "023e");
    assert_eq!(config.policy.upstream.api_token.expose_secret(), TOKEN);
    let origins = ["https://a.example", "https://b.example"];
    assert_eq!(config.policy.origins, origins);
    assert_eq!(config.trusted_proxies.len(), 1);
    assert!(config.policy.cors_headers.is_empty());
    assert!(config.policy.live.moderators);
    assert!(config.policy.grants.unwrap().previous_secret.is_none());
    assert_eq!(config.audit.dir(), Some(Path::new("audit")));
    assert_eq!(config.secret_files, [Path::new(token)]);
    assert_eq!(config.listen.to_string(), "127.0.0.1:8787");
}

#[test]
fn what_a_file_would_hold_can_be_inline() {
    let moderators = "[[moderator]]\nemail = \"ann@example.com\"\napp_id = \"a\"\n\
                      meeting_id = \"*\"\ncan = [\"read\"]\n";
    let key = "-----BEGIN PUBLIC KEY-----\nMII\n-----END PUBLIC KEY-----\n";
    let identity = [
        ("RTK_GATEWAY__IDENTITY__JWKS_URL", "https://id.example/keys"),
        ("RTK_GATEWAY__IDENTITY__ISSUER", "https://id.example"),
        ("RTK_GATEWAY__IDENTITY__AUDIENCE", "moderation"),
        ("RTK_GATEWAY__WEBHOOKS__PUBLIC_KEY", key),
    ];
    let list = |list| {
        [
            &identity[..],
            &[("RTK_GATEWAY__IDENTITY__MODERATORS", list)],
        ]
        .concat()
    };
    let config = with(&list(moderators), &["RTK_GATEWAY__GRANTS__SECRET"]).unwrap();
    let identity = config.policy.identity.unwrap();
    assert!(matches!(identity.moderators, ModeratorsSource::Inline(_)));
    let webhooks = config.policy.webhooks.unwrap();
    assert_eq!(webhooks.public_key.as_deref(), Some(key));
    let message = with(&list("[[moderator]]\nsub = \"never\""), &[]).unwrap_err();
    assert_eq!(
        message,
        "RTK_GATEWAY__IDENTITY__MODERATORS: missing field `app_id`"
    );
}

#[test]
fn a_platform_chooses_the_port() {
    let listen = |more: &[(&str, &str)]| with(more, &[]).map(|config| config.listen.to_string());
    assert_eq!(listen(&[("PORT", "8080")]).unwrap(), "0.0.0.0:8080");
    let both = [("RTK_GATEWAY__LISTEN", "127.0.0.1:1"), ("PORT", "8080")];
    assert_eq!(listen(&both).unwrap(), "127.0.0.1:1");
    for wrong in ["never", "", "65536", "-1", "127.0.0.1:80"] {
        let message = listen(&[("PORT", wrong)]).unwrap_err();
        assert_eq!(message, "PORT: must be a port, from 0 to 65535", "{wrong}");
    }
    // Also next to a file that names no address.
    let config = super::load(&least(), &[("PORT", "80")]).unwrap();
    assert_eq!(config.listen.to_string(), "0.0.0.0:80");
    let message = super::load(&least(), &[("PORT", "never")]).unwrap_err();
    assert_eq!(message, "listen (PORT): must be a port, from 0 to 65535");
}

#[test]
fn errors_name_the_variable() {
    let expected = "there is no configuration: give --config FILE, or set \
                    RTK_GATEWAY__ACCOUNT_ID and others";
    assert_eq!(
        load(&[("PORT", "80"), ("PATH", "/")]).unwrap_err(),
        expected
    );
    for (without, expected) in [
        (
            "RTK_GATEWAY__ACCOUNT_ID",
            "RTK_GATEWAY__ACCOUNT_ID: is missing",
        ),
        (
            "RTK_GATEWAY__UPSTREAM__API_TOKEN",
            "RTK_GATEWAY__UPSTREAM__API_TOKEN: is missing; give it or \
             RTK_GATEWAY__UPSTREAM__API_TOKEN_FILE",
        ),
        (
            "RTK_GATEWAY__GRANTS__SECRET",
            "RTK_GATEWAY__GRANTS__SECRET: is missing; give it, \
             RTK_GATEWAY__GRANTS__SECRET_FILE, or RTK_GATEWAY__IDENTITY__JWKS_URL and the rest \
             of it",
        ),
    ] {
        assert_eq!(with(&[], &[without]).unwrap_err(), expected);
    }
    for (name, value, expected) in [
        (
            "RTK_GATEWAY__UPSTREAM__API_TOKEN_FILE",
            "token",
            "RTK_GATEWAY__UPSTREAM__API_TOKEN: is given, and \
             RTK_GATEWAY__UPSTREAM__API_TOKEN_FILE too; give one of them",
        ),
        (
            "RTK_GATEWAY__READS__FRESH_MS",
            "never",
            "RTK_GATEWAY__READS__FRESH_MS: must be a whole number",
        ),
        (
            "RTK_GATEWAY__ORIGINS",
            "https://a.example,*",
            "RTK_GATEWAY__ORIGINS: must name an origin: * would let every page in",
        ),
        (
            "RTK_GATEWAY__GRANTS__ISSUER",
            "",
            "RTK_GATEWAY__GRANTS__ISSUER: must not be empty",
        ),
        (
            "RTK_GATEWAY__TLS__CERT",
            "cert.pem",
            "RTK_GATEWAY__TLS__KEY: is missing",
        ),
    ] {
        assert_eq!(with(&[(name, value)], &[]).unwrap_err(), expected);
    }
    let message = with(&[("RTK_GATEWAY__AUDIT__DIRECTORY", "never")], &[]).unwrap_err();
    let start = "RTK_GATEWAY__AUDIT__DIRECTORY: is no field; there is ";
    assert!(message.starts_with(start), "{message}");
}

#[test]
fn the_audit_goes_to_files_or_to_standard_output() {
    let stdout = ("RTK_GATEWAY__AUDIT__STDOUT", "true");
    let config = with(&[stdout], &["RTK_GATEWAY__AUDIT__DIR"]).unwrap();
    assert_eq!(config.audit.dir(), None);
    assert_eq!(
        with(&[], &["RTK_GATEWAY__AUDIT__DIR"]).unwrap_err(),
        "RTK_GATEWAY__AUDIT__DIR: is missing; give it or RTK_GATEWAY__AUDIT__STDOUT"
    );
    assert_eq!(
        with(&[stdout], &[]).unwrap_err(),
        "RTK_GATEWAY__AUDIT__DIR: is given, and RTK_GATEWAY__AUDIT__STDOUT too; give one of them"
    );
    let durability = ("RTK_GATEWAY__AUDIT__DURABILITY", "os");
    let message = with(&[stdout, durability], &["RTK_GATEWAY__AUDIT__DIR"]).unwrap_err();
    assert!(message.contains("AUDIT__DURABILITY: is given"), "{message}");
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_an_error() {
    use std::os::unix::ffi::OsStringExt;
    let name = OsString::from("RTK_GATEWAY__ACCOUNT_ID");
    let value = OsString::from_vec(b"never\xff".to_vec());
    let error = Config::load_with(&Source::new(None), [(name, value)]).unwrap_err();
    let expected = "RTK_GATEWAY__ACCOUNT_ID must be UTF-8 text";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn an_error_found_later_names_the_variable_too() {
    let source = Source::new(None);
    assert_eq!(
        source.explain("audit.dir: x: no space"),
        "RTK_GATEWAY__AUDIT__DIR: x: no space"
    );
    assert_eq!(source.explain("The API: no"), "The API: no");
    let source = Source::new(Some("g.toml".into()));
    assert_eq!(source.explain("audit.dir: x"), "g.toml: audit.dir: x");
}
