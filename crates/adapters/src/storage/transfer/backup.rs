use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use diesel::{
    Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query,
    sql_types::{BigInt, Text},
};
use tempfile::NamedTempFile;
use tokio::time::interval;

use crate::storage::connection::connect;

/// The interval of progress reports.
const LOOK: Duration = Duration::from_millis(200);

/// A consistent copy of an SQLite database, taken while other connections read and write.
///
/// Uses `VACUUM INTO` instead of SQLite's backup API: the API restarts whenever another process writes, and
/// requires `unsafe`. `VACUUM INTO` reads in one transaction and omits free pages.
#[derive(Debug)]
pub struct Backup<'a> {
    /// The database file.
    pub database: &'a Path,
    /// The file to create. It must not exist.
    pub to: &'a Path,
}

/// Errors returned by [`Backup::run`]. On error, no file was created or changed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The target file exists. A backup never replaces a file.
    #[error("{} already exists; choose another path", .0.display())]
    Exists(PathBuf),
    /// The file can't be created.
    #[error("cannot write {}", path.display())]
    File {
        /// The path of the file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The database can't be read, or the copy can't be written.
    #[error("cannot copy the database")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The copy is corrupt, so the database probably is too.
    #[error("the database is corrupt, and so is the copy: {0}")]
    Damaged(String),
}

#[derive(QueryableByName)]
struct Size {
    #[diesel(sql_type = BigInt)]
    size: i64,
}

#[derive(QueryableByName)]
struct Verdict {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

impl Backup<'_> {
    /// Creates the file, readable and writable only by its owner, and returns its size in bytes. The file gets its
    /// final name only after the copy is complete, verified, and synced to disk.
    ///
    /// # Errors
    /// See [`BackupError`].
    pub async fn run(
        &self,
        progress: &(dyn Fn(u64, u64) + Send + Sync),
    ) -> Result<u64, BackupError> {
        if self.to.try_exists().map_err(|source| self.file(source))? {
            return Err(BackupError::Exists(self.to.to_owned()));
        }
        let folder = match self.to.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        // Accessible only to its owner, and removed if the backup fails.
        let unfinished = NamedTempFile::with_prefix_in(".doorward-backup-", folder)
            .map_err(|source| self.file(source))?;
        self.fill(unfinished.path(), progress).await?;
        let size = self.settle(unfinished, folder)?;
        progress(size, size);
        Ok(size)
    }

    async fn fill(
        &self,
        unfinished: &Path,
        progress: &(dyn Fn(u64, u64) + Send + Sync),
    ) -> Result<(), BackupError> {
        let from = self.database.to_string_lossy().into_owned();
        let open = tokio::task::spawn_blocking(move || open(&from));
        let (mut connection, total) = open.await.map_err(database)??;
        let to = unfinished.to_string_lossy().into_owned();
        let copying = tokio::task::spawn_blocking(move || {
            sql_query("VACUUM INTO ?").bind::<Text, _>(&to).execute(&mut connection)?;
            check(&to)
        });
        let (mut copying, mut look) = (copying, interval(LOOK));
        loop {
            tokio::select! {
                done = &mut copying => return done.map_err(database)?,
                _ = look.tick() => {
                    let done = unfinished.metadata().map_or(0, |metadata| metadata.len());
                    progress(done.min(total), total);
                }
            }
        }
    }

    fn settle(&self, unfinished: NamedTempFile, folder: &Path) -> Result<u64, BackupError> {
        let settled = || {
            unfinished.as_file().sync_all()?;
            let file = unfinished.persist_noclobber(self.to).map_err(|error| error.error)?;
            std::fs::File::open(folder)?.sync_all()?;
            Ok(file.metadata()?.len())
        };
        settled().map_err(|source: io::Error| match source.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Exists(self.to.to_owned()),
            _ => self.file(source),
        })
    }

    fn file(&self, source: io::Error) -> BackupError {
        BackupError::File { path: self.to.to_owned(), source }
    }
}

/// Opens the database, and returns the connection and the expected size of the copy in bytes.
fn open(path: &str) -> Result<(SqliteConnection, u64), BackupError> {
    let mut connection = connect::sqlite_blocking(path).map_err(database)?;
    let Size { size } = sql_query(
        "SELECT (page_count - freelist_count) * page_size AS size \
         FROM pragma_page_count, pragma_freelist_count, pragma_page_size",
    )
    .get_result(&mut connection)?;
    Ok((connection, size.unsigned_abs()))
}

/// Checks the integrity of a copy.
fn check(path: &str) -> Result<(), BackupError> {
    let mut connection = SqliteConnection::establish(path).map_err(database)?;
    let verdicts: Vec<Verdict> = sql_query("PRAGMA integrity_check").load(&mut connection)?;
    match verdicts.first() {
        Some(Verdict { integrity_check }) if integrity_check == "ok" => Ok(()),
        first => Err(BackupError::Damaged(
            first.map_or_else(|| "no result".to_owned(), |verdict| verdict.integrity_check.clone()),
        )),
    }
}

fn database(error: impl std::error::Error + Send + Sync + 'static) -> BackupError {
    BackupError::Database(Box::new(error))
}

impl From<diesel::result::Error> for BackupError {
    fn from(error: diesel::result::Error) -> Self {
        database(error)
    }
}
