use super::*;
use crate::config::{MailTransport, key_in_file};

fn config(toml: &str) -> Result<Config, ConfigError> {
    Config::new(toml::from_str(toml).unwrap())
}

fn problem(toml: &str) -> String {
    config(toml).unwrap_err().to_string()
}

#[test]
fn default_configuration_is_valid() {
    let config = config("").unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.settings.public_url.as_str(), "http://127.0.0.1:8080");
    assert_eq!(config.database.to_string(), "sqlite://doorward-data/doorward.db");
    let MailTransport::File(folder) = &config.mail else { panic!("{:?}", config.mail) };
    assert_eq!(folder, Path::new("doorward-data/mail"));
    assert!(config.settings.allow_registration && config.quotas.is_some());
}

#[test]
fn invalid_value_is_refused_with_its_option() {
    for (toml, key) in [
        ("public_url = 'ftp://x'", "public_url"),
        ("database_url = 'mysql://x'", "database_url"),
        ("redis_url = 'cache.example'", "redis_url"),
        ("redis_url = 'rediss://cache.example/#insecure'", "redis_url"),
        ("redis_url = 'redis://x'\nredis_url_file = 'y'", "redis_url_file"),
        ("mail_url = 'pigeon:'", "mail_url"),
        ("mail_url = 'smtp://a:b@mail.example?starttls=maybe'", "mail_url"),
        ("mail_url = 'smtp://x'\nmail_url_file = 'y'", "mail_url_file"),
        ("default_locale = 'de_DE'", "default_locale"),
        ("mail_from = 'ann'", "mail_from"),
        ("mail_from = 'Doorward <ann>'", "mail_from"),
        ("mail_from = \"a\\nBcc: b <a@example.com>\"", "mail_from"),
        ("mail_reply_to = 'ann'", "mail_reply_to"),
        ("mail_helo_name = 'auth'", "mail_helo_name"),
        ("mail_helo_name = 'my_auth.example.com'", "mail_helo_name"),
        ("service_name = \"a\\nb\"", "service_name"),
        ("rate_limits_login_per_minute = 0", "rate_limits_login_per_minute"),
        ("passwords_threads = 0", "passwords_threads"),
        ("passwords_queue_size = 99999999999", "passwords_queue_size"),
        ("database_pool_size = 0", "database_pool_size"),
        ("cors_origins = ['nonsense origin']", "cors_origins"),
        ("cors_origins = ['https://*']", "cors_origins"),
        ("cors_origins = 'https://a.example/login'", "cors_origins"),
        ("trusted_proxies = 'nginx'", "trusted_proxies"),
        ("trusted_proxies = ['10.0.0.1:80']", "trusted_proxies"),
        ("client_ip_header = 'a b'", "client_ip_header"),
        ("client_ip_header = 'Cookie'", "client_ip_header"),
        ("listen = '127.0.0.1:81'\nmetrics_listen = '127.0.0.1:81'", "metrics_listen"),
        ("metrics_listen = 'localhost:8080'", "metrics_listen"),
        ("hsts = 'max-age=1'", "hsts"),
        ("master_key = 'x'\nmaster_key_file = 'y'", "master_key_file"),
        ("access_tokens_lifetime_minutes = 61", "access_tokens_lifetime_minutes"),
        ("master_key_file = '/does/not/exist'", "/does/not/exist"),
    ] {
        assert!(problem(toml).contains(&key_in_file(key)), "{toml}: {}", problem(toml));
    }
}

#[test]
fn listening_beyond_loopback_requires_a_public_url() {
    assert!(problem("listen = '0.0.0.0:80'").contains("DOORWARD_PUBLIC_URL"));
    assert!(config("listen = '0.0.0.0:80'\npublic_url = 'https://auth.example.com'").is_ok());
}

#[test]
fn default_sender_is_a_valid_address_for_any_host() {
    for (listen, sender) in
        [("[::1]:80", "doorward@localhost"), ("127.0.0.1:80", "doorward@localhost")]
    {
        let config = config(&format!("listen = '{listen}'")).unwrap();
        assert_eq!(config.mail_from.to_string(), sender);
    }
    let config = config("public_url = 'https://auth.example.com'").unwrap();
    assert_eq!(config.mail_from.to_string(), "doorward@auth.example.com");
}

#[test]
fn debug_output_does_not_show_secrets() {
    for toml in [
        "master_key = 'hunter2-hunter2-hunter2-hunter2-hunter2'",
        "redis_url = 'redis://ann:hunter2@cache.example'",
        "mail_url = 'smtp://ann:hunter2@mail.example'",
    ] {
        let options: Options = toml::from_str(toml).unwrap();
        let shown = format!("{options:?} {:?}", config(toml).unwrap());
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
