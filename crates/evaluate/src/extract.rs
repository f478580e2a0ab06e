//! From the pictures of a set to templates in memory.

use std::{path::Path, time::Instant};

use rowcall_face::{Analyser, Gate, Image, PortraitGate, Score, Template, Worker};
use rowcall_picture::Limits;
use rowcall_template::danger::{Role as _, Unguarded as _};

use crate::{Error, ErrorKind, Manifest, Scores, scores::on_every_core};

/// A picture file is at most this large.
const MAX_FILE: u64 = 32 << 20;

/// The templates of a set; they live and die in memory.
pub struct Templates {
    /// Those of each entry of the manifest; none where none could be acquired.
    templates: Vec<Option<Both>>,
    subjects: Vec<u32>,
    /// The place of each picture in the order of their paths: of two pictures the
    /// first is the portrait, whatever the order of the manifest.
    ranks: Vec<usize>,
    count: usize,
    /// Seconds each picture took on its core.
    seconds: Vec<f64>,
    /// The pictures that no template could be acquired from.
    pub failures: Vec<Failure>,
}

/// A picture in both of its roles, as the pipeline takes them: portraits get more
/// views than frames ([`rowcall_face::Embedder::embed_views`]).
struct Both {
    reference: Template,
    probe: Template,
    /// Whether a lane would compare with it as a document's portrait, by the default
    /// gate.
    is_portrait: bool,
    /// Whether a lane would compare it as somebody on a seat, likewise.
    is_fit: bool,
}

/// A failure to acquire (ISO/IEC 19795-1): no template from a picture.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Failure {
    /// The picture, as the manifest names it.
    pub path: String,
    /// Why.
    pub why: String,
}

impl Templates {
    /// The template of every picture of the manifest, on every core; `done` is
    /// called after each. Of several faces the largest near the centre counts.
    ///
    /// # Errors
    /// [`ErrorKind::Manifest`] if a file isn't there, before anything else is
    /// done; [`ErrorKind::Inference`] if a model fails, which is a fault of ours.
    pub fn extract(
        analyser: &Analyser,
        manifest: &Manifest,
        images: &Path,
        done: impl Fn() + Sync,
    ) -> Result<Self, Error> {
        let absent: Vec<_> = manifest
            .entries
            .iter()
            .filter(|e| !images.join(&e.path).is_file())
            .collect();
        if let Some(first) = absent.first() {
            return Err(Error::new(
                ErrorKind::Manifest,
                format!(
                    "{}: {} of {} pictures of the manifest aren't there; its paths are relative to the folder of images",
                    images.join(&first.path).display(),
                    absent.len(),
                    manifest.entries.len()
                ),
            ));
        }
        let parts = on_every_core(
            manifest.entries.len(),
            || (Worker::new(), Vec::new()),
            |(worker, own), i| {
                let started = Instant::now();
                let template = template(analyser, &images.join(&manifest.entries[i].path), worker);
                own.push((i, template, started.elapsed().as_secs_f64()));
                done();
            },
        );
        let mut all: Vec<_> = parts.into_iter().flat_map(|(_, own)| own).collect();
        all.sort_by_key(|(i, ..)| *i);
        let mut by_path: Vec<usize> = (0..manifest.entries.len()).collect();
        by_path.sort_by_key(|&i| &manifest.entries[i].path);
        let mut ranks = vec![0; by_path.len()];
        by_path
            .iter()
            .enumerate()
            .for_each(|(rank, &i)| ranks[i] = rank);
        let mut templates = Self {
            ranks,
            templates: Vec::with_capacity(all.len()),
            subjects: manifest.entries.iter().map(|e| e.subject).collect(),
            count: manifest.subjects,
            seconds: Vec::with_capacity(all.len()),
            failures: Vec::new(),
        };
        for (i, outcome, seconds) in all {
            let path = manifest.entries[i].path.display().to_string();
            templates.seconds.push(seconds);
            templates.templates.push(match outcome? {
                Ok(template) => Some(template),
                Err(why) => {
                    templates.failures.push(Failure { path, why });
                    None
                }
            });
        }
        Ok(templates)
    }

    /// All comparisons among the pictures that `choose` takes, by their place
    /// in the manifest; see [`Scores::collect`].
    ///
    /// # Errors
    /// As [`Scores::collect`].
    pub fn compare(
        &self,
        choose: impl Fn(usize) -> bool,
        reach: Option<f32>,
    ) -> Result<Scores, Error> {
        let mut chosen: Vec<(usize, &Both, u32)> = self
            .templates
            .iter()
            .enumerate()
            .filter(|(i, _)| choose(*i))
            .filter_map(|(i, t)| Some((self.ranks[i], t.as_ref()?, self.subjects[i])))
            .collect();
        chosen.sort_by_key(|(rank, ..)| *rank);
        let subjects: Vec<u32> = chosen.iter().map(|c| c.2).collect();
        // All are of one model, so that there always is a score.
        Scores::collect(&subjects, self.count, reach, |i, j| {
            let (i, j) = (i.min(j), i.max(j));
            let (reference, probe) = (&chosen[i].1.reference, &chosen[j].1.probe);
            reference.compare(probe).map_or(-1.0, |s| s.0)
        })
    }

    /// Of templates that were made up for a test, with their subjects.
    #[cfg(test)]
    pub(crate) fn made(all: Vec<(u32, Template)>) -> Self {
        let both = |template: Template| {
            let probe = Template::fuse([(&template, 1.0)])?;
            Some(Both {
                reference: template,
                probe,
                is_portrait: true,
                is_fit: true,
            })
        };
        let (subjects, templates): (Vec<u32>, Vec<Option<Both>>) =
            all.into_iter().map(|(s, t)| (s, both(t))).unzip();
        Self {
            count: subjects.iter().max().map_or(0, |s| *s as usize + 1),
            seconds: vec![0.0; subjects.len()],
            ranks: (0..subjects.len()).collect(),
            subjects,
            templates,
            failures: Vec::new(),
        }
    }

    /// The pictures with a template of each subject, by their place.
    pub(crate) fn by_subject(&self) -> Vec<Vec<usize>> {
        let mut subjects = vec![Vec::new(); self.count];
        for (i, subject) in self.subjects.iter().enumerate() {
            if self.templates[i].is_some() {
                subjects[*subject as usize].push(i);
            }
        }
        for own in &mut subjects {
            own.sort_by_key(|&i| self.ranks[i]);
        }
        subjects
    }

    /// Whether a lane would compare with this picture as a document's portrait.
    pub(crate) fn is_portrait(&self, picture: usize) -> bool {
        let both = self.templates[picture].as_ref();
        both.is_some_and(|both| both.is_portrait)
    }

    /// Whether a lane would compare this picture as somebody on a seat.
    pub(crate) fn is_fit(&self, picture: usize) -> bool {
        let both = self.templates[picture].as_ref();
        both.is_some_and(|both| both.is_fit)
    }

    /// The score of two pictures with a template, the first as the portrait.
    pub(crate) fn score(&self, i: usize, j: usize) -> Score {
        let pair = self.templates[i].as_ref().zip(self.templates[j].as_ref());
        pair.and_then(|(a, b)| a.reference.compare(&b.probe))
            .unwrap_or(Score(-1.0))
    }

    /// The probe that these pictures give, fused; `None` without any.
    pub(crate) fn fused(&self, pictures: &[usize]) -> Option<Template> {
        let own = pictures.iter().filter_map(|&i| self.templates[i].as_ref());
        Template::fuse(own.map(|both| (&both.probe, 1.0)))
    }

    /// The score of a probe with a picture as the portrait.
    pub(crate) fn score_of(&self, probe: &Template, portrait: usize) -> f32 {
        let reference = self.templates[portrait].as_ref();
        let score = reference.and_then(|both| both.reference.compare(probe));
        score.map_or(-1.0, |s| s.0)
    }

    /// Fused probes, each of all pictures but one of a subject with three at least,
    /// against the portraits of all others and that left out: as
    /// [`Templates::compare`], for the false match curve of fused probes.
    ///
    /// # Errors
    /// As [`Scores::collect`].
    pub fn compare_fused(&self) -> Result<Scores, Error> {
        let able = self.by_subject().into_iter().zip(0..);
        let probes: Vec<(u32, Template)> = able
            .filter(|(own, _)| own.len() > 2)
            .filter_map(|(own, subject)| Some((subject, self.fused(&own[1..])?)))
            .collect();
        let portraits: Vec<(u32, usize)> = self
            .by_subject()
            .iter()
            .zip(0..)
            .filter_map(|(own, subject)| Some((subject, *own.first()?)))
            .collect();
        let subjects: Vec<u32> = probes.iter().map(|p| p.0).collect();
        let of_portraits: Vec<u32> = portraits.iter().map(|p| p.0).collect();
        Scores::between(&subjects, &of_portraits, self.count, None, |i, j| {
            self.score_of(&probes[i].1, portraits[j].1)
        })
    }

    /// Of the pictures that `choose` takes: how many there are, from how many
    /// of them no template could be acquired, and the seconds of one core that
    /// they took.
    pub fn acquisition(&self, choose: impl Fn(usize) -> bool) -> (u64, u64, f64) {
        let chosen = (0..self.templates.len()).filter(|i| choose(*i));
        chosen.fold((0, 0, 0.0), |(n, failed, seconds), i| {
            let is_failure = u64::from(self.templates[i].is_none());
            (n + 1, failed + is_failure, seconds + self.seconds[i])
        })
    }
}

fn template(
    analyser: &Analyser,
    path: &Path,
    worker: &Worker,
) -> Result<Result<Both, String>, Error> {
    let size = std::fs::metadata(path).map_or(0, |m| m.len());
    if size > MAX_FILE {
        return Ok(Err(format!(
            "the file has {size} bytes, at most {MAX_FILE} are read"
        )));
    }
    let image = match std::fs::read(path) {
        Ok(file) => Image::decode(&file, &Limits::FRAME).map_err(|e| e.to_string()),
        Err(error) => Err(error.to_string()),
    };
    let image = match image {
        Ok(image) => image,
        Err(why) => return Ok(Err(why)),
    };
    let failed = |e| Error::new(ErrorKind::Inference, format!("{}: {e}", path.display()));
    let Some(portrait) = analyser.portrait(&image, worker).map_err(failed)? else {
        return Ok(Err("no face was found".to_owned()));
    };
    let upright = image.turned(portrait.view.turn);
    let probe = analyser.probe_of(&upright, &portrait.face, worker);
    let probe = probe.map_err(failed)?;
    let quality = &portrait.face.quality;
    let is_portrait = PortraitGate::default()
        .defects(quality, &portrait.view)
        .is_empty();
    let is_fit = Gate::default().passes(quality);
    Ok(probe
        .map(|probe| Both {
            reference: portrait.face.template.opened(),
            probe,
            is_portrait,
            is_fit,
        })
        .ok_or_else(|| "no face was found".to_owned()))
}
