//! The types of validation errors.

use super::ValidationType;

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
        when: "The string has fewer code points than `ctx.min_length`.",
        remedy: "Ask the user for a longer text.",
    }
    STRING_TOO_LONG {
        name: "string_too_long",
        pydantic: true,
        ctx: &["max_length"],
        when: "The string has more code points than `ctx.max_length`.",
        remedy: "Ask the user for a shorter text.",
    }
    STRING_PATTERN_MISMATCH {
        name: "string_pattern_mismatch",
        pydantic: true,
        ctx: &["pattern"],
        when: "The string contains characters that `ctx.pattern` does not allow.",
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
        when: "The text isn't a valid email address. `ctx.reason` gives the reason as text that can be shown to the user.",
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
        when: "The password is on a list of common or breached passwords, or consists of words of the account, the service, or the calendar.",
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
            longer than 64 bytes (in that case, `ctx` is absent).",
        remedy: "Send a smaller value.",
    }
}
