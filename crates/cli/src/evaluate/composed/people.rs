//! The people of a set: their photographs, the documents made for them, and whom
//! they are most like.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use image::{RgbImage, codecs::jpeg::JpegEncoder};
use jiff::civil::Date;
use rowcall_document::{NamedFile, Policy, mrz::check_digit};
use rowcall_evaluate::{DocumentPlan, Manifest, PortraitPlan};
use rowcall_face::{Rect, Search, Template, Worker};
use rowcall_pipeline::{
    document,
    folder::entries::read_limited,
    models::Models,
    workers::{on_every_core, progress},
};
use rowcall_pki::trust::TrustStore;
use rowcall_rollcall::Presented;
use rowcall_simulate::put_face;

use crate::{failure::Failure, simulate::plan::Picture, simulate::plan::decode};

/// The people of a manifest, by number.
pub(super) struct People<'a> {
    models: &'a Models,
    /// Of each person, in the order of the manifest.
    photographs: Vec<Vec<PathBuf>>,
    /// Of each person's portrait, made when somebody's look-alike is first asked for.
    portraits: OnceLock<Vec<Option<Template>>>,
}

impl<'a> People<'a> {
    pub(super) fn new(manifest: &Manifest, images: &Path, models: &'a Models) -> Self {
        let mut own: BTreeMap<u32, Vec<PathBuf>> = BTreeMap::new();
        for entry in &manifest.entries {
            let photographs = own.entry(entry.subject).or_default();
            photographs.push(images.join(&entry.path));
        }
        Self {
            models,
            photographs: own.into_values().collect(),
            portraits: OnceLock::new(),
        }
    }

    /// Those with two photographs.
    pub(super) fn able(&self) -> Vec<usize> {
        (0..self.photographs.len())
            .filter(|&p| self.photographs[p].len() > 1)
            .collect()
    }

    /// How many people have a portrait.
    pub(super) fn portraits(&self) -> usize {
        self.photographs.len()
    }

    /// The photograph that sits in a vehicle: somebody's second.
    pub(super) fn seated(&self, person: usize, worker: &Worker) -> Result<Picture, Failure> {
        Picture::read(&self.models.analyser, &self.photographs[person][1], worker)
    }

    /// The person whose portrait is most like somebody's second photograph.
    pub(super) fn most_like(&self, person: usize) -> Result<usize, Failure> {
        let portraits = match self.portraits.get() {
            Some(portraits) => portraits,
            None => {
                let bar = progress(self.photographs.len() as u64);
                let made = on_every_core(self.photographs.len(), &bar, |i, worker| {
                    self.template(&self.photographs[i][0], worker)
                });
                bar.finish_and_clear();
                let made = made.into_iter().collect::<Result<Vec<_>, _>>()?;
                self.portraits.get_or_init(|| made)
            }
        };
        let path = &self.photographs[person][1];
        let own = self
            .template(path, &Worker::new())?
            .ok_or_else(|| Failure::file(path, &"no face was found in it"))?;
        let others = (0..portraits.len()).filter(|&other| other != person);
        let scored = others.filter_map(|other| {
            let score = own.compare(portraits[other].as_ref()?)?;
            Some((score.0, other))
        });
        // The first of equals.
        let best = scored.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        best.map(|(_, other)| other)
            .ok_or_else(|| Failure::new("nobody else of the set has a face".to_owned()))
    }

    /// One view of a photograph's face: enough to look for a look-alike by.
    fn template(&self, path: &Path, worker: &Worker) -> Result<Option<Template>, Failure> {
        let failed = |e: rowcall_face::Error| Failure::file(path, &e);
        let image = decode(path)?;
        let analyser = &self.models.analyser;
        let found = analyser
            .detector
            .detect(&image, Search::Portrait, worker)
            .map_err(failed)?;
        let middle =
            rowcall_face::Point::new(image.width() as f32 / 2.0, image.height() as f32 / 2.0);
        let reach = image.width().max(image.height()) as f32;
        let prominence =
            |face: Rect| face.area().sqrt() * (1.0 - face.centre().distance(middle) / reach);
        let own = found
            .iter()
            .max_by(|a, b| prominence(a.face).total_cmp(&prominence(b.face)));
        let Some(crop) = own.and_then(|d| analyser.embedder.align(&image, &d.landmarks)) else {
            return Ok(None);
        };
        analyser
            .embedder
            .embed(&crop, worker)
            .map(Some)
            .map_err(failed)
    }

    /// The document of a plan, read and judged as any other.
    pub(super) fn document(
        &self,
        id: String,
        plan: &DocumentPlan,
        policy: &Policy,
        at: Date,
        worker: &Worker,
    ) -> Result<Presented, Failure> {
        let portrait = match plan.portrait {
            PortraitPlan::First(person) => read_limited(&self.photographs[person][0])?,
            PortraitPlan::Mixed(one, other) => self.mixed(one, other, worker)?,
        };
        let file = |name: &str, bytes| NamedFile {
            name: name.to_owned(),
            bytes,
        };
        let files = vec![
            file(
                "mrz.txt",
                zone(plan.holder, plan.is_altered, at).into_bytes(),
            ),
            file("portrait.jpg", portrait),
        ];
        let trust = TrustStore::default();
        let document = rowcall_document::read(files, &trust, policy, at);
        let (portrait, _) = document::portrait(&document, self.models, worker)
            .map_err(|e| Failure::new(e.to_string()))?;
        Ok(Presented {
            id,
            document,
            portrait,
        })
    }

    /// Half of the one's portrait and half of the other's, on the one's picture.
    fn mixed(&self, one: usize, other: usize, worker: &Worker) -> Result<Vec<u8>, Failure> {
        let path = &self.photographs[one][0];
        let read = |person: usize| {
            Picture::read(&self.models.analyser, &self.photographs[person][0], worker)
        };
        let (base, face) = (read(one)?, read(other)?);
        let mut swapped = base.light.clone();
        put_face(&mut swapped, &face.light, &face.landmarks, &base.landmarks)
            .map_err(|e| Failure::file(path, &e))?;
        let (a, b) = (base.light.to_srgb(), swapped.to_srgb());
        let mut mixed = RgbImage::new(a.width(), a.height());
        for ((to, a), b) in mixed.pixels_mut().zip(a.pixels()).zip(b.pixels()) {
            to.0 = [0, 1, 2].map(|c| a.0[c].midpoint(b.0[c]));
        }
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, 95)
            .encode_image(&mixed)
            .map_err(|e| Failure::file(path, &e))?;
        Ok(jpeg)
    }
}

/// The machine readable zone of a passport of Utopia (Doc 9303-4, 4.2.2): a grown
/// person's, with a name and a number of their own. Altered, its last check digit is
/// wrong.
fn zone(person: usize, is_altered: bool, at: Date) -> String {
    let letter = |place: u32| char::from(b'A' + (person / 26_usize.pow(place) % 26) as u8);
    let name: String = [3, 2, 1, 0].map(letter).iter().collect();
    let first = format!("{:<<44}", format!("P<UTO{name}<<PHOTOGRAPH"));
    let with_digit = |field: String| {
        let digit = char::from(check_digit(&[field.as_bytes()]));
        format!("{field}{digit}")
    };
    let number = with_digit(format!("C{person:08}"));
    let born = with_digit(format!(
        "{:02}{:02}{:02}",
        50 + person % 45,
        2 + person % 11,
        2 + person % 27
    ));
    let expiry = with_digit(format!("{:02}0615", (at.year() + 5) % 100));
    let personal = format!("{:<<14}<", "");
    let composite = format!("{number}{born}{expiry}{personal}");
    let mut digit = check_digit(&[composite.as_bytes()]);
    if is_altered {
        digit = b'0' + (digit - b'0' + 1) % 10;
    }
    format!(
        "{first}\n{number}UTO{born}<{expiry}{personal}{}\n",
        char::from(digit)
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;
    use rowcall_document::{NamedFile, Policy, Verdict, read};
    use rowcall_pki::trust::TrustStore;

    use super::zone;

    #[test]
    fn everybody_has_a_zone_of_their_own_and_an_altered_one_is_invalid() {
        let at = date(2026, 11, 26);
        let verdict = |text: String| {
            let file = NamedFile {
                name: "mrz.txt".into(),
                bytes: text.into_bytes(),
            };
            let trust = TrustStore::default();
            read(vec![file], &trust, &Policy::default(), at).verdict()
        };
        let mut numbers = BTreeSet::new();
        for person in [0, 25, 26, 1_859, 49_999] {
            let text = zone(person, false, at);
            assert!(text.lines().all(|l| l.len() == 44), "{text}");
            assert_eq!(verdict(text.clone()), Verdict::Unsigned, "{text}");
            assert_eq!(verdict(zone(person, true, at)), Verdict::Invalid, "{text}");
            numbers.insert(text);
        }
        assert_eq!(numbers.len(), 5);
    }
}
