//! Setting cameras up: the live picture, the faces in it, and the lane file's zones.

use axum::{
    Extension, Json, Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use rowcall_face::Point;
use rowcall_pipeline::zones::{self, FaceBox};
use rowcall_rollcall::{Camera, Lane, Zone};
use rowcall_words::log::SetUpEndCause;
use rowcall_words::seat::Seat;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{App, Body, blocking, pictures, words};
use crate::{Error, desk::Desk, people::Identity};

/// What is asked of one camera as one layout has it.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/picture", get(picture))
        .route("/faces", get(faces))
        .route("/zones", post(write))
        .route("/zones/check", post(check))
}

/// A set-up that is going on.
#[derive(Serialize, ToSchema)]
pub(super) struct SetUpResponse {
    /// Seconds until it ends by itself.
    seconds: u64,
}

/// Begins to look at a lane's cameras, to place zones: on record, for a quarter of an
/// hour, and with no vehicle at the lane. One that comes ends it.
#[utoipa::path(
    post,
    path = "/v1/lanes/{lane}/set-up",
    tag = "lanes",
    params(("lane" = String, Path, description = "The lane's name")),
    responses((status = 201, description = "Pictures are shown to whoever began it, and stored by nobody", body = SetUpResponse)),
)]
pub(super) async fn begin(
    State(app): State<App>,
    Path(lane): Path<String>,
    Extension(identity): Extension<Identity>,
) -> Result<(StatusCode, Json<SetUpResponse>), Error> {
    let seconds = blocking(move || {
        let live = app.service.begin_set_up(&lane, &identity.name)?;
        Ok(live.seconds_left(app.service.clock.read().since_boot))
    })
    .await?;
    Ok((StatusCode::CREATED, Json(SetUpResponse { seconds })))
}

/// Ends it, also another's. Nothing is left of what was seen.
#[utoipa::path(
    delete,
    path = "/v1/lanes/{lane}/set-up",
    tag = "lanes",
    params(("lane" = String, Path, description = "The lane's name")),
    responses((status = 204, description = "Nobody looks any more")),
)]
pub(super) async fn end(
    State(app): State<App>,
    Path(lane): Path<String>,
) -> Result<StatusCode, Error> {
    blocking(move || {
        let desk = app.service.desk(&lane)?.clone();
        app.service.end_set_up(&desk, SetUpEndCause::Closed)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A camera as one of a lane's layouts has it.
pub(super) type Place = (String, String, String);

pub(super) fn camera_of<'a>(
    desk: &'a Desk,
    layout: &str,
    camera: &str,
) -> Result<(&'a Lane, &'a Camera), Error> {
    let mut layouts = desk.layouts();
    let lane = layouts.find(|(name, _)| *name == layout).map(|(_, l)| l);
    let lane = lane.ok_or_else(|| Error::gone("layout"))?;
    let camera = lane.camera(camera).ok_or_else(|| Error::gone("camera"))?;
    Ok((lane, camera))
}

/// Shows the newest picture of a camera to whoever sets it up.
#[utoipa::path(
    get,
    path = "/v1/lanes/{lane}/layouts/{layout}/cameras/{camera}/picture",
    tag = "lanes",
    params(("lane" = String, Path, description = "The lane's name"), ("layout" = String, Path, description = "The layout's name"), ("camera" = String, Path, description = "The camera's name")),
    responses((status = 200, description = "The picture, turned as the camera is mounted", body = words::Picture, content_type = "image/jpeg")),
)]
pub(super) async fn picture(
    State(app): State<App>,
    Path((lane, layout, camera)): Path<Place>,
    Extension(identity): Extension<Identity>,
) -> Result<Response, Error> {
    blocking(move || {
        let desk = app.service.desk(&lane)?;
        let (of, camera) = camera_of(desk, &layout, &camera)?;
        let set_up = app.service.set_up_of(&lane, &identity.name)?;
        let image = set_up.picture(of, camera)?;
        let image = image.ok_or_else(|| Error::gone("picture"))?;
        let jpeg = pictures::encoded(&image)?;
        Ok(([(header::CONTENT_TYPE, "image/jpeg")], jpeg.to_vec()).into_response())
    })
    .await
}

/// A face, in shares of the picture: left edge, upper edge, width, height.
#[derive(Serialize, ToSchema)]
pub(super) struct FaceResponse([f32; 4]);

/// A zone that faces suggest.
#[derive(Serialize, ToSchema)]
pub(super) struct SuggestedZone {
    /// The seat whose zone lies there already, if one does.
    #[schema(value_type = Option<words::Seat>)]
    seat: Option<Seat>,
    /// The corners.
    polygon: Vec<[f32; 2]>,
    /// The least and the greatest width of a face.
    face_width: [f32; 2],
    /// From how many faces.
    faces: usize,
}

/// Faces of a camera.
#[derive(Serialize, ToSchema)]
pub(super) struct FacesResponse {
    /// Those in the newest picture.
    now: Vec<FaceResponse>,
    /// All that were found in this set-up.
    seen: Vec<FaceResponse>,
    /// Zones that they suggest.
    suggested: Vec<SuggestedZone>,
}

pub(super) fn shares(face: &FaceBox) -> [f32; 4] {
    [face.x, face.y, face.width, face.height]
}

/// Finds the faces in the newest picture of a camera, for whoever sets it up: boxes, and
/// no more of anybody.
#[utoipa::path(
    get,
    path = "/v1/lanes/{lane}/layouts/{layout}/cameras/{camera}/faces",
    tag = "lanes",
    params(("lane" = String, Path, description = "The lane's name"), ("layout" = String, Path, description = "The layout's name"), ("camera" = String, Path, description = "The camera's name")),
    responses((status = 200, description = "Where they are", body = FacesResponse)),
)]
pub(super) async fn faces(
    State(app): State<App>,
    Path((lane, layout, camera)): Path<Place>,
    Extension(identity): Extension<Identity>,
) -> Result<Json<FacesResponse>, Error> {
    blocking(move || {
        let desk = app.service.desk(&lane)?;
        let (of, camera) = camera_of(desk, &layout, &camera)?;
        let set_up = app.service.set_up_of(&lane, &identity.name)?;
        let (now, seen) = set_up.look(&desk.equipment.models, (&layout, of), camera)?;
        let suggested = zones::suggest(&seen, &camera.zones);
        let all = |faces: Vec<FaceBox>| faces.iter().map(|f| FaceResponse(shares(f))).collect();
        Ok(Json(FacesResponse {
            suggested: suggested
                .into_iter()
                .map(|zone| SuggestedZone {
                    seat: zone.seat,
                    polygon: zone.polygon.iter().map(|p| [p.x, p.y]).collect(),
                    face_width: [zone.face_width.0, zone.face_width.1],
                    faces: zone.faces,
                })
                .collect(),
            now: all(now),
            seen: all(seen),
        }))
    })
    .await
}

/// A zone as it is drawn.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ZoneRequest {
    #[schema(value_type = words::Seat)]
    seat: Seat,
    /// The corners in order, x and y in shares of the picture.
    polygon: Vec<[f32; 2]>,
    /// The least and the greatest width of a face, in shares of the picture's width.
    face_width: [f32; 2],
}

/// All zones of a camera.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ZonesRequest {
    /// SHA-256 of the lane file that they were drawn on, in hexadecimal: one that
    /// somebody changed meanwhile isn't overwritten.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    of: String,
    zones: Vec<ZoneRequest>,
}

/// The lane file with them.
#[derive(Serialize, ToSchema)]
pub(super) struct ZonesResponse {
    /// Its text.
    file: String,
    /// Its SHA-256.
    of: String,
}

impl ZonesRequest {
    fn zones(&self) -> Vec<Zone> {
        let zone = |zone: &ZoneRequest| Zone {
            seat: zone.seat,
            polygon: zone
                .polygon
                .iter()
                .map(|[x, y]| Point::new(*x, *y))
                .collect(),
            face_width: (zone.face_width[0], zone.face_width[1]),
        };
        self.zones.iter().map(zone).collect()
    }
}

/// Says how the lane file would read with other zones of a camera. Nothing is written.
#[utoipa::path(
    post,
    path = "/v1/lanes/{lane}/layouts/{layout}/cameras/{camera}/zones/check",
    tag = "lanes",
    params(("lane" = String, Path, description = "The lane's name"), ("layout" = String, Path, description = "The layout's name"), ("camera" = String, Path, description = "The camera's name")),
    request_body(content = ZonesRequest, example = json!({"of": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "zones": [{"seat": "1-left", "polygon": [[0.6, 0.3], [0.8, 0.3], [0.8, 0.6], [0.6, 0.6]], "face_width": [0.06, 0.16]}]})),
    responses((status = 200, description = "It would be a lane file", body = ZonesResponse)),
)]
pub(super) async fn check(
    State(app): State<App>,
    Path((lane, layout, camera)): Path<Place>,
    Body(asked): Body<ZonesRequest>,
) -> Result<Json<ZonesResponse>, Error> {
    blocking(move || {
        camera_of(app.service.desk(&lane)?, &layout, &camera)?;
        let file = app.service.lane_file(&lane, &layout)?;
        let text = rewritten(&file.text, &camera, &asked)?;
        let of = file.hex();
        Ok(Json(ZonesResponse { file: text, of }))
    })
    .await
}

/// Writes the lane file with other zones of a camera: in a set-up, on record, as a
/// whole. They hold from the next start of the service.
#[utoipa::path(
    post,
    path = "/v1/lanes/{lane}/layouts/{layout}/cameras/{camera}/zones",
    tag = "lanes",
    params(("lane" = String, Path, description = "The lane's name"), ("layout" = String, Path, description = "The layout's name"), ("camera" = String, Path, description = "The camera's name")),
    request_body(content = ZonesRequest, example = json!({"of": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "zones": [{"seat": "1-left", "polygon": [[0.6, 0.3], [0.8, 0.3], [0.8, 0.6], [0.6, 0.6]], "face_width": [0.06, 0.16]}]})),
    responses((status = 200, description = "It is written", body = ZonesResponse)),
)]
pub(super) async fn write(
    State(app): State<App>,
    Path((lane, layout, camera)): Path<Place>,
    Extension(identity): Extension<Identity>,
    Body(asked): Body<ZonesRequest>,
) -> Result<Json<ZonesResponse>, Error> {
    blocking(move || {
        camera_of(app.service.desk(&lane)?, &layout, &camera)?;
        let set_up = app.service.set_up_of(&lane, &identity.name)?;
        let file = app.service.lane_file(&lane, &layout)?;
        let text = rewritten(&file.text, &camera, &asked)?;
        let written = app.service.write_zones(&set_up, file, &asked.of, text)?;
        Ok(Json(ZonesResponse {
            of: written.hex(),
            file: written.text,
        }))
    })
    .await
}

fn rewritten(text: &str, camera: &str, asked: &ZonesRequest) -> Result<String, Error> {
    zones::rewritten(text, camera, &asked.zones()).map_err(Error::request)
}
