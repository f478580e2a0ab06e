//! What is asked of the provider, with limits on what it answers.

use std::{path::Path, pin::Pin, time::Duration};

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::{Certificate, redirect::Policy};

use crate::Error;

/// Nothing that a provider says is larger.
const MOST: usize = 1 << 20;
/// Nor does it take longer to.
const LONGEST: Duration = Duration::from_secs(10);

/// A client of the provider alone.
pub(super) struct Fetch(reqwest::Client);

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failed {
    #[error("it can't be asked")]
    Http(#[from] reqwest::Error),
    #[error("it says more than 1 MiB")]
    TooLarge,
    #[error("what it says is no answer")]
    Answer(#[from] openidconnect::http::Error),
}

impl Fetch {
    /// Trusts the system's authorities, or those of a file alone.
    ///
    /// # Errors
    /// If the file can't be read, or holds no certificate.
    pub(super) fn new(authorities: Option<&Path>) -> Result<Self, Error> {
        // An answer that points elsewhere isn't followed: it could point anywhere.
        let mut builder = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(LONGEST);
        if let Some(path) = authorities {
            let wrong = |why: &dyn std::fmt::Display| {
                let path = path.display();
                Error::operator(format_args!("service.openid.authorities: {path}: {why}"))
            };
            let text = std::fs::read(path).map_err(|e| wrong(&e))?;
            let found = Certificate::from_pem_bundle(&text).map_err(|e| wrong(&e))?;
            if found.is_empty() {
                return Err(wrong(&"it holds no certificate in PEM"));
            }
            builder = builder.tls_built_in_root_certs(false);
            for certificate in found {
                builder = builder.add_root_certificate(certificate);
            }
        }
        let client = builder.build();
        Ok(Self(client.map_err(|e| {
            Error::operator(format_args!("service.openid: {e}"))
        })?))
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, Failed> {
        let mut answer = self.0.execute(request.try_into()?).await?;
        let mut response = openidconnect::http::Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            response = response.header(name, value);
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if body.len() + chunk.len() > MOST {
                return Err(Failed::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(response.body(body)?)
    }
}

impl<'c> AsyncHttpClient<'c> for Fetch {
    type Error = Failed;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Failed>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}
