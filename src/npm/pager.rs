//! Which page of a list comes next, for JavaScript.

use super::host::array;
use super::types::PageFunction;
use super::watch::JsPeer;
use crate::api::paging::Pages;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// Returns a function that takes the body of one page after the other, and returns its new entries and the number of
/// the next page (`undefined` after the last). The first page was requested with `page_no`, or without one (NaN).
#[wasm_bindgen(js_name = participantPages)]
pub fn participant_pages(page_no: f64) -> PageFunction {
    let pages = RefCell::new(Pages::new((!page_no.is_nan()).then_some(page_no)));
    let take = Closure::<dyn Fn(JsValue) -> JsValue>::new(move |body| {
        let mut pages = pages.borrow_mut();
        // A `JsPeer` is any value, so this cannot fail.
        let fresh = pages.take::<JsPeer>(&body).unwrap_or_default();
        let entries = array(fresh.into_iter().map(JsValue::from));
        let next = pages
            .page_no()
            .map_or(JsValue::UNDEFINED, JsValue::from_f64);
        array([entries, next].into_iter())
    });
    take.into_js_value().unchecked_into()
}
