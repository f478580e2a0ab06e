//! The couple of the samples, who come to a lane and go through everything there.

use std::{
    fs::File,
    path::PathBuf,
    time::{Duration, Instant},
};

use rowcall_audit::verify::{Options, Report, verify};
use serde_json::{Value, json};

use crate::{
    ask::{Answer, form_of, try_ask},
    serve::{Asker, FIRST, Lane, PASSWORD, Place, Service, samples, signal},
};

/// A lane whose holds end as soon as they may.
pub(crate) const BOOTH: Service = Service {
    lane: "booth",
    layouts: &["front-row.toml"],
    transaction_minutes: 10,
    hold_minutes: 1,
    order_minutes: 1,
    holds_per_day: 60_000,
    two_officers: false,
};

/// The vehicle's folder.
pub(crate) fn vehicle() -> PathBuf {
    samples().join("vehicles/couple")
}

/// A lane with its reader and its officer. Whatever nobody answers is `None`: the
/// process was killed.
pub(crate) struct Booth {
    pub(crate) lane: Lane,
    pub(crate) device: Asker,
    officer: Asker,
}

impl Booth {
    /// Starts it for the first time.
    pub(crate) fn first(place: &Place) -> Self {
        let lane = place.start(&FIRST);
        let (officer, device) = lane.people();
        Self {
            lane,
            device,
            officer,
        }
    }

    /// Starts it again with the token that it gave.
    pub(crate) fn again(place: &Place, device: Asker) -> Self {
        let lane = place.start(&[]);
        let officer = lane.log_in("officer", PASSWORD);
        Self {
            lane,
            device,
            officer,
        }
    }

    pub(crate) fn ask(&self, who: &Asker, head: &str, body: &Value) -> Option<Answer> {
        let headers = format!("{}Content-Type: application/json\r\n", who.0);
        try_ask(&self.lane.at, head, &headers, body.to_string().as_bytes()).ok()
    }

    pub(crate) fn get(&self, path: &str) -> Option<Answer> {
        try_ask(&self.lane.at, &format!("GET {path}"), &self.device.0, b"").ok()
    }

    /// Opens a transaction; its id.
    pub(crate) fn open(&self) -> Option<String> {
        let body =
            json!({"lane": "booth", "reference": "pnr-5510", "occupants": 2, "documents": 2});
        let opened = self.ask(&self.device, "POST /v1/transactions", &body)?;
        assert_eq!(opened.status, 201, "{}", opened.text());
        Some(opened.between("\"id\":\"", "\""))
    }

    /// Hands in the vehicle's documents.
    pub(crate) fn present(&self, id: &str) -> Option<()> {
        for name in ["01", "02"] {
            let (kind, body) = form_of(&vehicle().join("documents").join(name));
            let headers = format!("{}{kind}", self.device.0);
            let head = format!("POST /v1/transactions/{id}/documents");
            let answer = try_ask(&self.lane.at, &head, &headers, &body).ok()?;
            assert_eq!(answer.status, 202, "{}", answer.text());
        }
        Some(())
    }

    /// Hands in the vehicle's frames of one moment, the first or a later one; they may
    /// come too late.
    pub(crate) fn show(&self, id: &str, moment: usize) -> Option<()> {
        for camera in ["front", "left", "right"] {
            let frame = format!("frames/{camera}/{:04}.jpg", moment + 1);
            let frame = std::fs::read(vehicle().join(frame)).expect("a frame");
            let headers = format!("{}Content-Type: image/jpeg\r\n", self.device.0);
            let head = format!("POST /v1/transactions/{id}/frames?camera={camera}");
            let answer = try_ask(&self.lane.at, &head, &headers, &frame).ok()?;
            assert!([202, 404].contains(&answer.status), "{}", answer.text());
        }
        Some(())
    }

    /// Whether everything that was handed in has been looked at, or is gone.
    pub(crate) fn is_idle(&self, id: &str) -> Option<bool> {
        let view = self.get(&format!("/v1/transactions/{id}"))?;
        let nothing_waits = r#""waiting":{"frames":0,"documents":0}"#;
        Some(view.status == 404 || view.text().contains(nothing_waits))
    }

    pub(crate) fn close(&self, id: &str) -> Option<()> {
        let head = format!("POST /v1/transactions/{id}/close");
        let closed = self.ask(&self.device, &head, &Value::Null)?;
        assert_eq!(closed.status, 200, "{}", closed.text());
        Some(())
    }

    /// Puts a seat's picture and a portrait on hold, as the officer, or proposes to.
    pub(crate) fn hold(&self, id: &str) -> Option<Answer> {
        let body =
            json!({"seat": "1-left", "document": 0, "reason": "suspected-impostor", "minutes": 1});
        let head = format!("POST /v1/transactions/{id}/holds");
        self.ask(&self.officer, &head, &body)
    }

    /// Another officer, or the one who proposed it, consents to a hold.
    pub(crate) fn consent(&self, id: &str, proposal: &str, second: Option<&Asker>) -> Answer {
        let head = format!("POST /v1/transactions/{id}/holds/{proposal}/consent");
        let who = second.unwrap_or(&self.officer);
        self.ask(who, &head, &Value::Null).expect("an answer")
    }

    pub(crate) fn opt_out(&self, id: &str) -> Option<Answer> {
        let body = json!({"vehicle": true});
        let head = format!("POST /v1/transactions/{id}/opt-outs");
        self.ask(&self.device, &head, &body)
    }

    /// Whether it is still there.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.get(&format!("/v1/transactions/{id}"))
            .is_some_and(|answer| answer.status == 200)
    }

    pub(crate) fn signal(&self, name: &str) {
        signal(&self.lane.child, name);
    }

    /// Its memory; `None` where only root can read it.
    pub(crate) fn memory(&self) -> Option<File> {
        File::open(format!("/proc/{}/mem", self.lane.child.id())).ok()
    }
}

/// A lane's log, verified, whether it is being written to or not.
pub(crate) fn verified(place: &Place) -> Result<Report, String> {
    let report = verify(
        &place.path("state/log"),
        &Options::default(),
        &mut |_, _| (),
    );
    report.map_err(|finding| finding.to_string())
}

/// How often an event of this kind is in the log.
pub(crate) fn logged(place: &Place, kind: &str) -> u64 {
    let report = verified(place).expect("the log verifies");
    report.state.counts().get(kind).copied().unwrap_or(0)
}

/// Waits until `done`, at most so long.
pub(crate) fn wait(what: &str, most: Duration, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < most, "{what} didn't come within {most:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
