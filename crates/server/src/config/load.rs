//! Where options come from: the file, the environment and the flags.

use std::{fs, path::Path};

use super::{Config, ConfigError, Options};
use crate::mistyped::without_value;

const DEFAULT_FILE: &str = "doorward.toml";

const PREFIX: &str = "DOORWARD_";

/// Variables of the prefix that are read by others: the command line, and the tests.
const OTHER_VARIABLES: &[&str] = &["DOORWARD_CONFIG"];
const TEST_PREFIX: &str = "DOORWARD_TEST_";

impl Config {
    /// Puts the file, the environment and the flags together, and checks the whole. `options` holds
    /// what was given by flags and variables.
    ///
    /// # Errors
    /// See [`ConfigError`]. Each names the key that has to be mended.
    pub fn load(file: Option<&Path>, options: Options) -> Result<Self, ConfigError> {
        Self::new(options.or(Self::from_file(file)?))
    }

    /// What the file says, if there is one.
    pub(crate) fn from_file(file: Option<&Path>) -> Result<Options, ConfigError> {
        check_variables(std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned()))?;
        match file {
            Some(path) => read_file(path),
            None if Path::new(DEFAULT_FILE).exists() => read_file(Path::new(DEFAULT_FILE)),
            None => Ok(Options::default()),
        }
    }
}

fn check_variables(names: impl Iterator<Item = String>) -> Result<(), ConfigError> {
    for name in names.filter(|name| name.starts_with(PREFIX)) {
        let known = Options::VARIABLES.contains(&name.as_str())
            || OTHER_VARIABLES.contains(&name.as_str())
            || name.starts_with(TEST_PREFIX);
        if !known {
            return Err(ConfigError::UnknownVariable(name));
        }
    }
    Ok(())
}

fn read_file(path: &Path) -> Result<Options, ConfigError> {
    parse(path, &read(path)?)
}

pub(super) fn parse(path: &Path, text: &str) -> Result<Options, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        ConfigError::Toml {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            problem: without_value(&error.message()),
        }
    })
}

pub(super) fn read(path: &Path) -> Result<String, ConfigError> {
    fs::read_to_string(path).map_err(|source| ConfigError::File { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::options::List;

    #[test]
    fn flags_win_over_the_file() {
        let flags = Options { allow_registration: Some(false), ..Options::default() };
        let file = toml::from_str("allow_registration = true\nlimit_login = 7").unwrap();
        let config = Config::new(flags.or(file)).unwrap();
        assert!(!config.settings.allow_registration);
        assert_eq!(config.quotas.unwrap().login, 7);
    }

    #[test]
    fn unknown_keys_and_variables_are_named() {
        let error = toml::from_str::<Options>("allow_registraton = true").unwrap_err();
        assert!(error.to_string().contains("allow_registraton"), "{error}");
        let names = ["DOORWARD_LISTEN", "DOORWARD_TEST_DATABASE_URL", "PATH", "DOORWARD_LSTEN"];
        let error = check_variables(names.into_iter().map(ToOwned::to_owned)).unwrap_err();
        assert!(error.to_string().contains("DOORWARD_LSTEN"), "{error}");
    }

    #[test]
    fn lists_are_arrays_in_the_file_and_separated_by_commas_elsewhere() {
        let file: Options = toml::from_str("trusted_proxies = ['10.0.0.0/8', '::1/128']").unwrap();
        assert_eq!(file.trusted_proxies.unwrap().0.len(), 2);
        assert_eq!("10.0.0.0/8, ::1/128".parse::<List<ipnet::IpNet>>().unwrap().0.len(), 2);
        assert!("10.0.0.0/8,x".parse::<List<ipnet::IpNet>>().is_err());
    }

    #[test]
    fn a_variable_hides_both_of_a_pair_in_the_file() {
        let variables = Options { secret_file: Some("/a".into()), ..Options::default() };
        let file: Options = toml::from_str("secret = 'x'\ndatabase_url = 'sqlite:/x'").unwrap();
        let both = variables.or(file);
        assert!(both.secret.is_none() && both.secret_file.is_some() && both.database_url.is_some());
    }

    #[test]
    fn a_wrong_file_is_told_by_its_line_and_without_its_text() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("doorward.toml");
        for text in [
            "log = 'x'\nsecret = \"hunter2",
            "log = 'x'\nsecret = ['hunter2']",
            "log = 'x'\nprevious_secrets = 'hunter2'",
            "log = 'x'\nsecret = 4711",
        ] {
            fs::write(&path, text).unwrap();
            let error = read_file(&path).unwrap_err().to_string();
            let is_shown = error.contains("hunter2") || error.contains("4711");
            assert!(error.contains("line 2") && !is_shown, "{error}");
        }
    }
}
