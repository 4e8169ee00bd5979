use doorward_adapters::{mail::HeloName, tokens::SigningAlgorithm};

use super::{Config, DEFAULT_CLIENT_IP_HEADER, Options, hsts, options::Secret};

impl Config {
    /// The options of this configuration, the defaults among them, but for what only `given` tells: secrets, and
    /// what the adapters choose.
    pub(crate) fn effective(&self, given: &Options) -> Options {
        let secret = |text: String| Some(Secret(text.into()));
        let days = |duration: time::Duration| u16::try_from(duration.whole_days()).ok();
        let sessions = &self.settings.sessions;
        let quotas = self.quotas.unwrap_or_default();
        Options {
            listen: Some(self.listen.clone()),
            listen_socket_mode: Some(self.listen_socket_mode),
            public_url: Some(self.settings.public_url.as_str().to_owned()),
            data_dir: Some(self.data_dir.clone()),
            database_url: secret(self.database.to_string()),
            redis_url: self.redis.as_ref().and_then(|url| secret(url.to_string())),
            allow_registration: Some(self.settings.allow_registration),
            require_verified_email: Some(self.settings.require_verified_email),
            allow_org_creation: Some(self.settings.orgs.creation.into()),
            max_orgs_per_account: Some(self.settings.orgs.max_owned),
            invite_domains: Some(self.settings.invites.domains.iter().collect()),
            invites_per_account_per_day: Some(self.settings.invites.per_account),
            invites_per_recipient_per_day: Some(self.settings.invites.per_recipient),
            trusted_proxies: Some(self.trusted_proxies.iter().collect()),
            client_ip_header: Some(
                self.client_ip_header.as_ref().unwrap_or(&DEFAULT_CLIENT_IP_HEADER).to_string(),
            ),
            hsts: Some(hsts::option(self.hsts.as_deref())),
            pages_enabled: Some(self.pages.is_some()),
            frontend_url: Some(self.settings.frontend_url.as_str().to_owned()),
            accent_color: self
                .pages
                .as_ref()
                .map_or_else(|| given.accent_color.clone(), |it| Some(it.accent.css())),
            docs_enabled: Some(self.docs_enabled),
            cors_origins: Some(self.cors_origins.iter().collect()),
            mail_url: secret(self.mail.to_string()),
            default_locale: Some(self.default_locale.as_str().to_owned()),
            mail_from: Some(self.mail_from.to_string()),
            mail_reply_to: self.mail_reply_to.as_ref().map(ToString::to_string),
            mail_helo_name: self.mail_helo_name.as_ref().map(HeloName::as_text),
            service_name: Some(self.service_name.clone()),
            audience: Some(self.audience.clone()),
            signing_algorithm: Some(algorithm(self.signing_algorithm).to_owned()),
            key_rotation_days: self.settings.keys.rotate_every.map_or(Some(0), days),
            access_token_minutes: u16::try_from(self.settings.access_lifetime.whole_minutes()).ok(),
            session_idle_days: days(sessions.idle),
            session_absolute_days: days(sessions.absolute),
            refresh_grace_seconds: u16::try_from(sessions.grace.whole_seconds()).ok(),
            limits_enabled: Some(self.quotas.is_some()),
            limit_register: Some(quotas.register),
            limit_login: Some(quotas.login),
            limit_login_failures: Some(quotas.login_failures),
            limit_refresh: Some(quotas.refresh),
            limit_mail: Some(quotas.mail),
            limit_password_check: Some(quotas.password_check),
            limit_other: Some(quotas.other),
            hash_memory_kib: Some(self.hashing.memory_kib),
            hash_passes: Some(self.hashing.passes),
            hash_threads: Some(self.hashing.threads),
            hash_queue: Some(self.hashing.queue),
            hash_nice: u8::try_from(self.hashing.nice).ok(),
            log: Some(self.log.clone()),
            log_format: Some(self.log_format),
            otlp_endpoint: self.telemetry.as_ref().map(|it| it.endpoint.to_string()),
            otlp_service_name: self.telemetry.as_ref().map(|it| it.service_name.clone()),
            otlp_sample_ratio: self.telemetry.as_ref().map(|it| it.sample_ratio),
            drain_seconds: u16::try_from(self.drain.as_secs()).ok(),
            ..given.clone()
        }
    }
}

fn algorithm(algorithm: SigningAlgorithm) -> &'static str {
    match algorithm {
        SigningAlgorithm::EdDsa => "EdDSA",
        SigningAlgorithm::Es256 => "ES256",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(toml: &str) -> Options {
        toml::from_str(toml).unwrap()
    }

    #[test]
    fn it_makes_the_same_configuration_again() {
        for toml in [
            "",
            "listen = '127.0.0.1:9'\nkey_rotation_days = 0\nlimits_enabled = false\nhash_nice = 3",
            "public_url = 'https://auth.example.com'\nsession_idle_days = 3\ncors_origins = ['https://a.example']",
            "otlp_endpoint = 'http://collector:4318'\notlp_sample_ratio = 0.25",
            "pages_enabled = false\naccent_color = 'red'",
            "public_url = 'https://example.com/auth'\nhsts = 'max-age=9'\nclient_ip_header = 'Forwarded'",
            "cors_origins = 'https://*.example.com capacitor://localhost'\ntrusted_proxies = '::1, 10.1.1.1/8'",
            "frontend_url = 'https://app.example.com'\naccent_color = 'red'",
            "signing_algorithm = 'ES256'\ntrusted_proxies = ['10.0.0.0/8']\nmail_url = 'file:///var/mail'",
        ] {
            // The default sender of this machine is no address that could be given.
            let mut given = options(&format!("mail_from = 'auth@example.com'\n{toml}"));
            // Whether these were given makes a difference, to a warning and to the start.
            given.client_ip_header.get_or_insert("X-Forwarded-For".to_owned());
            given.mail_url.get_or_insert_with(|| "file:".parse().unwrap());
            let config = Config::new(given.clone()).unwrap();
            let again = Config::new(config.effective(&given)).unwrap();
            assert_eq!(format!("{config:?}"), format!("{again:?}"), "{toml}");
        }
    }

    #[test]
    fn every_option_is_there_but_secrets_and_what_adapters_choose() {
        let config = Config::new(Options::default()).unwrap();
        let entries = config.effective(&Options::default()).entries();
        let missing = entries.into_iter().filter(|(_, value)| value.is_none());
        let missing: Vec<_> = missing.map(|(key, _)| key).collect();
        assert_eq!(
            missing,
            [
                "metrics_listen",
                "database_url_file",
                "database_pool_size",
                "redis_url",
                "redis_url_file",
                "secret",
                "secret_file",
                "previous_secrets",
                "previous_secrets_file",
                "logo",
                "mail_url_file",
                "mail_reply_to",
                "mail_helo_name",
                "mail_templates",
                "pepper",
                "pepper_file",
                "previous_peppers",
                "previous_peppers_file",
                "breached_passwords",
                "otlp_endpoint",
                "otlp_service_name",
                "otlp_sample_ratio",
            ]
        );
    }
}
