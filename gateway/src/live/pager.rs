//! Follows a list from page to page, as the client does: the API description says neither whether
//! pages count from 0 or from 1, nor which page a request without `page_no` returns.

/// The number of the next page.
#[derive(Clone, Debug)]
pub struct Pager {
    /// The next request's `page_no`, which only the first lacks; `None` after the last page.
    next: Option<Option<u32>>,
    /// Whether the page before had no new entry.
    was_stale: bool,
}

/// What the pager needs to know about a page.
#[derive(Clone, Copy, Debug)]
pub struct PageInfo {
    /// How many entries it has.
    pub entries: usize,
    /// How many of them were on no page before.
    pub fresh: usize,
    /// `total_count` and `end_offset` of its `paging`.
    pub paging: Option<(f64, f64)>,
}

impl Default for Pager {
    fn default() -> Self {
        Self {
            next: Some(None),
            was_stale: false,
        }
    }
}

impl Pager {
    /// The `page_no` of the next request, if there is one.
    pub fn next(&self) -> Option<Option<u32>> {
        self.next
    }

    /// A page has arrived.
    pub fn advance(&mut self, page: PageInfo) {
        let is_all = page.paging.is_some_and(|(total, end)| end >= total);
        let is_stale = page.fresh == 0;
        let ends = page.entries == 0 || is_all || (self.was_stale && is_stale);
        self.was_stale = is_stale;
        self.next = match self.next {
            Some(page_no) if !ends => Some(Some(page_no.unwrap_or(0).saturating_add(1))),
            _ => None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    proptest! {
        // Whatever the number of the first page is, and whether the API counts or not.
        #[test]
        fn a_list_is_read_to_its_end(
            total in 0..50_usize, per_page in 1..20_usize, first in 0..=1_usize, counts in any::<bool>(),
        ) {
            let mut pager = Pager::default();
            let mut seen = HashSet::new();
            let mut requests = 0;
            while let Some(page_no) = pager.next() {
                requests += 1;
                prop_assert!(requests <= total / per_page + 4);
                let page_no = page_no.map_or(first, |page_no| page_no as usize);
                let start = (page_no.saturating_sub(first) * per_page).min(total);
                let end = (start + per_page).min(total);
                let fresh = (start..end).filter(|entry| seen.insert(*entry)).count();
                let paging = counts.then_some((total as f64, end as f64));
                pager.advance(PageInfo { entries: end - start, fresh, paging });
            }
            prop_assert_eq!(seen.len(), total);
        }
    }
}
