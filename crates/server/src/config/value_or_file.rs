//! Values that are set directly, or by the name of a file that contains them.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::{
    ConfigError,
    load::{explain, read},
    options::{List, Secret},
    value::{is_quoted, trimmed},
};

/// Returns the value of an option, or the content of the file that contains it. `file_key` is the option that names the
/// file.
pub(super) fn text_or_file(
    text: Option<Secret>,
    file_key: &'static str,
    file: Option<&Path>,
) -> Result<Option<SecretString>, ConfigError> {
    match (text, file) {
        (Some(text), _) => Ok(Some(trimmed(text.0.expose_secret()).into())),
        (None, Some(path)) => Ok(Some(content(file_key, path)?.into())),
        (None, None) => Ok(None),
    }
}

fn list<T>(list: Option<List<T>>) -> Vec<T> {
    list.map(|list| list.0).unwrap_or_default()
}

pub(super) fn list_or_file(
    texts: Option<List<Secret>>,
    file_key: &'static str,
    file: Option<&Path>,
) -> Result<Vec<SecretString>, ConfigError> {
    let mut secrets: Vec<SecretString> = list(texts).into_iter().map(|secret| secret.0).collect();
    if let Some(path) = file {
        // A file of former values may be empty.
        let text = read_value(file_key, path)?;
        secrets.extend(text.lines().map(trimmed).filter(|line| !line.is_empty()).map(Into::into));
    }
    Ok(secrets)
}

fn content(key: &'static str, path: &Path) -> Result<String, ConfigError> {
    let failed = |problem: &str| {
        Err(ConfigError::ValueFile { key, path: path.to_owned(), problem: problem.to_owned() })
    };
    match trimmed(&read_value(key, path)?) {
        "" => failed("is empty: write the value into it"),
        text if is_quoted(text) => {
            failed("has its value in quotation marks: write it without them")
        }
        text => Ok(text.to_owned()),
    }
}

fn read_value(key: &'static str, path: &Path) -> Result<String, ConfigError> {
    read(path).map_err(|source| ConfigError::ValueFile {
        key,
        path: path.to_owned(),
        problem: format!("can't be read: {source}{}", explain(path, &source)),
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn text_of(path: &Path) -> Result<String, String> {
        let text =
            text_or_file(None, "master_key_file", Some(path)).map_err(|error| error.to_string());
        text.map(|text| text.unwrap().expose_secret().to_owned())
    }

    #[test]
    fn secret_file_is_read_without_what_editors_add() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("master_key");
        for text in [
            "two words",
            "two words\n",
            "two words\r\n",
            "\u{feff}two words\r\n",
            "\n two words \n\n",
        ] {
            fs::write(&path, text).unwrap();
            assert_eq!(text_of(&path).unwrap(), "two words", "{text:?}");
        }
        // Kubernetes projects secrets as symbolic links, which it swaps atomically.
        fs::create_dir(folder.path().join("..2026")).unwrap();
        fs::rename(&path, folder.path().join("..2026/secret")).unwrap();
        std::os::unix::fs::symlink("..2026", folder.path().join("..data")).unwrap();
        std::os::unix::fs::symlink("..data/secret", &path).unwrap();
        assert_eq!(text_of(&path).unwrap(), "two words");
    }

    #[test]
    fn file_without_a_secret_is_refused_with_its_option_and_advice() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("value");
        let problem = || text_of(&path).unwrap_err();
        assert!(problem().contains("No such file"), "{}", problem());
        fs::create_dir(&path).unwrap();
        assert!(problem().contains("is a folder"), "{}", problem());
        fs::remove_dir(&path).unwrap();
        for (content, part) in [
            (&b""[..], "is empty"),
            (b"\xef\xbb\xbf\r\n", "is empty"),
            (b"\"hunter2\"\n", "quotation marks"),
            (b"\xff\xfeh\x00u\x00n\x00t\x00", "UTF-8"),
        ] {
            fs::write(&path, content).unwrap();
            let said = problem();
            assert!(said.contains(part) && said.contains("DOORWARD_MASTER_KEY_FILE"), "{said}");
            assert!(said.contains(path.to_str().unwrap()) && !said.contains("hunter2"), "{said}");
        }
    }
}
