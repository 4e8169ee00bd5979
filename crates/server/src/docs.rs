//! The documentation that the server brings along: the OpenAPI document, and Swagger UI to try it.

use std::sync::Arc;

use actix_web::{
    HttpResponse,
    http::header::{self, ContentType},
    web,
};
use utoipa_swagger_ui::Config;

use crate::{error::ApiError, openapi};

/// Swagger UI is scripted, by files of this server alone. It sets styles on elements.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Both change with the binary only.
const CACHE_CONTROL: &str = "public, max-age=300";

/// The OpenAPI document.
pub(crate) async fn openapi() -> Result<HttpResponse, ApiError> {
    let document = openapi::json().map_err(ApiError::internal)?;
    Ok(HttpResponse::Ok()
        .content_type(ContentType::json())
        .insert_header((header::CACHE_CONTROL, CACHE_CONTROL))
        .body(document))
}

/// The links of the page are relative to a folder.
pub(crate) async fn redirect() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, "docs/")).finish()
}

/// A file of Swagger UI.
pub(crate) async fn file(path: web::Path<String>) -> Result<HttpResponse, ApiError> {
    let config = Config::from("../openapi.json").try_it_out_enabled(true).validator_url("none");
    let file = utoipa_swagger_ui::serve(&path, Arc::new(config));
    // The error has no type of a source.
    let file = file.map_err(|error| ApiError::internal(error.to_string()))?;
    let file = file.ok_or(ApiError::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type(file.content_type)
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .insert_header((header::CACHE_CONTROL, CACHE_CONTROL))
        .body(file.bytes.into_owned()))
}
