use doorward_domain::{
    invite::InvitePolicy, mail::PublicUrl, org::OrgPolicy, session::SessionLifetimes,
    signing_key::KeySchedule,
};
use time::Duration;

/// What an operator may decide about the use cases.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whether people may register without an invite.
    pub allow_registration: bool,
    /// Whether an account may be used before its e-mail address is verified.
    pub require_verified_email: bool,
    /// Who may create organizations, and how many.
    pub orgs: OrgPolicy,
    /// How many invitations may be sent, and where to.
    pub invites: InvitePolicy,
    /// How long an access token lasts.
    pub access_lifetime: Duration,
    /// How long sessions last.
    pub sessions: SessionLifetimes,
    /// When signing keys follow each other.
    pub keys: KeySchedule,
    /// What links in mails begin with.
    pub public_url: PublicUrl,
    /// Where links in mails lead: this server's pages, or a front end that stands for them.
    pub frontend_url: PublicUrl,
    /// Whether this server has pages for people, which emails can lead to.
    pub has_pages: bool,
}

impl Settings {
    /// The defaults, for links that begin with this URL.
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
