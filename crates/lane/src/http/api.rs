//! Transactions over HTTP: what the inspection system, readers, cameras and the
//! console ask for.

use std::collections::BTreeSet;

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{FromRequest as _, Multipart, Path, Query, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rowcall_audit::entry::{AdjudicationReason, Approval, HoldReason, Minutes, Subject};
use rowcall_custody::{HoldRequest, seat_subject};
use rowcall_document::NamedFile;
use rowcall_rollcall::{Lane, Seat};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use zeroize::Zeroizing;

use super::{
    App, Body, blocking,
    remembered::{Before, key},
    words,
};
use crate::{
    Error, ErrorKind,
    people::Identity,
    service::{MAX_DOCUMENT, MAX_FRAME, Order},
    settled::Settled,
    view::{Direction, Judgement, TransactionView},
};

/// Files that a document may have.
const MOST_FILES: usize = 64;

/// Opens a transaction.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenRequest {
    lane: String,
    direction: Option<Direction>,
    /// The sort of vehicle, where the lane knows more than one.
    layout: Option<String>,
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
    #[serde(flatten)]
    view: TransactionView,
}

/// Opens a transaction.
///
/// From here on the lane's cameras look for it.
#[utoipa::path(
    post,
    path = "/v1/transactions",
    tag = "transactions",
    params(("Idempotency-Key" = Option<String>, Header, description = "The caller's own key, 1 to 128 bytes: sent again it gets the first answer again, as long as the transaction lives", min_length = 1, max_length = 128)),
    request_body(content = OpenRequest, example = json!({"lane": "booth-1", "direction": "entry", "layout": "two-row", "reference": "pnr-5510", "occupants": 2, "documents": 2})),
    responses((status = 201, description = "It is open", body = OpenResponse)),
)]
pub(super) async fn open(
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
    let key = key(&headers, &identity, "open")?;
    let claim = match app.remembered.before(key)? {
        Before::Answered(before) => return Ok(before),
        Before::Nothing(claim) => claim,
    };
    let (id, opened) = blocking(move || {
        let begun = app.service.open(
            &order.lane,
            &Order {
                direction: order.direction,
                layout: order.layout,
                reference: Zeroizing::new(order.reference),
                occupants: order.occupants,
                documents: order.documents,
            },
        )?;
        let opened = OpenResponse {
            entry: begun.opening.transaction,
            commitment_key: STANDARD.encode(begun.opening.key),
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
pub(super) async fn list(State(app): State<App>) -> Json<Vec<TransactionView>> {
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
pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<TransactionView>, Error> {
    Ok(Json((*app.service.find(&id)?.view()).clone()))
}

/// A lane as a caller sees it.
#[derive(Serialize, ToSchema)]
pub(super) struct LaneView {
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
pub(super) async fn lanes(State(app): State<App>) -> Json<Vec<LaneView>> {
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
pub(super) struct Presence {
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
pub(super) async fn presence(
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

/// Where and when a frame was taken.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FrameQuery {
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
pub(super) async fn frame(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<FrameQuery>,
    body: Bytes,
) -> Result<Response, Error> {
    let transaction = app.service.find(&id)?;
    if let Some(taken) = query.taken {
        let now = app.service.clock.read();
        let open_for = now.since_boot.saturating_sub(transaction.opened);
        let opened = now.wall as f64 - open_for.as_secs_f64();
        if !(taken >= opened - 1.0) {
            return Err(Error::conflict(
                "taken: the frame is older than the transaction; the vehicle before may be in it",
            ));
        }
    }
    if body.len() > MAX_FRAME {
        return Err(Error::new(ErrorKind::TooLarge, "a frame has at most 8 MiB"));
    }
    if body.is_empty() {
        return Err(Error::request("the body is the picture, and it is empty"));
    }
    let picture = Zeroizing::new(body.to_vec());
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
pub(super) async fn lane_frame(
    State(app): State<App>,
    Path(lane): Path<String>,
    Query(query): Query<FrameQuery>,
    body: Bytes,
) -> Result<Response, Error> {
    let desk = app.service.desk(&lane)?;
    match desk.at_cameras() {
        Some(there) => {
            frame(
                State(app.clone()),
                Path(there.id.clone()),
                Query(query),
                body,
            )
            .await
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
    params(("id" = String, Path, description = "The transaction's id"), ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key, 1 to 128 bytes: sent again it gets the first answer again, as long as the transaction lives", min_length = 1, max_length = 128)),
    request_body(content((MrzRequest = "application/json", example = json!({"id": "passport-1", "mrz": "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"})), (DocumentForm = "multipart/form-data", example = json!({"id": "passport-2", "mrz.txt": "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"})))),
    responses((status = 202, description = "It has a place, and is read as soon as may be", body = DocumentResponse)),
)]
pub(super) async fn document(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Extension(identity): Extension<Identity>,
    request: Request,
) -> Result<Response, Error> {
    let transaction = app.service.find(&id)?;
    let key = key(&headers, &identity, &format!("document of {id}"))?;
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
    let claim = match app.remembered.before(key)? {
        Before::Answered(before) => return Ok(before),
        Before::Nothing(claim) => claim,
    };
    let place = blocking(move || app.service.add_document(&transaction, name, files)).await?;
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

/// How many there are.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeclarationRequest {
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
pub(super) async fn declare(
    State(app): State<App>,
    Path(id): Path<String>,
    Body(said): Body<DeclarationRequest>,
) -> Result<Json<TransactionView>, Error> {
    change(app, id, move |_, t| {
        t.declare(said.occupants, said.documents)
    })
    .await
}

/// Who opts out: one of the three.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OptOutRequest {
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
pub(super) async fn opt_out(
    State(app): State<App>,
    Path(id): Path<String>,
    Body(who): Body<OptOutRequest>,
) -> Result<Json<TransactionView>, Error> {
    change(app, id, move |_, t| {
        let subject = match (who.seat, who.document, who.vehicle) {
            (Some(seat), None, false) => {
                seat_subject(seat).ok_or_else(|| Error::request("seat: there is no such row"))?
            }
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
pub(super) struct RecaptureRequest {
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
pub(super) async fn recapture(
    State(app): State<App>,
    Path(id): Path<String>,
    Body(again): Body<RecaptureRequest>,
) -> Result<Json<TransactionView>, Error> {
    change(app, id, move |_, t| t.recapture(again.seat)).await
}

/// What an officer sees in two pictures.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct JudgementRequest {
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
pub(super) async fn judge(
    State(app): State<App>,
    Path(id): Path<String>,
    Extension(identity): Extension<Identity>,
    Body(said): Body<JudgementRequest>,
) -> Result<Json<TransactionView>, Error> {
    change(app, id, move |app, t| {
        let inclined = t.judge(said.seat, said.document, said.judgement)?;
        app.service
            .count_judgement(t, said.judgement, inclined, &identity.name)
    })
    .await
}

/// An officer's decision.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AdjudicationRequest {
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
pub(super) async fn adjudicate(
    State(app): State<App>,
    Path(id): Path<String>,
    Extension(identity): Extension<Identity>,
    Body(said): Body<AdjudicationRequest>,
) -> Result<Json<TransactionView>, Error> {
    change(app, id, move |app, t| {
        let subject = subject(&said.subject)?;
        let reasons = AdjudicationReason::ALL.iter().copied();
        let reason = code(reasons, AdjudicationReason::code, "reason", &said.reason)?;
        let officer = app.service.log_in.authenticated(&identity.name);
        t.adjudicate(subject, reason, &officer)
    })
    .await
}

/// Whether a document is taken out.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AsideRequest {
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
pub(super) async fn set_aside(
    State(app): State<App>,
    Path((id, place)): Path<(String, usize)>,
    Body(said): Body<AsideRequest>,
) -> Result<Json<TransactionView>, Error> {
    change(app, id, move |_, t| t.set_aside(place, said.aside)).await
}

/// Documents that are one holder's.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct JoinRequest {
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
pub(super) async fn join(
    State(app): State<App>,
    Path(id): Path<String>,
    Body(said): Body<JoinRequest>,
) -> Result<Json<TransactionView>, Error> {
    if said.documents.len() < 2 {
        return Err(Error::request("documents: two at least are joined"));
    }
    change(app, id, move |_, t| t.join(said.documents)).await
}

/// One image pair that is kept for a while.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HoldBody {
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
pub(super) async fn hold(
    State(app): State<App>,
    Path(id): Path<String>,
    Extension(identity): Extension<Identity>,
    Body(said): Body<HoldBody>,
) -> Result<Response, Error> {
    blocking(move || {
        let transaction = app.service.find(&id)?;
        let reasons = HoldReason::ALL.iter().copied();
        let request = HoldRequest {
            seat: said.seat,
            document: said.document,
            reason: code(reasons, HoldReason::code, "reason", &said.reason)?,
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
pub(super) async fn consent(
    State(app): State<App>,
    Path((id, proposal)): Path<(String, u32)>,
    Extension(identity): Extension<Identity>,
) -> Result<Response, Error> {
    blocking(move || {
        let transaction = app.service.find(&id)?;
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
pub(super) async fn close(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Settled>, Error> {
    let forget = app.remembered.clone();
    let closed = blocking({
        let id = id.clone();
        move || {
            let transaction = app.service.find(&id)?;
            app.service.close(&transaction)
        }
    })
    .await;
    forget.forget(&id);
    closed.map(Json)
}

/// Fetches what a closed transaction came to.
#[utoipa::path(
    get,
    path = "/v1/transactions/{id}/result",
    tag = "transactions",
    params(("id" = String, Path, description = "The transaction's id")),
    responses((status = 200, description = "What it came to", body = Settled)),
)]
pub(super) async fn result(
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
pub(super) async fn acknowledge(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    let mut desks = app.service.desks.values();
    match desks.any(|desk| desk.acknowledge(&id)) {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Error::gone("result")),
    }
}

/// Changes a transaction, and shows it.
async fn change(
    app: App,
    id: String,
    act: impl FnOnce(&App, &crate::transaction::Transaction) -> Result<(), Error> + Send + 'static,
) -> Result<Json<TransactionView>, Error> {
    blocking(move || {
        let transaction = app.service.find(&id)?;
        act(&app, &transaction)?;
        Ok(Json((*transaction.view()).clone()))
    })
    .await
}

fn subject(text: &str) -> Result<Subject, Error> {
    let wrong = || Error::request("subject: write seat-1-left, document-0 or vehicle");
    if text == "vehicle" {
        return Ok(Subject::Vehicle);
    }
    if let Some(seat) = text.strip_prefix("seat-") {
        let seat: Seat = seat.parse().map_err(Error::request)?;
        return seat_subject(seat).ok_or_else(wrong);
    }
    let place = text.strip_prefix("document-").ok_or_else(wrong)?;
    let place: usize = place.parse().map_err(|_| wrong())?;
    Ok(rowcall_custody::document_subject(place))
}

fn code<T: Copy>(
    all: impl Iterator<Item = T> + Clone,
    of: impl Fn(T) -> &'static str,
    key: &str,
    text: &str,
) -> Result<T, Error> {
    all.clone().find(|known| of(*known) == text).ok_or_else(|| {
        let known: Vec<&str> = all.map(&of).collect();
        Error::request(format_args!("{key}: one of {}", known.join(", ")))
    })
}
