use std::{cell::RefCell, fmt, future::Future, rc::Rc};

use doorward_application::{Caller, access::authenticate::AuthenticateError};
use doorward_domain::{error::chain, ports::Clock, session::SessionState, token::AccessClaims};
use time::{Duration, OffsetDateTime};

use super::{Loot, Person, memory::Signed};
use crate::{
    history::Moment,
    journal::Invariant,
    storage::State,
    world::{Answer, App, World, client},
};

/// The maximum delay before a device starts, and the maximum pause between two actions, in milliseconds.
const LATE: u64 = 30_000;
const REST: u64 = 3000;

/// By how much the clock is set back at most in a run, plus the tolerated clock skew.
pub(super) const SLACK: Duration = Duration::minutes(3);

/// A device of a user. It performs one action after another.
pub struct Device {
    pub(super) name: String,
    pub(super) world: Rc<World>,
    pub(super) person: Rc<Person>,
    pub(super) loot: Rc<Loot>,
    pub(super) signed: RefCell<Option<Signed>>,
    pub(super) token: RefCell<Option<String>>,
}

impl Device {
    /// Creates a device without a session.
    pub fn new(name: String, world: Rc<World>, person: Rc<Person>, loot: Rc<Loot>) -> Self {
        let (signed, token) = Default::default();
        Self { name, world, person, loot, signed, token }
    }

    /// Performs this number of actions, with pauses.
    pub async fn live(&self, things: u64) {
        if self.world.chance.happens(4000) {
            self.world.clock.sleep(Duration::milliseconds(self.chance(LATE).cast_signed())).await;
        }
        for _ in 0..things {
            if !*self.person.is_registered.borrow() {
                self.register().await;
            } else if self.signed.borrow().is_none() {
                self.get_in().await;
            } else {
                self.do_something().await;
            }
            self.world.clock.sleep(Duration::milliseconds(self.chance(REST).cast_signed())).await;
        }
    }

    pub(super) fn chance(&self, below: u64) -> u64 {
        self.world.chance.below(below)
    }

    async fn get_in(&self) {
        match self.chance(10) {
            0 => self.forget_password().await,
            1 | 2 => self.reset_password().await,
            3 => self.guess().await,
            _ => self.login().await,
        }
    }

    async fn do_something(&self) {
        // In half of the runs users mostly work in shared organizations, in the others with their own
        // accounts.
        let together = if self.world.is_about_orgs { 6 } else { 1 };
        match self.chance(10) {
            number if number < together => self.use_orgs().await,
            7..=8 => self.use_mail().await,
            _ => self.use_session().await,
        }
    }

    async fn use_session(&self) {
        match self.chance(10) {
            0 => self.look().await,
            1 => self.logout().await,
            2 => self.trespass().await,
            _ => self.refresh().await,
        }
    }

    async fn use_mail(&self) {
        match self.chance(10) {
            0 | 1 => self.change_password().await,
            2 => self.forget_password().await,
            3..=5 => self.reset_password().await,
            6 => self.ask_again().await,
            7 => self.change_email().await,
            _ => self.verify().await,
        }
    }

    async fn use_orgs(&self) {
        match self.chance(12) {
            0 => self.create_org().await,
            1..=4 => self.invite().await,
            5..=7 => self.accept().await,
            8 => self.switch_org().await,
            9 | 10 => self.change_role().await,
            _ => self.remove_member().await,
        }
    }

    /// Checks a condition on the server's latest response.
    pub(super) fn check(&self, holds: bool, invariant: Invariant, text: &str) {
        self.world.journal.check(holds, invariant, || format!("{}: {text}", self.name));
    }

    pub(super) fn hears(&self, what: fmt::Arguments<'_>) {
        self.world.journal.note(format_args!("{} hears: {what}", self.name));
    }

    /// Counts a kind of response, to show that it occurs in the runs.
    pub(super) fn counts(&self, what: &'static str) {
        self.world.journal.count(what);
    }

    /// Records a failure. Without faults there must be none.
    pub(super) fn fails(&self, error: &(dyn std::error::Error + 'static)) {
        self.hears(format_args!("failure: {}", chain(error)));
        self.counts("failure");
        let calm = self.world.faults.are_none();
        self.check(!calm, Invariant::GetsOn, "the server failed without a fault");
    }

    /// Sends a request that requires a session.
    pub(super) async fn ask_signed<T, F>(
        &self,
        what: fmt::Arguments<'_>,
        request: impl FnOnce(App, Caller) -> F + 'static,
    ) -> Option<(Moment, T)>
    where
        T: 'static,
        F: Future<Output = T> + 'static,
    {
        let access = self.signed.borrow().as_ref()?.access.clone();
        self.ask_with(access, what, request).await
    }

    /// Sends a request with an access token.
    pub(super) async fn ask_with<T, F>(
        &self,
        access: String,
        what: fmt::Arguments<'_>,
        request: impl FnOnce(App, Caller) -> F + 'static,
    ) -> Option<(Moment, T)>
    where
        T: 'static,
        F: Future<Output = T> + 'static,
    {
        let (presented, asked_at) = (access.clone(), self.world.clock.now());
        let work = |application: App| async move {
            let caller = application.access.authenticate.run(&access, client()).await?;
            Ok(request(application, caller).await)
        };
        let Answer { since, heard, .. } = self.world.ask(&self.name, what, work).await;
        match heard? {
            Ok(done) => {
                self.is_rightly_known(&presented, since, asked_at);
                Some((since, done))
            }
            Err(AuthenticateError::Rejected) => {
                self.hears(format_args!("the access token is invalid"));
                self.counts("access token rejected");
                self.is_rightly_unknown(&presented, since);
                None
            }
            Err(AuthenticateError::Failure(error)) => {
                self.fails(&error);
                None
            }
        }
    }

    fn is_rightly_known(&self, access: &str, since: Moment, asked_at: OffsetDateTime) {
        let Some(claims) = self.world.access_tokens.read(access) else {
            return self.check(false, Invariant::NothingOpens, "an unknown token was accepted");
        };
        let stood = self.world.history.ever_since(since, |state| stands(state, &claims));
        self.check(stood, Invariant::NothingOpens, "a revoked access token was accepted");
        let late = asked_at > claims.expires_at + SLACK;
        self.check(!late, Invariant::NothingOpens, "an expired access token was accepted");
    }

    fn is_rightly_unknown(&self, access: &str, since: Moment) {
        let Some(claims) = self.world.access_tokens.read(access) else { return };
        let fell = self.world.history.ever_since(since, |state| !stands(state, &claims));
        let late = self.world.clock.now() + SLACK > claims.expires_at;
        let early = self.world.clock.now() < claims.issued_at;
        self.check(fell || late || early, Invariant::GetsOn, "a valid access token was rejected");
    }
}

/// Returns `true` if the session of a token is live and its user is a member of its organization.
fn stands(state: &State, claims: &AccessClaims) -> bool {
    let session = state.sessions.get(&claims.session_id);
    session.is_some_and(|session| session.state == SessionState::Live)
        && claims.org_id.is_none_or(|org| state.role(claims.user_id, org).is_some())
}
