//! Values that are given as they are, or by the name of a file that holds them.

use std::path::Path;

use secrecy::SecretString;

use super::{
    ConfigError,
    load::read,
    options::{List, Secret},
};

pub(super) fn text_or_file(
    text: Option<Secret>,
    file: Option<&Path>,
) -> Result<Option<SecretString>, ConfigError> {
    match (text, file) {
        (Some(text), _) => Ok(Some(text.0)),
        (None, Some(path)) => Ok(Some(read(path)?.trim().into())),
        (None, None) => Ok(None),
    }
}

pub(super) fn list<T>(list: Option<List<T>>) -> Vec<T> {
    list.map(|list| list.0).unwrap_or_default()
}

pub(super) fn list_or_file(
    texts: Option<List<Secret>>,
    file: Option<&Path>,
) -> Result<Vec<SecretString>, ConfigError> {
    let mut secrets: Vec<SecretString> = list(texts).into_iter().map(|secret| secret.0).collect();
    if let Some(path) = file {
        let text = read(path)?;
        secrets.extend(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(Into::into));
    }
    Ok(secrets)
}
