//! A template cannot be displayed.

use rowcall_face::Template;

fn print(template: &Template) {
    println!("{template}");
}

fn main() {}
