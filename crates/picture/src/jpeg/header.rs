//! Marker segments (ITU-T T.81, B.2): the frame, the tables, what a scan holds.

use image::metadata::Orientation;

use super::{Damage, Problem, huffman, huffman::Table, scan::ZIGZAG};

/// A frame of blocks of 8 by 8, Huffman coded (SOF0, SOF1, SOF2).
pub(super) struct Frame {
    pub(super) progressive: bool,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) components: Vec<Component>,
    /// The greatest sampling factors, across and down.
    pub(super) most: (usize, usize),
    /// Minimum coded units of all components, across and down.
    pub(super) units: (usize, usize),
}

pub(super) struct Component {
    id: u8,
    /// Sampling factors, across and down.
    pub(super) sampling: (usize, usize),
    /// The quantisation table's number.
    quantiser: usize,
    /// Its steps, row by row, as they were when its first scan began.
    pub(super) steps: Option<[u16; 64]>,
    /// To which bit each coefficient of the zigzag order has been coded.
    pub(super) coded: [Option<u8>; 64],
}

impl Component {
    /// Blocks in the frame, across and down, padding counted in.
    pub(super) fn blocks(&self, frame: &Frame) -> (usize, usize) {
        (
            frame.units.0 * self.sampling.0,
            frame.units.1 * self.sampling.1,
        )
    }

    /// Blocks with any of the picture in them, which are all that a scan of this
    /// component alone has (A.2.2).
    pub(super) fn own_blocks(&self, frame: &Frame) -> (usize, usize) {
        let of = |side: usize, own: usize, most: usize| (side * own).div_ceil(most).div_ceil(8);
        (
            of(frame.width, self.sampling.0, frame.most.0),
            of(frame.height, self.sampling.1, frame.most.1),
        )
    }
}

impl Frame {
    /// Whether its components are called so.
    pub(super) fn has_ids(&self, ids: [u8; 3]) -> bool {
        self.components.iter().map(|c| c.id).eq(ids)
    }

    /// Whether each coefficient of each component was coded to its last bit.
    pub(super) fn is_complete(&self) -> bool {
        let done = |c: &Component| c.coded.iter().all(|bit| *bit == Some(0));
        self.components.iter().all(done)
    }
}

/// What is in force when a scan begins.
pub(super) struct Tables {
    quantisers: [Option<[u16; 64]>; 4],
    /// For DC and for AC.
    huffman: [[Option<Table>; 4]; 2],
    pub(super) restart: usize,
    /// The transform that an Adobe segment names.
    pub(super) adobe: Option<u8>,
    pub(super) jfif: bool,
    pub(super) orientation: Orientation,
}

pub(super) struct Scan {
    /// Index in the frame, and the numbers of the tables for DC and AC.
    pub(super) components: Vec<(usize, usize, usize)>,
    pub(super) from: usize,
    pub(super) to: usize,
    /// The bit that was coded before; `None` in the first scan of a band.
    pub(super) before: Option<u8>,
    pub(super) bit: u8,
}

impl Tables {
    pub(super) fn new() -> Self {
        Self {
            quantisers: [None; 4],
            huffman: huffman::standard(),
            restart: 0,
            adobe: None,
            jfif: false,
            orientation: Orientation::NoTransforms,
        }
    }

    pub(super) fn huffman(&self, ac: bool, number: usize) -> Result<&Table, Problem> {
        self.huffman[usize::from(ac)]
            .get(number)
            .and_then(Option::as_ref)
            .ok_or(Problem::Header(
                "a scan needs a Huffman table that isn't there",
            ))
    }

    /// DQT (B.2.4.1).
    pub(super) fn quantisers(&mut self, mut segment: &[u8]) -> Result<(), Problem> {
        const BAD: Problem = Problem::Header("a quantisation table is cut off");
        while let Some((&kind, rest)) = segment.split_first() {
            let wide = kind >> 4 != 0;
            let length = if wide { 128 } else { 64 };
            let (values, after) = rest.split_at_checked(length).ok_or(BAD)?;
            let mut steps = [0; 64];
            for (k, place) in ZIGZAG.iter().enumerate() {
                steps[usize::from(*place)] = if wide {
                    u16::from_be_bytes([values[2 * k], values[2 * k + 1]])
                } else {
                    values[k].into()
                };
            }
            *self
                .quantisers
                .get_mut(usize::from(kind & 15))
                .ok_or(Problem::Header("a quantisation table has an odd number"))? = Some(steps);
            segment = after;
        }
        Ok(())
    }

    /// DHT (B.2.4.2).
    pub(super) fn huffman_tables(&mut self, mut segment: &[u8]) -> Result<(), Problem> {
        const BAD: Problem = Problem::Header("a Huffman table is damaged");
        while let Some((&kind, rest)) = segment.split_first() {
            let (counts, rest) = rest.split_first_chunk::<16>().ok_or(BAD)?;
            let count = counts.iter().map(|n| usize::from(*n)).sum();
            let (symbols, after) = rest.split_at_checked(count).ok_or(BAD)?;
            let place = self
                .huffman
                .get_mut(usize::from(kind >> 4))
                .and_then(|tables| tables.get_mut(usize::from(kind & 15)))
                .ok_or(BAD)?;
            *place = Some(Table::new(counts, symbols).ok_or(BAD)?);
            segment = after;
        }
        Ok(())
    }

    /// DRI (B.2.4.4).
    pub(super) fn restart_interval(&mut self, segment: &[u8]) -> Result<(), Problem> {
        let value = segment
            .first_chunk::<2>()
            .ok_or(Problem::Header("the restart interval is cut off"))?;
        self.restart = u16::from_be_bytes(*value).into();
        Ok(())
    }

    /// APP0, APP1, APP14: which colours, and which way up.
    pub(super) fn application(&mut self, marker: u8, segment: &[u8]) {
        match (marker, segment) {
            (0xe0, [b'J', b'F', b'I', b'F', 0, ..]) => self.jfif = true,
            (0xe1, _) => {
                let exif = segment.strip_prefix(b"Exif\0\0");
                if let Some(orientation) = exif.and_then(Orientation::from_exif_chunk) {
                    self.orientation = orientation;
                }
            }
            (0xee, [b'A', b'd', b'o', b'b', b'e', rest @ ..]) => {
                self.adobe = rest.get(6).copied();
            }
            _ => {}
        }
    }
}

/// SOF (B.2.2); `marker` says how it is coded.
pub(super) fn frame(marker: u8, segment: &[u8]) -> Result<Frame, Problem> {
    const BAD: Problem = Problem::Header("the frame header is damaged");
    let coding = match marker {
        0xc0..=0xc2 => None,
        0xc3 | 0xc7 | 0xcb | 0xcf => Some("lossless coding"),
        0xc5 | 0xc6 | 0xcd | 0xce => Some("hierarchical coding"),
        _ => Some("arithmetic coding"),
    };
    if let Some(coding) = coding {
        return Err(Problem::Unsupported(coding));
    }
    let &[precision, high, low, across, along, count, ref rest @ ..] = segment else {
        return Err(BAD);
    };
    if precision != 8 {
        return Err(Problem::Unsupported("more than 8 bits a sample"));
    }
    let height = usize::from(u16::from_be_bytes([high, low]));
    let width = usize::from(u16::from_be_bytes([across, along]));
    if height == 0 {
        return Err(Problem::Unsupported(
            "a height that only its end tells (DNL)",
        ));
    }
    if !matches!(count, 1 | 3 | 4) {
        return Err(Problem::Unsupported(
            "another number of colours than 1, 3 or 4",
        ));
    }
    if width == 0 || rest.len() != 3 * usize::from(count) {
        return Err(BAD);
    }
    let mut components = Vec::new();
    for fields in rest.chunks_exact(3) {
        let factors = (usize::from(fields[1] >> 4), usize::from(fields[1] & 15));
        // A component by itself has blocks in rows, whatever its factors (A.2.2).
        let sampling = if count == 1 { (1, 1) } else { factors };
        if !(1..=4).contains(&sampling.0) || !(1..=4).contains(&sampling.1) {
            return Err(BAD);
        }
        components.push(Component {
            id: fields[0],
            sampling,
            quantiser: fields[2].into(),
            steps: None,
            coded: [None; 64],
        });
    }
    let most = components.iter().fold((1, 1), |most, c| {
        (most.0.max(c.sampling.0), most.1.max(c.sampling.1))
    });
    if components
        .iter()
        .any(|c| most.0 % c.sampling.0 != 0 || most.1 % c.sampling.1 != 0)
    {
        return Err(Problem::Unsupported(
            "colours that are sampled at shares of each other",
        ));
    }
    Ok(Frame {
        progressive: marker == 0xc2,
        width,
        height,
        components,
        most,
        units: (width.div_ceil(8 * most.0), height.div_ceil(8 * most.1)),
    })
}

/// SOS (B.2.3): checked against what was coded before, which it adds to.
pub(super) fn scan(frame: &mut Frame, tables: &Tables, segment: &[u8]) -> Result<Scan, Problem> {
    const BAD: Problem = Problem::Header("a scan header is damaged");
    let (&count, rest) = segment.split_first().ok_or(BAD)?;
    let (selectors, rest) = rest.split_at_checked(2 * usize::from(count)).ok_or(BAD)?;
    let &[from, to, bits, ..] = rest else {
        return Err(BAD);
    };
    if !(1..=4).contains(&count) {
        return Err(BAD);
    }
    let mut components: Vec<(usize, usize, usize)> = Vec::new();
    for selector in selectors.chunks_exact(2) {
        let index = frame
            .components
            .iter()
            .position(|c| c.id == selector[0])
            .ok_or(Problem::Header(
                "a scan is of a colour that the frame lacks",
            ))?;
        if components.iter().any(|(other, ..)| *other == index) {
            return Err(Problem::Header("a scan has a colour twice"));
        }
        components.push((
            index,
            usize::from(selector[1] >> 4),
            usize::from(selector[1] & 15),
        ));
    }
    let (from, to, before, bit) = if frame.progressive {
        let before = (bits >> 4 != 0).then_some(bits >> 4);
        (usize::from(from), usize::from(to), before, bits & 15)
    } else {
        (0, 63, None, 0)
    };
    let is_band = match from {
        0 => to == 0 || !frame.progressive,
        _ => from <= to && to < 64 && count == 1,
    };
    let is_next = before.is_none_or(|before| before == bit + 1);
    if !(is_band && is_next && bit <= 13) {
        return Err(BAD);
    }
    for (index, ..) in &components {
        let component = &mut frame.components[*index];
        if component.coded[from..=to].iter().any(|c| *c != before) {
            return Err(Problem::Damaged(Damage::Order));
        }
        component.coded[from..=to].fill(Some(bit));
        if component.steps.is_none() {
            let steps = tables.quantisers.get(component.quantiser).copied();
            component.steps = Some(steps.flatten().ok_or(Problem::Header(
                "a colour needs a quantisation table that isn't there",
            ))?);
        }
    }
    Ok(Scan {
        components,
        from,
        to,
        before,
        bit,
    })
}
