//! Properties of the parsing of requests, for the fuzz targets.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::LazyLock,
};

use actix_web::{
    ResponseError,
    http::{StatusCode, header::HeaderValue},
};
use doorward_domain::pagination::PageSize;
use ipnet::IpNet;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::{BODY_LIMIT, Body, body, body::SECRETS, client, json, query, required_query};
use crate::{
    api::v1::{
        account::{
            register::RegisterRequest, resend_verification::ResendVerificationRequest,
            update_profile::UpdateProfileRequest, verify_email::VerifyEmailRequest,
        },
        invites::{accept::AcceptInviteRequest, create::CreateInviteRequest},
        orgs::{
            create::CreateOrgRequest, update::UpdateOrgRequest, update_member::UpdateMemberRequest,
        },
        password::{
            change::ChangePasswordRequest, forgot::ForgotPasswordRequest,
            reset::ResetPasswordRequest,
        },
        sessions::{refresh::RefreshRequest, switch_org::SwitchOrgRequest},
        sign_in::password::LoginRequest,
    },
    http::error::{ApiError, FieldRule, Location, ValidationError, catalog},
};

/// The value planted in secrets, which no error may show.
pub(crate) const CANARY: &str = "hunter2hunter2";

const CONTENT_TYPES: [Option<&str>; 4] =
    [Some("application/json"), None, Some("application/x+json; a=b"), Some("text/plain")];

/// Reads one type of body.
struct Reader {
    /// Returns the error, if the body is rejected.
    read: fn(Option<&HeaderValue>, &[u8]) -> Option<ApiError>,
    has_secret: bool,
}

impl Reader {
    fn of<T: Body>() -> Self {
        Self {
            read: |content_type, body| body::read::<T>(content_type, body).err(),
            has_secret: T::describe().iter().any(|field| SECRETS.contains(&field.name)),
        }
    }

    fn refuses(&self, content_type: Option<&HeaderValue>, body: &[u8]) -> Vec<Value> {
        let refused = (self.read)(content_type, body).as_ref().map(refusal).unwrap_or_default();
        assert!(refused.iter().all(|issue| issue.pointer("/loc/0") == Some(&json!("body"))));
        refused
    }
}

static READERS: LazyLock<[Reader; 15]> = LazyLock::new(|| {
    [
        Reader::of::<RegisterRequest>(),
        Reader::of::<LoginRequest>(),
        Reader::of::<RefreshRequest>(),
        Reader::of::<SwitchOrgRequest>(),
        Reader::of::<VerifyEmailRequest>(),
        Reader::of::<ResendVerificationRequest>(),
        Reader::of::<ForgotPasswordRequest>(),
        Reader::of::<ResetPasswordRequest>(),
        Reader::of::<AcceptInviteRequest>(),
        Reader::of::<ChangePasswordRequest>(),
        Reader::of::<UpdateProfileRequest>(),
        Reader::of::<CreateOrgRequest>(),
        Reader::of::<UpdateOrgRequest>(),
        Reader::of::<CreateInviteRequest>(),
        Reader::of::<UpdateMemberRequest>(),
    ]
});

/// Checks that a body is accepted, or rejected in the documented shape without showing a secret.
///
/// The data is a content type and a body, which is read as every type of body.
pub fn bodies(data: &[u8]) {
    let Some((choice, body)) = data.split_first() else { return };
    let body = body.get(..BODY_LIMIT).unwrap_or(body);
    let content_type = CONTENT_TYPES.get(usize::from(*choice) % CONTENT_TYPES.len());
    let content_type = content_type.copied().flatten().map(HeaderValue::from_static);
    let content_type = content_type.as_ref();
    let is_json = content_type.is_some_and(|kind| kind != "text/plain");
    let is_object = matches!(json::parse(body), Ok(Value::Object(_)));
    let planted = planted(body);
    for reader in &*READERS {
        let refused = reader.refuses(content_type, body);
        // In a body that is not an object, secrets can't be located.
        let may_show = is_object || !reader.has_secret;
        assert!(may_show || !shows_canary(&refused), "{}", body.escape_ascii());
        if let Some(planted) = planted.as_deref().filter(|_| is_json) {
            let refused = reader.refuses(content_type, planted);
            assert!(!shows_canary(&refused), "{}", planted.escape_ascii());
        }
    }
    stored_as_sent(body);
    found_by_the_use_case(planted.as_deref().unwrap_or(body));
}

fn shows_canary(issues: &[Value]) -> bool {
    issues.iter().any(|issue| issue.to_string().contains(CANARY))
}

/// Returns the body with the canary in each secret, and nowhere else.
fn planted(body: &[u8]) -> Option<Vec<u8>> {
    let Ok(Value::Object(mut object)) = json::parse(body) else { return None };
    if Value::Object(object.clone()).to_string().contains(CANARY) {
        return None;
    }
    for name in SECRETS {
        if let Some(value) = object.get_mut(name) {
            *value = match &*value {
                Value::String(text) => format!("{CANARY}{text}").into(),
                other => json!([CANARY, other]),
            };
        }
    }
    Some(Value::Object(object).to_string().into_bytes())
}

/// Checks that objects that clients store are returned unchanged.
fn stored_as_sent(body: &[u8]) {
    use doorward_domain::account::profile::Change;
    let json_type = HeaderValue::from_static("application/json");
    let Ok(read) = body::read::<UpdateProfileRequest>(Some(&json_type), body) else { return };
    let sent = json::parse(body).unwrap_or_default();
    for (name, change) in [("preferences", read.preferences), ("settings", read.settings)] {
        if let Change::Set(object) = change {
            assert_eq!(json::parse(object.as_str().as_bytes()).ok().as_ref(), sent.get(name));
        }
    }
}

/// Checks that errors that the use case finds show no secret.
fn found_by_the_use_case(body: &[u8]) {
    let issue = |field| {
        let (place, kind) = (Location::Body, &catalog::ALREADY_EXISTS);
        ValidationError::refused(&FieldRule { place, field, kind, msg: "Taken" })
    };
    let error = ApiError::Validation(SECRETS.map(issue).into());
    let shown = body::show_what_was_sent(error, body, |_| Value::Null);
    assert!(refusal(&shown).iter().all(|issue| issue["input"].is_null()));
}

/// Checks that a query selects a page, and the same page again if written out in full, or is rejected in
/// the documented shape.
pub fn page_queries(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match query::page(text) {
        Ok(page) => {
            let limit = page.limit.get();
            assert!((1..=100).contains(&limit), "{text}");
            let cursor = page.after.map(|id| format!("&cursor={id}")).unwrap_or_default();
            let again = query::page(&format!("limit={limit}{cursor}"));
            assert_eq!(again.ok(), Some(page), "{text}");
            let said = query::query_parameter(text, "limit").is_some();
            assert!(said || page.limit == PageSize::DEFAULT, "{text}");
        }
        Err(error) => in_the_query(&error),
    }
    match required_query(text, "token") {
        Ok(token) => assert!(!token.0.is_empty(), "{text}"),
        Err(error) => in_the_query(&error),
    }
}

fn in_the_query(error: &ApiError) {
    let issues = refusal(error);
    assert!(issues.iter().all(|issue| issue.pointer("/loc/0") == Some(&json!("query"))));
}

/// Checks that only hops written by trusted proxies count: earlier hops don't change the result.
///
/// The data is an IP address, which is IPv6 if the first byte is odd, and an `X-Forwarded-For`.
pub fn client_addresses(data: &[u8]) {
    let trusted: Vec<IpNet> =
        ["10.0.0.0/8", "fd00::/8"].iter().filter_map(|network| network.parse().ok()).collect();
    let Some((kind, data)) = data.split_first() else { return };
    let (peer, header): (IpAddr, &[u8]) = if kind % 2 == 1 {
        let Some((bytes, rest)) = data.split_first_chunk::<16>() else { return };
        (Ipv6Addr::from(*bytes).into(), rest)
    } else {
        let Some((bytes, rest)) = data.split_first_chunk::<4>() else { return };
        (Ipv4Addr::from(*bytes).into(), rest)
    };
    let Ok(header) = std::str::from_utf8(header) else { return };
    let hops: Vec<&str> = header.split(',').collect();
    let found = client::client_address(Some(peer), &hops, &trusted);
    assert_eq!(found, found.to_canonical(), "{peer} {header}");
    if !client::is_trusted(peer.to_canonical(), &trusted) {
        assert_eq!(found, peer.to_canonical(), "{header}");
    }
    if !client::is_trusted(found, &trusted) {
        let forged: Vec<&str> = ["203.0.113.66", "10.6.6.6"].into_iter().chain(hops).collect();
        assert_eq!(client::client_address(Some(peer), &forged, &trusted), found, "{peer} {header}");
    }
}

/// Returns the validation errors of a response, after checking their shape: see `docs/reference/errors.md`.
fn refusal(error: &ApiError) -> Vec<Value> {
    assert_eq!(error.status_code(), StatusCode::UNPROCESSABLE_ENTITY, "{error:?}");
    let answer = serde_json::to_value(error.body(OffsetDateTime::UNIX_EPOCH)).unwrap_or_default();
    let issues = answer.get("detail").and_then(Value::as_array).cloned().unwrap_or_default();
    assert!(!issues.is_empty() && answer.as_object().is_some_and(|it| it.len() == 1), "{answer}");
    for issue in &issues {
        let kinds = catalog::ISSUE_TYPES.iter();
        assert!(kinds.into_iter().any(|kind| issue["type"] == kind.name), "{issue}");
        let loc = issue.get("loc").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        assert!(!loc.is_empty() && loc.iter().all(|it| it.is_string() || it.is_u64()), "{issue}");
        assert!(issue["msg"].as_str().is_some_and(|msg| !msg.is_empty()), "{issue}");
        assert!(issue.get("input").is_some(), "{issue}");
        assert!(issue.get("ctx").is_none_or(Value::is_object), "{issue}");
    }
    issues
}
