//! `rowcall camera play`: a vehicle's frames as cameras on the network.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, process::ExitCode};

use rowcall_camera::play::Player;
use tokio::net::TcpListener;

use rowcall_pipeline::folder::entries;

use crate::{failure::Failure, output, plain::plain};

/// Play a vehicle folder's frames as MJPEG cameras over HTTP, one at the path of each
/// of its cameras, all in step, again and again. For trials with synthetic people:
/// whoever reaches the address sees the pictures.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The vehicle's folder, or a folder with a folder of pictures for each camera.
    folder: PathBuf,
    /// The address to listen at; port 0 takes one that is free.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// Frames in a second.
    #[arg(long, value_name = "N", default_value_t = 5.0)]
    rate: f32,
}

/// Plays until it is stopped.
///
/// # Errors
/// A folder without frames, a rate that can't be meant, an address that is taken.
pub(crate) async fn run(args: Args) -> Result<ExitCode, Failure> {
    if !(0.01..=100.0).contains(&args.rate) {
        return Err(Failure::new("--rate: 0.01 to 100 frames a second"));
    }
    let frames = args.folder.join("frames");
    let folder = match frames.is_dir() {
        true => frames,
        false => args.folder,
    };
    let cameras: BTreeMap<String, PathBuf> = entries::subfolders(&folder)?
        .into_iter()
        .map(|path| (entries::name(&path), path))
        .collect();
    if cameras.is_empty() {
        return Err(Failure::file(&folder, &"no camera has a folder in it"));
    }
    let player = Player::new(cameras, args.rate)?;
    let failed = |e: std::io::Error| Failure::new(format!("{}: {e}", args.listen));
    let listener = TcpListener::bind(args.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    if !address.ip().is_loopback() {
        eprintln!("rowcall: {address} is reached from outside: whoever does sees these pictures");
    }
    for name in player.names() {
        output::line(format_args!("http://{address}/{}", plain(name)))?;
    }
    match player.serve(listener).await {}
}
