//! Log-in with the operator's own accounts, by OpenID Connect: code flow with PKCE, state
//! bound to the browser, nonce bound to the token. The lane's own accounts stay for when
//! the provider can't be reached.

mod claims;
mod fetch;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
    time::Duration,
};

use openidconnect::{
    AccessTokenHash, AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields, IssuerUrl,
    Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    StandardErrorResponse, StandardTokenResponse, TokenResponse as _,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata,
        CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse,
        CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{Error, ErrorKind, config::OpenIdConfig, random_id::random_id, role::Role};
use claims::Claims;
use fetch::Fetch;

/// Whoever hasn't come back from the provider after so long begins anew.
const LONGEST: Duration = Duration::from_secs(10 * 60);
/// Log-ins that are under way; beyond that the oldest is forgotten.
const MOST: usize = 1024;
/// How often what the provider says of itself, with its keys, is asked anew.
const ANEW: Duration = Duration::from_secs(3600);
/// After how long a provider that didn't answer is asked again, first and at most.
const AGAIN: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(300));
/// Where the provider sends browsers back to.
pub(crate) const BACK: &str = "/login/openid/return";

type Fields = IdTokenFields<
    Claims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Tokens = StandardTokenResponse<Fields, CoreTokenType>;
type Client = openidconnect::Client<
    Claims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A provider of accounts, as far as it is known.
pub(crate) struct OpenId {
    config: OpenIdConfig,
    issuer: IssuerUrl,
    secret: Option<ClientSecret>,
    back: RedirectUrl,
    fetch: Fetch,
    known: RwLock<Option<Arc<CoreProviderMetadata>>>,
    under_way: Mutex<HashMap<String, UnderWay>>,
}

/// A log-in that went to the provider.
struct UnderWay {
    nonce: Nonce,
    verifier: PkceCodeVerifier,
    begun: Duration,
}

/// A log-in that begins.
pub(crate) struct Begun {
    /// Where the browser goes.
    pub(crate) to: String,
    /// What the browser keeps, to be known by when it comes back.
    pub(crate) secret: Zeroizing<String>,
}

/// Who the provider says that somebody is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) role: Role,
}

impl OpenId {
    /// What is configured, checked; nothing is asked yet. `address` is where browsers
    /// reach the lane.
    ///
    /// # Errors
    /// What is wrong with which key or file.
    pub(crate) fn new(config: &OpenIdConfig, address: Option<&str>) -> Result<Self, Error> {
        let wrong = |key: &str, why: &dyn std::fmt::Display| {
            Error::operator(format_args!("service.openid.{key}: {why}"))
        };
        let address = address.ok_or_else(|| {
            Error::operator("service.address: it is left out, and service.openid needs to know where browsers come back to")
        })?;
        let back = format!("{}{BACK}", address.trim_end_matches('/'));
        let issuer = IssuerUrl::new(config.issuer.clone()).map_err(|e| wrong("issuer", &e))?;
        let is_near = matches!(
            issuer.url().host_str(),
            Some("localhost" | "127.0.0.1" | "[::1]")
        );
        if issuer.url().scheme() != "https" && !is_near {
            return Err(wrong(
                "issuer",
                &"it isn't https, and whoever listens could log in",
            ));
        }
        if config.roles.is_empty() {
            return Err(wrong("roles", &"there is none, and nobody could log in"));
        }
        if config.roles.values().any(|role| *role == Role::Device) {
            return Err(wrong("roles", &"a device has a token, no account"));
        }
        let secret = config.secret.as_ref().map(|path| -> Result<_, Error> {
            let text = std::fs::read_to_string(path);
            let text =
                text.map_err(|e| wrong("secret", &format_args!("{}: {e}", path.display())))?;
            Ok(ClientSecret::new(text.trim_end().to_owned()))
        });
        Ok(Self {
            back: RedirectUrl::new(back).map_err(|e| wrong("issuer", &e))?,
            fetch: Fetch::new(config.authorities.as_deref())?,
            secret: secret.transpose()?,
            config: config.clone(),
            issuer,
            known: RwLock::default(),
            under_way: Mutex::default(),
        })
    }

    /// Keeps what the provider says of itself up to date, for ever.
    pub(crate) async fn keep_known(self: Arc<Self>) {
        let mut again = AGAIN.0;
        loop {
            let wait = match self.ask().await {
                Ok(()) => {
                    again = AGAIN.0;
                    ANEW
                }
                Err(error) => {
                    tracing::warn!(%error, seconds = again.as_secs(), "asked again");
                    let wait = again;
                    again = (2 * again).min(AGAIN.1);
                    wait
                }
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// Begins a log-in, at `now` since boot.
    ///
    /// # Errors
    /// If the provider couldn't be asked yet.
    pub(crate) fn begin(&self, now: Duration) -> Result<Begun, Error> {
        let client = self.client()?;
        let secret = Zeroizing::new(format!("{}{}", random_id(), random_id()));
        let state = state(&secret);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let sent = CsrfToken::new(state.clone());
        let request = client.authorize_url(
            AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
            move || sent,
            Nonce::new_random,
        );
        let scopes = self.config.scopes.iter().cloned().map(Scope::new);
        let request = request.add_scopes(scopes).set_pkce_challenge(challenge);
        let (to, _, nonce) = request.url();
        let mut under_way = self.lock();
        under_way.retain(|_, other| now.saturating_sub(other.begun) < LONGEST);
        if under_way.len() >= MOST
            && let Some(oldest) = under_way.iter().min_by_key(|(_, other)| other.begun)
        {
            let oldest = oldest.0.clone();
            under_way.remove(&oldest);
        }
        let new = UnderWay {
            nonce,
            verifier,
            begun: now,
        };
        under_way.insert(state, new);
        Ok(Begun {
            to: to.to_string(),
            secret,
        })
    }

    /// Finishes a log-in: who it is that came back with `code` and `given`, the state,
    /// holding the `secret` of when it began.
    ///
    /// # Errors
    /// If it never began in this browser, took too long, or the provider's word doesn't
    /// hold; or it gives no role of this lane, or more than one.
    pub(crate) async fn finish(
        &self,
        code: String,
        given: &str,
        secret: &str,
        now: Duration,
    ) -> Result<Person, Error> {
        let stale = || refused("the log-in wasn't begun in this browser, or too long ago");
        if state(secret) != given {
            return Err(stale());
        }
        let began = self.lock().remove(given).ok_or_else(stale)?;
        if now.saturating_sub(began.begun) >= LONGEST {
            return Err(stale());
        }
        let client = self.client()?;
        let request = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|e| failed(&e))?
            .set_pkce_verifier(began.verifier);
        let tokens = request.request_async(&self.fetch).await;
        let tokens = tokens.map_err(|e| failed(&e))?;
        let token = tokens
            .id_token()
            .ok_or_else(|| refused("the provider gave no ID token"))?;
        // A key that the provider began to use since it was asked last.
        let is_right = token
            .claims(&client.id_token_verifier(), &began.nonce)
            .is_ok();
        let client = match is_right {
            true => client,
            false => {
                self.ask().await?;
                self.client()?
            }
        };
        let verifier = client.id_token_verifier();
        let claims = token
            .claims(&verifier, &began.nonce)
            .map_err(|e| refused(e.to_string()))?;
        if let Some(expected) = claims.access_token_hash() {
            let method = token.signing_alg().map_err(|e| refused(e.to_string()))?;
            let key = token
                .signing_key(&verifier)
                .map_err(|e| refused(e.to_string()))?;
            let actual = AccessTokenHash::from_token(tokens.access_token(), method, key);
            if actual.map_err(|e| refused(e.to_string()))? != *expected {
                return Err(refused("the access token isn't that of the ID token"));
            }
        }
        let mut said = claims::of_token(claims);
        if let Ok(request) = client.user_info(
            tokens.access_token().clone(),
            Some(claims.subject().clone()),
        ) && !said.has(&self.config)
        {
            let more: openidconnect::UserInfoClaims<Claims, CoreGenderClaim> = request
                .request_async(&self.fetch)
                .await
                .map_err(|e| failed(&e))?;
            said.add(claims::of_user_info(&more));
        }
        said.person(&self.config)
    }

    /// Asks what the provider says of itself.
    pub(crate) async fn ask(&self) -> Result<(), Error> {
        let asked = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.fetch).await;
        let known = asked.map_err(|e| failed(&e))?;
        let mut before = self.known.write().unwrap_or_else(PoisonError::into_inner);
        *before = Some(Arc::new(known));
        Ok(())
    }

    fn client(&self) -> Result<Client, Error> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let known = known.clone().ok_or_else(|| {
            Error::device("the provider of accounts hasn't answered yet: log in with an account of the lane's own")
        })?;
        let id = ClientId::new(self.config.client.clone());
        let client = Client::from_provider_metadata((*known).clone(), id, self.secret.clone());
        Ok(client.set_redirect_uri(self.back.clone()))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, UnderWay>> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// What goes to the provider and comes back: only who has the secret can have sent it.
fn state(secret: &str) -> String {
    base16ct::lower::encode_string(&Sha256::digest(secret.as_bytes()))
}

fn refused(why: impl std::fmt::Display) -> Error {
    Error::new(
        ErrorKind::Forbidden,
        format_args!("the log-in with the provider of accounts failed: {why}"),
    )
}

/// The provider didn't answer, or not as it has to; with every cause.
fn failed(error: &dyn std::error::Error) -> Error {
    let mut said = format!("the provider of accounts: {error}");
    let mut cause = error.source();
    while let Some(more) = cause {
        said += &format!(": {more}");
        cause = more.source();
    }
    Error::device(said)
}
