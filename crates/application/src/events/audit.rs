use doorward_domain::{
    AuditEventId, OrgId, SessionId, UserId,
    audit::{AuditEvent, AuditKind},
    request_context::RequestContext,
};

use crate::Ports;

/// Creates an audit event with the current time.
pub(crate) fn event(
    ports: &Ports,
    kind: AuditKind,
    client: &RequestContext,
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

/// Creates an audit event for a failed attempt, with the account that it was made on, if that exists.
pub(crate) fn failure(
    ports: &Ports,
    kind: AuditKind,
    client: &RequestContext,
    user_id: Option<UserId>,
) -> AuditEvent {
    AuditEvent { user_id, client: client.clone(), ..by_system(ports, kind) }
}

/// Creates an audit event for an operator's action on an account.
pub(crate) fn by_operator(ports: &Ports, kind: AuditKind, user_id: UserId) -> AuditEvent {
    AuditEvent { user_id: Some(user_id), ..by_system(ports, kind) }
}

/// Creates an audit event for an action of the server or its operator that concerns no account.
pub(crate) fn by_system(ports: &Ports, kind: AuditKind) -> AuditEvent {
    AuditEvent {
        id: AuditEventId::from_uuid(ports.ids.next()),
        kind,
        at: ports.clock.now(),
        user_id: None,
        org_id: None,
        session_id: None,
        client: RequestContext::internal(),
    }
}
