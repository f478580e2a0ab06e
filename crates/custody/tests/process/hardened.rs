//! What `harden` says at start-up is so, seen from outside the process.

use rowcall_custody::LockedKey;
use rowcall_custody::system::{Hardening, Protection, harden, tell_panics_without_what_they_say};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

/// Tells the test below that it is the process to look at.
const CHILD: &str = "ROWCALL_TEST_HARDENED";

/// Not a test by itself: hardens, says what it got, and waits to be looked at.
#[test]
fn this_process_is_hardened() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let got = harden();
    let keys: Vec<LockedKey> = (0..3).map(|seed| LockedKey::new([seed; 32])).collect();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{got}ready").unwrap();
    out.flush().unwrap();
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    drop(keys);
    // Ends as a failure would that leaves a core.
    std::process::abort();
}

#[test]
fn core_dumps_are_off_and_keys_locked_as_it_says() {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "hardened::this_process_is_hardened"])
        .args(["--nocapture", "--test-threads=1"])
        .env(CHILD, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        if line == "ready" {
            break;
        }
        said.push(line);
    }
    let of = |file: &str, name: &str| {
        let text = std::fs::read_to_string(format!("/proc/{}/{file}", child.id())).unwrap();
        let line = text.lines().find(|line| line.starts_with(name));
        let rest = line.unwrap().strip_prefix(name).unwrap();
        rest.split_whitespace().next().unwrap().to_owned()
    };
    let says = |text: &str| said.iter().any(|line| line.ends_with(text));
    assert!(says("core dumps off: yes"), "{said:?}");
    assert!(says("memory not readable by others: yes"), "{said:?}");
    assert_eq!(of("limits", "Max core file size"), "0");
    // Three keys, each on a page of its own; or it says that they are not.
    let kilobytes: u64 = of("status", "VmLck:").parse().unwrap();
    match says("key pages locked in memory: yes") {
        true => assert!(kilobytes >= 3 * 4, "{kilobytes} kB"),
        false => assert!(
            said.iter()
                .any(|l| l.contains("key pages locked in memory: NO ("))
        ),
    }
    drop(child.stdin.take());
    let status = child.wait().unwrap();
    use std::os::unix::process::ExitStatusExt as _;
    assert!(
        status.signal().is_some() && !status.core_dumped(),
        "{status}"
    );
}

/// A protection that is missing stands in the start-up log with its reason.
#[test]
fn what_is_missing_is_said() {
    let missing = |why: &str| Protection::Missing(why.to_owned());
    let text = Hardening {
        core_dumps_off: Protection::InForce,
        not_dumpable: missing("not permitted"),
        keys_locked: missing("RLIMIT_MEMLOCK is 0"),
        no_swap: Protection::InForce,
    }
    .to_string();
    assert_eq!(
        text,
        "core dumps off: yes\nmemory not readable by others: NO (not permitted)\n\
         key pages locked in memory: NO (RLIMIT_MEMLOCK is 0)\nno swap: yes\n"
    );
}

/// Tells the test below that it is the process that fails.
const FAILING: &str = "ROWCALL_TEST_FAILING";

/// Not a test by itself: fails on a line of a document, as code that cuts texts could.
#[test]
fn this_process_fails_on_a_document() {
    if std::env::var_os(FAILING).is_none() {
        return;
    }
    tell_panics_without_what_they_say();
    let line = format!("P<UTO\u{c5}{}", crate::lane::NAME);
    let at = std::hint::black_box(6);
    let cut = std::thread::Builder::new().name("analyst-0".into());
    let cut = cut.spawn(move || line[at..].len()).unwrap().join();
    assert!(cut.is_err());
}

#[test]
fn a_panic_tells_nothing_of_what_it_stumbled_over() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "hardened::this_process_fails_on_a_document"])
        .args(["--nocapture", "--test-threads=1"])
        .env(FAILING, "1")
        .env("RUST_BACKTRACE", "full")
        .output()
        .unwrap();
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("fault of the program in thread analyst-0, at ")
            && said.contains("hardened.rs"),
        "{said}"
    );
    assert!(
        !said.contains("ERIKSSON") && !said.contains("P<UTO"),
        "{said}"
    );
}
