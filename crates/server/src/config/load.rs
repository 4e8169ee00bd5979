//! Loading of options from the file, the environment, and the flags.

use std::{io, ops::Range, path::Path};

use serde::Deserialize;
use toml::de::DeTable;

use super::{
    Config, ConfigError, Options,
    environment::{Environment, similar},
    sections,
};
use crate::{redact_serde_error::without_value, text};

const DEFAULT_FILE: &str = "doorward.toml";

/// The options by their source.
#[derive(Debug, Default, Clone)]
pub(crate) struct Layers {
    flags: Options,
    variables: Options,
    file: Options,
}

impl Layers {
    /// Reads the environment of this process and the configuration file: `file`, else the one that the environment names,
    /// else the one in the working folder.
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

    /// Returns the options. Flags take precedence over variables, and variables over the file.
    pub(crate) fn merged(self) -> Options {
        self.flags.or(self.variables.or(self.file))
    }

    /// Returns the source of an option, if it is set.
    pub(crate) fn source(&self, key: &str) -> Option<&'static str> {
        let has = |options: &Options| {
            options.entries().iter().any(|(name, value)| *name == key && value.is_some())
        };
        let layers = [("flag", &self.flags), ("variable", &self.variables), ("file", &self.file)];
        layers.into_iter().find(|(_, options)| has(options)).map(|(name, _)| name)
    }
}

impl Config {
    /// Loads the configuration from the file, the environment, and the flags, and validates it.
    ///
    /// # Errors
    /// See [`ConfigError`]. Each error names the option to correct.
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
    let wrong = |span: Option<Range<usize>>, problem| {
        let before = span.and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        ConfigError::Toml { path: path.to_owned(), line, problem }
    };
    let wrong_value =
        |error: toml::de::Error| wrong(error.span(), nearest_key(without_value(&error.message())));
    let table = DeTable::parse(text).map_err(wrong_value)?;
    let table = sections::flattened(table).map_err(|(span, problem)| wrong(Some(span), problem))?;
    let options = Options::deserialize(toml::Deserializer::from(table)).map_err(wrong_value)?;
    Ok(options.without_empty())
}

/// Replaces the list of all keys in the error for an unknown key by the most similar key.
fn nearest_key(problem: String) -> String {
    let unknown = problem.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`'));
    let Some((key, _)) = unknown else { return problem };
    let keys = Options::DESCRIPTIONS.iter().map(|(key, ..)| *key);
    let mut in_file = keys.clone().map(sections::key_in_file);
    let without_section =
        in_file.find(|full| full.rsplit_once('.').is_some_and(|(_, short)| short == key));
    let nearest =
        without_section.or_else(|| similar(key, keys, |key| key).map(sections::key_in_file));
    let nearest = nearest.map(|nearest| format!("; did you mean {nearest}?")).unwrap_or_default();
    format!("there is no option {}{nearest}", sections::key_in_file(key))
}

pub(super) fn read(path: &Path) -> io::Result<String> {
    text::read(path)
}

/// Returns what to do about a file that can't be read.
pub(super) fn explain(path: &Path, error: &io::Error) -> &'static str {
    match error.kind() {
        _ if path.is_dir() => {
            "; it is a folder: set the path of a file (Docker creates a folder if the file of a bind mount doesn't exist)"
        }
        io::ErrorKind::PermissionDenied => "; give the server's user read permission",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn flags_take_precedence_over_the_file() {
        let flags = Options { allow_registration: Some(false), ..Options::default() };
        let file =
            toml::from_str("allow_registration = true\nrate_limits_login_per_minute = 7").unwrap();
        let config = Config::new(flags.or(file)).unwrap();
        assert!(!config.settings.allow_registration);
        assert_eq!(config.quotas.unwrap().login, 7);
    }

    #[test]
    fn unknown_key_is_refused_with_the_nearest_one() {
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
    fn list_is_an_array_in_the_file_and_comma_separated_elsewhere() {
        let file: Options = toml::from_str("trusted_proxies = ['10.0.0.0/8', '::1/128']").unwrap();
        let flag = Some("10.0.0.0/8, ::1/128".parse().unwrap());
        assert_eq!(file.trusted_proxies, flag);
        let file: Options = toml::from_str("previous_master_keys = ['a', 'b']").unwrap();
        assert_eq!(file.previous_master_keys.unwrap().0.len(), 2);
    }

    #[test]
    fn variable_overrides_both_options_of_a_pair_in_the_file() {
        let variables = Options { master_key_file: Some("/a".into()), ..Options::default() };
        let file: Options = toml::from_str("master_key = 'x'\ndatabase_url = 'sqlite:/x'").unwrap();
        let both = variables.or(file);
        assert!(
            both.master_key.is_none()
                && both.master_key_file.is_some()
                && both.database_url.is_some()
        );
    }

    #[test]
    fn error_in_the_file_shows_the_line_number_but_not_its_text() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("doorward.toml");
        for text in [
            "service_name = 'x'\nmaster_key = \"hunter2",
            "service_name = 'x'\nmaster_key = ['hunter2']",
            "service_name = 'x'\nprevious_master_keys = 'hunter2'",
            "service_name = 'x'\nmaster_key = 4711",
        ] {
            fs::write(&path, text).unwrap();
            let error = read_file(&path).unwrap_err().to_string();
            let is_shown = error.contains("hunter2") || error.contains("4711");
            assert!(error.contains("line 2") && !is_shown, "{error}");
        }
    }

    #[test]
    fn empty_text_in_the_file_counts_as_not_set() {
        let text = "\u{feff}service_name = ' '\r\nmaster_key = ''\r\n[pages]\r\nlogo_file = ''\r\n[access_tokens]\r\naudience = ''\r\n";
        let options = parse(Path::new("doorward.toml"), text).unwrap();
        assert!(options.entries().iter().all(|(_, value)| value.is_none()));
        assert_eq!(Config::new(options).unwrap().access_token_audience, "doorward");
    }

    #[test]
    fn higher_layer_overrides_both_options_of_a_pair() {
        let layers = Layers {
            flags: Options { master_key_file: Some("/a".into()), ..Options::default() },
            variables: Options { master_key: Some("x".parse().unwrap()), ..Options::default() },
            file: Options { rate_limits_login_per_minute: Some(7), ..Options::default() },
        };
        assert_eq!(layers.source("master_key"), Some("variable"));
        assert_eq!(layers.source("rate_limits_login_per_minute"), Some("file"));
        let merged = layers.merged();
        assert!(merged.master_key.is_none() && merged.master_key_file.is_some());
    }
}
