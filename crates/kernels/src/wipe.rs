//! Memory that forgets.

/// Zeros over all of `values`, which no compiler may leave out.
pub fn wipe(values: &mut [f32]) {
    values.fill(0.0);
    barrier(values);
}

/// After this the compiler must take every value for read.
fn barrier(values: &mut [f32]) {
    #[cfg(all(any(target_arch = "x86_64", target_arch = "aarch64"), not(miri)))]
    // SAFETY: no instruction at all; the compiler must only believe that what the
    // pointer leads to is read.
    unsafe {
        std::arch::asm!("/* {} */", in(reg) values.as_mut_ptr(), options(nostack, preserves_flags));
    }
    std::hint::black_box(values);
}

/// Values from a 64-byte boundary on, zero at first, wiped when dropped.
pub struct Buffer {
    values: Vec<f32>,
    start: usize,
    len: usize,
}

impl Buffer {
    /// So many zeros.
    pub fn new(len: usize) -> Self {
        const LINE: usize = 64;
        let values = vec![0.0; len + LINE / size_of::<f32>()];
        // The vector is never lengthened, so it stays where it is. Where no offset
        // can be told, none is used: alignment is for speed alone.
        let start = values.as_ptr().align_offset(LINE);
        let start = if start < LINE { start } else { 0 };
        Self { values, start, len }
    }

    /// How many values.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether that is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The values.
    pub fn values(&self) -> &[f32] {
        &self.values[self.start..self.start + self.len]
    }

    /// The values, to write.
    pub fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values[self.start..self.start + self.len]
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        wipe(&mut self.values);
    }
}

impl std::fmt::Debug for Buffer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Buffer({} values, withheld)", self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::{Buffer, wipe};

    #[test]
    fn a_buffer_is_aligned_and_zero() {
        for len in [0, 1, 15, 16, 1000] {
            let mut buffer = Buffer::new(len);
            assert_eq!(buffer.len(), len);
            assert!(buffer.values().iter().all(|v| *v == 0.0));
            buffer.values_mut().fill(1.0);
            wipe(buffer.values_mut());
            assert!(buffer.values().iter().all(|v| *v == 0.0));
            #[cfg(not(miri))]
            assert!(buffer.values().as_ptr().addr().is_multiple_of(64));
        }
    }
}
