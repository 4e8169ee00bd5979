use std::{
    fs, io,
    path::{Path, PathBuf},
};

use doorward_domain::{
    account::profile::Locale,
    mail::{ActionLink, MailContent, OutgoingMail},
    org::role::Role,
};
use minijinja::{Environment, UndefinedBehavior, Value, context};
use time::{
    OffsetDateTime, UtcOffset, format_description::BorrowedFormatItem, macros::format_description,
};

/// The texts of messages in the available languages.
#[derive(Debug)]
pub(super) struct Templates {
    environment: Environment<'static>,
    service: String,
    default_locale: Locale,
}

/// Errors in email templates.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// A template can't be read.
    #[error("cannot read the email template {path}")]
    File {
        /// The template, or its folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// There is no message with this name, or the file is not in the folder of a language.
    #[error(
        "{0} is not an email template: use LANGUAGE/NAME.txt and LANGUAGE/NAME.html, for example \
         de/verify_email.txt, with a NAME listed in docs/guides/email-texts.md"
    )]
    Unknown(PathBuf),
    /// A template is invalid.
    #[error("the email template {name} is invalid")]
    Wrong {
        /// The template.
        name: String,
        /// The cause.
        source: minijinja::Error,
    },
}

/// The rendered texts of a message.
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: Option<String>,
}

/// The names of all messages.
const NAMES: [&str; 7] = [
    "verify_email",
    "reset_password",
    "invite",
    "password_changed",
    "suspicious_sign_in",
    "address_taken",
    "email_changed",
];

/// The format of times, the same in every language.
const MINUTE: &[BorrowedFormatItem<'static>] =
    format_description!("[year]-[month]-[day] [hour]:[minute] UTC");

/// The language in which every message is available.
const FALLBACK: &str = "en";

macro_rules! built_in {
    ($($name:literal)+) => {
        [$(($name, include_str!(concat!("templates/", $name)))),+]
    };
}

/// The first line of a text is the subject. The file extension determines whether HTML is escaped.
const BUILT_IN: [(&str, &str); 28] = built_in! {
    "en/verify_email.txt" "en/verify_email.html"
    "en/reset_password.txt" "en/reset_password.html"
    "en/invite.txt" "en/invite.html"
    "en/password_changed.txt" "en/password_changed.html"
    "en/suspicious_sign_in.txt" "en/suspicious_sign_in.html"
    "en/address_taken.txt" "en/address_taken.html"
    "en/email_changed.txt" "en/email_changed.html"
    "de/verify_email.txt" "de/verify_email.html"
    "de/reset_password.txt" "de/reset_password.html"
    "de/invite.txt" "de/invite.html"
    "de/password_changed.txt" "de/password_changed.html"
    "de/suspicious_sign_in.txt" "de/suspicious_sign_in.html"
    "de/address_taken.txt" "de/address_taken.html"
    "de/email_changed.txt" "de/email_changed.html"
};

impl Templates {
    /// Loads the built-in templates, and those in a folder that replace them. Each is rendered once, so that
    /// errors are found before the first message.
    pub(super) fn load(
        folder: Option<&Path>,
        service: String,
        default_locale: Locale,
    ) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let mut templates = Self { environment, service, default_locale };
        for (name, source) in BUILT_IN {
            templates.add(name.to_owned(), source.to_owned())?;
        }
        if let Some(folder) = folder {
            for (name, path) in files(folder)? {
                let source = fs::read_to_string(&path);
                let source = source.map_err(|source| TemplateError::File { path, source })?;
                templates.add(name, source)?;
            }
        }
        Ok(templates)
    }

    fn add(&mut self, name: String, source: String) -> Result<(), TemplateError> {
        let wrong = |source| TemplateError::Wrong { name: name.clone(), source };
        self.environment.add_template_owned(name.clone(), source).map_err(wrong)?;
        let template = self.environment.get_template(&name).map_err(wrong)?;
        let service = &self.service;
        let (email, org, link) = ("ann@example.com", "Acme", "https://auth.example.com/");
        let (time, role) = ("2026-01-01 12:00 UTC", Role::Member.as_str());
        for (username, address, browser) in
            [(None, None, None), (Some("ann"), Some("192.0.2.1"), Some("Mozilla/5.0"))]
        {
            let inviter = username.map(|_| "Bea Lin");
            let (registered_as, registered_at) = (username, address.map(|_| time));
            let disown_link = browser.map(|_| link);
            let values = context! {
                service, username, email, org, inviter, role, link, time, address, browser,
                registered_as, registered_at, disown_link,
            };
            template.render(values).map_err(wrong)?;
        }
        Ok(())
    }

    /// Renders a message in the recipient's language if it is available.
    pub(super) fn render(&self, mail: &OutgoingMail) -> Result<Words, minijinja::Error> {
        let name = name(&mail.content);
        let language = self.language(name, mail.locale.as_ref());
        let values = self.values(mail);
        let text = self.environment.get_template(&format!("{language}/{name}.txt"))?;
        let text = text.render(&values)?;
        let (subject, text) = text.split_once('\n').unwrap_or((&text, ""));
        // A language without an HTML template gets no HTML part, rather than one in another language.
        let html = self.environment.get_template(&format!("{language}/{name}.html")).ok();
        let html = html.map(|html| html.render(&values)).transpose()?;
        let (subject, text) = (subject.trim().to_owned(), text.trim_start().to_owned());
        Ok(Words { subject, text, html })
    }

    /// Returns the closest language with a template for the message: the recipient's, with and without region,
    /// then the service's default.
    fn language(&self, name: &str, locale: Option<&Locale>) -> String {
        for locale in locale.into_iter().chain([&self.default_locale]) {
            let mut tag = locale.as_str().to_ascii_lowercase();
            loop {
                if self.environment.get_template(&format!("{tag}/{name}.txt")).is_ok() {
                    return tag;
                }
                match tag.rsplit_once('-') {
                    Some((wider, _)) => tag = wider.to_owned(),
                    None => break,
                }
            }
        }
        FALLBACK.to_owned()
    }

    /// Returns the values for a template. Each is a single line, so that it can't start a header or a paragraph.
    fn values(&self, mail: &OutgoingMail) -> Value {
        let origin = match &mail.content {
            MailContent::SuspiciousSignIn { origin, .. }
            | MailContent::PasswordChanged { origin, .. } => origin.as_ref(),
            MailContent::VerifyEmail { registration, .. } => {
                registration.as_ref().and_then(|registration| registration.origin.as_ref())
            }
            MailContent::ResetPassword { .. }
            | MailContent::Invite { .. }
            | MailContent::AddressTaken { .. }
            | MailContent::EmailChanged => None,
        };
        let (org, inviter, role) = match &mail.content {
            MailContent::Invite { org, inviter, role, .. } => {
                (Some(one_line(org)), inviter.as_deref().map(one_line), Some(role.as_str()))
            }
            MailContent::VerifyEmail { .. }
            | MailContent::ResetPassword { .. }
            | MailContent::PasswordChanged { .. }
            | MailContent::SuspiciousSignIn { .. }
            | MailContent::AddressTaken { .. }
            | MailContent::EmailChanged => (None, None, None),
        };
        let registration = match &mail.content {
            MailContent::VerifyEmail { registration, .. } => registration.as_ref(),
            _ => None,
        };
        let minute = |time: OffsetDateTime| {
            time.to_offset(UtcOffset::UTC).format(MINUTE).unwrap_or_default()
        };
        let browser = origin.and_then(|origin| origin.user_agent.as_deref());
        context! {
            service => &self.service,
            username => mail.username.as_ref().map(|name| one_line(name.as_str())),
            email => one_line(mail.to.as_str()),
            org => org,
            inviter => inviter,
            role => role,
            link => mail.content.link().map(|link| link.expose()).or(mail.content.page()),
            time => minute(mail.created_at),
            address => origin.map(|origin| origin.network.to_string()),
            browser => browser.map(one_line),
            registered_as => registration.map(|it| one_line(&it.username)),
            registered_at => registration.map(|it| minute(it.at)),
            disown_link => registration.and_then(|it| it.disown.as_ref()).map(ActionLink::expose),
        }
    }
}

fn name(content: &MailContent) -> &'static str {
    match content {
        MailContent::VerifyEmail { .. } => "verify_email",
        MailContent::ResetPassword { .. } => "reset_password",
        MailContent::Invite { .. } => "invite",
        MailContent::PasswordChanged { .. } => "password_changed",
        MailContent::SuspiciousSignIn { .. } => "suspicious_sign_in",
        MailContent::AddressTaken { .. } => "address_taken",
        MailContent::EmailChanged => "email_changed",
    }
}

fn one_line(text: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.chars().map(|c| if breaks(c) { ' ' } else { c }).collect()
}

/// Returns the templates in a folder by name. Other files, such as notes, are ignored.
fn files(folder: &Path) -> Result<Vec<(String, PathBuf)>, TemplateError> {
    let mut files = Vec::new();
    for language in entries(folder)? {
        if !language.is_dir() {
            if is_template(&language) {
                return Err(TemplateError::Unknown(language));
            }
            continue;
        }
        for path in entries(&language)?.into_iter().filter(|path| is_template(path)) {
            let tag = text(language.file_name()).to_ascii_lowercase();
            let known = NAMES.contains(&text(path.file_stem())) && Locale::parse(&tag).is_ok();
            if !known {
                return Err(TemplateError::Unknown(path));
            }
            files.push((format!("{tag}/{}", text(path.file_name())), path));
        }
    }
    Ok(files)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, TemplateError> {
    let entries = fs::read_dir(folder).and_then(|entries| {
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()
    });
    let mut entries =
        entries.map_err(|source| TemplateError::File { path: folder.to_owned(), source })?;
    entries.sort();
    Ok(entries)
}

fn is_template(path: &Path) -> bool {
    matches!(text(path.extension()), "txt" | "html")
}

fn text(part: Option<&std::ffi::OsStr>) -> &str {
    part.and_then(|part| part.to_str()).unwrap_or_default()
}
