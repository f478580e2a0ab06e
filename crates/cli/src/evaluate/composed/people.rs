//! The people of a set: their photographs, the documents made for them, and whom
//! they are most like.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use image::{RgbImage, codecs::jpeg::JpegEncoder};
use jiff::civil::Date;
use rowcall_document::{NamedFile, Policy, mrz::check_digit};
use rowcall_evaluate::{DocumentPlan, Manifest, PortraitPlan, danger};
use rowcall_face::{PortraitGate, Reference, Worker};
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
    /// Of each person; `None` where no photograph could be a document's portrait.
    portraits: Vec<Option<Portrait>>,
}

/// A person's portrait.
struct Portrait {
    /// Which of their photographs.
    photograph: usize,
    template: Reference,
}

impl<'a> People<'a> {
    /// Of each person's photographs the first that passes `gate` stands for the
    /// portrait that an issuer would have taken: one face, from the front, nothing
    /// before it.
    pub(super) fn new(
        manifest: &Manifest,
        images: &Path,
        models: &'a Models,
        gate: &PortraitGate,
    ) -> Result<Self, Failure> {
        let mut own: BTreeMap<u32, Vec<PathBuf>> = BTreeMap::new();
        for entry in &manifest.entries {
            let photographs = own.entry(entry.subject).or_default();
            photographs.push(images.join(&entry.path));
        }
        let photographs: Vec<Vec<PathBuf>> = own.into_values().collect();
        let bar = progress(photographs.len() as u64);
        let portraits = on_every_core(photographs.len(), &bar, |person, worker| {
            portrait(&photographs[person], models, gate, worker)
        });
        bar.finish_and_clear();
        let portraits = portraits.into_iter().collect::<Result<_, _>>()?;
        Ok(Self {
            models,
            photographs,
            portraits,
        })
    }

    /// Those with a portrait and another photograph.
    pub(super) fn able(&self) -> Vec<usize> {
        let has_both = |p: &usize| self.photographs[*p].len() > 1 && self.portraits[*p].is_some();
        (0..self.photographs.len()).filter(has_both).collect()
    }

    /// How many people with two photographs or more have none that could be a
    /// document's portrait.
    pub(super) fn unfit(&self) -> usize {
        let people = self.photographs.iter().zip(&self.portraits);
        let unfit = people.filter(|(own, portrait)| own.len() > 1 && portrait.is_none());
        unfit.count()
    }

    /// How many people have a portrait.
    pub(super) fn portraits(&self) -> usize {
        self.portraits.iter().flatten().count()
    }

    /// The photograph of somebody's document.
    fn portrayed(&self, person: usize) -> Result<&Path, Failure> {
        let portrait = self.portraits[person].as_ref();
        let portrait =
            portrait.ok_or_else(|| Failure::new(format!("person {person} has no portrait")))?;
        Ok(&self.photographs[person][portrait.photograph])
    }

    /// The photograph that sits in a vehicle: somebody's first that isn't the
    /// portrait.
    fn seated_path(&self, person: usize) -> Result<&Path, Failure> {
        let portrait = self.portraits[person].as_ref().map(|p| p.photograph);
        let others = (0..self.photographs[person].len()).filter(|i| Some(*i) != portrait);
        let other = others.min();
        let other =
            other.ok_or_else(|| Failure::new(format!("person {person} has one photograph")))?;
        Ok(&self.photographs[person][other])
    }

    /// The face that sits in a vehicle.
    pub(super) fn seated(&self, person: usize, worker: &Worker) -> Result<Picture, Failure> {
        Picture::read(&self.models.analyser, self.seated_path(person)?, worker)
    }

    /// The person whose portrait is most like somebody in a vehicle.
    pub(super) fn most_like(&self, person: usize) -> Result<usize, Failure> {
        let path = self.seated_path(person)?;
        let image = decode(path)?;
        let found = self.models.analyser.portrait(&image, &Worker::new());
        let own = found
            .map_err(|e| Failure::file(path, &e))?
            .ok_or_else(|| Failure::file(path, &"no face was found in it"))?;
        let others = (0..self.portraits.len()).filter(|&other| other != person);
        let scored = others.filter_map(|other| {
            let portrait = self.portraits[other].as_ref()?;
            let score = danger::likeness(&own.face.template, &portrait.template)?;
            Some((score.0, other))
        });
        // The first of equals.
        let best = scored.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        best.map(|(_, other)| other)
            .ok_or_else(|| Failure::new("nobody else of the set has a portrait".to_owned()))
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
            PortraitPlan::Of(person) => read_limited(self.portrayed(person)?)?,
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
        let path = self.portrayed(one)?;
        let read =
            |person: usize| Picture::read(&self.models.analyser, self.portrayed(person)?, worker);
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

/// The first photograph that passes the gate of portraits.
fn portrait(
    photographs: &[PathBuf],
    models: &Models,
    gate: &PortraitGate,
    worker: &Worker,
) -> Result<Option<Portrait>, Failure> {
    for (photograph, path) in photographs.iter().enumerate() {
        let found = models.analyser.portrait(&decode(path)?, worker);
        let found = found.map_err(|e| Failure::file(path, &e))?;
        let fit = found.filter(|p| gate.defects(&p.face.quality, &p.view).is_empty());
        if let Some(portrait) = fit {
            return Ok(Some(Portrait {
                photograph,
                template: portrait.face.template,
            }));
        }
    }
    Ok(None)
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
    use rowcall_document::{NamedFile, Policy, read};
    use rowcall_pki::trust::TrustStore;
    use rowcall_words::document::Verdict;

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
