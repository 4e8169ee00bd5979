//! The file of the master key: created exactly once on any file system, and only read when complete.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Seek, Write},
    path::Path,
    thread,
    time::Duration,
};

use doorward_domain::ports::Randomness;
use secrecy::SecretString;

use super::DataDirError;

/// How often an incomplete file is read, since another server may still be writing it.
const READS: u32 = 100;
const BETWEEN_READS: Duration = Duration::from_millis(10);

/// Creates a secret, unless there is one, and returns `true` if it did. If two servers start at the same time, one
/// creates the secret and both use it. A crash leaves no secret, or one that [`read`] rejects.
pub(super) fn create(
    path: &Path,
    randomness: &dyn Randomness,
    link: impl Fn(&Path, &Path) -> io::Result<()>,
) -> io::Result<bool> {
    let mut bytes = [0; 32];
    randomness.fill(&mut bytes);
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let linked = write(&temporary, &text).and_then(|()| link(&temporary, path));
    let _ = fs::remove_file(&temporary);
    match linked {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) if error.kind() == ErrorKind::StorageFull => Err(error),
        // CIFS, exFAT, and some FUSE file systems have no hard links, and report that with various errors.
        Err(_) => create_in_place(path, &text),
    }
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file = owned().truncate(true).create(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Creates the file, unless it exists. Fills it with zeros first: the file is incomplete until the last zero is
/// replaced.
fn create_in_place(path: &Path, text: &str) -> io::Result<bool> {
    let mut file = match owned().create_new(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
        Err(error) => return Err(error),
    };
    let filled = fill(&mut file, text);
    if filled.is_err() {
        let _ = fs::remove_file(path);
    }
    filled.map(|()| true)
}

fn fill(file: &mut File, text: &str) -> io::Result<()> {
    file.write_all(&vec![0; text.len()])?;
    file.sync_all()?;
    file.rewind()?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn owned() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Reads the secret. Waits for an incomplete file to become complete.
pub(super) fn read(path: &Path) -> Result<SecretString, DataDirError> {
    let failed =
        |source| DataDirError::SecretFile { path: path.to_owned(), action: "read", source };
    for _ in 0..READS {
        let text = fs::read_to_string(path).map_err(failed)?;
        let text = text.trim_start_matches('\u{feff}').trim();
        if !text.is_empty() && !text.contains('\0') {
            return Ok(text.into());
        }
        thread::sleep(BETWEEN_READS);
    }
    Err(DataDirError::Incomplete { path: path.to_owned() })
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, sync::Barrier};

    use doorward_adapters::system::SystemRandomness;
    use secrecy::ExposeSecret;

    use super::*;

    fn text(path: &Path) -> String {
        read(path).unwrap().expose_secret().to_owned()
    }

    /// The errors of file systems without hard links.
    fn refusals() -> Vec<io::Error> {
        use rustix::io::Errno;
        let errors =
            [Errno::OPNOTSUPP, Errno::PERM, Errno::NOSYS, Errno::MLINK, Errno::ACCESS, Errno::XDEV];
        errors.into_iter().map(Into::into).collect()
    }

    #[test]
    fn secret_is_created_once_with_and_without_hard_links() {
        for refusal in std::iter::once(None).chain(refusals().into_iter().map(Some)) {
            let folder = tempfile::TempDir::new().unwrap();
            let path = folder.path().join("master_key");
            let link = |from: &Path, to: &Path| match &refusal {
                Some(error) => Err(io::Error::from_raw_os_error(error.raw_os_error().unwrap())),
                None => fs::hard_link(from, to),
            };
            assert!(create(&path, &SystemRandomness, link).unwrap(), "{refusal:?}");
            let first = text(&path);
            assert_eq!(first.len(), 64);
            assert!(!create(&path, &SystemRandomness, link).unwrap());
            assert_eq!(text(&path), first);
            assert_eq!(folder.path().read_dir().unwrap().count(), 1, "nothing else is left");
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn servers_starting_together_without_hard_links_share_one_secret() {
        for _ in 0..20 {
            let folder = tempfile::TempDir::new().unwrap();
            let path = folder.path().join("master_key");
            let barrier = Barrier::new(4);
            let start = |number| {
                barrier.wait();
                // Threads of one process would share the temporary file of `create`.
                create_in_place(&path, &format!("{number:064x}")).unwrap();
                text(&path)
            };
            let secrets: BTreeSet<String> = thread::scope(|scope| {
                let start = &start;
                let servers: Vec<_> =
                    (0..4).map(|number: u8| scope.spawn(move || start(number))).collect();
                servers.into_iter().map(|it| it.join().unwrap()).collect()
            });
            assert_eq!(secrets.len(), 1);
        }
    }

    #[test]
    fn incomplete_secret_after_a_crash_is_rejected_with_advice() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("master_key");
        for left in
            [String::new(), "\n".to_owned(), "\0".repeat(64), "ab".repeat(20) + &"\0".repeat(24)]
        {
            fs::write(&path, &left).unwrap();
            let error = read(&path).unwrap_err().to_string();
            assert!(error.contains("incomplete") && error.contains("delete it"), "{error}");
        }
        fs::write(&path, "\u{feff}0123456789abcdef0123456789abcdef\r\n").unwrap();
        assert_eq!(text(&path), "0123456789abcdef0123456789abcdef");
    }
}
