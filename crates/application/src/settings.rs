use doorward_domain::{
    mail::PublicUrl,
    org::{OrgPolicy, invite::InvitePolicy},
    session::SessionLifetimes,
    signing_key::KeySchedule,
};
use time::Duration;

/// The settings of the use cases, which the operator chooses.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whether users can register without an invite.
    pub allow_registration: bool,
    /// Whether an account can be used only after its email address is verified.
    pub require_verified_email: bool,
    /// Which users may create organizations, and how many each may own.
    pub orgs: OrgPolicy,
    /// How many invitations may be sent, and to which email domains.
    pub invites: InvitePolicy,
    /// The lifetime of an access token.
    pub access_lifetime: Duration,
    /// The lifetimes of sessions, and the reuse interval of refresh tokens.
    pub sessions: SessionLifetimes,
    /// The rotation schedule of signing keys.
    pub keys: KeySchedule,
    /// The public URL of this server. Links to pages that only this server has begin with it.
    pub public_url: PublicUrl,
    /// The URL that links in emails begin with: that of this server's pages, or of a front end that replaces them.
    pub frontend_url: PublicUrl,
    /// Whether this server serves HTML pages that emails can link to.
    pub has_pages: bool,
}

impl Settings {
    /// Returns the default settings. Links in emails begin with `public_url`.
    pub fn new(public_url: PublicUrl) -> Self {
        Self {
            allow_registration: true,
            require_verified_email: false,
            orgs: OrgPolicy::default(),
            invites: InvitePolicy::default(),
            access_lifetime: Duration::minutes(15),
            sessions: SessionLifetimes::default(),
            keys: KeySchedule::default(),
            frontend_url: public_url.clone(),
            public_url,
            has_pages: true,
        }
    }
}
