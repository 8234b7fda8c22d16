use std::fmt;
use std::net::IpAddr;

use thiserror::Error;
use ureq::http::Uri;

/// Address of an instance: `https`, or `http` on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    text: String,
    plain: bool,
}

/// Why an address cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AddressError {
    /// Not `https://host`.
    #[error("not an address such as https://noroshi.example")]
    Form,
    /// A token would travel in the clear.
    #[error("the token would travel in the clear: use https（http はこの機械の中だけで使えます）")]
    Clear,
}

impl Address {
    /// Reads an address as typed; a token would travel in the clear over plain `http`.
    pub fn parse(raw: &str) -> Result<Self, AddressError> {
        let text = raw.trim().trim_end_matches('/');
        let uri: Uri = text.parse().map_err(|_| AddressError::Form)?;
        let host = uri.host().ok_or(AddressError::Form)?;
        let authority = uri.authority().ok_or(AddressError::Form)?.as_str();
        if authority.contains('@') || uri.query().is_some() {
            return Err(AddressError::Form);
        }
        let loopback = host == "localhost"
            || host
                .trim_matches(['[', ']'])
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback());
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if loopback => {}
            Some("http") => return Err(AddressError::Clear),
            Some(_) | None => return Err(AddressError::Form),
        }
        Ok(Self {
            text: text.to_owned(),
            plain: loopback && uri.scheme_str() == Some("http"),
        })
    }

    /// Whether it is asked without TLS, on this machine.
    pub fn is_plain(&self) -> bool {
        self.plain
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn a_token_never_leaves_this_machine_without_tls() {
        for address in [
            "https://noroshi.example",
            "https://noroshi.example:8443/portal/",
            "http://127.0.0.1:8080",
            "http://[::1]:8080",
            "http://localhost",
        ] {
            assert!(Address::parse(address).is_ok(), "{address}");
        }
        for address in [
            "http://noroshi.example",
            "http://127.0.0.1.evil.example",
            "http://localhost.evil.example",
            "http://10.0.0.1",
            "ftp://127.0.0.1",
            "https://user:secret@noroshi.example",
            "https://noroshi.example?x=1",
            "noroshi.example",
            "",
        ] {
            assert!(Address::parse(address).is_err(), "{address}");
        }
    }

    #[test]
    fn a_path_before_the_api_is_kept() {
        let address = Address::parse("https://noroshi.example/portal/").unwrap();
        assert_eq!(address.to_string(), "https://noroshi.example/portal");
        assert!(!address.is_plain());
    }
}
