//! An officer is somebody who has authenticated, not a string.

use rowcall_custody::{HoldRequest, OpenTransaction};

fn hold(open: &mut OpenTransaction, request: &HoldRequest) {
    let _ = open.hold(request, &"b. quist");
}

fn main() {}
