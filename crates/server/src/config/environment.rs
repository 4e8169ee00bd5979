//! The environment variables whose names start with `DOORWARD_`: options, variables that orchestrators inject, and
//! mistakes.

use std::ffi::{OsStr, OsString};

use super::{ConfigError, Options, value::variable};

pub(super) const PREFIX: &str = "DOORWARD_";

/// The variable that names the configuration file.
pub(super) const CONFIG: &str = "DOORWARD_CONFIG";

/// The prefix of the variables of tests, which also run servers.
const TEST_PREFIX: &str = "DOORWARD_TEST_";

/// Variables that packages and deployments often set next to the options: in Compose files for images, in init scripts,
/// and in /etc/default files.
const DEPLOYMENT: [&str; 11] =
    ["VERSION", "IMAGE", "IMAGE_TAG", "TAG", "HOME", "USER", "GROUP", "UID", "GID", "OPTS", "ARGS"];

/// Names that operators expect from other servers, and the corresponding option.
const EXPECTED: [(&str, &str); 5] = [
    ("PORT", "DOORWARD_LISTEN"),
    ("HOST", "DOORWARD_LISTEN"),
    ("ADDRESS", "DOORWARD_LISTEN"),
    ("BASE_URL", "DOORWARD_PUBLIC_URL"),
    ("LOG_LEVEL", "DOORWARD_LOG_FILTER"),
];

/// The minimum similarity of two names that counts as a typing mistake.
const SIMILAR: f64 = 0.84;

/// The environment variables of this process that concern Doorward.
#[derive(Debug, Default)]
pub(crate) struct Environment(Vec<(String, OsString)>);

impl Environment {
    /// Returns the variables of this process.
    pub(crate) fn of_process() -> Self {
        Self::of(std::env::vars_os())
    }

    pub(super) fn of(variables: impl Iterator<Item = (OsString, OsString)>) -> Self {
        let ours = |name: &str| name.to_ascii_uppercase().starts_with(PREFIX);
        let text = variables.map(|(name, value)| (name.to_string_lossy().into_owned(), value));
        Self(text.filter(|(name, _)| ours(name)).collect())
    }

    fn get(&self, name: &str) -> Option<&OsStr> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_os_str())
    }

    /// Returns the options that are set.
    ///
    /// # Errors
    /// Returns a [`ConfigError`] that names the variable if it is invalid or unknown.
    pub(crate) fn options(&self) -> Result<Options, ConfigError> {
        for (name, value) in &self.0 {
            check(name, value)?;
        }
        Options::from_variables(|name| self.get(name))
    }

    /// Returns the configuration file, if one is named.
    pub(crate) fn config_file(&self) -> Result<Option<std::path::PathBuf>, ConfigError> {
        variable(CONFIG, self.get(CONFIG))
    }
}

fn check(name: &str, value: &OsStr) -> Result<(), ConfigError> {
    let is_known = |name: &str| name == CONFIG || Options::VARIABLES.contains(&name);
    let value = value.to_string_lossy();
    // An empty variable counts as not set, so an unknown name has no effect.
    if is_known(name) || value.trim().is_empty() {
        return Ok(());
    }
    let upper = name.to_ascii_uppercase();
    if upper != name {
        // Other programs may use lower-case names. An option in lower case would be ignored silently.
        return match Options::VARIABLES.iter().find(|known| **known == upper) {
            Some(known) => Err(ConfigError::VariableCase { found: name.to_owned(), name: known }),
            None => Ok(()),
        };
    }
    let is_of_deployment = name.strip_prefix(PREFIX).is_some_and(|rest| DEPLOYMENT.contains(&rest));
    if name.starts_with(TEST_PREFIX) || is_of_deployment || is_injected(name, &value) {
        return Ok(());
    }
    Err(ConfigError::UnknownVariable { name: name.to_owned(), nearest: nearest(name) })
}

/// Returns `true` for the variables that Kubernetes sets for each Service (`enableServiceLinks`), and Docker for
/// each link, if its name is `doorward` or starts with `doorward-`.
fn is_injected(name: &str, value: &str) -> bool {
    let Some(rest) = name.strip_prefix(PREFIX) else { return false };
    let parts: Vec<&str> = rest.split('_').collect();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
    let is_protocol = |part: &str| matches!(part, "TCP" | "UDP" | "SCTP");
    for (index, part) in parts.iter().enumerate() {
        match (*part, parts.get(index + 1..).unwrap_or_default()) {
            // DOORWARD_SERVICE_HOST, DOORWARD_SERVICE_PORT, DOORWARD_SERVICE_PORT_HTTP
            ("SERVICE", ["HOST"] | ["PORT", ..]) => return true,
            // DOORWARD_PORT=tcp://10.0.0.1:80
            ("PORT", [])
                if ["tcp://", "udp://", "sctp://"].iter().any(|it| value.starts_with(it)) =>
            {
                return true;
            }
            // DOORWARD_PORT_8080_TCP, DOORWARD_PORT_8080_TCP_ADDR
            ("PORT", [number, protocol, ..]) if is_number(number) && is_protocol(protocol) => {
                return true;
            }
            // DOORWARD_NAME=/app/doorward, DOORWARD_ENV_PATH
            ("NAME", []) if value.starts_with('/') => return true,
            ("ENV", [_, ..]) => return true,
            _ => {}
        }
    }
    false
}

/// Returns the option with the most similar name.
fn nearest(name: &str) -> Option<&'static str> {
    let rest = name.strip_prefix(PREFIX)?;
    if let Some((_, meant)) = EXPECTED.iter().find(|(expected, _)| *expected == rest) {
        return Some(*meant);
    }
    similar(rest, Options::VARIABLES.iter().copied(), |known| known.trim_start_matches(PREFIX))
}

/// Returns the name that is most similar to `text`, if one is similar enough.
pub(super) fn similar(
    text: &str,
    names: impl Iterator<Item = &'static str>,
    part: impl Fn(&'static str) -> &'static str,
) -> Option<&'static str> {
    let scored = names.map(|known| (strsim::jaro_winkler(text, part(known)), known));
    let best = scored.max_by(|(one, _), (other, _)| one.total_cmp(other));
    best.filter(|(score, _)| *score >= SIMILAR).map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment::of(variables.iter().map(|(name, value)| (name.into(), value.into())))
    }

    fn problem(name: &str, value: &str) -> String {
        environment(&[(name, value)]).options().unwrap_err().to_string()
    }

    #[test]
    fn variables_that_orchestrators_inject_are_ignored() {
        for (name, value) in [
            ("DOORWARD_PORT", "tcp://10.0.0.1:80"),
            ("DOORWARD_PORT", "udp://10.0.0.1:80"),
            ("DOORWARD_SERVICE_HOST", "10.0.0.1"),
            ("DOORWARD_SERVICE_PORT", "80"),
            ("DOORWARD_SERVICE_PORT_HTTP", "80"),
            ("DOORWARD_PORT_80_TCP", "tcp://10.0.0.1:80"),
            ("DOORWARD_PORT_80_TCP_ADDR", "10.0.0.1"),
            ("DOORWARD_PORT_80_TCP_PORT", "80"),
            ("DOORWARD_PORT_80_TCP_PROTO", "tcp"),
            ("DOORWARD_POSTGRES_SERVICE_HOST", "10.0.0.2"),
            ("DOORWARD_POSTGRES_SERVICE_PORT_5432", "5432"),
            ("DOORWARD_POSTGRES_PORT", "tcp://10.0.0.2:5432"),
            ("DOORWARD_POSTGRES_PORT_5432_TCP_ADDR", "10.0.0.2"),
            ("DOORWARD_NAME", "/app/doorward"),
            ("DOORWARD_ENV_PATH", "/bin"),
            ("DOORWARD_1_ENV_DOORWARD_LISTEN", "x"),
        ] {
            let options = environment(&[(name, value)]).options();
            assert!(options.is_ok(), "{name}={value}: {options:?}");
        }
    }

    #[test]
    fn variables_of_deployments_are_ignored() {
        for (name, value) in [
            ("DOORWARD_VERSION", "1.2.3"),
            ("DOORWARD_IMAGE", "ghcr.io/acme/doorward:1.2.3"),
            ("DOORWARD_IMAGE_TAG", "1.2.3"),
            ("DOORWARD_HOME", "/opt/doorward"),
            ("DOORWARD_USER", "doorward"),
            ("DOORWARD_UID", "1000"),
            ("DOORWARD_GID", "1000"),
            ("DOORWARD_OPTS", "--listen :8080"),
        ] {
            let options = environment(&[(name, value)]).options();
            assert!(options.is_ok(), "{name}={value}: {options:?}");
        }
    }

    #[test]
    fn no_option_is_ignored_as_a_variable_of_a_deployment() {
        for name in DEPLOYMENT {
            assert!(!Options::VARIABLES.contains(&format!("{PREFIX}{name}").as_str()), "{name}");
        }
    }

    #[test]
    fn option_that_looks_like_an_injected_variable_is_read() {
        let options = environment(&[("DOORWARD_SERVICE_NAME", "Acme")]).options().unwrap();
        assert_eq!(options.service_name.unwrap(), "Acme");
    }

    #[test]
    fn unknown_variable_is_refused_with_the_nearest_name() {
        for (name, value, nearest) in [
            ("DOORWARD_LISTN", "x", "DOORWARD_LISTEN"),
            ("DOORWARD_PORT", "8080", "DOORWARD_LISTEN"),
            ("DOORWARD_PUBLICURL", "x", "DOORWARD_PUBLIC_URL"),
            ("DOORWARD_DATABASE_URI", "x", "DOORWARD_DATABASE_URL"),
            ("DOORWARD_NAME", "Acme", "DOORWARD_NAME"),
            ("DOORWARD_XYZZY", "x", "DOORWARD_XYZZY"),
        ] {
            let said = problem(name, value);
            assert!(said.contains(name) && said.contains(nearest), "{said}");
        }
    }

    #[test]
    fn option_in_lower_case_is_refused_with_its_name_in_upper_case() {
        for name in ["doorward_listen", "Doorward_Listen"] {
            let said = problem(name, "127.0.0.1:80");
            assert!(said.contains(name) && said.contains("DOORWARD_LISTEN"), "{said}");
        }
        assert!(environment(&[("doorward_shell_prompt", "x")]).options().is_ok());
    }

    #[test]
    fn unknown_variable_without_a_value_is_ignored() {
        assert!(environment(&[("DOORWARD_LISTN", "")]).options().is_ok());
        assert_eq!(environment(&[(CONFIG, " ")]).config_file().unwrap(), None);
    }

    #[test]
    fn empty_option_is_ignored_and_invalid_value_is_refused_with_its_variable() {
        for name in Options::VARIABLES {
            let options = environment(&[(name, " ")]).options().unwrap();
            assert!(options.entries().iter().all(|(_, value)| value.is_none()), "{name}");
            if let Err(error) = environment(&[(name, "?")]).options() {
                assert!(error.to_string().contains(name), "{error}");
            }
        }
    }
}
