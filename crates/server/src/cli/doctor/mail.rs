//! Checks of email delivery.

use std::{io, path::Path};

use doorward_adapters::mail::{SmtpMailer, SmtpUrl};

use super::step::Step;
use crate::{
    compose,
    config::{Config, MailTransport},
    data_dir,
};

const WHAT: &str = "mail";

/// Returns a step for each part of the delivery.
pub(super) async fn steps(config: &Config) -> Vec<Step> {
    match &config.mail {
        MailTransport::File(path) => vec![folder(path)],
        MailTransport::Smtp(url) => server(config, url).await,
    }
}

/// Performs an SMTP session up to the sender and a recipient, without sending a message.
async fn server(config: &Config, url: &SmtpUrl) -> Vec<Step> {
    let renderer = match compose::renderer(config) {
        Ok(renderer) => renderer,
        // The step of the templates reports this error.
        Err(_) => return Vec::new(),
    };
    let mailer = match SmtpMailer::new(url.clone(), compose::smtp_options(config), renderer) {
        Ok(mailer) => mailer,
        Err(error) => return vec![Step::failed(WHAT, &error)],
    };
    match mailer.probe().await {
        Ok(steps) => {
            let went_well = steps.iter().map(|step| Step::good(WHAT, format!("{url}: {step}")));
            went_well.collect()
        }
        Err(error) => vec![Step::failed_with(WHAT, format!("{url}: {error}"))],
    }
}

fn folder(folder: &Path) -> Step {
    match try_to_write(folder) {
        Ok(()) => Step::good(WHAT, format!("written to files in {}, not sent", folder.display())),
        Err(error)
            if error.kind() == io::ErrorKind::NotFound && data_dir::can_create(folder).is_ok() =>
        {
            let words =
                format!("{} does not exist yet: the first email creates it", folder.display());
            Step::skipped(WHAT, words)
        }
        Err(error) => {
            let folder = folder.display();
            let advice = "set another folder in DOORWARD_MAIL_URL, or give the server's user write permission";
            Step::failed_with(WHAT, format!("{folder} is not writable: {error}: {advice}"))
        }
    }
}

fn try_to_write(folder: &Path) -> io::Result<()> {
    let probe = folder.join(".write-test");
    std::fs::write(&probe, b"doorward")?;
    std::fs::remove_file(&probe)
}
