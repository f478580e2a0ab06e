//! The life of parties between stations.

use super::{LENGTH, Parties, SYMBOLS, Shown, written};
use crate::{
    ErrorKind,
    config::apart::{Apart, Sequence},
};

fn parties(order: Sequence) -> Parties {
    Parties::new(&Apart {
        documents: vec!["kiosk".into()],
        cameras: "gantry".into(),
        minutes: 10,
        parties: 3,
        order,
    })
}

/// What happens to parties `a`, `b`, `c`, in words: `+a` presents documents, `a` comes and
/// is named by its reference, `#a` by its code, `.` comes and shows nothing, `-a` has ended,
/// `<a` is given back. What each step comes to: a transaction, or why not.
fn play(order: Sequence, steps: &str) -> Vec<String> {
    let mut parties = parties(order);
    let mut codes = std::collections::BTreeMap::new();
    let mut came = Vec::new();
    for step in steps.split(' ') {
        let name = step.trim_start_matches(['+', '#', '-', '<']);
        let claimed = match step.as_bytes()[0] {
            b'+' => match parties.add(name, name) {
                Ok(code) => {
                    codes.insert(name, code);
                    continue;
                }
                Err(error) => Err(error),
            },
            b'-' => {
                parties.forget(name);
                continue;
            }
            b'<' => {
                parties.give_back(name);
                continue;
            }
            b'#' => parties.claim(Shown::Code(codes.get(name).map_or("", |c| c.as_str()))),
            b'.' => parties.claim(Shown::Place),
            _ => parties.claim(Shown::Reference(name)),
        };
        came.push(match claimed {
            Ok(Some(id)) => id,
            Ok(None) => "nobody".into(),
            Err(error) => match error.kind() {
                ErrorKind::Gone => "unknown",
                ErrorKind::Conflict => "refused",
                ErrorKind::Busy => "full",
                _ => "?",
            }
            .into(),
        });
    }
    came
}

#[test]
fn parties_come_as_they_are_named_or_in_their_order() {
    use Sequence::{Free, Kept};
    let mut wrong = Vec::new();
    for (what, order, steps, came) in [
        ("by reference", Free, "+a +b b a", "b a"),
        ("by code", Free, "+a +b #b #a", "b a"),
        (
            "nobody by place where they overtake",
            Free,
            "+a .",
            "refused",
        ),
        ("nobody there", Free, ". a #a", "nobody unknown unknown"),
        ("in their order", Kept, "+a +b +c . . . .", "a b c nobody"),
        ("named in their order", Kept, "+a +b a . .", "a b nobody"),
        (
            "one overtakes: nobody is the next until who was overtaken came",
            Kept,
            "+a +b +c b . a .",
            "b refused a c",
        ),
        ("or ended", Kept, "+a +b +c #b . -a .", "b refused c"),
        (
            "two claim one",
            Kept,
            "+a a a #a .",
            "a refused refused nobody",
        ),
        (
            "a reference is one party's",
            Free,
            "+a +a a +a",
            "refused a refused",
        ),
        ("it is free when it has ended", Free, "+a a -a +a a", "a a"),
        (
            "so many are under way",
            Kept,
            "+a +b +c +d . +d d",
            "full a d",
        ),
        (
            "one that ended is unknown",
            Free,
            "+a -a a #a",
            "unknown unknown",
        ),
        (
            "what couldn't be recorded comes again",
            Kept,
            "+a a <a a",
            "a a",
        ),
    ] {
        let found = play(order, steps).join(" ");
        if found != came {
            wrong.push(format!("{what}: {steps}: {found}, not {came}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_party_without_a_reference_is_found_by_none() {
    let mut parties = parties(Sequence::Free);
    parties.add("a", "").expect("room");
    parties.add("b", "").expect("no reference is nobody's");
    let found = parties.claim(Shown::Reference(""));
    assert_eq!(found.expect_err("nobody's").kind(), ErrorKind::Gone);
    let found = parties.claim(Shown::Code(""));
    assert_eq!(found.expect_err("nobody's").kind(), ErrorKind::Gone);
}

#[test]
fn a_code_is_read_as_people_write_it() {
    let mut parties = parties(Sequence::Free);
    let code = parties.add("a", "").expect("room");
    assert_eq!(code.len(), LENGTH + 1);
    assert!(code.bytes().all(|c| c == b'-' || SYMBOLS.contains(&c)));
    let typed = code.to_ascii_lowercase().replace('-', " ");
    let typed = typed.replace('0', "o").replace('1', "l");
    let claimed = parties.claim(Shown::Code(&typed)).expect("it is its");
    assert_eq!(claimed.as_deref(), Some("a"));
    let longer = format!("{}0", code.as_str());
    assert_ne!(*written(&longer), *written(&code));
}
