//! The files that pages load.

use actix_web::{HttpResponse, http::header, web};

use super::visit::pages;
use crate::{error::ApiError, state::State};

/// A name stands for one content, for good.
const CACHE: &str = "public, max-age=31536000, immutable";

pub(super) async fn show(
    state: web::Data<State>,
    name: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let pages = pages(&state)?;
    let asset = pages.theme.asset(&name).ok_or(ApiError::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type(asset.content_type)
        .insert_header((header::CACHE_CONTROL, CACHE))
        .body(asset.content.clone()))
}
