//! From a roll call to its result: indices become names.

use jiff::civil::Date;
use rowcall_face::{Rect, Score};
use rowcall_pipeline::{
    advice, analyse::Analysis, finding, folder::Folder, folder::Trust, models::Models,
};
use rowcall_rollcall::{
    CameraResult, DocumentResult, RollCall, SeatOutcome, SeatResult, Shot, Whereabouts,
};
use rowcall_words::finding::clause::cited;
use rowcall_words::outcome::Decided;

use super::{
    Bystander, Camera, CheckResult, Document, FORMAT, Finding, Frames, Model, Place, Policy, Seat,
    Timings, UnreadableFrame, Vehicle, ZoneExposure, detail::details,
};

impl CheckResult {
    pub(crate) fn new(
        folder: &Folder,
        trust: &Trust,
        models: &Models,
        analysis: &Analysis,
        roll_call: &RollCall,
        at: Date,
    ) -> Self {
        let names = Names {
            folder,
            models,
            analysis,
        };
        let unreadable = trust
            .unreadable
            .iter()
            .map(|u| format!("{}: {}", u.name, u.why));
        let embedder = models.analyser.embedder.manifest();
        Self {
            format: FORMAT,
            mode: "evaluation".into(),
            vehicle: Vehicle {
                id: folder.name.clone(),
                lane: folder.lane.name.clone(),
                outcome: roll_call.vehicle.outcome,
                reasons: roll_call.vehicle.reasons.clone(),
                occupants: roll_call.vehicle.occupants,
                documents: roll_call.vehicle.documents,
            },
            seats: roll_call
                .seats
                .iter()
                .map(|seat| names.seat(seat))
                .collect(),
            documents: (0..roll_call.documents.len())
                .map(|i| names.document(i, roll_call))
                .collect(),
            bystanders: roll_call
                .bystanders
                .iter()
                .map(|bystander| names.bystander(bystander))
                .collect(),
            cameras: roll_call.cameras.iter().map(camera).collect(),
            frames: Frames {
                read: analysis.frames.len(),
                unreadable: analysis
                    .unreadable
                    .iter()
                    .map(|(frame, detail)| UnreadableFrame {
                        frame: frame.clone(),
                        detail: detail.clone(),
                    })
                    .collect(),
            },
            model: Model {
                detector: models.detector_name.clone(),
                embedder: embedder.name.clone(),
                sha256: embedder.sha256.to_string(),
                calibration: models.calibration.name().into(),
                population: models.calibration.population().into(),
                rarest_measured: models.calibration.rarest_measured(),
                provisional: models.calibration.is_provisional(),
            },
            policy: Policy {
                at: at.to_string(),
                vehicle_false_confirm_rate: folder.lane.policy.vehicle_false_confirm_rate,
                comparisons: roll_call.comparisons,
                false_match_rate: roll_call.threshold.fmr,
                threshold: roll_call.threshold.score.0,
                curve: roll_call.threshold.curve,
                beyond_data: roll_call.threshold.beyond_data,
                look_alike_below: roll_call.look_alike_below.map(|s| s.0),
                settings: folder.lane.policy.clone(),
            },
            remarks: folder
                .remarks
                .iter()
                .chain(&analysis.hints)
                .cloned()
                .chain(unreadable)
                .collect(),
            timings_ms: Timings::default(),
        }
    }
}

/// Turns indices into names.
struct Names<'a> {
    folder: &'a Folder,
    models: &'a Models,
    analysis: &'a Analysis,
}

impl Names<'_> {
    fn id(&self, document: usize) -> String {
        self.analysis.documents[document].id.clone()
    }

    fn place(&self, shot: &Shot) -> Place {
        let frame = &self.analysis.frames[shot.frame];
        let Rect {
            x,
            y,
            width,
            height,
        } = shot.face;
        Place {
            camera: frame.camera.clone(),
            frame: frame.name.clone(),
            face: [x, y, width, height],
            quality: shot.quality,
        }
    }

    fn seat(&self, seat: &SeatResult) -> Seat {
        let (outcome, reason) = match &seat.outcome {
            SeatOutcome::Confirmed => (Decided::Confirmed, None),
            SeatOutcome::Refer(reason) => (Decided::Refer, Some(reason.word())),
        };
        let mut cameras: Vec<String> = seat
            .shots
            .iter()
            .map(|shot| self.analysis.frames[shot.frame].camera.clone())
            .collect();
        cameras.sort();
        cameras.dedup();
        let exposure = cameras.iter().filter_map(|c| self.exposure(c, &seat.shots));
        let exposure = exposure.collect();
        let calibration = &self.models.calibration;
        Seat {
            exposure,
            seat: seat.seat,
            outcome,
            reason,
            details: details(seat),
            stage: seat.stage,
            document: seat.document.map(|d| self.id(d)),
            uncompared: seat.uncompared.iter().map(|&d| self.id(d)).collect(),
            score: seat.score.map(|s| s.0),
            log_likelihood_ratio: seat.llr.map(|l| l.0),
            false_match_rate: seat
                .score
                .map(|s: Score| calibration.fmr_at(s).max(calibration.rarest_measured())),
            runner_up: seat.runner_up.map(|s| s.0),
            cameras,
            sightings: seat.shots.len(),
            best_shot: seat.shots.first().map(|shot| self.place(shot)),
            advice: advice::for_seat(seat, &|d| self.id(d)),
        }
    }

    /// What a camera's shots of a seat ask for; `None` if nothing.
    fn exposure(&self, camera: &str, shots: &[Shot]) -> Option<ZoneExposure> {
        let own = shots
            .iter()
            .filter(|s| self.analysis.frames[s.frame].camera == camera);
        let mut stops: Vec<f32> = own.map(|s| s.exposure_advice).collect();
        stops.sort_by(f32::total_cmp);
        let stops = *stops.get(stops.len() / 2)?;
        (stops != 0.0).then(|| ZoneExposure {
            camera: camera.to_owned(),
            stops,
        })
    }

    fn document(&self, i: usize, roll_call: &RollCall) -> Document {
        let (result, presented) = (&roll_call.documents[i], &self.analysis.documents[i]);
        let document = &presented.document;
        let is_out = self.folder.opted_out_documents.contains(&presented.id);
        let findings = document.findings().iter().map(|f| Finding {
            code: f.code,
            severity: f.severity,
            clause: cited(f.clause).into(),
            detail: f.detail.clone(),
        });
        let mut findings: Vec<Finding> = if is_out {
            Vec::new()
        } else {
            findings.collect()
        };
        if !is_out {
            findings.extend(self.portrait_findings(result));
        }
        let holder = document.mrz().filter(|_| !is_out);
        let holder = holder.map(|m| {
            format!("{} {}", m.secondary_identifier(), m.primary_identifier())
                .trim()
                .to_owned()
        });
        Document {
            id: presented.id.clone(),
            outcome: result.outcome.word(),
            seat: result.seat,
            kind: (!is_out).then(|| document.kind()),
            verdict: (!is_out).then(|| document.verdict()),
            authenticity: (!is_out).then(|| document.authenticity()),
            findings,
            same_holder: result.same_holder.iter().map(|&d| self.id(d)).collect(),
            advice: advice::for_document(result, document, &roll_call.seats),
            holder: holder.unwrap_or_default(),
        }
    }

    /// What the roll call says of a document's portrait and of its likes.
    fn portrait_findings(&self, result: &DocumentResult) -> Vec<Finding> {
        let found = finding::of(result, &|place| self.id(place));
        let shown = found.into_iter().map(|f| Finding {
            code: f.code,
            severity: f.severity,
            clause: cited(f.clause).into(),
            detail: f.detail,
        });
        shown.collect()
    }

    fn bystander(&self, bystander: &rowcall_rollcall::Bystander) -> Bystander {
        let seat = match bystander.place {
            Whereabouts::Leaning(seat) => Some(seat),
            Whereabouts::Outside | Whereabouts::Inside(_) => None,
        };
        Bystander {
            place: bystander.place.as_str().into(),
            seat,
            best_shot: self.place(&bystander.shot),
            advice: advice::for_bystander(bystander.place),
        }
    }
}

fn camera(camera: &CameraResult) -> Camera {
    Camera {
        name: camera.name.clone(),
        frames: camera.frames,
        state: camera.state,
        needed: camera.is_needed,
    }
}
