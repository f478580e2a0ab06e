//! The verifier that runs in a browser: plain modules of JavaScript, for whoever
//! serves a log to serve beside it.

macro_rules! files {
    ($($name:literal)+) => {
        /// Every module with its name, and the page that begins with `page.js`:
        /// to be served in one folder, under a content security policy that
        /// allows scripts from there and nothing inline. `verifier.js` is the
        /// front door for a page of one's own.
        pub const FILES: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../web/verify/", $name))),)+
        ];
    };
}

files! {
    "bytes.js" "crypto.js" "entry.js" "finding.js" "heap.js" "key.js" "merkle.js" "note.js"
    "page.css" "page.html" "page.js" "proof.js" "rules.js" "sentences.js" "source.js" "statement.js"
    "tile.js" "verifier.js" "verify.js" "words.js"
}

#[cfg(test)]
mod tests {
    use super::FILES;
    use std::path::Path;

    #[test]
    fn every_file_is_among_them() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/verify");
        let mut found: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|item| item.unwrap())
            .filter(|item| item.file_type().unwrap().is_file())
            .map(|item| item.file_name().into_string().unwrap())
            .collect();
        found.sort();
        let names: Vec<_> = FILES.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, found);
    }
}
