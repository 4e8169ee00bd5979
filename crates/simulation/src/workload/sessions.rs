use doorward_application::{
    account::register::{RegisterCommand, RegisterError, RegisterIssue},
    sessions::refresh::{RefreshCommand, RefreshError},
    sign_in::{
        complete::SignedIn,
        password::{LoginCommand, LoginError},
    },
};
use doorward_domain::{
    account::email::EmailAddress,
    credential::password::{NewPassword, Password},
    session::SessionState,
    token::TokenPair,
};

use super::{
    Device,
    memory::{Signed, opened},
};
use crate::{
    history::Moment,
    journal::Invariant,
    ports::password_of,
    storage::{Account, State},
    world::{Answer, App, client},
};

/// How often in a row a device retries a refresh without a response.
const TRIES: u32 = 3;

impl Device {
    pub(super) async fn register(&self) {
        let text = self.person.password();
        let Ok(password) = NewPassword::parse(&text) else { return };
        let Some(email) = self.person.email() else { return };
        let invites = self.world.mailbox.tokens(&self.person.addresses(), "dwi_");
        let invite_token = invites.first().filter(|_| self.world.chance.happens(9000)).cloned();
        let invited = invite_token.clone();
        let command = RegisterCommand {
            email,
            username: self.person.username.clone(),
            password,
            full_name: None,
            invite_token,
            client: client(),
        };
        let what = format_args!("register {text:?}, invited: {}", invited.is_some());
        let work = |app: App| async move { app.account.register.run(command).await };
        let Answer { since, heard, .. } = self.world.ask(&self.name, what, work).await;
        match heard {
            Some(Ok(signed)) => {
                *self.person.is_registered.borrow_mut() = true;
                if let Some(token) = invited {
                    self.counts("registered by an invite");
                    let once = self.world.ledger.uses(&token) == 1;
                    self.check(once, Invariant::OnceAtMost, "an invite was used for two accounts");
                }
                self.is_signed_in(since, &text, &signed);
            }
            Some(Err(RegisterError::Refused(issues))) => self.is_rightly_refused(since, &issues),
            Some(Err(RegisterError::Failure(error))) => self.fails(&error),
            Some(Err(RegisterError::Forbidden(error))) => {
                self.hears(format_args!("{error}"));
                self.check(false, Invariant::GetsOn, "registration is open, but was rejected");
            }
            None => {}
        }
    }

    fn is_rightly_refused(&self, since: Moment, issues: &[RegisterIssue]) {
        self.hears(format_args!("rejected: {issues:?}"));
        self.counts("address taken");
        if issues.contains(&RegisterIssue::EmailTaken)
            || issues.contains(&RegisterIssue::UsernameTaken)
        {
            // The account may come from an earlier attempt without a response, or from another device.
            *self.person.is_registered.borrow_mut() = true;
            let taken = self
                .world
                .history
                .ever_since(since, |state| state.users.rows().any(|row| self.is_own(row)));
            self.check(taken, Invariant::GetsOn, "no account has the address reported as taken");
        }
    }

    pub(super) async fn login(&self) {
        self.login_as(self.person.password()).await;
    }

    /// Tries a password that no user has chosen.
    pub(super) async fn guess(&self) {
        self.login_as(format!("guess {}", self.chance(9))).await;
    }

    async fn login_as(&self, text: String) {
        let by_name = self.world.chance.happens(5000);
        let Self { person, .. } = self;
        let email = person.email().filter(|_| !by_name);
        let name = email.as_ref().map_or(person.username.as_str(), |email| email.as_str());
        let device_token = self.token.borrow().clone();
        let password = Password::new(&text);
        let command = LoginCommand {
            name: name.to_owned(),
            password,
            device_token,
            client: client(),
            over_limit: None,
        };
        let what = format_args!("login {text:?}");
        let work = |app: App| async move { app.sign_in.password.run(command).await };
        let Answer { since, heard, .. } = self.world.ask(&self.name, what, work).await;
        match heard {
            Some(Ok(signed)) => self.is_signed_in(since, &text, &signed),
            Some(Err(LoginError::Rejected)) => {
                self.hears(format_args!("the name or password is wrong"));
                self.counts("wrong password");
                // The email address may have been changed by a request without a response.
                let was_wrong = self.world.history.ever_since(since, |state| {
                    let is_other = |email: &EmailAddress| {
                        state.users.rows().all(|row| row.user.email != *email)
                    };
                    !self.has_password(state, &text) || email.as_ref().is_some_and(is_other)
                });
                self.check(was_wrong, Invariant::GetsOn, "the correct password was rejected");
                if email.is_some() {
                    self.looks_for_address();
                }
                self.person.doubt(self.world.chance.index(64));
            }
            Some(Err(LoginError::Failure(error))) => self.fails(&error),
            Some(Err(error)) => {
                self.hears(format_args!("{error}"));
                // No other user can sign in to verify it for them.
                self.verify().await;
                self.ask_again().await;
            }
            None => {}
        }
    }

    pub(super) fn is_own(&self, account: &Account) -> bool {
        account.user.username == self.person.username
    }

    pub(super) fn has_password(&self, state: &State, text: &str) -> bool {
        let account = state.users.rows().find(|row| self.is_own(row));
        account.and_then(|row| row.password.as_ref()).is_some_and(|hash| password_of(hash) == text)
    }

    fn is_signed_in(&self, since: Moment, text: &str, signed_in: &SignedIn) {
        let SignedIn { user, tokens, device_token, .. } = signed_in;
        self.check(
            user.username == self.person.username,
            Invariant::NothingOpens,
            "another user's account",
        );
        let Some(signed) =
            Signed::new(user.id, tokens.access.token.expose(), tokens.refresh.expose())
        else {
            return self.check(false, Invariant::GetsOn, "the refresh token is malformed");
        };
        self.hears(format_args!("signed in with session {}", signed.session));
        self.counts("signed in");
        let opened =
            self.world.history.first_since(since, |state| state.sessions.contains(&signed.session));
        // Not a moment later: the password may have been changed while the old one was compared.
        let was_right = opened.is_none_or(|state| self.has_password(&state, text));
        self.check(was_right, Invariant::NothingOpens, "a wrong password opened a session");
        let lasts = self.world.history.state().sessions.contains(&signed.session);
        self.check(lasts, Invariant::AcknowledgedLasts, "the session is missing");
        *self.token.borrow_mut() = Some(device_token.expose().to_owned());
        *self.signed.borrow_mut() = Some(signed);
    }

    /// Requests the current user.
    pub(super) async fn look(&self) {
        let asked = self.ask_signed(format_args!("me"), |_, caller| async move { caller.user });
        if let Some((_, user)) = asked.await {
            let own = user.username == self.person.username;
            self.check(own, Invariant::NothingOpens, "another user's account was returned");
        } else {
            // The access token may have expired.
            self.refresh().await;
        }
    }

    /// Refreshes the session like an unaware client: if there is no response, it retries.
    pub(super) async fn refresh(&self) {
        for _ in 0..TRIES {
            let Some(signed) = self.signed.borrow().clone() else { return };
            let answer = self.send_refresh(&signed.refresh).await;
            if answer.is_abandoned {
                self.world.ledger.abandons(signed.session, signed.generation);
            }
            let since = answer.since;
            match answer.heard {
                Some(Ok(pair)) => return self.is_continued(since, &signed, &pair),
                Some(Err(RefreshError::Failure(error))) => self.fails(&error),
                Some(Err(RefreshError::Forbidden(error))) => {
                    return self.hears(format_args!("{error}"));
                }
                Some(Err(error)) => {
                    self.hears(format_args!("{error}"));
                    self.counts("refresh rejected");
                    *self.signed.borrow_mut() = None;
                    return self.is_rightly_over(since, &signed);
                }
                None => {}
            }
        }
    }

    async fn send_refresh(&self, token: &str) -> Answer<Result<TokenPair, RefreshError>> {
        let Some((session, generation)) = opened(token) else {
            return Answer { since: self.world.history.now(), heard: None, is_abandoned: false };
        };
        let forward = self.world.clock.forward();
        self.world.ledger.presents(session, generation, forward);
        let command = RefreshCommand { token: token.to_owned(), org_id: None, client: client() };
        let what = format_args!("refresh {session} of generation {generation}");
        let work = |app: App| async move { app.sessions.refresh.run(command).await };
        self.world.ask(&self.name, what, work).await
    }

    fn is_continued(&self, since: Moment, signed: &Signed, pair: &TokenPair) {
        let (access, refresh) = (pair.access.token.expose(), pair.refresh.expose());
        let Some(next) = Signed::new(signed.user, access, refresh) else {
            return self.check(false, Invariant::GetsOn, "the refresh token is malformed");
        };
        self.hears(format_args!("the session continues with generation {}", next.generation));
        self.counts("refreshed");
        self.continues(since, signed, &next);
        if self.world.chance.happens(2000) {
            self.loot.refresh.borrow_mut().push(signed.refresh.clone());
            self.loot.access.borrow_mut().push(signed.access.clone());
        }
        *self.signed.borrow_mut() = Some(next);
    }

    /// Checks that a refresh was allowed to succeed, and returned the same successor as before.
    pub(super) fn continues(&self, since: Moment, signed: &Signed, next: &Signed) {
        let (session, generation) = (signed.session, next.generation);
        let before = self.world.ledger.succeeds(session, signed.generation, generation);
        self.check(
            before.is_none_or(|before| before == generation) && next.session == session,
            Invariant::FamilyConsistent,
            "a refresh token has two successors",
        );
        let was_live = self.world.history.ever_since(since, |state| {
            let session = state.sessions.get(&session);
            session.is_some_and(|session| session.state == SessionState::Live)
        });
        self.check(was_live, Invariant::RevokedStays, "an ended session continues");
        let state = self.world.history.state();
        let lasts = state.sessions.get(&session).is_some_and(|row| row.generation >= generation);
        self.check(lasts, Invariant::AcknowledgedLasts, "the generation is missing");
    }

    fn is_rightly_over(&self, since: Moment, signed: &Signed) {
        let over = self.world.history.ever_since(since, |state| {
            let session = state.sessions.get(&signed.session);
            session.is_some_and(|session| session.state != SessionState::Live)
        });
        self.check(over, Invariant::FamilyConsistent, "a live session was rejected");
    }

    pub(super) async fn logout(&self) {
        let Some(signed) = self.signed.borrow().clone() else { return };
        self.world.ledger.gives_up(signed.session);
        let work = |app: App, caller| async move { app.sessions.logout.run(&caller).await };
        match self.ask_signed(format_args!("logout"), work).await {
            Some((_, Ok(()))) => {
                self.hears(format_args!("signed out"));
                self.counts("signed out");
                let state = self.world.history.state();
                let ended = state.sessions.get(&signed.session);
                let ended = ended.is_some_and(|session| session.state != SessionState::Live);
                self.check(ended, Invariant::AcknowledgedLasts, "the session is still live");
                self.loot.refresh.borrow_mut().push(signed.refresh);
                self.loot.access.borrow_mut().push(signed.access);
                *self.signed.borrow_mut() = None;
            }
            Some((_, Err(error))) => self.fails(&error),
            None => {}
        }
    }

    /// Checks that this device can refresh its session at the end, without faults.
    pub async fn comes_back(&self) {
        let Some(signed) = self.signed.borrow().clone() else { return };
        let answer = self.send_refresh(&signed.refresh).await;
        match answer.heard {
            Some(Ok(pair)) => self.is_continued(answer.since, &signed, &pair),
            Some(Err(RefreshError::Forbidden(_))) => {}
            Some(Err(RefreshError::Failure(error))) => {
                self.check(false, Invariant::GetsOn, &format!("refresh failed: {error}"));
            }
            Some(Err(_)) => self.is_rightly_over(answer.since, &signed),
            None => self.check(false, Invariant::GetsOn, "no response at the end"),
        }
    }

    /// Checks that this user can sign in at the end.
    pub async fn gets_in(&self) {
        let state = self.world.history.state();
        let account = state.users.rows().find(|row| self.is_own(row));
        let Some(hash) = account.and_then(|row| row.password.as_ref()) else { return };
        self.login_as(password_of(hash).to_owned()).await;
    }
}
