//! What is said of a vehicle.

use std::collections::BTreeSet;

use rowcall_words::seat::Seat;

/// What is known of a vehicle beside its frames and documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declaration {
    /// How many people are inside, by the officer or a sensor.
    pub occupants: Option<u8>,
    /// Seats whose occupants opted out. Their zones must have been masked in
    /// the frames; what was nevertheless found there is left out.
    pub opted_out_seats: BTreeSet<Seat>,
    /// Documents that were opted out, by their place among those presented.
    pub opted_out_documents: BTreeSet<usize>,
    /// Frames that were taken and couldn't be read: evidence that is missing.
    pub unreadable_frames: usize,
    /// Cameras that failed while the vehicle was there, whatever they had shown before:
    /// what they would have seen since is evidence that is missing.
    pub failed_cameras: BTreeSet<String>,
    /// Documents that an officer took out since they aren't this vehicle's, by
    /// their place: nobody is compared with them.
    pub set_aside_documents: BTreeSet<usize>,
    /// Documents of which an officer said that they are one holder's, by their
    /// place.
    pub joined_documents: Vec<BTreeSet<usize>>,
}

impl Declaration {
    /// Whether an officer said that both documents are one holder's.
    pub(crate) fn is_joined(&self, a: usize, b: usize) -> bool {
        let mut joined = self.joined_documents.iter();
        a != b && joined.any(|group| group.contains(&a) && group.contains(&b))
    }

    /// Whether anybody may be compared with the document.
    pub(crate) fn includes(&self, document: usize) -> bool {
        !self.opted_out_documents.contains(&document)
            && !self.set_aside_documents.contains(&document)
    }
}
