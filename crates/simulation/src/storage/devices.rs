//! The incorrect passwords of devices and sessions.

use doorward_domain::{
    SessionId, UserId, account::user::LoginCandidate, session::SessionEndReason, token::TokenRef,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    sessions::{end, may_end},
    state::{Account, State},
};

pub(super) const CAP: u32 = LoginCandidate::DEVICE_FAILURES_CAP;

impl Account {
    pub(super) fn failures_of(&self, device: Uuid) -> u32 {
        self.device_failures.get(&device).copied().unwrap_or_default()
    }

    fn count_failure_of(&mut self, device: Uuid) -> u32 {
        let failures = self.device_failures.entry(device).or_default();
        *failures += 1;
        *failures
    }
}

impl State {
    pub(super) fn count_device_failure(
        &mut self,
        id: UserId,
        device: TokenRef,
        now: OffsetDateTime,
    ) -> bool {
        let Some(account) = self.users.get_mut(&id) else { return false };
        if device.id == id.as_uuid() {
            let is_known =
                account.password_version == device.counter && account.failures_of(device.id) < CAP;
            return is_known && account.count_failure_of(device.id) == CAP;
        }
        let session = self.sessions.get_mut(&SessionId::from_uuid(device.id));
        let session = session.filter(|session| session.user_id == id && may_end(session));
        let Some(session) = session else { return false };
        let is_last = account.count_failure_of(device.id) >= CAP;
        if is_last {
            end(session, SessionEndReason::TooManyFailures, now);
        }
        is_last
    }

    pub(super) fn inherit(&mut self, id: SessionId, from: SessionId) {
        let Some(former) = self.sessions.get(&from).cloned() else { return };
        let Some(account) = self.users.get_mut(&former.user_id) else { return };
        let session = self.sessions.get_mut(&id);
        let Some(session) = session.filter(|it| it.user_id == former.user_id) else { return };
        session.expires_at = session.expires_at.min(former.expires_at);
        let failures = account.failures_of(from.as_uuid());
        account.device_failures.insert(id.as_uuid(), failures);
    }
}
