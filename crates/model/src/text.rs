use std::fmt;

use thiserror::Error;

/// Says why a text cannot be taken as it was entered. Carries nothing of the text.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum TextError {
    /// Nothing but white space.
    #[error("text is empty")]
    Empty,
    /// More characters than the field holds.
    #[error("text is too long")]
    TooLong,
    /// A control character, or one that reverses the direction of the text after it.
    #[error("text holds a control character")]
    Control,
}

impl TextError {
    /// The stable text that names the error to people and programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "text.empty",
            Self::TooLong => "text.too_long",
            Self::Control => "text.control",
        }
    }
}

/// One line of text as a person entered it.
///
/// Invariant: trimmed, 1 to `MAX` characters (Unicode scalar values), no control characters and no
/// line ends. Every other character is kept as entered: 𠮷, 髙, variation sequences, emoji.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line<const MAX: usize>(String);

impl<const MAX: usize> Line<MAX> {
    /// Most characters that the line may have.
    pub const MAX_CHARS: usize = MAX;

    /// Takes what was entered, without the white space around it.
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        take(raw, MAX, is_forbidden_in_line).map(Self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Debug for Line<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line({} chars)", self.0.chars().count())
    }
}

/// Text of several lines as a person entered it; line ends are stored as `\n`.
///
/// Invariant: trimmed, 1 to `MAX` characters, no control characters but line end and tab.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prose<const MAX: usize>(String);

impl<const MAX: usize> Prose<MAX> {
    /// Most characters that the text may have.
    pub const MAX_CHARS: usize = MAX;

    /// Takes what was entered, without the white space around it.
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        let text = raw.replace("\r\n", "\n");
        take(&text, MAX, is_forbidden_in_prose).map(Self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Debug for Prose<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Prose({} chars)", self.0.chars().count())
    }
}

/// Tells whether a character may not stand in a text of one line.
///
/// Besides the control characters (general category Cc) these are the line separators and the
/// bidirectional embeddings, overrides and isolates, with which a filed name could be made to
/// look like another (Unicode Technical Report 36).
pub fn is_forbidden_in_line(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Tells whether a character may not stand in a text of several lines.
pub fn is_forbidden_in_prose(c: char) -> bool {
    !matches!(c, '\n' | '\t') && is_forbidden_in_line(c)
}

fn take(raw: &str, max: usize, forbidden: fn(char) -> bool) -> Result<String, TextError> {
    let text = raw.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if max < text.chars().count() {
        return Err(TextError::TooLong);
    }
    if text.chars().any(forbidden) {
        return Err(TextError::Control);
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::{Line, Prose, TextError};

    #[test]
    fn a_line_is_trimmed_of_ideographic_space_and_byte_order_mark() {
        assert_eq!(
            Line::<20>::parse("\u{FEFF}　監視サーバ \n")
                .unwrap()
                .as_str(),
            "監視サーバ"
        );
    }

    #[test]
    fn length_counts_characters_and_not_octets() {
        assert!(Line::<3>::parse("𠮷野家").is_ok());
        assert_eq!(Line::<3>::parse("𠮷野家具"), Err(TextError::TooLong));
    }

    #[test]
    fn nothing_but_space_is_empty() {
        assert_eq!(Line::<3>::parse(" 　\t"), Err(TextError::Empty));
    }

    #[test]
    fn control_and_direction_characters_are_refused() {
        for text in ["a\0b", "a\nb", "a\u{202E}b", "a\u{2066}b", "a\u{2028}b"] {
            assert_eq!(Line::<9>::parse(text), Err(TextError::Control), "{text:?}");
        }
        assert_eq!(Prose::<9>::parse("a\u{7}b"), Err(TextError::Control));
    }

    #[test]
    fn prose_keeps_lines_and_tabs() {
        assert_eq!(
            Prose::<9>::parse("a\r\nb\tc\n").unwrap().as_str(),
            "a\nb\tc"
        );
    }

    #[test]
    fn debug_output_shows_no_content() {
        assert_eq!(
            format!("{:?}", Prose::<9>::parse("秘密").unwrap()),
            "Prose(2 chars)"
        );
    }

    proptest! {
        #[test]
        fn a_parsed_line_parses_to_itself(raw in "\\PC{0,30}") {
            if let Ok(line) = Line::<20>::parse(&raw) {
                prop_assert!(line.as_str().chars().count() <= 20);
                prop_assert_eq!(Line::<20>::parse(line.as_str()), Ok(line.clone()));
            }
        }
    }
}
