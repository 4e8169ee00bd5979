//! `PUT /v1/auth/me/profile`: updates the fields of the current user's profile that the body has.

use actix_web::web::Json;
use doorward_application::account::profile::{UpdateProfileCommand, UpdateProfileError};
use doorward_domain::{
    account::profile::{AvatarUrl, Bio, Change, FullName, Locale, ProfileChange, Timezone},
    json_object::JsonObject,
};

use crate::{
    api::v1::wire::ProfileResponse,
    http::{
        describe::{DocumentedError, Operation, Tag},
        error::{ApiError, Credential, catalog},
        request::{Authenticated, body},
    },
};

body! {
    UpdateProfileRequest {
        /// The user's full name, as they write it.
        full_name: Change<FullName> = "Ada Lovelace",
        /// The URL of the user's picture: an `http` or `https` URL.
        avatar_url: Change<AvatarUrl> = "https://example.com/ada.png",
        /// A short text about the user.
        bio: Change<Bio> = "Poetical science",
        /// A name in the IANA time zone database.
        timezone: Change<Timezone> = "Europe/London",
        /// A language tag (BCP 47).
        locale: Change<Locale> = "en-GB",
        /// The user's preferences: any object of at most 16 KiB, replaced as a whole.
        preferences: Change<JsonObject> = { "theme": "dark" },
        /// The client's own data about the user: any object of at most 16 KiB, replaced as a whole.
        settings: Change<JsonObject> = { "onboarded": true },
        /// The organization that new sessions start in. The user must be a member.
        default_workspace_id: Change<String>,
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "update_profile",
    tag: Tag::Profile,
    summary: "Update the current user's profile",
    description: "Updates the fields that the body has. Omitted fields keep their value, and `null` clears a field. `email` \
        and `username` are ignored: to change the email address, use `PUT /v1/auth/me/email`; to change the password, use \
        `PUT /v1/auth/me/password`.",
    answer: "The updated profile.",
    refusals: &[
        DocumentedError::Permission(&catalog::ORG_ACCESS),
        DocumentedError::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input }: Authenticated<UpdateProfileRequest>,
) -> Result<Json<ProfileResponse>, ApiError> {
    let command = command(input);
    let role = caller.role();
    let updated =
        call.run(|app| async move { app.account.update_profile.run(&caller, command).await });
    Ok(Json(ProfileResponse::new(&updated.await?, role)))
}

/// Converts the body to the command of the use case.
pub(crate) fn command(input: UpdateProfileRequest) -> UpdateProfileCommand {
    let change = ProfileChange {
        full_name: input.full_name,
        avatar_url: input.avatar_url,
        bio: input.bio,
        timezone: input.timezone,
        locale: input.locale,
        preferences: input.preferences,
        settings: input.settings,
        default_org: Change::Keep,
    };
    UpdateProfileCommand { change, default_workspace_id: input.default_workspace_id }
}

impl From<UpdateProfileError> for ApiError {
    fn from(error: UpdateProfileError) -> Self {
        match error {
            UpdateProfileError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            UpdateProfileError::Gone => Self::Unauthenticated(Credential::AccessToken),
            UpdateProfileError::Failure(failure) => failure.into(),
        }
    }
}
