//! Whether the file of an SQLite database can be written to.

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

/// With less a transaction can't be written.
const LEAST_SPACE: u64 = 64 * 1024;

/// Looks at the file, its journals, and their folder. Nothing is opened.
pub(super) fn check(path: &Path) -> Result<(), String> {
    let folder = folder(path);
    let in_folder = |problem: io::Error, advice: &str| {
        format!("the folder {} can't be used: {problem}: {advice}", folder.display())
    };
    if !folder.is_dir() {
        let missing = io::Error::from(io::ErrorKind::NotFound);
        return Err(in_folder(missing, "create it, or name another file in DOORWARD_DATABASE_URL"));
    }
    if path.is_dir() {
        return Err(format!(
            "{} is a folder: name a file in DOORWARD_DATABASE_URL",
            path.display()
        ));
    }
    access(&folder, Access::WRITE_OK | Access::EXEC_OK).map_err(|problem| {
        let advice = "let the user that the server runs as write there, since journals are kept beside the database";
        in_folder(problem.into(), advice)
    })?;
    for file in [path.to_owned(), beside(path, "-wal"), beside(path, "-shm")] {
        if file.exists() {
            access(&file, Access::READ_OK | Access::WRITE_OK).map_err(|problem| {
                format!(
                    "{} can't be written to: {}: let the user that the server runs as own it (chown), or \
                     name another file in DOORWARD_DATABASE_URL",
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

/// As [`check`], and writes what is taken back if there is a database.
pub(super) fn check_by_writing(path: &Path) -> Result<(), String> {
    check(path)?;
    if !path.exists() {
        return Ok(());
    }
    let problem =
        |problem: &dyn std::fmt::Display| format!("{} can't be used: {problem}", path.display());
    let mut connection = open(path).map_err(|error| match &error {
        ConnectionError::CouldntSetupConfiguration(said)
            if said.to_string().contains("not a database") =>
        {
            problem(&"it is not an SQLite database: name another file in DOORWARD_DATABASE_URL")
        }
        error => problem(error),
    })?;
    // BEGIN IMMEDIATE alone is accepted where nothing can be written.
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
