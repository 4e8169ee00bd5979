//! Backups of SQLite during writes.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use doorward_adapters::storage::{Backup, BackupError, DatabaseUrl};
use doorward_conformance::{fixtures, samples};
use doorward_testing::{TestDatabase, TestStorage};
use tempfile::TempDir;

use crate::catalog;

fn file_of(database: &TestDatabase) -> PathBuf {
    let DatabaseUrl::Sqlite(path) = database.url() else { panic!("not SQLite") };
    path.clone()
}

/// Returns the values of one text column of a file.
fn texts(file: &Path, sql: &str) -> Vec<String> {
    catalog::texts(&mut catalog::open(file), sql)
}

/// The names of organizations whose writes were acknowledged.
#[derive(Default)]
struct Acknowledged(Mutex<Vec<String>>);

impl Acknowledged {
    fn so_far(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    async fn reach(&self, count: usize) {
        while self.so_far().len() < count {
            tokio::task::yield_now().await;
        }
    }
}

async fn write(storage: &TestStorage, until: &AtomicBool, acknowledged: &Acknowledged) {
    for number in 0.. {
        if until.load(Ordering::SeqCst) {
            break;
        }
        let org = fixtures::org(&**storage, samples::org(&format!("org {number}"))).await;
        acknowledged.0.lock().unwrap().push(org.name.as_str().to_owned());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn backup_under_load_is_intact_and_contains_all_acknowledged_writes() {
    let storage = Arc::new(TestDatabase::sqlite().await.into_storage());
    let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::<Acknowledged>::default());
    let writer = tokio::spawn({
        let (storage, stop, acknowledged) = (storage.clone(), stop.clone(), acknowledged.clone());
        async move { write(&storage, &stop, &acknowledged).await }
    });
    acknowledged.reach(100).await;
    let before = acknowledged.so_far();
    let folder = TempDir::new().unwrap();
    let (database, to) = (file_of(storage.database()), folder.path().join("backup.db"));
    let size = Backup { database: &database, to: &to }.run(&|_, _| {}).await.unwrap();
    acknowledged.reach(before.len() + 10).await;
    stop.store(true, Ordering::SeqCst);
    writer.await.unwrap();

    assert_eq!(texts(&to, "SELECT integrity_check AS line FROM pragma_integrity_check"), ["ok"]);
    let held = texts(&to, "SELECT name AS line FROM orgs");
    assert!(before.iter().all(|name| held.contains(name)));
    assert_eq!(size, to.metadata().unwrap().len());
    assert_eq!(folder.path().read_dir().unwrap().count(), 1, "no other file remains");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(to.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn backup_never_overwrites_and_leaves_no_file_on_failure() {
    let database = TestDatabase::sqlite().await;
    let (folder, file) = (TempDir::new().unwrap(), file_of(&database));
    let to = folder.path().join("backup.db");
    fs::write(&to, "precious").unwrap();
    let refused = Backup { database: &file, to: &to }.run(&|_, _| {}).await;
    assert!(matches!(refused, Err(BackupError::Exists(path)) if path == to));
    assert_eq!(fs::read_to_string(&to).unwrap(), "precious");

    let garbage = folder.path().join("garbage.db");
    fs::write(&garbage, "this is not a database, but it is as long as one must be").unwrap();
    let nowhere = folder.path().join("other.db");
    let failed = Backup { database: &garbage, to: &nowhere }.run(&|_, _| {}).await;
    assert!(matches!(failed, Err(BackupError::Database(_))), "{failed:?}");
    assert!(!nowhere.exists());
    let elsewhere = folder.path().join("no/such/folder.db");
    let failed = Backup { database: &file, to: &elsewhere }.run(&|_, _| {}).await;
    assert!(matches!(failed, Err(BackupError::File { .. })), "{failed:?}");
    assert_eq!(folder.path().read_dir().unwrap().count(), 2);
}
