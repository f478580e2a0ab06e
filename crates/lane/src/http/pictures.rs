//! Pictures for the officer at the screen: encoded as they are asked for, kept by
//! nobody on the way.

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use image::{ExtendedColorType, ImageEncoder as _, codecs::jpeg::JpegEncoder};
use rowcall_face::Image;
use rowcall_picture::Wiped;
use rowcall_words::seat::Seat;

use super::{api::Asked, words};
use crate::Error;

const QUALITY: u8 = 88;

/// Shows whoever sits on a seat to an officer.
#[utoipa::path(
    get,
    path = "/v1/transactions/{id}/seats/{seat}/picture",
    tag = "transactions",
    params(("id" = String, Path, description = "The transaction's id"), ("seat" = words::Seat, Path, description = "The seat")),
    responses((status = 200, description = "A picture", body = words::Picture, content_type = "image/jpeg")),
)]
pub(super) async fn seat(
    asked: Asked,
    Path((_, seat)): Path<(String, String)>,
) -> Result<Response, Error> {
    let seat: Seat = seat
        .parse()
        .map_err(|_| Error::request("seat: seats are written like 1-left, 2-centre or 3-right"))?;
    asked
        .wait(move |_, transaction| answer(transaction.seat_picture(seat, encoded)?))
        .await
}

/// Shows a face that is on no seat to an officer.
#[utoipa::path(
    get,
    path = "/v1/transactions/{id}/strangers/{place}/picture",
    tag = "transactions",
    params(("id" = String, Path, description = "The transaction's id"), ("place" = usize, Path, description = "Its place among `strangers`", maximum = 65535)),
    responses((status = 200, description = "A picture", body = words::Picture, content_type = "image/jpeg")),
)]
pub(super) async fn stranger(
    asked: Asked,
    Path((_, place)): Path<(String, usize)>,
) -> Result<Response, Error> {
    asked
        .wait(move |_, transaction| answer(transaction.stranger_picture(place, encoded)?))
        .await
}

/// Shows a document's portrait to an officer.
#[utoipa::path(
    get,
    path = "/v1/transactions/{id}/documents/{place}/portrait",
    tag = "transactions",
    params(("id" = String, Path, description = "The transaction's id"), ("place" = usize, Path, description = "The document's place", maximum = 65535)),
    responses((status = 200, description = "A picture", body = words::Picture, content_type = "image/jpeg")),
)]
pub(super) async fn portrait(
    Path((_, place)): Path<(String, usize)>,
    asked: Asked,
) -> Result<Response, Error> {
    asked
        .wait(move |_, transaction| {
            // Nobody looks at a party before its vehicle is there.
            transaction.arrival()?;
            answer(transaction.portrait(place, encoded)?)
        })
        .await
}

fn answer(shown: Option<Result<Wiped<u8>, Error>>) -> Result<Response, Error> {
    let jpeg = shown.ok_or_else(|| Error::gone("picture"))??;
    // Every answer is no-store (`http::headers`).
    Ok(([(header::CONTENT_TYPE, "image/jpeg")], jpeg.to_vec()).into_response())
}

/// A picture as a JPEG, for as long as somebody looks at it.
pub(crate) fn encoded(image: &Image) -> Result<Wiped<u8>, Error> {
    // Room from the start: growing would leave copies behind.
    let mut jpeg = Wiped::new(Vec::with_capacity(image.rgb().len() + 1024));
    JpegEncoder::new_with_quality(&mut *jpeg, QUALITY)
        .write_image(
            image.rgb(),
            image.width(),
            image.height(),
            ExtendedColorType::Rgb8,
        )
        .map_err(|e| Error::us(format_args!("a picture can't be encoded: {e}")))?;
    Ok(jpeg)
}
