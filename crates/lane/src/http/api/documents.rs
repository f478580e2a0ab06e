//! Documents: presented, taken out, joined.

use std::collections::BTreeSet;

use axum::{
    Extension, Json,
    extract::{FromRequest as _, Multipart, Path, Request},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use rowcall_document::NamedFile;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Asked;
use crate::{
    Error, ErrorKind,
    http::{
        Body,
        remembered::{Before, Ordered},
    },
    people::Identity,
    service::MAX_DOCUMENT,
    view::TransactionView,
};

/// Files that a document may have.
const MOST_FILES: usize = 64;

/// A document's place.
#[derive(Serialize, ToSchema)]
struct DocumentResponse {
    place: usize,
}

/// A machine readable zone as text.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MrzRequest {
    /// The caller's own name for it.
    #[schema(min_length = 1, max_length = 64)]
    id: Option<String>,
    /// Its lines.
    mrz: String,
}

/// A document's files, each under its name.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a form is read field by field: this describes it")]
struct DocumentForm {
    /// The caller's own name for it.
    #[schema(min_length = 1, max_length = 64)]
    id: Option<String>,
    /// The machine readable zone. Other fields are files of the chip (`EF.SOD`,
    /// `EF.DG1`, …), pages and seals.
    #[schema(rename = "mrz.txt")]
    mrz: Option<String>,
}

/// Presents a document.
///
/// Its files as multipart, or a machine readable zone as JSON. The multipart field `id`
/// is the caller's own name for it; every other field is a file of the chip, a page or a
/// seal, by its name.
#[utoipa::path(
    post,
    path = "/v1/transactions/{id}/documents",
    tag = "transactions",
    params(("id" = String, Path, description = "The transaction's id"), ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key, 1 to 128 bytes: sent again with the same order it gets the first answer again, with another it is refused, as long as the transaction lives", min_length = 1, max_length = 128)),
    request_body(content((MrzRequest = "application/json", example = json!({"id": "passport-1", "mrz": "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"})), (DocumentForm = "multipart/form-data", example = json!({"id": "passport-2", "mrz.txt": "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"})))),
    responses((status = 202, description = "It has a place, and is read as soon as may be", body = DocumentResponse)),
)]
pub(in crate::http) async fn document(
    asked: Asked,
    headers: HeaderMap,
    Extension(identity): Extension<Identity>,
    request: Request,
) -> Result<Response, Error> {
    let id = asked.transaction.id.clone();
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|k| k.to_str().ok()).unwrap_or("").to_owned();
    let (name, files) = if kind.starts_with("multipart/form-data") {
        let form = Multipart::from_request(request, &()).await;
        files_of(form.map_err(|e| Error::request(e.body_text()))?).await?
    } else {
        let Body(given) = Body::<MrzRequest>::from_request(request, &()).await?;
        let file = NamedFile {
            name: "mrz.txt".into(),
            bytes: given.mrz.into_bytes(),
        };
        (given.id, vec![file])
    };
    let mut says = vec![name.as_ref().map_or(&b""[..], String::as_bytes)];
    for file in &files {
        says.extend([file.name.as_bytes(), &file.bytes]);
    }
    let ordered = Ordered {
        what: &format!("document of {id}"),
        says: &says,
    };
    let remembered = &asked.app.remembered;
    let claim = match remembered.before(&headers, &identity, &ordered)? {
        Before::Answered(before) => return Ok(before),
        Before::Nothing(claim) => claim,
    };
    let place = asked
        .wait(move |app, transaction| app.service.add_document(transaction, name, files))
        .await?;
    let body = serde_json::to_vec(&DocumentResponse { place });
    let body = body.map_err(|e| Error::us(e.to_string()))?;
    Ok(claim.keep(&id, StatusCode::ACCEPTED, body))
}

async fn files_of(mut form: Multipart) -> Result<(Option<String>, Vec<NamedFile>), Error> {
    let (mut id, mut files, mut size) = (None, Vec::new(), 0);
    let failed = |e: axum::extract::multipart::MultipartError| match e.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::new(
            ErrorKind::TooLarge,
            "a document has at most 32 MiB in all its files",
        ),
        _ => Error::request(format_args!("the form: {}", e.body_text())),
    };
    while let Some(field) = form.next_field().await.map_err(failed)? {
        let name = field.name().unwrap_or("").to_owned();
        let file = field.file_name().map(str::to_owned);
        let bytes = field.bytes().await.map_err(failed)?;
        size += bytes.len();
        if size > MAX_DOCUMENT {
            return Err(Error::new(
                ErrorKind::TooLarge,
                "a document has at most 32 MiB in all its files",
            ));
        }
        match file {
            None if name == "id" => {
                let text = String::from_utf8(bytes.to_vec());
                id = Some(text.map_err(|_| Error::request("id: it isn't UTF-8"))?);
            }
            file if files.len() < MOST_FILES => files.push(NamedFile {
                name: file.unwrap_or(name),
                bytes: bytes.to_vec(),
            }),
            _ => return Err(Error::request("a document has at most 64 files")),
        }
    }
    Ok((id, files))
}

/// Whether a document is taken out.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct AsideRequest {
    aside: bool,
}

/// Takes a document out, or back in.
#[utoipa::path(
    post,
    path = "/v1/transactions/{id}/documents/{place}/set-aside",
    tag = "transactions",
    params(("id" = String, Path, description = "The transaction's id"), ("place" = usize, Path, description = "The document's place", maximum = 65535)),
    request_body(content = AsideRequest, example = json!({"aside": true})),
    responses((status = 200, description = "How the transaction stands", body = TransactionView)),
)]
pub(in crate::http) async fn set_aside(
    Path((_, place)): Path<(String, usize)>,
    asked: Asked,
    Body(said): Body<AsideRequest>,
) -> Result<Json<TransactionView>, Error> {
    asked
        .change(move |_, t| t.set_aside(place, said.aside))
        .await
}

/// Documents that are one holder's.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct JoinRequest {
    #[schema(min_items = 2)]
    documents: BTreeSet<usize>,
}

/// Says that documents are one holder's.
#[utoipa::path(
    post,
    path = "/v1/transactions/{id}/joins",
    tag = "transactions",
    params(("id" = String, Path, description = "The transaction's id")),
    request_body(content = JoinRequest, example = json!({"documents": [0, 1]})),
    responses((status = 200, description = "How the transaction stands", body = TransactionView)),
)]
pub(in crate::http) async fn join(
    asked: Asked,
    Body(said): Body<JoinRequest>,
) -> Result<Json<TransactionView>, Error> {
    if said.documents.len() < 2 {
        return Err(Error::request("documents: two at least are joined"));
    }
    asked.change(move |_, t| t.join(said.documents)).await
}
