//! What an officer did once they do not do again by themselves.

use rowcall_custody::Officer;

fn again(officer: &Officer) -> Officer {
    officer.clone()
}

fn main() {}
