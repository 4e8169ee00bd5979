//! Checks of the data folder and of the files that the configuration names.

use super::step::Step;
use crate::{compose, config::Config, data_dir, pages::Pages};

pub(super) fn data_folder(config: &Config) -> Step {
    const WHAT: &str = "data folder";
    let folder = &config.data_dir;
    if folder.exists() {
        return match data_dir::prepare(folder) {
            Ok(()) => Step::good(WHAT, format!("{} is writable", folder.display())),
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

/// Checks the master key. `has_keys` is `true` if the database could be read and has keys that were encrypted with a
/// secret.
pub(super) fn secret(config: &Config, has_keys: bool) -> Step {
    const WHAT: &str = "master key";
    match data_dir::existing_secrets(config) {
        Ok(_) if config.master_key.is_some() => Step::good(WHAT, "set in the configuration"),
        Ok(_) => Step::good(WHAT, "stored in the data folder"),
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
    match (compose::renderer(config), &config.mail_templates_dir) {
        (Err(error), _) => Step::failed(WHAT, &error),
        (Ok(_), Some(folder)) => Step::good(WHAT, format!("{} is usable", folder.display())),
        (Ok(_), None) => Step::good(WHAT, "built-in"),
    }
}

pub(super) fn pages(config: &Config) -> Step {
    const WHAT: &str = "pages";
    let Some(theme) = &config.pages else { return Step::good(WHAT, "disabled") };
    match (Pages::check(theme), &theme.logo) {
        (Err(error), _) => Step::failed(WHAT, &error),
        (Ok(_), Some(logo)) => {
            Step::good(WHAT, format!("enabled, with the logo {}", logo.display()))
        }
        (Ok(_), None) => Step::good(WHAT, "enabled"),
    }
}
