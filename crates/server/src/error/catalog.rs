//! The error catalog: the envelope's messages, the reasons and permissions in its details, and the
//! types of validation errors.
//!
//! Error responses, the OpenAPI document, and the error reference are generated from it.

use doorward_application::authorize::Forbidden;
use doorward_domain::role::Permission;
use serde::Serialize;

/// An error that is returned in the envelope.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorKind {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The envelope's `error`.
    pub(crate) error: &'static str,
    /// The envelope's `message`.
    pub(crate) message: &'static str,
    /// When the error is returned.
    pub(crate) when: &'static str,
    /// What the client should do.
    pub(crate) remedy: &'static str,
}

/// A code in an error's details, for programs to decide by.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorReason {
    /// The code.
    pub(crate) name: &'static str,
    /// When the code is returned.
    pub(crate) when: &'static str,
    /// What the client should do.
    pub(crate) remedy: &'static str,
}

/// The type of a validation error.
#[derive(Debug, Serialize)]
pub(crate) struct ValidationType {
    /// The error's `type`.
    pub(crate) name: &'static str,
    /// Whether pydantic defines the type. The other types are specific to this server.
    pub(crate) pydantic: bool,
    /// The keys of `ctx`.
    pub(crate) ctx: &'static [&'static str],
    /// When the error is returned.
    pub(crate) when: &'static str,
    /// What the client should do.
    pub(crate) remedy: &'static str,
}

/// Defines a constant for each row of a table, and the list of all rows.
macro_rules! table {
    ($all:ident: $type:ident; $($name:ident { $($field:ident: $value:expr),+ $(,)? })+) => {
        $(pub(crate) const $name: $type = $type { $($field: $value),+ };)+

        pub(crate) const $all: &[$type] = &[$($name),+];
    };
}

table! {
    KINDS: ErrorKind;
    UNAUTHENTICATED {
        status: 401,
        error: "AUTHENTICATION_FAILED",
        message: "The credentials are missing, incorrect, or expired: check them and try again",
        when: "The request has no credential, or the credential is incorrect, expired, or revoked.",
        remedy: "For an access token, refresh it and retry once. For a username and password, ask the user to enter them \
            again. For a token from an email, ask the user to request a new email.",
    }
    REFRESH_REFUSED {
        status: 401,
        error: "AUTHENTICATION_FAILED",
        message: "The session has ended: sign in again",
        when: "The refresh token is not accepted. `details.reason` gives the reason.",
        remedy: "Discard the tokens and ask the user to sign in again.",
    }
    FORBIDDEN {
        status: 403,
        error: "FORBIDDEN",
        message: "You don't have permission to do this",
        when: "The request isn't permitted. `details.required_permission` names the missing permission.",
        remedy: "Don't retry. Show the user what is missing; see the permissions below.",
    }
    NOT_FOUND {
        status: 404,
        error: "NOT_FOUND",
        message: "Not found: it doesn't exist, or you don't have access to it",
        when: "The route or resource doesn't exist, or isn't visible to the caller.",
        remedy: "Check the path, or refetch the list that contained the ID.",
    }
    METHOD_NOT_ALLOWED {
        status: 405,
        error: "METHOD_NOT_ALLOWED",
        message: "This path doesn't support the request's method",
        when: "The path exists but doesn't support the method. The `Allow` header lists the supported methods.",
        remedy: "Use one of the supported methods.",
    }
    PAYLOAD_TOO_LARGE {
        status: 413,
        error: "PAYLOAD_TOO_LARGE",
        message: "The request body is too large: send less data",
        when: "The body is larger than `details.limit_bytes`.",
        remedy: "Send a smaller body.",
    }
    RATE_LIMITED {
        status: 429,
        error: "RATE_LIMIT_EXCEEDED",
        message: "Too many requests: try again later",
        when: "Too many requests came from one IP address, too many attempts on one account failed, or a daily limit is reached.",
        remedy: "Wait for the number of seconds in `details.retry_after` and the `Retry-After` header, then retry.",
    }
    INTERNAL {
        status: 500,
        error: "INTERNAL_SERVER_ERROR",
        message: "Something went wrong on our side: try again later",
        when: "The server failed unexpectedly. The server's log has the cause, under the request's `X-Request-Id`.",
        remedy: "Report the error to the operator with the `X-Request-Id`.",
    }
    UNAVAILABLE {
        status: 503,
        error: "SERVICE_UNAVAILABLE",
        message: "The service is temporarily unavailable: try again in a few seconds",
        when: "The database is unavailable, or the password-hashing queue is full.",
        remedy: "Retry after the number of seconds in `details.retry_after` and the `Retry-After` header.",
    }
}

table! {
    REASONS: ErrorReason;
    TOKEN_INVALID {
        name: "token_invalid",
        when: "The refresh token was not issued by this server, or its session no longer exists.",
        remedy: "Sign in again.",
    }
    TOKEN_EXPIRED {
        name: "token_expired",
        when: "The session was idle for too long, or has reached its maximum lifetime.",
        remedy: "Sign in again.",
    }
    TOKEN_REUSED {
        name: "token_reused",
        when: "A refresh token of this session was used again after the reuse interval. It may have been stolen, so the \
            session was ended.",
        remedy: "Sign in again. If this happens to legitimate users, two parts of the client refresh with separate copies of \
            the token: let one part refresh, and make the others wait for it.",
    }
    SESSION_REVOKED {
        name: "session_revoked",
        when: "The session was ended by a sign-out, a password change, or an administrator.",
        remedy: "Sign in again.",
    }
}

table! {
    PERMISSIONS: ErrorReason;
    REGISTER {
        name: Forbidden::REGISTER.required,
        when: "Registration is closed, and the request has no invite.",
        remedy: "Ask for an invite.",
    }
    ACCOUNT_ACTIVE {
        name: Forbidden::ACCOUNT_DISABLED.required,
        when: "The account has been disabled.",
        remedy: "Contact an administrator.",
    }
    EMAIL_VERIFIED {
        name: Forbidden::EMAIL_UNVERIFIED.required,
        when: "The email address of the account is not verified. Invitations always require verification; everything else \
            does where the operator requires it.",
        remedy: "Follow the link in the email, or request it again: `POST /v1/auth/resend-verification`.",
    }
    ORG_ACCESS {
        name: Forbidden::ORG_ACCESS.required,
        when: "The user is not a member of the organization, or there is no organization with this ID.",
        remedy: "Choose another organization, or ask for an invite.",
    }
    ORG_UPDATE {
        name: Permission::OrgUpdate.as_str(),
        when: "Only owners and admins can rename an organization.",
        remedy: "Ask an owner or admin.",
    }
    ORG_CREATE {
        name: Forbidden::ORG_CREATE.required,
        when: "The operator lets only some users create organizations (`organizations.allow_creation`), or the user owns the maximum \
            number of organizations (`organizations.max_per_account`).",
        remedy: "Ask the operator.",
    }
    ORG_DELETE {
        name: Permission::OrgDelete.as_str(),
        when: "Only owners can delete an organization.",
        remedy: "Ask an owner.",
    }
    MEMBER_UPDATE {
        name: Permission::MemberUpdate.as_str(),
        when: "Only owners and admins can change roles, and only owners can grant or remove the owner role.",
        remedy: "Ask an owner or admin.",
    }
    MEMBER_REMOVE {
        name: Permission::MemberRemove.as_str(),
        when: "Only owners and admins can remove other members, and only owners can remove owners.",
        remedy: "Ask an owner or admin.",
    }
    INVITE_CREATE {
        name: Permission::InviteCreate.as_str(),
        when: "Only owners and admins can invite, and only owners can invite owners. An invite to a domain that is no longer \
            allowed (`invites.domains`) can't be resent.",
        remedy: "Ask an owner or admin; for the domain, ask the operator.",
    }
    INVITE_LIST {
        name: Permission::InviteList.as_str(),
        when: "Only owners and admins can list invites.",
        remedy: "Ask an owner or admin.",
    }
    INVITE_REVOKE {
        name: Permission::InviteRevoke.as_str(),
        when: "Only owners and admins can revoke invites.",
        remedy: "Ask an owner or admin.",
    }
    EMAIL_CHANGE {
        name: Forbidden::EMAIL_CHANGE.required,
        when: "The account's email address is verified. A verified address can't be changed yet.",
        remedy: "Keep the address, or ask the operator to change it (`doorward user set-email`).",
    }
    PASSWORD_CHANGE {
        name: Forbidden::PASSWORD_CHANGE.required,
        when: "The account has no password to change.",
        remedy: "Set a password: `POST /v1/auth/forgot-password`.",
    }
    CORS_ORIGIN {
        name: "cors:origin",
        when: "A browser sent the request from a page of another origin, and that origin is not configured.",
        remedy: "Add the origin to `DOORWARD_CORS_ORIGINS`.",
    }
}

table! {
    ISSUE_TYPES: ValidationType;
    MISSING {
        name: "missing",
        pydantic: true,
        ctx: &[],
        when: "A required field is missing, or the request has no body.",
        remedy: "Send the field.",
    }
    JSON_INVALID {
        name: "json_invalid",
        pydantic: true,
        ctx: &["error"],
        when: "The body isn't valid JSON in UTF-8, is nested too deeply, or wasn't received in time. `loc` gives the \
            position, in code points from the start of the body.",
        remedy: "Send valid JSON encoded as UTF-8.",
    }
    MODEL_ATTRIBUTES_TYPE {
        name: "model_attributes_type",
        pydantic: true,
        ctx: &[],
        when: "The body isn't a JSON object, or its `Content-Type` isn't JSON.",
        remedy: "Send an object, with `Content-Type: application/json`.",
    }
    STRING_TYPE {
        name: "string_type",
        pydantic: true,
        ctx: &[],
        when: "The value isn't a string.",
        remedy: "Send a string.",
    }
    STRING_TOO_SHORT {
        name: "string_too_short",
        pydantic: true,
        ctx: &["min_length"],
        when: "The text has fewer code points than `ctx.min_length`.",
        remedy: "Ask the user for a longer text.",
    }
    STRING_TOO_LONG {
        name: "string_too_long",
        pydantic: true,
        ctx: &["max_length"],
        when: "The text has more code points than `ctx.max_length`.",
        remedy: "Ask the user for a shorter text.",
    }
    STRING_PATTERN_MISMATCH {
        name: "string_pattern_mismatch",
        pydantic: true,
        ctx: &["pattern"],
        when: "The text has characters that `ctx.pattern` does not allow.",
        remedy: "Ask the user for a different text.",
    }
    DICT_TYPE {
        name: "dict_type",
        pydantic: true,
        ctx: &[],
        when: "The value isn't an object.",
        remedy: "Send an object.",
    }
    INT_PARSING {
        name: "int_parsing",
        pydantic: true,
        ctx: &[],
        when: "The parameter isn't an integer.",
        remedy: "Send an integer.",
    }
    GREATER_THAN_EQUAL {
        name: "greater_than_equal",
        pydantic: true,
        ctx: &["ge"],
        when: "The number is less than `ctx.ge`.",
        remedy: "Send a number that is at least `ctx.ge`.",
    }
    LESS_THAN_EQUAL {
        name: "less_than_equal",
        pydantic: true,
        ctx: &["le"],
        when: "The number is greater than `ctx.le`.",
        remedy: "Send a number that is at most `ctx.le`.",
    }
    UUID_PARSING {
        name: "uuid_parsing",
        pydantic: true,
        ctx: &["error"],
        when: "The parameter isn't a UUID. A `cursor` must be the `next_cursor` of the previous page, unchanged.",
        remedy: "Start again from the first page.",
    }
    ENUM {
        name: "enum",
        pydantic: true,
        ctx: &["expected"],
        when: "The value isn't one of those that `ctx.expected` lists.",
        remedy: "Send one of the listed values.",
    }
    VALUE_ERROR {
        name: "value_error",
        pydantic: true,
        ctx: &["reason"],
        when: "The text isn't a valid email address. `ctx.reason` gives the reason, in words for the user.",
        remedy: "Ask the user for a different email address.",
    }
    ALREADY_EXISTS {
        name: "already_exists",
        pydantic: false,
        ctx: &[],
        when: "Another account has this email address or username, or the username is reserved.",
        remedy: "Ask the user for a different value, or offer to sign in or to reset the password.",
    }
    PASSWORD_INCORRECT {
        name: "password_incorrect",
        pydantic: false,
        ctx: &[],
        when: "The current password is incorrect.",
        remedy: "Ask the user to enter it again.",
    }
    PASSWORD_TOO_COMMON {
        name: "password_too_common",
        pydantic: false,
        ctx: &[],
        when: "The password is a common one, or consists of the account's own email address or username.",
        remedy: "Ask the user for a different password.",
    }
    INVITE_INVALID {
        name: "invite_invalid",
        pydantic: false,
        ctx: &[],
        when: "The invite was not issued by this server, was used or revoked, has expired, or its sender may no longer \
            invite.",
        remedy: "Ask for a new invite, or register without one.",
    }
    INVITE_EMAIL_MISMATCH {
        name: "invite_email_mismatch",
        pydantic: false,
        ctx: &[],
        when: "The invite is for another email address.",
        remedy: "Register or sign in with the email address that `GET /v1/auth/invite-info` returns.",
    }
    ALREADY_MEMBER {
        name: "already_member",
        pydantic: false,
        ctx: &[],
        when: "The user with this email address is already a member of the organization.",
        remedy: "To change the member's role, use `PATCH /v1/orgs/{org_id}/members/{user_id}`.",
    }
    DOMAIN_NOT_ALLOWED {
        name: "domain_not_allowed",
        pydantic: false,
        ctx: &[],
        when: "The operator doesn't allow invites to this domain (`invites.domains`).",
        remedy: "Invite an email address of an allowed domain, or ask the operator.",
    }
    LAST_OWNER {
        name: "last_owner",
        pydantic: false,
        ctx: &[],
        when: "The organization would have no owner with an active account.",
        remedy: "Make another member an owner first, or delete the organization.",
    }
    PERSONAL_ORG {
        name: "personal_org",
        pydantic: false,
        ctx: &[],
        when: "The organization is a user's personal organization, which can't be shared or deleted.",
        remedy: "Create another organization: `POST /v1/orgs`.",
    }
    TIMEZONE_UNKNOWN {
        name: "timezone_unknown",
        pydantic: false,
        ctx: &[],
        when: "The text isn't a name in the IANA time zone database. Names are case-sensitive.",
        remedy: "Send a name such as `Europe/Berlin`. Browsers provide it in \
            `Intl.DateTimeFormat().resolvedOptions().timeZone`.",
    }
    LOCALE_INVALID {
        name: "locale_invalid",
        pydantic: false,
        ctx: &[],
        when: "The text isn't a well-formed language tag (BCP 47).",
        remedy: "Send a tag such as `de-CH`, with a hyphen. Browsers provide it in `navigator.language`.",
    }
    URL_INVALID {
        name: "url_invalid",
        pydantic: false,
        ctx: &[],
        when: "The text isn't an `http` or `https` URL.",
        remedy: "Ask the user for a different URL.",
    }
    TOO_LARGE {
        name: "too_large",
        pydantic: false,
        ctx: &["max_bytes"],
        when: "An object is larger than `ctx.max_bytes` when serialized, or the part of an email address before the `@` is \
            longer than 64 bytes (then without `ctx`).",
        remedy: "Send a smaller value.",
    }
}
