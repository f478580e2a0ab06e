//! H.264 in the process, by a decoder without unsafe code: what its header declares is
//! held against our limits first, and a picture that isn't whole is none.
//!
//! `rusty_h264-decoder` gives a picture as soon as its last slice is there, says so when
//! one isn't whole, and is `forbid(unsafe_code)` with the features that are chosen
//! here. It decodes no field pictures; cameras send none unless they are set to.

use h264_reader::{
    nal::{
        Nal as _, RefNal,
        sps::{FrameMbsFlags, SeqParameterSet},
    },
    rbsp::BitRead as _,
};
use rowcall_picture::{Image, Wiped};
use rusty_h264_decoder::{DecodeError, Decoder};

use super::{
    annex_b,
    yuv::{Colours, Planes},
};
use crate::{Error, ErrorKind, caps};

/// NAL unit types (ITU-T H.264, table 7-1).
const SLICE: u8 = 1;
const IDR_SLICE: u8 = 5;
const SEQUENCE_PARAMETERS: u8 = 7;
const PICTURE_PARAMETERS: u8 = 8;

/// A decoder of one stream.
pub struct H264 {
    decoder: Decoder,
    /// The last sequence parameters that were fit, and what they say of colours.
    sequence: Vec<u8>,
    colours: Colours,
    /// Until a picture comes that builds on no other.
    waiting: bool,
    has_decoded: bool,
}

/// What became of an access unit.
#[derive(Debug)]
pub enum Decoded {
    /// A picture, if one was wanted.
    Picture(Option<Image>),
    /// It holds none, or none that is shown.
    Nothing,
    /// It builds on one that isn't there.
    Waiting,
}

impl H264 {
    /// A decoder that waits for a picture to begin with.
    pub fn new() -> Self {
        Self {
            decoder: Decoder::new(),
            sequence: Vec::new(),
            colours: Colours {
                full_range: false,
                bt709: false,
            },
            waiting: true,
            has_decoded: false,
        }
    }

    /// Something was lost before what comes next.
    pub fn lost(&mut self) {
        self.waiting = true;
    }

    /// Decodes an access unit in Annex B form; makes a picture of it if `wanted`.
    ///
    /// # Errors
    /// It is damaged: the decoder then waits for a picture to begin anew with. Of the
    /// kind [`ErrorKind::Unsupported`] or [`ErrorKind::TooLarge`] if the stream will
    /// never be decoded.
    pub fn decode(&mut self, unit: &[u8], wanted: bool) -> Result<Decoded, Error> {
        let (mut begins, mut has_slices) = (false, false);
        for nal in annex_b::units(unit) {
            match nal[0] & 0x1f {
                SEQUENCE_PARAMETERS => self.check_sequence(nal)?,
                PICTURE_PARAMETERS => self.check_picture(nal)?,
                IDR_SLICE => (begins, has_slices) = (true, true),
                SLICE => has_slices = true,
                _ => {}
            }
        }
        if self.waiting {
            if !begins {
                return Ok(Decoded::Waiting);
            }
            // References of before are of no use, and may be half decoded.
            let decoder = std::mem::take(&mut self.decoder);
            drop(decoder);
            self.waiting = false;
        }
        match self.decoder.decode(unit) {
            Ok(None) if has_slices => Err(self.damaged(&"part of it is missing")),
            Ok(None) => Ok(Decoded::Nothing),
            Ok(Some(frame)) => {
                self.has_decoded = true;
                let planes = Planes {
                    width: frame.width,
                    height: frame.height,
                    y: Wiped::new(frame.y),
                    u: Wiped::new(frame.u),
                    v: Wiped::new(frame.v),
                };
                let image = wanted.then(|| planes.image(self.colours));
                match image {
                    Some(None) => Err(self.damaged(&"its size is impossible")),
                    Some(image) => Ok(Decoded::Picture(image)),
                    None => Ok(Decoded::Picture(None)),
                }
            }
            Err(DecodeError::Unsupported(what)) if !self.has_decoded => Err(Error::new(
                ErrorKind::Unsupported,
                format_args!(
                    "its H.264 uses what isn't decoded ({what}): set the camera to progressive video, profile main"
                ),
            )),
            Err(why) => Err(self.damaged(&why)),
        }
    }

    fn damaged(&mut self, why: &dyn std::fmt::Display) -> Error {
        self.waiting = true;
        Error::new(
            ErrorKind::Damaged,
            format_args!("a picture is damaged: {why}"),
        )
    }

    /// Holds what a stream declares against the limits, before memory is given to it.
    fn check_sequence(&mut self, nal: &[u8]) -> Result<(), Error> {
        if self.sequence == nal {
            return Ok(());
        }
        self.check_length(nal)?;
        let bits = RefNal::new(nal, &[], true).rbsp_bits();
        let parameters = match SeqParameterSet::from_bits(bits) {
            Ok(parameters) => parameters,
            Err(_) => return Err(self.damaged(&"its sequence parameters can't be read")),
        };
        let fields = parameters.frame_mbs_flags != FrameMbsFlags::Frames;
        let blocks = |minus1: u32| u64::from(minus1) + 1;
        let pixels = blocks(parameters.pic_width_in_mbs_minus1)
            .saturating_mul(blocks(parameters.pic_height_in_map_units_minus1))
            .saturating_mul(256 << u32::from(fields));
        let most = caps::MAX_VIDEO_PIXELS;
        if pixels > most {
            return Err(Error::new(
                ErrorKind::TooLarge,
                format_args!("its video declares {pixels} pixels, {most} are allowed"),
            ));
        }
        if parameters.max_num_ref_frames > caps::MAX_REFERENCE_PICTURES {
            return Err(self.damaged(&"it asks for more references than H.264 has"));
        }
        let signal = parameters
            .vui_parameters
            .as_ref()
            .and_then(|vui| vui.video_signal_type.as_ref());
        let matrix = signal
            .and_then(|s| s.colour_description.as_ref())
            .map(|colours| colours.matrix_coefficients);
        self.colours = Colours {
            full_range: signal.is_some_and(|s| s.video_full_range_flag),
            // What isn't said follows the size, as for everybody.
            bt709: match matrix {
                Some(1) => true,
                Some(2) | None => pixels >= 1_280 * 720,
                Some(_) => false,
            },
        };
        self.sequence = nal.to_vec();
        Ok(())
    }

    /// Picture parameters are kept by a number that could be any.
    fn check_picture(&mut self, nal: &[u8]) -> Result<(), Error> {
        self.check_length(nal)?;
        let number = RefNal::new(nal, &[], true).rbsp_bits().read_ue("number");
        match number {
            Ok(number) if number < caps::MAX_PICTURE_PARAMETER_SETS => Ok(()),
            _ => Err(self.damaged(&"its picture parameters can't be read")),
        }
    }

    fn check_length(&self, nal: &[u8]) -> Result<(), Error> {
        if nal.len() > caps::MAX_PARAMETER_SET_BYTES {
            return Err(Error::new(
                ErrorKind::TooLarge,
                format_args!(
                    "a parameter set has {} bytes, {} are allowed",
                    nal.len(),
                    caps::MAX_PARAMETER_SET_BYTES
                ),
            ));
        }
        Ok(())
    }
}

impl Default for H264 {
    fn default() -> Self {
        Self::new()
    }
}
