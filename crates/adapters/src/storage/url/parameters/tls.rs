//! The TLS parameters.

use tokio_postgres::{
    Config,
    config::{ChannelBinding, SslNegotiation},
};

use super::{ClientCertificate, Given, Roots, Security, SslMode, wrong};
use crate::storage::url::InvalidDatabaseUrl;

impl Given {
    pub(super) fn security(&self, settings: &mut Config) -> Result<Security, InvalidDatabaseUrl> {
        let mode = self.mode()?;
        let roots = self.get("sslrootcert").map(|file| match file {
            "system" => Roots::System,
            file => Roots::File(file.into()),
        });
        if roots == Some(Roots::System) && !matches!(mode, None | Some(SslMode::VerifyFull)) {
            let advice = "the system's authorities issue certificates to any host, so the host must be verified as well; use \
                 sslmode=verify-full";
            return Err(wrong("sslrootcert", advice));
        }
        let direct = &[("postgres", false), ("direct", true)];
        let direct = self.one_of("sslnegotiation", direct, "use postgres or direct")?;
        let direct = direct.unwrap_or(false);
        if direct && matches!(mode, Some(SslMode::Disable | SslMode::Allow | SslMode::Prefer)) {
            let advice = "direct requires sslmode=require, verify-ca, or verify-full";
            return Err(wrong("sslnegotiation", advice));
        }
        if direct {
            settings.ssl_negotiation(SslNegotiation::Direct);
        }
        let binding = &[
            ("disable", ChannelBinding::Disable),
            ("prefer", ChannelBinding::Prefer),
            ("require", ChannelBinding::Require),
        ];
        let advice = "use disable, prefer, or require";
        if let Some(binding) = self.one_of("channel_binding", binding, advice)? {
            settings.channel_binding(binding);
        }
        let kerberos = &[("disable", ()), ("prefer", ())];
        self.one_of("gssencmode", kerberos, "Kerberos is not supported; use sslmode=require")?;
        Ok(Security {
            mode,
            roots,
            client: self.client()?,
            without_sni: self.flag("sslsni")? == Some(false),
            direct,
            only_tls13: self.only_tls13()?,
        })
    }

    fn mode(&self) -> Result<Option<SslMode>, InvalidDatabaseUrl> {
        const MODES: &[(&str, SslMode)] = &[
            ("disable", SslMode::Disable),
            ("allow", SslMode::Allow),
            ("prefer", SslMode::Prefer),
            ("require", SslMode::Require),
            ("no-verify", SslMode::Require),
            ("verify-ca", SslMode::VerifyCa),
            ("verify-full", SslMode::VerifyFull),
        ];
        const OF_OTHERS: &[(&str, SslMode)] = &[
            ("0", SslMode::Disable),
            ("false", SslMode::Disable),
            ("disable", SslMode::Disable),
            ("allow", SslMode::Allow),
            ("prefer", SslMode::Prefer),
            ("require", SslMode::Require),
            ("no-verify", SslMode::Require),
            ("verify-ca", SslMode::VerifyCa),
            ("verify-full", SslMode::VerifyFull),
        ];
        const OF_PRISMA: &[(&str, SslMode)] =
            &[("strict", SslMode::VerifyFull), ("accept-invalid-certs", SslMode::Require)];
        let mode = self.one_of(
            "sslmode",
            MODES,
            "use disable, allow, prefer, require, verify-ca, or verify-full",
        )?;
        let advice = "its meaning differs between drivers; use sslmode=verify-full, or sslmode=require for any certificate";
        let other = match (mode, self.get("ssl").map(str::to_ascii_lowercase).as_deref()) {
            // It adds nothing to a mode that uses TLS.
            (Some(mode), Some("true" | "1")) if mode != SslMode::Disable => None,
            _ => self.one_of("ssl", OF_OTHERS, advice)?,
        };
        let prisma = self.one_of("sslaccept", OF_PRISMA, "use strict or accept_invalid_certs")?;
        let required = self.flag("requiressl")?.filter(|required| *required);
        match (mode, prisma) {
            // The stricter one applies.
            (Some(SslMode::Require) | None, Some(prisma)) => Ok(Some(prisma)),
            _ => Ok(mode.or(other).or(required.map(|_| SslMode::Require))),
        }
    }

    fn client(&self) -> Result<Option<ClientCertificate>, InvalidDatabaseUrl> {
        match (self.get("sslcert"), self.get("sslkey")) {
            (Some(certificate), Some(key)) => {
                Ok(Some(ClientCertificate { certificate: certificate.into(), key: key.into() }))
            }
            (None, None) => Ok(None),
            (Some(_), None) => Err(wrong(
                "sslcert",
                "it is the client's certificate, and sslkey with its key is missing; for the authority of the server, use \
                 sslrootcert",
            )),
            (None, Some(_)) => Err(wrong("sslkey", "sslcert with its certificate is missing")),
        }
    }

    fn only_tls13(&self) -> Result<bool, InvalidDatabaseUrl> {
        let oldest = &[("tlsv1", false), ("tlsv1.1", false), ("tlsv1.2", false), ("tlsv1.3", true)];
        let only_tls13 =
            self.one_of("ssl_min_protocol_version", oldest, "use TLSv1.2 or TLSv1.3")?;
        let newest = &[("tlsv1.3", ())];
        self.one_of("ssl_max_protocol_version", newest, "TLS 1.3 can't be disabled; remove it")?;
        Ok(only_tls13.unwrap_or(false))
    }
}
