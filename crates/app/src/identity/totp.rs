use ids::IdSource;
use jiff::Timestamp;
use totp_rs::{Algorithm, Secret, TOTP};

/// Octets of a new secret (RFC 4226 section 4 recommends 160 bits).
const SECRET_OCTETS: usize = 20;
/// Seconds of a time step (RFC 6238).
const STEP_SECS: u64 = 30;

fn totp(secret: &[u8], account: &str, issuer: &str) -> Option<TOTP> {
    TOTP::new(
        Algorithm::SHA1,
        6,
        1,
        STEP_SECS,
        secret.to_vec(),
        Some(issuer.to_owned()),
        account.to_owned(),
    )
    .ok()
}

/// A new random secret.
pub(crate) fn new_secret(ids: &dyn IdSource) -> Vec<u8> {
    let mut secret = vec![0; SECRET_OCTETS];
    ids.fill(&mut secret);
    secret
}

/// The secret as it is typed into an authenticator: base32 (RFC 4648).
pub(crate) fn secret_text(secret: &[u8]) -> String {
    Secret::Raw(secret.to_vec()).to_encoded().to_string()
}

/// The `otpauth:` link that an authenticator reads from a QR code.
pub fn totp_link(secret: &[u8], login: &str) -> Option<String> {
    totp(secret, login, "Noroshi").map(|totp| totp.get_url())
}

/// The time step for which `code` is right, one step to either side allowed; `None` for a wrong code.
pub(crate) fn matching_step(secret: &[u8], code: &str, now: Timestamp) -> Option<i64> {
    let code: String = code
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(half_width)
        .collect();
    if code.len() != 6 {
        return None;
    }
    let totp = totp(secret, "check", "Noroshi")?;
    let seconds = u64::try_from(now.as_second()).ok()?;
    let present = seconds.checked_div(STEP_SECS)?;
    let steps = [
        Some(present),
        present.checked_sub(1),
        present.checked_add(1),
    ];
    for step in steps.into_iter().flatten() {
        let expected = totp.generate(step.checked_mul(STEP_SECS)?);
        if constant_time_eq(expected.as_bytes(), code.as_bytes()) {
            return i64::try_from(step).ok();
        }
    }
    None
}

/// The code of a time step for a base32 secret, for the sample logins of a demo.
pub fn demo_code(secret: &str, step: u64) -> Option<String> {
    let secret = Secret::Encoded(secret.to_owned()).to_bytes().ok()?;
    Some(totp(&secret, "demo", "Noroshi")?.generate(step.checked_mul(STEP_SECS)?))
}

fn constant_time_eq(a: &[u8], b: &[u8]) -> bool {
    use subtle::ConstantTimeEq as _;
    a.ct_eq(b).into()
}

/// Full-width digits are accepted: at 3 a.m. the input method is on.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '０'..='９' => u32::from(c)
            .checked_sub(u32::from('０'))
            .and_then(|digit| char::from_digit(digit, 10))
            .unwrap_or(c),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::matching_step;

    // RFC 6238 appendix B, SHA-1, last six digits.
    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn the_codes_of_rfc_6238_are_accepted() {
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (2_000_000_000, "279037"),
        ] {
            let now = Timestamp::from_second(second).unwrap();
            assert_eq!(matching_step(SECRET, code, now), Some(second / 30));
        }
    }

    #[test]
    fn full_width_digits_and_spaces_are_accepted() {
        let now = Timestamp::from_second(59).unwrap();
        assert_eq!(matching_step(SECRET, "２８７ ０８２", now), Some(1));
    }

    #[test]
    fn a_code_two_steps_old_is_refused() {
        let now = Timestamp::from_second(59 + 61).unwrap();
        assert_eq!(matching_step(SECRET, "287082", now), None);
    }
}
