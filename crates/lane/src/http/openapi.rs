//! What the API is, generated from its types: OpenAPI 3.1, for everybody.

use axum::{Json, http::Method};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Components, ContentBuilder, HeaderBuilder, Ref, ResponseBuilder,
        path::{Operation, PathItem},
        schema::{ObjectBuilder, Type},
        security::{
            ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
        },
    },
};

use super::{
    access::{self, COOKIE, Who},
    api, events, pages, pictures,
    problem::{self, Problem},
    zones,
};
use crate::{ErrorKind, role::Role};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Rowcall lane",
        description = "Transactions of a border vehicle lane: a vehicle arrives, documents are presented, cameras look, officers decide, and everything biometric is destroyed as the transaction ends.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    paths(
        document,
        api::lanes::lanes,
        api::lanes::presence,
        api::lanes::arrival,
        api::frames::lane_frame,
        api::transactions::open,
        api::transactions::list,
        api::transactions::show,
        events::transaction,
        api::documents::document,
        api::frames::frame,
        api::transactions::declare,
        api::officers::opt_out,
        api::officers::recapture,
        api::officers::judge,
        api::officers::adjudicate,
        api::documents::set_aside,
        api::documents::join,
        api::holds::hold,
        api::holds::consent,
        api::transactions::close,
        api::transactions::result,
        api::transactions::acknowledge,
        pictures::seat,
        pictures::stranger,
        pictures::portrait,
        zones::begin,
        zones::end,
        zones::picture,
        zones::faces,
        zones::check,
        zones::write,
        pages::people::set_user,
        pages::people::remove_user,
        pages::people::add_token,
        pages::people::remove_token,
    ),
    components(schemas(Problem)),
    modifiers(&Schemes, &Table),
    tags(
        (name = "lanes", description = "Lanes, and what stands at them"),
        (name = "transactions", description = "Vehicles, from their arrival until nothing is left of them"),
        (name = "people", description = "Users and devices"),
        (name = "about", description = "This description"),
    ),
)]
struct Api;

/// The description, as it is served and committed (docs/openapi.json).
pub(crate) fn description() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

/// Describes the API.
#[utoipa::path(
    get,
    path = "/v1/openapi.json",
    tag = "about",
    responses((status = 200, description = "OpenAPI 3.1", body = Object, content_type = "application/json")),
)]
pub(super) async fn document() -> Json<utoipa::openapi::OpenApi> {
    Json(description())
}

/// How somebody says who they are.
struct Schemes;

impl Modify for Schemes {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let components = api.components.get_or_insert_with(Components::new);
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A device's token, which an administrator made"))
            .build();
        let session =
            ApiKeyValue::with_description(COOKIE, "The session of somebody who logged in");
        let csrf = ApiKeyValue::with_description(
            "x-csrf-token",
            "What only a page of the session knows: beside the cookie for whatever changes something",
        );
        for (name, scheme) in [
            ("token", SecurityScheme::Http(token)),
            ("session", SecurityScheme::ApiKey(ApiKey::Cookie(session))),
            ("csrf", SecurityScheme::ApiKey(ApiKey::Header(csrf))),
        ] {
            components.add_security_scheme(name, scheme);
        }
    }
}

/// What follows from the one table of access and the one of problems.
struct Table;

impl Modify for Table {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        for (path, item) in &mut api.paths.paths {
            for (method, operation) in operations(item) {
                // A route without a row is nobody's; a test compares the two.
                let who = access::of(&method, path).unwrap_or(Who::Roles(&[]));
                secure(operation, &method, who);
                add_problems(operation, path, who);
            }
        }
    }
}

/// A path's operations, by their method.
pub(crate) fn operations(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    let all = [
        (Method::GET, &mut item.get),
        (Method::POST, &mut item.post),
        (Method::DELETE, &mut item.delete),
        (Method::PUT, &mut item.put),
        (Method::PATCH, &mut item.patch),
    ];
    let all = all.into_iter();
    all.filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

fn secure(operation: &mut Operation, method: &Method, who: Who) {
    let roles = match who {
        Who::Anyone => {
            operation.security = Some(vec![SecurityRequirement::default()]);
            return;
        }
        Who::Known => &Role::ALL,
        Who::Roles(roles) => roles,
    };
    let none = Vec::<String>::new;
    let mut ways = Vec::new();
    if roles.contains(&Role::Device) {
        ways.push(SecurityRequirement::new("token", none()));
    }
    if roles.iter().any(|role| *role != Role::Device) {
        let session = SecurityRequirement::new("session", none());
        ways.push(match *method == Method::GET {
            true => session,
            false => session.add("csrf", none()),
        });
    }
    operation.security = Some(ways);
    let roles: Vec<&str> = roles.iter().map(|role| role.code()).collect();
    let said = operation.description.take().unwrap_or_default();
    operation.description = Some(
        format!("{said}\n\nFor: {}.", roles.join(", "))
            .trim()
            .to_owned(),
    );
}

/// Which problems an operation can end in.
fn add_problems(operation: &mut Operation, path: &str, who: Who) {
    let names_something = path.contains('{');
    let has_body = operation.request_body.is_some();
    for kind in problem::KINDS {
        let can = match kind {
            ErrorKind::Request => names_something || has_body,
            ErrorKind::Gone | ErrorKind::Conflict => names_something || has_body,
            ErrorKind::TooLarge => has_body,
            // The guard turns it away before any operation.
            ErrorKind::Method => false,
            // A wrong token is refused wherever it is sent.
            ErrorKind::Unknown | ErrorKind::Slow => true,
            ErrorKind::Busy
            | ErrorKind::Forbidden
            | ErrorKind::Operator
            | ErrorKind::Device
            | ErrorKind::Us => who != Who::Anyone,
        };
        if !can {
            continue;
        }
        let (status, title) = problem::summary(kind);
        let content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name("Problem")))
            .build();
        let mut response = ResponseBuilder::new()
            .description(title)
            .content("application/problem+json", content);
        if kind == ErrorKind::Busy {
            let seconds = ObjectBuilder::new().schema_type(Type::Integer).build();
            let header = HeaderBuilder::new()
                .schema(Some(seconds))
                .description(Some("After how many seconds it may go"))
                .build();
            response = response.header("Retry-After", header);
        }
        let responses = &mut operation.responses.responses;
        let entry = responses.entry(status.as_u16().to_string());
        entry.or_insert_with(|| response.build().into());
    }
}
