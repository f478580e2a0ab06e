//! Single probes, kept for fits: quality and score, no identity.

use rowcall_face::{Pose, Quality};
use serde::{Deserialize, Serialize};

use crate::{Error, ErrorKind};

/// More lines than this aren't read.
const MOST: usize = 5_000_000;

/// One probe's quality and how it compared, without identity.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The condition that it was under.
    pub condition: String,
    /// The parameter's value.
    pub value: f32,
    /// The subject's number, to keep those apart that a fit was made on.
    pub subject: u32,
    /// The score with the subject's own reference.
    pub mated: f32,
    /// The quality of what was found.
    pub quality: Quality,
    /// The unified score that was in force when it was measured.
    pub unified: f32,
}

/// A line of the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    condition: String,
    value: f32,
    subject: u32,
    score: f32,
    inter_eye_distance: f32,
    yaw: f32,
    pitch: f32,
    roll: f32,
    sharpness: f32,
    under_exposed: f32,
    over_exposed: f32,
    luminance: f32,
    contrast: f32,
    dynamic_range: f32,
    illumination_uniformity: f32,
    veil: f32,
    glare: f32,
    noise: f32,
    landmark_detail: f32,
    directional_blur: f32,
    eyes_visible: f32,
    forehead_detail: f32,
    confidence: f32,
    unified: f32,
}

impl Sample {
    /// A CSV file of these samples, with a header.
    ///
    /// # Errors
    /// [`ErrorKind::Output`], a fault of ours.
    pub fn to_csv(samples: &[Self]) -> Result<Vec<u8>, Error> {
        let failed = |e: String| Error::new(ErrorKind::Output, format!("samples: {e}"));
        let mut writer = csv::Writer::from_writer(Vec::new());
        for sample in samples {
            writer
                .serialize(Row::from(sample))
                .map_err(|e| failed(e.to_string()))?;
        }
        writer.into_inner().map_err(|e| failed(e.to_string()))
    }

    /// Reads such a file.
    ///
    /// # Errors
    /// [`ErrorKind::Manifest`], naming the line.
    pub fn from_csv(file: &[u8]) -> Result<Vec<Self>, Error> {
        let bad = |e: String| Error::new(ErrorKind::Manifest, format!("samples: {e}"));
        let mut samples = Vec::new();
        for row in csv::Reader::from_reader(file).deserialize::<Row>() {
            let sample = Self::from(row.map_err(|e| bad(e.to_string()))?);
            if !sample.is_finite() {
                return Err(bad(format!(
                    "line {}: a value isn't finite",
                    samples.len() + 2
                )));
            }
            if samples.len() == MOST {
                return Err(bad(format!("more than {MOST} lines")));
            }
            samples.push(sample);
        }
        Ok(samples)
    }

    fn is_finite(&self) -> bool {
        let Row {
            condition: _,
            subject: _,
            value,
            score,
            inter_eye_distance,
            yaw,
            pitch,
            roll,
            sharpness,
            under_exposed,
            over_exposed,
            luminance,
            contrast,
            dynamic_range,
            illumination_uniformity,
            veil,
            glare,
            noise,
            landmark_detail,
            directional_blur,
            eyes_visible,
            forehead_detail,
            confidence,
            unified,
        } = Row::from(self);
        [
            value,
            score,
            inter_eye_distance,
            yaw,
            pitch,
            roll,
            sharpness,
            under_exposed,
            over_exposed,
            luminance,
            contrast,
            dynamic_range,
            illumination_uniformity,
            veil,
            glare,
            noise,
            landmark_detail,
            directional_blur,
            eyes_visible,
            forehead_detail,
            confidence,
            unified,
        ]
        .iter()
        .all(|v| v.is_finite())
    }
}

impl From<&Sample> for Row {
    fn from(s: &Sample) -> Self {
        let q = &s.quality;
        Self {
            condition: s.condition.clone(),
            value: s.value,
            subject: s.subject,
            score: s.mated,
            inter_eye_distance: q.inter_eye_distance,
            yaw: q.pose.yaw,
            pitch: q.pose.pitch,
            roll: q.pose.roll,
            sharpness: q.sharpness,
            under_exposed: q.under_exposed,
            over_exposed: q.over_exposed,
            luminance: q.luminance,
            contrast: q.contrast,
            dynamic_range: q.dynamic_range,
            illumination_uniformity: q.illumination_uniformity,
            veil: q.veil,
            glare: q.glare,
            noise: q.noise,
            landmark_detail: q.landmark_detail,
            directional_blur: q.directional_blur,
            eyes_visible: q.eyes_visible,
            forehead_detail: q.forehead_detail,
            confidence: q.confidence,
            unified: s.unified,
        }
    }
}

impl From<Row> for Sample {
    fn from(r: Row) -> Self {
        Self {
            condition: r.condition,
            value: r.value,
            subject: r.subject,
            mated: r.score,
            quality: Quality {
                inter_eye_distance: r.inter_eye_distance,
                pose: Pose {
                    yaw: r.yaw,
                    pitch: r.pitch,
                    roll: r.roll,
                },
                sharpness: r.sharpness,
                under_exposed: r.under_exposed,
                over_exposed: r.over_exposed,
                luminance: r.luminance,
                contrast: r.contrast,
                dynamic_range: r.dynamic_range,
                illumination_uniformity: r.illumination_uniformity,
                veil: r.veil,
                glare: r.glare,
                noise: r.noise,
                landmark_detail: r.landmark_detail,
                directional_blur: r.directional_blur,
                eyes_visible: r.eyes_visible,
                forehead_detail: r.forehead_detail,
                confidence: r.confidence,
            },
            unified: r.unified,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Sample;

    const HEADER: &str = "condition,value,subject,score,inter_eye_distance,yaw,pitch,roll,sharpness,\
        under_exposed,over_exposed,luminance,contrast,dynamic_range,illumination_uniformity,veil,glare,noise,\
        landmark_detail,directional_blur,eyes_visible,forehead_detail,confidence,unified\n";

    #[test]
    fn what_is_written_is_read_and_what_is_wrong_is_named() {
        let line = "sky,5,7,0.42,40.1,-3,2,0.5,0.1,0,0.01,0.5,0.12,6.5,0.7,0.3,0,0.01,0.6,0.5,1,0.7,0.93,0.9\n";
        let samples = Sample::from_csv((HEADER.to_owned() + line).as_bytes()).expect("valid");
        assert_eq!((samples[0].subject, samples[0].mated), (7, 0.42));
        let again = Sample::to_csv(&samples).expect("written");
        assert_eq!(Sample::from_csv(&again).expect("valid"), samples);
        for (case, text) in [
            ("line 2", HEADER.to_owned() + &line.replace("0.42", "NaN")),
            ("score", HEADER.replace(",score", ",points") + line),
            ("line: 2", HEADER.to_owned() + "sky,5\n"),
        ] {
            let error = Sample::from_csv(text.as_bytes())
                .expect_err(case)
                .to_string();
            assert!(error.contains(case), "{case}: {error}");
        }
    }
}
