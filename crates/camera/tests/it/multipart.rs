//! The parser of multipart bodies: what cameras send, cut anywhere.

use proptest::prelude::*;
use rowcall_camera::{
    capture::Taken,
    mjpeg::multipart::{Leniency, Parser, Part},
};

/// A file that begins and ends as a JPEG does.
fn file(inside: &[u8]) -> Vec<u8> {
    [&[0xff, 0xd8, 0xff, 0xe0], inside, &[0xff, 0xd9]].concat()
}

#[derive(Debug, PartialEq)]
enum Seen {
    Jpeg(Vec<u8>, Option<Taken>),
    Unusable(String),
}

fn parse<'a>(
    mut parser: Parser,
    chunks: impl Iterator<Item = &'a [u8]>,
) -> (Vec<Seen>, Vec<Leniency>) {
    let mut seen = Vec::new();
    let mut see = |part| {
        seen.push(match part {
            Part::Jpeg { file, taken } => Seen::Jpeg(file.to_vec(), taken),
            Part::Unusable(why) => Seen::Unusable(why.to_string()),
        });
    };
    for chunk in chunks {
        parser.push(chunk);
        while let Some(part) = parser.part() {
            see(part);
        }
    }
    parser.finish().into_iter().for_each(see);
    let tolerated = parser.tolerated().collect();
    (seen, tolerated)
}

fn jpegs(parts: &[&[u8]]) -> Vec<Seen> {
    parts
        .iter()
        .map(|part| Seen::Jpeg(part.to_vec(), None))
        .collect()
}

#[test]
fn what_servers_make_of_it_is_read_and_named() {
    use Leniency as L;
    let (a, b) = (file(b"first"), file(b"second \r\n--other\r\n"));
    let (a_len, b_len) = (a.len(), b.len());
    let with = |template: &str| -> Vec<u8> {
        let mut body = Vec::new();
        let text = template
            .replace("LEN_A", &a_len.to_string())
            .replace("LEN_B", &b_len.to_string());
        for (i, piece) in text.split('$').enumerate() {
            match (i, piece.as_bytes().split_first()) {
                (0, _) => body.extend(piece.as_bytes()),
                (_, Some((b'A', rest))) => [&a[..], rest].iter().for_each(|p| body.extend(*p)),
                (_, Some((_, rest))) => [&b[..], rest].iter().for_each(|p| body.extend(*p)),
                (_, None) => {}
            }
        }
        body
    };
    let head = "Content-Type: image/jpeg\r\nContent-Length: ";
    let cases: [(&str, Option<&str>, String, &[L]); 17] = [
        (
            "as the RFC has it",
            Some("frame"),
            format!("--frame\r\n{head}LEN_A\r\n\r\n$A\r\n--frame\r\n{head}LEN_B\r\n\r\n$B\r\n--frame--\r\n"),
            &[],
        ),
        (
            "a line's end before the first delimiter",
            Some("frame"),
            format!("\r\n--frame\r\n{head}LEN_A\r\n\r\n$A\r\n--frame\r\n{head}LEN_B\r\n\r\n$B\r\n"),
            &[],
        ),
        (
            "dashes in the boundary, two in the delimiter",
            Some("--frame"),
            format!("--frame\r\n{head}LEN_A\r\n\r\n$A\r\n--frame\r\n{head}LEN_B\r\n\r\n$B\r\n"),
            &[L::BoundaryDashes],
        ),
        (
            "dashes in the boundary, four in the delimiter",
            Some("--frame"),
            format!("----frame\r\n{head}LEN_A\r\n\r\n$A\r\n----frame\r\n{head}LEN_B\r\n\r\n$B\r\n"),
            &[],
        ),
        (
            "no dashes at all",
            Some("myboundary"),
            format!("myboundary\r\n{head}LEN_A\r\n\r\n$A\r\nmyboundary\r\n{head}LEN_B\r\n\r\n$B\r\n"),
            &[L::BoundaryDashes],
        ),
        (
            "another boundary than is declared",
            Some("frame"),
            format!("--video\r\n{head}LEN_A\r\n\r\n$A\r\n--video\r\n{head}LEN_B\r\n\r\n$B\r\n"),
            &[L::BoundaryNotDeclared],
        ),
        (
            "none declared",
            None,
            format!("--video\r\n{head}LEN_A\r\n\r\n$A\r\n--video\r\n{head}LEN_B\r\n\r\n$B\r\n"),
            &[L::BoundaryNotDeclared],
        ),
        (
            "none declared, and something before it",
            None,
            format!("welcome\r\n--video\r\n{head}LEN_A\r\n\r\n$A\r\n--video\r\n{head}LEN_B\r\n\r\n$B\r\n"),
            &[L::BoundaryNotDeclared, L::Between],
        ),
        (
            "no lengths",
            Some("frame"),
            "--frame\r\nContent-Type: image/jpeg\r\n\r\n$A\r\n--frame\r\nContent-Type: image/jpeg\r\n\r\n$B\r\n--frame\r\n".into(),
            &[L::NoLength],
        ),
        (
            "no lengths, and no line's end before the delimiter",
            Some("frame"),
            "--frame\r\nContent-Type: image/jpeg\r\n\r\n$A--frame\r\nContent-Type: image/jpeg\r\n\r\n$B--frame\r\n".into(),
            &[L::NoLength],
        ),
        (
            "no lengths, and the body ends with the frame",
            Some("frame"),
            "--frame\r\nContent-Type: image/jpeg\r\n\r\n$A\r\n--frame\r\nContent-Type: image/jpeg\r\n\r\n$B".into(),
            &[L::NoLength],
        ),
        (
            "LF alone",
            Some("frame"),
            "--frame\nContent-Type: image/jpeg\nContent-Length: LEN_A\n\n$A\n--frame\nContent-Type: image/jpeg\nContent-Length: LEN_B\n\n$B\n".into(),
            &[L::BareLineFeed],
        ),
        (
            "no header fields",
            Some("frame"),
            "--frame\r\n$A\r\n--frame\r\n$B\r\n--frame\r\n".into(),
            &[L::NoEmptyLine, L::NoLength, L::TypeNotDeclared],
        ),
        (
            "lengths that are too short",
            Some("frame"),
            format!("--frame\r\n{head}3\r\n\r\n$A\r\n--frame\r\n{head}4\r\n\r\n$B\r\n--frame\r\n"),
            &[L::WrongLength],
        ),
        (
            "lengths that are too long",
            Some("frame"),
            format!("--frame\r\n{head}15\r\n\r\n$A\r\n--frame\r\n{head}LEN_B\r\n\r\n$B\r\n--frame\r\n"),
            &[L::WrongLength],
        ),
        (
            "a length that is no number, odd fields, odd types",
            Some("frame"),
            "--frame  \r\nContent-type:image/JPG;q=1\r\nContent-Length: many\r\nwhat is this\r\n\r\n$A\r\n--frame\r\nContent-Type: application/octet-stream\r\ncontent-length:  LEN_B \r\n\r\n$B\r\n--frame\r\n".into(),
            &[L::NoLength, L::WrongLength, L::TypeNotDeclared, L::OddField],
        ),
        (
            "bytes between",
            Some("frame"),
            format!("--frame\r\n{head}LEN_A\r\n\r\n$Agarbage -- here\r\n--frame\r\n{head}LEN_B\r\n\r\n$B\r\n"),
            &[L::Between],
        ),
    ];
    let mut failures = Vec::new();
    for (what, boundary, template, tolerated) in cases {
        let body = with(&template);
        for size in [1, 2, 3, 7, body.len()] {
            let (seen, named) = parse(Parser::new(boundary), body.chunks(size));
            if seen != jpegs(&[&a, &b]) {
                failures.push(format!("{what}, by {size}: {seen:?}"));
            }
            if named != tolerated {
                failures.push(format!("{what}, by {size}: named {named:?}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn limits_hold_and_the_next_frame_is_read() {
    let good = file(b"good");
    let large = file(&vec![7; 500]);
    let parts = |first: &[u8]| {
        let after = format!("\r\n--b0undary\r\nContent-Length: {}\r\n\r\n", good.len());
        [first, after.as_bytes(), &good, b"\r\n--b0undary--"].concat()
    };
    let says = format!("--b0undary\r\nContent-Length: {}\r\n\r\n", large.len());
    let cases = [
        (
            "too long, and says so",
            parts(&[says.as_bytes(), &large].concat()),
        ),
        (
            "too long without a word",
            parts(&[b"--b0undary\r\n\r\n", &large[..]].concat()),
        ),
        (
            "says that it is endless",
            parts(
                &[
                    b"--b0undary\r\nContent-Length: 99999999999\r\n\r\n",
                    &large[..],
                ]
                .concat(),
            ),
        ),
        (
            "header fields without end",
            parts(&[b"--b0undary\r\n", "X-A: b\r\n".repeat(2_000).as_bytes()].concat()),
        ),
        (
            "not a JPEG",
            parts(b"--b0undary\r\nContent-Length: 5\r\n\r\nhello"),
        ),
        ("empty", parts(b"--b0undary\r\nContent-Length: 0\r\n\r\n")),
    ];
    for (what, body) in cases {
        for size in [1, 13, body.len()] {
            let parser = Parser::with_limit(Some("b0undary"), 400);
            let (seen, _) = parse(parser, body.chunks(size));
            let is_it =
                matches!(&seen[..], [Seen::Unusable(_), Seen::Jpeg(file, _)] if *file == good);
            assert!(is_it, "{what}, by {size}: {seen:?}");
        }
    }
}

#[test]
fn times_are_read() {
    use std::time::{Duration, SystemTime};
    let good = file(b"x");
    let at = |text: &str| {
        let head = format!(
            "--b0undary\r\nX-Timestamp: {text}\r\nContent-Length: {}\r\n\r\n",
            good.len()
        );
        let body = [head.as_bytes(), &good].concat();
        match &parse(Parser::new(Some("b0undary")), body.chunks(9)).0[..] {
            [Seen::Jpeg(_, taken)] => *taken,
            other => panic!("{other:?}"),
        }
    };
    let wall = SystemTime::UNIX_EPOCH + Duration::new(1_700_000_000, 250_000_000);
    assert_eq!(at("1700000000.250000"), Some(Taken::Wall(wall)));
    assert_eq!(
        at("12.5"),
        Some(Taken::Stream(Duration::from_millis(12_500)))
    );
    for odd in ["", "-1.0", "99999999999999999999", "1e9", "1.-5", "1.٣"] {
        assert_eq!(at(odd), None, "{odd}");
    }
}

fn cut(body: &[u8], cuts: &[usize]) -> Vec<Vec<u8>> {
    let mut cuts: Vec<_> = cuts.iter().map(|cut| cut % (body.len() + 1)).collect();
    cuts.extend([0, body.len()]);
    cuts.sort_unstable();
    cuts.windows(2)
        .map(|pair| body[pair[0]..pair[1]].to_vec())
        .collect()
}

/// Pieces of bodies, so that what is random comes near to what is meant.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(b"--frame\r\n".to_vec()),
        Just(b"--frame--".to_vec()),
        Just(b"frame".to_vec()),
        Just(b"--".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r\n\r\n".to_vec()),
        Just(b"Content-Type: image/jpeg\r\n".to_vec()),
        (0_usize..40).prop_map(|n| format!("Content-Length: {n}\r\n").into_bytes()),
        prop::collection::vec(any::<u8>(), 0..30).prop_map(|bytes| file(&bytes)),
        prop::collection::vec(any::<u8>(), 0..30),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn chunks_do_not_matter_and_nothing_panics(
        pieces in prop::collection::vec(piece(), 0..24),
        boundary in prop::option::of(prop_oneof![
            Just("frame".to_owned()), Just("--frame".to_owned()), Just("-".to_owned()),
            "[ -~]{0,12}",
        ]),
        cuts in prop::collection::vec(any::<usize>(), 0..40),
        most in 8_usize..80,
    ) {
        let body = pieces.concat();
        let parser = || Parser::with_limit(boundary.as_deref(), most);
        let whole = parse(parser(), std::iter::once(&body[..]));
        let chunks = cut(&body, &cuts);
        prop_assert_eq!(&parse(parser(), chunks.iter().map(Vec::as_slice)), &whole);
        prop_assert_eq!(&parse(parser(), body.chunks(1)), &whole);
    }

    #[test]
    fn what_was_written_is_read(
        insides in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 1..6),
        boundary in "[a-zA-Z0-9'+_./:=?]{6,30}",
        lengths in any::<bool>(),
        cuts in prop::collection::vec(any::<usize>(), 0..40),
    ) {
        let files: Vec<_> = insides.iter().map(|inside| file(inside)).collect();
        let mut body = Vec::new();
        for file in &files {
            body.extend(format!("--{boundary}\r\nContent-Type: image/jpeg\r\n").bytes());
            if lengths {
                body.extend(format!("Content-Length: {}\r\n", file.len()).bytes());
            }
            body.extend(b"\r\n");
            body.extend(file);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{boundary}--\r\n").bytes());
        let chunks = cut(&body, &cuts);
        let (seen, tolerated) = parse(Parser::new(Some(&boundary)), chunks.iter().map(Vec::as_slice));
        prop_assert_eq!(seen, jpegs(&files.iter().map(Vec::as_slice).collect::<Vec<_>>()));
        let expected: &[Leniency] = if lengths { &[] } else { &[Leniency::NoLength] };
        prop_assert_eq!(tolerated, expected);
    }
}
