//! The way out for mails.

use std::{io, path::Path};

use super::step::Step;
use crate::config::Config;

const WHAT: &str = "mail";

/// A step for each part of the way.
pub(super) async fn steps(config: &Config) -> Vec<Step> {
    vec![folder(&config.mail_folder)]
}

fn folder(folder: &Path) -> Step {
    match try_to_write(folder) {
        Ok(()) => Step::good(WHAT, format!("is written to {}, and sent nowhere", folder.display())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let words = format!("{} is not there yet: the first mail makes it", folder.display());
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
