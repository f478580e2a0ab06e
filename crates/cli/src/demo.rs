//! `rowcall demo`: a lane with no set-up at all.

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use rowcall_audit::KeyName;
use rowcall_custody::{
    KeyFolder,
    system::{system_random, tell_panics_without_what_they_say},
};
use rowcall_lane::{
    Role, Service,
    config::Config,
    demo::{Act, Pace, Twist},
};
use rowcall_pipeline::{folder::Folder, models};

use crate::{failure::Failure, output, serve};

/// Start a lane with no set-up: on this machine alone, in a temporary folder, with the
/// sample vehicles arriving one after another as if they were filmed.
///
/// One-time passwords are printed. Everything is gone when it ends.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The port to listen on.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Don't open a browser.
    #[arg(long)]
    no_browser: bool,
    /// The folder of sample vehicles [default: those of the source tree].
    #[arg(long, value_name = "DIR")]
    samples: Option<PathBuf>,
    /// The folder of models [default: ROWCALL_MODELS, or the models that come
    /// with the program].
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
    /// Everybody's password, instead of one-time ones: for tests that log in.
    #[arg(long, hide = true)]
    password: Option<String>,
    /// As fast as the machine goes: for tests.
    #[arg(long, hide = true)]
    fast: bool,
    /// A hold takes two officers, and there is a second: for tests.
    #[arg(long, hide = true)]
    two_officers: bool,
}

/// The lane's name.
const LANE: &str = "booth-1";
/// The log's name.
const LOG: &str = "demo.example.org/rowcall";

/// Plays until it is told to stop.
///
/// # Errors
/// What makes it impossible: no samples, no models, a port that is taken.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    tell_panics_without_what_they_say();
    let samples = match &args.samples {
        Some(given) => given.clone(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples"),
    };
    let temporary = tempfile::Builder::new()
        .prefix("rowcall-demo-")
        .tempdir()
        .map_err(|e| Failure::new(format!("a temporary folder: {e}")))?;
    let acts = acts(&samples)?;
    let config = configuration(temporary.path(), &samples, args)?;
    let service = Service::start(config, &models::folder(args.models.clone())?)?;
    let mut passwords = Vec::new();
    for role in [
        Role::Officer,
        Role::Supervisor,
        Role::Auditor,
        Role::Administrator,
    ] {
        let given = args.password.as_deref();
        passwords.push((role, service.add_person(role.code(), role, given)?));
    }
    if args.two_officers {
        service.add_person("officer-2", Role::Officer, args.password.as_deref())?;
    }
    let stop = Arc::new(AtomicBool::new(false));
    let player = std::thread::Builder::new().name("vehicles".into()).spawn({
        let (service, stop) = (service.clone(), stop.clone());
        let pace = match args.fast {
            true => Pace::fast(),
            false => Pace::default(),
        };
        move || service.play(LANE, &acts, &pace, None, &stop)
    });
    let player = player.map_err(|e| Failure::new(format!("a thread: {e}")))?;
    let served = serve::serve(&service, |address| {
        let at = format!("http://{address}/");
        let mut said = format!("A lane with synthetic people runs at {at}\nLog in as one of\n");
        for (role, password) in &passwords {
            said += &format!("  {:<14} {}\n", role.code(), **password);
        }
        said += "Ctrl-C ends it, and nothing is left of it.\n";
        // Whoever started it may read no further: it plays all the same.
        let _ = output::print(&said);
        if !args.no_browser {
            open_browser(&at);
        }
    });
    stop.store(true, Ordering::Relaxed);
    let played = player.join();
    served?;
    match played {
        Ok(Ok(())) | Err(_) => {}
        // It was stopped under its hands.
        Ok(Err(_)) => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// What arrives, in order: a vehicle where all is well, then what can happen.
fn acts(samples: &Path) -> Result<Vec<Act>, Failure> {
    let vehicle = |name: &str, twist: Twist| -> Result<Act, Failure> {
        let path = samples.join("vehicles").join(name);
        Ok(Act {
            folder: Folder::open(&path, None, None)?,
            twist,
        })
    };
    let seat = |text: &str| text.parse().map_err(Failure::new);
    Ok(vec![
        vehicle("couple", Twist::None)?,
        vehicle("extra-person", Twist::None)?,
        vehicle(
            "couple",
            Twist::WrongDocument(samples.join("vehicles/extra-person/documents/02")),
        )?,
        vehicle("minivan", Twist::LateDocument)?,
        vehicle("couple", Twist::OptOut(seat("1-right")?))?,
        vehicle("family", Twist::None)?,
        Act {
            folder: Folder::open(&samples.join("attacks/held-up"), None, None)?,
            twist: Twist::None,
        },
        vehicle("siblings", Twist::DeadCamera("left".into()))?,
        vehicle("night-nir", Twist::None)?,
    ])
}

fn configuration(folder: &Path, samples: &Path, args: &Args) -> Result<Config, Failure> {
    let (port, two_officers) = (args.port, args.two_officers);
    let keys = folder.join("keys");
    let name = KeyName::new(LOG).map_err(|e| Failure::new(e.to_string()))?;
    KeyFolder::make(&keys, &name, &mut system_random()).map_err(|e| Failure::new(e.to_string()))?;
    // Copies: whoever tries the zones' editor writes these.
    for part in ["lanes", "trust"] {
        copy(&samples.join(part), &folder.join(part))?;
    }
    let file = folder.join("service.toml");
    let text = format!(
        r#"# The service file of a demonstration.
format = 1

[notice]
operator = "Demonstration: nobody's lane, synthetic people"
purpose = "To show how a lane compares travellers with the documents that they present"
legal_basis = "None: nobody real passes here"
contact = "See the project's README"
languages = ["en", "es"]

[retention]
transaction_minutes = 10
hold_minutes = 60
order_minutes = 1440
holds_per_day = 20
two_officers = {two_officers}
outcomes_days = 30

[service]
listen = "127.0.0.1:{port}"
state = "state"
keys = "keys"
log = "{LOG}"

[[lane]]
name = "{LANE}"
direction = "entry"
files = ["lanes/front-row.toml", "lanes/two-row.toml", "lanes/three-row.toml"]
"#,
    );
    std::fs::write(&file, text).map_err(|e| Failure::file(&file, &e))?;
    Ok(Config::read(&file)?)
}

/// Copies a folder's files.
fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    let failed = |e: std::io::Error| Failure::file(from, &e);
    std::fs::create_dir(to).map_err(failed)?;
    for entry in std::fs::read_dir(from).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        if let Some(name) = file.file_name().filter(|_| file.is_file()) {
            std::fs::copy(&file, to.join(name)).map_err(|e| Failure::file(&file, &e))?;
        }
    }
    Ok(())
}

/// Opens the page where there is a desktop; nothing is said where there is none.
fn open_browser(address: &str) {
    if std::env::var_os("DISPLAY").is_none() && std::env::var_os("WAYLAND_DISPLAY").is_none() {
        return;
    }
    let _ = Command::new("xdg-open")
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
}
