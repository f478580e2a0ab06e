//! A template cannot be read back from anywhere.

use rowcall_face::Template;

fn read<T: serde::de::DeserializeOwned>() {}

fn main() {
    read::<Template>();
}
