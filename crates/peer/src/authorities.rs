use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

/// Certificate authorities of a house, trusted beside the public ones.
///
/// Invariant: PEM text with at least one certificate (RFC 7468).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorities(String);

impl Authorities {
    /// The certificates of a house have a few kilobytes.
    pub const MAX_OCTETS: u64 = 1 << 20;

    /// PEM text as it was kept; `None` where it holds no certificate, or something that is no certificate.
    pub fn parse(text: String) -> Option<Self> {
        let found = certificates(&text)?;
        // A private key in the file says that the wrong file was named; it is not kept.
        (!found.is_empty()).then_some(Self(text))
    }

    /// The text, to be kept with a login.
    pub fn as_pem(&self) -> &str {
        &self.0
    }

    /// Trusts the public authorities and these.
    pub fn trusted(&self) -> TlsConfig {
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
