//! Grey JPEGs of any size and any kind of scans, nearly without bytes.

/// Sampling factors of components, across and down.
pub(crate) type Sampling = [(u8, u8)];

/// A JPEG of coefficients that are all nothing (ISO/IEC 10918-1, Annex B): the
/// components in one scan, or in one each, which of a progressive one is that of DC.
/// `orientation` is Exif's.
pub(crate) fn empty(
    (width, height): (u16, u16),
    sampling: &Sampling,
    progressive: bool,
    scans: usize,
    orientation: Option<u8>,
) -> Vec<u8> {
    let mut out = vec![0xff, 0xd8];
    let segment = |out: &mut Vec<u8>, marker: u8, body: &[u8]| {
        out.extend([0xff, marker]);
        out.extend((body.len() as u16 + 2).to_be_bytes());
        out.extend_from_slice(body);
    };
    if let Some(value) = orientation {
        let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([value, 0, 0, 0, 0, 0, 0]);
        segment(&mut out, 0xe1, &exif);
    }
    let mut quantisation = vec![0];
    quantisation.extend([1; 64]);
    segment(&mut out, 0xdb, &quantisation);
    // One code of one bit, `0`: no difference (DC), the end of the block (AC).
    for class in [0x00, 0x10] {
        let mut table = vec![class, 1];
        table.extend([0; 16]);
        segment(&mut out, 0xc4, &table);
    }
    let count = sampling.len();
    let mut frame = vec![8];
    frame.extend(height.to_be_bytes());
    frame.extend(width.to_be_bytes());
    frame.push(count as u8);
    for (id, (across, down)) in (1..).zip(sampling) {
        frame.extend([id, across << 4 | down, 0]);
    }
    segment(&mut out, if progressive { 0xc2 } else { 0xc0 }, &frame);
    let most = |of: fn(&(u8, u8)) -> u8| match count {
        1 => 1,
        _ => usize::from(sampling.iter().map(of).max().unwrap_or(1)),
    };
    let most = (most(|s| s.0), most(|s| s.1));
    let units = |side: u16, most: usize| usize::from(side).div_ceil(8 * most);
    let units = units(width, most.0) * units(height, most.1);
    let own = |i: usize| match count {
        1 => (1, 1),
        _ => (usize::from(sampling[i].0), usize::from(sampling[i].1)),
    };
    let blocks = |ids: &[usize]| match ids {
        // A scan of one component has only blocks with some of the picture in them.
        [only] => {
            let side = |side: u16, own: usize, most: usize| {
                (usize::from(side) * own).div_ceil(most).div_ceil(8)
            };
            side(width, own(*only).0, most.0) * side(height, own(*only).1, most.1)
        }
        several => units * several.iter().map(|i| own(*i).0 * own(*i).1).sum::<usize>(),
    };
    let mut scan = |ids: &[usize], band: [u8; 3], bits: usize| {
        let mut header = vec![ids.len() as u8];
        header.extend(ids.iter().flat_map(|i| [*i as u8 + 1, 0]));
        header.extend(band);
        segment(&mut out, 0xda, &header);
        out.extend(std::iter::repeat_n(0, (bits * blocks(ids)).div_ceil(8)));
    };
    for part in 0..scans {
        let ids: Vec<usize> = (0..count).filter(|i| scans == 1 || *i == part).collect();
        match progressive {
            true => scan(&ids, [0, 0, 0], 1),
            false => scan(&ids, [0, 63, 0], 2),
        }
    }
    if progressive {
        (0..count).for_each(|i| scan(&[i], [1, 63, 0], 1));
    }
    out.extend([0xff, 0xd9]);
    out
}
