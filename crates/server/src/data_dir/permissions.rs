//! Who may read and change what is in the data folder.

use std::{
    fs::{self, OpenOptions},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

use doorward_adapters::storage::DatabaseUrl;

use super::{DataDirError, secret_file};
use crate::config::Config;

/// Of the bits of a mode, those of users who are neither the owner nor in the group. The group is that of an operator, or one
/// that Kubernetes gives to all files of a volume.
const OTHERS: u32 = 0o007;

/// Refuses a secret that every user of the machine can read or change, as OpenSSH does with keys: only where this user owns
/// the file, and can help it.
pub(super) fn expect_private(path: &Path) -> Result<(), DataDirError> {
    let Ok(found) = path.metadata() else { return Ok(()) };
    let mode = found.permissions().mode() & 0o777;
    let is_own = found.uid() == rustix::process::geteuid().as_raw();
    let is_refused = mode & OTHERS != 0 && is_own && path.parent().is_none_or(keeps_modes);
    if is_refused {
        Err(DataDirError::ReadableSecret { path: path.to_owned(), mode })
    } else {
        Ok(())
    }
}

/// Returns `false` for file systems that have one mode for all files, such as CIFS, exFAT, and some of Docker Desktop.
fn keeps_modes(folder: &Path) -> bool {
    let probe = folder.join(".mode-test");
    let created =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&probe);
    let mode = created.and_then(|file| file.metadata()).map(|it| it.permissions().mode());
    let _ = fs::remove_file(&probe);
    // Where nothing can be created, it is as it says.
    mode.map_or(true, |mode| mode & OTHERS == 0)
}

/// Returns what is unwise about a data folder that exists.
pub(crate) fn warnings(config: &Config) -> Vec<(&'static str, String)> {
    let mut warnings = Vec::new();
    let mut warn = |option, what: &str, path: &Path, private: &str| {
        let mode = path.metadata().map_or(0, |it| it.permissions().mode());
        let can = match mode & OTHERS {
            0 => return,
            bits if bits & 0o002 != 0 => "write to",
            _ => "read",
        };
        let shown = path.display();
        let text = format!(
            "every user of this machine can {can} {what} {shown}: run chmod {private} {shown}"
        );
        warnings.push((option, text));
    };
    warn("data_dir", "the data folder", &config.data_dir, "700");
    if config.secret.is_none() {
        warn("secret", "the master secret", &secret_file(config), "600");
    }
    if let DatabaseUrl::Sqlite(path) = &config.database {
        warn("database_url", "the database", path, "600");
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn secret_that_others_can_read_is_refused() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("secret");
        fs::write(&path, "x").unwrap();
        for (mode, is_private) in [
            (0o600, true),
            (0o400, true),
            (0o660, true),
            (0o640, true),
            (0o644, false),
            (0o604, false),
            (0o602, false),
            (0o666, false),
            (0o777, false),
        ] {
            with_mode(&path, mode);
            let outcome = expect_private(&path);
            assert_eq!(outcome.is_ok(), is_private, "{mode:o}");
            if let Err(error) = outcome {
                assert!(error.to_string().contains("chmod 600"), "{error}");
            }
        }
        assert_eq!(folder.path().read_dir().unwrap().count(), 1, "nothing is left");
    }

    #[test]
    fn data_that_others_can_read_or_write_is_warned_of() {
        let folder = tempfile::TempDir::new().unwrap();
        let toml = format!("data_dir = '{}'", folder.path().display());
        let config = Config::new(toml::from_str(&toml).unwrap()).unwrap();
        let database = folder.path().join("doorward.db");
        fs::write(&database, "").unwrap();
        for (of_folder, of_database, expected) in [
            (0o700, 0o600, &[][..]),
            (0o770, 0o660, &[]),
            (0o755, 0o600, &["data_dir"]),
            (0o777, 0o644, &["data_dir", "database_url"]),
        ] {
            with_mode(folder.path(), of_folder);
            with_mode(&database, of_database);
            let options: Vec<_> = warnings(&config).into_iter().map(|(option, _)| option).collect();
            assert_eq!(options, expected, "{of_folder:o} {of_database:o}");
        }
        with_mode(folder.path(), 0o757);
        assert!(warnings(&config)[0].1.contains("write to the data folder"));
    }
}
