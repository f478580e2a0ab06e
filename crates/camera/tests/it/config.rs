//! What a configuration may say, and what it must not tell.

use rowcall_camera::{CameraConfig, ErrorKind, Source, config::Address};

fn parse(body: &str) -> Result<CameraConfig, String> {
    toml::from_str(&format!("name = \"front\"\n{body}")).map_err(|e| e.message().to_owned())
}

#[test]
fn every_kind_is_parsed() {
    type IsIt = fn(&Source) -> bool;
    let cases: [(&str, IsIt); 6] = [
        ("push = true", |s| matches!(s, Source::Push)),
        (
            "folder = \"a\"\nrate = 3.5",
            |s| matches!(s, Source::Folder { rate, .. } if *rate == 3.5),
        ),
        ("mjpeg = \"http://10.0.0.1:8080/a?b=c\"", |s| {
            matches!(s, Source::Mjpeg(_))
        }),
        ("mjpeg = \"http://[fe80::1]/a\"\nuser = \"u\"", |s| {
            matches!(s, Source::Mjpeg(_))
        }),
        ("rtsp = \"rtsp://camera/1\"\ntransport = \"udp\"", |s| {
            matches!(s, Source::Rtsp(..))
        }),
        (
            "rtsp = \"rtsp://u:p@camera/1\"\nframe_age_limit = 0.5",
            |s| matches!(s, Source::Rtsp(..)),
        ),
    ];
    for (body, is_it) in cases {
        match parse(body) {
            Ok(camera) => assert!(is_it(&camera.source), "{body}: {camera:?}"),
            Err(e) => panic!("{body}: {e}"),
        }
    }
}

#[test]
fn what_cannot_be_meant_is_refused_with_its_key() {
    let cases = [
        ("", "push = true, folder, mjpeg, rtsp"),
        ("push = false", "camera.push"),
        ("push = true\nfolder = \"a\"", "several"),
        ("mjpeg = \"https://camera/\"", "TLS"),
        ("mjpeg = \"rtsp://camera/\"", "rtsp://, not with http://"),
        ("rtsp = \"rtsp:///x\"", "host"),
        ("rtsp = \"nonsense\"", "address"),
        (
            "rtsp = \"rtsp://u:p@c/\"\nuser = \"u\"",
            "in it and beside it",
        ),
        ("push = true\nuser = \"u\"", "camera.user"),
        ("mjpeg = \"http://c/\"\npassword = \"p\"", "camera.password"),
        (
            "mjpeg = \"http://c/\"\ntransport = \"tcp\"",
            "camera.transport",
        ),
        ("folder = \"a\"\nrate = 0.0", "camera.rate"),
        (
            "push = true\nframe_age_limit = 0.0",
            "camera.frame_age_limit",
        ),
        (
            "push = true\nframe_age_limit = nan",
            "camera.frame_age_limit",
        ),
        (
            "push = true\nframes_per_second = 1e9",
            "camera.frames_per_second",
        ),
        ("push = true\nsurprise = 1", "surprise"),
    ];
    let failures: Vec<_> = cases
        .iter()
        .filter_map(|(body, part)| match parse(body) {
            Err(e) if e.contains(part) => None,
            other => Some(format!("{body}: {other:?} should tell of {part:?}")),
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn secrets_are_never_shown() {
    let bodies = [
        "rtsp = \"rtsp://geheim:s3cr%25t@c/1?pw=s3cr%t\"",
        "mjpeg = \"http://c/1?user=geheim&pw=s3cr%t\"\nuser = \"geheim\"\npassword = \"s3cr%t\"",
    ];
    for body in bodies {
        let camera = parse(body).expect("parses");
        let shown = match &camera.source {
            Source::Rtsp(address, _) | Source::Mjpeg(address) => address.to_string(),
            _ => String::new(),
        };
        for text in [format!("{camera:?}"), format!("{camera:#?}"), shown] {
            assert!(!text.contains("s3cr") && !text.contains("geheim"), "{text}");
        }
    }
    for bad in [
        "http://geheim:s3cr@",
        "geheim:s3cr@camera",
        "ftp://geheim:s3cr@c/",
    ] {
        let error = Address::parse(bad, &["http"]).expect_err(bad);
        assert_eq!(error.kind(), ErrorKind::Configuration);
        let text = format!("{error} {error:?}");
        assert!(!text.contains("s3cr"), "{text}");
    }
}
