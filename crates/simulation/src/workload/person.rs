use std::{cell::RefCell, rc::Rc};

use doorward_domain::{
    email::{EmailAddress, EmailError},
    field::FieldError,
    password::NewPassword,
    username::Username,
};

/// A person, and what they remember. Their devices share it.
#[derive(Debug)]
pub struct Person {
    /// All addresses that they ever gave, and the one that they hold for that of their account.
    pub emails: RefCell<(Vec<EmailAddress>, usize)>,
    /// The name that they sign in with.
    pub username: Username,
    /// All passwords that they ever chose, and the one that they hold for theirs.
    pub passwords: RefCell<(Vec<String>, usize)>,
    /// Whether they have an account, as far as they know.
    pub is_registered: RefCell<bool>,
}

impl Person {
    /// A person of this name.
    ///
    /// # Errors
    /// It makes no address.
    pub fn new(name: &str) -> Result<Rc<Self>, Unusable> {
        Ok(Rc::new(Self {
            emails: RefCell::new((vec![EmailAddress::parse(&format!("{name}@example.com"))?], 0)),
            username: Username::parse(name)?,
            passwords: RefCell::new((vec![format!("first of {name}")], 0)),
            is_registered: RefCell::new(false),
        }))
    }

    /// The address that they hold for that of their account.
    pub fn email(&self) -> Option<EmailAddress> {
        let emails = self.emails.borrow();
        emails.0.get(emails.1).cloned()
    }

    /// All addresses whose mail they read.
    pub fn addresses(&self) -> Vec<EmailAddress> {
        self.emails.borrow().0.clone()
    }

    /// Another address of theirs, which may have been that of their account before.
    pub fn other_address(&self, number: u64) -> Option<EmailAddress> {
        let text = format!("{}.{number}@example.com", self.username.as_str());
        let address = EmailAddress::parse(&text).ok()?;
        let mut emails = self.emails.borrow_mut();
        if !emails.0.contains(&address) {
            emails.0.push(address.clone());
        }
        Some(address)
    }

    /// Holds this address for that of their account from now on.
    pub fn moves_to(&self, address: &EmailAddress) {
        let mut emails = self.emails.borrow_mut();
        if let Some(index) = emails.0.iter().position(|email| email == address) {
            emails.1 = index;
        }
    }

    /// The password that they hold for theirs.
    pub fn password(&self) -> String {
        let passwords = self.passwords.borrow();
        passwords.0.get(passwords.1).cloned().unwrap_or_default()
    }

    /// Thinks of a new one.
    pub fn choose(&self) -> Option<(usize, NewPassword)> {
        let mut passwords = self.passwords.borrow_mut();
        let index = passwords.0.len();
        let text = format!("{index}th of {}", self.username.as_str());
        passwords.0.push(text.clone());
        Some((index, NewPassword::parse(&text).ok()?))
    }

    /// Holds this one for theirs from now on.
    pub fn remember(&self, index: usize) {
        self.passwords.borrow_mut().1 = index;
    }

    /// What they held for theirs was refused: it may be another one.
    pub fn doubt(&self, other: usize) {
        let mut passwords = self.passwords.borrow_mut();
        passwords.1 = other % passwords.0.len().max(1);
    }
}

/// A name that nobody can have.
#[derive(Debug)]
pub struct Unusable;

impl From<EmailError> for Unusable {
    fn from(_: EmailError) -> Self {
        Self
    }
}

impl From<FieldError> for Unusable {
    fn from(_: FieldError) -> Self {
        Self
    }
}
