//! The way out for mails.

use std::{io, path::Path};

use doorward_adapters::mail::{SmtpMailer, SmtpUrl};

use super::step::Step;
use crate::{
    compose,
    config::{Config, MailTransport},
    data_dir,
};

const WHAT: &str = "mail";

/// A step for each part of the way.
pub(super) async fn steps(config: &Config) -> Vec<Step> {
    match &config.mail {
        MailTransport::File(path) => vec![folder(path)],
        MailTransport::Smtp(url) => server(config, url).await,
    }
}

/// Goes through all that sending a message takes, up to naming the sender and a recipient. Nothing is sent.
async fn server(config: &Config, url: &SmtpUrl) -> Vec<Step> {
    let renderer = match compose::renderer(config) {
        Ok(renderer) => renderer,
        // The step of the templates has said that.
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
        Ok(()) => Step::good(WHAT, format!("is written to {}, and sent nowhere", folder.display())),
        Err(error)
            if error.kind() == io::ErrorKind::NotFound && data_dir::can_create(folder).is_ok() =>
        {
            let words =
                format!("{} does not exist yet: the first mail creates it", folder.display());
            Step::skipped(WHAT, words)
        }
        Err(error) => {
            let folder = folder.display();
            let advice =
                "choose another with DOORWARD_MAIL_URL, or let the server's user write there";
            Step::failed_with(WHAT, format!("{folder} can't be written to: {error}: {advice}"))
        }
    }
}

fn try_to_write(folder: &Path) -> io::Result<()> {
    let probe = folder.join(".write-test");
    std::fs::write(&probe, b"doorward")?;
    std::fs::remove_file(&probe)
}
