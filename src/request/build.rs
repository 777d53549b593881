//! Builds the URL and the headers of a request from the table of operations.

use super::headers::Headers;
use super::id::Segment;
use super::invalid_argument::InvalidArgument;
use super::query::Query;
use super::token::Token;
use crate::operation::{Method, Operation};
use crate::shared::Arc;

/// What all requests of a client share.
#[derive(Clone)]
pub(crate) struct ClientConfig {
    /// The base URL, without a trailing slash.
    pub(crate) base_url: String,
    /// The headers of a request that changes none.
    headers: Arc<Headers>,
    /// Whether a request may go out without a token: a custom `fetch` may add it.
    token_optional: bool,
}

impl ClientConfig {
    /// A configuration with a validated base URL. `changes` are the client's own headers.
    pub(crate) fn new(
        base_url: String,
        token: Option<&Token>,
        token_optional: bool,
        changes: &Headers,
    ) -> Self {
        let mut headers = Headers::new();
        headers.set("accept", Some("application/json"));
        if let Some(token) = token {
            headers.set("authorization", Some(&token.bearer()));
        }
        headers.apply(changes);
        Self {
            base_url,
            headers: Arc::new(headers),
            token_optional,
        }
    }

    /// The headers of a request that changes none.
    pub(crate) fn headers(&self) -> &Headers {
        &self.headers
    }
}

/// What a call adds to its operation.
#[derive(Default)]
pub(crate) struct RequestParts {
    /// The IDs in the path, in order. The first is the account.
    pub(crate) ids: Vec<Segment>,
    /// The query.
    pub(crate) query: Query,
    /// The call's own headers.
    pub(crate) headers: Headers,
    /// The call's `Idempotency-Key`.
    pub(crate) idempotency_key: Option<String>,
    /// Whether there is a body.
    pub(crate) has_body: bool,
}

/// The head of a request, which may be sent any number of times.
pub(crate) struct RequestHead {
    pub(crate) operation: &'static Operation,
    pub(crate) url: String,
    pub(crate) headers: Arc<Headers>,
}

impl RequestHead {
    /// Builds the request of an operation.
    ///
    /// # Errors
    ///
    /// If an ID or the token is missing, or the idempotency key is not legal in a header.
    pub(crate) fn build(
        config: &ClientConfig,
        operation: &'static Operation,
        parts: &RequestParts,
    ) -> Result<Self, InvalidArgument> {
        Ok(Self {
            operation,
            url: url(config, operation, parts)?,
            headers: headers(config, operation, parts)?,
        })
    }

    /// The options of `fetch` apart from body and signal, as JSON: one string crosses into JavaScript instead of a
    /// call for each header, and every attempt gets objects of its own.
    pub(crate) fn fetch_options(&self) -> String {
        // `follow` would carry the token wherever a response points. Next.js caches all requests for ever, unless `next`
        // says otherwise; other platforms do not know it, while some refuse `cache`.
        let mut init =
            String::from("{\"redirect\":\"manual\",\"next\":{\"revalidate\":0},\"method\":");
        push_json(&mut init, self.operation.method.as_str());
        init.push_str(",\"headers\":{");
        let mut is_first = true;
        for (name, value) in self.headers.iter() {
            if !is_first {
                init.push_str(",");
            }
            is_first = false;
            push_json(&mut init, name);
            init.push_str(":");
            push_json(&mut init, value);
        }
        init.push_str("}}");
        init
    }
}

/// Appends a header's name or value, whose only control character is the tab.
fn push_json(to: &mut String, text: &str) {
    to.push_str("\"");
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\t' => "\\t",
            _ => continue,
        };
        to.push_str(text.get(from..at).unwrap_or_default());
        to.push_str(escaped);
        from = at + 1;
    }
    to.push_str(text.get(from..).unwrap_or_default());
    to.push_str("\"");
}

fn url(
    config: &ClientConfig,
    operation: &Operation,
    parts: &RequestParts,
) -> Result<String, InvalidArgument> {
    let mut url = config.base_url.clone();
    let mut ids = parts.ids.iter();
    for segment in operation.path_segments() {
        url.push_str("/");
        url.push_str(match segment {
            Err(text) => text,
            Ok(name) => match ids.next() {
                Some(id) => id.as_str(),
                None => return Err(InvalidArgument::new(name, "is missing")),
            },
        });
    }
    url.push_str(parts.query.as_str());
    Ok(url)
}

/// Most requests change none of their client's headers, and share them.
fn headers(
    config: &ClientConfig,
    operation: &Operation,
    parts: &RequestParts,
) -> Result<Arc<Headers>, InvalidArgument> {
    let mut headers = config.headers.clone();
    if parts.has_body && headers.get("content-type").is_none() {
        Arc::make_mut(&mut headers).set("content-type", Some("application/json"));
    }
    if operation.method != Method::Get
        && let Some(key) = &parts.idempotency_key
    {
        let mut keyed = headers.clone();
        Arc::make_mut(&mut keyed)
            .change("idempotency-key", Some(key))
            .map_err(|_| InvalidArgument::new("idempotencyKey", "is not legal in a header"))?;
        // The client's own header takes precedence.
        if headers.get("idempotency-key").is_none() {
            headers = keyed;
        }
    }
    if !parts.headers.is_empty() {
        Arc::make_mut(&mut headers).apply(&parts.headers);
    }
    // A header removed on purpose is `Some(None)`.
    if headers.get("authorization").is_none() && !config.token_optional {
        return Err(InvalidArgument::new(
            "apiToken",
            "is missing: give it to the client, set CLOUDFLARE_API_TOKEN, \
             or set the Authorization header to null if it is not needed",
        ));
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{
        CREATE_POLL, GET_SESSION_PARTICIPANTS, KICK_ALL_PARTICIPANTS, OPERATIONS,
    };

    fn base() -> ClientConfig {
        with_token(Some("secret"), false)
    }

    fn with_token(token: Option<&str>, optional: bool) -> ClientConfig {
        let token = token.map(|token| Token::new(token).unwrap());
        let url = "https://example.com/v4".into();
        ClientConfig::new(url, token.as_ref(), optional, &Headers::new())
    }

    fn parts(ids: &[&str]) -> RequestParts {
        RequestParts {
            ids: ids
                .iter()
                .map(|id| Segment::new("id", id).unwrap())
                .collect(),
            ..RequestParts::default()
        }
    }

    #[test]
    fn ids_are_filled_into_the_path() {
        let parts = parts(&["acc", "app", "m/..", "p"]);
        for operation in &OPERATIONS {
            let request = RequestHead::build(&base(), operation, &parts).unwrap();
            let mut expected = operation.path.to_owned();
            for (name, id) in operation.path_ids().zip(["acc", "app", "m%2F..", "p"]) {
                expected = expected.replace(&format!("{{{name}}}"), id);
            }
            assert_eq!(request.url, format!("https://example.com/v4{expected}"));
        }
    }

    #[test]
    fn a_missing_id_is_named() {
        let parts = parts(&["acc", "app"]);
        let refusal = RequestHead::build(&base(), &CREATE_POLL, &parts).err();
        assert_eq!(refusal.unwrap().argument(), "meeting_id");
    }

    #[test]
    fn a_query_is_escaped() {
        let mut parts = parts(&["acc", "app", "s"]);
        parts.query.push("search", "a&b=c d/é");
        parts.query.push("per_page", "25");
        let request = RequestHead::build(&base(), &GET_SESSION_PARTICIPANTS, &parts).unwrap();
        assert!(
            request
                .url
                .ends_with("/participants?search=a%26b%3Dc%20d%2F%C3%A9&per_page=25")
        );
    }

    #[test]
    fn only_a_body_has_a_content_type() {
        let mut parts = parts(&["acc", "app", "m"]);
        parts.has_body = true;
        let with = RequestHead::build(&base(), &CREATE_POLL, &parts).unwrap();
        let all: Vec<_> = with.headers.iter().collect();
        assert_eq!(
            all,
            [
                ("accept", "application/json"),
                ("authorization", "Bearer secret"),
                ("content-type", "application/json"),
            ]
        );
        parts.has_body = false;
        let without = RequestHead::build(&base(), &KICK_ALL_PARTICIPANTS, &parts).unwrap();
        assert_eq!(without.headers.get("content-type"), None);
    }

    #[test]
    fn the_callers_headers_take_precedence() {
        let mut parts = parts(&["acc", "app", "m"]);
        parts.headers.change("Accept", Some("text/plain")).unwrap();
        parts.headers.change("content-type", None).unwrap();
        parts.headers.change("x-a", Some("b")).unwrap();
        let request = RequestHead::build(&base(), &CREATE_POLL, &parts).unwrap();
        let all: Vec<_> = request.headers.iter().collect();
        assert_eq!(
            all,
            [
                ("accept", "text/plain"),
                ("authorization", "Bearer secret"),
                ("x-a", "b"),
            ]
        );
    }

    #[test]
    fn headers_are_shared_until_a_call_changes_some() {
        let mut changes = Headers::new();
        changes.change("Content-Type", None).unwrap();
        changes.change("x-all", Some("1")).unwrap();
        let token = Token::new("secret").unwrap();
        let base = ClientConfig::new("https://a".into(), Some(&token), false, &changes);
        let build = |parts: &RequestParts| RequestHead::build(&base, &CREATE_POLL, parts).unwrap();
        let mut parts = parts(&["acc", "app", "m"]);
        parts.has_body = true;
        let (one, other) = (build(&parts), build(&parts));
        assert!(Arc::ptr_eq(&one.headers, &other.headers));
        assert_eq!(one.headers.get("content-type"), Some(None));
        parts.headers.change("x-all", Some("2")).unwrap();
        let changed = build(&parts);
        assert_eq!(changed.headers.get("x-all"), Some(Some("2")));
        assert_eq!(
            build(&RequestParts {
                headers: Headers::new(),
                ..parts
            })
            .headers
            .get("x-all"),
            Some(Some("1"))
        );
    }

    #[test]
    fn fetch_options_are_json() {
        let mut parts = parts(&["acc", "app", "m"]);
        parts.has_body = true;
        for (name, value) in [
            ("x-quoted", r#"a "b" \ c"#),
            ("x-tab", "a\tb"),
            ("x-latin", "é\u{80}"),
            ("__proto__", "p"),
        ] {
            parts.headers.change(name, Some(value)).unwrap();
        }
        let parsed = |parts: &RequestParts| {
            let request = RequestHead::build(&base(), &CREATE_POLL, parts).unwrap();
            serde_json::from_str::<serde_json::Value>(&request.fetch_options()).unwrap()
        };
        let expected = serde_json::json!({
            "redirect": "manual",
            "next": { "revalidate": 0 },
            "method": "POST",
            "headers": {
                "accept": "application/json",
                "content-type": "application/json",
                "authorization": "Bearer secret",
                "x-quoted": r#"a "b" \ c"#,
                "x-tab": "a\tb",
                "x-latin": "é\u{80}",
                "__proto__": "p",
            },
        });
        assert_eq!(parsed(&parts), expected);
        for name in ["accept", "content-type", "authorization", "x-quoted"] {
            parts.headers.change(name, None).unwrap();
        }
        for name in ["x-tab", "x-latin", "__proto__"] {
            parts.headers.change(name, None).unwrap();
        }
        assert_eq!(parsed(&parts)["headers"], serde_json::json!({}));
    }

    #[test]
    fn mutations_carry_their_idempotency_key() {
        let mut parts = parts(&["acc", "app", "m"]);
        for operation in &OPERATIONS[..6] {
            parts.idempotency_key = Some("k1".into());
            let request = RequestHead::build(&base(), operation, &parts).unwrap();
            let expected = (operation.method != Method::Get).then_some(Some("k1"));
            assert_eq!(request.headers.get("idempotency-key"), expected);
            parts.idempotency_key = Some("k\n".into());
            let refused = RequestHead::build(&base(), operation, &parts).is_err();
            assert_eq!(refused, operation.method != Method::Get);
        }
    }

    #[test]
    fn the_clients_own_key_takes_precedence() {
        for value in [None, Some("of-all")] {
            let mut changes = Headers::new();
            changes.change("Idempotency-Key", value).unwrap();
            let token = Token::new("secret").unwrap();
            let base = ClientConfig::new("https://a".into(), Some(&token), false, &changes);
            let mut parts = parts(&["acc", "app", "m"]);
            parts.idempotency_key = Some("k1".into());
            let request = RequestHead::build(&base, &CREATE_POLL, &parts).unwrap();
            assert_eq!(request.headers.get("idempotency-key"), Some(value));
            parts.idempotency_key = Some("k\n".into());
            assert!(RequestHead::build(&base, &CREATE_POLL, &parts).is_err());
        }
    }

    #[test]
    fn a_missing_token_is_refused_unless_the_caller_removed_it() {
        let build = |base: &ClientConfig, authorization: Option<Option<&str>>| {
            let mut parts = parts(&["acc", "app", "m"]);
            if let Some(value) = authorization {
                parts.headers.change("Authorization", value).unwrap();
            }
            RequestHead::build(base, &CREATE_POLL, &parts)
                .map(|request| {
                    let sent = request.headers.get("authorization").flatten();
                    sent.map(str::to_owned)
                })
                .map_err(|refusal| refusal.argument())
        };
        let base = with_token(None, false);
        assert_eq!(build(&base, None), Err("apiToken"));
        assert_eq!(
            build(&base, Some(Some("Basic x"))),
            Ok(Some("Basic x".into()))
        );
        assert_eq!(build(&base, Some(None)), Ok(None));
        assert_eq!(build(&with_token(None, true), None), Ok(None));
    }
}
