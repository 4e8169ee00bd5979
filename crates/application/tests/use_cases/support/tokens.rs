//! Tokens with readable content, which real tokens hide.

use doorward_domain::{
    OrgId, SessionId, UserId,
    mock::{MockAccessTokens, MockOpaqueTokens},
    org::{invite::Invite, role::Role},
    ports::SigningFailed,
    token::{AccessClaims, PlainToken, TokenPurpose, TokenRef, one_time::OneTimeToken},
};

use super::invite;

/// Returns the prefix of the purpose, followed by the row and the counter.
pub(crate) fn opaque_token(purpose: TokenPurpose, token: TokenRef) -> String {
    format!("{}{}.{}", purpose.prefix(), token.id, token.counter)
}

fn open(purpose: TokenPurpose, text: &str) -> Option<TokenRef> {
    let (row, counter) = text.strip_prefix(purpose.prefix())?.split_once('.')?;
    let row = row.parse::<SessionId>().ok()?.as_uuid();
    Some(TokenRef { id: row, counter: counter.parse().ok()? })
}

pub(crate) fn opaque_tokens() -> MockOpaqueTokens {
    let mut tokens = MockOpaqueTokens::new();
    tokens.expect_issue().returning(|purpose, token| PlainToken::new(opaque_token(purpose, token)));
    tokens.expect_verify().returning(open);
    tokens
}

/// Returns the access token of a user's session in an organization, with these roles.
pub(crate) fn access_token(
    user: UserId,
    session: SessionId,
    workspace: Option<(OrgId, Role)>,
) -> String {
    let org = workspace.map(|(org, _)| org);
    let roles: Vec<_> = workspace.map(|(_, role)| role.as_str()).into_iter().collect();
    format!("{user} by {session} in {org:?} as {roles:?}")
}

/// A signer without a key.
pub(crate) fn keyless() -> MockAccessTokens {
    let mut tokens = MockAccessTokens::new();
    tokens.expect_sign().once().returning(|_| Err(SigningFailed("no key".into())));
    tokens
}

/// A signer that expects no verification, unless the test adds it.
pub(crate) fn access_tokens() -> MockAccessTokens {
    let mut tokens = MockAccessTokens::new();
    tokens.expect_sign().returning(|claims| {
        let AccessClaims { user_id, session_id, org_id, roles, .. } = claims;
        let text = format!("{user_id} by {session_id} in {org_id:?} as {roles:?}");
        Ok(PlainToken::new(text))
    });
    tokens
}

pub(crate) fn refresh_token(session: SessionId, generation: u32) -> String {
    let token = TokenRef { id: session.as_uuid(), counter: generation };
    opaque_token(TokenPurpose::Refresh, token)
}

/// Returns the session of a refresh token.
pub(crate) fn open_refresh_token(token: &PlainToken) -> SessionId {
    SessionId::from_uuid(open(TokenPurpose::Refresh, token.expose()).unwrap().id)
}

pub(crate) fn reference(token: &OneTimeToken) -> TokenRef {
    TokenRef { id: token.id.as_uuid(), counter: token.counter }
}

pub(crate) fn invite_reference(invite: &Invite) -> TokenRef {
    TokenRef { id: invite.id.as_uuid(), counter: invite.counter }
}

pub(crate) fn invite_token() -> String {
    opaque_token(TokenPurpose::Invite, invite_reference(&invite()))
}
