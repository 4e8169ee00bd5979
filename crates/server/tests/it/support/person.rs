use doorward_domain::{
    OrgId, SessionId, UserId,
    account::{email::EmailAddress, profile::Profile, user::User, username::Username},
    org::{
        Org, OrgKind, OrgName,
        invite::{Invite, InviteState},
        membership::Membership,
        role::Role,
    },
    request_context::IpPrefix,
    session::{Session, SessionState},
    token::{AccessClaims, TokenPurpose, TokenRef},
};
use serde_json::{Value, json};
use time::Duration;

use super::{Answer, TestApp};

pub(crate) const PASSWORD: &str = "correct horse battery";

/// A signed-in user.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: UserId,
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) workspace: String,
}

impl From<Value> for Person {
    fn from(body: Value) -> Self {
        let text = |pointer: &str| body.pointer(pointer)?.as_str().map(str::to_owned);
        Self {
            id: text("/user/user_id").unwrap().parse().unwrap(),
            access: text("/access_token").unwrap(),
            refresh: text("/refresh_token").unwrap(),
            workspace: text("/user/default_workspace_id").unwrap_or_default(),
        }
    }
}

impl Person {
    /// Returns the organization of the access token.
    pub(crate) fn org_id(&self) -> Option<String> {
        org_id(&self.access)
    }
}

/// Returns the `org_id` claim of an access token.
pub(crate) fn org_id(access: &str) -> Option<String> {
    let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(access).unwrap().claims;
    claims["org_id"].as_str().map(str::to_owned)
}

impl TestApp {
    /// Registers `name` with an email address at example.com.
    pub(crate) async fn register(&self, name: &str) -> Person {
        let body = json!({
            "email": format!("{name}@example.com"), "username": name, "password": PASSWORD,
        });
        self.post("/v1/auth/register").json(&body).send().await.ok().into()
    }

    /// Restores what was counted per day and hour in the database, such as changes of passwords.
    pub(crate) async fn restore_allowances(&self) {
        let ports = &self.state.ports;
        let mut repositories = ports.storage.connect().await.unwrap();
        let later = ports.clock.now() + Duration::DAY;
        repositories.outbox().delete_allowances(later, 100).await.unwrap();
    }

    /// Registers `name` with a verified email address.
    pub(crate) async fn register_verified(&self, name: &str) -> Person {
        let person = self.register(name).await;
        let ports = &self.state.ports;
        let email = EmailAddress::parse(&format!("{name}@example.com")).unwrap();
        let mut repositories = ports.storage.connect().await.unwrap();
        let users = repositories.users();
        assert!(users.verify_email(person.id, &email, ports.clock.now()).await.unwrap());
        person
    }

    /// Creates an account without a password, which no endpoint does, and returns an access token.
    pub(crate) async fn register_without_password(&self, name: &str) -> String {
        self.without_password(name, true).await
    }

    /// Like [`TestApp::register_without_password`], and chooses whether the email address is verified.
    pub(crate) async fn without_password(&self, name: &str, is_verified: bool) -> String {
        let ports = &self.state.ports;
        let now = ports.clock.now();
        let user = User {
            id: UserId::from_uuid(ports.ids.next()),
            email: EmailAddress::parse(&format!("{name}@example.com")).unwrap(),
            username: Username::parse(name).unwrap(),
            profile: Profile::default(),
            verified_at: is_verified.then_some(now),
            disabled_at: None,
            is_platform_admin: false,
            is_provisional: false,
            has_password: false,
            default_org: None,
            last_login_at: None,
            created_at: now,
            updated_at: now,
        };
        let session = Session {
            id: SessionId::from_uuid(ports.ids.next()),
            user_id: user.id,
            org_id: None,
            generation: Session::FIRST_GENERATION,
            created_at: now,
            rotated_at: now,
            idle_expires_at: now + Duration::DAY,
            expires_at: now + Duration::DAY,
            network: IpPrefix::of([127, 0, 0, 1].into()),
            user_agent: None,
            last_network: IpPrefix::of([127, 0, 0, 1].into()),
            last_user_agent: None,
            state: SessionState::Live,
        };
        let mut work = ports.storage.begin().await.unwrap();
        work.users().insert(&user, None).await.unwrap();
        work.sessions().open(&session).await.unwrap();
        work.commit().await.unwrap();
        let claims = AccessClaims {
            user_id: user.id,
            session_id: session.id,
            org_id: None,
            roles: Vec::new(),
            email_verified: user.is_verified(),
            issued_at: now,
            expires_at: now + Duration::HOUR,
        };
        ports.access_tokens.sign(&claims).unwrap().expose().to_owned()
    }

    pub(crate) async fn login(&self, name: &str, password: &str) -> Answer {
        let body = json!({ "username": name, "password": password });
        self.post("/v1/auth/login").json(&body).send().await
    }

    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        self.post("/v1/auth/refresh").json(&json!({ "refresh_token": token })).send().await
    }

    pub(crate) async fn me(&self, access: &str) -> Answer {
        self.get("/v1/auth/me").bearer(access).send().await
    }

    /// Creates a shared organization.
    pub(crate) async fn shared_org(&self, owner: &Person) -> OrgId {
        let ports = &self.state.ports;
        let id = OrgId::from_uuid(ports.ids.next());
        let org = Org {
            id,
            name: OrgName::parse("Acme").unwrap(),
            kind: OrgKind::Shared,
            created_at: ports.clock.now(),
        };
        let mut work = ports.storage.begin().await.unwrap();
        work.orgs().insert(&org).await.unwrap();
        work.commit().await.unwrap();
        self.join(owner, id, Role::Owner).await;
        id
    }

    pub(crate) async fn join(&self, person: &Person, org_id: OrgId, role: Role) {
        let joined_at = self.state.ports.clock.now();
        let membership = Membership { user_id: person.id, org_id, role, joined_at };
        let mut repositories = self.state.ports.storage.connect().await.unwrap();
        assert!(repositories.memberships().insert(&membership).await.unwrap());
    }

    pub(crate) async fn leave(&self, person: &Person, org_id: OrgId) {
        let mut repositories = self.state.ports.storage.connect().await.unwrap();
        assert!(repositories.memberships().remove(org_id, person.id).await.unwrap());
    }

    pub(crate) async fn disable(&self, person: &Person) {
        let now = self.state.ports.clock.now();
        let mut repositories = self.state.ports.storage.connect().await.unwrap();
        repositories.users().set_disabled(person.id, Some(now)).await.unwrap();
    }

    /// Invites an email address as a member, and returns the invite's token.
    pub(crate) async fn invite(&self, inviter: &Person, org_id: OrgId, email: &str) -> String {
        let ports = &self.state.ports;
        let now = ports.clock.now();
        let invite = Invite {
            id: doorward_domain::InviteId::from_uuid(ports.ids.next()),
            org_id,
            email: EmailAddress::parse(email).unwrap(),
            role: Role::Member,
            invited_by: inviter.id,
            counter: 1,
            created_at: now,
            expires_at: now + Invite::LIFETIME,
            state: InviteState::Pending,
        };
        let mut repositories = ports.storage.connect().await.unwrap();
        let stored = repositories.invites().upsert(&invite).await.unwrap();
        let token = TokenRef { id: stored.id.as_uuid(), counter: stored.counter };
        ports.opaque_tokens.issue(TokenPurpose::Invite, token).expose().to_owned()
    }
}
