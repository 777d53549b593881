//! The errors of wrong configurations.

use super::*;

#[test]
fn what_is_missing_is_named() {
    assert_eq!(
        complaint("account_id = \"023e\"\n", ""),
        "account_id: is missing"
    );
    assert_eq!(
        complaint("dir = \"audit\"", ""),
        "audit.dir: is missing; give it or audit.stdout"
    );
    assert_eq!(
        complaint(&format!("api_token = \"{TOKEN}\""), ""),
        "upstream.api_token: is missing; give it or upstream.api_token_file"
    );
    assert_eq!(
        complaint(&format!("secret = \"{SECRET}\""), ""),
        "grants.secret: is missing; give it or grants.secret_file"
    );
    assert_eq!(
        complaint(&format!("[grants]\nsecret = \"{SECRET}\""), ""),
        "grants: is missing; give [grants], [identity] or both"
    );
    for field in ["jwks_url", "issuer", "audience", "moderators_file"] {
        let all = [
            "jwks_url = \"https://example.com\"",
            "issuer = \"i\"",
            "audience = \"a\"",
            "moderators_file = \"m\"",
        ];
        let but: Vec<&str> = all
            .into_iter()
            .filter(|line| !line.starts_with(field))
            .collect();
        let text = format!("{}[identity]\n{}", least(), but.join("\n"));
        let other = match field {
            "moderators_file" => "moderators: is missing; give it or identity.moderators_file",
            _ => &format!("{field}: is missing"),
        };
        let expected = format!("identity.{other}");
        assert_eq!(load(&text, &[]).unwrap_err(), expected);
    }
}

#[test]
fn a_field_of_a_wrong_type_is_told_what_it_must_be() {
    for (that, this, expected) in [
        ("dir = \"audit\"", "dir = 5", "audit.dir: must be a string"),
        (
            "account_id = \"023e\"",
            "account_id = 5",
            "account_id: must be a string",
        ),
        ("[audit]", "[[bulk]]\n[audit]", "bulk: must be a table"),
        (
            "account_id",
            "page = [\"www\"]\naccount_id",
            "page: must be a table",
        ),
        (
            "account_id",
            "origins = [\"https://a.example\", 5]\naccount_id",
            "origins[1]: must be a string",
        ),
        (
            "[audit]",
            "[budget]\nreserve = \"never\"\n[audit]",
            "budget.reserve: must be a number",
        ),
    ] {
        assert_eq!(complaint(that, this), expected);
    }
}

#[test]
fn a_file_that_is_none_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let error = Config::load(&Source::new(Some(dir.path().join("none.toml")))).unwrap_err();
    assert!(
        error.to_string().contains("none.toml: cannot be read: "),
        "{error}"
    );
    let path = dir.path().join("binary.toml");
    fs::write(&path, b"\xff").unwrap();
    let error = Config::load(&Source::new(Some(path))).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("binary.toml: must be UTF-8 text"),
        "{error}"
    );
}

#[test]
fn unknown_fields_are_errors_wherever_they_are() {
    let message = complaint("[audit]", "[audit]\ndirectory = \"x\"");
    assert_eq!(
        message,
        "audit.directory: is no field; there is one of `dir`, `durability`, `lock_wait_s`, `stdout`"
    );
    for section in [
        "upstream",
        "grants",
        "identity",
        "reads",
        "mutations",
        "budget",
        "bulk",
        "limits",
        "tls",
        "page",
    ] {
        let header = format!("[{section}]\n");
        let mut text = least();
        if !text.contains(&header) {
            text.push_str(&header);
        }
        let message = load(&text.replace(&header, &format!("{header}odd = 1\n")), &[]).unwrap_err();
        assert!(
            message.starts_with(&format!("{section}.odd: is no field; ")),
            "{message}"
        );
    }
    let message = complaint_about("RTK_GATEWAY__ODD", "1");
    assert!(
        message.starts_with("odd (RTK_GATEWAY__ODD): is no field; there is "),
        "{message}"
    );
    assert!(message.contains("`listen`"), "{message}");
}

#[test]
fn numbers_are_in_their_ranges() {
    for (field, least, most) in [
        ("upstream.connect_timeout_ms", 1, 600_000),
        ("upstream.timeout_ms", 1, 600_000),
        ("upstream.max_response_bytes", 1024, 268_435_456),
        ("reads.fresh_ms", 0, 60_000),
        ("reads.stale_s", 0, 86_400),
        ("reads.limit_per_minute", 1, 1_000_000),
        ("reads.new_per_minute", 1, 1_000_000),
        ("mutations.limit_per_minute", 1, 1_000_000),
        ("budget.requests", 1, 1_000_000),
        ("budget.window_s", 1, 86_400),
        ("bulk.max_requests", 1, 1000),
        ("limits.body_bytes", 1024, 16_777_216),
        ("limits.head_bytes", 8192, 1_048_576),
        ("limits.head_timeout_ms", 1, 600_000),
        ("limits.body_timeout_ms", 1, 600_000),
        ("limits.connections", 1, 1_000_000),
        ("limits.shutdown_s", 0, 3600),
    ] {
        let variable = format!("RTK_GATEWAY__{}", field.to_uppercase().replace('.', "__"));
        for good in [least, most] {
            assert!(self::load(&self::least(), &[(&variable, &good.to_string())]).is_ok());
        }
        let range = format!("must be a whole number from {least} to {most}");
        for wrong in [least - 1, most + 1, i64::MIN, i64::MAX] {
            let message = complaint_about(&variable, &wrong.to_string());
            assert_eq!(message, format!("{field} ({variable}): {range}"));
        }
        for wrong in ["never", "1.5", "", "[1]", "true", "99999999999999999999"] {
            let message = complaint_about(&variable, wrong);
            assert_eq!(
                message,
                format!("{field} ({variable}): must be a whole number")
            );
        }
    }
    for wrong in ["-0.1", "0.91", "nan", "inf"] {
        let message = complaint_about("RTK_GATEWAY__BUDGET__RESERVE", wrong);
        assert!(
            message.ends_with("must be a number from 0 to 0.9"),
            "{message}"
        );
    }
}

#[test]
fn texts_are_of_their_forms() {
    for (field, wrong, what) in [
        ("listen", "localhost:1", "must be an IP address with a port"),
        ("listen", "127.0.0.1", "must be an IP address with a port"),
        (
            "metrics_listen",
            "9090",
            "must be an IP address with a port",
        ),
        (
            "metrics_listen",
            "127.0.0.1:8787",
            "must be another address",
        ),
        ("account_id", "", "must be 1 to 32 letters"),
        ("account_id", "a/b", "must be 1 to 32 letters"),
        (
            "account_id",
            "123456789012345678901234567890123",
            "must be 1 to 32",
        ),
        ("log", "trace", "must be error, warn, info or debug"),
        ("audit.durability", "memory", "must be disk or os"),
        ("audit.dir", "", "must not be empty"),
        ("grants.issuer", " ", "must not be empty"),
        ("grants.audience", "", "must not be empty"),
        (
            "upstream.base_url",
            "http://api.cloudflare.com",
            "must be an https URL",
        ),
        ("page.dir", "no-such-folder", "must be a folder"),
        ("tls.cert", "cert.pem", ""),
    ] {
        let variable = format!("RTK_GATEWAY__{}", field.to_uppercase().replace('.', "__"));
        let message = complaint_about(&variable, wrong);
        if field == "tls.cert" {
            assert_eq!(message, "tls.key: is missing");
        } else {
            let start = format!("{field} ({variable}): {what}");
            assert!(message.starts_with(&start), "{message}");
        }
    }
    let free = [
        ("RTK_GATEWAY__LISTEN", "127.0.0.1:0"),
        ("RTK_GATEWAY__METRICS_LISTEN", "127.0.0.1:0"),
    ];
    assert!(load(&least(), &free).is_ok(), "two free ports are two");
    let identity = "[identity]\njwks_url = \"http://example.com\"\nissuer = \"i\"\n\
                    audience = \"a\"\nmoderators_file = \"m\"\n";
    let message = load(&format!("{}{identity}", least()), &[]).unwrap_err();
    assert!(
        message.starts_with("identity.jwks_url: must be an https URL"),
        "{message}"
    );
    let good = identity.replace("http:", "https:");
    for header in ["", "a b", "Authorization"] {
        let text = format!("{}{good}header = \"{header}\"", least());
        let message = load(&text, &[]).unwrap_err();
        assert!(
            message.starts_with("identity.header: must be "),
            "{message}"
        );
    }
    let message = complaint_about("RTK_GATEWAY__ORIGINS", r#"["https://a.example", "*"]"#);
    assert!(
        message.starts_with("origins[1] (RTK_GATEWAY__ORIGINS): must name an origin"),
        "{message}"
    );
}

#[test]
fn a_variable_for_what_is_no_table_is_no_panic() {
    assert_eq!(
        complaint_about("RTK_GATEWAY__UPSTREAM", "never"),
        "upstream (RTK_GATEWAY__UPSTREAM): must be a table"
    );
    for odd in [
        "RTK_GATEWAY__",
        "RTK_GATEWAY____X",
        "RTK_GATEWAY__ACCOUNT_ID__X",
    ] {
        let message = complaint_about(odd, "never");
        assert!(message.contains("is no field"), "{message}");
    }
}
