//! The client that a call belongs to.

use super::types::{ClientSettings, List, Setting};
use crate::api::inner::ClientInner;
use crate::request::base_url;
use crate::request::build::ClientConfig;
use crate::request::headers::Headers;
use crate::request::invalid_argument::InvalidArgument;
use crate::request::token::Token;
use std::cell::Cell;
use std::rc::Rc;

thread_local! {
    /// The client of the last call, by its settings: the next call is nearly always the same client's.
    static LAST: Cell<Option<(ClientSettings, Rc<ClientInner>)>> = const { Cell::new(None) };
}

/// The client with these settings.
pub(super) fn client(settings: ClientSettings) -> Result<Rc<ClientInner>, InvalidArgument> {
    let client = match LAST.take() {
        Some((known, client)) if known == settings => client,
        _ => Rc::new(read(&settings)?),
    };
    LAST.set(Some((settings, client.clone())));
    Ok(client)
}

fn read(settings: &ClientSettings) -> Result<ClientInner, InvalidArgument> {
    let url = settings.text(Setting::BaseUrl as u32).unwrap_or_default();
    let url = base_url::validate(&url, &base_url::page())?;
    let token = settings.text(Setting::ApiToken as u32);
    let token = token.filter(|token| !token.is_empty());
    let token = token.as_deref().map(Token::new).transpose()?;
    let token_optional = settings.get(Setting::TokenOptional as u32).is_truthy();
    let headers = headers(settings, Setting::Headers as u32)?;
    Ok(ClientInner {
        config: ClientConfig::new(url, token.as_ref(), token_optional, &headers),
        timeout_ms: settings.number(Setting::Timeout as u32).unwrap_or_default(),
        max_retries: settings
            .number(Setting::MaxRetries as u32)
            .unwrap_or_default(),
        fetch: settings.value(Setting::Fetch as u32),
    })
}

/// Headers from names and values by turns, from a place in a list on. `null` removes a header.
pub(super) fn headers(list: &List, from: u32) -> Result<Headers, InvalidArgument> {
    let mut headers = Headers::new();
    for at in (from..list.length()).step_by(2) {
        let name = list.text(at).unwrap_or_default();
        headers.change(&name, list.text(at + 1).as_deref())?;
    }
    Ok(headers)
}
