//! Templates are made from pixels, in the room for it.

use rowcall_face::Template;

fn main() {
    let _ = Template::from_embedding(vec![1.0, 0.0]);
}
