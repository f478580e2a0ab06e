//! A stream of JPEGs over HTTP/1.1, as most network cameras offer one: an answer of
//! the type `multipart/x-mixed-replace` that doesn't end.

mod delimiter;
mod head;
mod http;
mod leniency;
pub mod multipart;

use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::time::Instant;

use crate::{
    Error, ErrorKind,
    capture::{Picture, Shot},
    config::Address,
    stream::{About, Codec, Event, Opener, Pending, Stream},
};
use multipart::{Parser, Part};

/// A camera with an address `http://…`.
#[derive(Debug)]
pub struct Mjpeg {
    address: Address,
}

impl Mjpeg {
    /// Asks at `address`.
    pub fn new(address: Address) -> Self {
        Self { address }
    }
}

impl Opener for Mjpeg {
    fn open(&self) -> Pending<'_, Result<Box<dyn Stream>, Error>> {
        Box::pin(async {
            let answer = http::get(&self.address).await?;
            let parser = match http::kind(&answer.kind)? {
                http::Kind::Parts(boundary) => Parser::new(boundary.as_deref()),
                http::Kind::Undeclared => Parser::undeclared(),
            };
            Ok(Box::new(Open {
                parser,
                body: answer.body,
                server: answer.server,
                _connection: answer.connection,
                ended: false,
            }) as Box<dyn Stream>)
        })
    }
}

struct Open {
    parser: Parser,
    body: Incoming,
    server: Option<String>,
    /// Ends with the stream.
    _connection: http::Connection,
    ended: bool,
}

impl Open {
    async fn next_part(&mut self) -> Result<(Part, Instant), Error> {
        loop {
            if let Some(part) = self.parser.part() {
                return Ok((part, Instant::now()));
            }
            if self.ended || self.parser.is_over() {
                return Err(Error::new(ErrorKind::Ended, "the camera ended the stream"));
            }
            match self.body.frame().await {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        self.parser.push(&data);
                    }
                }
                Some(Err(e)) => return Err(http::broken(e)),
                None => {
                    self.ended = true;
                    if let Some(part) = self.parser.finish() {
                        return Ok((part, Instant::now()));
                    }
                }
            }
        }
    }
}

impl Stream for Open {
    fn next(&mut self) -> Pending<'_, Result<Event, Error>> {
        Box::pin(async {
            let (part, arrived) = self.next_part().await?;
            Ok(match part {
                Part::Jpeg { file, taken } => Event::Shot(Shot {
                    bytes: file.len(),
                    picture: Picture::Encoded(file),
                    arrived,
                    taken,
                }),
                Part::Unusable(why) => Event::Damaged(why),
            })
        })
    }

    fn about(&self) -> About {
        About {
            codec: Some(Codec::Jpeg),
            tolerated: self.parser.tolerated().map(|l| l.to_string()).collect(),
            server: self.server.clone(),
        }
    }
}
