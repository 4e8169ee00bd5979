//! Tokens in plain sight: they say what a real one keeps to itself.

use doorward_domain::{
    OrgId, SessionId, UserId,
    invite::Invite,
    mock::{MockAccessTokens, MockOpaqueTokens},
    one_time_token::OneTimeToken,
    ports::SigningFailed,
    role::Role,
    token::{AccessClaims, PlainToken, TokenPurpose, TokenRef},
};

use super::invite;

/// The prefix of a purpose, then the row and the counter.
pub(crate) fn opaque_token(purpose: TokenPurpose, token: TokenRef) -> String {
    format!("{}{}.{}", purpose.prefix(), token.row, token.counter)
}

fn open(purpose: TokenPurpose, text: &str) -> Option<TokenRef> {
    let (row, counter) = text.strip_prefix(purpose.prefix())?.split_once('.')?;
    let row = row.parse::<SessionId>().ok()?.as_uuid();
    Some(TokenRef { row, counter: counter.parse().ok()? })
}

pub(crate) fn opaque_tokens() -> MockOpaqueTokens {
    let mut tokens = MockOpaqueTokens::new();
    tokens.expect_issue().returning(|purpose, token| PlainToken::new(opaque_token(purpose, token)));
    tokens.expect_open().returning(open);
    tokens
}

/// The token of a person's session in an organisation, with the roles it names.
pub(crate) fn access_token(
    user: UserId,
    session: SessionId,
    workspace: Option<(OrgId, Role)>,
) -> String {
    let org = workspace.map(|(org, _)| org);
    let roles: Vec<_> = workspace.map(|(_, role)| role.as_str()).into_iter().collect();
    format!("{user} by {session} in {org:?} as {roles:?}")
}

/// A signer that has no key.
pub(crate) fn keyless() -> MockAccessTokens {
    let mut tokens = MockAccessTokens::new();
    tokens.expect_sign().once().returning(|_| Err(SigningFailed("no key".into())));
    tokens
}

/// A signer; nothing is verified unless the test says so.
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
    let token = TokenRef { row: session.as_uuid(), counter: generation };
    opaque_token(TokenPurpose::Refresh, token)
}

/// The session that a refresh token continues.
pub(crate) fn open_refresh_token(token: &PlainToken) -> SessionId {
    SessionId::from_uuid(open(TokenPurpose::Refresh, token.expose()).unwrap().row)
}

pub(crate) fn reference(token: &OneTimeToken) -> TokenRef {
    TokenRef { row: token.id.as_uuid(), counter: token.counter }
}

pub(crate) fn invite_reference(invite: &Invite) -> TokenRef {
    TokenRef { row: invite.id.as_uuid(), counter: invite.counter }
}

pub(crate) fn invite_token() -> String {
    opaque_token(TokenPurpose::Invite, invite_reference(&invite()))
}
