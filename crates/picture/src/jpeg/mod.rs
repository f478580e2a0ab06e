//! JPEG (ITU-T T.81 | ISO/IEC 10918-1): sequential and progressive, Huffman coded.
//!
//! Decoders fill what a file lacks with grey, and a face half grey is nobody's;
//! and they decode at the full size, which for 48 million pixels takes memory that
//! nobody needs. So the coded data are walked here: a picture is whole if all of
//! its blocks were coded, to the last bit, and nothing else was; and its blocks
//! are decoded at the size that is wanted.

mod bits;
mod colour;
mod header;
mod huffman;
mod idct;
mod paint;
mod scan;
mod store;
mod walk;

use image::metadata::Orientation;

use crate::canvas::{Canvas, Colours};
use crate::limits::{Limit, Limits};
use header::{Frame, Tables};
use paint::Painter;
use walk::Walk;

/// Why a file gives no picture.
#[derive(Debug, PartialEq)]
pub(crate) enum Problem {
    /// A marker segment that can't be right, or isn't there.
    Header(&'static str),
    /// A kind of JPEG that isn't read.
    Unsupported(&'static str),
    /// Coded data that aren't whole.
    Damaged(Damage),
    /// So many of a scan's units were coded before that.
    Scan {
        scan: usize,
        coded: usize,
        of: usize,
        damage: Damage,
    },
    Limit(Limit),
}

/// What is wrong with coded data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Damage {
    /// They end before the picture does.
    Cut,
    /// No such code can stand there.
    Code,
    /// They go on after the picture.
    More,
    /// A run of zeros is in them.
    Zeros,
    /// A restart marker is missing, or another one.
    Restart,
    /// A scan repeats what was coded, or what comes before it is missing.
    Order,
    /// A scan, or a colour, is missing at the end.
    Scans,
}

/// The pixels of a file that is whole, as they are stored, and how they have to be
/// turned; at the largest scale within `limits`.
pub(crate) fn decode(
    file: &[u8],
    colours: Colours,
    limits: &Limits,
) -> Result<(Canvas, Orientation), Problem> {
    let mut reader = Reader::new(file, limits);
    reader.run(Some(colours))?;
    let painter = reader.painter.ok_or(Problem::Damaged(Damage::Scans))?;
    Ok((painter.finish(), reader.tables.orientation))
}

/// Whether all of the picture was coded, without decoding it.
pub(crate) fn check(file: &[u8], limits: &Limits) -> Result<(), Problem> {
    Reader::new(file, limits).run(None)
}

struct Reader<'a> {
    file: &'a [u8],
    limits: &'a Limits,
    at: usize,
    tables: Tables,
    painter: Option<Painter>,
}

impl<'a> Reader<'a> {
    fn new(file: &'a [u8], limits: &'a Limits) -> Self {
        Self {
            file,
            limits,
            at: 0,
            tables: Tables::new(),
            painter: None,
        }
    }

    /// Marker after marker, until all is coded.
    fn run(&mut self, colours: Option<Colours>) -> Result<(), Problem> {
        let mut frame: Option<Frame> = None;
        let mut walk: Option<Walk> = None;
        if !self.file.starts_with(&[0xff, 0xd8]) {
            return Err(Problem::Header("it doesn't begin as a JPEG does"));
        }
        self.at = 2;
        loop {
            let missing = match &frame {
                Some(_) => Problem::Damaged(Damage::Scans),
                None => Problem::Header("there is no picture in it"),
            };
            let Some(marker) = self.next_marker() else {
                return Err(missing);
            };
            match marker {
                // Without a segment: TEM, RST, and a start that was there already.
                0x01 | 0xd0..=0xd8 => continue,
                0xd9 => return Err(missing),
                _ => {}
            }
            let segment = self.segment()?;
            match marker {
                0xc4 => self.tables.huffman_tables(segment)?,
                0xdb => self.tables.quantisers(segment)?,
                0xdd => self.tables.restart_interval(segment)?,
                0xc0..=0xcf if frame.is_some() => {
                    return Err(Problem::Header("it has two frame headers"));
                }
                0xc0..=0xcf if marker != 0xc8 && marker != 0xcc => {
                    let new = header::frame(marker, segment)?;
                    let size = (new.width as u64, new.height as u64);
                    self.limits.check_declared(size).map_err(Problem::Limit)?;
                    frame = Some(new);
                }
                0xe0..=0xef => self.tables.application(marker, segment),
                0xda => {
                    let frame = frame
                        .as_mut()
                        .ok_or(Problem::Header("a scan stands before the frame header"))?;
                    let scan = header::scan(frame, &self.tables, segment)?;
                    if walk.is_none() {
                        let at_once =
                            !frame.progressive && scan.components.len() == frame.components.len();
                        let (new, painter) =
                            Walk::plan(frame, &self.tables, at_once, colours, self.limits)?;
                        walk = Some(new);
                        self.painter = painter;
                    }
                    let Some(walk) = &mut walk else { continue };
                    let painter = self.painter.as_mut();
                    self.at = walk.scan(self.file, self.at, frame, &self.tables, &scan, painter)?;
                    if frame.is_complete() {
                        if let Some(painter) = self.painter.as_mut() {
                            walk.paint(frame, painter);
                        }
                        return Ok(());
                    }
                }
                _ => {}
            }
        }
    }

    /// The next marker, whatever is before it (B.1.1.2).
    fn next_marker(&mut self) -> Option<u8> {
        loop {
            self.at += self.file.get(self.at..)?.iter().position(|b| *b == 0xff)?;
            self.at += self.file[self.at..].iter().position(|b| *b != 0xff)?;
            self.at += 1;
            if self.file[self.at - 1] != 0 {
                return Some(self.file[self.at - 1]);
            }
        }
    }

    fn segment(&mut self) -> Result<&'a [u8], Problem> {
        const BAD: Problem = Problem::Header("it is cut off before its picture begins");
        let length = self
            .file
            .get(self.at..)
            .and_then(|rest| rest.first_chunk::<2>())
            .ok_or(BAD)?;
        let length = usize::from(u16::from_be_bytes(*length)).max(2);
        let segment = self.file.get(self.at + 2..self.at + length).ok_or(BAD)?;
        self.at += length;
        Ok(segment)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Header(what) => f.write_str(what),
            Self::Unsupported(what) => write!(f, "a JPEG with {what} isn't read"),
            Self::Damaged(damage) => write!(f, "{damage}"),
            Self::Scan {
                scan,
                coded,
                of,
                damage,
            } => {
                let share = 100 * coded / of.max(&1);
                write!(f, "{damage}, after {share} % of its scan {scan}")
            }
            Self::Limit(limit) => write!(f, "{limit}"),
        }
    }
}

impl std::fmt::Display for Damage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Cut => "its coded data end",
            Self::Code => "no picture is coded so",
            Self::More => "coded data are left over",
            Self::Zeros => "a run of zeros is where its coded data should be",
            Self::Restart => "a restart marker is missing",
            Self::Order => "its scans don't follow one another",
            Self::Scans => "part of its scans is missing",
        })
    }
}
