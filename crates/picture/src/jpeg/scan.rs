//! The coefficients of one block in one scan (ITU-T T.81, F.2.2 and G.2).

use super::{Damage, bits::Bits, huffman::Table};

/// Which place in a block, row by row, each coefficient of the zigzag order has
/// (Figure A.6).
#[rustfmt::skip]
pub(super) const ZIGZAG: [u8; 64] = [
     0,  1,  8, 16,  9,  2,  3, 10, 17, 24, 32, 25, 18, 11,  4,  5,
    12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13,  6,  7, 14, 21, 28,
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
    58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// No DC coefficient of 8-bit samples is larger, whatever it is quantised by,
/// and differences have at most eleven bits (Table F.1): twice that is damage.
const MOST_DC: i32 = 1 << 12;

/// The next DC coefficient: the last one and a difference (F.2.2.1).
pub(super) fn dc(bits: &mut Bits<'_>, table: &Table, last: &mut i32) -> Result<i32, Damage> {
    let size = table.decode(bits)?;
    if size > 11 {
        return Err(Damage::Code);
    }
    *last += bits.signed(size.into())?;
    if last.abs() > MOST_DC {
        return Err(Damage::Code);
    }
    Ok(*last)
}

/// A whole block of a sequential scan, into zeros; how many coefficients of the
/// zigzag order may differ from zero.
pub(super) fn sequential(
    bits: &mut Bits<'_>,
    (dc_table, ac_table): (&Table, &Table),
    last_dc: &mut i32,
    block: &mut [i16; 64],
) -> Result<usize, Damage> {
    block[0] = dc(bits, dc_table, last_dc)? as i16;
    let (mut k, mut used) = (1, 1);
    while k < 64 {
        let symbol = ac_table.decode(bits)?;
        let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
        match (run, size) {
            (0, 0) => break,
            (15, 0) => k += 16,
            // Ten bits are the most (Table F.2); a run by itself is no code.
            (_, 0) | (_, 11..) => return Err(Damage::Code),
            _ => {
                k += run;
                let place = *ZIGZAG.get(k).ok_or(Damage::Code)?;
                block[usize::from(place)] = bits.signed(size)? as i16;
                k += 1;
                used = k;
            }
        }
    }
    if k > 64 {
        return Err(Damage::Code);
    }
    Ok(used)
}

/// A block of a progressive picture: which coefficients differ from zero so far,
/// by their place in the zigzag order, and those that are kept.
pub(super) struct Progress<'a> {
    pub(super) nonzero: &'a mut u64,
    pub(super) kept: &'a mut [i16],
    /// Where each coefficient of the zigzag order is in `kept`, if it is.
    pub(super) slots: &'a [Option<u8>; 64],
}

/// Coefficients `from` to `to` of the zigzag order, as precise as `bit`.
#[derive(Clone, Copy)]
pub(super) struct Band {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) bit: u32,
}

impl Progress<'_> {
    fn slot(&mut self, k: usize) -> Option<&mut i16> {
        let place = usize::from(self.slots[k]?);
        self.kept.get_mut(place)
    }

    pub(super) fn set(&mut self, k: usize, value: i32) {
        *self.nonzero |= 1 << k;
        if let Some(slot) = self.slot(k) {
            *slot = value as i16;
        }
    }

    pub(super) fn refine_dc(&mut self, bits: &mut Bits<'_>, bit: u32) -> Result<(), Damage> {
        if bits.bit()?
            && let Some(slot) = self.slot(0)
        {
            *slot |= 1 << bit;
        }
        Ok(())
    }

    fn is_nonzero(&self, k: usize) -> bool {
        *self.nonzero >> k & 1 == 1
    }

    /// One more bit of a coefficient that differs from zero (G.1.2.3).
    fn refine(&mut self, bits: &mut Bits<'_>, k: usize, bit: u32) -> Result<(), Damage> {
        if bits.bit()?
            && let Some(slot) = self.slot(k)
        {
            let step = 1_i16 << bit;
            if *slot & step == 0 {
                *slot = slot.wrapping_add(if *slot >= 0 { step } else { -step });
            }
        }
        Ok(())
    }

    /// The first scan of a band of AC coefficients (G.1.2.2).
    pub(super) fn first(
        &mut self,
        bits: &mut Bits<'_>,
        table: &Table,
        band: Band,
        blocks_to_come: &mut u32,
    ) -> Result<(), Damage> {
        let mut k = band.from;
        while k <= band.to {
            let symbol = table.decode(bits)?;
            let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            match (run, size) {
                (15, 0) => k += 16,
                (run, 0) => {
                    *blocks_to_come = end_of_bands(bits, run as u32)? - 1;
                    return Ok(());
                }
                (_, 11..) => return Err(Damage::Code),
                _ => {
                    k += run;
                    if k > band.to {
                        return Err(Damage::Code);
                    }
                    let value = bits.signed(size)?;
                    self.set(k, value << band.bit);
                    k += 1;
                }
            }
        }
        Ok(())
    }

    /// A later scan of a band: one more bit of what differs from zero, and what
    /// does so from now on (G.1.2.3).
    pub(super) fn later(
        &mut self,
        bits: &mut Bits<'_>,
        table: &Table,
        band: Band,
        blocks_to_come: &mut u32,
    ) -> Result<(), Damage> {
        let mut k = band.from;
        while *blocks_to_come == 0 && k <= band.to {
            let symbol = table.decode(bits)?;
            let (mut zeros, size) = (symbol >> 4, symbol & 15);
            let value = match (zeros, size) {
                (15, 0) => None,
                (run, 0) => {
                    *blocks_to_come = end_of_bands(bits, run.into())?;
                    break;
                }
                (_, 1) => Some(if bits.bit()? { 1 } else { -1 }),
                _ => return Err(Damage::Code),
            };
            loop {
                if k > band.to {
                    if value.is_some() {
                        return Err(Damage::Code);
                    }
                    break;
                }
                if self.is_nonzero(k) {
                    self.refine(bits, k, band.bit)?;
                } else if zeros == 0 {
                    if let Some(sign) = value {
                        self.set(k, sign * (1 << band.bit));
                    }
                    k += 1;
                    break;
                } else {
                    zeros -= 1;
                }
                k += 1;
            }
        }
        if *blocks_to_come > 0 {
            self.skip(bits, k, band)?;
            *blocks_to_come -= 1;
        }
        Ok(())
    }

    /// The rest of a block in which nothing new differs from zero.
    fn skip(&mut self, bits: &mut Bits<'_>, from: usize, band: Band) -> Result<(), Damage> {
        if from > band.to {
            return Ok(());
        }
        let of_band = u64::MAX >> (63 - band.to) & u64::MAX << from;
        let mut left = *self.nonzero & of_band;
        while left != 0 {
            self.refine(bits, left.trailing_zeros() as usize, band.bit)?;
            left &= left - 1;
        }
        Ok(())
    }
}

/// How many blocks, this one counted in, end here (Table G.1).
fn end_of_bands(bits: &mut Bits<'_>, run: u32) -> Result<u32, Damage> {
    Ok((1 << run) + bits.number(run)? as u32)
}
