//! TLS to PostgreSQL, verified as `sslmode` requires.

use std::{path::Path, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_cert_signed_by_trust_anchor, verify_server_name,
    },
    crypto::{
        WebPkiSupportedAlgorithms, aws_lc_rs, verify_tls12_signature, verify_tls13_signature,
        verify_tls13_signature_with_raw_key,
    },
    pki_types::{
        CertificateDer, PrivateKeyDer, ServerName, SubjectPublicKeyInfoDer, UnixTime,
        pem::PemObject,
    },
    server::ParsedCertificate,
    version::{TLS12, TLS13},
};
use x509_cert::{
    Certificate,
    der::{
        Decode, Encode,
        asn1::{Ia5StringRef, PrintableStringRef, Utf8StringRef},
        oid::db::{rfc4519::CN, rfc5280::ID_CE_SUBJECT_ALT_NAME},
    },
};

use super::failure::Failure;
use crate::{
    storage::url::{Check, ClientCertificate, Roots, Security},
    tls,
};

/// Creates the TLS configuration of one connection. Files are read each time, so that certificates can be replaced
/// while the server runs.
pub(super) fn client_config(security: &Security, check: Check) -> Result<ClientConfig, Failure> {
    let (roots, pinned) = match (&security.roots, check) {
        (_, Check::Nothing) => (RootCertStore::empty(), Vec::new()),
        (Some(Roots::File(file)), _) => authorities(file)?,
        (Some(Roots::System) | None, _) => (tls::system_roots(), Vec::new()),
    };
    let provider = Arc::new(aws_lc_rs::default_provider());
    let algorithms = provider.signature_verification_algorithms;
    let versions = if security.only_tls13 { &[&TLS13][..] } else { &[&TLS13, &TLS12] };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(|error| Failure::mistake(format!("cannot set up TLS: {error}")))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Verifier { check, roots, pinned, algorithms }));
    let mut config = match &security.client {
        None => builder.with_no_client_auth(),
        Some(ClientCertificate { certificate, key }) => {
            let chain = certificates("sslcert", certificate)?;
            let private = PrivateKeyDer::from_pem_file(key).map_err(|error| {
                unreadable("sslkey", key, error, "it must be a PEM file with an unencrypted key")
            })?;
            builder.with_client_auth_cert(chain, private).map_err(|error| {
                Failure::mistake(format!("cannot use sslcert with sslkey: {error}"))
            })?
        }
    };
    config.enable_sni = !security.without_sni;
    if security.direct {
        // PostgreSQL rejects a direct TLS handshake without it.
        config.alpn_protocols = vec![b"postgresql".to_vec()];
    }
    Ok(config)
}

/// Returns the authorities in a file, and all of its certificates, since the file may contain a server's own
/// certificate.
fn authorities(file: &Path) -> Result<(RootCertStore, Vec<CertificateDer<'static>>), Failure> {
    let certificates = certificates("sslrootcert", file)?;
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates.iter().cloned());
    Ok((roots, certificates))
}

fn certificates(parameter: &str, file: &Path) -> Result<Vec<CertificateDer<'static>>, Failure> {
    const ADVICE: &str = "it must be a PEM file with certificates, readable by the server's user";
    let found =
        CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let found = found.map_err(|error| unreadable(parameter, file, error, ADVICE))?;
    if found.is_empty() {
        return Err(unreadable(parameter, file, "it contains no certificate", ADVICE));
    }
    Ok(found)
}

fn unreadable(
    parameter: &str,
    file: &Path,
    problem: impl std::fmt::Display,
    advice: &str,
) -> Failure {
    Failure::mistake(format!("cannot read {parameter} {}: {problem}: {advice}", file.display()))
}

#[derive(Debug)]
struct Verifier {
    check: Check,
    roots: RootCertStore,
    /// Trusted as they are, even if they don't meet the requirements for a server's certificate.
    pinned: Vec<CertificateDer<'static>>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.check != Check::Nothing {
            if self.pinned.iter().any(|pinned| pinned == certificate) {
                within_its_time(certificate, now)?;
            } else {
                verify_server_cert_signed_by_trust_anchor(
                    &ParsedCertificate::try_from(certificate)?,
                    &self.roots,
                    intermediates,
                    now,
                    self.algorithms.all,
                )?;
            }
        }
        if self.check == Check::AuthorityAndHost {
            verify_host(certificate, host)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        // rustls parses only X.509 version 3, and `openssl x509 -req` used to issue version 1.
        if ParsedCertificate::try_from(certificate).is_ok() {
            return verify_tls13_signature(message, certificate, signed, &self.algorithms);
        }
        let key = parsed(certificate)?.tbs_certificate.subject_public_key_info.to_der();
        let key = SubjectPublicKeyInfoDer::from(key.map_err(|_| CertificateError::BadEncoding)?);
        verify_tls13_signature_with_raw_key(message, &key, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

fn parsed(certificate: &CertificateDer<'_>) -> Result<Certificate, Error> {
    Certificate::from_der(certificate).map_err(|_| CertificateError::BadEncoding.into())
}

fn within_its_time(certificate: &CertificateDer<'_>, now: UnixTime) -> Result<(), Error> {
    let validity = parsed(certificate)?.tbs_certificate.validity;
    if now.as_secs() > validity.not_after.to_unix_duration().as_secs() {
        return Err(CertificateError::Expired.into());
    }
    if now.as_secs() < validity.not_before.to_unix_duration().as_secs() {
        return Err(CertificateError::NotValidYet.into());
    }
    Ok(())
}

/// Verifies the host like libpq: by the alternative names, or by the common name if there are none.
fn verify_host(certificate: &CertificateDer<'_>, host: &ServerName<'_>) -> Result<(), Error> {
    let by_names = ParsedCertificate::try_from(certificate)
        .and_then(|certificate| verify_server_name(&certificate, host));
    let Err(problem) = by_names else { return Ok(()) };
    let subject = parsed(certificate)?.tbs_certificate;
    let extensions = subject.extensions.iter().flatten();
    if extensions.clone().any(|extension| extension.extn_id == ID_CE_SUBJECT_ALT_NAME) {
        return Err(problem);
    }
    let attributes = subject.subject.0.iter().flat_map(|names| names.0.iter());
    let common = attributes.filter(|attribute| attribute.oid == CN).find_map(|attribute| {
        let value = &attribute.value;
        let text = value.decode_as::<Utf8StringRef<'_>>().map(|text| text.as_str().to_owned());
        let text = text.or_else(|_| {
            value.decode_as::<PrintableStringRef<'_>>().map(|text| text.as_str().to_owned())
        });
        text.or_else(|_| value.decode_as::<Ia5StringRef<'_>>().map(|text| text.as_str().to_owned()))
            .ok()
    });
    match common {
        Some(common) if is_host(&common, &host.to_str()) => Ok(()),
        _ => Err(CertificateError::NotValidForName.into()),
    }
}

/// Returns `true` if a common name matches a host. A `*` stands for the first label.
fn is_host(common: &str, host: &str) -> bool {
    if common.eq_ignore_ascii_case(host) {
        return true;
    }
    let (Some(below), Some((first, rest))) = (common.strip_prefix("*."), host.split_once('.'))
    else {
        return false;
    };
    !first.is_empty() && rest.contains('.') && below.eq_ignore_ascii_case(rest)
}
