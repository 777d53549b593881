//! A request, built from the table of operations: its URL and headers.
//!
//! The body is not in it: it stays the JavaScript string it was made as.

use crate::error::Invalid;
use crate::header::{Headers, Token};
use crate::id::{Segment, escape_onto};
use crate::operation::{Method, Operation};

/// What every request of a client shares.
pub(crate) struct Base {
    /// Where the API is, without a slash at its end.
    pub(crate) url: String,
    /// The API token, if the client has one.
    pub(crate) token: Option<Token>,
    /// Whether a request may go out without a token: a `fetch` of the caller's may add it.
    pub(crate) token_optional: bool,
}

/// What a call brings.
#[derive(Default)]
pub(crate) struct Parts {
    /// The IDs of the path, in its order; the first is the account.
    pub(crate) ids: Vec<Segment>,
    /// The query.
    pub(crate) query: Query,
    /// What the client and the call change in the headers.
    pub(crate) headers: Headers,
    /// The call's `Idempotency-Key`.
    pub(crate) idempotency_key: Option<String>,
}

/// A query, escaped.
#[derive(Default)]
pub(crate) struct Query(String);

impl Query {
    /// Adds a name and its value, not yet escaped.
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        self.0.push(if self.0.is_empty() { '?' } else { '&' });
        escape_onto(&mut self.0, name);
        self.0.push('=');
        escape_onto(&mut self.0, value);
    }
}

/// A request ready to be sent, any number of times.
pub(crate) struct Request {
    pub(crate) operation: &'static Operation,
    pub(crate) url: String,
    pub(crate) headers: Headers,
}

impl Request {
    /// Builds the request of an operation, which has a body or not.
    pub(crate) fn build(
        base: &Base,
        operation: &'static Operation,
        parts: &Parts,
        body: bool,
    ) -> Result<Self, Invalid> {
        Ok(Self {
            operation,
            url: url(base, operation, parts)?,
            headers: headers(base, operation, parts, body)?,
        })
    }

    /// A request that was sent, of which only its operation matters now.
    #[cfg(feature = "npm")]
    pub(crate) fn sent(operation: &'static Operation) -> Self {
        Self {
            operation,
            url: String::new(),
            headers: Headers::new(),
        }
    }

    /// What `fetch` is told besides the URL and the body, in JSON.
    pub(crate) fn init(&self) -> String {
        // `follow` would carry the token wherever the answer points.
        let mut init = String::from("{\"redirect\":\"manual\",\"method\":");
        push_json(&mut init, self.operation.method.as_str());
        init.push_str(",\"headers\":");
        let mut before = '{';
        for (name, value) in self.headers.iter() {
            init.push(before);
            push_json(&mut init, name);
            init.push(':');
            push_json(&mut init, value);
            before = ',';
        }
        // There is at least the `accept` header, or `{` still lacks.
        init.push_str(if before == '{' { "{}}" } else { "}}" });
        init
    }
}

/// Appends a text of a header, in which only a tab is a control character.
fn push_json(to: &mut String, text: &str) {
    to.push('"');
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
    to.push('"');
}

fn url(base: &Base, operation: &'static Operation, parts: &Parts) -> Result<String, Invalid> {
    let mut url = base.url.clone();
    let mut ids = parts.ids.iter();
    for piece in operation.path_pieces() {
        url.push('/');
        url.push_str(match piece {
            Err(text) => text,
            Ok(name) => match ids.next() {
                Some(id) => id.as_str(),
                None => return Err(Invalid::new(name, "is missing")),
            },
        });
    }
    url.push_str(&parts.query.0);
    Ok(url)
}

fn headers(
    base: &Base,
    operation: &Operation,
    parts: &Parts,
    body: bool,
) -> Result<Headers, Invalid> {
    let mut headers = Headers::new();
    headers.set("accept", Some("application/json"));
    if body {
        headers.set("content-type", Some("application/json"));
    }
    if let Some(token) = &base.token {
        headers.set("authorization", Some(&token.bearer()));
    }
    if operation.method != Method::Get
        && let Some(key) = &parts.idempotency_key
    {
        headers
            .change("idempotency-key", Some(key))
            .map_err(|_| Invalid::new("idempotencyKey", "is not legal in a header"))?;
    }
    headers.apply(&parts.headers);
    // Left out on purpose it is `Some(None)`.
    if headers.get("authorization").is_none() && !base.token_optional {
        return Err(Invalid::new(
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

    fn base() -> Base {
        Base {
            url: "https://example.com/v4".into(),
            token: Some(Token::new("secret").unwrap()),
            token_optional: false,
        }
    }

    fn parts(ids: &[&str]) -> Parts {
        Parts {
            ids: ids
                .iter()
                .map(|id| Segment::new("id", id).unwrap())
                .collect(),
            ..Parts::default()
        }
    }

    #[test]
    fn a_path_is_the_tables_with_the_ids_in_their_places() {
        let parts = parts(&["acc", "app", "m/..", "p"]);
        for operation in &OPERATIONS {
            let request = Request::build(&base(), operation, &parts, false).unwrap();
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
        let refusal = Request::build(&base(), &CREATE_POLL, &parts, true).err();
        assert_eq!(refusal.unwrap().argument(), "meeting_id");
    }

    #[test]
    fn a_query_is_escaped() {
        let mut parts = parts(&["acc", "app", "s"]);
        parts.query.push("search", "a&b=c d/é");
        parts.query.push("per_page", "25");
        let request = Request::build(&base(), &GET_SESSION_PARTICIPANTS, &parts, false).unwrap();
        assert!(
            request
                .url
                .ends_with("/participants?search=a%26b%3Dc%20d%2F%C3%A9&per_page=25")
        );
    }

    #[test]
    fn only_a_body_has_a_content_type() {
        let parts = parts(&["acc", "app", "m"]);
        let with = Request::build(&base(), &CREATE_POLL, &parts, true).unwrap();
        let all: Vec<_> = with.headers.iter().collect();
        assert_eq!(
            all,
            [
                ("accept", "application/json"),
                ("content-type", "application/json"),
                ("authorization", "Bearer secret"),
            ]
        );
        let without = Request::build(&base(), &KICK_ALL_PARTICIPANTS, &parts, false).unwrap();
        assert_eq!(without.headers.get("content-type"), None);
    }

    #[test]
    fn a_callers_headers_outrank_ours() {
        let mut parts = parts(&["acc", "app", "m"]);
        parts.headers.change("Accept", Some("text/plain")).unwrap();
        parts.headers.change("content-type", None).unwrap();
        parts.headers.change("x-a", Some("b")).unwrap();
        let request = Request::build(&base(), &CREATE_POLL, &parts, true).unwrap();
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
    fn what_fetch_is_told_is_json() {
        let mut parts = parts(&["acc", "app", "m"]);
        for (name, value) in [
            ("x-quoted", r#"a "b" \ c"#),
            ("x-tab", "a\tb"),
            ("x-latin", "é\u{80}"),
            ("__proto__", "p"),
        ] {
            parts.headers.change(name, Some(value)).unwrap();
        }
        let told = |parts: &Parts| {
            let request = Request::build(&base(), &CREATE_POLL, parts, true).unwrap();
            serde_json::from_str::<serde_json::Value>(&request.init()).unwrap()
        };
        let expected = serde_json::json!({
            "redirect": "manual",
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
        assert_eq!(told(&parts), expected);
        for name in ["accept", "content-type", "authorization", "x-quoted"] {
            parts.headers.change(name, None).unwrap();
        }
        for name in ["x-tab", "x-latin", "__proto__"] {
            parts.headers.change(name, None).unwrap();
        }
        assert_eq!(told(&parts)["headers"], serde_json::json!({}));
    }

    #[test]
    fn an_idempotency_key_goes_with_what_acts() {
        let mut parts = parts(&["acc", "app", "m"]);
        for operation in &OPERATIONS[..6] {
            parts.idempotency_key = Some("k1".into());
            let request = Request::build(&base(), operation, &parts, false).unwrap();
            let expected = (operation.method != Method::Get).then_some(Some("k1"));
            assert_eq!(request.headers.get("idempotency-key"), expected);
            parts.idempotency_key = Some("k\n".into());
            let refused = Request::build(&base(), operation, &parts, false).is_err();
            assert_eq!(refused, operation.method != Method::Get);
        }
    }

    #[test]
    fn without_a_token_nothing_is_sent_unless_the_caller_says_so() {
        let build = |base: &Base, authorization: Option<Option<&str>>| {
            let mut parts = parts(&["acc", "app", "m"]);
            if let Some(value) = authorization {
                parts.headers.change("Authorization", value).unwrap();
            }
            Request::build(base, &CREATE_POLL, &parts, true)
                .map(|request| {
                    let sent = request.headers.get("authorization").flatten();
                    sent.map(str::to_owned)
                })
                .map_err(|refusal| refusal.argument())
        };
        let mut base = base();
        base.token = None;
        assert_eq!(build(&base, None), Err("apiToken"));
        assert_eq!(
            build(&base, Some(Some("Basic x"))),
            Ok(Some("Basic x".into()))
        );
        assert_eq!(build(&base, Some(None)), Ok(None));
        base.token_optional = true;
        assert_eq!(build(&base, None), Ok(None));
    }
}
