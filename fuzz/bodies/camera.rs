//! What a camera sends: parts of an MJPEG stream, access units of H.264.

use rowcall_camera::{
    mjpeg::multipart::{Parser, Part},
    rtsp::h264::{Decoded, H264},
};

/// The first byte says how the rest is cut and which boundary is declared. However it is
/// cut, the same parts come out, none of them larger than is allowed.
pub(crate) fn multipart(bytes: &[u8]) {
    const MOST: usize = 4_096;
    let Some((how, body)) = bytes.split_first() else {
        return;
    };
    let boundary = [None, Some("frame"), Some("--frame"), Some("")][usize::from(how & 3)];
    let parts = |size: usize| {
        let mut parser = Parser::with_limit(boundary, MOST);
        let mut seen = Vec::new();
        let mut see = |part| match part {
            Part::Jpeg { file, taken } => {
                assert!(file.len() <= MOST);
                seen.push((Some(file.to_vec()), taken));
            }
            Part::Unusable(_) => seen.push((None, None)),
        };
        for chunk in body.chunks(size) {
            parser.push(chunk);
            while let Some(part) = parser.part() {
                see(part);
            }
        }
        parser.finish().into_iter().for_each(see);
        seen
    };
    let size = usize::from(how >> 2) + 1;
    assert_eq!(parts(size), parts(body.len().max(1)));
}

/// An access unit after each delimiter (type 9). A picture has the size that its buffer
/// says; nothing panics.
pub(crate) fn h264(bytes: &[u8]) {
    const MOST: u32 = 1 << 16;
    let mut decoder = H264::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let next = rest.get(1..).and_then(|after| {
            let begins = after.windows(5).position(|w| w == [0, 0, 0, 1, 9]);
            begins.map(|at| at + 1)
        });
        let (unit, after) = rest.split_at(next.unwrap_or(rest.len()));
        rest = after;
        if let Ok(Decoded::Picture(Some(image))) = decoder.decode(unit, true) {
            assert!(image.width() < MOST && image.height() < MOST);
        }
    }
}
