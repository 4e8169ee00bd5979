//! Checks whether the file of an SQLite database is writable.

use std::{
    ffi::OsString,
    io,
    path::{Path, PathBuf},
};

use diesel::{ConnectionError, SqliteConnection, connection::SimpleConnection};
use rustix::{
    fs::{Access, access, statvfs},
    process::geteuid,
};

use super::connect;

/// The minimum free disk space, in bytes, for writing a transaction.
const LEAST_SPACE: u64 = 64 * 1024;

/// Checks the file, its journals, and their folder without opening the database.
pub(crate) fn check(path: &Path) -> Result<(), String> {
    let folder = folder(path);
    let in_folder = |problem: io::Error, advice: &str| {
        format!("cannot use the folder {}: {problem}; {advice}", folder.display())
    };
    if !folder.is_dir() {
        let missing = io::Error::from(io::ErrorKind::NotFound);
        return Err(in_folder(missing, "create it, or set DOORWARD_DATABASE_URL to another file"));
    }
    if path.is_dir() {
        return Err(format!("{} is a folder: set DOORWARD_DATABASE_URL to a file", path.display()));
    }
    access(&folder, Access::WRITE_OK | Access::EXEC_OK).map_err(|problem| {
        let advice = "give the server's user write permission there, since SQLite creates journals beside the database";
        in_folder(problem.into(), advice)
    })?;
    for file in [path.to_owned(), beside(path, "-wal"), beside(path, "-shm")] {
        if file.exists() {
            access(&file, Access::READ_OK | Access::WRITE_OK).map_err(|problem| {
                format!(
                    "{} is not writable: {}; make the server's user its owner (chown), or set \
                     DOORWARD_DATABASE_URL to another file",
                    file.display(),
                    io::Error::from(problem)
                )
            })?;
        }
    }
    if statvfs(&folder).is_ok_and(|disk| {
        let free = if geteuid().is_root() { disk.f_bfree } else { disk.f_bavail };
        disk.f_blocks > 0 && free.saturating_mul(disk.f_frsize) < LEAST_SPACE
    }) {
        return Err(in_folder(io::ErrorKind::StorageFull.into(), "free space on the disk"));
    }
    Ok(())
}

/// Like [`check`], and if the database exists, also writes to it and rolls back.
pub(crate) fn check_by_writing(path: &Path) -> Result<(), String> {
    check(path)?;
    if !path.exists() {
        return Ok(());
    }
    let problem =
        |problem: &dyn std::fmt::Display| format!("cannot use {}: {problem}", path.display());
    let mut connection = open(path).map_err(|error| match &error {
        ConnectionError::CouldntSetupConfiguration(said)
            if said.to_string().contains("not a database") =>
        {
            problem(&"not an SQLite database; set DOORWARD_DATABASE_URL to another file")
        }
        error => problem(error),
    })?;
    // BEGIN IMMEDIATE alone succeeds even if nothing can be written.
    connection
        .batch_execute("BEGIN IMMEDIATE; PRAGMA user_version = 1; ROLLBACK")
        .map_err(|error| problem(&error))
}

fn open(path: &Path) -> Result<SqliteConnection, ConnectionError> {
    connect::sqlite_blocking(&path.to_string_lossy())
}

fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}
