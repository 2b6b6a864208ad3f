//! Which certificates are trusted, and what it means where one is not.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CertificateError, ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use super::Endpoint;
use crate::target::TargetError;

/// HTTP/2 by its name in ALPN (RFC 9113, 3.1).
pub(super) const H2: &[u8] = b"h2";
/// HTTP/1.1 by its name in ALPN (RFC 7301, 6).
pub(super) const HTTP_1_1: &[u8] = b"http/1.1";

/// The client's side of TLS: the system's authorities are trusted, and those in this PEM. It offers no protocol yet.
///
/// # Errors
/// When the PEM holds no certificate, or there are no authorities at all.
pub(super) fn client_config(endpoint: &Endpoint, ca_cert: Option<&[u8]>) -> Result<ClientConfig, TargetError> {
    let setup = |e: &dyn std::fmt::Display| TargetError::Setup(format!("TLS cannot be set up: {e}"));
    let more = ca_cert.map_or_else(|| Ok(Vec::new()), certificates)?;
    let builder = ClientConfig::builder();
    // Where there is no TLS the system's certificates are not needed, and may be missing.
    if !endpoint.is_tls() {
        return Ok(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth());
    }
    let verifier = Verifier::new_with_extra_roots(more, Arc::clone(builder.crypto_provider()));
    let verifier = Arc::new(verifier.map_err(|e| setup(&e))?);
    Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TargetError> {
    let wrong = |why: &str| TargetError::Setup(format!("the CA certificates are not PEM: {why}"));
    let certificates = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
    match certificates.map_err(|e| wrong(&e.to_string()))? {
        none if none.is_empty() => Err(wrong("they hold no BEGIN CERTIFICATE")),
        certificates => Ok(certificates),
    }
}

/// What failed, and what to do where that is known.
pub(super) fn explain(error: &rustls::Error) -> String {
    match error {
        // The signature is bad where an authority of the same name but another key is trusted.
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature) => format!(
            "{error}: no authority that is trusted here has signed the server's certificate; where it is the right server, \
             name its authority's certificate with --ca-cert FILE"
        ),
        _ => error.to_string(),
    }
}
