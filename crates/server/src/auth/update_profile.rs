//! `PUT /v1/auth/me/profile`: changes what one says of oneself, as far as it is mentioned.

use actix_web::web::Json;
use doorward_application::profile::{UpdateProfileCommand, UpdateProfileError};
use doorward_domain::{
    json_object::JsonObject,
    profile::{AvatarUrl, Bio, Change, FullName, Locale, ProfileChange, Timezone},
};

use crate::{
    error::{ApiError, catalog},
    extract::{Signed, body},
    openapi::{Operation, Refusal, Tag},
    wire::ProfileResponse,
};

body! {
    UpdateProfileRequest {
        /// The person's name as they write it.
        full_name: Change<FullName> = "Ada Lovelace",
        /// Where the person's picture is: an `http` or `https` URL.
        avatar_url: Change<AvatarUrl> = "https://example.com/ada.png",
        /// A few words about the person.
        bio: Change<Bio> = "Poetical science",
        /// A name of the IANA time zone database.
        timezone: Change<Timezone> = "Europe/London",
        /// A language tag (BCP 47).
        locale: Change<Locale> = "en-GB",
        /// The person's choices: any object of at most 16 KiB, replaced as a whole.
        preferences: Change<JsonObject> = { "theme": "dark" },
        /// The client's own notes on the person: any object of at most 16 KiB, replaced as a whole.
        settings: Change<JsonObject> = { "onboarded": true },
        /// The organisation that sign-in opens: one that the person belongs to.
        default_workspace_id: Change<String>,
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "update_profile",
    tag: Tag::Profile,
    summary: "Change one's profile",
    description: "Changes what the body mentions: what is left out stays, `null` clears. `email` and `username` are ignored: an \
        email address is changed by `PUT /v1/auth/me/email`, a password by `PUT /v1/auth/me/password`.",
    answer: "The profile as it is now.",
    refusals: &[
        Refusal::Permission(&catalog::ORG_ACCESS),
        Refusal::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Signed { call, caller, input }: Signed<UpdateProfileRequest>,
) -> Result<Json<ProfileResponse>, ApiError> {
    let command = command(input);
    let role = caller.role();
    let updated = call.run(|app| async move { app.update_profile.run(&caller, command).await });
    Ok(Json(ProfileResponse::new(&updated.await?, role)))
}

/// What the body asks for.
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
            UpdateProfileError::Gone => Self::Unauthenticated { token_was_sent: true },
            UpdateProfileError::Failure(failure) => failure.into(),
        }
    }
}
