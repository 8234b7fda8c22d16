//! What every program that asks an instance has in common.

use std::time::Duration;

use ureq::Agent;

use crate::address::Address;
use crate::authorities::Authorities;

const CONNECT_WITHIN: Duration = Duration::from_secs(15);

/// Asks one address: no redirect, no proxy on this machine, nothing in the clear elsewhere.
pub fn agent(address: &Address, authorities: Option<&Authorities>, within: Duration) -> Agent {
    let mut config = Agent::config_builder()
        .http_status_as_error(false)
        // A token is never sent to an address that an answer names.
        .max_redirects(0)
        .https_only(!address.is_plain())
        .timeout_connect(Some(CONNECT_WITHIN.min(within)))
        .timeout_global(Some(within));
    if address.is_plain() {
        config = config.proxy(None);
    }
    if let Some(authorities) = authorities {
        config = config.tls_config(authorities.trusted());
    }
    config.build().new_agent()
}

/// Whether a request that failed so was never sent, because there was nobody to send it to.
pub fn never_arrived(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::BadUri(_)
        | ureq::Error::RequireHttpsOnly(_)
        | ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => true,
        ureq::Error::Io(refused) if refused.kind() == std::io::ErrorKind::ConnectionRefused => true,
        other => is_untrusted(other),
    }
}

/// Whether the line ended because the certificate of the server was not accepted.
pub fn is_untrusted(error: &ureq::Error) -> bool {
    let refused = match error {
        ureq::Error::Rustls(error) => Some(error),
        ureq::Error::Io(error) => error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>()),
        _ => None,
    };
    matches!(refused, Some(rustls::Error::InvalidCertificate(_)))
}

/// A parameter of a query (RFC 3986).
pub fn in_query(name: &str, value: &str) -> String {
    use std::fmt::Write as _;
    let mut query = format!("{name}=");
    for octet in value.bytes() {
        if octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_' | b'~') {
            query.push(char::from(octet));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(query, "%{octet:02X}");
        }
    }
    query
}
