//! Where options come from: the file, the environment and the flags.

use std::{io, path::Path};

use super::{
    Config, ConfigError, Options,
    environment::{Environment, similar},
};
use crate::{mistyped::without_value, text};

const DEFAULT_FILE: &str = "doorward.toml";

/// What was given, by what it was given.
#[derive(Debug, Default, Clone)]
pub(crate) struct Layers {
    flags: Options,
    variables: Options,
    file: Options,
}

impl Layers {
    /// Reads the environment of this process, and the file that `flags` come with, the environment names, or that is
    /// in the working folder.
    ///
    /// # Errors
    /// See [`ConfigError`].
    pub(crate) fn read(file: Option<&Path>, flags: Options) -> Result<Self, ConfigError> {
        let environment = Environment::of_process();
        let variables = environment.options()?;
        let named = environment.config_file()?;
        let file = match file.or(named.as_deref()) {
            Some(path) => read_file(path)?,
            None if Path::new(DEFAULT_FILE).exists() => read_file(Path::new(DEFAULT_FILE))?,
            None => Options::default(),
        };
        Ok(Self { flags, variables, file })
    }

    /// Returns the options, of which flags win over variables, and variables over the file.
    pub(crate) fn merged(self) -> Options {
        self.flags.or(self.variables.or(self.file))
    }

    /// Returns what an option was given by.
    pub(crate) fn source(&self, key: &str) -> Option<&'static str> {
        let has = |options: &Options| {
            options.entries().iter().any(|(name, value)| *name == key && value.is_some())
        };
        let layers = [("flag", &self.flags), ("variable", &self.variables), ("file", &self.file)];
        layers.into_iter().find(|(_, options)| has(options)).map(|(name, _)| name)
    }
}

impl Config {
    /// Puts the file, the environment and the flags together, and checks the whole.
    ///
    /// # Errors
    /// See [`ConfigError`]. Each names the option that has to be corrected.
    pub fn load(file: Option<&Path>, flags: Options) -> Result<Self, ConfigError> {
        Self::new(Layers::read(file, flags)?.merged())
    }
}

fn read_file(path: &Path) -> Result<Options, ConfigError> {
    let text = read(path).map_err(|source| ConfigError::File {
        path: path.to_owned(),
        advice: explain(path, &source),
        source,
    })?;
    parse(path, &text)
}

pub(super) fn parse(path: &Path, text: &str) -> Result<Options, ConfigError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let options = toml::from_str::<Options>(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        ConfigError::Toml {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            problem: nearest_key(without_value(&error.message())),
        }
    });
    options.map(Options::without_empty)
}

/// Names the key that was probably meant in the place of all that there are.
fn nearest_key(problem: String) -> String {
    let unknown = problem.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`'));
    let Some((key, _)) = unknown else { return problem };
    let keys = Options::DESCRIPTIONS.iter().map(|(key, ..)| *key);
    let nearest = similar(key, keys, |key| key);
    let nearest = nearest.map(|nearest| format!("; did you mean {nearest}?")).unwrap_or_default();
    format!("there is no option {key}{nearest}")
}

pub(super) fn read(path: &Path) -> io::Result<String> {
    text::read(path)
}

/// Returns what to do about a file that can't be read.
pub(super) fn explain(path: &Path, error: &io::Error) -> &'static str {
    match error.kind() {
        _ if path.is_dir() => {
            "; it is a folder: name a file (Docker creates a folder where the file of a bind mount doesn't exist)"
        }
        io::ErrorKind::PermissionDenied => "; let the user that the server runs as read it",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn flags_win_over_the_file() {
        let flags = Options { allow_registration: Some(false), ..Options::default() };
        let file = toml::from_str("allow_registration = true\nlimit_login = 7").unwrap();
        let config = Config::new(flags.or(file)).unwrap();
        assert!(!config.settings.allow_registration);
        assert_eq!(config.quotas.unwrap().login, 7);
    }

    #[test]
    fn unknown_keys_are_named() {
        let error = toml::from_str::<Options>("allow_registraton = true").unwrap_err();
        assert!(error.to_string().contains("allow_registraton"), "{error}");
        let error = parse(Path::new("doorward.toml"), "\nallow_registraton = true").unwrap_err();
        let said = error.to_string();
        assert!(
            said.contains("line 2") && said.contains("did you mean allow_registration?"),
            "{said}"
        );
    }

    #[test]
    fn lists_are_arrays_in_the_file_and_separated_by_commas_elsewhere() {
        let file: Options = toml::from_str("trusted_proxies = ['10.0.0.0/8', '::1/128']").unwrap();
        let flag = Some("10.0.0.0/8, ::1/128".parse().unwrap());
        assert_eq!(file.trusted_proxies, flag);
        let file: Options = toml::from_str("previous_secrets = ['a', 'b']").unwrap();
        assert_eq!(file.previous_secrets.unwrap().0.len(), 2);
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

    #[test]
    fn empty_text_of_the_file_is_not_given() {
        let text = "\u{feff}audience = ''\r\nservice_name = ' '\r\nsecret = ''\r\nlogo = ''\r\n";
        let options = parse(Path::new("doorward.toml"), text).unwrap();
        assert!(options.entries().iter().all(|(_, value)| value.is_none()));
        assert_eq!(Config::new(options).unwrap().audience, "doorward");
    }

    #[test]
    fn layer_above_hides_both_of_a_pair_in_every_layer_below() {
        let layers = Layers {
            flags: Options { secret_file: Some("/a".into()), ..Options::default() },
            variables: Options { secret: Some("x".parse().unwrap()), ..Options::default() },
            file: Options { limit_login: Some(7), ..Options::default() },
        };
        assert_eq!(layers.source("secret"), Some("variable"));
        assert_eq!(layers.source("limit_login"), Some("file"));
        let merged = layers.merged();
        assert!(merged.secret.is_none() && merged.secret_file.is_some());
    }
}
