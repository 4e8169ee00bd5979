use std::{cell::RefCell, fmt, future::Future, rc::Rc};

use doorward_application::{Caller, authenticate::AuthenticateError};
use doorward_domain::{error::chain, ports::Clock, session::SessionState, token::AccessClaims};
use time::{Duration, OffsetDateTime};

use super::{Loot, Person, memory::Signed};
use crate::{
    history::Moment,
    journal::Invariant,
    storage::State,
    world::{Answer, App, World, client},
};

/// By how much the clock is set back at most in a run, and how far clocks may differ besides.
pub(super) const SLACK: Duration = Duration::minutes(3);

/// A device of a person's, which does one thing after the other.
pub struct Device {
    pub(super) name: String,
    pub(super) world: Rc<World>,
    pub(super) person: Rc<Person>,
    pub(super) loot: Rc<Loot>,
    pub(super) signed: RefCell<Option<Signed>>,
    pub(super) token: RefCell<Option<String>>,
}

impl Device {
    /// A device that nobody has signed in on.
    pub fn new(name: String, world: Rc<World>, person: Rc<Person>, loot: Rc<Loot>) -> Self {
        let (signed, token) = Default::default();
        Self { name, world, person, loot, signed, token }
    }

    /// Does so many things.
    pub async fn live(&self, things: u64) {
        for _ in 0..things {
            if !*self.person.is_registered.borrow() {
                self.register().await;
            } else if self.signed.borrow().is_none() {
                self.get_in().await;
            } else {
                self.do_something().await;
            }
            self.world.clock.sleep(Duration::milliseconds(self.chance(3000).cast_signed())).await;
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
        match self.chance(100) {
            0..=9 => self.look().await,
            10..=39 => self.refresh().await,
            40..=43 => self.logout().await,
            44..=49 => self.change_password().await,
            50..=52 => self.forget_password().await,
            53..=58 => self.reset_password().await,
            59..=61 => self.ask_again().await,
            62..=70 => self.verify().await,
            71..=74 => self.create_org().await,
            75..=81 => self.invite().await,
            82..=89 => self.accept().await,
            90..=92 => self.switch_org().await,
            93..=95 => self.change_role().await,
            96..=97 => self.remove_member().await,
            _ => self.trespass().await,
        }
    }

    /// Holds that something is so, which the server has just said.
    pub(super) fn check(&self, holds: bool, invariant: Invariant, text: &str) {
        self.world.journal.check(holds, invariant, || format!("{}: {text}", self.name));
    }

    pub(super) fn hears(&self, what: fmt::Arguments<'_>) {
        self.world.journal.note(format_args!("{} hears: {what}", self.name));
    }

    /// Takes note of a failure, of which there are none where nothing goes wrong.
    pub(super) fn fails(&self, error: &(dyn std::error::Error + 'static)) {
        self.hears(format_args!("failure: {}", chain(error)));
        let calm = self.world.faults.are_none();
        self.check(!calm, Invariant::GetsOn, "the server failed, and nothing had gone wrong");
    }

    /// Asks for something that one has to be signed in for.
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

    /// Asks for something with an access token.
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
            let caller = application.authenticate.run(&access, client()).await?;
            Ok(request(application, caller).await)
        };
        let Answer { since, heard, .. } = self.world.ask(&self.name, what, work).await;
        match heard? {
            Ok(done) => {
                self.is_rightly_known(&presented, since, asked_at);
                Some((since, done))
            }
            Err(AuthenticateError::Rejected) => {
                self.hears(format_args!("the access token is not good"));
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
            return self.check(false, Invariant::NothingOpens, "a token of nobody's was good");
        };
        let stood = self.world.history.ever_since(since, |state| stands(state, &claims));
        self.check(stood, Invariant::NothingOpens, "a revoked access token was good");
        let late = asked_at > claims.expires_at + SLACK;
        self.check(!late, Invariant::NothingOpens, "an expired access token was good");
    }

    fn is_rightly_unknown(&self, access: &str, since: Moment) {
        let Some(claims) = self.world.access_tokens.read(access) else { return };
        let fell = self.world.history.ever_since(since, |state| !stands(state, &claims));
        let late = self.world.clock.now() + SLACK > claims.expires_at;
        let early = self.world.clock.now() < claims.issued_at;
        self.check(fell || late || early, Invariant::GetsOn, "a good access token was refused");
    }
}

/// Whether a token's session goes on, and its user belongs to its organisation.
fn stands(state: &State, claims: &AccessClaims) -> bool {
    let session = state.sessions.get(&claims.session_id);
    session.is_some_and(|session| session.state == SessionState::Live)
        && claims.org_id.is_none_or(|org| state.role(claims.user_id, org).is_some())
}
