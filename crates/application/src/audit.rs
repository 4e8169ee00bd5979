use doorward_domain::{
    AuditEventId, OrgId, SessionId, UserId,
    audit::{AuditEvent, AuditKind},
    client::Client,
};

use crate::Ports;

/// An entry of the audit trail, made now.
pub(crate) fn event(
    ports: &Ports,
    kind: AuditKind,
    client: &Client,
    user_id: UserId,
    org_id: Option<OrgId>,
    session_id: Option<SessionId>,
) -> AuditEvent {
    AuditEvent {
        id: AuditEventId::from_uuid(ports.ids.next()),
        kind,
        at: ports.clock.now(),
        user_id: Some(user_id),
        org_id,
        session_id,
        client: client.clone(),
    }
}

/// An entry of what was tried, and with whose account, if it was anybody's.
pub(crate) fn failure(
    ports: &Ports,
    kind: AuditKind,
    client: &Client,
    user_id: Option<UserId>,
) -> AuditEvent {
    AuditEvent { user_id, client: client.clone(), ..by_the_server(ports, kind) }
}

/// An entry of what an operator does with somebody's account.
pub(crate) fn by_an_operator(ports: &Ports, kind: AuditKind, user_id: UserId) -> AuditEvent {
    AuditEvent { user_id: Some(user_id), ..by_the_server(ports, kind) }
}

/// An entry of what the server or its operator does, and nobody's account is concerned.
pub(crate) fn by_the_server(ports: &Ports, kind: AuditKind) -> AuditEvent {
    AuditEvent {
        id: AuditEventId::from_uuid(ports.ids.next()),
        kind,
        at: ports.clock.now(),
        user_id: None,
        org_id: None,
        session_id: None,
        client: Client::itself(),
    }
}
