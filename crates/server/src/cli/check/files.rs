use super::step::Step;
use crate::{config::Config, data_dir};

pub(super) fn data_folder(config: &Config) -> Step {
    const WHAT: &str = "data folder";
    let folder = &config.data_dir;
    if !folder.exists() {
        let words = format!("{} is not there yet: the first start makes it", folder.display());
        return Step::skipped(WHAT, words);
    }
    match data_dir::prepare(folder) {
        Ok(()) => Step::good(WHAT, format!("{} can be written to", folder.display())),
        Err(error) => Step::failed(WHAT, &error),
    }
}

pub(super) fn secret(config: &Config) -> Step {
    const WHAT: &str = "master secret";
    match data_dir::existing_secrets(config) {
        Ok(_) if config.secret.is_some() => Step::good(WHAT, "given by the configuration"),
        Ok(_) => Step::good(WHAT, "kept in the data folder"),
        Err(data_dir::DataDirError::NoSecret { path }) => {
            let words = format!("{} is not there yet: the first start makes it", path.display());
            Step::skipped(WHAT, words)
        }
        Err(error) => Step::failed(WHAT, &error),
    }
}
