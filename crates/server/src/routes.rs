//! Every endpoint of the API: its method and path, who may call it, and how often.

use actix_web::{Route, guard, http::Method, web};
use doorward_domain::ports::Limit;

use crate::{
    api::{
        v1::{account, config, events, invites, orgs, password, sessions, sign_in},
        well_known,
    },
    http::{
        access::{Access, Policy},
        describe::{Operation, Signature, signature},
        error::ApiError,
    },
    observability::{health, metrics::Pattern},
    openapi::docs,
};

/// An endpoint of the API.
#[derive(Debug)]
pub struct Endpoint {
    /// The method.
    pub method: Method,
    /// The path.
    pub path: &'static str,
    /// Who may call it. The handler's argument (`Public` or `Authenticated`) enforces this; a test checks
    /// that both agree.
    pub access: Access,
    /// The rate limit for each IP address.
    pub limit: Limit,
    /// The documentation of the endpoint.
    pub(crate) operation: &'static Operation,
    /// Returns the input and the response of its handler.
    pub(crate) signature: fn() -> Signature,
    route: fn() -> Route,
}

use Access::{Anybody, Bearer};

macro_rules! endpoints {
    ($($method:ident $path:literal, $access:ident, $limit:ident => $($module:ident)::+;)+) => {
        /// All endpoints of the v1 API. Each is a module with a `handle` and an `OPERATION`.
        pub const ENDPOINTS: &[Endpoint] = &[$(
            Endpoint {
                method: Method::$method,
                path: $path,
                access: $access,
                limit: Limit::$limit,
                operation: &$($module)::+::OPERATION,
                signature: || signature($($module)::+::handle),
                route: || web::method(Method::$method).to($($module)::+::handle),
            },
        )+];
    };
}

endpoints! {
    GET "/v1/auth/config", Anybody, Other => config;
    GET "/v1/auth/invite-info", Anybody, Other => invites::info;
    POST "/v1/auth/register", Anybody, Register => account::register;
    POST "/v1/auth/login", Anybody, Login => sign_in::password;
    POST "/v1/auth/refresh", Anybody, Refresh => sessions::refresh;
    POST "/v1/auth/logout", Bearer, Other => sessions::logout;
    POST "/v1/auth/switch-org", Bearer, Other => sessions::switch_org;
    POST "/v1/auth/verify-email", Anybody, Other => account::verify_email;
    POST "/v1/auth/resend-verification", Anybody, Mail => account::resend_verification;
    POST "/v1/auth/forgot-password", Anybody, Mail => password::forgot;
    POST "/v1/auth/reset-password", Anybody, Other => password::reset;
    GET "/v1/auth/me", Bearer, Other => account::me;
    GET "/v1/auth/me/profile", Bearer, Other => account::profile;
    PUT "/v1/auth/me/profile", Bearer, Other => account::update_profile;
    PUT "/v1/auth/me/email", Bearer, Mail => account::change_email;
    PUT "/v1/auth/me/password", Bearer, Other => password::change;
    GET "/v1/auth/sessions", Bearer, Other => sessions::list;
    DELETE "/v1/auth/sessions", Bearer, Other => sessions::end_others;
    DELETE "/v1/auth/sessions/{session_id}", Bearer, Other => sessions::end;
    GET "/v1/auth/events", Bearer, Other => events::list;
    GET "/v1/orgs", Bearer, Other => orgs::list;
    POST "/v1/orgs", Bearer, Other => orgs::create;
    GET "/v1/orgs/{org_id}", Bearer, Other => orgs::get;
    PATCH "/v1/orgs/{org_id}", Bearer, Other => orgs::update;
    DELETE "/v1/orgs/{org_id}", Bearer, Other => orgs::delete;
    GET "/v1/orgs/{org_id}/members", Bearer, Other => orgs::list_members;
    PATCH "/v1/orgs/{org_id}/members/{user_id}", Bearer, Other => orgs::update_member;
    DELETE "/v1/orgs/{org_id}/members/{user_id}", Bearer, Other => orgs::remove_member;
    GET "/v1/orgs/{org_id}/invites", Bearer, Other => invites::list;
    POST "/v1/orgs/{org_id}/invites", Bearer, Mail => invites::create;
    DELETE "/v1/orgs/{org_id}/invites/{invite_id}", Bearer, Other => invites::revoke;
    POST "/v1/orgs/{org_id}/invites/{invite_id}/resend", Bearer, Mail => invites::resend;
    POST "/v1/auth/accept-invite", Bearer, Other => invites::accept;
}

/// Registers every endpoint, and the error responses for unknown paths and methods.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    let mut paths: Vec<&'static str> = ENDPOINTS.iter().map(|endpoint| endpoint.path).collect();
    paths.dedup();
    for path in paths {
        let own: Vec<&Endpoint> = ENDPOINTS.iter().filter(|it| it.path == path).collect();
        let policy = Policy::new(own.iter().map(|it| (it.method.clone(), it.limit)));
        let methods = policy.methods();
        let mut resource =
            web::resource(path).app_data(web::Data::new(policy)).app_data(Pattern(path));
        for endpoint in own {
            resource = resource.route((endpoint.route)());
        }
        config.service(resource.default_service(not_allowed(methods)));
    }
    // Some load balancers probe with HEAD.
    let look = || web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
    for (path, route) in [
        ("/.well-known/jwks.json", look().to(well_known::jwks)),
        ("/healthz", look().to(health::healthz)),
        ("/readyz", look().to(health::readyz)),
        ("/openapi.json", look().to(docs::document)),
        ("/docs", look().to(docs::redirect)),
        ("/docs/{file:.*}", look().to(docs::file)),
    ] {
        let resource = web::resource(path).app_data(Pattern(path)).route(route);
        config.service(resource.default_service(not_allowed("GET, HEAD".to_owned())));
    }
    config.default_service(web::to(|| async { Err::<(), _>(ApiError::NotFound) }));
}

/// Returns a route that rejects every method, with `allow` as the `Allow` header.
pub(crate) fn not_allowed(allow: String) -> Route {
    web::to(move || {
        let allow = allow.clone();
        async move { Err::<(), _>(ApiError::MethodNotAllowed { allow }) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handler_access_matches_the_route_table() {
        for endpoint in ENDPOINTS {
            assert_eq!((endpoint.signature)().access, endpoint.access, "{}", endpoint.path);
        }
    }
}
