//! Checks who can read and change the files in the data folder.

use std::{
    fs::{self, OpenOptions},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

use doorward_adapters::storage::DatabaseUrl;

use super::{DataDirError, secret_file};
use crate::config::Config;

/// The mode bits for users who are neither the owner nor in the group. Group access is allowed, because the group is that
/// of an operator, or one that Kubernetes gives to all files of a volume.
const OTHERS: u32 = 0o007;

/// Rejects a secret that every user of the machine can read or change, as OpenSSH does with keys. The check applies only
/// if this user owns the file, and can therefore change its mode.
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

/// Returns `false` for file systems with one mode for all files, such as CIFS, exFAT, and some of Docker Desktop.
fn keeps_modes(folder: &Path) -> bool {
    let probe = folder.join(".mode-test");
    let created =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&probe);
    let mode = created.and_then(|file| file.metadata()).map(|it| it.permissions().mode());
    let _ = fs::remove_file(&probe);
    // If no file can be created, the modes are assumed to be real.
    mode.map_or(true, |mode| mode & OTHERS == 0)
}

/// Returns `true` for files that a container runtime provides, whose modes it sets, and which other users of the machine
/// can't reach: those of Docker and Podman in `/run/secrets`, and those of Kubernetes, which are links into a folder such as
/// `..2026_01_01_12_00_00.1`.
fn is_provided_by_a_container_runtime(path: &Path) -> bool {
    let Ok(path) = path.canonicalize() else { return false };
    path.starts_with("/run/secrets")
        || path.iter().any(|part| part.as_encoded_bytes().starts_with(b".."))
}

/// Returns warnings about the permissions of an existing data folder, and of configured files of keys, each with its option.
pub(crate) fn warnings(config: &Config) -> Vec<(&'static str, String)> {
    let mut warnings = Vec::new();
    let mut warn = |option: &'static str, what: &str, path: &Path, private: &str| {
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
    if config.master_key.is_none() {
        warn("master_key", "the master key", &secret_file(config), "600");
    }
    for (option, path) in &config.key_files {
        if !is_provided_by_a_container_runtime(path) {
            warn(option, "the file of a key", path, "600");
        }
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
    fn world_readable_secret_is_rejected() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("master_key");
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
    fn world_readable_key_files_cause_a_warning_unless_a_container_runtime_provides_them() {
        let folder = tempfile::TempDir::new().unwrap();
        with_mode(folder.path(), 0o700);
        let at = |name: &str| folder.path().join(name);
        let (key, pepper) = (at("key"), at("pepper"));
        fs::write(&key, "0a8a1d3d1d58e2f7c8a59bd5b7f2b6f8e0cfb1f6a2d94f36").unwrap();
        fs::create_dir(at("..2026_01_01")).unwrap();
        fs::write(at("..2026_01_01/pepper"), "6b1f0cfe8f6b2f7b5db95a8c7f2e85d1d3d1a8a0f63d49a2")
            .unwrap();
        std::os::unix::fs::symlink("..2026_01_01/pepper", &pepper).unwrap();
        let toml = format!(
            "data_dir = '{}'\nmaster_key_file = '{}'\npasswords_pepper_file = '{}'",
            folder.path().display(),
            key.display(),
            pepper.display()
        );
        let config = Config::new(toml::from_str(&toml).unwrap()).unwrap();
        with_mode(&pepper, 0o644);
        for (mode, expected) in [
            (0o600, &[][..]),
            (0o640, &[]),
            (0o644, &["master_key_file"]),
            (0o604, &["master_key_file"]),
        ] {
            with_mode(&key, mode);
            let options: Vec<_> = warnings(&config).into_iter().map(|(option, _)| option).collect();
            assert_eq!(options, expected, "{mode:o}");
        }
        assert!(warnings(&config)[0].1.contains("chmod 600"));
        // A file of the data folder's own user, elsewhere.
        fs::rename(at("..2026_01_01"), at("2026")).unwrap();
        fs::remove_file(&pepper).unwrap();
        std::os::unix::fs::symlink("2026/pepper", &pepper).unwrap();
        assert_eq!(warnings(&config).len(), 2);
    }

    #[test]
    fn world_accessible_data_causes_a_warning() {
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
