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
            self.cookies == Cookies::Secure || self.listen.ip().is_loopback(),
            "server.cookies",
            "plain cookies are for an instance that listens on its own machine only",
        )
    }
}
