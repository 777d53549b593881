//! Follows a list from page to page.
//!
//! The API description says neither whether pages count from 0 or from 1, nor which page a request without `page_no`
//! returns. So the pager counts up, and recognises by their IDs entries that it has seen. It ends when the API says
//! that this was all, or after two pages in a row without a new entry.

use crate::hash::Index;
use crate::js::{self, FromJs};
use wasm_bindgen::{JsCast, JsValue};

/// An entry of a list.
pub(crate) trait Entry: FromJs {
    /// Its ID. Entries without one are never taken for one seen before.
    fn id(&self) -> Option<String>;
}

/// Which pages of a list were read, and which entries.
pub(crate) struct Pages {
    pager: Pager,
    seen: Index,
}

impl Pages {
    /// A list whose first page is requested with `page_no`, or without one.
    pub(crate) fn new(page_no: Option<f64>) -> Self {
        Self {
            pager: Pager::new(page_no),
            seen: Index::default(),
        }
    }

    /// Whether all pages were read.
    pub(crate) fn is_done(&self) -> bool {
        self.pager.next.is_none()
    }

    /// The `page_no` of the next request. The first is as the caller gave it.
    pub(crate) fn page_no(&self) -> Option<f64> {
        self.pager.next.flatten()
    }

    /// Takes the body of a page; returns its new entries.
    pub(crate) fn take<E: Entry>(&mut self, body: &JsValue) -> Result<Vec<E>, String> {
        let data = js::get(body, "data");
        let mut fresh = Vec::new();
        let mut entries = 0;
        if let Some(list) = js::get(&data, "participants").dyn_ref::<js_sys::Array>() {
            entries = list.length();
            for at in 0..entries {
                let entry = E::from_js(list.get(at))?;
                if entry.id().is_none_or(|id| self.seen.insert(id).1) {
                    fresh.push(entry);
                }
            }
        }
        let paging = js::get(&data, "paging");
        let number = |name| js::get(&paging, name).as_f64();
        self.pager.advance(Page {
            entries: entries as usize,
            fresh: fresh.len(),
            paging: number("total_count").zip(number("end_offset")),
        });
        Ok(fresh)
    }
}

/// What the pager needs to know about a page.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Page {
    /// How many entries it has.
    entries: usize,
    /// How many of them were on no page before.
    fresh: usize,
    /// `total_count` and `end_offset` of its `paging`.
    paging: Option<(f64, f64)>,
}

/// The number of the next page, pure.
#[derive(Clone, Debug)]
struct Pager {
    /// The number of the next request, which only the first may lack; `None` after the last page.
    next: Option<Option<f64>>,
    /// Whether the page before brought no new entry.
    was_stale: bool,
}

impl Pager {
    fn new(page_no: Option<f64>) -> Self {
        Self {
            next: Some(page_no),
            was_stale: false,
        }
    }

    fn advance(&mut self, page: Page) {
        let is_all = page.paging.is_some_and(|(total, end)| end >= total);
        let is_stale = page.fresh == 0;
        let ends = page.entries == 0 || is_all || (self.was_stale && is_stale);
        self.was_stale = is_stale;
        self.next = match self.next {
            Some(page_no) if !ends => Some(Some(page_no.unwrap_or(0.0) + 1.0)),
            _ => None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// Reads a list of `total` entries from a server whose first page is `first`. Returns how many entries and how
    /// many requests there were.
    fn walk(total: usize, per_page: usize, first: usize, start: Option<f64>) -> (usize, usize) {
        let mut pager = Pager::new(start);
        let mut seen = HashSet::new();
        let mut requests = 0;
        while let Some(page_no) = pager.next {
            requests += 1;
            let page_no = page_no.map_or(first, |page_no| page_no as usize);
            let from = page_no.saturating_sub(first) * per_page;
            let entries: Vec<_> = (from..(from + per_page).min(total)).collect();
            let fresh = entries.iter().filter(|entry| seen.insert(**entry)).count();
            pager.advance(Page {
                entries: entries.len(),
                fresh,
                paging: Some((total as f64, (from + entries.len()) as f64)),
            });
        }
        (seen.len(), requests)
    }

    #[test]
    fn every_entry_is_seen_wherever_pages_count_from() {
        for total in [1_usize, 24, 25, 26, 50, 51, 123] {
            let pages = total.div_ceil(25);
            assert_eq!(walk(total, 25, 0, None), (total, pages), "{total}");
            let repeated = if pages > 1 { 1 } else { 0 };
            assert_eq!(walk(total, 25, 1, None), (total, pages + repeated));
            assert_eq!(walk(total, 25, 1, Some(1.0)), (total, pages), "{total}");
        }
        assert_eq!(walk(0, 25, 0, None), (0, 1));
    }

    #[test]
    fn starting_later_reads_the_rest() {
        assert_eq!(walk(123, 25, 0, Some(3.0)), (48, 2));
    }

    #[test]
    fn a_server_that_repeats_one_page_ends_the_list() {
        let mut pager = Pager::new(None);
        let page = |fresh| Page {
            entries: 25,
            fresh,
            paging: None,
        };
        for (fresh, next) in [
            (25, Some(Some(1.0))),
            (0, Some(Some(2.0))),
            // One new entry, and patience starts again.
            (1, Some(Some(3.0))),
            (0, Some(Some(4.0))),
            (0, None),
        ] {
            pager.advance(page(fresh));
            assert_eq!(pager.next, next);
        }
    }
}
