//! From a face in a picture to a template.

use rowcall_infer::{Network, Worker};
use rowcall_template::danger::{Role as _, Unguarded as _};

use crate::{
    ChannelOrder, EmbedderManifest, Error, ErrorKind, Image, Landmarks, Reference, Template, Tone,
    align,
};

/// Sizes of a face in the views of [`Embedder::embed_views`].
const VIEW_SCALES: [f32; 3] = [0.94, 1.0, 1.06];

/// An embedding model: a network and how it is fed.
pub struct Embedder {
    network: Network,
    manifest: EmbedderManifest,
}

impl Embedder {
    /// An embedder from its manifest and the file that the manifest names.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] if the file isn't the one named or can't be
    /// executed.
    pub fn load(manifest: EmbedderManifest, file: &[u8]) -> Result<Self, Error> {
        Ok(Self {
            network: Network::load(file, manifest.sha256)?,
            manifest,
        })
    }

    /// The model's description.
    pub fn manifest(&self) -> &EmbedderManifest {
        &self.manifest
    }

    /// The face with these landmarks, cut out and turned to where the model
    /// expects it; square, [`EmbedderManifest::input_size`] pixels. `None` for
    /// landmarks that coincide.
    pub fn align(&self, image: &Image, landmarks: &Landmarks) -> Option<Image> {
        align::crop(
            image,
            landmarks,
            &self.manifest.template,
            self.manifest.input_size,
        )
    }

    /// The reference of a portrait: the mean template of six views of a face: at 0.94, 1 and 1.06 times its
    /// size, each as it is and mirrored, in this tone. For portraits, which are few:
    /// on photographs it errs less at every operating point (docs/evaluation.md,
    /// "Embedding"). `None` for landmarks that coincide.
    ///
    /// # Errors
    /// As [`Embedder::embed`].
    pub fn embed_views(
        &self,
        image: &Image,
        landmarks: &Landmarks,
        tone: Tone,
        worker: &Worker,
    ) -> Result<Option<Reference>, Error> {
        let side = self.manifest.input_size;
        let mut views = Vec::with_capacity(2 * VIEW_SCALES.len());
        for scale in VIEW_SCALES {
            let template = align::zoomed(&self.manifest.template, scale);
            let Some(crop) = align::crop(image, landmarks, &template, side) else {
                return Ok(None);
            };
            let crop = tone.apply(&crop);
            views.push(self.embed(&crop, worker)?);
            views.push(self.embed(&crop.mirrored(), worker)?);
        }
        let mean = Template::fuse(views.iter().map(|view| (view, 1.0)));
        Ok(mean.map(Reference::of))
    }

    /// The template of an aligned crop.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] if the network gives something else than one
    /// embedding of the manifest's dimension; [`ErrorKind::Inference`] if it
    /// fails or the embedding has no direction.
    pub fn embed(&self, crop: &Image, worker: &Worker) -> Result<Template, Error> {
        let side = self.manifest.input_size as usize;
        let embedding = self.network.run(
            worker,
            [3, side, side],
            |channel, y, row| self.fill(crop, channel, y, row),
            |outputs| outputs.get(0).to_vec(),
        )?;
        if embedding.len() != self.manifest.dimension {
            let (name, found, expected) = (
                &self.manifest.name,
                embedding.len(),
                self.manifest.dimension,
            );
            let detail =
                format!("the model {name} gives {found} values, its manifest says {expected}");
            return Err(Error::new(ErrorKind::Model, detail));
        }
        Template::from_embedding(embedding)
            .ok_or_else(|| Error::new(ErrorKind::Inference, "the embedding has no direction"))
    }

    /// A row of the network's input.
    fn fill(&self, crop: &Image, channel: usize, y: usize, row: &mut [f32]) {
        let source = match self.manifest.channels {
            ChannelOrder::Rgb => channel,
            ChannelOrder::Bgr => 2 - channel,
        };
        let (mean, std) = (self.manifest.mean[channel], self.manifest.std[channel]);
        let pixels = crop.rgb().chunks_exact(3).skip(y * row.len());
        for (v, pixel) in row.iter_mut().zip(pixels) {
            *v = (f32::from(pixel[source]) - mean) / std;
        }
    }
}
