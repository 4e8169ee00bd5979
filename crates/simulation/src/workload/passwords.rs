use doorward_application::{
    account::{resend_verification::ResendVerificationError, verify_email::VerifyEmailError},
    password::{
        change::{ChangePasswordCommand, ChangePasswordError},
        forgot::ForgotPasswordError,
        reset::{ResetPasswordCommand, ResetPasswordError},
    },
    sessions::renew::Renewed,
};
use doorward_domain::credential::password::Password;

use super::{Device, memory::Signed};
use crate::{
    history::Moment,
    journal::Invariant,
    world::{App, client},
};

impl Device {
    pub(super) async fn change_password(&self) {
        let current = self.person.password();
        let Some((index, new_password)) = self.person.choose() else { return };
        let text = new_password.expose().to_owned();
        let current_password = Password::new(&current);
        let command = ChangePasswordCommand { current_password, new_password };
        let renews = self.world.chance.happens(5000);
        let work = move |app: App, caller| async move {
            if renews {
                app.password.change.renewing(&caller, command).await.map(Some)
            } else {
                app.password.change.run(&caller, command).await.map(|()| None)
            }
        };
        let what = format_args!("change password from {current:?} to {text:?}");
        match self.ask_signed(what, work).await {
            Some((since, Ok(renewed))) => {
                self.has_new_password(since, index, &text);
                if let Some(renewed) = renewed {
                    self.is_renewed(&renewed);
                }
            }
            Some((_, Err(ChangePasswordError::Failure(error)))) => self.fails(&error),
            Some((since, Err(ChangePasswordError::PasswordIncorrect))) => {
                self.hears(format_args!("the current password is wrong"));
                let was_wrong = self
                    .world
                    .history
                    .ever_since(since, |state| !self.has_password(state, &current));
                self.check(was_wrong, Invariant::GetsOn, "the current password was rejected");
                self.person.doubt(self.world.chance.index(64));
            }
            Some((_, Err(error))) => self.hears(format_args!("{error}")),
            None => {}
        }
    }

    /// Keeps the tokens of the session that replaces all others.
    fn is_renewed(&self, Renewed { tokens, device_token }: &Renewed) {
        let Some(user) = self.signed.borrow().as_ref().map(|signed| signed.user) else { return };
        let (access, refresh) = (tokens.access.token.expose(), tokens.refresh.expose());
        let Some(signed) = Signed::new(user, access, refresh) else {
            return self.check(false, Invariant::GetsOn, "the refresh token is malformed");
        };
        self.hears(format_args!("continues with session {}", signed.session));
        self.counts("session renewed");
        *self.token.borrow_mut() = Some(device_token.expose().to_owned());
        *self.signed.borrow_mut() = Some(signed);
    }

    fn has_new_password(&self, since: Moment, index: usize, text: &str) {
        self.hears(format_args!("the password is {text:?}"));
        self.counts("new password");
        self.person.remember(index);
        let came = self.world.history.ever_since(since, |state| self.has_password(state, text));
        self.check(came, Invariant::AcknowledgedLasts, "the new password was never stored");
    }

    pub(super) async fn forget_password(&self) {
        let Some(email) = self.person.email() else { return };
        let work = |app: App| async move { app.password.forgot.run(email).await };
        let asked = self.world.ask(&self.name, format_args!("forgot password"), work).await;
        if let Some(Err(ForgotPasswordError::Failure(error))) = asked.heard {
            self.fails(&error);
        }
    }

    /// Uses the latest message or an older one.
    pub(super) async fn reset_password(&self) {
        let tokens = self.world.mailbox.tokens(&self.person.addresses(), "dwp_");
        let latest = tokens.first().filter(|_| self.world.chance.happens(7000));
        let Some(token) = latest.or_else(|| self.world.chance.pick(&tokens)).cloned() else {
            return self.forget_password().await;
        };
        let Some((index, new_password)) = self.person.choose() else { return };
        let text = new_password.expose().to_owned();
        let sent = token.clone();
        let command = ResetPasswordCommand {
            token,
            new_password,
            // As if from another browser.
            device_token: None,
            client: client(),
        };
        let work = |app: App| async move { app.password.reset.run(command).await };
        let what = format_args!("reset password to {text:?} by {sent}");
        let asked = self.world.ask(&self.name, what, work).await;
        match asked.heard {
            Some(Ok(_device)) => {
                self.counts("password reset");
                let once = self.world.ledger.uses(&sent) == 1;
                self.check(once, Invariant::OnceAtMost, "a reset token was used twice");
                self.has_new_password(asked.since, index, &text);
            }
            Some(Err(ResetPasswordError::Failure(error))) => self.fails(&error),
            Some(Err(error)) => self.hears(format_args!("{error}")),
            None => {}
        }
    }

    pub(super) async fn ask_again(&self) {
        let Some(email) = self.person.email() else { return };
        let work = |app: App| async move { app.account.resend_verification.run(email).await };
        let asked = self.world.ask(&self.name, format_args!("resend verification"), work).await;
        if let Some(Err(ResendVerificationError::Failure(error))) = asked.heard {
            self.fails(&error);
        }
    }

    /// Uses the latest message or an older one.
    pub(super) async fn verify(&self) {
        let tokens = self.world.mailbox.tokens(&self.person.addresses(), "dwv_");
        let latest = tokens.first().filter(|_| self.world.chance.happens(7000));
        let Some(token) = latest.or_else(|| self.world.chance.pick(&tokens)).cloned() else {
            return;
        };
        let what = format!("verify by {token}");
        let work = |app: App| async move { app.account.verify_email.run(&token, &client()).await };
        let asked = self.world.ask(&self.name, format_args!("{what}"), work).await;
        match asked.heard {
            Some(Ok(())) => {
                self.hears(format_args!("verified"));
                self.counts("verified");
                let state = self.world.history.state();
                let account = state.users.rows().find(|row| self.is_own(row));
                let verified = account.is_some_and(|account| account.user.is_verified());
                self.check(verified, Invariant::AcknowledgedLasts, "the address is not verified");
            }
            Some(Err(VerifyEmailError::Failure(error))) => self.fails(&error),
            Some(Err(error)) => self.hears(format_args!("{error}")),
            None => {}
        }
    }
}
