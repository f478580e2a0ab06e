//! Whose fault an error is, which is also who can do something about it.

use crate::word::words;

words! {
    /// Whose fault an error is. Each crate's error says it of its kinds; the lane makes an
    /// HTTP status of it, a command its last line and the object on standard output.
    Fault {
        /// Of who asked: a request that can't be carried out as it stands.
        Caller,
        /// The document's, or the file's: present it again, or have it looked at.
        Document,
        /// The machine's: a disk, a camera, the network to it.
        Device,
        /// The operator's: a configuration, an argument, a file of trust or a model.
        Operator,
        /// A mistake of this program.
        Us,
    }
}
