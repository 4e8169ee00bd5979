//! `PUT /v1/auth/me/profile`: changes what one says of oneself, as far as it is mentioned.

use actix_web::web::Json;
use doorward_application::profile::{UpdateProfileCommand, UpdateProfileError};
use doorward_domain::{
    json_object::JsonObject,
    profile::{AvatarUrl, Bio, Change, FullName, Locale, ProfileChange, Timezone},
};

use super::any_text;
use crate::{
    error::ApiError,
    extract::{Signed, body},
    wire::ProfileResponse,
};

body! {
    UpdateProfileBody {
        full_name: Change<FullName> = change(FullName::parse),
        avatar_url: Change<AvatarUrl> = change(AvatarUrl::parse),
        bio: Change<Bio> = change(Bio::parse),
        timezone: Change<Timezone> = change(Timezone::parse),
        locale: Change<Locale> = change(Locale::parse),
        preferences: Change<JsonObject> = object,
        settings: Change<JsonObject> = object,
        default_workspace_id: Change<String> = change(any_text),
    }
}

pub(crate) async fn handle(
    Signed { guest, caller }: Signed,
) -> Result<Json<ProfileResponse>, ApiError> {
    let body: UpdateProfileBody = guest.body()?;
    let change = ProfileChange {
        full_name: body.full_name,
        avatar_url: body.avatar_url,
        bio: body.bio,
        timezone: body.timezone,
        locale: body.locale,
        preferences: body.preferences,
        settings: body.settings,
        default_org: Change::Keep,
    };
    let command = UpdateProfileCommand { change, default_workspace_id: body.default_workspace_id };
    let role = caller.role();
    let updated = guest.run(|app| async move { app.update_profile.run(&caller, command).await });
    Ok(Json(ProfileResponse::new(&updated.await?, role)))
}

impl From<UpdateProfileError> for ApiError {
    fn from(error: UpdateProfileError) -> Self {
        match error {
            UpdateProfileError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            UpdateProfileError::Gone => Self::Unauthenticated { token_was_sent: true },
            UpdateProfileError::Failure(failure) => failure.into(),
        }
    }
}
