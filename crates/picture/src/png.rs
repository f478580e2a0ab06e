//! PNG (ISO/IEC 15948), row by row; a picture that is too large is averaged over
//! squares of pixels as its rows come.

use std::io::{Cursor, ErrorKind as IoError};

use crate::wiped::Wiped;
use image::metadata::Orientation;
use png::{BitDepth, ColorType, DecodingError, Reader, Transformations};

use crate::canvas::{Canvas, Colours, on_white};
use crate::{Error, ImageFormat, Limits};

/// Bytes that the decoder may take for what isn't pixels, such as metadata.
const MOST_BESIDE: usize = 4 << 20;
/// Rows that the decoder works on, in rows of its own and of those it gives.
const ROWS_OF_DECODER: u64 = 6;
/// One of so many pixels a side is kept.
const REDUCTIONS: [usize; 4] = [1, 2, 4, 8];

type Rows<'a> = Reader<Cursor<&'a [u8]>>;

/// The pixels as they are stored, and how they have to be turned.
pub(crate) fn decode(
    file: &[u8],
    colours: Colours,
    limits: &Limits,
) -> Result<(Canvas, Orientation), Error> {
    let beside = png::Limits { bytes: MOST_BESIDE };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(file), beside);
    decoder.set_transformations(Transformations::EXPAND);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let header = decoder.read_header_info().map_err(damaged)?;
    let (width, height) = header.size();
    // Rows are given memory before anything else is asked.
    limits.check_memory(ROWS_OF_DECODER * header.raw_row_length() as u64)?;
    let mut reader = decoder.read_info().map_err(damaged)?;
    let exif = reader.info().exif_metadata.as_deref();
    let orientation = exif
        .and_then(Orientation::from_exif_chunk)
        .unwrap_or(Orientation::NoTransforms);
    let row = reader.output_line_size(width).unwrap_or(usize::MAX) as u64;
    let interlaced = reader.info().interlaced;
    let rows = if interlaced {
        u64::from(height).saturating_add(ROWS_OF_DECODER)
    } else {
        ROWS_OF_DECODER
    };
    let beside = row
        .saturating_mul(rows)
        .saturating_add(15 * u64::from(width));
    let (width, height) = (width as usize, height as usize);
    let mut met = None;
    for by in REDUCTIONS {
        let size = (width.div_ceil(by), height.div_ceil(by));
        let kept = (size.0 as u64, size.1 as u64);
        match limits.check_kept(kept, colours, beside, orientation) {
            Ok(()) => {
                let mut reduced = Reduced::new(by, size, colours);
                let kind = reader.output_color_type();
                let mut rgb = Wiped::new(vec![0; 3 * width]);
                each_row(&mut reader, interlaced, |row| {
                    to_rgb(kind, row, &mut rgb);
                    reduced.push(&rgb);
                })?;
                reduced.flush(width);
                return Ok((reduced.canvas, orientation));
            }
            Err(limit) => met = Some(limit),
        }
    }
    Err(met.map_or_else(|| Error::unsupported("no size"), Error::from))
}

fn each_row(
    reader: &mut Rows<'_>,
    interlaced: bool,
    mut each: impl FnMut(&[u8]),
) -> Result<(), Error> {
    if interlaced {
        let size = reader.output_buffer_size().unwrap_or(0);
        let mut whole = Wiped::new(vec![0; size]);
        let info = reader.next_frame(&mut whole).map_err(damaged)?;
        whole.chunks_exact(info.line_size).for_each(each);
    } else {
        for _ in 0..reader.info().height {
            let row = reader.next_row().map_err(damaged)?;
            let missing = || Error::damaged(ImageFormat::Png, "its last rows are missing");
            each(row.ok_or_else(missing)?.data());
        }
    }
    // The rest has checksums of what was read; that it is there isn't asked for.
    match reader.finish() {
        Err(DecodingError::IoError(e)) if e.kind() == IoError::UnexpectedEof => Ok(()),
        other => other.map_err(damaged),
    }
}

fn damaged(error: DecodingError) -> Error {
    Error::damaged(ImageFormat::Png, error)
}

/// A row as the file has it to R, G, B, what is transparent on white.
fn to_rgb((colour, depth): (ColorType, BitDepth), row: &[u8], rgb: &mut [u8]) {
    let wide = usize::from(depth == BitDepth::Sixteen);
    let channels = colour.samples();
    let sample = |pixel: &[u8], channel: usize| {
        let at = channel << wide;
        match wide {
            0 => pixel[at],
            _ => {
                let value = u32::from(u16::from_be_bytes([pixel[at], pixel[at + 1]]));
                ((value + 128) / 257) as u8
            }
        }
    };
    let pixels = row.chunks_exact(channels << wide);
    for (pixel, out) in pixels.zip(rgb.as_chunks_mut::<3>().0) {
        let grey = channels < 3;
        let colours = [0, 1, 2].map(|i| sample(pixel, if grey { 0 } else { i }));
        *out = if channels.is_multiple_of(2) {
            let alpha = sample(pixel, channels - 1);
            colours.map(|value| on_white(value, alpha))
        } else {
            colours
        };
    }
}

/// Averages squares of `by` pixels a side; those at the right and lower edge may be
/// smaller.
struct Reduced {
    by: usize,
    sums: Wiped<[u32; 3]>,
    /// Rows in the sums.
    rows: usize,
    row: Wiped<u8>,
    canvas: Canvas,
}

impl Reduced {
    fn new(by: usize, (width, height): (usize, usize), colours: Colours) -> Self {
        Self {
            by,
            sums: Wiped::new(vec![[0; 3]; if by > 1 { width } else { 0 }]),
            rows: 0,
            row: Wiped::new(vec![0; 3 * width]),
            canvas: Canvas::new(width, height, colours),
        }
    }

    fn push(&mut self, rgb: &[u8]) {
        if self.by == 1 {
            self.canvas.push(rgb);
            return;
        }
        for (square, sums) in rgb.chunks(3 * self.by).zip(self.sums.iter_mut()) {
            for pixel in square.as_chunks::<3>().0 {
                for (sum, value) in sums.iter_mut().zip(pixel) {
                    *sum += u32::from(*value);
                }
            }
        }
        self.rows += 1;
        if self.rows == self.by {
            self.flush(rgb.len() / 3);
        }
    }

    /// A row of averages, of rows of `width` pixels.
    fn flush(&mut self, width: usize) {
        if self.rows == 0 {
            return;
        }
        let pixels = self.row.as_chunks_mut::<3>().0;
        for (i, (pixel, sums)) in pixels.iter_mut().zip(self.sums.iter_mut()).enumerate() {
            let count = (self.rows * self.by.min(width - i * self.by)) as u32;
            *pixel = sums.map(|sum| ((sum + count / 2) / count) as u8);
            *sums = [0; 3];
        }
        self.rows = 0;
        self.canvas.push(&self.row);
    }
}
