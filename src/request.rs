//! A request, built from the table of operations: its URL and headers.
//!
//! The body is not in it: it stays the JavaScript string it was made as.

use crate::error::Invalid;
use crate::header::{HeaderChanges, Headers, Token};
use crate::id::{Segment, escape_onto};
use crate::operation::{Method, Operation, path_pieces};

/// What every request of a client shares.
pub(crate) struct Base {
    /// Where the API is, without a slash at its end.
    pub(crate) url: String,
    /// The API token, if the client has one.
    pub(crate) token: Option<Token>,
    /// What the client changes in every request's headers.
    pub(crate) headers: HeaderChanges,
    /// Whether a request may go out without a token: a `fetch` of the caller's may add it.
    pub(crate) token_optional: bool,
}

/// What a call brings.
pub(crate) struct Parts<'a> {
    /// The IDs of the path, in its order; the first is the account.
    pub(crate) ids: &'a [Segment],
    /// The query, names and values not yet escaped.
    pub(crate) query: &'a [(String, String)],
    /// What the call changes in the headers.
    pub(crate) headers: &'a HeaderChanges,
    /// The call's `Idempotency-Key`.
    pub(crate) idempotency_key: Option<&'a str>,
    /// Whether there is a body.
    pub(crate) body: bool,
}

/// A request ready to be sent, any number of times.
pub(crate) struct Request {
    pub(crate) operation: &'static Operation,
    pub(crate) url: String,
    pub(crate) headers: Headers,
}

impl Request {
    /// Builds the request of an operation.
    pub(crate) fn build(
        base: &Base,
        operation: &'static Operation,
        parts: &Parts<'_>,
    ) -> Result<Self, Invalid> {
        Ok(Self {
            operation,
            url: url(base, operation, parts)?,
            headers: headers(base, operation, parts)?,
        })
    }
}

fn url(base: &Base, operation: &'static Operation, parts: &Parts<'_>) -> Result<String, Invalid> {
    let mut url = base.url.clone();
    let mut ids = parts.ids.iter();
    for piece in path_pieces(operation.path) {
        url.push('/');
        url.push_str(match piece {
            Err(text) => text,
            Ok(name) => match ids.next() {
                Some(id) => id.as_str(),
                None => return Err(Invalid::new(name, "is missing")),
            },
        });
    }
    let mut separator = '?';
    for (name, value) in parts.query {
        url.push(separator);
        escape_onto(&mut url, name);
        url.push('=');
        escape_onto(&mut url, value);
        separator = '&';
    }
    Ok(url)
}

fn headers(base: &Base, operation: &Operation, parts: &Parts<'_>) -> Result<Headers, Invalid> {
    let mut headers = Headers::default();
    headers.set("accept", "application/json".to_owned());
    if parts.body {
        headers.set("content-type", "application/json".to_owned());
    }
    if let Some(token) = &base.token {
        headers.set("authorization", token.bearer());
    }
    if operation.method != Method::Get
        && let Some(key) = parts.idempotency_key
    {
        let mut changes = HeaderChanges::new();
        changes
            .change("idempotency-key", Some(key))
            .map_err(|_| Invalid::new("idempotencyKey", "is not legal in a header"))?;
        headers.apply(&changes);
    }
    headers.apply(&base.headers);
    headers.apply(parts.headers);
    let left_out = base
        .headers
        .iter()
        .chain(parts.headers.iter())
        .any(|change| change == ("authorization", None));
    if headers.get("authorization").is_none() && !left_out && !base.token_optional {
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
            headers: HeaderChanges::new(),
            token_optional: false,
        }
    }

    fn ids(ids: &[&str]) -> Vec<Segment> {
        ids.iter()
            .map(|id| Segment::new("id", id).unwrap())
            .collect()
    }

    fn parts<'a>(ids: &'a [Segment], headers: &'a HeaderChanges, body: bool) -> Parts<'a> {
        Parts {
            ids,
            query: &[],
            headers,
            idempotency_key: None,
            body,
        }
    }

    #[test]
    fn a_path_is_the_tables_with_the_ids_in_their_places() {
        let ids = ids(&["acc", "app", "m/..", "p"]);
        let none = HeaderChanges::new();
        for operation in &OPERATIONS {
            let request = Request::build(&base(), operation, &parts(&ids, &none, false)).unwrap();
            let mut expected = operation.path.to_owned();
            for (name, id) in operation.path_ids().zip(["acc", "app", "m%2F..", "p"]) {
                expected = expected.replace(&format!("{{{name}}}"), id);
            }
            assert_eq!(request.url, format!("https://example.com/v4{expected}"));
        }
    }

    #[test]
    fn a_missing_id_is_named() {
        let ids = ids(&["acc", "app"]);
        let none = HeaderChanges::new();
        let refusal = Request::build(&base(), &CREATE_POLL, &parts(&ids, &none, true)).err();
        assert_eq!(refusal.unwrap().argument(), "meeting_id");
    }

    #[test]
    fn a_query_is_escaped() {
        let ids = ids(&["acc", "app", "s"]);
        let none = HeaderChanges::new();
        let query = [
            ("search".to_owned(), "a&b=c d/é".to_owned()),
            ("per_page".to_owned(), "25".to_owned()),
        ];
        let mut parts = parts(&ids, &none, false);
        parts.query = &query;
        let request = Request::build(&base(), &GET_SESSION_PARTICIPANTS, &parts).unwrap();
        assert!(
            request
                .url
                .ends_with("/participants?search=a%26b%3Dc%20d%2F%C3%A9&per_page=25")
        );
    }

    #[test]
    fn only_a_body_has_a_content_type() {
        let ids = ids(&["acc", "app", "m"]);
        let none = HeaderChanges::new();
        let with = Request::build(&base(), &CREATE_POLL, &parts(&ids, &none, true)).unwrap();
        let all: Vec<_> = with.headers.iter().collect();
        assert_eq!(
            all,
            [
                ("accept", "application/json"),
                ("content-type", "application/json"),
                ("authorization", "Bearer secret"),
            ]
        );
        let without =
            Request::build(&base(), &KICK_ALL_PARTICIPANTS, &parts(&ids, &none, false)).unwrap();
        assert_eq!(without.headers.get("content-type"), None);
    }

    #[test]
    fn a_calls_headers_outrank_the_clients() {
        let mut base = base();
        base.headers.change("X-A", Some("client")).unwrap();
        base.headers.change("X-B", Some("client")).unwrap();
        let mut call = HeaderChanges::new();
        call.change("x-a", Some("call")).unwrap();
        call.change("x-b", None).unwrap();
        let ids = ids(&["acc", "app", "m"]);
        let request = Request::build(&base, &CREATE_POLL, &parts(&ids, &call, true)).unwrap();
        assert_eq!(request.headers.get("x-a"), Some("call"));
        assert_eq!(request.headers.get("x-b"), None);
    }

    #[test]
    fn an_idempotency_key_goes_with_what_acts() {
        let ids = ids(&["acc", "app", "m"]);
        let none = HeaderChanges::new();
        for operation in &OPERATIONS[..6] {
            let mut parts = parts(&ids, &none, false);
            parts.idempotency_key = Some("k1");
            let request = Request::build(&base(), operation, &parts).unwrap();
            let expected = (operation.method != Method::Get).then_some("k1");
            assert_eq!(request.headers.get("idempotency-key"), expected);
            parts.idempotency_key = Some("k\n");
            let refused = Request::build(&base(), operation, &parts).is_err();
            assert_eq!(refused, operation.method != Method::Get);
        }
    }

    #[test]
    fn without_a_token_nothing_is_sent_unless_the_caller_says_so() {
        let ids = ids(&["acc", "app", "m"]);
        let build = |base: &Base, call: &HeaderChanges| {
            Request::build(base, &CREATE_POLL, &parts(&ids, call, true))
                .map(|request| request.headers.get("authorization").map(str::to_owned))
                .map_err(|refusal| refusal.argument())
        };
        let mut base = base();
        base.token = None;
        let none = HeaderChanges::new();
        assert_eq!(build(&base, &none), Err("apiToken"));
        let mut own = HeaderChanges::new();
        own.change("Authorization", Some("Basic x")).unwrap();
        assert_eq!(build(&base, &own), Ok(Some("Basic x".into())));
        let mut left_out = HeaderChanges::new();
        left_out.change("authorization", None).unwrap();
        assert_eq!(build(&base, &left_out), Ok(None));
        base.token_optional = true;
        assert_eq!(build(&base, &none), Ok(None));
    }
}
