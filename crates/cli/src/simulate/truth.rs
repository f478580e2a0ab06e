//! truth.json and the rest of the folder, as far as they are kept or changed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use rowcall_pipeline::folder::entries::read_limited;
use rowcall_words::seat::Seat;
use serde_json::{Value, json};

use crate::{failure::Failure, private, simulate::plan::Person, simulate::plan::Plan};

/// The truth of a vehicle, as JSON: what isn't touched stays as it was.
pub(crate) struct Truth {
    json: Value,
    path: PathBuf,
}

/// An occupant in a frame.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) seat: Seat,
    /// x0, y0, x1, y1.
    pub(crate) head: [f32; 4],
    pub(crate) eyes: [[f32; 2]; 2],
    pub(crate) visible: f32,
    pub(crate) turned: f32,
}

impl Truth {
    /// Reads the truth of a vehicle's folder.
    pub(crate) fn read(vehicle: &Path) -> Result<Self, Failure> {
        let path = vehicle.join("truth.json");
        if !path.is_file() {
            return Err(Failure::file(
                &path,
                &"there is no such file; a vehicle to simulate from says where its occupants are",
            ));
        }
        let json: Value =
            serde_json::from_slice(&read_limited(&path)?).map_err(|e| Failure::file(&path, &e))?;
        let truth = Self { json, path };
        if truth.list("frames").is_empty() || truth.seats().is_empty() {
            return Err(truth.wrong("it names no frames or no seats"));
        }
        Ok(truth)
    }

    fn wrong(&self, why: &str) -> Failure {
        Failure::file(&self.path, &why)
    }

    fn list(&self, key: &str) -> &[Value] {
        self.json[key].as_array().map_or(&[], Vec::as_slice)
    }

    /// The seats that somebody sits on.
    pub(crate) fn seats(&self) -> BTreeSet<Seat> {
        self.list("seats")
            .iter()
            .filter_map(|s| seat(&s["seat"]))
            .collect()
    }

    /// Every frame's file, relative to the folder, and who is in it.
    pub(crate) fn frames(&self) -> Result<Vec<(String, Vec<Place>)>, Failure> {
        let frames = self.list("frames").iter().map(|frame| {
            let file = frame["file"].as_str().filter(|f| is_inside(f));
            let file =
                file.ok_or_else(|| self.wrong("a frame's file isn't a path inside the folder"))?;
            let occupants = frame["occupants"].as_array().map_or(&[][..], Vec::as_slice);
            let places = occupants.iter().map(|o| {
                place(o).ok_or_else(|| {
                    self.wrong(&format!(
                        "{file}: an occupant without seat, head_box or eyes"
                    ))
                })
            });
            Ok((file.to_owned(), places.collect::<Result<_, _>>()?))
        });
        frames.collect()
    }

    /// The document that the truth gives the occupant of a seat.
    pub(crate) fn document_of(&self, wanted: Seat) -> Option<String> {
        let own = self
            .list("seats")
            .iter()
            .find(|s| seat(&s["seat"]) == Some(wanted))?;
        let words = own["expected"].as_str()?;
        words
            .strip_prefix("confirmed by document ")
            .map(str::to_owned)
    }

    /// Copies the documents as they are.
    pub(super) fn copy_all_documents(&self, vehicle: &Path, folder: &Path) -> Result<(), Failure> {
        copy(&vehicle.join("documents"), &folder.join("documents"))
    }

    /// Copies the documents, with other portraits where the plan says so.
    pub(super) fn copy_documents(
        &self,
        vehicle: &Path,
        folder: &Path,
        plan: &Plan,
    ) -> Result<(), Failure> {
        copy(&vehicle.join("documents"), &folder.join("documents"))?;
        for (seat, own) in &plan.seats {
            let Some(Person::Face(_, Some(portrait))) = &own.person else {
                continue;
            };
            let id = self.document_of(*seat).ok_or_else(|| {
                self.wrong(&format!(
                    "no document belongs to {seat}, so none can get a portrait"
                ))
            })?;
            let document = folder.join("documents").join(&id);
            let printed = document.join("portrait.jpg");
            if !printed.is_file() {
                return Err(Failure::new(format!(
                    "document {id} of {seat} is no printed page with a portrait.jpg; a chip's portrait can't be changed, since it is signed"
                )));
            }
            let bytes = read_limited(portrait)?;
            if !bytes.starts_with(&[0xFF, 0xD8]) {
                return Err(Failure::file(
                    portrait,
                    &"a document's portrait must be a JPEG file here",
                ));
            }
            private::write(&printed, &bytes).map_err(|e| Failure::file(&printed, &e))?;
        }
        Ok(())
    }

    /// Notes that a face in a frame is no longer to be recognised.
    pub(super) fn hide(&mut self, frame: usize, wanted: Seat) {
        let occupants = self.json["frames"][frame]["occupants"].as_array_mut();
        for occupant in occupants.into_iter().flatten() {
            if seat(&occupant["seat"]) == Some(wanted) {
                occupant["visible"] = json!(false);
                occupant["face_visible_fraction"] = json!(0.0);
                occupant["hidden_by"] = json!(["simulation"]);
            }
        }
    }

    /// Writes truth.json and vehicle.toml.
    pub(super) fn write(
        &mut self,
        vehicle: &Path,
        folder: &Path,
        plan: &Plan,
        output: &Path,
    ) -> Result<(), Failure> {
        let name = output
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let from = self.json["vehicle"].as_str().unwrap_or("?").to_owned();
        self.json["description"] = json!(format!("simulated from {from}: {}", describe(plan)));
        self.json["vehicle"] = json!(name);
        for (wanted, own) in &plan.seats {
            match &own.person {
                Some(Person::Face(picture, portrait)) => {
                    self.identify(
                        *wanted,
                        &picture.name,
                        portrait.is_some(),
                        "face composed from a photograph",
                    );
                }
                Some(Person::Print(picture)) => {
                    self.identify(
                        *wanted,
                        &picture.name,
                        false,
                        "print of a photograph held up: an attack",
                    );
                }
                None => {}
            }
        }
        self.count();
        let path = folder.join("truth.json");
        let text =
            serde_json::to_string_pretty(&self.json).map_err(|e| Failure::file(&path, &e))?;
        fs::write(&path, text + "\n").map_err(|e| Failure::file(&path, &e))?;
        write_vehicle(vehicle, folder, output)
    }

    /// Writes truth.json and vehicle.toml of a vehicle that passes: each frame is one of
    /// the given ones, by its place, with everybody moved.
    pub(super) fn write_pass(
        &mut self,
        folder: &Path,
        frames: &[(String, Option<(usize, f32)>)],
        said: &str,
    ) -> Result<(), Failure> {
        let given = self.json["frames"].take();
        let moved = frames.iter().map(|(file, shown)| {
            let Some((source, shift)) = shown else {
                // Of the empty lane, taken by the camera of its folder.
                let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
                let mut all = given.as_array().into_iter().flatten();
                let is_its = |own: &&Value| {
                    let own = own["file"].as_str().and_then(|own| own.rsplit_once('/'));
                    own.is_some_and(|(own, _)| own == folder)
                };
                let mut frame = all.find(is_its).cloned().unwrap_or_default();
                frame["file"] = json!(file);
                frame["occupants"] = json!([]);
                return frame;
            };
            let mut frame = given[*source].clone();
            frame["file"] = json!(file);
            frame["shift_px"] = json!([shift, 0.0]);
            let width = frame["width"].as_f64().unwrap_or(f64::MAX);
            for own in frame["occupants"].as_array_mut().into_iter().flatten() {
                for (key, places) in [
                    ("head_box", &[0_usize, 2][..]),
                    ("eye_left", &[0][..]),
                    ("eye_right", &[0][..]),
                ] {
                    for place in places {
                        let x = own[key][*place].as_f64().unwrap_or_default();
                        own[key][*place] = json!(x + f64::from(*shift));
                    }
                }
                let (left, right) = (own["head_box"][0].as_f64(), own["head_box"][2].as_f64());
                let is_in = left.is_some_and(|x| x >= 0.0) && right.is_some_and(|x| x <= width);
                if !is_in {
                    own["visible"] = json!(false);
                    own["hidden_by"] = json!(["edge of the picture"]);
                }
            }
            frame
        });
        self.json["frames"] = moved.collect();
        let from = self.json["vehicle"].as_str().unwrap_or("?").to_owned();
        self.json["description"] = json!(format!("simulated from {from}: {said}"));
        self.count();
        let path = folder.join("truth.json");
        let text =
            serde_json::to_string_pretty(&self.json).map_err(|e| Failure::file(&path, &e))?;
        fs::write(&path, text + "\n").map_err(|e| Failure::file(&path, &e))
    }

    /// Counts anew in how many frames of each camera a seat's face is visible: some
    /// were hidden.
    fn count(&mut self) {
        let frames = self.json["frames"].take();
        for own in self.json["seats"].as_array_mut().into_iter().flatten() {
            let wanted = seat(&own["seat"]);
            let mut seen: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
            for frame in frames.as_array().into_iter().flatten() {
                let Some(camera) = frame["camera"].as_str() else {
                    continue;
                };
                let count = seen.entry(camera).or_default();
                count.1 += 1;
                let mut occupants = frame["occupants"].as_array().into_iter().flatten();
                count.0 += usize::from(
                    occupants.any(|o| seat(&o["seat"]) == wanted && o["visible"] == json!(true)),
                );
            }
            own["by_camera"] = seen
                .into_iter()
                .map(|(camera, (k, n))| {
                    (
                        camera.to_owned(),
                        json!(format!("face visible in {k} of {n} frames")),
                    )
                })
                .collect::<serde_json::Map<_, _>>()
                .into();
        }
        self.json["frames"] = frames;
    }

    /// Gives a seat to somebody else, who holds its document or none.
    fn identify(&mut self, wanted: Seat, identity: &str, holds: bool, how: &str) {
        let document = self.document_of(wanted);
        let of = |value: &Value| seat(&value["seat"]) == Some(wanted);
        for own in self.json["seats"]
            .as_array_mut()
            .into_iter()
            .flatten()
            .filter(|s| of(s))
        {
            own["identity"] = json!(identity);
            own["presentation"] = json!(how);
            if !holds {
                own["expected"] = json!("refer: no matching document");
            }
        }
        for frame in self.json["frames"].as_array_mut().into_iter().flatten() {
            let occupants = frame["occupants"].as_array_mut();
            for own in occupants.into_iter().flatten().filter(|o| of(o)) {
                own["identity"] = json!(identity);
            }
        }
        for own in self.json["documents"].as_array_mut().into_iter().flatten() {
            if document.is_some() && own["document"].as_str() == document.as_deref() {
                own["holder_in_vehicle"] = json!(holds);
                if holds {
                    own["identity"] = json!(identity);
                } else {
                    own["expected"] = json!("refer: holder not in the vehicle");
                }
            }
        }
    }
}

fn describe(plan: &Plan) -> String {
    let seats = plan.seats.iter().map(|(seat, own)| {
        let person = match &own.person {
            Some(Person::Face(picture, _)) => format!(" face {}", picture.name),
            Some(Person::Print(picture)) => format!(" print of {}", picture.name),
            None => String::new(),
        };
        let tint = own.tint.map_or_else(String::new, |t| format!(" tint {t}"));
        let sky = own.sky.map_or_else(String::new, |s| format!(" sky {s}"));
        format!("{seat}{person}{tint}{sky}")
    });
    seats.collect::<Vec<_>>().join("; ")
}

fn seat(value: &Value) -> Option<Seat> {
    format!("{}-{}", value["row"].as_u64()?, value["position"].as_str()?)
        .parse()
        .ok()
}

fn place(occupant: &Value) -> Option<Place> {
    let number = |v: &Value| v.as_f64().map(|v| v as f32);
    let pair = |v: &Value| Some([number(&v[0])?, number(&v[1])?]);
    let head = &occupant["head_box"];
    Some(Place {
        seat: seat(&occupant["seat"])?,
        head: [
            number(&head[0])?,
            number(&head[1])?,
            number(&head[2])?,
            number(&head[3])?,
        ],
        eyes: [pair(&occupant["eye_right"])?, pair(&occupant["eye_left"])?],
        visible: number(&occupant["face_visible_fraction"])?,
        turned: number(&occupant["face_turned_from_camera_deg"]).unwrap_or(0.0),
    })
}

fn is_inside(path: &str) -> bool {
    Path::new(path)
        .components()
        .all(|c| matches!(c, std::path::Component::Normal(_)))
}

/// vehicle.toml, with its lane named from the new place: relative to it, since who is
/// given the folder has other folders above it.
fn write_vehicle(vehicle: &Path, folder: &Path, output: &Path) -> Result<(), Failure> {
    let path = vehicle.join("vehicle.toml");
    let text = String::from_utf8(read_limited(&path)?)
        .map_err(|_| Failure::file(&path, &"it isn't text in UTF-8"))?;
    let mut table: toml::Table = text.parse().map_err(|e| Failure::file(&path, &e))?;
    if let Some(lane) = table.get("lane").and_then(toml::Value::as_str) {
        let lane = vehicle.join(lane);
        let lane = lane.canonicalize().map_err(|e| Failure::file(&lane, &e))?;
        let beside = match output.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let beside = beside
            .canonicalize()
            .map_err(|e| Failure::file(beside, &e))?;
        let own = beside.join(output.file_name().unwrap_or_default());
        let relative = relative(&own, &lane).to_string_lossy().into_owned();
        table.insert("lane".into(), toml::Value::String(relative));
    }
    let made = folder.join("vehicle.toml");
    fs::write(&made, table.to_string()).map_err(|e| Failure::file(&made, &e))
}

/// The way from one folder to a file, both absolute.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from[shared..]
        .iter()
        .map(|_| std::path::Component::ParentDir);
    up.chain(to[shared..].iter().copied()).collect()
}

/// A folder of documents: folders of files, nothing deeper.
fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    private::make_folder(to).map_err(|e| Failure::file(to, &e))?;
    for entry in fs::read_dir(from).map_err(|e| Failure::file(from, &e))? {
        let entry = entry.map_err(|e| Failure::file(from, &e))?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            private::write(&target, &read_limited(&path)?)
                .map_err(|e| Failure::file(&target, &e))?;
        }
    }
    Ok(())
}
