//! Cards: the machine readable zone on one side, the portrait on the other.

use image::DynamicImage;

use crate::folder::{Vehicle, check, document, rowcall};
use crate::pages::{draw, encoded};

/// A card of the holder of couple/01 (Doc 9303-5).
const ZONE: &str = "I<UTOX123456785<<<<<<<<<<<<<<<
8403146M3103016UTO<<<<<<<<<<<6
HALVERN<<MIKAEL<TOR<<<<<<<<<<<";
/// Another card of his.
const OTHER: &str = "I<UTOY876543218<<<<<<<<<<<<<<<
8403146M3103016UTO<<<<<<<<<<<0
HALVERN<<MIKAEL<TOR<<<<<<<<<<<";
/// With a wrong composite check digit.
const WRONG: &str = "I<UTOY876543218<<<<<<<<<<<<<<<
8403146M3103016UTO<<<<<<<<<<<9
HALVERN<<MIKAEL<TOR<<<<<<<<<<<";
/// His passport.
const PASSPORT: &str = "P<UTOHALVERN<<MIKAEL<TOR<<<<<<<<<<<<<<<<<<<<
X906573900UTO8403146M3103016<<<<<<<<<<<<<<<6";
const HIM: Option<(&str, u32)> = Some(("couple/01", 245));
const HER: Option<(&str, u32)> = Some(("couple/02", 245));
const SMALL: Option<(&str, u32)> = Some(("couple/01", 110));

/// What `document inspect` says of the two sides.
fn inspect(front: &DynamicImage, back: &DynamicImage) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, side) in [("page.png", front), ("page-back.png", back)] {
        std::fs::write(folder.path().join(name), encoded(side)).expect(name);
    }
    let path = folder.path().to_str().expect("UTF-8");
    let run = rowcall(&["document", "inspect", "--at=2026-11-23", path]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    run.stdout
}

#[test]
fn one_document_of_two_sides() {
    struct Case {
        what: &'static str,
        front: DynamicImage,
        back: DynamicImage,
        verdict: &'static str,
        /// Of `TOLD`, those that are there.
        codes: &'static [&'static str],
        number: &'static str,
        portrait: &'static str,
    }
    let cases = [
        Case {
            what: "as cards are",
            front: draw(HIM, ""),
            back: draw(None, ZONE),
            verdict: "unsigned",
            codes: &[],
            number: "X12345678",
            portrait: "page.png",
        },
        Case {
            what: "named the other way round, the front on its side",
            front: draw(None, ZONE).rotate180(),
            back: draw(HIM, "").rotate90(),
            verdict: "unsigned",
            codes: &[],
            number: "X12345678",
            portrait: "page-back.png",
        },
        Case {
            what: "the face again, small, on the back",
            front: draw(HIM, ""),
            back: draw(SMALL, ZONE),
            verdict: "unsigned",
            codes: &[],
            number: "X12345678",
            portrait: "page.png",
        },
        Case {
            what: "a card with portraits on both sides",
            front: draw(HER, ZONE),
            back: draw(HIM, ""),
            verdict: "unsigned",
            codes: &["portrait-on-both-sides"],
            number: "X12345678",
            portrait: "page-back.png",
        },
        Case {
            what: "a passport's page with another portrait",
            front: draw(HER, ""),
            back: draw(HIM, PASSPORT),
            verdict: "unsigned",
            codes: &["portrait-on-both-sides"],
            number: "X90657390",
            portrait: "page-back.png",
        },
        Case {
            what: "sides of two documents",
            front: draw(HIM, OTHER),
            back: draw(None, ZONE),
            verdict: "invalid",
            codes: &["page-zones-differ"],
            number: "Y87654321",
            portrait: "page.png",
        },
        Case {
            what: "a wrong zone first",
            front: draw(HIM, WRONG),
            back: draw(None, ZONE),
            verdict: "unsigned",
            codes: &["second-zone-not-used"],
            number: "X12345678",
            portrait: "page.png",
        },
        Case {
            what: "no zone on either",
            front: draw(HIM, ""),
            back: draw(None, ""),
            verdict: "unsupported",
            codes: &["page-not-recognised"],
            number: "",
            portrait: "page.png",
        },
    ];
    const TOLD: [&str; 4] = [
        "page-not-recognised",
        "page-zones-differ",
        "portrait-on-both-sides",
        "second-zone-not-used",
    ];
    let mut wrong = Vec::new();
    for case in cases {
        let said = inspect(&case.front, &case.back);
        let told: Vec<&str> = TOLD
            .into_iter()
            .filter(|code| said.contains(&format!("{code}: ")))
            .collect();
        let right = said.contains(&format!("verdict      {}\n", case.verdict))
            && told == case.codes
            && said.contains(&format!("number {}", case.number)) != case.number.is_empty()
            && said.contains(&format!("printed-page, from {}\n", case.portrait));
        if !right {
            wrong.push(format!("{}: {said}", case.what));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_card_confirms_its_holder() {
    let vehicle = Vehicle::new("front-row.toml", 2)
        .frames_of("couple")
        .file("documents/01/page.png", &encoded(&draw(HIM, "")))
        .file("documents/01/page-back.png", &encoded(&draw(None, ZONE)))
        .document("02", "couple/02");
    let run = check(vehicle.path(), &[]);
    let result = run.json();
    let card = document(&result, "01");
    assert_eq!(card["outcome"], "holder-confirmed", "{card:#}");
    assert_eq!(run.status, 0, "{}", run.stderr);
}

#[test]
fn a_portrait_that_is_none_is_named_as_what_it_is() {
    let blank = encoded(&draw(None, ""));
    let vehicle = Vehicle::new("front-row.toml", 2)
        .frames_of("couple")
        .file("documents/01/page.png", &encoded(&draw(HIM, ZONE)))
        .file("documents/01/portrait.png", &blank)
        .document("02", "couple/02");
    let result = check(vehicle.path(), &[]).json();
    let text = document(&result, "01").to_string();
    assert!(
        text.contains("portrait.png: no face was found in it"),
        "{text}"
    );
}
