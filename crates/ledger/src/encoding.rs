//! Text encodings used by every format here, strict enough that a value has exactly one spelling.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Encodes as standard Base 64 with padding (RFC 4648 section 4).
pub(crate) fn base64_text(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Decodes standard Base 64; wrong padding, stray characters and non-zero trailing bits are refused.
pub(crate) fn base64_bytes(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Decodes exactly 32 bytes of standard Base 64.
pub(crate) fn base64_32(text: &str) -> Option<[u8; 32]> {
    base64_bytes(text)?.try_into().ok()
}

/// Reads an ASCII decimal number without sign and without leading zeroes.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let plain = text == "0" || !text.starts_with('0');
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain && digits {
        text.parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_has_one_spelling_per_value() {
        assert_eq!(base64_bytes("AA=="), Some(vec![0]));
        assert_eq!(base64_bytes("AB=="), None, "non-zero trailing bits");
        assert_eq!(base64_bytes("AA"), None, "missing padding");
        assert_eq!(base64_bytes("AA==\n"), None, "trailing newline");
        assert_eq!(base64_bytes("A-=="), None, "URL alphabet");
    }

    #[test]
    fn decimals_have_one_spelling_per_value() {
        assert_eq!(decimal("0"), Some(0));
        assert_eq!(decimal("18446744073709551615"), Some(u64::MAX));
        for refused in [
            "",
            "00",
            "01",
            "+1",
            "-1",
            " 1",
            "1 ",
            "１",
            "18446744073709551616",
        ] {
            assert_eq!(decimal(refused), None, "{refused:?}");
        }
    }
}
