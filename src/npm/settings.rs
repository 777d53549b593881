//! The client that a call belongs to.

use super::types::ClientSettings;
use crate::api::inner::ClientInner;
use crate::request::base_url;
use crate::request::build::ClientConfig;
use crate::request::headers::Headers;
use crate::request::invalid_argument::InvalidArgument;
use crate::request::token::Token;
use js_sys::Array;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

thread_local! {
    /// The client of the last call, by its settings: the next call is nearly always the same client's.
    static LAST: Cell<Option<(JsValue, Rc<ClientInner>)>> = const { Cell::new(None) };
}

/// The client with these settings.
pub(super) fn client(settings: &ClientSettings) -> Result<Rc<ClientInner>, InvalidArgument> {
    let client = match LAST.take() {
        Some((known, client)) if known == **settings => client,
        _ => Rc::new(read(settings)?),
    };
    LAST.set(Some((settings.into(), client.clone())));
    Ok(client)
}

fn read(settings: &ClientSettings) -> Result<ClientInner, InvalidArgument> {
    let url = base_url::validate(&settings.base_url(), &base_url::page())?;
    let token = settings.api_token().filter(|token| !token.is_empty());
    let token = token.as_deref().map(Token::new).transpose()?;
    let headers = headers(&settings.headers())?;
    let fetch = settings.fetch();
    Ok(ClientInner {
        config: ClientConfig::new(url, token.as_ref(), fetch.is_some(), &headers),
        timeout_ms: settings.timeout() as u32,
        max_retries: settings.max_retries() as u32,
        fetch,
    })
}

/// Headers from names and values by turns. `null` removes a header.
pub(super) fn headers(pairs: &Array) -> Result<Headers, InvalidArgument> {
    let mut headers = Headers::new();
    for at in (0..pairs.length()).step_by(2) {
        let name = pairs.get(at).as_string().unwrap_or_default();
        headers.change(&name, pairs.get(at + 1).as_string().as_deref())?;
    }
    Ok(headers)
}
