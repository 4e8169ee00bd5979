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

use super::connect;

/// How often the caller hears how far it is.
const LOOK: Duration = Duration::from_millis(200);

/// A copy of an SQLite database as it was at one moment, while others go on to read and write.
///
/// It is `VACUUM INTO`, and not SQLite's backup API: that one begins anew whenever another process writes, and
/// can't be called without `unsafe`; this one reads in one transaction, and leaves out free pages.
#[derive(Debug)]
pub struct Backup<'a> {
    /// The file of the database.
    pub database: &'a Path,
    /// The file to make. It must not be there.
    pub to: &'a Path,
}

/// There is no backup: no file was made, and none was changed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A backup does not replace a file.
    #[error("{} is there already: name a file that is not", .0.display())]
    Exists(PathBuf),
    /// The file can't be made.
    #[error("{} can't be written", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The database can't be read, or the copy not be written.
    #[error("the database can't be copied")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The copy is damaged, so the database probably is.
    #[error("the database is damaged, and so is what was copied of it: {0}")]
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
    /// Makes the file, for its owner alone, and answers its size. It has its name only when it is whole, looked
    /// through and on the disk.
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
        // For its owner alone, and removed again if this fails.
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

/// A connection, and how large a copy will be.
fn open(path: &str) -> Result<(SqliteConnection, u64), BackupError> {
    let mut connection = connect::sqlite_blocking(path).map_err(database)?;
    let Size { size } = sql_query(
        "SELECT (page_count - freelist_count) * page_size AS size \
         FROM pragma_page_count, pragma_freelist_count, pragma_page_size",
    )
    .get_result(&mut connection)?;
    Ok((connection, size.unsigned_abs()))
}

/// Reads all of a copy.
fn check(path: &str) -> Result<(), BackupError> {
    let mut connection = SqliteConnection::establish(path).map_err(database)?;
    let verdicts: Vec<Verdict> = sql_query("PRAGMA integrity_check").load(&mut connection)?;
    match verdicts.first() {
        Some(Verdict { integrity_check }) if integrity_check == "ok" => Ok(()),
        first => Err(BackupError::Damaged(first.map_or_else(
            || "it says nothing".to_owned(),
            |verdict| verdict.integrity_check.clone(),
        ))),
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
