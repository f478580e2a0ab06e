//! A service on the sample lanes, and whoever asks it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode, header},
    response::Response,
};
use rowcall_audit::KeyName;
use rowcall_custody::{
    Clock, KeyFolder,
    system::{SystemClock, system_random},
};
use rowcall_face::Image;
use rowcall_pipeline::folder::Folder;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::{Role, Service, config::Config, http};

pub(super) const LOG: &str = "lane3.example.org/rowcall";
pub(super) const PASSWORD: &str = "seven green boats";

pub(super) fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples")
}

pub(super) fn vehicle(name: &str) -> Folder {
    let folder = samples().join("vehicles").join(name);
    Folder::open(&folder, None, None).expect("a sample")
}

pub(super) fn config(folder: &Path, more: &str) -> String {
    let lanes = samples().join("lanes");
    format!(
        r#"format = 1
[notice]
operator = "Example Border Service"
purpose = "To check that travellers hold the documents that they present"
legal_basis = "Example Act, section 1"
contact = "privacy@example.org"
languages = ["en", "es"]
[retention]
transaction_minutes = 10
hold_minutes = 60
order_minutes = 600
holds_per_day = 20
two_officers = false
outcomes_days = 30
[service]
listen = "127.0.0.1:0"
state = "{}"
keys = "{}"
log = "{LOG}"
[[lane]]
name = "booth-1"
direction = "entry"
files = ["{}", "{}", "{}"]
{more}"#,
        folder.join("state").display(),
        folder.join("keys").display(),
        lanes.join("front-row.toml").display(),
        lanes.join("two-row.toml").display(),
        lanes.join("three-row.toml").display(),
    )
}

pub(super) struct World {
    pub(super) folder: tempfile::TempDir,
    pub(super) service: Arc<Service>,
    router: Router,
}

/// Who asks: a session's cookie and what goes with it, or a token.
#[derive(Clone)]
pub(super) enum Asker {
    Nobody,
    Person(String, String),
    Device(String),
}

pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: axum::http::HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

impl World {
    pub(super) fn new() -> Self {
        Self::with("")
    }

    /// With more in the lane's part of the service file.
    pub(super) fn with(more: &str) -> Self {
        Self::built(|text| text + more, Arc::new(SystemClock::new()))
    }

    /// With the service file changed.
    pub(super) fn changed(change: impl FnOnce(String) -> String) -> Self {
        Self::built(change, Arc::new(SystemClock::new()))
    }

    /// By a clock of the test's own.
    pub(super) fn by_clock(more: &str, clock: Arc<dyn Clock>) -> Self {
        Self::built(|text| text + more, clock)
    }

    fn built(change: impl FnOnce(String) -> String, clock: Arc<dyn Clock>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let name = KeyName::new(LOG).expect("a name");
        KeyFolder::make(&folder.path().join("keys"), &name, &mut system_random()).expect("keys");
        let file = folder.path().join("service.toml");
        std::fs::write(&file, change(config(folder.path(), ""))).expect("written");
        let config = Config::read(&file).expect("a configuration");
        let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
        let service = Service::start_with(config, &models, clock, Box::new(system_random()));
        let service = service.expect("it starts");
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Device) {
            let set = service.people.set_user(role.code(), role, PASSWORD, false);
            set.expect("a user");
        }
        let (router, _) = http::router(service.clone());
        Self {
            folder,
            service,
            router,
        }
    }

    pub(super) fn person(&self, role: Role) -> Asker {
        let now = self.service.clock.read().since_boot;
        let people = &self.service.people;
        let secret = people.log_in(role.code(), PASSWORD, now).expect("right");
        let identity = people.session(&secret, now, true).expect("it lives");
        Asker::Person(secret.to_string(), identity.csrf.expect("a person has one"))
    }

    pub(super) fn device(&self) -> Asker {
        let until = self.service.clock.read().wall / 60 + 60;
        let token = self.service.people.add_token("reader", until);
        Asker::Device(token.expect("a token").secret.to_string())
    }

    pub(super) async fn ask(
        &self,
        who: &Asker,
        method: &str,
        path: &str,
        kind: &str,
        body: Vec<u8>,
    ) -> Answer {
        let more = [("content-type", kind)];
        let more = if kind.is_empty() { &[][..] } else { &more };
        let (parts, body) = self.begin(who, method, path, more, body).await.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(body, 1 << 26).await.expect("a body").to_vec(),
        }
    }

    /// Asks, and gives the answer before its body has come.
    pub(super) async fn begin(
        &self,
        who: &Asker,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Response {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).expect("a method"))
            .uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request = match who {
            Asker::Nobody => request,
            Asker::Person(secret, csrf) => request
                .header(header::COOKIE, format!("other=1; rowcall={secret}"))
                .header("x-csrf-token", csrf),
            Asker::Device(token) => {
                request.header(header::AUTHORIZATION, format!("Bearer {token}"))
            }
        };
        let request = request.body(Body::from(body)).expect("a request");
        let router = self.router.clone();
        router.oneshot(request).await.expect("an answer")
    }

    pub(super) async fn post(&self, who: &Asker, path: &str, body: Value) -> Answer {
        let body = body.to_string().into_bytes();
        self.ask(who, "POST", path, "application/json", body).await
    }

    pub(super) async fn get(&self, who: &Asker, path: &str) -> Answer {
        self.ask(who, "GET", path, "", Vec::new()).await
    }

    /// Hands a document's files in, as a reader does.
    pub(super) async fn present(&self, who: &Asker, id: &str, folder: &Path) -> Answer {
        let mut body = Vec::new();
        let mut part = |head: &str, bytes: &[u8]| {
            body.extend_from_slice(
                format!("--edge\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes(),
            );
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        };
        let name = folder.file_name().expect("a name").to_string_lossy();
        part("name=\"id\"", name.as_bytes());
        for entry in std::fs::read_dir(folder).expect("a document") {
            let path = entry.expect("an entry").path();
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            let head = format!("name=\"{name}\"; filename=\"{name}\"");
            part(&head, &std::fs::read(&path).expect("read"));
        }
        body.extend_from_slice(b"--edge--\r\n");
        let path = format!("/v1/transactions/{id}/documents");
        self.ask(
            who,
            "POST",
            &path,
            "multipart/form-data; boundary=edge",
            body,
        )
        .await
    }

    /// Shows the frames of a sample, but those of `dead`.
    pub(super) async fn film(&self, who: &Asker, id: &str, folder: &Folder, dead: Option<&str>) {
        for frame in folder
            .frames
            .iter()
            .filter(|f| Some(f.camera.as_str()) != dead)
        {
            let picture = std::fs::read(&frame.path).expect("a frame");
            let path = format!("/v1/transactions/{id}/frames?camera={}", frame.camera);
            let answer = self.ask(who, "POST", &path, "image/jpeg", picture).await;
            assert_eq!(answer.status, StatusCode::ACCEPTED);
            // Slowly enough that none goes for another.
            self.settle(id).await;
        }
    }

    /// Waits until nothing waits; what the transaction looks like then.
    pub(super) async fn settle(&self, id: &str) -> Value {
        let begun = Instant::now();
        loop {
            let transaction = self.service.find(id).expect("open");
            transaction.refresh().expect("open");
            let view = serde_json::to_value(&*transaction.view()).expect("a view");
            let waits = &view["waiting"];
            if waits["frames"] == 0 && waits["documents"] == 0 {
                return view;
            }
            assert!(begun.elapsed() < Duration::from_secs(120), "{waits}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Opens a transaction of which nothing is known yet.
    pub(super) async fn open(&self, who: &Asker) -> String {
        let order = serde_json::json!({ "lane": "booth-1" });
        let opened = self.post(who, "/v1/transactions", order).await;
        assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.json());
        opened.json()["id"].as_str().expect("an id").to_owned()
    }

    /// Shows a picture to a camera.
    pub(super) async fn show(&self, who: &Asker, id: &str, camera: &str, picture: &Image) {
        let jpeg = http::encoded(picture).expect("a JPEG").to_vec();
        let path = format!("/v1/transactions/{id}/frames?camera={camera}");
        let answer = self.ask(who, "POST", &path, "image/jpeg", jpeg).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.json());
    }

    /// Opens a transaction for a sample and plays the whole of it.
    pub(super) async fn play(&self, name: &str) -> (String, Value) {
        let id = self.arrive(name).await;
        self.film(&self.device(), &id, &vehicle(name), None).await;
        let view = self.settle(&id).await;
        (id, view)
    }

    /// Opens a transaction for a sample and presents its documents.
    pub(super) async fn arrive(&self, name: &str) -> String {
        let folder = vehicle(name);
        let device = self.device();
        let order = serde_json::json!({
            "lane": "booth-1",
            "layout": folder.lane.name,
            "occupants": folder.declared,
            "documents": folder.documents.len(),
        });
        let opened = self.post(&device, "/v1/transactions", order).await;
        assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.json());
        let id = opened.json()["id"].as_str().expect("an id").to_owned();
        for document in &folder.documents {
            let answer = self.present(&device, &id, document).await;
            assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.json());
        }
        id
    }

    /// Waits until a transaction looks so.
    pub(super) async fn until(
        &self,
        id: &str,
        what: &str,
        is_so: impl Fn(&Value) -> bool,
    ) -> Value {
        let begun = Instant::now();
        loop {
            let transaction = self.service.find(id).expect("open");
            let view = serde_json::to_value(&*transaction.view()).expect("a view");
            if is_so(&view) {
                return view;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(120),
                "{what}: {view:#}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub(super) fn verify_log(&self) {
        use rowcall_audit::verify::{Options, verify};
        self.service.stop().expect("it stops");
        let keys = KeyFolder::open(&self.folder.path().join("keys")).expect("keys");
        let keys = keys.read().expect("keys");
        let key = keys.log[0].verifier().clone();
        let options = Options {
            key: Some(key),
            ..Options::default()
        };
        let log = self.folder.path().join("state/log");
        if let Err(finding) = verify(&log, &options, &mut |_, _| ()) {
            panic!("{finding}");
        }
    }
}

/// A seat of a transaction's view.
pub(crate) fn seat<'a>(view: &'a Value, name: &str) -> &'a Value {
    let seats = view["seats"].as_array().expect("seats");
    let found = seats.iter().find(|s| s["seat"] == name);
    found.unwrap_or_else(|| panic!("no seat {name}: {view:#}"))
}

/// How many frames of a camera were looked at.
pub(super) fn frames_of(view: &Value, camera: &str) -> u64 {
    let cameras = view["cameras"].as_array().expect("cameras");
    let own = cameras.iter().find(|c| c["name"] == camera);
    own.expect("a camera")["frames"].as_u64().expect("a number")
}
