//! The documented file, and files with which no lane starts.

use std::path::Path;

use super::{
    Config,
    file::{File, without_passwords},
};

fn documented() -> String {
    let text = include_str!("../../../../docs/lane.md");
    let mut blocks = text
        .split("```toml\n")
        .filter_map(|rest| rest.split("```").next());
    let found = blocks.find(|block| block.starts_with("# service.toml"));
    found.expect("an example").to_owned()
}

/// What the documentation has of stations apart.
fn stations() -> String {
    let text = include_str!("../../../../docs/lane.md");
    let mut blocks = text
        .split("```toml\n")
        .filter_map(|rest| rest.split("```").next());
    let found = blocks.find(|block| block.starts_with("[lane.apart]"));
    found.expect("an example").to_owned()
}

#[test]
fn the_documented_file_is_one() {
    let file: File = toml::from_str(&documented()).expect("as it says");
    file.notice.check().expect("a notice");
    file.retention.check().expect("a retention");
    assert_eq!(file.lane.len(), 1);
}

#[test]
fn a_cameras_password_is_in_no_hash() {
    let file = |password: &str| {
        let camera = format!("[[lane.camera]]\nname = \"front\"\n  password = {password:?}\n");
        without_passwords(&camera)
    };
    assert_eq!(file("one"), file("another"));
    assert!(file("one").contains("name = \"front\""));
}

/// Each change makes a file with which no lane starts; the error names the key.
#[test]
fn no_lane_starts_without_what_it_owes() {
    let folder = tempfile::tempdir().expect("a folder");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/lanes");
    let samples = samples.canonicalize().expect("the samples");
    let lane = |name: &str| format!("{:?}", samples.join(name));
    let good = documented()
        .replace("\"car.toml\"", &lane("front-row.toml"))
        .replace("\"van.toml\"", &lane("two-row.toml"));
    let read = |text: &str| {
        let path = folder.path().join("service.toml");
        std::fs::write(&path, text).expect("written");
        Config::read(&path)
    };
    read(&good).expect("it is right");
    let revocation = "revocation = [\"crl\"]";
    let apart = |from: &str, to: &str| {
        assert!(stations().contains(from), "{from}");
        format!("{revocation}\n{}", stations().replacen(from, to, 1))
    };
    let config = read(&good.replacen(revocation, &apart("", ""), 1)).expect("it is right");
    assert_eq!(config.lanes[0].apart.as_ref().map(|a| a.minutes), Some(15));
    // A party's way to the cameras comes before its time there.
    let limit = config.custody_policy().expect("a policy").transaction_limit;
    assert_eq!(limit.get(), 25);
    let mut wrong = Vec::new();
    for (from, to, key) in [
        (
            "operator = \"Example Border Service\"",
            "operator = \" \"",
            "notice.operator",
        ),
        (
            "legal_basis = \"Example Act, section 1\"",
            "legal_basis = \"\"",
            "notice.legal_basis",
        ),
        (
            "legal_basis = \"Example Act, section 1\"",
            "",
            "legal_basis",
        ),
        (
            "contact = \"privacy@example.org, +999 555 0100\"",
            "",
            "contact",
        ),
        (
            "languages = [\"en\", \"es\"]",
            "languages = []",
            "notice.languages",
        ),
        (
            "languages = [\"en\", \"es\"]",
            "languages = [\"tlh\"]",
            "line",
        ),
        (
            "transaction_minutes = 10",
            "transaction_minutes = 0",
            "retention.transaction_minutes",
        ),
        (
            "transaction_minutes = 10",
            "transaction_minutes = 6000",
            "retention.transaction_minutes",
        ),
        (
            "outcomes_days = 90",
            "outcomes_days = 367",
            "retention.outcomes_days",
        ),
        ("outcomes_days = 90", "", "outcomes_days"),
        ("format = 1", "format = 2", "format"),
        ("name = \"booth-3\"", "name = \"../x\"", "lane[0].name"),
        ("direction = \"entry\"", "direction = \"in\"", "line"),
        (
            "[service]",
            "[service]\nplate_reader = true",
            "plate_reader",
        ),
        (
            &lane("two-row.toml"),
            &lane("front-row.toml"),
            "lane[0].files",
        ),
        (&lane("two-row.toml"), "\"absent.toml\"", "absent.toml"),
        (
            revocation,
            &apart("minutes = 15", "minutes = 61"),
            "lane[0].apart.minutes",
        ),
        (
            revocation,
            &apart("parties = 20", "parties = 0"),
            "lane[0].apart.parties",
        ),
        (
            revocation,
            &apart("\"dtc\"", "\"kiosk-1\""),
            "lane[0].apart.documents",
        ),
        (
            revocation,
            &apart("\"dtc\"", "\"a b\""),
            "lane[0].apart.documents",
        ),
        (
            revocation,
            &apart("\"gantry\"", "\"dtc\""),
            "lane[0].apart.cameras",
        ),
        (revocation, &apart("\"kept\"", "\"mostly\""), "line"),
        (revocation, &apart("minutes = 15", "seconds = 15"), "line"),
        (revocation, &apart("minutes = 15", ""), "minutes"),
    ] {
        assert!(good.contains(from), "{from}");
        match read(&good.replacen(from, to, 1)) {
            Ok(_) => wrong.push(format!("{from} -> {to}: it starts")),
            Err(e) if !e.to_string().contains(key) => wrong.push(format!("{key}: {e}")),
            Err(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
