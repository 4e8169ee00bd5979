//! The data folder, and the files that the configuration names.

use super::step::Step;
use crate::{compose, config::Config, data_dir, pages::Pages};

pub(super) fn data_folder(config: &Config) -> Step {
    const WHAT: &str = "data folder";
    let folder = &config.data_dir;
    if folder.exists() {
        return match data_dir::prepare(folder) {
            Ok(()) => Step::good(WHAT, format!("{} can be written to", folder.display())),
            Err(error) => Step::failed(WHAT, &error),
        };
    }
    match data_dir::can_create(folder) {
        Ok(()) => {
            let words =
                format!("{} does not exist yet: the first start creates it", folder.display());
            Step::skipped(WHAT, words)
        }
        Err(error) => Step::failed(WHAT, &error),
    }
}

/// `has_keys` says whether the database has keys that were encrypted with a secret, as far as it could be read.
pub(super) fn secret(config: &Config, has_keys: bool) -> Step {
    const WHAT: &str = "master secret";
    match data_dir::existing_secrets(config) {
        Ok(_) if config.secret.is_some() => Step::good(WHAT, "given by the configuration"),
        Ok(_) => Step::good(WHAT, "kept in the data folder"),
        Err(data_dir::DataDirError::NoSecret { .. }) if has_keys => {
            Step::failed(WHAT, &compose::secret_missing(config))
        }
        Err(data_dir::DataDirError::NoSecret { path }) => {
            let words =
                format!("{} does not exist yet: the first start creates it", path.display());
            Step::skipped(WHAT, words)
        }
        Err(error) => Step::failed(WHAT, &error),
    }
}

pub(super) fn templates(config: &Config) -> Step {
    const WHAT: &str = "mail templates";
    match (compose::renderer(config), &config.mail_templates) {
        (Err(error), _) => Step::failed(WHAT, &error),
        (Ok(_), Some(folder)) => {
            Step::good(WHAT, format!("those of {} can be used", folder.display()))
        }
        (Ok(_), None) => Step::good(WHAT, "the built-in ones"),
    }
}

pub(super) fn pages(config: &Config) -> Step {
    const WHAT: &str = "pages";
    let Some(theme) = &config.pages else { return Step::good(WHAT, "are disabled") };
    match (Pages::check(theme), &theme.logo) {
        (Err(error), _) => Step::failed(WHAT, &error),
        (Ok(_), Some(logo)) => Step::good(WHAT, format!("have the logo {}", logo.display())),
        (Ok(_), None) => Step::good(WHAT, "can be served"),
    }
}
