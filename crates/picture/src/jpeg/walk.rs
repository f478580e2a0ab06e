//! Through the entropy-coded data of all scans (ITU-T T.81, Annexes F and G).

use image::metadata::Orientation;

use super::{
    Damage, Problem,
    bits::Bits,
    header::{Frame, Scan, Tables},
    idct::Scale,
    paint::Painter,
    scan::{Band, sequential},
    store::Store,
};
use crate::canvas::Colours;
use crate::limits::{Limit, Limits};

/// Some cameras write a few bytes too many before a marker. What damage leaves
/// over is longer.
const SPARE: usize = 8;
/// How often a block may be visited; encoders' scripts do so 5 to 15 times.
const MOST_VISITS: u64 = 32;
/// Visits that a picture may always have.
const ALWAYS: u64 = 1 << 20;

/// So many bytes of nothing are no picture's, but where zeros mean that a block
/// ends: what was lost on a card or a network is written as zeros.
const MOST_ZEROS: usize = 16;

/// What is known between the scans.
pub(super) struct Walk {
    /// Coefficients so far; `None` where one scan has all colours, whose blocks are
    /// painted as they come.
    store: Option<Store>,
    scans: usize,
    visits: u64,
    most_visits: u64,
}

impl Walk {
    /// Chooses the largest scale within the limits, if anything is to be painted.
    pub(super) fn plan(
        frame: &Frame,
        tables: &Tables,
        at_once: bool,
        colours: Option<Colours>,
        limits: &Limits,
    ) -> Result<(Self, Option<Painter>), Problem> {
        let painter = match colours {
            None => None,
            Some(colours) => {
                let scale = scale(frame, tables.orientation, at_once, colours, limits)?;
                Some(Painter::new(frame, tables, scale, colours))
            }
        };
        let store = if at_once {
            None
        } else {
            let scale = painter.as_ref().map(Painter::scale);
            limits
                .check_memory(Store::bytes(frame, scale))
                .map_err(Problem::Limit)?;
            Some(Store::new(frame, scale))
        };
        let blocks: usize = frame.components.iter().map(|c| area(c.blocks(frame))).sum();
        let walk = Self {
            store,
            scans: 0,
            visits: 0,
            most_visits: (MOST_VISITS * blocks as u64).max(ALWAYS),
        };
        Ok((walk, painter))
    }

    /// One scan, whose coded data begin at `at`; where they end.
    pub(super) fn scan(
        &mut self,
        file: &[u8],
        at: usize,
        frame: &Frame,
        tables: &Tables,
        scan: &Scan,
        painter: Option<&mut Painter>,
    ) -> Result<usize, Problem> {
        self.scans += 1;
        let units = match &scan.components[..] {
            [(only, ..)] => frame.components[*only].own_blocks(frame),
            _ => frame.units,
        };
        let blocks_of_unit: usize = match &scan.components[..] {
            [_] => 1,
            several => several
                .iter()
                .map(|(i, ..)| area(frame.components[*i].sampling))
                .sum(),
        };
        self.visits += (area(units) * blocks_of_unit) as u64;
        if self.visits > self.most_visits {
            return Err(Problem::Limit(Limit::Scans {
                visits: self.visits,
                most: self.most_visits,
            }));
        }
        let zeros_are_none = zeros_are_none(frame, tables, scan)?;
        let mut coded = Coded::new(file, at, tables.restart, zeros_are_none);
        let decoded = match &mut self.store {
            None => at_once(&mut coded, frame, tables, scan, painter),
            Some(store) => into_store(&mut coded, frame, tables, scan, units, store),
        };
        decoded
            .and_then(|()| Ok(coded.finish()?))
            .map_err(|problem| match problem {
                Problem::Damaged(damage) => Problem::Scan {
                    scan: self.scans,
                    coded: coded.units,
                    of: area(units),
                    damage,
                },
                other => other,
            })
    }

    /// What was stored, onto the picture.
    pub(super) fn paint(&self, frame: &Frame, painter: &mut Painter) {
        if let Some(store) = &self.store {
            store.paint(frame, painter);
        }
    }
}

/// Whether zeros in a scan say something else than that nothing follows: in the
/// standard's table of luminance they are one small coefficient after the other.
fn zeros_are_none(frame: &Frame, tables: &Tables, scan: &Scan) -> Result<bool, Problem> {
    let is_sequential = !frame.progressive;
    let is_first_of_band = scan.from > 0 && scan.before.is_none();
    if !(is_sequential || is_first_of_band) {
        return Ok(false);
    }
    for (_, _, ac) in &scan.components {
        let of_zeros = tables.huffman(true, *ac)?.of_zeros();
        if of_zeros.is_some_and(|symbol| symbol & 15 != 0 || symbol == 0xf0) {
            return Ok(true);
        }
    }
    Ok(false)
}

impl From<Damage> for Problem {
    fn from(damage: Damage) -> Self {
        Self::Damaged(damage)
    }
}

fn area((across, down): (usize, usize)) -> usize {
    across * down
}

/// The largest scale at which the picture, and what its decoding holds, are within
/// the limits.
fn scale(
    frame: &Frame,
    orientation: Orientation,
    at_once: bool,
    colours: Colours,
    limits: &Limits,
) -> Result<Scale, Problem> {
    let mut met = None;
    for scale in Scale::ALL {
        let (width, height) = (scale.of(frame.width) as u64, scale.of(frame.height) as u64);
        let stored = if at_once {
            0
        } else {
            Store::bytes(frame, Some(scale))
        };
        let painting = Painter::bytes_beside(frame, scale) + stored;
        let fits = limits.check_kept((width, height), colours, painting, orientation);
        match fits {
            Ok(()) => return Ok(scale),
            Err(limit) => met = Some(limit),
        }
    }
    Err(met.map_or(Problem::Damaged(Damage::Scans), Problem::Limit))
}

/// A sequential scan of all colours: each row of units is painted at once.
fn at_once(
    coded: &mut Coded<'_>,
    frame: &Frame,
    tables: &Tables,
    scan: &Scan,
    mut painter: Option<&mut Painter>,
) -> Result<(), Problem> {
    let mut components = Vec::new();
    for &(index, dc, ac) in &scan.components {
        let both = (tables.huffman(false, dc)?, tables.huffman(true, ac)?);
        components.push((index, both));
    }
    let mut block = zeroize::Zeroizing::new([0_i16; 64]);
    let mut used = 0;
    for _ in 0..frame.units.1 {
        for unit in 0..frame.units.0 {
            coded.unit()?;
            for (index, both) in &components {
                let (across, down) = frame.components[*index].sampling;
                for y in 0..down {
                    for x in unit * across..(unit + 1) * across {
                        block[..if used > 10 { 64 } else { 32 }].fill(0);
                        let last = &mut coded.last_dc[*index];
                        used = sequential(&mut coded.bits, *both, last, &mut block)?;
                        if let Some(painter) = painter.as_mut() {
                            painter.block(frame, *index, (x, y), &block, used);
                        }
                    }
                }
            }
        }
        if let Some(painter) = painter.as_mut() {
            painter.row_of_units();
        }
    }
    Ok(())
}

/// A scan of some colours, or of some of their bits.
fn into_store(
    coded: &mut Coded<'_>,
    frame: &Frame,
    tables: &Tables,
    scan: &Scan,
    units: (usize, usize),
    store: &mut Store,
) -> Result<(), Problem> {
    let band = Band {
        from: scan.from,
        to: scan.to,
        bit: scan.bit.into(),
    };
    let alone = scan.components.len() == 1;
    for row in 0..units.1 {
        for unit in 0..units.0 {
            coded.unit()?;
            for &(index, dc, ac) in &scan.components {
                let (across, down) = match alone {
                    true => (1, 1),
                    false => frame.components[index].sampling,
                };
                for y in row * down..(row + 1) * down {
                    for x in unit * across..(unit + 1) * across {
                        let mut block = store.block(index, (x, y));
                        if !frame.progressive {
                            let both = (tables.huffman(false, dc)?, tables.huffman(true, ac)?);
                            let mut whole = zeroize::Zeroizing::new([0; 64]);
                            let last = &mut coded.last_dc[index];
                            sequential(&mut coded.bits, both, last, &mut whole)?;
                            block.set_all(&whole);
                        } else if scan.from > 0 {
                            let to_come = &mut coded.blocks_to_come;
                            if scan.before.is_some() {
                                let table = tables.huffman(true, ac)?;
                                block.later(&mut coded.bits, table, band, to_come)?;
                            } else if *to_come > 0 {
                                *to_come -= 1;
                            } else {
                                let table = tables.huffman(true, ac)?;
                                block.first(&mut coded.bits, table, band, to_come)?;
                            }
                        } else if scan.before.is_some() {
                            block.refine_dc(&mut coded.bits, band.bit)?;
                        } else {
                            let table = tables.huffman(false, dc)?;
                            let last = &mut coded.last_dc[index];
                            let value = super::scan::dc(&mut coded.bits, table, last)?;
                            block.set(0, value << band.bit);
                        }
                    }
                }
            }
        }
    }
    Ok(())
}

/// The coded data of a scan, in the parts between its restart markers.
struct Coded<'a> {
    file: &'a [u8],
    bits: Bits<'a>,
    /// Where the part that is read begins.
    from: usize,
    zeros_are_none: bool,
    /// Units between restart markers; 0 for none.
    interval: usize,
    /// Units that were begun.
    units: usize,
    /// Restart markers that were passed.
    restarts: usize,
    last_dc: [i32; 4],
    /// Blocks that end where the last one did.
    blocks_to_come: u32,
}

impl<'a> Coded<'a> {
    fn new(file: &'a [u8], at: usize, interval: usize, zeros_are_none: bool) -> Self {
        Self {
            file,
            bits: Bits::new(file, at),
            from: at,
            zeros_are_none,
            interval,
            units: 0,
            restarts: 0,
            last_dc: [0; 4],
            blocks_to_come: 0,
        }
    }

    /// Before each unit: over a restart marker, if one is due (E.2.4).
    fn unit(&mut self) -> Result<(), Damage> {
        let due = self.interval > 0 && self.units > 0 && self.units.is_multiple_of(self.interval);
        if due {
            let at = self.finish()?;
            let expected = 0xd0 + (self.restarts % 8) as u8;
            if self.file.get(at..at + 2) != Some(&[0xff, expected]) {
                return Err(Damage::Restart);
            }
            self.restarts += 1;
            self.bits = Bits::new(self.file, at + 2);
            self.from = at + 2;
            self.last_dc = [0; 4];
        }
        self.units += 1;
        Ok(())
    }

    /// At the end of a part: nothing may be left over; where it ends.
    fn finish(&mut self) -> Result<usize, Damage> {
        let bits = std::mem::replace(&mut self.bits, Bits::new(&[], 0));
        let (unused, at) = bits.finish();
        if unused > SPARE || self.blocks_to_come > 0 {
            return Err(Damage::More);
        }
        if self.zeros_are_none && has_zeros(&self.file[self.from..at]) {
            return Err(Damage::Zeros);
        }
        Ok(at)
    }
}

/// Whether there is a run of zeros that is too long.
fn has_zeros(bytes: &[u8]) -> bool {
    // Any such run has one of these places in it.
    (MOST_ZEROS - 1..bytes.len())
        .step_by(MOST_ZEROS)
        .filter(|at| bytes[*at] == 0)
        .any(|at| {
            let before = bytes[..at].iter().rev().take_while(|b| **b == 0).count();
            let after = bytes[at..].iter().take_while(|b| **b == 0).count();
            before + after >= MOST_ZEROS
        })
}
