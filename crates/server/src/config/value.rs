//! Parsing of the values of flags, environment variables, and secret files.

use std::{any::TypeId, ffi::OsStr, fmt::Display, str::FromStr};

use super::ConfigError;

/// U+FEFF, which some editors and PowerShell write at the start of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Removes what editors, shells, and secret stores add around a value: a byte order mark, white space, and line
/// endings.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == BYTE_ORDER_MARK)
}

/// Returns `true` if a value is in quotation marks, which shells remove and other tools keep.
pub(super) fn is_quoted(text: &str) -> bool {
    ['"', '\''].iter().any(|mark| {
        let inner = text.strip_prefix(*mark).and_then(|rest| rest.strip_suffix(*mark));
        inner.is_some_and(|inner| !inner.contains(*mark))
    })
}

/// Parses the value of a flag. The command line names the flag.
pub(crate) fn flag<T: FromStr<Err: Display> + 'static>(text: &str) -> Result<T, String> {
    match trimmed(text) {
        "" => Err("the value is empty; omit the flag to use the default".to_owned()),
        text => parse(text),
    }
}

/// Parses the value of an environment variable. An empty variable counts as not set, because Docker Compose sets variables
/// without a value to an empty string.
pub(super) fn variable<T: FromStr<Err: Display> + 'static>(
    name: &'static str,
    value: Option<&OsStr>,
) -> Result<Option<T>, ConfigError> {
    let failed = |problem: String| ConfigError::Variable { name, problem };
    let Some(value) = value else { return Ok(None) };
    let text = value.to_str().ok_or_else(|| failed("it is not valid UTF-8".to_owned()))?;
    match trimmed(text) {
        "" => Ok(None),
        text if is_quoted(text) => Err(failed(
            "the value is in quotation marks, which `docker --env-file` and Kubernetes keep as part of the \
             value: write it without them"
                .to_owned(),
        )),
        text => parse(text).map(Some).map_err(failed),
    }
}

fn parse<T: FromStr<Err: Display> + 'static>(text: &str) -> Result<T, String> {
    let text = if TypeId::of::<T>() == TypeId::of::<bool>() { boolean(text)? } else { text };
    text.parse().map_err(|error: T::Err| error.to_string())
}

/// Parses a boolean in the forms used in YAML and shells.
fn boolean(text: &str) -> Result<&'static str, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok("true"),
        "false" | "0" | "no" | "off" => Ok("false"),
        _ => Err("it must be true or false".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::options::{List, Secret};
    use secrecy::ExposeSecret;

    fn given<T: FromStr<Err: Display> + 'static>(text: &str) -> Option<T> {
        variable("DOORWARD_X", Some(OsStr::new(text))).unwrap()
    }

    #[test]
    fn empty_variable_counts_as_not_set() {
        for empty in ["", " ", "\n", "\r\n", "\u{feff}", "\u{feff}\r\n", "\t"] {
            assert!(given::<String>(empty).is_none(), "{empty:?}");
            assert!(given::<bool>(empty).is_none() && given::<u16>(empty).is_none());
            assert!(given::<Secret>(empty).is_none() && given::<List<String>>(empty).is_none());
        }
    }

    #[test]
    fn white_space_and_byte_order_mark_around_a_variable_are_removed() {
        for text in ["15", " 15", "15\n", "15\r\n", "\u{feff}15"] {
            assert_eq!(given::<u16>(text), Some(15), "{text:?}");
        }
        let secret = given::<Secret>("\u{feff}two words\r\n").unwrap();
        assert_eq!(secret.0.expose_secret(), "two words");
    }

    #[test]
    fn booleans_of_yaml_and_shells_are_parsed() {
        for (text, value) in [
            ("true", true),
            ("TRUE", true),
            ("1", true),
            ("yes", true),
            ("On", true),
            ("false", false),
            ("0", false),
            ("No", false),
            ("off", false),
        ] {
            assert_eq!(given::<bool>(text), Some(value), "{text}");
            assert_eq!(flag::<bool>(text), Ok(value), "{text}");
        }
        assert!(variable::<bool>("DOORWARD_X", Some(OsStr::new("ja"))).is_err());
    }

    #[test]
    fn list_is_read_with_spaces_empty_items_and_as_a_json_array() {
        for text in ["a,b", " a , b ,", ",a,,b,", r#"["a", "b"]"#, "[\"a\",\n\"b\"]", "['a', 'b']"]
        {
            assert_eq!(given::<List<String>>(text).unwrap().0, ["a", "b"], "{text:?}");
        }
        assert_eq!(given::<List<String>>("[]").unwrap().0, [""; 0]);
        assert_eq!(given::<List<String>>("[::1]").unwrap().0, ["[::1]"]);
        let half = variable::<List<String>>("DOORWARD_X", Some(OsStr::new(r#"["a", "b"#)));
        assert!(half.unwrap_err().to_string().contains("DOORWARD_X"));
    }

    #[test]
    fn quoted_variable_is_refused_and_its_value_is_not_shown() {
        for text in ["\"hunter2\"", "'hunter2'", " \"hunter2\"\n", "\"\""] {
            let error = variable::<Secret>("DOORWARD_MASTER_KEY", Some(OsStr::new(text)));
            let error = error.unwrap_err().to_string();
            assert!(
                error.contains("DOORWARD_MASTER_KEY") && error.contains("quotation marks"),
                "{error}"
            );
            assert!(!error.contains("hunter2"), "{error}");
        }
        assert_eq!(given::<String>("'a' and 'b'").unwrap(), "'a' and 'b'");
    }

    #[test]
    #[cfg(unix)]
    fn variable_that_is_not_utf_8_is_refused_with_its_name() {
        use std::os::unix::ffi::OsStrExt;
        let error = variable::<String>("DOORWARD_X", Some(OsStr::from_bytes(b"caf\xe9")));
        let error = error.unwrap_err().to_string();
        assert!(error.contains("DOORWARD_X") && error.contains("UTF-8"), "{error}");
    }

    #[test]
    fn empty_flag_is_refused() {
        assert!(flag::<String>("").is_err() && flag::<Secret>(" ").is_err());
    }
}
