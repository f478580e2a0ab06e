//! What people say: travellers who opt out, officers who judge and decide.

use axum::{Extension, Json};
use rowcall_audit::entry::Subject;
use rowcall_custody::seat_subject;
use rowcall_words::log::AdjudicationReason;
use rowcall_words::seat::Seat;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Asked, code};
use crate::{
    Error,
    http::{Body, words},
    people::Identity,
    view::{Judgement, TransactionView},
};

/// Who opts out: one of the three.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct OptOutRequest {
    #[schema(value_type = Option<words::Seat>)]
    seat: Option<Seat>,
    document: Option<usize>,
    #[serde(default)]
    vehicle: bool,
}

/// Opts a seat, a document's holder or the whole vehicle out.
///
/// What was seen of them is destroyed, and nothing is seen from now on: an officer checks
/// by hand.
#[utoipa::path(
    post,
    path = "/v1/transactions/{id}/opt-outs",
    tag = "transactions",
    params(("id" = String, Path, description = "The transaction's id")),
    request_body(content = OptOutRequest, example = json!({"seat": "1-right"})),
    responses((status = 200, description = "How the transaction stands", body = TransactionView)),
)]
pub(in crate::http) async fn opt_out(
    asked: Asked,
    Body(who): Body<OptOutRequest>,
) -> Result<Json<TransactionView>, Error> {
    asked
        .change(move |_, t| {
            let subject = match (who.seat, who.document, who.vehicle) {
                (Some(seat), None, false) => seat_subject(seat)
                    .ok_or_else(|| Error::request("seat: there is no such row"))?,
                (None, Some(place), false) => t.document_subject(place)?,
                (None, None, true) => Subject::Vehicle,
                _ => {
                    return Err(Error::request(
                        "say one of seat, document, or vehicle: true",
                    ));
                }
            };
            t.opt_out(subject)
        })
        .await
}

/// A seat that is captured anew.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct RecaptureRequest {
    #[schema(value_type = words::Seat)]
    seat: Seat,
}

/// Forgets what was seen of a seat and captures it anew.
#[utoipa::path(
    post,
    path = "/v1/transactions/{id}/recaptures",
    tag = "transactions",
    params(("id" = String, Path, description = "The transaction's id")),
    request_body(content = RecaptureRequest, example = json!({"seat": "1-left"})),
    responses((status = 200, description = "How the transaction stands", body = TransactionView)),
)]
pub(in crate::http) async fn recapture(
    asked: Asked,
    Body(again): Body<RecaptureRequest>,
) -> Result<Json<TransactionView>, Error> {
    asked.change(move |_, t| t.recapture(again.seat)).await
}

/// What an officer sees in two pictures.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct JudgementRequest {
    #[schema(value_type = words::Seat)]
    seat: Seat,
    document: usize,
    judgement: Judgement,
}

/// Says what an officer sees in two pictures, before they know what the machine says.
#[utoipa::path(
    post,
    path = "/v1/transactions/{id}/judgements",
    tag = "transactions",
    params(("id" = String, Path, description = "The transaction's id")),
    request_body(content = JudgementRequest, example = json!({"seat": "1-left", "document": 0, "judgement": "same"})),
    responses((status = 200, description = "How the transaction stands", body = TransactionView)),
)]
pub(in crate::http) async fn judge(
    asked: Asked,
    Extension(identity): Extension<Identity>,
    Body(said): Body<JudgementRequest>,
) -> Result<Json<TransactionView>, Error> {
    asked
        .change(move |app, t| {
            let inclined = t.judge(said.seat, said.document, said.judgement)?;
            app.service
                .count_judgement(t, said.judgement, inclined, &identity.name)
        })
        .await
}

/// An officer's decision.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct AdjudicationRequest {
    /// `seat-1-left`, `document-0` or `vehicle`.
    #[schema(pattern = "^(vehicle|seat-[1-9]-(left|centre|right)|document-[0-9]{1,5})$")]
    subject: String,
    /// The reason's code.
    #[schema(value_type = words::AdjudicationReason)]
    reason: String,
}

/// Records an officer's decision.
///
/// One about the same subject corrects the one before: both are in the log.
#[utoipa::path(
    post,
    path = "/v1/transactions/{id}/adjudications",
    tag = "transactions",
    params(("id" = String, Path, description = "The transaction's id")),
    request_body(content = AdjudicationRequest, example = json!({"subject": "seat-1-left", "reason": "confirmed-by-eye"})),
    responses((status = 200, description = "How the transaction stands", body = TransactionView)),
)]
pub(in crate::http) async fn adjudicate(
    asked: Asked,
    Extension(identity): Extension<Identity>,
    Body(said): Body<AdjudicationRequest>,
) -> Result<Json<TransactionView>, Error> {
    asked
        .change(move |app, t| {
            let subject = subject(&said.subject)?;
            let reasons = AdjudicationReason::ALL.iter().copied();
            let reason = code(reasons, AdjudicationReason::as_str, "reason", &said.reason)?;
            let officer = app.service.log_in.authenticated(&identity.name);
            t.adjudicate(subject, reason, &officer)
        })
        .await
}

fn subject(text: &str) -> Result<Subject, Error> {
    let wrong = || Error::request("subject: write seat-1-left, document-0 or vehicle");
    if text == "vehicle" {
        return Ok(Subject::Vehicle);
    }
    if let Some(seat) = text.strip_prefix("seat-") {
        let seat: Seat = seat.parse().map_err(|_| wrong())?;
        return seat_subject(seat).ok_or_else(wrong);
    }
    let place = text.strip_prefix("document-").ok_or_else(wrong)?;
    let place: usize = place.parse().map_err(|_| wrong())?;
    Ok(rowcall_custody::document_subject(place))
}
