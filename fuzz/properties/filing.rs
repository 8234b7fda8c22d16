//! Bodies of filings from untrusted octets.

/// What is read is printed and read back as the same; what is refused has a code and a place.
pub(crate) fn check(octets: &[u8]) {
    match formats::filing::parse(octets) {
        Ok(body) => {
            let value = body.to_value();
            let printed = serde_json::to_vec(&value).expect("a body is JSON");
            let again = formats::filing::parse(&printed);
            assert_eq!(again.as_ref(), Ok(&body), "it reads back as another");
            assert_eq!(again.map(|body| body.to_value()), Ok(value));
        }
        Err(error) => {
            assert_ne!(error.kind.code(), "");
            let place = &error.path;
            assert!(place.is_empty() || place.starts_with('/'), "{place}");
        }
    }
}
