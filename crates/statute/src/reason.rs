//! Why a result is what it is.

use crate::confidence::Confidence;
use crate::entry::Entry;

/// One step of the way to a result, in both languages, with the article it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// A stable code of the step, such as `first_day_excluded`.
    pub code: String,
    /// The key of the rule book entry that the step used.
    pub key: String,
    /// The pack in which that entry stands.
    pub pack: String,
    /// The article, in the short form of the rule book.
    pub basis: String,
    /// The article in Japanese.
    pub basis_ja: String,
    /// The sentence shown in Japanese.
    pub text_ja: String,
    /// The sentence shown in English.
    pub text_en: String,
    /// How sure we are of this step.
    pub confidence: Confidence,
    /// Where the fact was read.
    pub source: String,
}

impl Reason {
    /// A step that rests on `entry`.
    pub(crate) fn resting_on(
        entry: &Entry,
        code: &str,
        text_ja: impl Into<String>,
        text_en: impl Into<String>,
    ) -> Self {
        Self {
            code: code.to_owned(),
            key: entry.key.clone(),
            pack: entry.pack.clone(),
            basis: entry.basis.clone(),
            basis_ja: entry.basis_ja.clone(),
            text_ja: text_ja.into(),
            text_en: text_en.into(),
            confidence: entry.confidence,
            source: entry.source.clone(),
        }
    }

    /// The same step, known less surely.
    #[must_use]
    pub(crate) fn known_as(mut self, confidence: Confidence) -> Self {
        self.confidence = self.confidence.weaker(confidence);
        self
    }
}

/// The weakest confidence among `reasons`; with no reason at all nothing is doubted.
pub fn weakest(reasons: &[Reason]) -> Confidence {
    reasons
        .iter()
        .map(|reason| reason.confidence)
        .fold(Confidence::Text, Confidence::weaker)
}
