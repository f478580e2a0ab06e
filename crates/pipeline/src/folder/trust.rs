//! What a vehicle's documents are held against.

use std::path::{Path, PathBuf};

use rowcall_pki::{collection::UnreadableFile, trust::TrustStore};

use super::Folder;
use crate::{Error, trust::load_store};

/// The trust store and what of it could not be read.
pub struct Trust {
    /// What is trusted.
    pub store: TrustStore,
    /// Files of it that could not be read, each with why.
    pub unreadable: Vec<UnreadableFile>,
}

/// Reads the lane's trust folder, those given, and the folders of revocation
/// lists.
///
/// # Errors
/// What can't be listed or read.
pub fn trust_store(
    folder: &Folder,
    given: &[PathBuf],
    revocation: &[PathBuf],
) -> Result<Trust, Error> {
    let lane_folder = folder.lane_path.parent().unwrap_or(Path::new("."));
    let of_lane = folder
        .lane
        .trust
        .as_ref()
        .map(|trust| lane_folder.join(trust));
    let trust: Vec<PathBuf> = of_lane.into_iter().chain(given.iter().cloned()).collect();
    let (store, unreadable) = load_store(&trust, revocation)?;
    Ok(Trust { store, unreadable })
}
