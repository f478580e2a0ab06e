//! One way from a file to pixels, whatever its format.

use crate::canvas::{Canvas, Colours};
use crate::foreign::foreign_format;
use crate::jpeg::{self, Problem};
use crate::probe::{ImageFormat, probe};
use crate::{Error, Header, Limits, jpeg2000, orient, png};

/// The pixels upright, at the largest size within the limits.
pub(crate) fn decode(file: &[u8], colours: Colours, limits: &Limits) -> Result<Canvas, Error> {
    let header = header(file, limits)?;
    let (mut canvas, orientation) = match header.format {
        ImageFormat::Jpeg => jpeg::decode(file, colours, limits)?,
        ImageFormat::Png => png::decode(file, colours, limits)?,
        ImageFormat::Jp2 | ImageFormat::J2k => {
            return jpeg2000::decode(file, &header, colours, limits);
        }
    };
    if !canvas.is_full() {
        return Err(Error::damaged(header.format, "part of it is missing"));
    }
    orient::turn(&mut canvas, orientation);
    Ok(canvas)
}

/// Whether all of a picture is there, as far as that can be told without decoding
/// it: of a JPEG whether all of it was coded, of JPEG 2000 whether its parts are as
/// long as they say. A PNG's checksums are looked at when it is decoded.
///
/// # Errors
/// As [`Image::decode`](crate::Image::decode); a picture that would be too large to
/// keep isn't an error here.
pub fn check_whole(file: &[u8], limits: &Limits) -> Result<(), Error> {
    match header(file, limits)?.format {
        ImageFormat::Jpeg => Ok(jpeg::check(file, limits)?),
        ImageFormat::Png => Ok(()),
        ImageFormat::Jp2 | ImageFormat::J2k => jpeg2000::check(file),
    }
}

fn header(file: &[u8], limits: &Limits) -> Result<Header, Error> {
    limits.check_bytes(file.len())?;
    let header = probe(file).ok_or_else(|| match file {
        [0xff, 0xd8, 0xff, ..] => Error::damaged(ImageFormat::Jpeg, "its header is cut off"),
        [0x89, b'P', b'N', b'G', ..] => Error::damaged(ImageFormat::Png, "its header is cut off"),
        [] => Error::unsupported("the file is empty"),
        _ => Error::unsupported(format!(
            "it is {}, whatever its name says; JPEG, PNG and JPEG 2000 are read",
            foreign_format(file).unwrap_or("no picture")
        )),
    })?;
    limits.check_declared((header.width.into(), header.height.into()))?;
    if header.width == 0 || (header.height == 0 && header.format != ImageFormat::Jpeg) {
        return Err(Error::damaged(header.format, "it has no pixels"));
    }
    Ok(header)
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Limit(limit) => limit.into(),
            Problem::Unsupported(what) => {
                Self::unsupported(format!("a JPEG with {what} isn't read"))
            }
            damaged => Self::damaged(ImageFormat::Jpeg, damaged),
        }
    }
}
