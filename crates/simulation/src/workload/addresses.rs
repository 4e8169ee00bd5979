use doorward_application::account::change_email::{ChangeEmailCommand, ChangeEmailError};
use doorward_domain::{account::email::EmailAddress, credential::password::Password};

use super::Device;
use crate::{history::Moment, journal::Invariant, world::App};

/// The number of email addresses of a user besides the first one.
const OTHERS: u64 = 2;

impl Device {
    /// Changes the email address to another one of the user, or occasionally to that of another user.
    pub(super) async fn change_email(&self) {
        let taken =
            self.world.chance.happens(2000).then(|| self.email_of_another_account()).flatten();
        let to_taken = taken.is_some();
        let other = || self.person.other_address(self.chance(OTHERS));
        let Some(email) = taken.or_else(other) else { return };
        let current = self.person.password();
        let current_password = Password::new(&current);
        let command = ChangeEmailCommand { email: email.clone(), current_password };
        let work =
            |app: App, caller| async move { app.account.change_email.run(&caller, command).await };
        let what = format!("change email to {}", email.as_str());
        match self.ask_signed(format_args!("{what}"), work).await {
            Some((since, Ok(()))) => self.has_moved(since, &email),
            Some((_, Err(ChangeEmailError::Failure(error)))) => self.fails(&error),
            Some((_, Err(ChangeEmailError::EmailTaken))) => {
                self.hears(format_args!("taken"));
                self.counts("email taken");
                self.check(to_taken, Invariant::GetsOn, "no other account has the address");
            }
            Some((since, Err(ChangeEmailError::PasswordIncorrect))) => {
                self.hears(format_args!("the current password is wrong"));
                let history = &self.world.history;
                let was_wrong =
                    history.ever_since(since, |state| !self.has_password(state, &current));
                self.check(was_wrong, Invariant::GetsOn, "the current password was rejected");
                self.person.doubt(self.world.chance.index(64));
            }
            Some((_, Err(error))) => self.hears(format_args!("{error}")),
            None => {}
        }
    }

    fn has_moved(&self, since: Moment, email: &EmailAddress) {
        self.hears(format_args!("the address is {}", email.as_str()));
        self.counts("email changed");
        self.person.moves_to(email);
        let came = self.world.history.ever_since(since, |state| {
            state.users.rows().any(|row| self.is_own(row) && row.user.email == *email)
        });
        self.check(came, Invariant::AcknowledgedLasts, "the address was never stored");
    }

    /// Returns the verified address of another account, which therefore keeps it.
    fn email_of_another_account(&self) -> Option<EmailAddress> {
        let state = self.world.history.state();
        let others = state.users.rows().filter(|row| !self.is_own(row) && row.user.is_verified());
        let emails: Vec<_> = others.map(|row| row.user.email.clone()).collect();
        self.world.chance.pick(&emails).cloned()
    }

    /// Finds out which of the user's addresses the account has, as if by the messages sent there.
    pub(super) fn looks_for_address(&self) {
        let state = self.world.history.state();
        if let Some(account) = state.users.rows().find(|row| self.is_own(row)) {
            self.person.moves_to(&account.user.email);
        }
    }
}
