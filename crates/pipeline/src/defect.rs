//! What is wrong with a portrait, as a finding and in words.

use rowcall_face::{Component, PortraitDefect};
use rowcall_words::finding::code::Code;

/// The code of the defect's finding.
pub(crate) fn code(defect: PortraitDefect) -> Code {
    let component = match defect {
        PortraitDefect::SeveralFaces => return Code::PortraitSeveralFaces,
        PortraitDefect::Quality(component) => component,
    };
    match component {
        Component::InterEyeDistance => Code::PortraitInterEyeDistance,
        Component::HeadPoseYaw => Code::PortraitHeadPoseYaw,
        Component::HeadPosePitch => Code::PortraitHeadPosePitch,
        Component::UnderExposurePrevention => Code::PortraitUnderExposurePrevention,
        Component::OverExposurePrevention => Code::PortraitOverExposurePrevention,
        Component::Sharpness => Code::PortraitSharpness,
        Component::DynamicRange => Code::PortraitDynamicRange,
        Component::FaceOcclusionPrevention => Code::PortraitFaceOcclusionPrevention,
        Component::EyesVisible => Code::PortraitEyesVisible,
        Component::IlluminationUniformity => Code::PortraitIlluminationUniformity,
        Component::Noise => Code::PortraitNoise,
        Component::CompressionArtifacts => Code::PortraitCompressionArtifacts,
        Component::DetectorConfidence => Code::PortraitDetectorConfidence,
    }
}

/// The defect in a sentence.
pub fn sentence(defect: PortraitDefect) -> &'static str {
    match defect {
        PortraitDefect::SeveralFaces => {
            "the portrait shows more than one face: nobody can say which is the holder's"
        }
        PortraitDefect::Quality(component) => match component {
            Component::InterEyeDistance => "the face in the portrait is too small to be compared",
            Component::HeadPoseYaw | Component::HeadPosePitch => {
                "the face in the portrait is turned away too far to be compared"
            }
            Component::UnderExposurePrevention => "the portrait is too dark to be compared",
            Component::OverExposurePrevention => "the portrait is too bright to be compared",
            Component::Sharpness => "the portrait is too blurred to be compared",
            Component::DynamicRange => "the portrait has hardly any contrast",
            Component::EyesVisible => "the eyes are hidden in the portrait",
            Component::FaceOcclusionPrevention => {
                "an eye, the mouth or the forehead is hidden in the portrait"
            }
            _ => "the face in the portrait isn't clear enough to be compared",
        },
    }
}
