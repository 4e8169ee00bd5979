use std::collections::BTreeMap;

use async_trait::async_trait;
use doorward_domain::{
    SessionId, UserId,
    account::{
        email::EmailAddress,
        profile::{Change, ProfileChange},
        user::{ClientEvidence, EmailChange, LoginCandidate, LoginIdentifier, User, UserFilter},
        username::Username,
    },
    audit::AuditKind,
    credential::password::{NewHash, PasswordHash, StoredPassword},
    pagination::{Page, PageQuery},
    ports::{ChangeEmailError, InsertUserError, StorageError, UserRepository},
    token::TokenRef,
};
use time::OffsetDateTime;

use super::{
    devices::CAP,
    state::{Account, State, page, refers_to_nothing},
    work::Work,
};

/// The version of an account's first password, or of the one that it may get later.
const FIRST_VERSION: u32 = 1;
/// How many of the latest entries in the audit trail a sign-in considers.
const RECENT: usize = 100;

impl Account {
    fn stored_password(&self) -> Option<StoredPassword> {
        let hash = self.password.clone()?;
        Some(StoredPassword { hash, version: self.password_version })
    }

    fn replace_password(&mut self, new: &NewHash) -> u32 {
        self.password = Some(new.hash.clone());
        self.password_version += 1;
        self.password_set = Some((new.at, new.from));
        self.device_failures.remove(&self.user.id.as_uuid());
        self.user.has_password = true;
        self.user.updated_at = new.at;
        self.password_version
    }

    /// Returns whether the password was recently set from the client's network, and on its device.
    fn is_set_on(&self, client: &ClientEvidence) -> (bool, bool) {
        let since = client.now - LoginCandidate::RESET_IS_KNOWN_FOR;
        let Some((_, from)) = self.password_set.filter(|(at, _)| *at > since) else {
            return (false, false);
        };
        let device = TokenRef { id: self.user.id.as_uuid(), counter: self.password_version };
        let is_known = client.device == Some(device) && self.failures_of(device.id) < CAP;
        (from.is_some() && from == client.network, is_known)
    }
}

impl State {
    fn account(&self, has: impl Fn(&User) -> bool) -> Option<&Account> {
        self.users.rows().find(|account| has(&account.user))
    }

    fn insert_user(
        &mut self,
        user: &User,
        password: Option<PasswordHash>,
    ) -> Result<Result<(), InsertUserError>, StorageError> {
        let email = self.account(|other| other.email.key() == user.email.key()).is_some();
        let username = self.account(|other| other.username.key() == user.username.key()).is_some();
        if email || username || self.users.contains(&user.id) {
            return Ok(Err(InsertUserError::Taken { email, username }));
        }
        if user.default_org.is_some_and(|org| !self.orgs.contains(&org)) {
            return Err(refers_to_nothing());
        }
        let user = User { has_password: password.is_some(), ..user.clone() };
        let row = Account {
            password,
            password_version: FIRST_VERSION,
            password_set: None,
            device_failures: BTreeMap::new(),
            user,
        };
        self.users.insert(row.user.id, row);
        Ok(Ok(()))
    }

    fn credentials(
        &self,
        name: &LoginIdentifier,
        client: &ClientEvidence,
    ) -> Option<LoginCandidate> {
        let key = name.key();
        let account = self.account(|user| match name {
            LoginIdentifier::Username(_) => user.username.key() == key,
            LoginIdentifier::Email(_) => user.email.key() == key,
        })?;
        let user = account.user.clone();
        let (set_from_network, set_on_device) = account.is_set_on(client);
        let device = client.device.map(|device| SessionId::from_uuid(device.id));
        let trusted = || {
            self.sessions.rows().filter(|row| row.user_id == user.id && row.vouches_for_client())
        };
        Some(LoginCandidate {
            password: account.stored_password(),
            workspace: self.workspace(&user),
            is_known_ip_prefix: set_from_network
                || trusted().any(|session| Some(session.network) == client.network),
            is_known_device: set_on_device || trusted().any(|session| Some(session.id) == device),
            recent_failures: self.recent_failures(user.id),
            user,
        })
    }

    pub(super) fn recent_failures(&self, user_id: UserId) -> u32 {
        let of_user = self.audit.rows().rev().filter(|event| event.user_id == Some(user_id));
        let signs = of_user.map(|event| event.kind).filter(|kind| {
            matches!(
                kind,
                AuditKind::LoginFailed
                    | AuditKind::LoggedIn
                    | AuditKind::PasswordChanged
                    | AuditKind::PasswordReset
                    | AuditKind::PasswordSet
            )
        });
        let failed = signs.take(RECENT).take_while(|kind| *kind == AuditKind::LoginFailed).count();
        failed.try_into().unwrap_or(u32::MAX)
    }

    fn change_email(
        &mut self,
        id: UserId,
        change: &EmailChange,
        now: OffsetDateTime,
    ) -> Result<bool, ChangeEmailError> {
        let holder = self.account(|other| other.email.key() == change.to.key());
        let is_taken = holder.is_some_and(|other| other.user.id != id);
        let account = self.users.get_mut(&id).filter(|account| {
            account.user.email == change.from
                && !(change.unverified_only && account.user.is_verified())
        });
        let Some(Account { user, .. }) = account else { return Ok(false) };
        if is_taken {
            return Err(ChangeEmailError::Taken);
        }
        user.email = change.to.clone();
        (user.verified_at, user.updated_at) = (change.verified_at, now);
        user.is_provisional =
            change.verified_at.is_none() && (change.unverified_only || user.is_provisional);
        Ok(true)
    }

    fn update_profile(
        &mut self,
        id: UserId,
        change: &ProfileChange,
        now: OffsetDateTime,
    ) -> Result<Option<User>, StorageError> {
        if let Change::Set(org) = change.default_org
            && !self.orgs.contains(&org)
        {
            return Err(refers_to_nothing());
        }
        let Some(Account { user, .. }) = self.users.get_mut(&id) else { return Ok(None) };
        let profile = &mut user.profile;
        apply(&mut profile.full_name, &change.full_name);
        apply(&mut profile.avatar_url, &change.avatar_url);
        apply(&mut profile.bio, &change.bio);
        apply(&mut profile.timezone, &change.timezone);
        apply(&mut profile.locale, &change.locale);
        apply(&mut user.default_org, &change.default_org);
        if let Some(object) = change.preferences.as_update() {
            profile.preferences = object.cloned().unwrap_or_default();
        }
        if let Some(object) = change.settings.as_update() {
            profile.settings = object.cloned().unwrap_or_default();
        }
        user.updated_at = now;
        Ok(Some(user.clone()))
    }

    fn delete_user(&mut self, id: UserId) -> bool {
        self.memberships.remove_all(|membership| membership.user_id == id);
        self.sessions.remove_all(|session| session.user_id == id);
        self.one_time_tokens.remove_all(|row| row.token.user_id == id);
        self.invites.remove_all(|invite| invite.invited_by == id);
        self.users.remove(&id)
    }
}

fn apply<T: Clone>(field: &mut Option<T>, change: &Change<T>) {
    if let Some(value) = change.as_update() {
        *field = value.cloned();
    }
}

fn passes(filter: &UserFilter, user: &User) -> bool {
    let begins = filter.prefix.as_deref().unwrap_or_default().to_lowercase();
    (user.email.key().starts_with(&begins) || user.username.key().starts_with(&begins))
        && (!filter.disabled || user.disabled_at.is_some())
        && (!filter.unverified || user.verified_at.is_none())
        && (!filter.platform_admins || user.is_platform_admin)
}

#[async_trait]
impl UserRepository for Work {
    async fn insert(
        &mut self,
        user: &User,
        password_hash: Option<PasswordHash>,
    ) -> Result<(), InsertUserError> {
        self.try_write(|state| state.insert_user(user, password_hash)).await?
    }

    async fn find(&mut self, id: UserId) -> Result<Option<User>, StorageError> {
        self.read(|state| state.users.get(&id).map(|account| account.user.clone())).await
    }

    async fn find_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>, StorageError> {
        let key = email.key();
        self.read(|state| {
            state.account(|user| user.email.key() == key).map(|account| account.user.clone())
        })
        .await
    }

    async fn find_by_username(&mut self, name: &Username) -> Result<Option<User>, StorageError> {
        let key = name.key();
        self.read(|state| {
            state.account(|user| user.username.key() == key).map(|account| account.user.clone())
        })
        .await
    }

    async fn login_candidate(
        &mut self,
        name: &LoginIdentifier,
        client: &ClientEvidence,
    ) -> Result<Option<LoginCandidate>, StorageError> {
        self.read(|state| state.credentials(name, client)).await
    }

    async fn password(&mut self, id: UserId) -> Result<Option<StoredPassword>, StorageError> {
        self.read(|state| state.users.get(&id).and_then(Account::stored_password)).await
    }

    async fn set_password(
        &mut self,
        id: UserId,
        new: &NewHash,
    ) -> Result<Option<u32>, StorageError> {
        self.write(|state| {
            let account = state.users.get_mut(&id);
            account.map(|account| account.replace_password(new))
        })
        .await
    }

    async fn change_password(
        &mut self,
        id: UserId,
        verified: u32,
        new: &NewHash,
    ) -> Result<bool, StorageError> {
        self.write(|state| {
            let account = state.users.get_mut(&id).filter(|account| {
                account.password_version == verified && account.password.is_some()
            });
            account.map(|account| account.replace_password(new)).is_some()
        })
        .await
    }

    async fn count_device_failure(
        &mut self,
        id: UserId,
        device: TokenRef,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError> {
        self.write(|state| state.count_device_failure(id, device, now)).await
    }

    async fn rehash_password(
        &mut self,
        id: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, StorageError> {
        self.write(|state| {
            let Some(account) = state.users.get_mut(&id) else { return false };
            let is_old =
                account.password.as_ref().is_some_and(|hash| hash.expose() == old.expose());
            if is_old {
                account.password = Some(new.clone());
            }
            is_old
        })
        .await
    }

    async fn password_sample(&mut self, limit: u16) -> Result<Vec<PasswordHash>, StorageError> {
        self.read(|state| {
            let mut rows: Vec<_> = state.users.rows().collect();
            // The end of an ID is random.
            rows.sort_by_key(|account| account.user.id.as_uuid().as_u128() & 0xffff_ffff_ffff);
            let hashes = rows.into_iter().filter_map(|account| account.password.clone());
            hashes.take(limit.into()).collect()
        })
        .await
    }

    async fn verify_email(
        &mut self,
        id: UserId,
        email: &EmailAddress,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError> {
        self.write(|state| {
            let account = state.users.get_mut(&id).filter(|account| account.user.email == *email);
            let Some(Account { user, .. }) = account else { return false };
            if user.verified_at.is_none() {
                (user.verified_at, user.updated_at) = (Some(now), now);
                user.is_provisional = false;
            }
            true
        })
        .await
    }

    async fn change_email(
        &mut self,
        id: UserId,
        change: &EmailChange,
        now: OffsetDateTime,
    ) -> Result<bool, ChangeEmailError> {
        self.write(|state| state.change_email(id, change, now)).await?
    }

    async fn update_profile(
        &mut self,
        id: UserId,
        change: &ProfileChange,
        now: OffsetDateTime,
    ) -> Result<Option<User>, StorageError> {
        self.try_write(|state| state.update_profile(id, change, now)).await
    }

    async fn set_disabled(
        &mut self,
        id: UserId,
        disabled_at: Option<OffsetDateTime>,
    ) -> Result<(), StorageError> {
        self.write(|state| {
            if let Some(account) = state.users.get_mut(&id) {
                account.user.disabled_at = disabled_at;
            }
        })
        .await
    }

    async fn list(
        &mut self,
        filter: &UserFilter,
        request: PageQuery<UserId>,
    ) -> Result<Page<User, UserId>, StorageError> {
        self.read(|state| {
            let rows = state.users.iter().rev().filter(|(_, row)| passes(filter, &row.user));
            page(rows.map(|(id, row)| (*id, row)), request, |account| account.user.clone())
        })
        .await
    }

    async fn set_platform_admin(
        &mut self,
        id: UserId,
        is_platform_admin: bool,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError> {
        self.write(|state| {
            let Some(Account { user, .. }) = state.users.get_mut(&id) else { return false };
            let changes = user.is_platform_admin != is_platform_admin;
            if changes {
                (user.is_platform_admin, user.updated_at) = (is_platform_admin, now);
            }
            changes
        })
        .await
    }

    async fn delete(&mut self, id: UserId) -> Result<bool, StorageError> {
        self.write(|state| state.delete_user(id)).await
    }
}
