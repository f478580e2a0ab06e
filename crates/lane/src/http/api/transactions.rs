//! A transaction from its opening to what it came to.

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::Asked;
use crate::{
    Error,
    http::{
        App, Body, blocking,
        remembered::{Before, Ordered},
    },
    people::Identity,
    service::Order,
    settled::Settled,
    view::{Direction, TransactionView},
};

/// Opens a transaction.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct OpenRequest {
    lane: String,
    direction: Option<Direction>,
    /// The sort of vehicle, where the lane knows more than one.
    layout: Option<String>,
    /// Where it is opened, at a lane whose documents and cameras are apart: a station of
    /// documents, or that of the cameras for a vehicle that presented none before.
    station: Option<String>,
    /// The caller's own name for it, of which only a commitment is kept.
    #[serde(default)]
    #[schema(max_length = 256)]
    reference: String,
    #[schema(maximum = 64)]
    occupants: Option<u8>,
    #[schema(maximum = 255)]
    documents: Option<u8>,
}

/// A transaction that was opened.
#[derive(Serialize, ToSchema)]
struct OpenResponse {
    /// The entry of the audit log that opened it.
    entry: u64,
    /// The key of the commitment, in base 64: with it and the reference the caller
    /// can show which entries are its own. It is kept nowhere else.
    commitment_key: String,
    /// What the party shows at the cameras, where it was opened at a station of documents;
    /// it is told once.
    code: Option<String>,
    #[serde(flatten)]
    view: TransactionView,
}

/// Opens a transaction.
///
/// From here on the lane's cameras look for it; where they are at another station, from
/// its arrival there.
#[utoipa::path(
    post,
    path = "/v1/transactions",
    tag = "transactions",
    params(("Idempotency-Key" = Option<String>, Header, description = "The caller's own key, 1 to 128 bytes: sent again with the same order it gets the first answer again, with another it is refused, as long as the transaction lives", min_length = 1, max_length = 128)),
    request_body(content = OpenRequest, example = json!({"lane": "booth-1", "direction": "entry", "layout": "two-row", "reference": "pnr-5510", "occupants": 2, "documents": 2})),
    responses((status = 201, description = "It is open", body = OpenResponse)),
)]
pub(in crate::http) async fn open(
    State(app): State<App>,
    headers: HeaderMap,
    Extension(identity): Extension<Identity>,
    Body(order): Body<OpenRequest>,
) -> Result<Response, Error> {
    if order.reference.len() > 256 {
        return Err(Error::request("reference: at most 256 bytes"));
    }
    if order.occupants.is_some_and(|n| n > 64) {
        return Err(Error::request("occupants: a vehicle has at most 64"));
    }
    let says = Zeroizing::new(serde_json::to_vec(&order).map_err(|e| Error::us(e.to_string()))?);
    let ordered = Ordered {
        what: "open",
        says: &[&says],
    };
    let claim = match app.remembered.before(&headers, &identity, &ordered)? {
        Before::Answered(before) => return Ok(before),
        Before::Nothing(claim) => claim,
    };
    let (id, opened) = blocking(move || {
        let begun = app.service.open(
            &order.lane,
            &Order {
                direction: order.direction,
                layout: order.layout,
                station: order.station,
                reference: Zeroizing::new(order.reference),
                occupants: order.occupants,
                documents: order.documents,
            },
        )?;
        let opened = OpenResponse {
            entry: begun.opening.transaction,
            commitment_key: STANDARD.encode(begun.opening.key),
            code: begun.code.map(|code| code.to_string()),
            view: (*begun.transaction.view()).clone(),
        };
        Ok((begun.transaction.id.clone(), opened))
    })
    .await?;
    let body = serde_json::to_vec(&opened).map_err(|e| Error::us(e.to_string()))?;
    Ok(claim.keep(&id, StatusCode::CREATED, body))
}

/// Lists what is open at every lane, oldest first.
#[utoipa::path(
    get,
    path = "/v1/transactions",
    tag = "transactions",
    responses((status = 200, description = "What is open", body = Vec<TransactionView>)),
)]
pub(in crate::http) async fn list(State(app): State<App>) -> Json<Vec<TransactionView>> {
    let desks = app.service.desks.values();
    let all = desks.flat_map(|desk| desk.all());
    Json(all.map(|t| (*t.view()).clone()).collect())
}

/// Shows how a transaction stands.
#[utoipa::path(
    get,
    path = "/v1/transactions/{id}",
    tag = "transactions",
    params(("id" = String, Path, description = "The transaction's id")),
    responses((status = 200, description = "How the transaction stands", body = TransactionView)),
)]
pub(in crate::http) async fn show(asked: Asked) -> Result<Json<TransactionView>, Error> {
    Ok(Json((*asked.transaction.view()).clone()))
}

/// How many there are.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct DeclarationRequest {
    #[schema(maximum = 64)]
    occupants: Option<u8>,
    #[schema(maximum = 255)]
    documents: Option<u8>,
}

/// Says how many people and documents there are.
///
/// A count that isn't given stays for documents, and is nobody's word for people.
#[utoipa::path(
    post,
    path = "/v1/transactions/{id}/declaration",
    tag = "transactions",
    params(("id" = String, Path, description = "The transaction's id")),
    request_body(content = DeclarationRequest, example = json!({"occupants": 2, "documents": 2})),
    responses((status = 200, description = "How the transaction stands", body = TransactionView)),
)]
pub(in crate::http) async fn declare(
    asked: Asked,
    Body(said): Body<DeclarationRequest>,
) -> Result<Json<TransactionView>, Error> {
    asked
        .change(move |_, t| t.declare(said.occupants, said.documents))
        .await
}

/// Ends a transaction.
///
/// Outcomes go to the log, biometrics are destroyed, and the result waits ten minutes to be
/// fetched.
#[utoipa::path(
    post,
    path = "/v1/transactions/{id}/close",
    tag = "transactions",
    params(("id" = String, Path, description = "The transaction's id")),
    responses((status = 200, description = "What it came to", body = Settled)),
)]
pub(in crate::http) async fn close(asked: Asked) -> Result<Json<Settled>, Error> {
    asked
        .wait(|app, transaction| {
            let closed = app.service.close(transaction);
            app.remembered.forget(&transaction.id);
            closed.map(Json)
        })
        .await
}

/// Fetches what a closed transaction came to.
#[utoipa::path(
    get,
    path = "/v1/transactions/{id}/result",
    tag = "transactions",
    params(("id" = String, Path, description = "The transaction's id")),
    responses((status = 200, description = "What it came to", body = Settled)),
)]
pub(in crate::http) async fn result(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Settled>, Error> {
    let mut found = app.service.desks.values().filter_map(|d| d.result(&id));
    match (found.next(), app.service.find(&id)) {
        (Some(settled), _) => Ok(Json(settled)),
        (None, Ok(_)) => Err(Error::conflict("the transaction is open: close it first")),
        (None, Err(gone)) => Err(gone),
    }
}

/// Says that the caller has the result: nothing is kept of it.
#[utoipa::path(
    delete,
    path = "/v1/transactions/{id}/result",
    tag = "transactions",
    params(("id" = String, Path, description = "The transaction's id")),
    responses((status = 204, description = "It is forgotten")),
)]
pub(in crate::http) async fn acknowledge(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    let mut desks = app.service.desks.values();
    match desks.any(|desk| desk.acknowledge(&id)) {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Error::gone("result")),
    }
}
