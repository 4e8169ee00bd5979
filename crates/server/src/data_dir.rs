use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use doorward_adapters::secret::{MasterSecret, SecretTooShort, Secrets};
use doorward_domain::ports::Randomness;
use secrecy::{ExposeSecret, SecretString};

use crate::config::Config;

/// The data folder can't be used.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// It can't be made or written to.
    #[error(
        "the data folder {folder} can't be written to: choose another with DOORWARD_DATA_DIR, or \
         let the user that the server runs as write there"
    )]
    Folder {
        /// Which one.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A server has not been here.
    #[error(
        "there is no {}: run this where the server runs, or name its folder with --data-dir; if the \
         server is given its secret by DOORWARD_SECRET, give it here as well",
        path.display()
    )]
    NoSecret {
        /// The file.
        path: PathBuf,
    },
    /// A secret is too short.
    #[error("{what} can't be used")]
    Secret {
        /// Which one.
        what: String,
        /// Why.
        source: SecretTooShort,
    },
}

/// Makes the data folder, readable by its owner alone, and tries whether it can be written to.
pub(crate) fn prepare(folder: &Path) -> Result<(), DataDirError> {
    let attempt = || {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
        let probe = folder.join(".write-test");
        fs::write(&probe, b"doorward")?;
        fs::remove_file(&probe)
    };
    attempt().map_err(|source| DataDirError::Folder { folder: folder.to_owned(), source })
}

/// The configured secrets; without a current one, that of the data folder, made at first start.
pub(crate) fn secrets(
    config: &Config,
    randomness: &dyn Randomness,
) -> Result<Secrets, DataDirError> {
    let path = secret_file(config);
    if config.secret.is_none() && !path.exists() {
        make_secret(&path, randomness).map_err(|source| folder_error(config, source))?;
    }
    existing_secrets(config)
}

/// The secrets of a server that has been started before. Nothing is made.
pub(crate) fn existing_secrets(config: &Config) -> Result<Secrets, DataDirError> {
    let master = |text: &SecretString, what: &str| {
        MasterSecret::new(text.expose_secret())
            .map_err(|source| DataDirError::Secret { what: what.to_owned(), source })
    };
    let current = match &config.secret {
        Some(secret) => master(secret, "secret")?,
        None => {
            let path = secret_file(config);
            if !path.exists() {
                return Err(DataDirError::NoSecret { path });
            }
            let text = fs::read_to_string(&path).map_err(|source| folder_error(config, source))?;
            master(&text.into(), &path.display().to_string())?
        }
    };
    let previous = config.previous_secrets.iter();
    let previous = previous.map(|secret| master(secret, "previous_secrets"));
    Ok(Secrets { current, previous: previous.collect::<Result<_, _>>()? })
}

fn secret_file(config: &Config) -> PathBuf {
    config.data_dir.join("secret")
}

fn folder_error(config: &Config, source: io::Error) -> DataDirError {
    DataDirError::Folder { folder: config.data_dir.clone(), source }
}

fn make_secret(path: &Path, randomness: &dyn Randomness) -> io::Result<()> {
    let mut octets = [0; 32];
    randomness.fill(&mut octets);
    let text: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
    make(path, &text)
}

/// Writes beside and links into place, so that of two servers that start together one makes the
/// secret and both use it, and so that a crash leaves none half written.
fn make(path: &Path, text: &str) -> io::Result<()> {
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&temporary, path);
    fs::remove_file(&temporary)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
