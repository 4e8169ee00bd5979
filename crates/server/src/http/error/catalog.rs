//! The error catalog: the envelope's messages, the reasons and permissions in its details, and the
//! types of validation errors.
//!
//! Error responses, the OpenAPI document, and the error reference are generated from it.

use doorward_application::access::denied::Forbidden;
use doorward_domain::org::role::Permission;
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

/// A machine-readable code in an error's details.
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

mod validation;

pub(crate) use validation::*;

table! {
    KINDS: ErrorKind;
    UNAUTHENTICATED {
        status: 401,
        error: "AUTHENTICATION_FAILED",
        message: "You are not signed in, or your session has ended: sign in and try again",
        when: "The request has no access token, or the token is invalid, expired, or revoked.",
        remedy: "Refresh the access token and retry once. If that fails, ask the user to sign in.",
    }
    PASSWORD_REFUSED {
        status: 401,
        error: "AUTHENTICATION_FAILED",
        message: "The username, email address, or password is incorrect",
        when: "A sign-in is rejected. Neither the response nor its timing reveals which part is incorrect.",
        remedy: "Ask the user to enter the name and password again, or to reset the password.",
    }
    LINK_REFUSED {
        status: 401,
        error: "AUTHENTICATION_FAILED",
        message: "This link is invalid, has expired, or was already used: request a new one",
        when: "The token from an email is not accepted.",
        remedy: "Ask the user to request a new email.",
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
        when: "The email address of the account is not verified. Sending invites always requires a verified address; other requests \
            require one only if the operator has set `require_verified_email`.",
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
