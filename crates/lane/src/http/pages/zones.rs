//! What the page of a camera's zones shows.

use axum::{
    Extension,
    extract::{Path, State},
    http::HeaderMap,
    response::Html,
};
use rowcall_rollcall::{Lane, Zone};

use super::{App, viewer};
use crate::{
    Error,
    console::administrator::{self, SetUp, ZonesPage},
    http::{blocking, zones::Place, zones::camera_of},
    people::Identity,
};

pub(super) async fn page(
    State(app): State<App>,
    Path((lane, layout, camera)): Path<Place>,
    headers: HeaderMap,
    Extension(identity): Extension<Identity>,
) -> Result<Html<String>, Error> {
    let viewer = viewer(&app, &headers, identity);
    blocking(move || {
        let service = &app.service;
        let (of, used) = camera_of(service.desk(&lane)?, &layout, &camera)?;
        let file = service.lane_file(&lane, &layout)?;
        // What the file says now: the lane goes on with what it said at the start.
        let now = Lane::parse(&file.text).map_err(|e| Error::operator(e.to_string()))?;
        let zones: Vec<Zone> = match now.camera(&camera) {
            Some(camera) => camera.zones.clone(),
            None => Vec::new(),
        };
        let live = service.set_up_of(&lane, &viewer.user).ok();
        let size = match &live {
            None => None,
            Some(live) => live.picture(of, used)?.map(|i| (i.width(), i.height())),
        };
        let mut seats = now.seats();
        seats.extend(of.seats());
        Ok(Html(administrator::zones(&ZonesPage {
            size: size.unwrap_or((1280, 720)),
            set_up: match &live {
                None => SetUp::Off,
                Some(live) => SetUp::On {
                    minutes: live
                        .seconds_left(service.clock.read().since_boot)
                        .div_ceil(60),
                },
            },
            faces: live
                .map(|live| live.faces(&layout, &camera))
                .unwrap_or_default(),
            is_in_force: zones == used.zones,
            zones: zones.iter().map(drawn).collect(),
            seats: seats.into_iter().collect(),
            of: file.hex(),
            file: file.text,
            viewer,
            lane,
            layout,
            camera,
        })))
    })
    .await
}

fn drawn(zone: &Zone) -> administrator::Zone {
    let corners = zone.polygon.iter().map(|p| (p.x, p.y));
    (zone.seat, corners.collect(), zone.face_width)
}
