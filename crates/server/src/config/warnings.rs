//! Warnings about the configuration. A starting server logs them, and `doorward doctor` lists them.

use doorward_domain::org::OrgCreation;

use super::{Config, MailTransport};

impl Config {
    /// Returns the warnings, each with the key of its option.
    pub(crate) fn warnings(&self) -> Vec<(&'static str, String)> {
        let mut warnings = Vec::new();
        let (public, frontend) = (&self.settings.public_url, &self.settings.frontend_url);
        let mut plain = vec![("public_url", public)];
        if frontend != public {
            plain.push(("frontend_url", frontend));
        }
        for (key, url) in plain {
            if url.as_str().starts_with("http:") && !url.is_loopback() {
                warnings.push((
                    key,
                    format!(
                        "{key} is {}: passwords and tokens are sent unencrypted; serve it over TLS, for example by \
                         a proxy, and set {key} to its https:// URL",
                        url.as_str()
                    ),
                ));
            }
        }
        if let MailTransport::File(folder) = &self.mail
            && self.is_public()
        {
            warnings.push((
                "mail_url",
                format!(
                    "emails are written to {}, and no email is sent: set mail.url (DOORWARD_MAIL_URL) to a mail server",
                    folder.display()
                ),
            ));
        }
        if !self.settings.allow_registration
            && self.settings.orgs.creation != OrgCreation::Admins
            && self.settings.invites.domains.is_empty()
        {
            warnings.push((
                "organizations_allow_creation",
                "registration is closed, but users can create organizations and invite any email address, which can \
                 then register: remove organizations.allow_creation, or set invites.domains"
                    .to_owned(),
            ));
        }
        if self.trusted_proxies.iter().any(|network| network.prefix_len() == 0) {
            warnings.push((
                "trusted_proxies",
                "trusted_proxies trusts every address, so each client can choose its own IP address with a header: set it \
                 to the networks of the proxies"
                    .to_owned(),
            ));
        }
        if let Some(header) = &self.client_ip_header
            && self.trusted_proxies.is_empty()
        {
            warnings.push((
                "client_ip_header",
                format!(
                    "client_ip_header has no effect: {header} is read from trusted proxies only, and there are none; \
                     set trusted_proxies (DOORWARD_TRUSTED_PROXIES) to the networks of the proxies"
                ),
            ));
        }
        if self.hashing.is_cheap() {
            warnings.push((
                "passwords_argon2_memory_kib",
                "the cost of password hashes is below the OWASP recommendation: raise passwords.argon2_memory_kib or passwords.argon2_iterations"
                    .to_owned(),
            ));
        }
        warnings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(toml: &str) -> Vec<&'static str> {
        let config = Config::new(toml::from_str(toml).unwrap()).unwrap();
        config.warnings().into_iter().map(|(key, _)| key).collect()
    }

    #[test]
    fn unencrypted_public_url_of_another_machine_causes_a_warning() {
        for (url, expected) in [
            ("http://localhost:8080", &[][..]),
            ("http://auth.localhost", &[]),
            ("http://127.0.0.1:8080/auth", &[]),
            ("http://[::1]:8080", &[]),
            ("https://auth.example.com", &["mail_url"]),
            ("http://auth.example.com", &["public_url", "mail_url"]),
            ("http://192.168.1.7:8080", &["public_url", "mail_url"]),
        ] {
            assert_eq!(keys(&format!("public_url = '{url}'")), expected, "{url}");
        }
        let apart = "public_url = 'https://a.example'\nfrontend_url = 'http://b.example'\nmail_url = 'smtp://m.example'";
        assert_eq!(keys(apart), ["frontend_url"]);
    }

    #[test]
    fn trusting_every_proxy_causes_a_warning() {
        for proxies in ["0.0.0.0/0", "::/0", "10.0.0.0/8 ::/0", "127.0.0.1/0"] {
            assert_eq!(keys(&format!("trusted_proxies = '{proxies}'")), ["trusted_proxies"]);
        }
        assert_eq!(keys("trusted_proxies = '10.0.0.0/8'"), [""; 0]);
    }

    #[test]
    fn client_ip_header_without_trusted_proxies_causes_a_warning() {
        for header in ["X-Real-IP", "X-Forwarded-For"] {
            let header = format!("client_ip_header = '{header}'");
            assert_eq!(keys(&header), ["client_ip_header"], "{header}");
            assert_eq!(keys(&format!("{header}\ntrusted_proxies = '::1'")), [""; 0], "{header}");
        }
    }
}
