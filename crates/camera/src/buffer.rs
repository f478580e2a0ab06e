//! Bytes that arrive, wiped as they go: a vector that grows by itself would leave
//! what it held behind.

use rowcall_picture::Wiped;

/// A queue of bytes. What is taken out or thrown away is wiped.
#[derive(Default)]
pub(crate) struct Buffer {
    bytes: Wiped<u8>,
    start: usize,
}

impl Buffer {
    pub(crate) fn push(&mut self, new: &[u8]) {
        let need = self.bytes.len() + new.len();
        if need > self.bytes.capacity() {
            let held = self.len() + new.len();
            let mut larger = Wiped::new(Vec::with_capacity(held.next_power_of_two().max(4096)));
            larger.extend_from_slice(self.as_slice());
            self.bytes = larger;
            self.start = 0;
        }
        self.bytes.extend_from_slice(new);
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len() - self.start
    }

    /// Throws the first `count` bytes away.
    pub(crate) fn skip(&mut self, count: usize) {
        let end = (self.start + count).min(self.bytes.len());
        self.bytes.wipe_part(self.start..end);
        self.start = end;
        if self.start == self.bytes.len() {
            self.bytes.clear();
            self.start = 0;
        }
    }

    /// Takes the first `count` bytes out.
    pub(crate) fn take(&mut self, count: usize) -> Wiped<u8> {
        let taken = Wiped::new(self.as_slice()[..count].to_vec());
        self.skip(count);
        taken
    }
}
