//! Which page of a list comes next.
//!
//! The API description says neither whether pages are counted from 0 or from 1, nor what an
//! answer without `page_no` holds; so the pager counts on and tells by what an answer holds
//! whether it has been seen. It ends when the API says that this is all, or when two pages in a
//! row bring nothing new.

/// What a page said of itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Page {
    /// How many entries it had.
    pub(crate) entries: usize,
    /// How many of them had not been on a page before.
    pub(crate) fresh: usize,
    /// `total_count` and `end_offset` of its `paging`.
    pub(crate) paging: Option<(f64, f64)>,
}

/// The number of the page to ask for after `page_no`, or `None` if that was all. `was_stale`: the
/// page before it brought nothing new.
pub(crate) fn after(page_no: f64, was_stale: bool, page: &Page) -> Option<f64> {
    let all = page.paging.is_some_and(|(total, end)| end >= total);
    let stale = was_stale && page.fresh == 0;
    (page.entries > 0 && !all && !stale).then_some(page_no + 1.0)
}

/// Follows a list from page to page.
#[derive(Clone, Debug)]
pub(crate) struct Pager {
    page_no: f64,
    stale: bool,
}

impl Pager {
    /// A list whose first page was asked for with `page_no`, or without one.
    pub(crate) fn new(page_no: Option<f64>) -> Self {
        Self {
            page_no: page_no.unwrap_or(0.0),
            stale: false,
        }
    }

    /// The number of the page to ask for after `page`, or `None` if that was all.
    pub(crate) fn after(&mut self, page: Page) -> Option<f64> {
        let next = after(self.page_no, self.stale, &page)?;
        self.stale = page.fresh == 0;
        self.page_no = next;
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// Walks a list of `total` on a server whose first page is `first`; returns what it saw and
    /// how many requests that took.
    fn walk(total: usize, per_page: usize, first: usize, start: Option<f64>) -> (usize, usize) {
        let mut pager = Pager::new(start);
        let mut seen = HashSet::new();
        let mut asked = start;
        for requests in 1.. {
            let page_no = asked.map_or(first, |page_no| page_no as usize);
            let from = page_no.saturating_sub(first) * per_page;
            let entries: Vec<_> = (from..(from + per_page).min(total)).collect();
            let fresh = entries.iter().filter(|entry| seen.insert(**entry)).count();
            let paging = Some((total as f64, (from + entries.len()) as f64));
            asked = pager.after(Page {
                entries: entries.len(),
                fresh,
                paging,
            });
            if asked.is_none() {
                return (seen.len(), requests);
            }
        }
        unreachable!()
    }

    #[test]
    fn every_entry_is_seen_wherever_pages_are_counted_from() {
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
    fn starting_later_shows_the_rest() {
        assert_eq!(walk(123, 25, 0, Some(3.0)), (48, 2));
    }

    #[test]
    fn a_server_that_repeats_itself_does_not_hold_us() {
        let mut pager = Pager::new(None);
        let page = |fresh| Page {
            entries: 25,
            fresh,
            paging: None,
        };
        assert_eq!(pager.after(page(25)), Some(1.0));
        assert_eq!(pager.after(page(0)), Some(2.0));
        assert_eq!(pager.after(page(0)), None);
    }
}
