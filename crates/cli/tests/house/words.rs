//! Words have one place: what `rowcall-words` names, no other crate spells.

use std::{collections::BTreeSet, path::Path};

use rowcall_words::{
    document,
    finding::{clause::Clause, code::Code, table},
    log, outcome,
};
use strum::IntoEnumIterator as _;

use crate::{
    modules::{group, is_of_tests, item},
    tokens::{Token, tokens},
};

/// A crate's text that is spelled as a word, and what it is.
const OTHERS: &[(&str, &str, &str)] = &[
    ("camera", "content-type", "a header of MIME's"),
    ("evaluate", "several-faces", "what is wrong with a portrait"),
    (
        "lane",
        "confirmed-by-eye",
        "an example in the API's description",
    ),
    (
        "lane",
        "suspected-impostor",
        "an example in the API's description",
    ),
];

/// The names of lists.
macro_rules! names {
    ($($list:path,)+) => {
        [$({
            type List = $list;
            List::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>()
        }),+]
        .concat()
    };
}

/// Every name of several words. One that is a single word ("left", "match", "valid") is
/// ordinary English, and may stand for anything.
fn words() -> BTreeSet<&'static str> {
    let names = names![
        document::Authenticity,
        document::Kind,
        document::Severity,
        document::Verdict,
        log::AdjudicationReason,
        log::Approval,
        log::DestructionCause,
        log::DocumentKind,
        log::DocumentVerdict,
        log::HoldExpiryCause,
        log::HoldReason,
        log::SetUpEndCause,
        log::StopCause,
        outcome::Ambiguity,
        outcome::CameraState,
        outcome::Decided,
        outcome::DocumentOutcome,
        outcome::PictureCue,
        outcome::SeatOutcome,
        outcome::Stage,
        outcome::VehicleOutcome,
        outcome::VehicleReason,
    ];
    let names = names.into_iter().chain(Code::iter().map(Code::as_str));
    let several = names.filter(|name| name.contains('-'));
    several.chain(Clause::iter().map(Clause::as_str)).collect()
}

/// A source's tokens without those of tests.
fn own(source: &str) -> Vec<Token> {
    let all = tokens(source);
    let (mut own, mut at) = (Vec::new(), 0);
    while at < all.len() {
        let attribute = match &all[at..] {
            [Token::Mark('#'), after @ ..] => &after[..group(after)],
            _ => &[],
        };
        if is_of_tests(attribute) {
            at += 1 + attribute.len();
            at += item(&all[at..]);
        } else {
            own.push(all[at].clone());
            at += 1;
        }
    }
    own
}

/// Every crate's sources but those of `words`, without tests: crate, file, tokens.
fn house() -> Vec<(String, String, Vec<Token>)> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut all = Vec::new();
    for entry in std::fs::read_dir(&crates).expect("crates") {
        let folder = entry.expect("a crate").path();
        let name = folder.file_name().expect("a name").to_string_lossy();
        if name == "words" {
            continue;
        }
        let source = folder.join("src");
        for file in crate::sources(&source) {
            let place = file.strip_prefix(&source).expect("inside");
            let is_of_tests = |part: &Path| part.ends_with("tests") || part.ends_with("tests.rs");
            let ends = file.extension().is_some_and(|ending| ending == "rs");
            if ends && !place.ancestors().any(is_of_tests) {
                let text = std::fs::read_to_string(&file).expect("a source");
                let place = place.to_string_lossy().into_owned();
                all.push((name.clone().into_owned(), place, own(&text)));
            }
        }
    }
    all
}

fn texts(tokens: &[Token]) -> impl Iterator<Item = &str> {
    tokens.iter().filter_map(|token| match token {
        Token::Text(text) => Some(text.as_str()),
        _ => None,
    })
}

/// What follows `Code::`.
fn codes(tokens: &[Token]) -> impl Iterator<Item = &str> {
    tokens.windows(3).filter_map(|three| match three {
        [Token::Name(of), Token::Of, Token::Name(name)] if of == "Code" => Some(name.as_str()),
        _ => None,
    })
}

#[test]
fn no_other_crate_spells_a_word() {
    let words = words();
    let mut spelled = Vec::new();
    let mut left: BTreeSet<(&str, &str)> =
        OTHERS.iter().map(|(of, word, _)| (*of, *word)).collect();
    for (of, file, tokens) in &house() {
        for text in texts(tokens).filter(|text| words.contains(text)) {
            let other = OTHERS
                .iter()
                .find(|(crate_, word, _)| crate_ == of && *word == text);
            match other {
                Some((of, word, _)) => _ = left.remove(&(*of, *word)),
                None => spelled.push(format!("{of}/{file}: {text:?}")),
            }
        }
    }
    assert!(spelled.is_empty(), "{spelled:#?}");
    assert!(left.is_empty(), "nobody says {left:?} any more");
}

#[test]
fn every_finding_is_somebodys() {
    let house = house();
    let named: BTreeSet<&str> = house.iter().flat_map(|(_, _, own)| codes(own)).collect();
    let unnamed: Vec<Code> = Code::iter()
        .filter(|code| !named.contains(format!("{code:?}").as_str()))
        .collect();
    assert!(unnamed.is_empty(), "nobody finds {unnamed:?}");
}

#[test]
fn what_tests_and_comments_spell_is_nobodys() {
    let source = "
        /// \"weak-key\"
        fn f() { g(\"weak-hash\", Code::WeakHash) }
        #[cfg(test)]
        mod tests { fn f() { g(\"weak-key\", Code::WeakKey) } }
        #[serde(rename = \"malformed\")]
        struct S;
    ";
    let own = own(source);
    assert_eq!(texts(&own).collect::<Vec<_>>(), ["weak-hash", "malformed"]);
    assert_eq!(codes(&own).collect::<Vec<_>>(), ["WeakHash"]);
}

#[test]
fn every_finding_has_a_sentence() {
    let wrong: Vec<Code> = Code::iter()
        .filter(|code| {
            let sentence = code.sentence();
            !sentence.ends_with('.') || sentence.contains(['\n', '|'])
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// docs/findings.md is the table of the codes; with `ROWCALL_WRITE_SCHEMA=1` the test
/// writes it instead.
#[test]
fn the_published_findings_are_these() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/findings.md");
    if std::env::var_os("ROWCALL_WRITE_SCHEMA").is_some() {
        std::fs::write(&path, table()).expect("it is written");
    }
    let published = std::fs::read_to_string(&path).expect("docs/findings.md");
    assert!(
        published == table(),
        "run ROWCALL_WRITE_SCHEMA=1 cargo test --release -p rowcall --test house published, and look at the change"
    );
}
