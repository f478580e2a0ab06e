//! The bits of one entropy-coded segment (ITU-T T.81, F.2.2.5): stuffed bytes
//! taken out, and never a bit that the file hasn't.

use super::Damage;

/// Reads from the start of a scan, or from after a restart marker, up to the
/// next marker or the end of the file.
pub(super) struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    /// The bits read ahead, from the top.
    buffer: u64,
    /// How many of them there are.
    ready: u32,
    /// Nothing follows but a marker or the end of the file.
    ended: bool,
}

impl<'a> Bits<'a> {
    pub(super) fn new(data: &'a [u8], at: usize) -> Self {
        Self {
            data,
            at,
            buffer: 0,
            ready: 0,
            ended: false,
        }
    }

    /// At least 32 bits, if the segment has so many.
    fn refill(&mut self) {
        // Four bytes at once where none of them can be a marker's.
        if let Some(&[a, b, c, d]) = self.data.get(self.at..self.at + 4)
            && a != 0xff
            && b != 0xff
            && c != 0xff
            && d != 0xff
        {
            let four = u64::from(u32::from_be_bytes([a, b, c, d]));
            self.buffer |= four << (32 - self.ready);
            self.ready += 32;
            self.at += 4;
            return;
        }
        while self.ready <= 48 && !self.ended {
            match (self.data.get(self.at), self.data.get(self.at + 1)) {
                (Some(0xff), Some(0)) => {
                    self.push(0xff);
                    self.at += 2;
                }
                (Some(0xff), _) | (None, _) => self.ended = true,
                (Some(&byte), _) => {
                    self.push(byte);
                    self.at += 1;
                }
            }
        }
    }

    fn push(&mut self, byte: u8) {
        self.buffer |= u64::from(byte) << (56 - self.ready);
        self.ready += 8;
    }

    /// The next 16 bits, zeros where the segment has no more.
    pub(super) fn peek16(&mut self) -> u32 {
        if self.ready < 32 && !self.ended {
            self.refill();
        }
        (self.buffer >> 48) as u32
    }

    /// Takes up to 16 bits that were peeked at.
    pub(super) fn take(&mut self, count: u32) -> Result<(), Damage> {
        if count > self.ready {
            return Err(Damage::Cut);
        }
        self.buffer <<= count;
        self.ready -= count;
        Ok(())
    }

    /// The next bits as a number; at most 16.
    pub(super) fn number(&mut self, count: u32) -> Result<i32, Damage> {
        if count == 0 {
            return Ok(0);
        }
        let value = self.peek16() >> (16 - count);
        self.take(count)?;
        Ok(value as i32)
    }

    pub(super) fn bit(&mut self) -> Result<bool, Damage> {
        Ok(self.number(1)? == 1)
    }

    /// A number of `size` bits with its sign (F.2.2.1, EXTEND).
    pub(super) fn signed(&mut self, size: u32) -> Result<i32, Damage> {
        let value = self.number(size)?;
        let positive = size == 0 || value >= 1 << (size - 1);
        Ok(if positive {
            value
        } else {
            value - (1 << size) + 1
        })
    }

    /// Leaves the segment: how many whole bytes of it weren't used, and where
    /// the next marker is, or the end of the file.
    pub(super) fn finish(self) -> (usize, usize) {
        let mut unused = (self.ready / 8) as usize;
        let mut at = self.at;
        loop {
            match (self.data.get(at), self.data.get(at + 1)) {
                (None, _) | (Some(0xff), None) => return (unused, self.data.len()),
                (Some(0xff), Some(0)) => {
                    unused += 1;
                    at += 2;
                }
                // Fill bytes before a marker (B.1.1.2).
                (Some(0xff), Some(0xff)) => at += 1,
                (Some(0xff), Some(_)) => return (unused, at),
                (Some(_), _) => {
                    unused += 1;
                    at += 1;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bits, Damage};

    #[test]
    fn stuffing_goes_and_what_is_not_there_is_not_read() {
        let data = [0xa5, 0xff, 0x00, 0x0f, 0xff, 0xd9, 0x77];
        let mut bits = Bits::new(&data, 0);
        for (count, expected) in [(4, 0xa), (4, 0x5), (8, 0xff), (4, 0)] {
            assert_eq!(bits.number(count).expect("there"), expected);
        }
        assert_eq!(bits.number(5), Err(Damage::Cut));
        assert_eq!(bits.finish(), (0, 4));
        assert_eq!(Bits::new(&data, 0).finish(), (3, 4));
        assert_eq!(Bits::new(&data[..2], 0).finish(), (1, 2));
        assert_eq!(Bits::new(&data, 6).finish(), (1, 7));
    }

    #[test]
    fn numbers_have_signs() {
        for (byte, size, expected) in [
            (0b1000_0000, 1, 1),
            (0b0000_0000, 1, -1),
            (0b1010_0000, 3, 5),
            (0b0100_0000, 3, -5),
            (0b0000_0000, 0, 0),
        ] {
            let data = [byte];
            assert_eq!(Bits::new(&data, 0).signed(size), Ok(expected), "{size}");
        }
    }
}
