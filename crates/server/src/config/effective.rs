use doorward_adapters::{mail::HeloName, tokens::SigningAlgorithm};

use super::{Config, DEFAULT_CLIENT_IP_HEADER, Options, hsts, options::Secret};

impl Config {
    /// Returns the options of this configuration including the defaults. Secrets and values that the adapters choose are
    /// taken from `given`.
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
            organizations_allow_creation: Some(self.settings.orgs.creation.into()),
            organizations_max_per_account: Some(self.settings.orgs.max_owned),
            invites_domains: Some(self.settings.invites.domains.iter().collect()),
            invites_per_account_per_day: Some(self.settings.invites.per_account),
            invites_per_recipient_per_day: Some(self.settings.invites.per_recipient),
            trusted_proxies: Some(self.trusted_proxies.iter().collect()),
            client_ip_header: Some(
                self.client_ip_header.as_ref().unwrap_or(&DEFAULT_CLIENT_IP_HEADER).to_string(),
            ),
            hsts: Some(hsts::option(self.hsts.as_deref())),
            pages_enabled: Some(self.pages.is_some()),
            frontend_url: Some(self.settings.frontend_url.as_str().to_owned()),
            pages_accent_color: self
                .pages
                .as_ref()
                .map_or_else(|| given.pages_accent_color.clone(), |it| Some(it.accent.css())),
            api_docs_enabled: Some(self.api_docs_enabled),
            cors_origins: Some(self.cors_origins.iter().collect()),
            mail_url: secret(self.mail.to_string()),
            default_locale: Some(self.default_locale.as_str().to_owned()),
            mail_from: Some(self.mail_from.to_string()),
            mail_reply_to: self.mail_reply_to.as_ref().map(ToString::to_string),
            mail_helo_name: self.mail_helo_name.as_ref().map(HeloName::as_text),
            service_name: Some(self.service_name.clone()),
            access_tokens_audience: Some(self.access_token_audience.clone()),
            signing_keys_algorithm: Some(algorithm(self.signing_algorithm).to_owned()),
            signing_keys_rotation_days: self.settings.keys.rotate_every.map_or(Some(0), days),
            access_tokens_lifetime_minutes: u16::try_from(
                self.settings.access_lifetime.whole_minutes(),
            )
            .ok(),
            sessions_idle_timeout_days: days(sessions.idle),
            sessions_max_lifetime_days: days(sessions.absolute),
            sessions_refresh_token_reuse_interval_seconds: u16::try_from(
                sessions.reuse_interval.whole_seconds(),
            )
            .ok(),
            rate_limits_enabled: Some(self.quotas.is_some()),
            rate_limits_register_per_minute: Some(quotas.register),
            rate_limits_login_per_minute: Some(quotas.login),
            rate_limits_login_failures_per_minute: Some(quotas.login_failures),
            rate_limits_refresh_per_minute: Some(quotas.refresh),
            rate_limits_mail_per_minute: Some(quotas.mail),
            rate_limits_password_check_per_minute: Some(quotas.password_check),
            rate_limits_default_per_minute: Some(quotas.other),
            passwords_argon2_memory_kib: Some(self.hashing.memory_kib),
            passwords_argon2_iterations: Some(self.hashing.passes),
            passwords_threads: Some(self.hashing.threads),
            passwords_queue_size: Some(self.hashing.queue),
            passwords_nice: u8::try_from(self.hashing.nice).ok(),
            log_filter: Some(self.log_filter.clone()),
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
    fn effective_options_result_in_the_same_configuration() {
        for toml in [
            "",
            "listen = '127.0.0.1:9'\nsigning_keys_rotation_days = 0\nrate_limits_enabled = false\npasswords_nice = 3",
            "public_url = 'https://auth.example.com'\nsessions_idle_timeout_days = 3\ncors_origins = ['https://a.example']",
            "otlp_endpoint = 'http://collector:4318'\notlp_sample_ratio = 0.25",
            "pages_enabled = false\npages_accent_color = 'red'",
            "public_url = 'https://example.com/auth'\nhsts = 'max-age=9'\nclient_ip_header = 'Forwarded'",
            "cors_origins = 'https://*.example.com capacitor://localhost'\ntrusted_proxies = '::1, 10.1.1.1/8'",
            "frontend_url = 'https://app.example.com'\npages_accent_color = 'red'",
            "signing_keys_algorithm = 'ES256'\ntrusted_proxies = ['10.0.0.0/8']\nmail_url = 'file:///var/mail'",
        ] {
            // The default sender on this machine is not an address that could be configured.
            let mut given = options(&format!("mail_from = 'auth@example.com'\n{toml}"));
            // Whether these options are set affects a warning and the start.
            given.client_ip_header.get_or_insert("X-Forwarded-For".to_owned());
            given.mail_url.get_or_insert_with(|| "file:".parse().unwrap());
            let config = Config::new(given.clone()).unwrap();
            let again = Config::new(config.effective(&given)).unwrap();
            assert_eq!(format!("{config:?}"), format!("{again:?}"), "{toml}");
        }
    }

    #[test]
    fn effective_options_are_complete_except_secrets_and_adapter_defaults() {
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
                "master_key",
                "master_key_file",
                "previous_master_keys",
                "previous_master_keys_file",
                "pages_logo_file",
                "mail_url_file",
                "mail_reply_to",
                "mail_helo_name",
                "mail_templates_dir",
                "passwords_pepper",
                "passwords_pepper_file",
                "passwords_previous_peppers",
                "passwords_previous_peppers_file",
                "passwords_breached_path",
                "otlp_endpoint",
                "otlp_service_name",
                "otlp_sample_ratio",
            ]
        );
    }
}
