//! Video over RTSP (RFC 2326), through `retina`: H.264 decoded in the process, H.265 by
//! an `ffmpeg` child where one is installed, JPEG (RFC 2435) as it comes.
//!
//! `retina` has no limit on what is coded at one time: until a picture is whole, what
//! bounds it is the time that the camera is given for it.

mod annex_b;
mod ffmpeg;
pub mod h264;
mod open;
mod wall;
mod yuv;

use retina::{
    client::{
        Credentials, InitialTimestampPolicy, PlayOptions, Session, SessionOptions, SetupOptions,
        TcpTransportOptions, UdpTransportOptions,
    },
    codec::FrameFormat,
};

use crate::{
    Error, ErrorKind,
    config::{Address, Transport},
    error::one_line,
    stream::{Codec, Opener, Pending, Stream},
};

/// A camera with an address `rtsp://…`.
#[derive(Debug)]
pub struct Rtsp {
    address: Address,
    transport: Transport,
    frames_per_second: f32,
}

impl Rtsp {
    /// Asks at `address`, and makes pictures of so many frames in a second at most; the
    /// others are decoded and let go.
    pub fn new(address: Address, transport: Transport, frames_per_second: f32) -> Self {
        Self {
            address,
            transport,
            frames_per_second,
        }
    }

    async fn connect(&self) -> Result<open::Open, Error> {
        let credentials = self.address.login().map(|login| Credentials {
            username: login.user().to_owned(),
            password: login.password().to_owned(),
        });
        let options = SessionOptions::default()
            .creds(credentials)
            .user_agent(concat!("rowcall/", env!("CARGO_PKG_VERSION")).to_owned());
        let url = self.address.url().clone();
        let mut session = Session::describe(url, options)
            .await
            .map_err(|e| foreign(&e, &self.address))?;
        let (stream, codec) = choose(session.streams())?;
        let transport = match self.transport {
            Transport::Tcp => retina::client::Transport::Tcp(TcpTransportOptions::default()),
            Transport::Udp => retina::client::Transport::Udp(UdpTransportOptions::default()),
        };
        let setup = SetupOptions::default()
            .transport(transport)
            .frame_format(FrameFormat::SIMPLE);
        session
            .setup(stream, setup)
            .await
            .map_err(|e| foreign(&e, &self.address))?;
        let play = PlayOptions::default().initial_timestamp(InitialTimestampPolicy::Permissive);
        let playing = session
            .play(play)
            .await
            .map_err(|e| foreign(&e, &self.address))?;
        let demuxed = playing.demuxed().map_err(|e| foreign(&e, &self.address))?;
        open::Open::new(demuxed, codec, self.frames_per_second)
    }
}

impl Opener for Rtsp {
    fn open(&self) -> Pending<'_, Result<Box<dyn Stream>, Error>> {
        Box::pin(async { Ok(Box::new(self.connect().await?) as Box<dyn Stream>) })
    }
}

/// The first video that can be decoded, H.264 and JPEG before H.265.
fn choose(streams: &[retina::client::Stream]) -> Result<(usize, Codec), Error> {
    let codec = |stream: &retina::client::Stream| match stream.encoding_name() {
        "h264" => Some(Codec::H264),
        "jpeg" => Some(Codec::Jpeg),
        "h265" => Some(Codec::H265),
        _ => None,
    };
    let videos = streams
        .iter()
        .enumerate()
        .filter(|(_, s)| s.media() == "video");
    let known = videos.clone().filter_map(|(at, s)| Some((at, codec(s)?)));
    known
        .min_by_key(|(_, codec)| *codec == Codec::H265)
        .ok_or_else(|| {
            let names: Vec<_> = videos.map(|(_, s)| one_line(s.encoding_name())).collect();
            let what = match names.is_empty() {
                true => "it offers no video".to_owned(),
                false => format!("its video is {}", names.join(", ")),
            };
            Error::new(
                ErrorKind::Unsupported,
                format_args!("{what}: set the camera to H.264, JPEG or H.265"),
            )
        })
}

/// What `retina` says, without what it quotes from the wire.
fn foreign(error: &retina::Error, address: &Address) -> Error {
    let text = error.to_string();
    let first = one_line(text.lines().next().unwrap_or_default());
    let refused = |why: &str| Error::new(ErrorKind::Refused, why);
    match error.status_code() {
        Some(401) if address.login().is_none() => {
            refused("it wants a user and a password, and none are configured")
        }
        Some(401) => refused("it refuses the user or the password (401)"),
        Some(403) => refused("it doesn't allow this to the user (403)"),
        Some(404) => refused("it has nothing at this path (404)"),
        Some(461) => refused("it doesn't send over this transport (461): set another one"),
        Some(453) => Error::new(
            ErrorKind::Protocol,
            "it has not enough bandwidth left (453)",
        ),
        // A number that is fine stands before what was wrong with the answer.
        Some(code @ 300..=499) => refused(&format!("it refuses the request ({code})")),
        _ if text.starts_with("Unable to connect") => {
            let what = format_args!("nobody answers at {address}");
            Error::new(ErrorKind::Unreachable, what).because(first)
        }
        _ if text.starts_with("Error reading") || text.starts_with("Error writing") => {
            Error::new(ErrorKind::Ended, "the connection broke off").because(first)
        }
        _ => Error::new(ErrorKind::Protocol, "it doesn't keep to RTSP").because(first),
    }
}
