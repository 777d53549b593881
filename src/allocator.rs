//! The allocator of the npm package, after that of 4.2BSD: each block has a power of two of bytes, and the freed blocks of
//! one size form a list, from which the next one is taken.
//!
//! It searches nothing, a watch of any length reuses what it has freed, and its code is a third of talc's, which is the
//! smallest of the well-kept ones that do not search. (lol_alloc is as small, but searches all that is free: a poll of 10,000
//! participants takes 2.6 times the CPU time. std's own is 8 kB.) For one thread.

#![expect(unsafe_code, reason = "an allocator hands out memory")]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::ptr::{null_mut, with_exposed_provenance_mut};

/// The bytes of the smallest block. All blocks are aligned to as much, and no type needs more.
const SMALLEST: usize = 16;
/// The bytes of a page of memory.
const PAGE: usize = 65_536;

pub(crate) struct Allocator {
    /// The first free block of each size, by its exponent. A free block begins with the address of the next.
    free: [Cell<*mut u8>; usize::BITS as usize],
    /// What was never handed out starts and ends here.
    start: Cell<usize>,
    end: Cell<usize>,
}

// SAFETY: the package's module has one thread.
unsafe impl Sync for Allocator {}

impl Allocator {
    pub(crate) const fn new() -> Self {
        Self {
            free: [const { Cell::new(null_mut()) }; usize::BITS as usize],
            start: Cell::new(0),
            end: Cell::new(0),
        }
    }

    /// A block that was never used before, or null if the memory is full.
    fn fresh(&self, size: usize) -> *mut u8 {
        if self.end.get().wrapping_sub(self.start.get()) < size {
            let pages = size.div_ceil(PAGE);
            let Some(address) = grow(pages) else {
                return null_mut();
            };
            // What is left below goes on in what was added, unless another has grown the memory between.
            if address != self.end.get() {
                self.start.set(address);
            }
            self.end.set(address.wrapping_add(pages * PAGE));
        }
        let block = self.start.get();
        self.start.set(block.wrapping_add(size));
        with_exposed_provenance_mut(block)
    }
}

/// The exponent of the size of a block for this many bytes.
fn exponent(bytes: usize) -> u32 {
    bytes.max(SMALLEST).next_power_of_two().trailing_zeros()
}

// SAFETY: a block is in one list at most, and in none while it is in use.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let exponent = exponent(layout.size());
        let Some(free) = self.free.get(exponent as usize) else {
            return null_mut();
        };
        let block = free.get();
        if block.is_null() {
            return self.fresh(1 << exponent);
        }
        // SAFETY: `dealloc` has written the next one there, and blocks are aligned for it.
        free.set(unsafe { block.cast::<*mut u8>().read() });
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if let Some(free) = self.free.get(exponent(layout.size()) as usize) {
            // SAFETY: the smallest block has room for an address.
            unsafe { block.cast::<*mut u8>().write(free.get()) };
            free.set(block);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if exponent(size) == exponent(layout.size()) {
            return block;
        }
        // SAFETY: as the caller of `realloc` promises, for both sizes.
        unsafe {
            let new = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !new.is_null() {
                new.copy_from_nonoverlapping(block, size.min(layout.size()));
                self.dealloc(block, layout);
            }
            new
        }
    }
}

/// Adds pages to the memory. Returns the address of the first, if there is any left.
#[cfg(target_arch = "wasm32")]
fn grow(pages: usize) -> Option<usize> {
    let before = std::arch::wasm32::memory_grow(0, pages);
    (before != usize::MAX).then_some(before * PAGE)
}

/// In tests on other platforms the pages are blocks of std's allocator.
#[cfg(not(target_arch = "wasm32"))]
fn grow(pages: usize) -> Option<usize> {
    let layout = Layout::from_size_align(pages * PAGE, SMALLEST).ok()?;
    // SAFETY: the size is not 0.
    let memory = unsafe { std::alloc::alloc(layout) };
    (!memory.is_null()).then(|| memory.expose_provenance())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(size: usize) -> Layout {
        Layout::from_size_align(size, 8).unwrap()
    }

    /// Fills a block with a byte.
    fn fill(block: *mut u8, size: usize, byte: u8) {
        assert!(!block.is_null() && block.addr().is_multiple_of(SMALLEST));
        unsafe { block.write_bytes(byte, size) };
    }

    fn holds(block: *mut u8, size: usize, byte: u8) -> bool {
        let bytes = unsafe { std::slice::from_raw_parts(block, size) };
        bytes.iter().all(|one| *one == byte)
    }

    #[test]
    fn blocks_in_use_do_not_overlap() {
        let allocator = Allocator::new();
        let mut used: Vec<(*mut u8, usize, u8)> = Vec::new();
        // Sizes from 1 byte to several pages; every third block is freed again.
        for round in 0..2000_usize {
            let size = 1 + (round * 7919) % if round % 100 == 0 { 200_000 } else { 300 };
            let block = unsafe { allocator.alloc(layout(size)) };
            let byte = round as u8;
            fill(block, size, byte);
            used.push((block, size, byte));
            if round % 3 == 0 {
                let (block, size, byte) = used.swap_remove(round % used.len());
                assert!(holds(block, size, byte));
                unsafe { allocator.dealloc(block, layout(size)) };
            }
        }
        for (block, size, byte) in used {
            assert!(holds(block, size, byte));
        }
    }

    #[test]
    fn what_was_freed_is_used_again() {
        let allocator = Allocator::new();
        let sizes = [1, 16, 17, 100, 4096, 70_000, 100];
        let round = || {
            let blocks = sizes.map(|size| unsafe { allocator.alloc(layout(size)) });
            for (block, size) in blocks.into_iter().zip(sizes) {
                unsafe { allocator.dealloc(block, layout(size)) };
            }
            (allocator.start.get(), allocator.end.get())
        };
        let first = round();
        for _ in 0..1000 {
            assert_eq!(round(), first);
        }
    }

    #[test]
    fn a_block_that_grows_keeps_what_it_holds() {
        let allocator = Allocator::new();
        let mut size = 3;
        let mut block = unsafe { allocator.alloc(layout(size)) };
        fill(block, size, 7);
        for larger in [10, 16, 17, 40, 1000, 100_000] {
            let grown = unsafe { allocator.realloc(block, layout(size), larger) };
            assert!(holds(grown, 3, 7));
            assert_eq!(grown == block, exponent(size) == exponent(larger));
            (block, size) = (grown, larger);
        }
        let shrunk = unsafe { allocator.realloc(block, layout(size), 3) };
        assert!(holds(shrunk, 3, 7));
    }

    #[test]
    fn more_than_there_is_gives_null() {
        let allocator = Allocator::new();
        let all = layout(isize::MAX as usize & !15);
        assert!(unsafe { allocator.alloc(all) }.is_null());
        assert!(!unsafe { allocator.alloc(layout(8)) }.is_null());
    }
}
