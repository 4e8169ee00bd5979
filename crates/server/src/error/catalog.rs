//! The table of everything that can be wrong: the envelope's texts, the reasons and permissions in
//! its details, and the types of validation errors.
//!
//! The answers, the OpenAPI document and the list of errors in the documentation are made of it.

use doorward_application::authorize::Forbidden;
use doorward_domain::role::Permission;
use serde::Serialize;

/// A failure that is answered with the envelope.
#[derive(Debug, Serialize)]
pub(crate) struct Kind {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The envelope's `error`.
    pub(crate) error: &'static str,
    /// The envelope's `message`.
    pub(crate) message: &'static str,
    /// When it is answered.
    pub(crate) when: &'static str,
    /// What a client does about it.
    pub(crate) remedy: &'static str,
}

/// A word in an error's details that a program may decide by.
#[derive(Debug, Serialize)]
pub(crate) struct Term {
    /// The word.
    pub(crate) name: &'static str,
    /// When it is answered.
    pub(crate) when: &'static str,
    /// What a client does about it.
    pub(crate) remedy: &'static str,
}

/// The type of a validation error.
#[derive(Debug, Serialize)]
pub(crate) struct IssueType {
    /// The error's `type`.
    pub(crate) name: &'static str,
    /// Whether the reference, pydantic, has it. The others are rules of this server.
    pub(crate) pydantic: bool,
    /// The keys of `ctx`.
    pub(crate) ctx: &'static [&'static str],
    /// When it is answered.
    pub(crate) when: &'static str,
    /// What a client does about it.
    pub(crate) remedy: &'static str,
}

/// Defines the rows of a table and the list of them.
macro_rules! table {
    ($all:ident: $type:ident; $($name:ident { $($field:ident: $value:expr),+ $(,)? })+) => {
        $(pub(crate) const $name: $type = $type { $($field: $value),+ };)+

        pub(crate) const $all: &[$type] = &[$($name),+];
    };
}

table! {
    KINDS: Kind;
    UNAUTHENTICATED {
        status: 401,
        error: "AUTHENTICATION_FAILED",
        message: "Authentication is required or was refused",
        when: "There is no credential, or it is wrong, expired or revoked.",
        remedy: "With an access token: refresh it and try again, once. With a name and a password: ask for them \
            again. With a token from a mail: ask for a new mail.",
    }
    REFRESH_REFUSED {
        status: 401,
        error: "AUTHENTICATION_FAILED",
        message: "The refresh token was refused: sign in again",
        when: "A refresh token is not accepted; `details.reason` says why.",
        remedy: "Forget the tokens and have the person sign in again.",
    }
    FORBIDDEN {
        status: 403,
        error: "FORBIDDEN",
        message: "You do not have the permission that this needs",
        when: "Who you are is known, and you may not do this; `details.required_permission` names what is missing.",
        remedy: "Don't try again. Say what is missing; see the permissions below.",
    }
    NOT_FOUND {
        status: 404,
        error: "NOT_FOUND",
        message: "There is nothing at this address",
        when: "The path is none of this server's, or what it names is not there.",
        remedy: "Mend the path; or read the list anew that the id came from.",
    }
    METHOD_NOT_ALLOWED {
        status: 405,
        error: "METHOD_NOT_ALLOWED",
        message: "This method is not allowed here",
        when: "The path is there, with other methods: the header `Allow` lists them.",
        remedy: "Mend the method.",
    }
    PAYLOAD_TOO_LARGE {
        status: 413,
        error: "PAYLOAD_TOO_LARGE",
        message: "The request's body is too large",
        when: "The body is larger than `details.limit_bytes`.",
        remedy: "Send less.",
    }
    RATE_LIMITED {
        status: 429,
        error: "RATE_LIMIT_EXCEEDED",
        message: "Too many requests: try again later",
        when: "Too many requests came from one address, or too many attempts at one account failed.",
        remedy: "Wait for as many seconds as `details.retry_after` and the header `Retry-After` say.",
    }
    INTERNAL {
        status: 500,
        error: "INTERNAL_SERVER_ERROR",
        message: "Something went wrong on our side",
        when: "This server has a fault. It is in its log, under the request's `X-Request-Id`.",
        remedy: "Tell whoever runs the server, and name the `X-Request-Id`.",
    }
    UNAVAILABLE {
        status: 503,
        error: "SERVICE_UNAVAILABLE",
        message: "The service is unavailable for the moment: try again",
        when: "The database is away, or more passwords wait to be checked than is good.",
        remedy: "Try again after as many seconds as `details.retry_after` and the header `Retry-After` say.",
    }
}

table! {
    REASONS: Term;
    TOKEN_INVALID {
        name: "token_invalid",
        when: "The refresh token is none of this server's, or its session is no longer known.",
        remedy: "Sign in again.",
    }
    TOKEN_EXPIRED {
        name: "token_expired",
        when: "The session was not used for too long, or has come to its greatest age.",
        remedy: "Sign in again.",
    }
    TOKEN_REUSED {
        name: "token_reused",
        when: "A token of this session was used a second time, and not just after the first. Somebody may have copied it, so \
            the session has been ended.",
        remedy: "Sign in again. If it happens to honest people, two parts of the client refresh with stores of their own: \
            let one part refresh, and the others wait for it.",
    }
    SESSION_REVOKED {
        name: "session_revoked",
        when: "The session was ended: signed out, by a new password, or by an administrator.",
        remedy: "Sign in again.",
    }
}

table! {
    PERMISSIONS: Term;
    REGISTER {
        name: Forbidden::REGISTER.required,
        when: "Registration is closed, and there is no invite.",
        remedy: "Ask for an invite.",
    }
    ACCOUNT_ACTIVE {
        name: Forbidden::ACCOUNT_DISABLED.required,
        when: "The account has been disabled.",
        remedy: "Ask an administrator.",
    }
    EMAIL_VERIFIED {
        name: Forbidden::EMAIL_UNVERIFIED.required,
        when: "The email address of the account is not verified. Invitations always need that, and everything else \
            where the operator requires it.",
        remedy: "Follow the link in the mail, or ask for it again: `POST /v1/auth/resend-verification`.",
    }
    ORG_ACCESS {
        name: Forbidden::ORG_ACCESS.required,
        when: "The person does not belong to the organization, or there is none with this id.",
        remedy: "Choose another organization, or ask for an invite.",
    }
    ORG_UPDATE {
        name: Permission::OrgUpdate.as_str(),
        when: "Only owners and admins change an organization's name.",
        remedy: "Ask one of them.",
    }
    ORG_CREATE {
        name: Forbidden::ORG_CREATE.required,
        when: "This server lets only some users create organizations (`allow_org_creation`), or the user owns as many \
            as users may (`max_orgs_per_account`).",
        remedy: "Ask the operator of the server.",
    }
    ORG_DELETE {
        name: Permission::OrgDelete.as_str(),
        when: "Only owners delete an organization.",
        remedy: "Ask one of them.",
    }
    MEMBER_UPDATE {
        name: Permission::MemberUpdate.as_str(),
        when: "Only owners and admins change roles, and only owners make and unmake owners.",
        remedy: "Ask one of them.",
    }
    MEMBER_REMOVE {
        name: Permission::MemberRemove.as_str(),
        when: "Only owners and admins take others out of an organization, and only owners take out owners.",
        remedy: "Ask one of them.",
    }
    INVITE_CREATE {
        name: Permission::InviteCreate.as_str(),
        when: "Only owners and admins invite, and only owners invite owners. An invite to a domain that is no longer \
            allowed (`invite_domains`) is not sent again.",
        remedy: "Ask one of them.",
    }
    INVITE_LIST {
        name: Permission::InviteList.as_str(),
        when: "Only owners and admins see who is invited.",
        remedy: "Ask one of them.",
    }
    INVITE_REVOKE {
        name: Permission::InviteRevoke.as_str(),
        when: "Only owners and admins take invites back.",
        remedy: "Ask one of them.",
    }
    EMAIL_CHANGE {
        name: Forbidden::EMAIL_CHANGE.required,
        when: "The account's email address is verified. A verified address can't be changed yet.",
        remedy: "Keep the address, or ask an operator (`doorward user set-email`).",
    }
    PASSWORD_CHANGE {
        name: Forbidden::PASSWORD_CHANGE.required,
        when: "The account has no password that could be changed.",
        remedy: "Set one: `POST /v1/auth/forgot-password`.",
    }
    CORS_ORIGIN {
        name: "cors:origin",
        when: "A browser sent the request for a page of another origin, which is not configured.",
        remedy: "Add the origin to `DOORWARD_CORS_ORIGINS`.",
    }
}

table! {
    ISSUE_TYPES: IssueType;
    MISSING {
        name: "missing",
        pydantic: true,
        ctx: &[],
        when: "A field that has to be there is not, or there is no body at all.",
        remedy: "Send it.",
    }
    JSON_INVALID {
        name: "json_invalid",
        pydantic: true,
        ctx: &["error"],
        when: "The body is not JSON in UTF-8, is nested too deeply, or did not come to its end in time. `loc` tells the \
            place, in code points from the beginning.",
        remedy: "Mend the body.",
    }
    MODEL_ATTRIBUTES_TYPE {
        name: "model_attributes_type",
        pydantic: true,
        ctx: &[],
        when: "The body is no JSON object, or its `Content-Type` is not JSON.",
        remedy: "Send an object, with `Content-Type: application/json`.",
    }
    STRING_TYPE {
        name: "string_type",
        pydantic: true,
        ctx: &[],
        when: "The value is not a string.",
        remedy: "Send a string.",
    }
    STRING_TOO_SHORT {
        name: "string_too_short",
        pydantic: true,
        ctx: &["min_length"],
        when: "The text has fewer code points than `ctx.min_length`.",
        remedy: "Ask for a longer one.",
    }
    STRING_TOO_LONG {
        name: "string_too_long",
        pydantic: true,
        ctx: &["max_length"],
        when: "The text has more code points than `ctx.max_length`.",
        remedy: "Ask for a shorter one.",
    }
    STRING_PATTERN_MISMATCH {
        name: "string_pattern_mismatch",
        pydantic: true,
        ctx: &["pattern"],
        when: "The text has characters that `ctx.pattern` does not allow.",
        remedy: "Ask for another one.",
    }
    DICT_TYPE {
        name: "dict_type",
        pydantic: true,
        ctx: &[],
        when: "The value is not an object.",
        remedy: "Send an object.",
    }
    INT_PARSING {
        name: "int_parsing",
        pydantic: true,
        ctx: &[],
        when: "The parameter is no whole number.",
        remedy: "Send one.",
    }
    GREATER_THAN_EQUAL {
        name: "greater_than_equal",
        pydantic: true,
        ctx: &["ge"],
        when: "The number is smaller than `ctx.ge`.",
        remedy: "Send a greater one.",
    }
    LESS_THAN_EQUAL {
        name: "less_than_equal",
        pydantic: true,
        ctx: &["le"],
        when: "The number is greater than `ctx.le`.",
        remedy: "Send a smaller one.",
    }
    UUID_PARSING {
        name: "uuid_parsing",
        pydantic: true,
        ctx: &["error"],
        when: "The parameter is no UUID. A `cursor` is the `next_cursor` of the page before, as it is.",
        remedy: "Begin with the first page.",
    }
    ENUM {
        name: "enum",
        pydantic: true,
        ctx: &["expected"],
        when: "The value is none of those that `ctx.expected` lists.",
        remedy: "Send one of them.",
    }
    VALUE_ERROR {
        name: "value_error",
        pydantic: true,
        ctx: &["reason"],
        when: "The text is no e-mail address; `ctx.reason` says why, for a person.",
        remedy: "Ask for another one.",
    }
    ALREADY_EXISTS {
        name: "already_exists",
        pydantic: false,
        ctx: &[],
        when: "Another account has this email address or user name, or the name is reserved.",
        remedy: "Ask for another one, or offer to sign in or to reset the password.",
    }
    PASSWORD_INCORRECT {
        name: "password_incorrect",
        pydantic: false,
        ctx: &[],
        when: "The current password is another.",
        remedy: "Ask for it again.",
    }
    PASSWORD_TOO_COMMON {
        name: "password_too_common",
        pydantic: false,
        ctx: &[],
        when: "The password is one of those that are tried first, or the account's own address or name.",
        remedy: "Ask for another one.",
    }
    INVITE_INVALID {
        name: "invite_invalid",
        pydantic: false,
        ctx: &[],
        when: "The invite is none of this server's, or was used, revoked or has expired, or whoever sent it may not invite \
            any more.",
        remedy: "Ask for a new one, or register without it.",
    }
    INVITE_EMAIL_MISMATCH {
        name: "invite_email_mismatch",
        pydantic: false,
        ctx: &[],
        when: "The invite is for another e-mail address.",
        remedy: "Register or sign in with the address that `GET /v1/auth/invite-info` tells.",
    }
    ALREADY_MEMBER {
        name: "already_member",
        pydantic: false,
        ctx: &[],
        when: "Somebody with this address is a member of the organization already.",
        remedy: "Change the member's role, if it is about that.",
    }
    DOMAIN_NOT_ALLOWED {
        name: "domain_not_allowed",
        pydantic: false,
        ctx: &[],
        when: "The operator of the server allows invitations to other domains only (`invite_domains`).",
        remedy: "Invite an address of another domain, or ask the operator.",
    }
    LAST_OWNER {
        name: "last_owner",
        pydantic: false,
        ctx: &[],
        when: "The organization would have no owner whose account is active.",
        remedy: "Make somebody else an owner first, or delete the organization.",
    }
    PERSONAL_ORG {
        name: "personal_org",
        pydantic: false,
        ctx: &[],
        when: "The organization is one person's own: it is neither shared nor deleted.",
        remedy: "Make another one: `POST /v1/orgs`.",
    }
    TIMEZONE_UNKNOWN {
        name: "timezone_unknown",
        pydantic: false,
        ctx: &[],
        when: "The text is no name of the IANA time zone database. Case counts.",
        remedy: "Send a name such as `Europe/Berlin`, as browsers have them in \
            `Intl.DateTimeFormat().resolvedOptions().timeZone`.",
    }
    LOCALE_INVALID {
        name: "locale_invalid",
        pydantic: false,
        ctx: &[],
        when: "The text is no well-formed language tag (BCP 47).",
        remedy: "Send a tag such as `de-CH`, with a hyphen, as browsers have it in `navigator.language`.",
    }
    URL_INVALID {
        name: "url_invalid",
        pydantic: false,
        ctx: &[],
        when: "The text is no `http` or `https` URL.",
        remedy: "Ask for another one.",
    }
    TOO_LARGE {
        name: "too_large",
        pydantic: false,
        ctx: &["max_bytes"],
        when: "An object is larger than `ctx.max_bytes` when it is serialised, or the part of an e-mail address before the \
            `@` has more than 64 octets (then without `ctx`).",
        remedy: "Send less.",
    }
}
