use std::io::{self, Write as _};

use ids::IdSource as _;

use super::failure::Failure;

/// Longest key that the server takes.
const MAX_CHARS: usize = 200;

/// An idempotency key: the server does a request once for each.
///
/// Invariant: 1 to 200 visible ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    text: String,
    origin: KeyOrigin,
}

/// Where a key comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KeyOrigin {
    /// Made for this command.
    New,
    /// Given by whoever repeats an earlier command, or chooses the keys.
    Given,
}

impl Key {
    /// The given key, or a new one that is told on standard error before anything is sent.
    pub(super) fn choose(given: Option<&str>) -> Result<Self, Failure> {
        let Some(given) = given else {
            let mut random = [0; 16];
            app::SystemIds.fill(&mut random);
            let text = format!("noroshi-{:032x}", u128::from_be_bytes(random));
            // Nothing is lost when nobody reads it: a failure names the key again.
            drop(writeln!(io::stderr(), "idempotency key: {text}"));
            return Ok(Self {
                text,
                origin: KeyOrigin::New,
            });
        };
        let fits = (1..=MAX_CHARS).contains(&given.len())
            && given.bytes().all(|octet| octet.is_ascii_graphic());
        if !fits {
            return Err(Failure::unable(
                "--idempotency-key: use 1 to 200 visible ASCII characters without spaces",
            ));
        }
        Ok(Self {
            text: given.to_owned(),
            origin: KeyOrigin::Given,
        })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether an earlier command may have used it.
    pub(super) fn may_be_repeated(&self) -> bool {
        self.origin == KeyOrigin::Given
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn each_new_key_is_another_and_fits() {
        let [first, second] = [(); 2].map(|()| Key::choose(None).unwrap());
        assert_ne!(first, second);
        assert_eq!(first.as_str().len(), 40);
        assert!(!first.may_be_repeated());
    }

    #[test]
    fn a_given_key_is_taken_as_it_is_or_refused() {
        let key = Key::choose(Some("night-shift/2026-11-22")).unwrap();
        assert!(key.may_be_repeated());
        for wrong in ["", "a b", "鍵", &"k".repeat(201)] {
            assert!(Key::choose(Some(wrong)).is_err(), "{wrong}");
        }
    }
}
