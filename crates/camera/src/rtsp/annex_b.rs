//! NAL units in a byte stream (ITU-T H.264 and H.265, annex B).

/// The NAL units between start codes, without the zeros after them.
pub(super) fn units(stream: &[u8]) -> impl Iterator<Item = &[u8]> {
    let finder = memchr::memmem::Finder::new(&[0, 0, 1]).into_owned();
    let mut rest = finder.find(stream).map(|at| &stream[at + 3..]);
    std::iter::from_fn(move || {
        loop {
            let unit = rest?;
            let next = finder.find(unit);
            rest = next.map(|at| &unit[at + 3..]);
            let unit = &unit[..next.unwrap_or(unit.len())];
            let zeros = unit.iter().rev().take_while(|b| **b == 0).count();
            let unit = &unit[..unit.len() - zeros];
            if !unit.is_empty() {
                return Some(unit);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::units;

    #[test]
    fn units_are_found_between_start_codes() {
        let cases: [(&[u8], &[&[u8]]); 6] = [
            (&[], &[]),
            (&[1, 2, 3], &[]),
            (&[0, 0, 1, 9], &[&[9]]),
            (&[7, 0, 0, 0, 1, 9, 0, 0, 0, 1, 8, 8], &[&[9], &[8, 8]]),
            (&[0, 0, 1, 9, 0, 0, 0, 0, 0, 1, 8, 0], &[&[9], &[8]]),
            (&[0, 0, 1, 0, 0, 1, 8], &[&[8]]),
        ];
        for (stream, expected) in cases {
            assert_eq!(units(stream).collect::<Vec<_>>(), expected, "{stream:?}");
        }
    }
}
