//! One request to a camera: RFC 9112, and RFC 7616 or 7617 if it wants a log-in.

use http_auth::{PasswordClient, PasswordClientBuilder, PasswordParams};
use http_body_util::Empty;
use hyper::{
    Request, Response, StatusCode, Version,
    body::{Bytes, Incoming},
    client::conn::http1,
    header::{self, HeaderMap, HeaderValue},
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::{
    Error, ErrorKind,
    caps::{MAX_HEAD_BYTES, MAX_HEAD_FIELDS},
    config::{Address, Login},
    error::one_line,
};

/// What a camera answered.
pub(super) struct Answer {
    /// The media type with its parameters.
    pub(super) kind: String,
    pub(super) server: Option<String>,
    pub(super) body: Incoming,
    pub(super) connection: Connection,
}

/// The task that works a connection; it ends with this.
pub(super) struct Connection(tokio::task::JoinHandle<()>);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Asks, and asks again with user and password if the camera wants them.
pub(super) async fn get(address: &Address) -> Result<Answer, Error> {
    let (mut response, mut connection) = ask(address, None).await?;
    if response.status() == StatusCode::UNAUTHORIZED {
        let login = address.login().ok_or_else(|| {
            refused("it wants a user and a password, and none are configured".into())
        })?;
        let authorization = authorization(response.headers(), login, address)?;
        (response, connection) = ask(address, Some(authorization)).await?;
    }
    check(response.status(), response.headers())?;
    let text = |name| {
        let value: Option<&HeaderValue> = response.headers().get(name);
        value.map(|v| one_line(&String::from_utf8_lossy(v.as_bytes())))
    };
    Ok(Answer {
        kind: text(header::CONTENT_TYPE).unwrap_or_default(),
        server: text(header::SERVER),
        body: response.into_body(),
        connection,
    })
}

/// What a media type says of a body.
pub(super) enum Kind {
    /// Parts, with this boundary between them if it is named.
    Parts(Option<String>),
    /// Nothing: the body has to tell itself.
    Undeclared,
}

/// What a media type says; an error if it is one that no stream of JPEGs has.
pub(super) fn kind(kind: &str) -> Result<Kind, Error> {
    let (name, parameters) = kind.split_once(';').unwrap_or((kind, ""));
    let name = name.trim().to_ascii_lowercase();
    let wrong = |what: &str| {
        Err(Error::new(
            ErrorKind::Unsupported,
            format_args!("it answers with {what}, not with a stream of JPEGs: is the path right?"),
        ))
    };
    match name.as_str() {
        "" | "application/octet-stream" => return Ok(Kind::Undeclared),
        "image/jpeg" | "image/jpg" => return wrong("a single picture"),
        "text/html" => return wrong("a page"),
        name if name.starts_with("multipart/") => {}
        other => return wrong(other),
    }
    let mut rest = parameters;
    while let Some((key, value)) = rest.split_once('=') {
        let key = key.trim().trim_start_matches(';').trim();
        let value = value.trim_start();
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => value.split_once(';').unwrap_or((value, "")),
        };
        if key.eq_ignore_ascii_case("boundary") {
            let value = value.trim();
            let value = (!value.is_empty()).then(|| value.to_owned());
            return Ok(Kind::Parts(value));
        }
        rest = after;
    }
    Ok(Kind::Parts(None))
}

/// An error while a body is read.
pub(super) fn broken(error: hyper::Error) -> Error {
    let kind = match error.is_parse() {
        true => ErrorKind::Protocol,
        false => ErrorKind::Ended,
    };
    Error::new(kind, "the connection broke off").because(error)
}

async fn ask(
    address: &Address,
    authorization: Option<HeaderValue>,
) -> Result<(Response<Incoming>, Connection), Error> {
    let url = address.url();
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(80);
    // An IPv6 address stands in brackets in a URL, and without them here.
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let unreachable = |e| {
        let what = format_args!("nobody answers at {address}");
        Error::new(ErrorKind::Unreachable, what).because(e)
    };
    let socket = TcpStream::connect((name, port))
        .await
        .map_err(unreachable)?;
    let _ = socket.set_nodelay(true);
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEAD_FIELDS)
        .allow_obsolete_multiline_headers_in_responses(true)
        .allow_spaces_after_header_name_in_responses(true)
        .ignore_invalid_headers_in_responses(true)
        .handshake(TokioIo::new(socket))
        .await
        .map_err(foreign)?;
    let connection = Connection(tokio::spawn(async move {
        // What breaks the connection breaks the body, too, and is told there.
        let _ = connection.await;
    }));
    let authority = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    let mut request = Request::get(target(address))
        .version(Version::HTTP_11)
        .header(header::HOST, authority)
        .header(
            header::USER_AGENT,
            concat!("rowcall/", env!("CARGO_PKG_VERSION")),
        )
        .header(header::ACCEPT, "multipart/x-mixed-replace, image/jpeg")
        .header(header::CONNECTION, "close");
    if let Some(value) = authorization {
        request = request.header(header::AUTHORIZATION, value);
    }
    let request = request.body(Empty::<Bytes>::new()).map_err(|e| {
        let what = format_args!("no request can be made for {address}");
        Error::new(ErrorKind::Configuration, what).because(e)
    })?;
    let response = sender.send_request(request).await.map_err(foreign)?;
    Ok((response, connection))
}

fn target(address: &Address) -> String {
    let url = address.url();
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

fn authorization(
    headers: &HeaderMap,
    login: &Login,
    address: &Address,
) -> Result<HeaderValue, Error> {
    let unknown = || {
        Error::new(
            ErrorKind::Unsupported,
            "it wants a log-in that is neither digest nor basic",
        )
    };
    let challenges = headers.get_all(header::WWW_AUTHENTICATE).iter();
    let known = challenges.filter_map(|value| value.to_str().ok());
    let add = |all: PasswordClientBuilder, one| all.challenges(&canonical(one));
    // A digest is taken before a password that whoever listens can read.
    let client = known.fold(PasswordClient::builder(), add).build();
    let mut client = client.map_err(|_| unknown())?;
    let value = client
        .respond(&PasswordParams {
            username: login.user(),
            password: login.password(),
            uri: &target(address),
            method: "GET",
            body: Some(&[]),
        })
        .map_err(|_| unknown())?;
    let mut value = HeaderValue::try_from(value).map_err(|_| unknown())?;
    value.set_sensitive(true);
    Ok(value)
}

/// With the algorithm's name as RFC 7616 writes it: servers write `md5`.
fn canonical(challenge: &str) -> String {
    const KEY: &str = "algorithm=";
    const NAMES: [&str; 4] = ["MD5-sess", "MD5", "SHA-256-sess", "SHA-256"];
    // Lower case has the same length, in ASCII.
    let lower = challenge.to_ascii_lowercase();
    let Some(at) = lower.find(KEY).map(|at| at + KEY.len()) else {
        return challenge.to_owned();
    };
    let is_it = |name: &&&str| {
        lower[at..]
            .trim_start_matches('"')
            .starts_with(&name.to_ascii_lowercase())
    };
    match NAMES.iter().find(is_it) {
        Some(name) => {
            let quotes = usize::from(lower[at..].starts_with('"'));
            let after = at + quotes + name.len();
            let rest = &challenge[after..];
            let rest = if quotes > 0 {
                rest.trim_start_matches('"')
            } else {
                rest
            };
            format!("{}{name}{rest}", &challenge[..at])
        }
        None => challenge.to_owned(),
    }
}

fn check(status: StatusCode, headers: &HeaderMap) -> Result<(), Error> {
    let code = status.as_u16();
    match code {
        200..=299 => Ok(()),
        401 => Err(refused("it refuses the user or the password (401)".into())),
        403 => Err(refused("it doesn't allow this to the user (403)".into())),
        404 | 410 => Err(refused(format!("it has nothing at this path ({code})"))),
        300..=399 => {
            let to = headers.get(header::LOCATION);
            let host = to.and_then(|to| url::Url::parse(to.to_str().ok()?).ok());
            let host = host
                .as_ref()
                .and_then(url::Url::host_str)
                .unwrap_or("another path");
            Err(refused(format!(
                "it sends on to {host} ({code}): configure that address"
            )))
        }
        400..=499 => Err(refused(format!("it refuses the request ({code})"))),
        _ => Err(Error::new(
            ErrorKind::Protocol,
            format_args!("it fails ({code}); if it has many viewers, that may be one too many"),
        )),
    }
}

fn refused(why: String) -> Error {
    Error::new(ErrorKind::Refused, why)
}

fn foreign(error: hyper::Error) -> Error {
    let what = match error.is_parse_too_large() {
        true => "its answer's header fields are more than are read",
        false if error.is_parse() => "it doesn't answer in HTTP/1.1",
        false => "it closed the connection without an answer",
    };
    Error::new(ErrorKind::Protocol, what).because(error)
}
