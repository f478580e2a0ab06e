//! Pictures that people took are whole. The shared faces aren't part of the source
//! tree; where they are, every twentieth is looked at, or all of them with
//! `ROWCALL_ALL_PICTURES=1`, or those of the folder that `ROWCALL_PICTURES` names.

use std::path::PathBuf;

use rowcall_picture::{Image, Limits, check_whole};

use crate::pixels::find;

fn pictures() -> Option<(PathBuf, usize)> {
    if let Some(folder) = std::env::var_os("ROWCALL_PICTURES") {
        return Some((folder.into(), 1));
    }
    let all = std::env::var_os("ROWCALL_ALL_PICTURES").is_some();
    let step = if all { 1 } else { 20 };
    Some((rowcall_skip::shared("faces/images")?, step))
}

#[test]
fn no_honest_picture_is_refused() {
    let Some((folder, step)) = pictures() else {
        return;
    };
    let mut files = Vec::new();
    find(&folder, &mut files);
    let mut wrong = Vec::new();
    let chosen: Vec<_> = files.iter().step_by(step).collect();
    for path in &chosen {
        let file = std::fs::read(path).expect("a picture");
        if let Err(error) = check_whole(&file, &Limits::PORTRAIT) {
            wrong.push(format!("{}: {error}", path.display()));
        }
        if let Err(error) = Image::decode(&file, &Limits::PORTRAIT) {
            wrong.push(format!("{}: {error}", path.display()));
        }
    }
    println!("{} pictures", chosen.len());
    assert!(
        wrong.is_empty(),
        "{} of {}: {}",
        wrong.len(),
        chosen.len(),
        wrong.join("\n")
    );
}
