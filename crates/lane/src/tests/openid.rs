//! Log-in with a real provider of accounts (tests/openid), on loopback.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::sync::oneshot;

use super::world::World;

/// The provider's folder; none where a part isn't installed, which is said. CI skips
/// nothing.
fn scripts() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openid");
    let node = Command::new("node").arg("--version").output();
    let is_there = folder.join("node_modules/oidc-provider").is_dir();
    if is_there && node.is_ok_and(|output| output.status.success()) {
        return Some(folder);
    }
    rowcall_skip::skip("it needs node, and npm ci --prefix crates/lane/tests/openid");
    None
}

/// A provider; it ends with this.
struct Provider {
    child: Child,
    issuer: String,
    /// What it goes on to say: it ends where nobody listens.
    _said: BufReader<ChildStdout>,
}

impl Provider {
    fn start(folder: &Path, lane: &str) -> Self {
        let mut child = Command::new("node")
            .arg(folder.join("provider.mjs"))
            .args([lane, "lane-3", "the lane's secret"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node runs");
        let mut said = BufReader::new(child.stdout.take().expect("a pipe"));
        let lines = said.by_ref().lines().map_while(Result::ok);
        let issuer = lines.into_iter().find(|line| line.starts_with("http://"));
        Self {
            child,
            issuer: issuer.expect("it says its issuer"),
            _said: said,
        }
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nobody listens on.
fn free() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").to_string()
}

async fn walk(folder: &Path, lane: &str, who: &str, tamper: &str) -> Value {
    let mut command = Command::new("node");
    command
        .arg(folder.join("walk.mjs"))
        .args([lane, who, tamper]);
    let output = tokio::task::spawn_blocking(move || command.output());
    let output = output.await.expect("no panic").expect("node runs");
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{who}: {complained}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn people_log_in_with_accounts_of_the_operators_own() {
    let Some(folder) = scripts() else { return };
    let listen = free();
    let lane = format!("http://{listen}");
    let provider = Provider::start(&folder, &lane);
    let secrets = tempfile::tempdir().expect("a folder");
    let secret = secrets.path().join("secret");
    std::fs::write(&secret, "the lane's secret\n").expect("written");
    let world = World::changed(|text| {
        let listens = format!("listen = {listen:?}\naddress = {lane:?}");
        text.replace("listen = \"127.0.0.1:0\"", &listens)
            + &format!(
                "[service.openid]\nissuer = {:?}\nclient = \"lane-3\"\nsecret = {secret:?}\nclaim = \"groups\"\n\
                 [service.openid.roles]\nlane-officers = \"officer\"\ninternal-audit = \"auditor\"\n",
                provider.issuer
            )
    });
    let (ready, listening) = oneshot::channel();
    let (stop, stopped) = oneshot::channel::<()>();
    let service = world.service.clone();
    let served = tokio::spawn(service.serve(
        |at| {
            let _ = ready.send(at);
        },
        async move { drop(stopped.await) },
    ));
    listening.await.expect("it listens");
    // The provider is asked as the lane starts: nobody waits for it then.
    let begun = Instant::now();
    let first = loop {
        let walked = walk(&folder, &lane, "a.holm:lane-officers,cyclists", "").await;
        if walked["session"] == true {
            break walked;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{walked:#}");
        tokio::time::sleep(Duration::from_millis(300)).await;
    };
    assert_eq!(first["home"], "/lanes", "{first:#}");
    let sent = &first["begun"];
    assert_eq!(sent["code_challenge_method"], "S256", "{sent:#}");
    for key in ["code_challenge", "state", "nonce"] {
        assert!(
            sent[key].as_str().is_some_and(|v| v.len() >= 20),
            "{key}: {sent:#}"
        );
    }
    let cookies = first["cookies"].to_string();
    assert!(cookies.contains("HttpOnly; SameSite=Strict"), "{cookies}");
    let mut wrong = Vec::new();
    for (who, tamper, home) in [
        ("b.quist:internal-audit", "", Some("/auditor")),
        ("c.rask:cyclists", "", None),
        ("c.rask:lane-officers,internal-audit", "", None),
        ("c.rask", "", None),
        ("C RASK:lane-officers", "", None),
        ("a.holm:lane-officers", "state", None),
        ("a.holm:lane-officers", "code", None),
        ("a.holm:lane-officers", "cookie", None),
    ] {
        let walked = walk(&folder, &lane, who, tamper).await;
        let is_so = match home {
            Some(home) => walked["home"] == home,
            None => {
                let told = walked["told"].as_str().unwrap_or("");
                walked["session"] == false
                    && walked["status"] == 403
                    && told.contains("/login/openid")
            }
        };
        if !is_so {
            wrong.push(format!("{who} {tamper}: {walked:#}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    drop(stop);
    served.await.expect("no panic").expect("it ends");
}

/// Without its provider a lane starts, says so, and its own accounts go on.
#[tokio::test]
async fn a_provider_that_is_away_keeps_nobody_out_who_has_an_account_here() {
    let world = World::changed(|text| {
        text.replace(
            "listen = ",
            "address = \"https://lane3.example.org\"\nlisten = ",
        ) + &format!(
            "[service.openid]\nissuer = \"http://{}\"\nclient = \"lane-3\"\nclaim = \"groups\"\n\
                 [service.openid.roles]\nlane-officers = \"officer\"\n",
            free()
        )
    });
    let nobody = super::world::Asker::Nobody;
    let answer = world.get(&nobody, "/login/openid").await;
    assert_eq!(answer.status, axum::http::StatusCode::FORBIDDEN);
    let page = world.get(&nobody, "/login").await;
    let page = String::from_utf8(page.body).expect("text");
    assert!(page.contains("href=\"/login/openid\""), "{page}");
    world.person(crate::Role::Officer);
    let plain = World::new().get(&nobody, "/login").await;
    assert!(
        !String::from_utf8(plain.body)
            .expect("text")
            .contains("openid")
    );
}
