//! The documentation that the server serves: the OpenAPI document and Swagger UI.

use std::sync::{Arc, OnceLock};

use actix_web::{
    HttpResponse,
    http::header::{self, ContentEncoding, ContentType},
    web,
};
use doorward_domain::mail::PublicUrl;
use utoipa_swagger_ui::Config;

use crate::{
    http::{error::ApiError, state::State},
    openapi,
};

/// Swagger UI runs scripts, but only from files of this server. It sets inline styles.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; \
     style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'";

/// The documentation only changes with the binary.
const CACHE_CONTROL: &str = "public, max-age=300";

/// The OpenAPI document of a server.
#[derive(Debug)]
pub(crate) struct Document {
    /// The path of the public URL.
    base: String,
    /// Created on first use, because that takes some milliseconds.
    json: OnceLock<Option<web::Bytes>>,
}

impl Document {
    pub(crate) fn new(public_url: &PublicUrl) -> Self {
        Self { base: public_url.path().to_owned(), json: OnceLock::new() }
    }

    fn json(&self) -> Result<web::Bytes, ApiError> {
        let json =
            self.json.get_or_init(|| openapi::json_below(&self.base).ok().map(web::Bytes::from));
        json.clone().ok_or_else(|| ApiError::internal("the OpenAPI document can't be created"))
    }
}

/// Returns the OpenAPI document.
pub(crate) async fn document(state: web::Data<State>) -> Result<HttpResponse, ApiError> {
    let document = enabled(&state)?.json()?;
    Ok(HttpResponse::Ok()
        .content_type(ContentType::json())
        .insert_header((header::CACHE_CONTROL, CACHE_CONTROL))
        .body(document))
}

/// Redirects to the page with a trailing slash, because its links are relative to a folder.
pub(crate) async fn redirect(state: web::Data<State>) -> Result<HttpResponse, ApiError> {
    enabled(&state)?;
    Ok(HttpResponse::PermanentRedirect().insert_header((header::LOCATION, "docs/")).finish())
}

/// Returns a file of Swagger UI.
pub(crate) async fn file(
    state: web::Data<State>,
    path: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    enabled(&state)?;
    let config = Config::from("../openapi.json").try_it_out_enabled(true).validator_url("none");
    let file = utoipa_swagger_ui::serve(&path, Arc::new(config));
    let file = file.map_err(|error| ApiError::internal(error.to_string()))?;
    let file = file.ok_or(ApiError::NotFound)?;
    let mut response = HttpResponse::Ok();
    if file.gzpipped {
        // Compressed in the binary, and always sent compressed, because all browsers accept it.
        response.insert_header((header::CONTENT_ENCODING, ContentEncoding::Gzip));
    }
    let mut kind = file.content_type;
    if kind.starts_with("text/") {
        kind += "; charset=utf-8";
    }
    Ok(response
        .content_type(kind)
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .insert_header((header::CACHE_CONTROL, CACHE_CONTROL))
        .body(file.bytes.into_owned()))
}

fn enabled(state: &State) -> Result<&Document, ApiError> {
    state.document.as_ref().ok_or(ApiError::NotFound)
}
