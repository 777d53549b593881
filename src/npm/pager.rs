//! Entries of all pages of a list, for JavaScript.

use super::call::prepare;
use super::errors;
use super::executor::promise;
use super::host::array;
use super::types::{CallOptions, ClientSettings, NextFunction};
use super::watch::JsPeer;
use crate::api::paging::Pages;
use crate::operation::GET_SESSION_PARTICIPANTS;
use crate::transport::perform::perform;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// What is known between two pages.
struct State {
    ids: [JsValue; 2],
    options: CallOptions,
    pages: Pages,
    /// The body of the first page, until its entries are taken.
    first: Option<JsValue>,
}

/// Returns a function whose calls resolve to the new entries of one page after the other, and then to `undefined`.
/// `first` is the body of the first page, which was requested with `page_no`, or without one (NaN). The query of
/// `options` has no `page_no`.
#[wasm_bindgen(js_name = participantPages)]
pub fn participant_pages(
    app_id: JsValue,
    session_id: JsValue,
    options: &CallOptions,
    page_no: f64,
    first: JsValue,
) -> NextFunction {
    let state = Rc::new(RefCell::new(Some(State {
        ids: [app_id, session_id],
        options: options.clone(),
        pages: Pages::new((!page_no.is_nan()).then_some(page_no)),
        first: Some(first),
    })));
    let next = Closure::<dyn Fn(ClientSettings) -> JsValue>::new(move |settings| {
        let state = state.clone();
        promise(Box::pin(async move {
            // Taken while a page is requested: pages come one at a time.
            let Some(mut now) = state.take() else {
                return Ok(JsValue::UNDEFINED);
            };
            let entries = now.next(&settings).await;
            if !matches!(&entries, Ok(entries) if entries.is_undefined()) {
                state.replace(Some(now));
            }
            entries
        }))
    });
    next.into_js_value().unchecked_into()
}

impl State {
    async fn next(&mut self, settings: &ClientSettings) -> Result<JsValue, JsValue> {
        let body = match self.first.take() {
            Some(body) => body,
            None if self.pages.is_done() => return Ok(JsValue::UNDEFINED),
            None => {
                let [app, session] = &self.ids;
                let call = prepare(
                    settings,
                    &GET_SESSION_PARTICIPANTS,
                    &[app, session],
                    &JsValue::UNDEFINED,
                    &self.options,
                    self.pages.page_no().map(|page_no| page_no as u32),
                );
                let call = call.map_err(errors::invalid_argument)?;
                let success = perform(&call).await;
                let success = success.map_err(|error| errors::error(&error))?;
                success.data.unwrap_or(JsValue::UNDEFINED)
            }
        };
        // A `JsPeer` is any value, so this cannot fail.
        let fresh = self.pages.take::<JsPeer>(&body).unwrap_or_default();
        Ok(array(fresh.into_iter().map(JsValue::from)))
    }
}
