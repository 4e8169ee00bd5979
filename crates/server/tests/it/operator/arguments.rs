//! Flags, environment variables, and help.

use tempfile::TempDir;

use crate::support::{Running, doorward, refused};

fn run(folder: &TempDir, arguments: &[&str]) -> (Option<i32>, String) {
    let output = doorward(folder.path()).args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

#[test]
fn global_options_are_accepted_before_and_after_every_command() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("x.toml"), "service_name = 'Acme'").unwrap();
    for arguments in [
        &["--config", "x.toml", "config", "--json"][..],
        &["config", "--config", "x.toml", "--json"],
        &["--json", "-c", "x.toml", "config"],
        &["--json", "config", "-c", "x.toml"],
    ] {
        let (code, said) = run(&folder, arguments);
        let shown: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert_eq!(
            (code, &shown["service_name"]["value"]),
            (Some(0), &"Acme".into()),
            "{arguments:?}"
        );
        assert_eq!(shown["service_name"]["source"], "file");
    }
    for arguments in [
        &["--data-dir", "elsewhere", "user", "list"][..],
        &["user", "--data-dir", "elsewhere", "list"],
        &["user", "list", "--data-dir", "elsewhere"],
        &["--data-dir", "x", "user", "list", "--data-dir", "elsewhere"],
        &["--json", "--data-dir", "elsewhere", "keys", "list"],
        &["--data-dir", "elsewhere", "credentials", "revoke-all", "--yes"],
    ] {
        let (code, said) = run(&folder, arguments);
        assert!(code == Some(1) && said.contains("elsewhere/doorward.db"), "{arguments:?}: {said}");
    }
    let (code, said) = run(&folder, &["--listen", "0.0.0.0:1", "serve"]);
    assert!(code == Some(1) && said.contains("DOORWARD_PUBLIC_URL"), "{said}");
    let (code, said) = run(&folder, &["--json", "serve"]);
    assert!(code == Some(1) && said.contains("--json"), "{said}");
}

#[test]
fn help_of_a_command_lists_its_own_options_and_refers_to_the_others() {
    let folder = TempDir::new().unwrap();
    for arguments in
        [&["--help"][..], &["user", "list", "--help"], &["user", "list", "-h"], &["keys", "--help"]]
    {
        let (code, said) = run(&folder, arguments);
        assert_eq!(code, Some(0));
        assert!(said.contains("doorward serve --help") && said.contains("--config"), "{said}");
        assert!(
            !said.contains("--passwords-argon2-memory-kib") && said.lines().count() < 60,
            "{said}"
        );
    }
    let (_, said) = run(&folder, &["serve", "--help"]);
    assert!(
        said.contains("--passwords-argon2-memory-kib") && said.contains("[env: DOORWARD_LISTEN]"),
        "{said}"
    );
}

#[test]
fn empty_variables_are_ignored() {
    let folder = TempDir::new().unwrap();
    let mut command = doorward(folder.path());
    for name in doorward_server::config::Options::VARIABLES {
        if !["DOORWARD_LISTEN", "DOORWARD_PASSWORDS_ARGON2_MEMORY_KIB"].contains(name) {
            command.env(name, "");
        }
    }
    command.env("DOORWARD_CONFIG", "").env("DOORWARD_SERVICE_NAME", " \r\n");
    let running = Running::start(command);
    let log = running.seen.clone() + &running.stop();
    assert!(
        log.contains("stopped") && folder.path().join("doorward-data/master_key").exists(),
        "{log}"
    );
}

#[test]
fn variables_injected_by_orchestrators_are_ignored() {
    let folder = TempDir::new().unwrap();
    let mut command = doorward(folder.path());
    command
        .env("DOORWARD_PORT", "tcp://10.0.0.1:80")
        .env("DOORWARD_SERVICE_HOST", "10.0.0.1")
        .env("DOORWARD_SERVICE_PORT_HTTP", "80")
        .env("DOORWARD_PORT_80_TCP_ADDR", "10.0.0.1")
        .env("DOORWARD_NAME", "/app/doorward");
    Running::start(command).stop();
}

#[test]
fn invalid_variable_is_reported_by_its_name() {
    let folder = TempDir::new().unwrap();
    for (name, value) in [
        ("DOORWARD_LISTEN", "8080"),
        ("DOORWARD_LISTEN", "\"127.0.0.1:0\""),
        ("DOORWARD_ALLOW_REGISTRATION", "ja"),
        ("DOORWARD_RATE_LIMITS_LOGIN_PER_MINUTE", "many"),
        ("DOORWARD_PASSWORDS_NICE", "300"),
        ("DOORWARD_LOG_FORMAT", "xml"),
        ("DOORWARD_TRUSTED_PROXIES", "x"),
        ("DOORWARD_PUBLIC_URL", "https://user:hunter2@auth.example.com"),
        ("DOORWARD_FRONTEND_URL", "https://app.example.com?hunter2"),
        ("DOORWARD_MASTER_KEY_FILE", "does-not-exist"),
        ("DOORWARD_LOG_FILTER", "=?="),
        ("DOORWARD_SIGNING_KEYS_ALGORITHM", "RS256"),
        ("doorward_listen", "127.0.0.1:0"),
    ] {
        let error = refused(doorward(folder.path()).env(name, value));
        assert!(error.contains(name) && !error.contains("'--"), "{name}={value}: {error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    let error = refused(doorward(folder.path()).env("DOORWARD_LISTN", "x"));
    assert!(error.contains("did you mean DOORWARD_LISTEN?"), "{error}");
}

#[test]
fn empty_flag_value_is_refused() {
    let folder = TempDir::new().unwrap();
    for arguments in
        [&["--listen", ""][..], &["doctor", "--service-name="], &["--config", "", "doctor"]]
    {
        let (code, said) = run(&folder, arguments);
        assert!(code == Some(2) && said.contains("--") && said.contains("empty"), "{said}");
    }
}
