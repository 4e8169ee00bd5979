//! `AuditRepository`. What was recorded can't be read through a port.

use doorward_domain::{
    OrgId, SessionId, UserId,
    audit::{AuditEvent, AuditKind},
    client::Client,
    ports::Storage,
};

use crate::{given::connect, sample};

/// `AuditRepository::record`: any kind of entry, about anybody or nobody.
pub async fn every_kind_of_entry_is_taken(storage: &dyn Storage) {
    let kinds = [
        AuditKind::Registered,
        AuditKind::LoggedOut,
        AuditKind::RefreshReused,
        AuditKind::EmailVerified,
        AuditKind::PasswordChanged,
        AuditKind::PasswordReset,
        AuditKind::InviteAccepted,
    ];
    for kind in kinds {
        let bare = AuditEvent { kind, ..sample::audit_event() };
        let full = AuditEvent {
            kind,
            user_id: Some(UserId::from_uuid(sample::id())),
            org_id: Some(OrgId::from_uuid(sample::id())),
            session_id: Some(SessionId::from_uuid(sample::id())),
            client: Client {
                user_agent: Some("ü".repeat(Client::USER_AGENT_MAX)),
                ..sample::audit_event().client
            },
            ..sample::audit_event()
        };
        for event in [bare, full] {
            connect(storage).await.audit().record(&event).await.unwrap();
        }
    }
}
