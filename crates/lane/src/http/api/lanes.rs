//! Lanes, and what stands at them.

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use rowcall_rollcall::Lane;
use rowcall_words::seat::Seat;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Error,
    desk::Desk,
    http::{
        App, Body, blocking,
        remembered::{Before, Ordered},
        words,
    },
    parties::Shown,
    people::Identity,
    settled::Settled,
    view::{Direction, TransactionView},
};

/// A lane as a caller sees it.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct LaneView {
    name: String,
    direction: Direction,
    layouts: Vec<LayoutView>,
    /// Its stations, where documents are presented elsewhere than the cameras are.
    stations: Option<StationsView>,
    /// The transaction that the lane's own cameras look for.
    transaction: Option<String>,
}

/// A sort of vehicle, with its seats and the cameras that see them.
#[derive(Serialize, ToSchema)]
struct LayoutView {
    name: String,
    #[schema(value_type = Vec<words::Seat>)]
    seats: Vec<Seat>,
    cameras: Vec<String>,
}

/// Where a lane's documents are presented, and where its cameras are.
#[derive(Serialize, ToSchema)]
struct StationsView {
    documents: Vec<String>,
    cameras: String,
    /// How many parties are under way from the ones to the other.
    under_way: usize,
}

impl StationsView {
    fn of(desk: &Desk) -> Option<Self> {
        let apart = desk.equipment.apart.as_ref()?;
        Some(Self {
            documents: apart.documents.clone(),
            cameras: apart.cameras.clone(),
            under_way: desk.under_way(),
        })
    }
}

impl LayoutView {
    fn of((name, lane): (&str, &Lane)) -> Self {
        Self {
            name: name.to_owned(),
            seats: lane.seats().into_iter().collect(),
            cameras: lane.cameras.iter().map(|c| c.name.clone()).collect(),
        }
    }
}

/// Lists the lanes.
#[utoipa::path(
    get,
    path = "/v1/lanes",
    tag = "lanes",
    responses((status = 200, description = "The lanes", body = Vec<LaneView>)),
)]
pub(in crate::http) async fn lanes(State(app): State<App>) -> Json<Vec<LaneView>> {
    let desks = app.service.desks.values();
    let view = desks.map(|desk| LaneView {
        name: desk.name().to_owned(),
        direction: desk.direction,
        layouts: desk.layouts().map(LayoutView::of).collect(),
        stations: StationsView::of(desk),
        transaction: desk.at_cameras().map(|t| t.id.clone()),
    });
    Json(view.collect())
}

/// A vehicle stands at the lane, or has left: a loop's or barrier's signal.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Presence {
    present: bool,
}

/// What a lane's transaction is, or came to.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum PresenceResponse {
    /// It is open.
    Open(Box<TransactionView>),
    /// It was closed.
    Closed(Settled),
}

/// Tells that a vehicle stands at the lane, or has left.
///
/// A loop's or a barrier's signal: it opens and closes. Where documents are presented at
/// another station, it brings the next party of the order to the cameras, and opens where
/// nobody is under way.
#[utoipa::path(
    post,
    path = "/v1/lanes/{lane}/presence",
    tag = "lanes",
    params(("lane" = String, Path, description = "The lane's name")),
    request_body(content = Presence, example = json!({"present": true})),
    responses((status = 200, description = "The transaction that is open already, or what the one that was closed came to", body = PresenceResponse), (status = 201, description = "It is open, or its vehicle has come", body = TransactionView), (status = 204, description = "Nothing was open at the lane's cameras")),
)]
pub(in crate::http) async fn presence(
    State(app): State<App>,
    Path(lane): Path<String>,
    Body(presence): Body<Presence>,
) -> Result<Response, Error> {
    blocking(move || {
        let desk = app.service.desk(&lane)?;
        match (presence.present, desk.at_cameras()) {
            (true, Some(there)) => {
                let view = Box::new((*there.view()).clone());
                Ok(Json(PresenceResponse::Open(view)).into_response())
            }
            (true, None) => {
                let begun = app.service.come(&lane)?;
                Ok((StatusCode::CREATED, Json(&*begun.view())).into_response())
            }
            (false, Some(there)) => {
                let settled = PresenceResponse::Closed(app.service.close(&there)?);
                app.remembered.forget(&there.id);
                Ok(Json(settled).into_response())
            }
            (false, None) => Ok(StatusCode::NO_CONTENT.into_response()),
        }
    })
    .await
}

/// What a party shows at the cameras, or what the caller calls it; neither where vehicles
/// come in the order of their parties.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ArrivalRequest {
    /// The caller's own name for the transaction.
    #[schema(min_length = 1, max_length = 256)]
    reference: Option<String>,
    /// The code that was given as it was opened.
    #[schema(min_length = 1, max_length = 64)]
    code: Option<String>,
    /// The sort of vehicle that has come, where it isn't the one that was said as the party
    /// began.
    #[schema(min_length = 1, max_length = 64)]
    layout: Option<String>,
}

/// Tells that a party's vehicle has come to the cameras.
///
/// For a lane whose documents are presented at another station. The cameras look for this
/// party from here on, and no more for the vehicle before.
#[utoipa::path(
    post,
    path = "/v1/lanes/{lane}/arrivals",
    tag = "lanes",
    params(("lane" = String, Path, description = "The lane's name"), ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key, 1 to 128 bytes: sent again with the same order it gets the first answer again, with another it is refused, as long as the transaction lives", min_length = 1, max_length = 128)),
    request_body(content = ArrivalRequest, example = json!({"reference": "pnr-5510"})),
    responses((status = 200, description = "How its transaction stands", body = TransactionView)),
)]
pub(in crate::http) async fn arrival(
    State(app): State<App>,
    Path(lane): Path<String>,
    headers: HeaderMap,
    Extension(identity): Extension<Identity>,
    Body(arrival): Body<ArrivalRequest>,
) -> Result<Response, Error> {
    for (key, given, most) in [
        ("reference", &arrival.reference, 256),
        ("code", &arrival.code, 64),
        ("layout", &arrival.layout, 64),
    ] {
        let length = given.as_ref().map_or(1, String::len);
        if length == 0 || length > most {
            return Err(Error::request(format_args!("{key}: 1 to {most} bytes")));
        }
    }
    let says = serde_json::to_vec(&arrival).map_err(|e| Error::us(e.to_string()))?;
    let ordered = Ordered {
        what: &format!("arrival at {lane}"),
        says: &[&says],
    };
    let claim = match app.remembered.before(&headers, &identity, &ordered)? {
        Before::Answered(before) => return Ok(before),
        Before::Nothing(claim) => claim,
    };
    let transaction = blocking(move || {
        let by = match (&arrival.reference, &arrival.code) {
            (Some(reference), None) => Shown::Reference(reference),
            (None, Some(code)) => Shown::Code(code),
            (None, None) => Shown::Place,
            (Some(_), Some(_)) => {
                return Err(Error::request("say one of reference and code, or neither"));
            }
        };
        let arrived = app
            .service
            .party_arrives(&lane, by, arrival.layout.as_deref())?;
        arrived.ok_or_else(|| Error::gone("party"))
    })
    .await?;
    let body = serde_json::to_vec(&*transaction.view()).map_err(|e| Error::us(e.to_string()))?;
    Ok(claim.keep(&transaction.id, StatusCode::OK, body))
}
