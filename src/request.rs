//! A request, built from the table of operations: its URL and headers.
//!
//! The body is not in it: it stays the JavaScript string it was made as.

use crate::error::InvalidArgument;
use crate::header::{Headers, Token};
use crate::id::{Segment, escape_onto};
use crate::operation::{Method, Operation};
use std::rc::Rc;

/// What every request of a client shares.
pub(crate) struct Base {
    /// Where the API is, without a slash at its end.
    pub(crate) url: String,
    /// The headers of a request that changes none.
    headers: Rc<Headers>,
    /// Whether a request may go out without a token: a `fetch` of the caller's may add it.
    token_optional: bool,
}

impl Base {
    /// What the requests share of a client that has a token or not, and changes headers.
    pub(crate) fn new(
        url: String,
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
            url,
            headers: Rc::new(headers),
            token_optional,
        }
    }
}

/// What a call brings.
#[derive(Default)]
pub(crate) struct Parts {
    /// The IDs of the path, in its order; the first is the account.
    pub(crate) ids: Vec<Segment>,
    /// The query.
    pub(crate) query: Query,
    /// What the call changes in the headers.
    pub(crate) headers: Headers,
    /// The call's `Idempotency-Key`.
    pub(crate) idempotency_key: Option<String>,
    /// Whether it has a body.
    pub(crate) body: bool,
}

/// A query, escaped.
#[derive(Default)]
pub(crate) struct Query(String);

impl Query {
    /// A query that is escaped already, with its question mark.
    #[cfg(feature = "npm")]
    pub(crate) fn escaped(text: &str) -> Self {
        Self(text.to_owned())
    }

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
    pub(crate) headers: Rc<Headers>,
}

impl Request {
    /// Builds the request of an operation.
    pub(crate) fn build(
        base: &Base,
        operation: &'static Operation,
        parts: &Parts,
    ) -> Result<Self, InvalidArgument> {
        Ok(Self {
            operation,
            url: url(base, operation, parts)?,
            headers: headers(base, operation, parts)?,
        })
    }

    /// A request that was sent, of which only its operation matters now.
    #[cfg(feature = "npm")]
    pub(crate) fn sent(operation: &'static Operation) -> Self {
        Self {
            operation,
            url: String::new(),
            headers: Rc::default(),
        }
    }

    /// What `fetch` is told besides the URL and the body, in JSON.
    pub(crate) fn options(&self) -> String {
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

fn url(
    base: &Base,
    operation: &'static Operation,
    parts: &Parts,
) -> Result<String, InvalidArgument> {
    let ids = parts.ids.iter().map(|id| id.as_str().len()).sum::<usize>();
    let length = base.url.len() + operation.path.len() + ids + parts.query.0.len();
    let mut url = String::with_capacity(length);
    url.push_str(&base.url);
    let mut ids = parts.ids.iter();
    for piece in operation.path_pieces() {
        url.push('/');
        url.push_str(match piece {
            Err(text) => text,
            Ok(name) => match ids.next() {
                Some(id) => id.as_str(),
                None => return Err(InvalidArgument::new(name, "is missing")),
            },
        });
    }
    url.push_str(&parts.query.0);
    Ok(url)
}

/// Most requests change none of their client's headers, and share them.
fn headers(
    base: &Base,
    operation: &Operation,
    parts: &Parts,
) -> Result<Rc<Headers>, InvalidArgument> {
    let mut headers = base.headers.clone();
    if parts.body && headers.get("content-type").is_none() {
        Rc::make_mut(&mut headers).set("content-type", Some("application/json"));
    }
    if operation.method != Method::Get
        && let Some(key) = &parts.idempotency_key
    {
        let mut keyed = headers.clone();
        Rc::make_mut(&mut keyed)
            .change("idempotency-key", Some(key))
            .map_err(|_| InvalidArgument::new("idempotencyKey", "is not legal in a header"))?;
        // What the client says of it outranks it.
        if headers.get("idempotency-key").is_none() {
            headers = keyed;
        }
    }
    if !parts.headers.is_empty() {
        Rc::make_mut(&mut headers).apply(&parts.headers);
    }
    // Left out on purpose it is `Some(None)`.
    if headers.get("authorization").is_none() && !base.token_optional {
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

    fn base() -> Base {
        with_token(Some("secret"), false)
    }

    fn with_token(token: Option<&str>, optional: bool) -> Base {
        let token = token.map(|token| Token::new(token).unwrap());
        let url = "https://example.com/v4".into();
        Base::new(url, token.as_ref(), optional, &Headers::new())
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
            let request = Request::build(&base(), operation, &parts).unwrap();
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
        let refusal = Request::build(&base(), &CREATE_POLL, &parts).err();
        assert_eq!(refusal.unwrap().argument(), "meeting_id");
    }

    #[test]
    fn a_query_is_escaped() {
        let mut parts = parts(&["acc", "app", "s"]);
        parts.query.push("search", "a&b=c d/é");
        parts.query.push("per_page", "25");
        let request = Request::build(&base(), &GET_SESSION_PARTICIPANTS, &parts).unwrap();
        assert!(
            request
                .url
                .ends_with("/participants?search=a%26b%3Dc%20d%2F%C3%A9&per_page=25")
        );
    }

    #[test]
    fn only_a_body_has_a_content_type() {
        let mut parts = parts(&["acc", "app", "m"]);
        parts.body = true;
        let with = Request::build(&base(), &CREATE_POLL, &parts).unwrap();
        let all: Vec<_> = with.headers.iter().collect();
        assert_eq!(
            all,
            [
                ("accept", "application/json"),
                ("authorization", "Bearer secret"),
                ("content-type", "application/json"),
            ]
        );
        parts.body = false;
        let without = Request::build(&base(), &KICK_ALL_PARTICIPANTS, &parts).unwrap();
        assert_eq!(without.headers.get("content-type"), None);
    }

    #[test]
    fn a_callers_headers_outrank_ours() {
        let mut parts = parts(&["acc", "app", "m"]);
        parts.headers.change("Accept", Some("text/plain")).unwrap();
        parts.headers.change("content-type", None).unwrap();
        parts.headers.change("x-a", Some("b")).unwrap();
        let request = Request::build(&base(), &CREATE_POLL, &parts).unwrap();
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
    fn a_clients_headers_are_shared_until_a_call_changes_some() {
        let mut changes = Headers::new();
        changes.change("Content-Type", None).unwrap();
        changes.change("x-all", Some("1")).unwrap();
        let token = Token::new("secret").unwrap();
        let base = Base::new("https://a".into(), Some(&token), false, &changes);
        let build = |parts: &Parts| Request::build(&base, &CREATE_POLL, parts).unwrap();
        let mut parts = parts(&["acc", "app", "m"]);
        parts.body = true;
        let (one, other) = (build(&parts), build(&parts));
        assert!(Rc::ptr_eq(&one.headers, &other.headers));
        assert_eq!(one.headers.get("content-type"), Some(None));
        parts.headers.change("x-all", Some("2")).unwrap();
        let changed = build(&parts);
        assert_eq!(changed.headers.get("x-all"), Some(Some("2")));
        assert_eq!(
            build(&Parts {
                headers: Headers::new(),
                ..parts
            })
            .headers
            .get("x-all"),
            Some(Some("1"))
        );
    }

    #[test]
    fn what_fetch_is_told_is_json() {
        let mut parts = parts(&["acc", "app", "m"]);
        parts.body = true;
        for (name, value) in [
            ("x-quoted", r#"a "b" \ c"#),
            ("x-tab", "a\tb"),
            ("x-latin", "é\u{80}"),
            ("__proto__", "p"),
        ] {
            parts.headers.change(name, Some(value)).unwrap();
        }
        let told = |parts: &Parts| {
            let request = Request::build(&base(), &CREATE_POLL, parts).unwrap();
            serde_json::from_str::<serde_json::Value>(&request.options()).unwrap()
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
            let request = Request::build(&base(), operation, &parts).unwrap();
            let expected = (operation.method != Method::Get).then_some(Some("k1"));
            assert_eq!(request.headers.get("idempotency-key"), expected);
            parts.idempotency_key = Some("k\n".into());
            let refused = Request::build(&base(), operation, &parts).is_err();
            assert_eq!(refused, operation.method != Method::Get);
        }
    }

    #[test]
    fn a_client_that_speaks_of_the_key_outranks_it() {
        for value in [None, Some("of-all")] {
            let mut changes = Headers::new();
            changes.change("Idempotency-Key", value).unwrap();
            let token = Token::new("secret").unwrap();
            let base = Base::new("https://a".into(), Some(&token), false, &changes);
            let mut parts = parts(&["acc", "app", "m"]);
            parts.idempotency_key = Some("k1".into());
            let request = Request::build(&base, &CREATE_POLL, &parts).unwrap();
            assert_eq!(request.headers.get("idempotency-key"), Some(value));
            parts.idempotency_key = Some("k\n".into());
            assert!(Request::build(&base, &CREATE_POLL, &parts).is_err());
        }
    }

    #[test]
    fn without_a_token_nothing_is_sent_unless_the_caller_says_so() {
        let build = |base: &Base, authorization: Option<Option<&str>>| {
            let mut parts = parts(&["acc", "app", "m"]);
            if let Some(value) = authorization {
                parts.headers.change("Authorization", value).unwrap();
            }
            Request::build(base, &CREATE_POLL, &parts)
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
