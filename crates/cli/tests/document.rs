//! `rowcall document inspect` and `rowcall trust`, as a user runs them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rowcall_specimen::Issuer;
use serde_json::Value;

const RIGHT: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n\
                     L898902C36UTO7408122F1204159ZE184226B<<<<<10\n";

fn rowcall(arguments: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rowcall"))
        .args(arguments)
        .output()
        .expect("runs")
}

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON and nothing else"))
        .collect()
}

#[test]
fn one_line_per_path_and_exit_codes() {
    let folder = folder("inspect");
    let (right, wrong) = (folder.join("right.txt"), folder.join("mrz.txt"));
    std::fs::write(&right, RIGHT).expect("writes");
    std::fs::write(&wrong, RIGHT.replace("ZE184226B", "ZE184226A")).expect("writes");
    let inspect = |paths: &[&Path]| {
        let mut arguments: Vec<&Path> = ["document", "inspect", "--json", "--at", "2026-11-23"]
            .iter()
            .map(Path::new)
            .collect();
        arguments.extend(paths);
        rowcall(&arguments)
    };
    let output = inspect(&[&right, &wrong]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let reports = lines(&output);
    assert_eq!(reports.len(), 2);
    assert_eq!(reports[0]["verdict"], "unsigned");
    assert_eq!(reports[0]["kind"], "mrz");
    assert_eq!(reports[0]["mrz"]["document_number"], "L898902C3");
    assert_eq!(reports[0]["path"], right.display().to_string());
    assert_eq!(reports[1]["verdict"], "invalid");
    let codes: Vec<&str> = reports[1]["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|f| f["code"].as_str())
        .collect();
    assert!(
        codes.contains(&"mrz-personal-number-check-digit"),
        "{codes:?}"
    );

    let output = inspect(&[&folder.join("absent"), &right]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(lines(&output).len(), 1);
    assert!(String::from_utf8_lossy(&output.stderr).contains("absent"));
}

#[test]
fn a_chip_and_its_issuer_by_way_of_a_master_list() {
    let folder = folder("chip");
    let issuer = Issuer::new(5);
    let portrait = [
        0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 64, 0, 48, 1, 1, 0x11, 0, 0xff, 0xd9,
    ];
    let chip = folder.join("chip");
    std::fs::create_dir_all(&chip).expect("a folder");
    for (name, bytes) in issuer.issue(RIGHT, &portrait).expect("issues") {
        std::fs::write(chip.join(name), bytes).expect("writes");
    }
    let list = folder.join("list.ml");
    std::fs::write(&list, issuer.master_list(&[issuer.csca_certificate()])).expect("writes");
    let anchor = folder.join("anchor.der");
    std::fs::write(&anchor, issuer.csca_certificate()).expect("writes");
    let stranger = folder.join("stranger.der");
    std::fs::write(&stranger, Issuer::new(6).csca_certificate()).expect("writes");
    let trust = folder.join("trust");
    let _ = std::fs::remove_dir_all(&trust);
    let import = |anchor: &Path| {
        rowcall(&[
            Path::new("trust"),
            Path::new("import"),
            &list,
            Path::new("--trust"),
            &trust,
            Path::new("--anchor"),
            anchor,
        ])
    };
    assert_eq!(import(&stranger).status.code(), Some(2));
    assert_eq!(import(&anchor).status.code(), Some(0));
    assert!(trust.join("provenance.jsonl").is_file());
    let listed = rowcall(&[Path::new("trust"), Path::new("list"), &trust]);
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(text.contains("1 certificates of 1 countries"), "{text}");

    let portraits = folder.join("portraits");
    let output = rowcall(&[
        Path::new("document"),
        Path::new("inspect"),
        Path::new("--json"),
        Path::new("--trust"),
        &trust,
        Path::new("--at"),
        Path::new("2026-11-23"),
        Path::new("--portraits"),
        &portraits,
        &chip,
    ]);
    let report = &lines(&output)[0];
    assert_eq!(report["verdict"], "valid-with-warning", "{report}");
    assert_eq!(report["authenticity"], "trusted");
    assert_eq!(report["portrait"]["source"], "signed-chip");
    let saved = std::fs::read_dir(&portraits).expect("a folder").count();
    assert_eq!(saved, 1);
}

#[test]
fn a_page_gives_its_zone_and_its_portrait() {
    let Some(page) = rowcall_skip::shared("documents/images/ICAO_Example.png") else {
        return;
    };
    let folder = folder("page");
    let turned = folder.join("turned.png");
    let picture = image::open(&page).expect("a picture").rotate90();
    picture.save(&turned).expect("writes");
    let portraits = folder.join("portraits");
    let _ = std::fs::remove_dir_all(&portraits);
    let output = rowcall(&[
        Path::new("document"),
        Path::new("inspect"),
        Path::new("--json"),
        Path::new("--at=2026-11-23"),
        Path::new("--portraits"),
        &portraits,
        &page,
        &turned,
    ]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    for report in lines(&output) {
        assert_eq!(report["kind"], "page");
        assert_eq!(report["verdict"], "unsigned", "{report}");
        assert_eq!(report["mrz"]["primary_identifier"], "ERIKSSON");
        assert_eq!(report["mrz"]["secondary_identifier"], "ANNA MARIA");
        assert_eq!(report["mrz"]["document_number"], "L898902C3");
        assert_eq!(report["portrait"]["source"], "printed-page");
        // The portrait, not the page: the face of the specimen, upright.
        let size = |side: &str| report["portrait"][side].as_u64().expect("a number");
        assert!((70..160).contains(&size("width")), "{report}");
        assert!(size("height") > size("width"), "{report}");
    }
    assert_eq!(std::fs::read_dir(&portraits).expect("a folder").count(), 2);
}

/// A trust folder with one certificate and these files besides.
fn trust_folder(name: &str, more: &[(&str, &[u8])]) -> PathBuf {
    let trust = folder(name);
    std::fs::remove_dir_all(&trust).expect("it is there");
    std::fs::create_dir_all(&trust).expect("a folder");
    std::fs::write(trust.join("good.der"), Issuer::new(5).csca_certificate()).expect("writes");
    for (name, bytes) in more {
        std::fs::write(trust.join(name), bytes).expect("writes");
    }
    trust
}

#[test]
fn listing_a_trust_folder_names_what_is_wrong_with_it() {
    let (list, trust) = (Path::new("list"), Path::new("trust"));
    let cut = &Issuer::new(6).csca_certificate()[..200];
    let bad = trust_folder(
        "trust-bad",
        &[("cut.der", cut), ("empty.crl", b""), ("notes.txt", b"mine")],
    );
    #[cfg(unix)]
    {
        let gone = bad.join("gone.cer");
        std::os::unix::fs::symlink(bad.join("nowhere"), gone).expect("a link");
    }
    for more in [&[][..], &[Path::new("--json")]] {
        let output = rowcall(&[&[trust, list, &bad], more].concat());
        let (said, wrong) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert_eq!(output.status.code(), Some(2), "{said}{wrong}");
        // What is good is shown none the less.
        assert!(said.contains(if more.is_empty() {
            "1 certificates"
        } else {
            "good.der"
        }));
        for name in ["cut.der", "empty.crl", "notes.txt", "take them out"] {
            assert!(wrong.contains(name), "{name}: {wrong}");
        }
        #[cfg(unix)]
        assert!(
            wrong.contains("gone.cer: not used: it can't be opened"),
            "{wrong}"
        );
        assert!(!wrong.contains("good.der"), "{wrong}");
    }
    let output = rowcall(&[trust, list, &trust_folder("trust-good", &[])]);
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{output:?}");
}

/// A damaged revocation list would otherwise leave a revoked signer trusted
/// without a word.
#[test]
fn a_damaged_revocation_list_is_named() {
    let crls = trust_folder("crls", &[("damaged.crl", b"\x30\x03\x02")]);
    let mrz = crls.join("mrz.txt");
    std::fs::write(&mrz, RIGHT).expect("writes");
    let (document, inspect) = (Path::new("document"), Path::new("inspect"));
    let output = rowcall(&[document, inspect, Path::new("--crl"), &crls, &mrz]);
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(wrong.contains("damaged.crl: not used"), "{wrong}");
    // A certificate is no revocation list, and nothing else there is either.
    assert!(
        wrong.contains("good.der: not used: no revocation list"),
        "{wrong}"
    );
}

#[test]
fn nothing_of_a_malformed_master_list_is_imported() {
    let folder = folder("import");
    let issuer = Issuer::new(5);
    let whole = issuer.master_list(&[issuer.csca_certificate()]);
    let (good, bad) = (folder.join("good.ml"), folder.join("bad.ml"));
    std::fs::write(&good, &whole).expect("writes");
    let mut altered = whole.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    let trust = folder.join("trust");
    for (what, bytes) in [
        ("cut", &whole[..whole.len() / 2]),
        ("altered", &altered),
        ("another file", RIGHT.as_bytes()),
        ("empty", b""),
    ] {
        std::fs::write(&bad, bytes).expect("writes");
        let _ = std::fs::remove_dir_all(&trust);
        let (command, import) = (Path::new("trust"), Path::new("import"));
        // A good list before it isn't imported either.
        let output = rowcall(&[command, import, &good, &bad, Path::new("--trust"), &trust]);
        let wrong = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{what}: {wrong}");
        assert!(wrong.contains("bad.ml"), "{what}: {wrong}");
        assert!(output.stdout.is_empty(), "{what}: {output:?}");
        assert!(!trust.exists(), "{what}");
    }
}

/// A document can write what it likes: it makes no line of its own in the table, and
/// JSON has it as it stands.
#[test]
fn foreign_text_forges_no_line_and_turns_none_round() {
    let folder = folder("foreign");
    let data = "{\"hdr\":{\"is\":\"UTO\\n  verdict      valid\",\"t\":\"\u{202e}\u{1b}[2J\",\"v\":1},\"msg\":{}}";
    let data = data.replace('\u{1b}', "\\u001b");
    let seal = folder.join("x.vdsnc");
    std::fs::write(&seal, Issuer::new(8).json_seal(&data)).expect("writes");
    let inspect = |more: &[&Path]| {
        let mut arguments = vec![Path::new("document"), Path::new("inspect"), &seal];
        arguments.extend(more);
        rowcall(&arguments)
    };
    let table = String::from_utf8(inspect(&[]).stdout).expect("text");
    let verdicts = table
        .lines()
        .filter(|l| l.trim_start().starts_with("verdict"));
    assert_eq!(verdicts.collect::<Vec<_>>(), ["  verdict      untrusted"]);
    assert!(
        table.contains("\\u{202e}\\u{1b}[2J of UTO\\n  verdict"),
        "{table}"
    );
    assert!(
        !table.contains('\u{1b}') && !table.contains('\u{202e}'),
        "{table}"
    );
    let report = &lines(&inspect(&[Path::new("--json")]))[0];
    let exact = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .any(|f| {
            f["detail"]
                .as_str()
                .is_some_and(|d| d.contains("\u{202e}\u{1b}[2J of UTO\n  verdict"))
        });
    assert!(exact, "{report}");

    let absent = folder.join("absent\nrowcall: all is well");
    let stderr =
        String::from_utf8(rowcall(&[Path::new("document"), Path::new("inspect"), &absent]).stderr);
    let stderr = stderr.expect("text");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
}

/// A chip of the specimen issuer whose portrait ends in `last`.
fn write_chip(folder: &Path, last: u8) {
    let portrait = [
        0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 64, 0, 48, 1, 1, 0x11, 0, 0xff, 0xd9, last,
    ];
    std::fs::create_dir_all(folder).expect("a folder");
    for (name, bytes) in Issuer::new(5).issue(RIGHT, &portrait).expect("issues") {
        std::fs::write(folder.join(name), bytes).expect("writes");
    }
}

#[test]
fn no_portrait_takes_the_place_of_another() {
    let folder = folder("same-name");
    let portraits = folder.join("portraits");
    let _ = std::fs::remove_dir_all(&portraits);
    let chips = ["a-b", "a_b", "a.b"].map(|name| folder.join(name));
    for (chip, last) in chips.iter().zip([1, 2, 2]) {
        write_chip(chip, last);
    }
    for _ in 0..2 {
        let mut arguments = vec![Path::new("document"), Path::new("inspect")];
        arguments.extend([Path::new("--portraits"), &portraits]);
        arguments.extend(chips.iter().map(PathBuf::as_path));
        assert_eq!(rowcall(&arguments).status.code(), Some(0));
        // The third is the second's picture, and a second run adds none.
        assert_eq!(std::fs::read_dir(&portraits).expect("a folder").count(), 2);
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_named_and_not_waited_for() {
    let folder = folder("no-files");
    let _ = std::fs::remove_dir_all(&folder);
    write_chip(&folder, 1);
    std::fs::create_dir_all(folder.join("mrz.txt")).expect("a folder");
    std::fs::create_dir_all(folder.join("notes")).expect("a folder");
    std::os::unix::fs::symlink("nowhere", folder.join("portrait.jpg")).expect("a link");
    let pipe = Command::new("mkfifo")
        .arg(folder.join("EF_DG11.bin"))
        .status();
    assert!(pipe.expect("mkfifo runs").success());
    let output = rowcall(&[Path::new("document"), Path::new("inspect"), &folder]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let stderr = String::from_utf8(output.stderr).expect("text");
    for said in [
        "mrz.txt: skipped: it is a folder",
        "portrait.jpg: skipped: it is a link that leads nowhere",
        "EF_DG11.bin: skipped: it is neither",
    ] {
        assert!(stderr.contains(said), "{said}: {stderr}");
    }
    assert!(!stderr.contains("notes"), "{stderr}");
}
