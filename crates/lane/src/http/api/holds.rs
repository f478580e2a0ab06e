//! Image pairs that are kept for a while.

use axum::{
    Extension, Json,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use rowcall_audit::entry::Minutes;
use rowcall_custody::HoldRequest;
use rowcall_words::log::{Approval, HoldReason};
use rowcall_words::seat::Seat;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Asked, code};
use crate::{
    Error,
    http::{Body, words},
    people::Identity,
};

/// One image pair that is kept for a while.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct HoldBody {
    #[schema(value_type = words::Seat)]
    seat: Seat,
    #[schema(maximum = 65535)]
    document: u16,
    #[schema(value_type = words::HoldReason)]
    reason: String,
    #[schema(minimum = 1, maximum = 527040)]
    minutes: u32,
}

/// A hold that was made, or that another officer has to consent to.
#[derive(Serialize, ToSchema)]
struct HoldResponse {
    hold: Option<u64>,
    proposal: Option<u32>,
}

/// Keeps one image pair for a while.
///
/// Where two officers have to agree, it is proposed.
#[utoipa::path(
    post,
    path = "/v1/transactions/{id}/holds",
    tag = "transactions",
    params(("id" = String, Path, description = "The transaction's id")),
    request_body(content = HoldBody, example = json!({"seat": "1-left", "document": 0, "reason": "suspected-impostor", "minutes": 30})),
    responses((status = 201, description = "It is kept, or proposed", body = HoldResponse)),
)]
pub(in crate::http) async fn hold(
    asked: Asked,
    Extension(identity): Extension<Identity>,
    Body(said): Body<HoldBody>,
) -> Result<Response, Error> {
    asked
        .wait(move |app, transaction| {
            let reasons = HoldReason::ALL.iter().copied();
            let request = HoldRequest {
                seat: said.seat,
                document: said.document,
                reason: code(reasons, HoldReason::as_str, "reason", &said.reason)?,
                length: Minutes::new(said.minutes)
                    .ok_or_else(|| Error::request("minutes: between 1 and 527040"))?,
            };
            let officer = app.service.log_in.authenticated(&identity.name);
            let made = match app.service.approval() {
                Approval::OneOfficer => HoldResponse {
                    hold: Some(transaction.hold(&request, &officer, &identity.name)?.0),
                    proposal: None,
                },
                Approval::TwoOfficers => HoldResponse {
                    hold: None,
                    proposal: Some(
                        transaction
                            .propose_hold(&request, &officer, &identity.name)?
                            .number(),
                    ),
                },
            };
            Ok((StatusCode::CREATED, Json(made)).into_response())
        })
        .await
}

/// Consents to another officer's proposal to keep an image pair.
#[utoipa::path(
    post,
    path = "/v1/transactions/{id}/holds/{proposal}/consent",
    tag = "transactions",
    params(("id" = String, Path, description = "The transaction's id"), ("proposal" = u32, Path, description = "The proposal's number")),
    responses((status = 201, description = "It is kept", body = HoldResponse)),
)]
pub(in crate::http) async fn consent(
    Path((_, proposal)): Path<(String, u32)>,
    asked: Asked,
    Extension(identity): Extension<Identity>,
) -> Result<Response, Error> {
    asked
        .wait(move |app, transaction| {
            let officer = app.service.log_in.authenticated(&identity.name);
            let hold = transaction.consent(proposal.into(), &officer)?;
            let made = HoldResponse {
                hold: Some(hold.0),
                proposal: None,
            };
            Ok((StatusCode::CREATED, Json(made)).into_response())
        })
        .await
}
