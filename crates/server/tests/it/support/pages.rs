//! Pages of `docs` that are generated from code and tables.

use std::{env, fs, path::PathBuf};

pub(crate) fn path(page: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(page)
}

/// Compares a page with its expected text, after writing it if `DOORWARD_WRITE_PAGES` is set.
#[track_caller]
pub(crate) fn assert_page(page: &str, expected: &str, script: &str) {
    let path = path(page);
    if env::var_os("DOORWARD_WRITE_PAGES").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, expected).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == expected, "{} differs: run {script}, and commit", path.display());
}
