//! What foreign servers sent, byte for byte: Debian's `motion` 4.5.1 and `ffmpeg` 5.1
//! with its muxer `mpjpeg`, cut off somewhere.

use std::time::Duration;

use rowcall_camera::{
    ErrorKind,
    capture::Picture,
    config::Address,
    mjpeg::Mjpeg,
    stream::{Event, Opener as _},
};
use rowcall_picture::Limits;
use tokio::time::timeout;

use crate::raw::{Do, server};

#[tokio::test]
async fn recorded_servers_are_read() {
    let cases: [(&str, &[u8], usize, &[&str]); 2] = [
        (
            "motion",
            include_bytes!("../foreign/motion-4.5.1.http"),
            2,
            &[],
        ),
        (
            "ffmpeg",
            include_bytes!("../foreign/ffmpeg-5.1.http"),
            2,
            &[
                "its header doesn't say that it sends parts",
                "its header doesn't name the boundary that it uses",
            ],
        ),
    ];
    for (what, transcript, whole, tolerated) in cases {
        for size in [7, 1_000, transcript.len()] {
            let mut script = vec![Do::Read];
            script.extend(
                transcript
                    .chunks(size)
                    .map(|chunk| Do::Send(chunk.to_vec())),
            );
            let (at, _) = server(vec![script]).await;
            let address = Address::parse(&format!("http://{at}/"), &["http"]).expect("one");
            let mut stream = Mjpeg::new(address).open().await.expect("answers");
            let mut seen = 0;
            let ended = loop {
                let event = timeout(Duration::from_secs(10), stream.next()).await;
                match event.expect("in time") {
                    Ok(Event::Shot(shot)) => {
                        let Picture::Encoded(_) = shot.picture else {
                            unreachable!("a JPEG")
                        };
                        let image = shot.picture.image(&Limits::FRAME).expect("whole");
                        assert_eq!((image.width(), image.height()), (160, 128), "{what}");
                        seen += 1;
                    }
                    Ok(other) => unreachable!("{what}: {other:?}"),
                    Err(e) => break e,
                }
            };
            assert_eq!(ended.kind(), ErrorKind::Ended, "{what}: {ended}");
            assert_eq!(seen, whole, "{what}, by {size}");
            assert_eq!(stream.about().tolerated, tolerated, "{what}");
        }
    }
}
