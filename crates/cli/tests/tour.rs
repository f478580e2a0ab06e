//! docs/first-steps.md, line by line, as a newcomer tries it; and how every command
//! behaves where its output can't be written.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    os::unix::{fs::symlink, process::ExitStatusExt as _},
    path::Path,
    process::{Command, Output, Stdio},
    time::Duration,
};

/// A line of the page: what is typed, and how it ends.
struct Line {
    command: String,
    ends: Ends,
}

#[derive(Clone, Copy, PartialEq)]
enum Ends {
    With(i32),
    WhenInterrupted,
}

/// The lines of the page's shell blocks, in order.
fn lines() -> Vec<Line> {
    let page = include_str!("../../../docs/first-steps.md");
    let mut lines = Vec::new();
    let mut is_shell = false;
    for line in page.lines() {
        match line {
            "```sh" => is_shell = true,
            "```" => is_shell = false,
            _ if is_shell => {
                let (command, remark) = line.split_once("  # ").unwrap_or((line, ""));
                let ends = match remark.trim() {
                    "" => Ends::With(0),
                    "Ctrl-C ends it" => Ends::WhenInterrupted,
                    remark => {
                        let status = remark.strip_prefix("exit ").and_then(|n| n.parse().ok());
                        Ends::With(status.unwrap_or_else(|| unreachable!("{line}")))
                    }
                };
                lines.push(Line {
                    command: command.trim().to_owned(),
                    ends,
                });
            }
            _ => {}
        }
    }
    lines
}

/// A place like a fresh clone's root: the samples, and what earlier lines made.
fn place() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    symlink(samples, folder.path().join("samples")).expect("a link");
    folder
}

/// A shell in which `rowcall` is this build's.
fn shell(line: &str, place: &Path) -> Command {
    let own = Path::new(env!("CARGO_BIN_EXE_rowcall"));
    let own = own.parent().expect("a folder").to_string_lossy();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &format!("exec {line}")])
        .current_dir(place)
        .env("PATH", format!("{own}:{path}"));
    shell
}

fn run(line: &str, place: &Path) -> Output {
    shell(line, place).output().expect("sh runs")
}

/// Starts a command that goes on, waits until it says an address, and interrupts it.
fn interrupt(line: &str, place: &Path) -> Result<(), String> {
    let mut child = shell(line, place)
        .stdout(Stdio::piped())
        .spawn()
        .expect("sh runs");
    let said = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut said = said.lines().map_while(Result::ok);
    let is_up = said.by_ref().any(|line| line.contains("http://"));
    let id = child.id().to_string();
    // Whoever runs tests in the background may have them ignore interrupts.
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let ignored = status.lines().find_map(|l| l.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    let signal = match ignored.is_some_and(|mask| mask & 2 != 0) {
        true => "-TERM",
        false => "-INT",
    };
    let _ = Command::new("kill").args([signal, &id]).status();
    for _ in 0..600 {
        if let Ok(Some(status)) = child.try_wait() {
            let is_well = status.success() || matches!(status.signal(), Some(2 | 15));
            return match is_up && is_well {
                true => Ok(()),
                false => Err(format!("{status}, it said where it is: {is_up}")),
            };
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let _ = child.kill();
    Err("it goes on after an interrupt".into())
}

#[test]
fn every_line_of_the_first_steps_works() {
    let place = place();
    let mut wrong = Vec::new();
    for line in lines() {
        let Line { command, ends } = line;
        let failed = match ends {
            Ends::WhenInterrupted => interrupt(&command, place.path()).err(),
            Ends::With(status) => {
                let output = run(&command, place.path());
                let told = String::from_utf8_lossy(&output.stderr);
                (output.status.code() != Some(status))
                    .then(|| format!("{}, not {status}: {told}", output.status))
            }
        };
        wrong.extend(failed.map(|why| format!("{command}\n    {why}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The page has a line for every command there is.
#[test]
fn the_first_steps_leave_no_command_out() {
    let folder = place();
    let subcommands = |of: &str| -> Vec<String> {
        let help = run(&format!("rowcall {of} --help"), folder.path());
        let help = String::from_utf8_lossy(&help.stdout).into_owned();
        let listed = help.lines().skip_while(|l| *l != "Commands:").skip(1);
        listed
            .take_while(|l| !l.is_empty())
            .filter_map(|l| l.strip_prefix("  ")?.split_whitespace().next())
            .filter(|name| *name != "help")
            .map(str::to_owned)
            .collect()
    };
    let page = include_str!("../../../docs/first-steps.md");
    let mut missing = Vec::new();
    for command in subcommands("") {
        let own = subcommands(&command);
        let all = match own.is_empty() {
            true => vec![command.clone()],
            false => own.iter().map(|own| format!("{command} {own}")).collect(),
        };
        missing.extend(all.into_iter().filter(|name| {
            !page.contains(&format!("rowcall {name}")) && !page.contains(&format!("`{name}`"))
        }));
    }
    assert!(missing.is_empty(), "{missing:?}");
}

/// One rule for all: whoever closes the pipe has seen enough and is told nothing, what
/// can't be written is told in a line; and neither ever looks like a success.
#[test]
fn a_closed_pipe_is_quiet_and_a_full_disk_is_told() {
    if !Path::new("/dev/full").exists() {
        rowcall_skip::skip("this machine has no /dev/full");
        return;
    }
    let place = place();
    let made = run(
        "rowcall keys make keys --log lane3.example.org/rowcall",
        place.path(),
    );
    assert!(made.status.success());
    let quick = [
        "rowcall --version",
        "rowcall --help",
        "rowcall help check",
        "rowcall completions bash",
        "rowcall check samples/vehicles/couple",
        "rowcall check samples/vehicles/couple --json",
        "rowcall keys check keys",
        "rowcall camera check samples/vehicles/couple/frames/front --seconds 1",
        "rowcall document inspect samples/documents/page",
        "rowcall document inspect samples/documents/seal --json",
        "rowcall trust import samples/lists/utopia.ml --trust trust",
        "rowcall trust list samples/trust",
        "rowcall trust list samples/trust --json",
        "rowcall audit verify samples/audit/lane3",
        "rowcall audit verify samples/audit/lane3 --json",
        "rowcall audit show samples/audit/lane3",
        "rowcall audit prove samples/audit/lane3 3",
        "rowcall audit export samples/audit/lane3 --since 3 --out export",
        "rowcall evaluate verification --manifest samples/faces/manifest.csv --images samples/faces --bootstrap 100",
        "rowcall simulate samples/vehicles/couple -o made --jpeg 60",
    ];
    let mut wrong = Vec::new();
    for command in quick {
        // What the second run would find there already.
        let clear = || {
            for made in ["trust", "export", "made"] {
                let _ = fs::remove_dir_all(place.path().join(made));
            }
        };
        clear();
        let full = fs::OpenOptions::new().write(true).open("/dev/full");
        let full = shell(command, place.path())
            .stdout(full.expect("it opens"))
            .output()
            .expect("sh runs");
        let told = String::from_utf8_lossy(&full.stderr);
        if full.status.code() != Some(2) || told.matches("No space left").count() != 1 {
            wrong.push(format!("{command} > /dev/full: {}, {told}", full.status));
        }
        clear();
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let closed = shell(command, place.path())
            .stdout(writer)
            .output()
            .expect("sh runs");
        let told = String::from_utf8_lossy(&closed.stderr);
        if closed.status.code() != Some(141) || told.contains("rowcall:") || told.contains("panic")
        {
            wrong.push(format!("{command} | true: {}, {told}", closed.status));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
