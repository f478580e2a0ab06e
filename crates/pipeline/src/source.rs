//! Where frames and documents come from.

use rowcall_document::NamedFile;
use rowcall_face::Image;

use crate::Error;

/// A frame that can be had, more than once: a second look reads it again rather
/// than that all pictures of a vehicle stay in memory.
pub trait FrameSource: Sync {
    /// The camera, by its name in the lane.
    fn camera(&self) -> &str;

    /// What the frame is called in results.
    fn name(&self) -> String;

    /// The picture as the camera gave it.
    ///
    /// # Errors
    /// Why it can't be read, in a sentence: evidence that is missing, not a failure.
    fn load(&self) -> Result<Image, String>;
}

/// A document as it was presented.
pub trait DocumentSource: Sync {
    /// What it is called in results.
    fn id(&self) -> String;

    /// Whether its holder opted out: then it isn't opened.
    fn is_opted_out(&self) -> bool;

    /// Its files.
    ///
    /// # Errors
    /// If they can't be listed.
    fn files(&self) -> Result<Vec<NamedFile>, Error>;
}
