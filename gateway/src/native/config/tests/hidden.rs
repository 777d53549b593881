//! Secrets never appear in errors.

use super::*;

#[test]
fn a_secret_is_given_once_and_can_be_read() {
    let both = format!("secret = \"{SECRET}\"\nsecret_file = \"x\"");
    assert_eq!(
        complaint(&format!("secret = \"{SECRET}\""), &both),
        "grants.secret: is given, and grants.secret_file too; give one of them"
    );
    let message = complaint(&format!("secret = \"{SECRET}\""), "secret_file = \"no\"");
    assert!(
        message.starts_with("grants.secret_file: no cannot be read: "),
        "{message}"
    );
    let long = "never".repeat(20_000);
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("long"), long).unwrap();
    fs::write(dir.path().join("binary"), b"never\xff").unwrap();
    for (file, expected) in [("long", "must have at most"), ("binary", "cannot be read")] {
        let given = format!("secret_file = \"{file}\"");
        let text = least().replace(&format!("secret = \"{SECRET}\""), &given);
        let message = load_in(&dir, &text, &[]).unwrap_err();
        assert!(
            message.starts_with(&format!("grants.secret_file: {file} {expected}")),
            "{message}"
        );
    }
}

#[test]
fn a_secret_that_is_wrong_is_not_shown() {
    let ascii = "upstream.api_token: must be visible ASCII characters without spaces";
    for token in ["", "never ever", "never-é", "never\\n", "never\\u0007"] {
        assert_eq!(complaint(TOKEN, token), ascii, "{token}");
    }
    let short = "never-31-bytes-never-31-bytes-n";
    assert_eq!(short.len(), 31);
    assert_eq!(
        complaint(SECRET, short),
        "grants.secret: must have 32 bytes or more"
    );
    let previous = format!("secret = \"{SECRET}\"\nprevious_secret = \"{short}\"");
    assert_eq!(
        complaint(&format!("secret = \"{SECRET}\""), &previous),
        "grants.previous_secret: must have 32 bytes or more"
    );
    for value in [
        "{ never = \"nobody\" }",
        "[\"never\", \"expected nobody\"]",
        "[[\"never\"]]",
    ] {
        let message = complaint(&format!("\"{SECRET}\""), value);
        assert_eq!(message, "grants.secret: must be a string", "{value}");
    }
    for value in ["471147114711", "47.11", "true"] {
        let message = complaint(&format!("\"{SECRET}\""), value);
        assert_eq!(message, "grants.secret: must be a string");
    }
    // The secret where something else belongs.
    for (field, what) in [
        ("reads", "must be a table"),
        ("origins", "must be a list"),
        ("log", "must be error, warn, info or debug"),
    ] {
        let text = format!("{field} = \"{SECRET}\"\n{}", least());
        assert_eq!(load(&text, &[]).unwrap_err(), format!("{field}: {what}"));
    }
}

#[test]
fn broken_toml_is_told_by_its_line_without_showing_it() {
    for broken in [
        SECRET.to_owned(),
        format!("\"{SECRET}"),
        format!("'{SECRET}"),
        format!("\"\"\"{SECRET}"),
        format!("\"{SECRET}\" {SECRET}"),
        format!("\"\\q{SECRET}\""),
        format!("\"{SECRET}\\u12\""),
        format!("\"{SECRET}\u{7}\""),
        format!("[\"{SECRET}\""),
        format!("{{ a = \"{SECRET}\""),
        format!("12{SECRET}"),
        format!("0x{SECRET}"),
        format!("1979-99-99{SECRET}"),
        format!("\"{SECRET}\"\nsecret = \"{SECRET}\""),
        format!("= \"{SECRET}\""),
    ] {
        let message = complaint(&format!("\"{SECRET}\""), &broken);
        let rest = message
            .strip_prefix("line ")
            .unwrap_or_else(|| panic!("{message}"));
        assert!(rest.contains(": is not TOML: "), "{message}");
    }
    let message = load("listen = \"127.0.0.1:0\"\n\nnever", &[]).unwrap_err();
    assert!(message.starts_with("line 3: is not TOML: "), "{message}");
}
