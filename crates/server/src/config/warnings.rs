//! What a server starts with all the same, and operators should know. A start logs it, and a check lists it.

use doorward_domain::org::OrgCreation;

use super::{Config, MailTransport};

impl Config {
    /// Returns what is unwise about this configuration.
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
                        "{key} is {}: passwords and tokens are sent unencrypted; serve it by TLS (a proxy can do \
                         that) and set {key} to its https:// URL",
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
                    "mail is written to {} and sent to nobody: set mail_url (DOORWARD_MAIL_URL) to a mail server",
                    folder.display()
                ),
            ));
        }
        if !self.settings.allow_registration
            && self.settings.orgs.creation != OrgCreation::Admins
            && self.settings.invites.domains.is_empty()
        {
            warnings.push((
                "allow_org_creation",
                "registration is closed, but users can create organizations and invite anyone into them, who can \
                 register then: remove allow_org_creation, or set invite_domains"
                    .to_owned(),
            ));
        }
        if self.trusted_proxies.iter().any(|network| network.prefix_len() == 0) {
            warnings.push((
                "trusted_proxies",
                "trusted_proxies trusts every address, so each client can choose its own address with a header: name \
                 the networks of the proxies"
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
                "hash_memory_kib",
                "passwords are hashed at less cost than OWASP asks for: raise hash_memory_kib or hash_passes"
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
    fn unencrypted_public_url_is_warned_of_beyond_this_machine() {
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
    fn proxies_that_let_clients_choose_their_address_are_warned_of() {
        for proxies in ["0.0.0.0/0", "::/0", "10.0.0.0/8 ::/0", "127.0.0.1/0"] {
            assert_eq!(keys(&format!("trusted_proxies = '{proxies}'")), ["trusted_proxies"]);
        }
        assert_eq!(keys("trusted_proxies = '10.0.0.0/8'"), [""; 0]);
    }

    #[test]
    fn client_ip_header_is_warned_of_where_no_proxy_is_trusted() {
        for header in ["X-Real-IP", "X-Forwarded-For"] {
            let header = format!("client_ip_header = '{header}'");
            assert_eq!(keys(&header), ["client_ip_header"], "{header}");
            assert_eq!(keys(&format!("{header}\ntrusted_proxies = '::1'")), [""; 0], "{header}");
        }
    }
}
