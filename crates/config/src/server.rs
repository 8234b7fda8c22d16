use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use serde::{Deserialize, Serialize};

use crate::ConfigError;
use crate::load::require;

/// Where the instance listens.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Address and port; TLS ends at the proxy in front.
    pub listen: SocketAddr,
    /// Address at which people reach the instance, without a path; may be empty. Links to pass on begin with it.
    pub public_url: String,
    /// Whether cookies demand TLS. `plain` is for one machine only.
    pub cookies: Cookies,
    /// Seconds after which a request is given up.
    pub request_timeout_secs: u64,
}

/// How cookies are marked.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Cookies {
    /// `Secure`, with the `__Host-` prefix (RFC 6265bis).
    #[default]
    Secure,
    /// Without, for plain HTTP on the own machine.
    Plain,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080),
            public_url: String::new(),
            cookies: Cookies::Secure,
            request_timeout_secs: 30,
        }
    }
}

impl Server {
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        require(
            (1..=600).contains(&self.request_timeout_secs),
            "server.request_timeout_secs",
            "use 1 to 600 seconds",
        )?;
        require(
            self.public_url.is_empty() || is_origin(&self.public_url),
            "server.public_url",
            "write https:// and the name of the host, with a port if it has one, and nothing behind",
        )?;
        require(
            self.cookies == Cookies::Secure || self.listen.ip().is_loopback(),
            "server.cookies",
            "plain cookies are for an instance that listens on its own machine only",
        )
    }
}

/// Scheme, host and perhaps a port; plain HTTP on the own machine only.
fn is_origin(text: &str) -> bool {
    let host = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(host), _) => host,
        (None, Some(host)) if host.starts_with("127.0.0.1") || host.starts_with("localhost") => {
            host
        }
        _ => return false,
    };
    let letter = |octet: u8| {
        octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'-' | b':' | b'[' | b']')
    };
    (1..=255).contains(&host.len()) && host.bytes().all(letter)
}

#[cfg(test)]
mod tests {
    use super::Server;

    #[test]
    fn a_public_address_is_an_origin_with_tls() {
        let refused = |public_url: &str| {
            let server = Server {
                public_url: public_url.to_owned(),
                ..Server::default()
            };
            server.check().is_err()
        };
        for right in [
            "",
            "https://noroshi.example",
            "https://noroshi.example:8443",
            "http://127.0.0.1:8080",
        ] {
            assert!(!refused(right), "{right}");
        }
        for wrong in [
            "noroshi.example",
            "http://noroshi.example",
            "https://noroshi.example/",
            "https://a b",
            "https://",
        ] {
            assert!(refused(wrong), "{wrong}");
        }
    }
}
