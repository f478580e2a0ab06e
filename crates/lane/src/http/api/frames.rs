//! Frames that somebody brings.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use rowcall_picture::Wiped;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Asked;
use crate::{
    Error, ErrorKind,
    http::{App, blocking, words},
    service::MAX_FRAME,
};

/// Where and when a frame was taken.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct FrameQuery {
    /// The camera's name in the lane.
    camera: String,
    /// When it was taken, seconds since 1970, where the camera's clock is right.
    taken: Option<f64>,
}

/// Whether a frame was wanted.
#[derive(Serialize, ToSchema)]
struct FrameResponse {
    wanted: bool,
}

/// Hands in a frame of a camera.
#[utoipa::path(
    post,
    path = "/v1/transactions/{id}/frames",
    tag = "transactions",
    params(("id" = String, Path, description = "The transaction's id"), FrameQuery),
    request_body(content = words::Picture, content_type = "image/jpeg", description = "The picture, a JPEG of at most 8 MiB"),
    responses((status = 202, description = "It is looked at as soon as may be, if it is wanted", body = FrameResponse)),
)]
pub(in crate::http) async fn frame(
    asked: Asked,
    Query(query): Query<FrameQuery>,
    body: Bytes,
) -> Result<Response, Error> {
    let Asked { app, transaction } = asked;
    let arrival = transaction.arrival()?;
    if let Some(taken) = query.taken {
        let now = app.service.clock.read();
        let there_for = now.since_boot.saturating_sub(arrival.since_boot);
        let came = now.wall as f64 - there_for.as_secs_f64();
        if !(taken >= came - 1.0) {
            return Err(Error::conflict(
                "taken: the frame is older than the vehicle's coming; the vehicle before may be in it",
            ));
        }
    }
    if body.len() > MAX_FRAME {
        return Err(Error::new(ErrorKind::TooLarge, "a frame has at most 8 MiB"));
    }
    if body.is_empty() {
        return Err(Error::request("the body is the picture, and it is empty"));
    }
    let picture = Wiped::new(body.to_vec());
    blocking(move || app.service.add_frame(&transaction, &query.camera, picture)).await?;
    Ok((StatusCode::ACCEPTED, Json(FrameResponse { wanted: true })).into_response())
}

/// Hands in a frame for whichever vehicle stands at the lane's cameras.
#[utoipa::path(
    post,
    path = "/v1/lanes/{lane}/frames",
    tag = "lanes",
    params(("lane" = String, Path, description = "The lane's name"), FrameQuery),
    request_body(content = words::Picture, content_type = "image/jpeg", description = "The picture, a JPEG of at most 8 MiB"),
    responses((status = 202, description = "It is looked at as soon as may be, if it is wanted", body = FrameResponse)),
)]
pub(in crate::http) async fn lane_frame(
    State(app): State<App>,
    Path(lane): Path<String>,
    Query(query): Query<FrameQuery>,
    body: Bytes,
) -> Result<Response, Error> {
    let desk = app.service.desk(&lane)?;
    match desk.at_cameras() {
        Some(transaction) if transaction.is_after_pass(&query.camera) => Err(Error::conflict(
            "camera: vehicles stand before it after they passed others, and the next one may be there already: bring the frame to /v1/transactions/{id}/frames",
        )),
        Some(transaction) => {
            let app = app.clone();
            frame(Asked { app, transaction }, Query(query), body).await
        }
        // Nobody is there to be looked for: no face is. Whether the camera works is seen.
        None => {
            match desk.camera(&query.camera) {
                Some(own) => own.push(&body)?,
                None => app.service.show_set_up(desk, &query.camera, &body),
            }
            Ok((StatusCode::ACCEPTED, Json(FrameResponse { wanted: false })).into_response())
        }
    }
}
