//! Every block of memory is overwritten before it is freed.
//!
//! Custody's own types wipe themselves. What is left are the blocks of others: a
//! decoder's planes, a vector that grew, a tensor. This wipes those too, in the
//! binary alone: what a library allocates is its program's matter. It does not
//! reach what is never freed, the stack, or registers.

use std::alloc::System;
use zeroizing_alloc::ZeroAlloc;

#[global_allocator]
static WIPED: ZeroAlloc<System> = ZeroAlloc(System);

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::unix::fs::FileExt as _;

    /// Whether this process's memory holds the mark anywhere at these places. Read
    /// as a file: what is freed cannot be looked at otherwise.
    fn marks(places: &[(u64, usize)]) -> usize {
        let memory = File::open("/proc/self/mem").unwrap();
        let mut found = 0;
        for &(at, length) in places {
            let mut bytes = vec![0; length];
            // What was given back to the system is nobody's any more.
            if memory.read_exact_at(&mut bytes, at).is_ok() {
                // Eight in a row: other tests use what was freed, and have such a byte
                // now and then.
                let marked = |chunk: &&[u8]| chunk.iter().all(|byte| *byte == 0xa7);
                found += 8 * bytes.chunks_exact(8).filter(marked).count();
            }
        }
        found
    }

    fn place<T>(vector: &[T]) -> (u64, usize) {
        (vector.as_ptr().addr() as u64, size_of_val(vector))
    }

    #[test]
    fn what_is_freed_or_grown_out_of_is_overwritten() {
        let mut places = Vec::with_capacity(64);
        for size in [24_usize, 104, 1000, 5000, 60_000, 100_000] {
            let mut grown = vec![0xa7_u8; size];
            places.push(place(&grown));
            assert!(marks(&places[places.len() - 1..]) >= size);
            // Something after it, so that it cannot grow where it is.
            let between = vec![0_u8; size];
            grown.resize(4 * size, 0xa7);
            places.push(place(&grown));
            drop(grown);
            drop(between);
        }
        assert_eq!(marks(&places), 0);
    }
}
