//! Files that pages load.

use actix_web::{HttpResponse, http::header, web};

use super::visit::pages;
use crate::http::{error::ApiError, state::State};

/// `Cache-Control` of assets: one year, immutable, because the content behind an asset's URL never changes.
const CACHE: &str = "public, max-age=31536000, immutable";

/// One day, because an operator may change the icon.
const ICON_CACHE: &str = "public, max-age=86400";

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

/// Returns the current icon at the path that browsers load by default.
pub(super) async fn icon(state: web::Data<State>) -> Result<HttpResponse, ApiError> {
    let pages = pages(&state)?;
    let icon = pages.theme.icon();
    Ok(HttpResponse::Ok()
        .content_type(icon.content_type)
        .insert_header((header::CACHE_CONTROL, ICON_CACHE))
        .body(icon.content.clone()))
}
