//! Lanes, and what stands at them.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use rowcall_rollcall::{Lane, Seat};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Error,
    http::{App, Body, blocking, words},
    service::Order,
    settled::Settled,
    view::{Direction, TransactionView},
};

/// A lane as a caller sees it.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct LaneView {
    name: String,
    direction: Direction,
    layouts: Vec<LayoutView>,
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
        name: desk.name.clone(),
        direction: desk.direction,
        layouts: desk.layouts().map(LayoutView::of).collect(),
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
/// A loop's or a barrier's signal: it opens and closes.
#[utoipa::path(
    post,
    path = "/v1/lanes/{lane}/presence",
    tag = "lanes",
    params(("lane" = String, Path, description = "The lane's name")),
    request_body(content = Presence, example = json!({"present": true})),
    responses((status = 200, description = "The transaction that is open already, or what the one that was closed came to", body = PresenceResponse), (status = 201, description = "It is open", body = TransactionView), (status = 204, description = "Nothing was open at the lane's cameras")),
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
                let begun = app.service.open(&lane, &Order::default())?;
                Ok((StatusCode::CREATED, Json(&*begun.transaction.view())).into_response())
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
