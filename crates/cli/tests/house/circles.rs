//! No circle between the files of a crate: of two, the lower one doesn't know the upper.
//!
//! A file has an arrow to each other file that defines a name which it mentions, in a
//! `use` or in a path, whichever way of re-exports the name comes. No arrow is what a
//! module takes from those around it (`super::Name`, defined in the parent itself): a
//! folder's files are parts of one idea, and Rust's privacy is made for that. Nor is a
//! re-export of what lies below, nor what tests use.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::modules::{Crate, Found, Sources};

/// From a file to another, by the names that tie them.
type Arrows = BTreeMap<(String, String), BTreeSet<String>>;

fn arrows(of: &Crate) -> Arrows {
    let mut arrows = Arrows::new();
    for (at, module) in of.modules.iter().enumerate() {
        let found = |path: &Vec<String>| match of.resolve(at, path)? {
            Found::Item(owner, name) if !of.is_within(at, owner) => Some((owner, name)),
            _ => None,
        };
        let imports = module.imports.iter().filter_map(|import| {
            let found = found(&import.path)?;
            let is_handed_on = import.is_public && of.is_within(found.0, at);
            (!is_handed_on).then_some(found)
        });
        for (owner, name) in imports.chain(module.mentions.iter().filter_map(found)) {
            let (from, to) = (&module.file, &of.modules[owner].file);
            if from != to {
                let names = arrows.entry((from.clone(), to.clone())).or_default();
                names.insert(name);
            }
        }
    }
    arrows
}

fn reached<'a>(arrows: &'a Arrows, file: &'a String) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut pending = vec![file];
    while let Some(next) = pending.pop() {
        let own = arrows.keys().filter(|(from, _)| from == next);
        pending.extend(own.map(|(_, to)| to).filter(|to| reached.insert(*to)));
    }
    reached
}

/// The circles, each as its arrows: `a.rs -> b.rs: Name, other`.
fn circles(arrows: &Arrows) -> Vec<Vec<String>> {
    let files: BTreeSet<&String> = arrows.keys().map(|(from, _)| from).collect();
    let reached: BTreeMap<&String, BTreeSet<&String>> = files
        .iter()
        .map(|file| (*file, reached(arrows, file)))
        .collect();
    let are_tied = |a: &String, b: &String| {
        let reaches = |a, b| reached.get(a).is_some_and(|all| all.contains(b));
        reaches(a, b) && reaches(b, a)
    };
    let mut told = BTreeSet::new();
    let mut circles = Vec::new();
    for file in files {
        let members: BTreeSet<&String> = reached[file].iter().copied().collect();
        let members: BTreeSet<&String> =
            members.into_iter().filter(|m| are_tied(file, m)).collect();
        if members.is_empty() || !told.insert(members.clone()) {
            continue;
        }
        let inside = |(from, to): &(String, String)| members.contains(from) && members.contains(to);
        let own = arrows.iter().filter(|(ends, _)| inside(ends));
        let line = |((from, to), names): (&(String, String), &BTreeSet<String>)| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            format!("{from} -> {to}: {}", names.join(", "))
        };
        circles.push(own.map(line).collect());
    }
    circles
}

#[test]
fn no_files_of_a_crate_are_in_a_circle() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let crates = std::fs::read_dir(root.join("crates")).expect("crates");
    let mut folders: Vec<_> = crates.map(|entry| entry.expect("a crate").path()).collect();
    folders.push(root.join("xtask"));
    let mut wrong = Vec::new();
    for folder in folders {
        let source = folder.join("src");
        let mut sources = Sources::new();
        for file in crate::sources(&source) {
            if file.extension().is_some_and(|ending| ending == "rs") {
                let name = file.strip_prefix(&source).expect("inside");
                let text = std::fs::read_to_string(&file).expect("a source");
                sources.insert(name.to_str().expect("UTF-8").replace('\\', "/"), text);
            }
        }
        let roots = ["lib.rs", "main.rs"].into_iter();
        let roots = roots.filter(|root| sources.contains_key(*root));
        let arrows: Arrows = roots
            .flat_map(|root| arrows(&Crate::read(&sources, root)))
            .collect();
        let name = folder.file_name().expect("a name").to_string_lossy();
        // A crate of any size has arrows: none would say that it wasn't read.
        assert!(sources.len() < 6 || !arrows.is_empty(), "{name} isn't read");
        let circles = circles(&arrows).into_iter();
        wrong.extend(circles.map(|circle| (name.clone().into_owned(), circle)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A made-up crate: what it shows, its files, and the circles in it.
type Planted = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
);

#[test]
fn planted_circles_are_found_and_nothing_else() {
    const PAIR: &str = "a.rs -> b.rs: B|b.rs -> a.rs: A";
    const TWO: (&str, &str) = ("lib.rs", "mod a; mod b;");
    let cases: &[Planted] = &[
        (
            "imports from beside",
            &[
                TWO,
                ("a.rs", "use super::b::B; pub struct A;"),
                ("b.rs", "use super::a::A; pub struct B(A);"),
            ],
            &[PAIR],
        ),
        (
            "groups and other names",
            &[
                TWO,
                (
                    "a.rs",
                    "use crate::{b::{self, B as Other}, std}; pub(crate) enum A {}",
                ),
                ("b.rs", "pub type B = u8; fn f() { use crate::a::A; }"),
            ],
            &[PAIR],
        ),
        (
            "paths without an import",
            &[
                TWO,
                (
                    "a.rs",
                    "pub struct A; fn f(x: u8) -> u8 { 0..super::b::B; x.super_(b::B) }",
                ),
                (
                    "b.rs",
                    "pub const B: Option<crate::a::A> = None; impl Vec::<crate::a::A> {}",
                ),
            ],
            &[PAIR],
        ),
        (
            "a module by its name",
            &[
                TWO,
                ("a.rs", "use super::b; pub struct A; fn f() { b::B::new() }"),
                ("b.rs", "use crate::a as other; pub struct B(other::A);"),
            ],
            &[PAIR],
        ),
        (
            "through the front door",
            &[
                ("lib.rs", "mod a; mod b; pub use a::A; pub(crate) use b::*;"),
                ("a.rs", "use crate::B; pub struct A;"),
                ("b.rs", "use crate::A; pub struct B(A);"),
            ],
            &[PAIR],
        ),
        // As many as these would be followed in every order, if they led anywhere.
        (
            "all names of other crates",
            &[
                TWO,
                (
                    "a.rs",
                    "use one::*; use two::*; use three::*; use four::*; use super::b::B; pub struct A(C);",
                ),
                ("b.rs", "use super::a::A; pub struct B(A);"),
            ],
            &[PAIR],
        ),
        (
            "a name that a macro makes, and one in a macro",
            &[
                TWO,
                (
                    "a.rs",
                    "made! { A } fn f() { println!(\"{}\", crate::b::B) }",
                ),
                (
                    "b.rs",
                    "pub static B: u8 = 0; macro_rules! m { () => { $crate::a::A } }",
                ),
            ],
            &[PAIR],
        ),
        (
            "an attribute's text",
            &[
                TWO,
                (
                    "a.rs",
                    "pub struct A { #[serde(with = \"crate::b::B\")] x: u8 }",
                ),
                (
                    "b.rs",
                    "mod inner { use super::super::a::A; } pub struct B;",
                ),
            ],
            &[PAIR],
        ),
        (
            "after what looks like a text's or a comment's beginning",
            &[
                TWO,
                (
                    "a.rs",
                    "fn f<'a>() { ('\"', b'\"', '\\'', r#\"\"/*\"#); } use crate::b::B; pub struct A;",
                ),
                ("b.rs", "/* /* */ \" */ use crate::a::A; pub struct B;"),
            ],
            &[PAIR],
        ),
        (
            "three files in folders of both styles, and a fourth beside",
            &[
                ("lib.rs", "mod one; mod two; mod three;"),
                ("one/mod.rs", "mod part; pub use part::One;"),
                ("one/part.rs", "use crate::two::Two; pub struct One;"),
                ("two.rs", "mod part; pub use part::Two;"),
                ("two/part.rs", "use crate::three::Three; pub struct Two;"),
                ("three.rs", "use crate::one::One; pub struct Three;"),
            ],
            &[
                "one/part.rs -> two/part.rs: Two|three.rs -> one/part.rs: One|two/part.rs -> three.rs: Three",
            ],
        ),
        (
            "a parent that re-exports",
            &[
                TWO,
                ("a.rs", "mod part; pub use part::A; pub fn g() {}"),
                ("a/part.rs", "use crate::b::B; pub struct A;"),
                ("b.rs", "pub struct B; use crate::a::g;"),
            ],
            &[],
        ),
        (
            "a parent that uses what it re-exports",
            &[
                TWO,
                ("a.rs", "mod part; pub use part::A; pub fn g() -> A { A }"),
                ("a/part.rs", "use crate::b::B; pub struct A;"),
                ("b.rs", "pub struct B; use crate::a::g;"),
            ],
            &["a.rs -> a/part.rs: A|a/part.rs -> b.rs: B|b.rs -> a.rs: g"],
        ),
        (
            "a child that takes what its parent has",
            &[
                ("lib.rs", "mod a; use a::A; fn f(a: A) {}"),
                (
                    "a.rs",
                    "mod part; use part::Part; pub struct A(Part); use crate::f;",
                ),
                (
                    "a/part.rs",
                    "use super::A; pub struct Part; impl A { fn f() { crate::f() } }",
                ),
            ],
            &[],
        ),
        (
            "what tests use",
            &[
                TWO,
                (
                    "a.rs",
                    "pub struct A; #[cfg(test)] use crate::b::B; #[cfg(test)] mod tests { use crate::b::B; } #[cfg(test)] #[derive(Debug)] fn f<A, B>() { crate::b::B }",
                ),
                ("b.rs", "use crate::a::A; pub struct B;"),
            ],
            &[],
        ),
        (
            "comments, texts, fields, other crates",
            &[
                ("lib.rs", "mod a; mod b; mod image;"),
                (
                    "a.rs",
                    "/// [`crate::b::B`]\npub struct A; // crate::b::B\nconst T: &str = \"crate::b::B\";",
                ),
                (
                    "b.rs",
                    "use crate::a::A; use image::Image; pub struct B { image: A }",
                ),
                ("image.rs", "use crate::b::B;"),
            ],
            &[],
        ),
    ];
    let mut wrong = Vec::new();
    for (case, files, expected) in cases {
        let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        let sources: Sources = files.iter().map(owned).collect();
        let found = circles(&arrows(&Crate::read(&sources, "lib.rs")));
        let found: Vec<String> = found.iter().map(|circle| circle.join("|")).collect();
        if found != *expected {
            wrong.push((case, found));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
