//! What the administrator's page asks: users and tokens.

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::App;
use crate::{
    Error,
    http::{Body, blocking},
    people::Identity,
    role::Role,
};

/// Somebody who may log in from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct UserRequest {
    /// Small letters, digits, dots, - and _.
    #[schema(pattern = "^[a-z0-9._-]{1,64}$")]
    name: String,
    role: Role,
    password: String,
}

/// Adds somebody, or changes their role or password.
///
/// The password is a one-time one: it is changed at the first log-in.
#[utoipa::path(
    post,
    path = "/v1/users",
    tag = "people",
    request_body(content = UserRequest, example = json!({"name": "b.quist", "role": "officer", "password": "nine slow yellow trams"})),
    responses((status = 201, description = "They may log in")),
)]
pub(in crate::http) async fn set_user(
    State(app): State<App>,
    Body(user): Body<UserRequest>,
) -> Result<StatusCode, Error> {
    blocking(move || {
        let people = &app.service.people;
        people.set_user(&user.name, user.role, &user.password, true)
    })
    .await?;
    Ok(StatusCode::CREATED)
}

/// Takes somebody out, and ends their sessions.
#[utoipa::path(
    delete,
    path = "/v1/users/{name}",
    tag = "people",
    params(("name" = String, Path, description = "Their name")),
    responses((status = 204, description = "They are out")),
)]
pub(in crate::http) async fn remove_user(
    State(app): State<App>,
    Path(name): Path<String>,
    Extension(identity): Extension<Identity>,
) -> Result<StatusCode, Error> {
    if name == identity.name {
        return Err(Error::conflict(
            "nobody takes themselves out: another administrator does",
        ));
    }
    match blocking(move || app.service.people.remove_user(&name)).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Error::gone("user")),
    }
}

/// A device that may ask from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct TokenRequest {
    /// What it is, for the administrator.
    #[schema(min_length = 1, max_length = 64)]
    label: String,
    /// For how long.
    #[schema(minimum = 1, maximum = 366)]
    days: u16,
}

/// A token, shown once.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TokenResponse {
    /// What it is taken back by.
    id: String,
    /// What the device sends.
    token: String,
}

/// Makes a device's token, which is shown once.
#[utoipa::path(
    post,
    path = "/v1/tokens",
    tag = "people",
    request_body(content = TokenRequest, example = json!({"label": "reader-1", "days": 90})),
    responses((status = 201, description = "The token", body = TokenResponse)),
)]
pub(in crate::http) async fn add_token(
    State(app): State<App>,
    Body(asked): Body<TokenRequest>,
) -> Result<(StatusCode, Json<TokenResponse>), Error> {
    if !(1..=366).contains(&asked.days) {
        return Err(Error::request("days: between 1 and 366"));
    }
    let token = blocking(move || {
        let now = app.service.clock.read().wall / 60;
        let until = now + i64::from(asked.days) * 24 * 60;
        app.service.people.add_token(&asked.label, until)
    })
    .await?;
    let token = TokenResponse {
        id: token.id,
        token: token.secret.to_string(),
    };
    Ok((StatusCode::CREATED, Json(token)))
}

/// Takes a device's token back.
#[utoipa::path(
    delete,
    path = "/v1/tokens/{id}",
    tag = "people",
    params(("id" = String, Path, description = "The token's id")),
    responses((status = 204, description = "It is worth nothing any more")),
)]
pub(in crate::http) async fn remove_token(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    match blocking(move || app.service.store.remove_token(&id)).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Error::gone("token")),
    }
}
