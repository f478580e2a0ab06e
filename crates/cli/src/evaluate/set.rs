//! A test set and the model it is measured with, as both commands take them.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use indicatif::{ProgressBar, ProgressStyle};
use rowcall_evaluate::{Bootstrap, Manifest, Templates};
use rowcall_face::Analyser;
use rowcall_pipeline::models::{self, Models};

use crate::{argument::look, failure::Failure};

/// A set and a model.
#[derive(clap::Args)]
pub(crate) struct Set {
    /// The set's manifest: CSV with the columns path and subject; further
    /// columns are labels to group by.
    #[arg(long, value_name = "M.csv")]
    manifest: PathBuf,
    /// The folder that the manifest's paths are relative to.
    #[arg(long, value_name = "DIR")]
    images: PathBuf,
    /// Leave out the pictures that this text file names, one a line, without folder
    /// and ending; lines that begin with # are remarks. For a set's errata.
    #[arg(long, value_name = "FILE")]
    without: Option<PathBuf>,
    /// The embedding model.
    #[arg(long, value_name = "NAME", default_value = "sface")]
    pub(crate) model: String,
    /// The folder of models [default: ROWCALL_MODELS, or the models that come
    /// with the program].
    #[arg(long, value_name = "DIR")]
    pub(crate) models: Option<PathBuf>,
    /// How often subjects are drawn anew for the 95 % intervals.
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(100..=100_000))]
    bootstrap: u32,
}

/// A set in memory.
pub(crate) struct Loaded {
    pub(crate) analyser: Analyser,
    pub(crate) manifest: Manifest,
    pub(crate) templates: Templates,
}

impl Set {
    /// Reads everything and makes the templates, with a progress bar on stderr.
    pub(crate) fn load(&self) -> Result<Loaded, Failure> {
        let manifest = self.parse()?;
        let folder = models::folder(self.models.clone())?;
        let analyser = models::uncalibrated(&folder, &self.model)?;
        let bar = ProgressBar::new(manifest.entries.len() as u64);
        let style =
            ProgressStyle::with_template("{bar:30} {pos}/{len} pictures {elapsed}, {eta} left");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let templates = Templates::extract(&analyser, &manifest, &self.images, || bar.inc(1));
        bar.finish_and_clear();
        let templates = templates.map_err(|e| Failure::new(e.to_string()))?;
        Ok(Loaded {
            analyser,
            manifest,
            templates,
        })
    }

    /// The model with its calibration, and the manifest; no picture is opened.
    pub(crate) fn calibrated(&self) -> Result<(Models, Manifest), Failure> {
        let manifest = self.parse()?;
        let folder = models::folder(self.models.clone())?;
        Ok((Models::load(&folder, &self.model, None)?, manifest))
    }

    fn parse(&self) -> Result<Manifest, Failure> {
        look("--manifest", [&self.manifest])?;
        look("--images", [&self.images])?;
        look("--without", &self.without)?;
        let csv = std::fs::read(&self.manifest).map_err(|e| Failure::file(&self.manifest, &e))?;
        let mut manifest = Manifest::parse(&csv).map_err(|e| Failure::file(&self.manifest, &e))?;
        if let Some(path) = &self.without {
            let text = std::fs::read_to_string(path).map_err(|e| Failure::file(path, &e))?;
            if manifest.leave_out(&names(&text)) == 0 {
                return Err(Failure::file(path, &"it names no picture of the manifest"));
            }
        }
        Ok(manifest)
    }

    /// The folder of images.
    pub(crate) fn images(&self) -> &Path {
        &self.images
    }

    pub(crate) fn bootstrap(&self) -> Bootstrap {
        Bootstrap {
            replicates: self.bootstrap as usize,
            ..Bootstrap::default()
        }
    }

    /// The set's name: that of its manifest's folder.
    pub(crate) fn name(&self) -> String {
        let path = self
            .manifest
            .canonicalize()
            .unwrap_or_else(|_| self.manifest.clone());
        let folder = path.parent().and_then(std::path::Path::file_name);
        folder.unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// The names in a file of pictures to leave out: one a line, without folder and
/// ending; lines that begin with # are remarks.
pub(crate) fn names(text: &str) -> BTreeSet<&str> {
    let lines = text.lines().map(str::trim);
    lines
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .collect()
}
