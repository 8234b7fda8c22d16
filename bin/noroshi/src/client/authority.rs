use std::fs;
use std::path::Path;

use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use super::failure::Failure;

/// The certificates of a house have a few kilobytes.
const MAX_OCTETS: u64 = 1 << 20;

/// Certificate authorities of a house, trusted beside the public ones.
///
/// Invariant: PEM text with at least one certificate (RFC 7468).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Authorities(String);

impl Authorities {
    /// Reads a file in PEM.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let shown =
            |error| Failure::Unable(anyhow::Error::new(error).context(path.display().to_string()));
        if MAX_OCTETS < fs::metadata(path).map_err(shown)?.len() {
            return Err(Failure::unable(format!(
                "{}: too large for certificates",
                path.display()
            )));
        }
        let text = fs::read_to_string(path).map_err(shown)?;
        Self::parse(text).ok_or_else(|| {
            Failure::unable(format!(
                "{}: no certificates in PEM（証明書の PEM ファイルではありません）",
                path.display()
            ))
        })
    }

    /// PEM text as it was kept; `None` where it holds no certificate, or something that is no PEM.
    pub(super) fn parse(text: String) -> Option<Self> {
        let found = certificates(&text)?;
        // A private key in the file says that the wrong file was named; it is not kept.
        (!found.is_empty()).then_some(Self(text))
    }

    /// The text, to be kept with the login.
    pub(super) fn as_pem(&self) -> &str {
        &self.0
    }

    /// Trusts the public authorities and these.
    pub(super) fn trusted(&self) -> TlsConfig {
        let mut roots: Vec<Certificate<'static>> = webpki_root_certs::TLS_SERVER_ROOT_CERTS
            .iter()
            .map(|root| Certificate::from_der(root))
            .collect();
        roots.extend(certificates(&self.0).unwrap_or_default());
        TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&roots))
            .build()
    }
}

/// All certificates of a text; `None` where something else stands in it.
fn certificates(text: &str) -> Option<Vec<Certificate<'static>>> {
    parse_pem(text.as_bytes())
        .map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            Ok(_) | Err(_) => None,
        })
        .collect()
}

/// Whether the line ended because the certificate of the server was not accepted.
pub(super) fn is_untrusted(error: &ureq::Error) -> bool {
    let refused = match error {
        ureq::Error::Rustls(error) => Some(error),
        ureq::Error::Io(error) => error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>()),
        _ => None,
    };
    matches!(refused, Some(rustls::Error::InvalidCertificate(_)))
}
