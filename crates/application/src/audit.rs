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
