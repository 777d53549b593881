//! The client that a call belongs to.

use super::types::{ClientSettings, Setting, given, number};
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
        Some((known, client)) if &known == AsRef::<JsValue>::as_ref(settings) => client,
        _ => Rc::new(read(settings)?),
    };
    LAST.set(Some((settings.into(), client.clone())));
    Ok(client)
}

fn read(settings: &ClientSettings) -> Result<ClientInner, InvalidArgument> {
    let at = |setting: Setting| settings.get(setting as u32);
    let url = at(Setting::BaseUrl).as_string().unwrap_or_default();
    let url = base_url::validate(&url, &base_url::page())?;
    let token = at(Setting::ApiToken).as_string();
    let token = token.filter(|token| !token.is_empty());
    let token = token.as_deref().map(Token::new).transpose()?;
    let headers = headers(settings, Setting::Headers as u32)?;
    let fetch = given(at(Setting::Fetch));
    let token_optional = at(Setting::TokenOptional).is_truthy();
    let config = ClientConfig::new(url, token.as_ref(), token_optional, &headers);
    Ok(ClientInner {
        config,
        timeout_ms: number(&at(Setting::Timeout)).unwrap_or_default(),
        max_retries: number(&at(Setting::MaxRetries)).unwrap_or_default(),
        fetch,
    })
}

/// Headers from names and values by turns, from a place in a list on. `null` removes a header.
pub(super) fn headers(list: &Array, from: u32) -> Result<Headers, InvalidArgument> {
    let mut headers = Headers::new();
    for at in (from..list.length()).step_by(2) {
        let name = list.get(at).as_string().unwrap_or_default();
        headers.change(&name, list.get(at + 1).as_string().as_deref())?;
    }
    Ok(headers)
}
