//! JPEGs of every kind from coefficients (ITU-T T.81), to hold the decoder
//! against: sequential and progressive, in one scan and in several, with and
//! without restarts, sampled in any way.

/// How a picture is coded.
#[derive(Clone, Debug)]
pub(crate) struct Kind {
    pub(crate) size: (usize, usize),
    /// Sampling factors of the components, across and down.
    pub(crate) sampling: Vec<(usize, usize)>,
    pub(crate) progressive: bool,
    /// All colours in one scan, where there is a choice.
    pub(crate) together: bool,
    /// Units between restart markers; 0 for none.
    pub(crate) restart: usize,
}

impl Kind {
    fn most(&self) -> (usize, usize) {
        if self.sampling.len() == 1 {
            return (1, 1);
        }
        let most = |of: fn(&(usize, usize)) -> usize| self.sampling.iter().map(of).max();
        (most(|s| s.0).unwrap_or(1), most(|s| s.1).unwrap_or(1))
    }

    fn units(&self) -> (usize, usize) {
        let most = self.most();
        (
            self.size.0.div_ceil(8 * most.0),
            self.size.1.div_ceil(8 * most.1),
        )
    }

    fn sampling(&self, component: usize) -> (usize, usize) {
        match self.sampling.len() {
            1 => (1, 1),
            _ => self.sampling[component],
        }
    }

    /// Blocks of a component, padding counted in.
    fn blocks(&self, component: usize) -> (usize, usize) {
        let (units, own) = (self.units(), self.sampling(component));
        (units.0 * own.0, units.1 * own.1)
    }

    fn own_blocks(&self, component: usize) -> (usize, usize) {
        let (most, own) = (self.most(), self.sampling(component));
        let of = |side: usize, own: usize, most: usize| (side * own).div_ceil(most).div_ceil(8);
        (
            of(self.size.0, own.0, most.0),
            of(self.size.1, own.1, most.1),
        )
    }
}

/// A picture, and where its last coded byte is.
pub(crate) struct Encoded {
    pub(crate) file: Vec<u8>,
    /// Where the first scan's coded data begin.
    pub(crate) first: usize,
    /// After the last coded byte: the end-of-image marker.
    pub(crate) end: usize,
}

/// A picture of smooth noise, by a seed; `quantiser` is every step.
pub(crate) fn picture(kind: &Kind, seed: u32, quantiser: u8) -> Encoded {
    let mut state = seed | 1;
    let mut random = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % below
    };
    let planes: Vec<Vec<[i16; 64]>> = (0..kind.sampling.len())
        .map(|component| {
            let (across, down) = kind.blocks(component);
            let mut plane = vec![[0; 64]; across * down];
            let step = i16::from(quantiser.max(1));
            for block in &mut plane {
                block[0] = (random(1200) as i16 - 600) / step;
                let busy = random(4) * 4;
                for _ in 0..busy {
                    let reach = if random(3) == 0 { 63 } else { 9 };
                    let k = 1 + random(reach) as usize;
                    block[k] = (random(160) as i16 - 80) / step;
                }
            }
            plane
        })
        .collect();
    encode(kind, &planes, quantiser)
}

fn encode(kind: &Kind, planes: &[Vec<[i16; 64]>], quantiser: u8) -> Encoded {
    let mut out = vec![0xff, 0xd8];
    segment(
        &mut out,
        0xdb,
        &[&[0_u8][..], &[quantiser.max(1); 64]].concat(),
    );
    // Codes of five bits for DC; of eight bits and of nine for AC.
    let mut table = vec![0x00, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    table.extend(0..16);
    segment(&mut out, 0xc4, &table);
    table = vec![0x10, 0, 0, 0, 0, 0, 0, 0, 128, 128, 0, 0, 0, 0, 0, 0, 0];
    table.extend(0..=255);
    segment(&mut out, 0xc4, &table);
    let mut frame = vec![8];
    frame.extend((kind.size.1 as u16).to_be_bytes());
    frame.extend((kind.size.0 as u16).to_be_bytes());
    frame.push(kind.sampling.len() as u8);
    for (id, (across, down)) in (1..).zip(&kind.sampling) {
        frame.extend([id, (across << 4 | down) as u8, 0]);
    }
    segment(&mut out, if kind.progressive { 0xc2 } else { 0xc0 }, &frame);
    if kind.restart > 0 {
        segment(&mut out, 0xdd, &(kind.restart as u16).to_be_bytes());
    }
    let all: Vec<usize> = (0..planes.len()).collect();
    let each: Vec<Vec<usize>> = all.iter().map(|i| vec![*i]).collect();
    let together = if kind.together {
        vec![all]
    } else {
        each.clone()
    };
    let mut scans = Vec::new();
    if kind.progressive {
        let of = |list: &[Vec<usize>], band: (usize, usize), bits: (u8, u8)| {
            list.iter()
                .map(move |c| (c.clone(), band, bits))
                .collect::<Vec<_>>()
        };
        scans.extend(of(&together, (0, 0), (0, 1)));
        scans.extend(of(&each, (1, 5), (0, 2)));
        scans.extend(of(&each, (6, 63), (0, 2)));
        scans.extend(of(&each, (1, 63), (2, 1)));
        scans.extend(of(&together, (0, 0), (1, 0)));
        scans.extend(of(&each, (1, 63), (1, 0)));
    } else {
        scans.extend(together.into_iter().map(|c| (c, (0, 63), (0, 0))));
    }
    let mut first = 0;
    for (components, band, bits) in scans {
        let mut header = vec![components.len() as u8];
        header.extend(components.iter().flat_map(|i| [*i as u8 + 1, 0]));
        header.extend([band.0 as u8, band.1 as u8, bits.0 << 4 | bits.1]);
        segment(&mut out, 0xda, &header);
        if first == 0 {
            first = out.len();
        }
        scan(&mut out, kind, planes, &components, band, bits);
    }
    let end = out.len();
    out.extend([0xff, 0xd9]);
    Encoded {
        file: out,
        first,
        end,
    }
}

pub(crate) fn segment(out: &mut Vec<u8>, marker: u8, body: &[u8]) {
    out.extend([0xff, marker]);
    out.extend((body.len() as u16 + 2).to_be_bytes());
    out.extend_from_slice(body);
}

fn scan(
    out: &mut Vec<u8>,
    kind: &Kind,
    planes: &[Vec<[i16; 64]>],
    components: &[usize],
    band: (usize, usize),
    (before, bit): (u8, u8),
) {
    let alone = components.len() == 1;
    let units = match alone {
        true => kind.own_blocks(components[0]),
        false => kind.units(),
    };
    let mut bits = Bits::default();
    let mut last = [0; 4];
    let mut ends = Ends::default();
    for unit in 0..units.0 * units.1 {
        if kind.restart > 0 && unit > 0 && unit % kind.restart == 0 {
            ends.flush(&mut bits);
            bits.flush(out);
            out.extend([0xff, 0xd0 + ((unit / kind.restart - 1) % 8) as u8]);
            last = [0; 4];
        }
        let (column, row) = (unit % units.0, unit / units.0);
        for &component in components {
            let (across, down) = if alone {
                (1, 1)
            } else {
                kind.sampling(component)
            };
            for y in row * down..(row + 1) * down {
                for x in column * across..(column + 1) * across {
                    let block = &planes[component][y * kind.blocks(component).0 + x];
                    let last = &mut last[component];
                    if !kind.progressive {
                        dc(&mut bits, block[0].into(), last);
                        sequential(&mut bits, block);
                    } else if band.0 == 0 && before == 0 {
                        dc(&mut bits, i32::from(block[0]) >> bit, last);
                    } else if band.0 == 0 {
                        bits.put((block[0] as u16 >> bit & 1).into(), 1);
                    } else if before == 0 {
                        first(&mut bits, &mut ends, block, band, bit);
                    } else {
                        later(&mut bits, &mut ends, block, band, bit);
                    }
                }
            }
        }
    }
    ends.flush(&mut bits);
    bits.flush(out);
}

fn dc(bits: &mut Bits, value: i32, last: &mut i32) {
    let size = size(value - *last);
    bits.put(size, 5);
    bits.signed(value - *last, size);
    *last = value;
}

fn sequential(bits: &mut Bits, block: &[i16; 64]) {
    let mut run = 0;
    let end = block.iter().rposition(|v| *v != 0).unwrap_or(0);
    for value in &block[1..=end.max(1)] {
        if *value == 0 {
            run += 1;
            continue;
        }
        while run > 15 {
            bits.symbol(0xf0);
            run -= 16;
        }
        let size = size((*value).into());
        bits.symbol(run << 4 | size as u8);
        bits.signed((*value).into(), size);
        run = 0;
    }
    if end < 63 {
        bits.symbol(0);
    }
}

/// Blocks that end where they are, and the bits that go with them.
#[derive(Default)]
struct Ends {
    count: u32,
    bits: Vec<bool>,
}

impl Ends {
    fn add(&mut self, bits: &mut Bits, more: &mut Vec<bool>) {
        self.count += 1;
        self.bits.append(more);
        if self.count == 0x7fff {
            self.flush(bits);
        }
    }

    fn flush(&mut self, bits: &mut Bits) {
        if self.count > 0 {
            let size = self.count.ilog2();
            bits.symbol((size << 4) as u8);
            bits.put(self.count - (1 << size), size);
            self.bits.drain(..).for_each(|bit| bits.put(bit.into(), 1));
            self.count = 0;
        }
    }
}

fn shifted(value: i16, bit: u8) -> i32 {
    let size = i32::from(value).abs() >> bit;
    if value < 0 { -size } else { size }
}

fn first(bits: &mut Bits, ends: &mut Ends, block: &[i16; 64], band: (usize, usize), bit: u8) {
    let mut run = 0_u8;
    for value in &block[band.0..=band.1] {
        let value = shifted(*value, bit);
        if value == 0 {
            run += 1;
            continue;
        }
        ends.flush(bits);
        while run > 15 {
            bits.symbol(0xf0);
            run -= 16;
        }
        let size = size(value);
        bits.symbol(run << 4 | size as u8);
        bits.signed(value, size);
        run = 0;
    }
    if run > 0 {
        ends.add(bits, &mut Vec::new());
    }
}

fn later(bits: &mut Bits, ends: &mut Ends, block: &[i16; 64], band: (usize, usize), bit: u8) {
    let range = band.0..=band.1;
    let last = range.clone().rfind(|k| shifted(block[*k], bit).abs() == 1);
    let mut run = 0_u8;
    let mut more = Vec::new();
    for k in range {
        let value = shifted(block[k], bit);
        if value == 0 {
            run += 1;
            continue;
        }
        while run > 15 && Some(k) <= last {
            ends.flush(bits);
            bits.symbol(0xf0);
            more.drain(..).for_each(|bit: bool| bits.put(bit.into(), 1));
            run -= 16;
        }
        if value.abs() > 1 {
            more.push(value.abs() & 1 == 1);
            continue;
        }
        ends.flush(bits);
        bits.symbol(run << 4 | 1);
        bits.put((value > 0).into(), 1);
        more.drain(..).for_each(|bit| bits.put(bit.into(), 1));
        run = 0;
    }
    if run > 0 || !more.is_empty() {
        ends.add(bits, &mut more);
    }
}

fn size(value: i32) -> u32 {
    32 - value.unsigned_abs().leading_zeros()
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    buffer: u32,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        for i in (0..count).rev() {
            self.buffer = self.buffer << 1 | (value >> i & 1);
            self.count += 1;
            if self.count == 8 {
                self.byte();
            }
        }
    }

    fn byte(&mut self) {
        let byte = self.buffer as u8;
        self.bytes.push(byte);
        if byte == 0xff {
            self.bytes.push(0);
        }
        (self.buffer, self.count) = (0, 0);
    }

    fn symbol(&mut self, symbol: u8) {
        match symbol {
            0..128 => self.put(symbol.into(), 8),
            _ => self.put(256 + u32::from(symbol) - 128, 9),
        }
    }

    fn signed(&mut self, value: i32, size: u32) {
        let value = if value < 0 {
            value + (1 << size) - 1
        } else {
            value
        };
        self.put(value as u32, size);
    }

    /// Padded with ones (F.1.2.3).
    fn flush(&mut self, out: &mut Vec<u8>) {
        while self.count > 0 {
            self.put(1, 1);
        }
        out.append(&mut self.bytes);
    }
}
