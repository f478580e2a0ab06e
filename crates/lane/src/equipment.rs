//! What a lane is equipped with, whichever vehicle is there.

use std::sync::Arc;

use rowcall_custody::Clock;
use rowcall_pipeline::models::Models;
use rowcall_pki::trust::TrustStore;

use crate::config::apart::Apart;

/// What a lane is equipped with, whichever vehicle is there.
pub(crate) struct Equipment {
    /// The lane's name.
    pub(crate) lane: String,
    /// Its stations, where documents are presented elsewhere than the cameras are.
    pub(crate) apart: Option<Apart>,
    /// Whom it trusts.
    pub(crate) trust: TrustStore,
    /// What it looks and compares with.
    pub(crate) models: Arc<Models>,
    pub(crate) clock: Arc<dyn Clock>,
}
