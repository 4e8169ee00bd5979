//! The data folder, and the master key in it.

mod permissions;
mod secret_file;

pub(crate) use permissions::warnings;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use doorward_adapters::secret::{MasterKey, SecretTooShort, Secrets, WeakSecret};
use doorward_domain::ports::Randomness;
use secrecy::{ExposeSecret, SecretString};

use crate::config::Config;

/// Errors returned when the data folder or the master key can't be used.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// The data folder can't be created or written to.
    #[error("the data folder {} can't be used: {advice}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the operator can do.
        advice: String,
        /// The cause.
        source: io::Error,
    },
    /// The master key is missing: no server has been started with this data folder.
    #[error(
        "there is no master key at {}: run this command where the server runs, or pass the server's data folder with \
         --data-dir; if the server gets its master key from DOORWARD_MASTER_KEY, set it here as well; if no server has been \
         started yet, start doorward once; if the master key is lost, run doorward credentials revoke-all --lost-master-key",
        path.display()
    )]
    NoSecret {
        /// The file.
        path: PathBuf,
    },
    /// The file of the master key is empty or incomplete.
    #[error(
        "the master key {} is empty or incomplete: the first start was interrupted, or the disk was full. Restore \
         the file from a backup; if no server has used it yet, delete it and start again",
        path.display()
    )]
    Incomplete {
        /// The file.
        path: PathBuf,
    },
    /// The file of the master key can't be read or written.
    #[error("the master key {} can't be {action}", path.display())]
    SecretFile {
        /// The file.
        path: PathBuf,
        /// The attempted action, as a participle.
        action: &'static str,
        /// The cause.
        source: io::Error,
    },
    /// A secret is too short.
    #[error("{what} can't be used")]
    Secret {
        /// The option or file of the secret.
        what: String,
        /// The cause.
        source: SecretTooShort,
    },
    /// A secret can be guessed.
    #[error(
        "{what} can't be used, because it can be guessed: {reason}; generate a new secret with doorward secret new, or with \
         openssl rand -hex 32; if a server has used the old secret, move the old secret to previous_master_keys"
    )]
    WeakSecret {
        /// The option or file of the secret.
        what: String,
        /// Why it can be guessed.
        reason: WeakSecret,
    },
    /// Every user of the machine can read the file of the master key.
    #[error(
        "the master key {} can't be used, because every user of this machine can read it (mode {mode:o}): run chmod \
         600 {}; a user who has read it can forge tokens, so replace it if others use this machine",
        path.display(),
        path.display()
    )]
    ReadableSecret {
        /// The file.
        path: PathBuf,
        /// The permissions of the file.
        mode: u32,
    },
}

/// Creates the data folder, readable by its owner alone, and checks that it is writable.
pub(crate) fn prepare(folder: &Path) -> Result<(), DataDirError> {
    let attempt = || {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
        let probe = folder.join(".write-test");
        let written = fs::write(&probe, b"doorward");
        // A full disk leaves an empty file.
        written.and(fs::remove_file(&probe))
    };
    attempt().map_err(|source| folder_error(folder, source))
}

/// Checks whether [`prepare`] could create a folder that does not exist, without creating it.
pub(crate) fn can_create(folder: &Path) -> Result<(), DataDirError> {
    let error = |source| Err(folder_error(folder, source));
    if folder.is_symlink() {
        return error(io::ErrorKind::AlreadyExists.into());
    }
    let above =
        folder.ancestors().skip(1).find(|path| path.as_os_str().is_empty() || path.exists());
    let above = above.filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !above.is_dir() {
        return error(io::ErrorKind::NotADirectory.into());
    }
    can_create_in(above).or_else(error)
}

/// Checks whether this user may create files in a folder, without creating one.
pub(crate) fn can_create_in(folder: &Path) -> io::Result<()> {
    let access = rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK;
    Ok(rustix::fs::access(folder, access)?)
}

/// Returns `true` if there is a master key, in the configuration or in the data folder.
pub(crate) fn has_secret(config: &Config) -> bool {
    config.master_key.is_some() || secret_file(config).exists()
}

/// Creates the master key in the data folder. Returns `false` if another server has created it first.
pub(crate) fn create_secret(
    config: &Config,
    randomness: &dyn Randomness,
) -> Result<bool, DataDirError> {
    let path = secret_file(config);
    let created = secret_file::create(&path, randomness, |from, to| fs::hard_link(from, to));
    created.map_err(|source| DataDirError::SecretFile { path, action: "created", source })
}

/// Removes a master key that nothing was encrypted with.
pub(crate) fn remove_secret(config: &Config) -> Result<(), DataDirError> {
    let path = secret_file(config);
    let removed = fs::remove_file(&path);
    removed.map_err(|source| DataDirError::SecretFile { path, action: "removed", source })
}

/// Returns the secrets of a server that has been started before. Creates nothing.
pub(crate) fn existing_secrets(config: &Config) -> Result<Secrets, DataDirError> {
    let master = |text: &SecretString, what: &str| {
        MasterKey::new(text.expose_secret())
            .map_err(|source| DataDirError::Secret { what: what.to_owned(), source })
    };
    let strong = |text: &SecretString, what: &str| {
        let secret = master(text, what)?;
        MasterKey::check_strength(text.expose_secret())
            .map_err(|reason| DataDirError::WeakSecret { what: what.to_owned(), reason })?;
        Ok(secret)
    };
    let current = match &config.master_key {
        Some(secret) => strong(secret, "master_key (DOORWARD_MASTER_KEY)")?,
        None => {
            let path = secret_file(config);
            if !path.exists() {
                return Err(DataDirError::NoSecret { path });
            }
            permissions::expect_private(&path)?;
            strong(&secret_file::read(&path)?, &path.display().to_string())?
        }
    };
    let previous = config.previous_master_keys.iter();
    let previous = previous.map(|secret| master(secret, "previous_master_keys"));
    Ok(Secrets { current, previous: previous.collect::<Result<_, _>>()? })
}

pub(crate) fn secret_file(config: &Config) -> PathBuf {
    config.data_dir.join("master_key")
}

fn folder_error(folder: &Path, source: io::Error) -> DataDirError {
    let other = "choose another with DOORWARD_DATA_DIR";
    let advice = match source.kind() {
        _ if folder.is_file() => format!("it is a file, not a folder; {other}"),
        _ if folder.is_symlink() && !folder.exists() => {
            format!("it is a link to a folder that does not exist; create that folder, or {other}")
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            format!("its file system is read-only; mount a writable volume there, or {other}")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            format!("its file system is full; free space there, or {other}")
        }
        io::ErrorKind::PermissionDenied => {
            let user = rustix::process::geteuid().as_raw();
            format!(
                "user {user}, which the server runs as, can't write to it; make that user the owner, or {other}"
            )
        }
        _ => format!("{other}, or let the user that the server runs as write to it"),
    };
    DataDirError::Folder { folder: folder.to_owned(), advice, source }
}
