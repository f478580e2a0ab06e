//! Transactions over HTTP: what the inspection system, readers, cameras and the
//! console ask for.

use std::collections::BTreeSet;

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{Multipart, Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rowcall_audit::entry::{AdjudicationReason, Approval, HoldReason, Minutes, Subject};
use rowcall_custody::{HoldRequest, seat_subject};
use rowcall_document::NamedFile;
use rowcall_rollcall::{Lane, Seat};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{App, Body, blocking};
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
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenRequest {
    lane: String,
    direction: Option<Direction>,
    /// The sort of vehicle, where the lane knows more than one.
    layout: Option<String>,
    /// The caller's own name for it, of which only a commitment is kept.
    #[serde(default)]
    reference: String,
    occupants: Option<u8>,
    documents: Option<u8>,
}

/// A transaction that was opened.
#[derive(Serialize)]
struct OpenResponse {
    id: String,
    /// The entry of the audit log that opened it.
    entry: u64,
    /// The key of the commitment, in base 64: with it and the reference the caller
    /// can show which entries are its own. It is kept nowhere else.
    commitment_key: String,
    #[serde(flatten)]
    view: TransactionView,
}

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
    let key = super::remembered::key(&headers, &identity, "open")?;
    let remembered = app.remembered.clone();
    if let Some(before) = remembered.get(key.as_ref()) {
        return Ok(before);
    }
    let opened = blocking(move || {
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
        Ok(OpenResponse {
            id: begun.transaction.id.clone(),
            entry: begun.opening.transaction,
            commitment_key: STANDARD.encode(begun.opening.key),
            view: (*begun.transaction.view()).clone(),
        })
    })
    .await?;
    let id = opened.id.clone();
    let body = serde_json::to_vec(&opened).map_err(|e| Error::us(e.to_string()))?;
    Ok(remembered.keep(key, &id, StatusCode::CREATED, body))
}

pub(super) async fn list(State(app): State<App>) -> Json<Vec<TransactionView>> {
    let desks = app.service.desks.values();
    let all = desks.flat_map(|desk| desk.all());
    Json(all.map(|t| (*t.view()).clone()).collect())
}

pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<TransactionView>, Error> {
    Ok(Json((*app.service.find(&id)?.view()).clone()))
}

/// A lane as a caller sees it.
#[derive(Serialize)]
pub(super) struct LaneView {
    name: String,
    direction: Direction,
    layouts: Vec<LayoutView>,
    /// The transaction that the lane's own cameras look for.
    transaction: Option<String>,
}

/// A sort of vehicle, with its seats and the cameras that see them.
#[derive(Serialize)]
struct LayoutView {
    name: String,
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
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Presence {
    present: bool,
}

pub(super) async fn presence(
    State(app): State<App>,
    Path(lane): Path<String>,
    Body(presence): Body<Presence>,
) -> Result<Response, Error> {
    blocking(move || {
        let desk = app.service.desk(&lane)?;
        match (presence.present, desk.at_cameras()) {
            (true, Some(there)) => Ok(Json(&*there.view()).into_response()),
            (true, None) => {
                let begun = app.service.open(&lane, &Order::default())?;
                Ok((StatusCode::CREATED, Json(&*begun.transaction.view())).into_response())
            }
            (false, Some(there)) => Ok(Json(app.service.close(&there)?).into_response()),
            (false, None) => Ok(StatusCode::NO_CONTENT.into_response()),
        }
    })
    .await
}

#[derive(Deserialize)]
pub(super) struct FrameQuery {
    camera: String,
    /// When it was taken, seconds since 1970, where the camera's clock is right.
    taken: Option<f64>,
}

/// Whether a frame was wanted.
#[derive(Serialize)]
struct FrameResponse {
    wanted: bool,
}

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
            if let Some(own) = desk.camera(&query.camera) {
                own.push(&body)?;
            }
            Ok((StatusCode::ACCEPTED, Json(FrameResponse { wanted: false })).into_response())
        }
    }
}

/// A document's place.
#[derive(Serialize)]
struct DocumentResponse {
    place: usize,
}

/// A machine readable zone as text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MrzRequest {
    id: Option<String>,
    mrz: String,
}

/// A document: its files as multipart, or a machine readable zone as JSON. The
/// multipart field `id` is the caller's own name for it; every other field is a file
/// of the chip, a page or a seal, by its name.
pub(super) async fn document(
    State(app): State<App>,
    Path(id): Path<String>,
    request: axum::extract::Request,
) -> Result<Response, Error> {
    let transaction = app.service.find(&id)?;
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|k| k.to_str().ok()).unwrap_or("").to_owned();
    let (name, files) = if kind.starts_with("multipart/form-data") {
        use axum::extract::FromRequest as _;
        let form = Multipart::from_request(request, &()).await;
        files_of(form.map_err(|e| Error::request(e.body_text()))?).await?
    } else {
        use axum::extract::FromRequest as _;
        let Body(given) = Body::<MrzRequest>::from_request(request, &()).await?;
        let file = NamedFile {
            name: "mrz.txt".into(),
            bytes: given.mrz.into_bytes(),
        };
        (given.id, vec![file])
    };
    let place = blocking(move || app.service.add_document(&transaction, name, files)).await?;
    Ok((StatusCode::ACCEPTED, Json(DocumentResponse { place })).into_response())
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
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeclarationRequest {
    occupants: Option<u8>,
    documents: Option<u8>,
}

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
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OptOutRequest {
    seat: Option<Seat>,
    document: Option<usize>,
    #[serde(default)]
    vehicle: bool,
}

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
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecaptureRequest {
    seat: Seat,
}

pub(super) async fn recapture(
    State(app): State<App>,
    Path(id): Path<String>,
    Body(again): Body<RecaptureRequest>,
) -> Result<Json<TransactionView>, Error> {
    change(app, id, move |_, t| t.recapture(again.seat)).await
}

/// What an officer sees in two pictures.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JudgementRequest {
    seat: Seat,
    document: usize,
    judgement: Judgement,
}

pub(super) async fn judge(
    State(app): State<App>,
    Path(id): Path<String>,
    Body(said): Body<JudgementRequest>,
) -> Result<Json<TransactionView>, Error> {
    change(app, id, move |app, t| {
        let inclined = t.judge(said.seat, said.document, said.judgement)?;
        app.service.count_judgement(t, said.judgement, inclined)
    })
    .await
}

/// An officer's decision.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AdjudicationRequest {
    /// `seat-1-left`, `document-0` or `vehicle`.
    subject: String,
    /// The reason's code.
    reason: String,
}

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
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AsideRequest {
    aside: bool,
}

pub(super) async fn set_aside(
    State(app): State<App>,
    Path((id, place)): Path<(String, usize)>,
    Body(said): Body<AsideRequest>,
) -> Result<Json<TransactionView>, Error> {
    change(app, id, move |_, t| t.set_aside(place, said.aside)).await
}

/// Documents that are one holder's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JoinRequest {
    documents: BTreeSet<usize>,
}

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
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HoldBody {
    seat: Seat,
    document: u16,
    reason: String,
    minutes: u32,
}

/// A hold that was made, or that another officer has to consent to.
#[derive(Serialize)]
struct HoldResponse {
    hold: Option<u64>,
    proposal: Option<u32>,
}

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
