use std::fmt;

use crate::text::{Line, TextError};

macro_rules! filed_names {
    ($($(#[$doc:meta])* $name:ident, $max:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Line<$max>);

        impl $name {
            /// Most characters that the name may have.
            pub const MAX_CHARS: usize = $max;

            /// Takes the name as entered, without the white space around it.
            pub fn parse(raw: &str) -> Result<Self, TextError> {
                Line::parse(raw).map(Self)
            }

            /// The name as filed.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({} chars)", stringify!($name), self.as_str().chars().count())
            }
        }
    )*};
}

filed_names! {
    /// Product name (製品名), or the name of a cloud service (Order Art. 2(4), (5)(iv)).
    ///
    /// Invariant: trimmed, 1 to 200 characters, no control characters; otherwise kept as entered,
    /// because what was filed is the legal record. `Debug` shows no content.
    ProductName, 200;
    /// Manufacturer (製造者名), or the provider of a cloud service (Order Art. 2(4), (5)(v)).
    ///
    /// Invariant as for [`ProductName`].
    MakerName, 200;
    /// Name of an organisation (名称).
    OrganisationName, 200;
    /// Category of a facility (特定重要設備の種類), as the facility order of its sector names it
    /// (Order Art. 2(5)(ii)).
    CategoryName, 200;
    /// Number or title with which a document at an authority can be found again (Order Art. 2(4)).
    DocumentReference, 200;
}

#[cfg(test)]
mod tests {
    use super::{MakerName, ProductName};
    use crate::text::TextError;

    #[test]
    fn rare_characters_are_kept_as_entered() {
        for name in [
            "𠮷野ゲートウェイ",
            "髙島制御盤",
            "葛\u{E0100}城ルータ",
            "監視👩\u{200D}💻くん",
            "ﾌｧｲｱｳｫｰﾙ①",
        ] {
            assert_eq!(ProductName::parse(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn two_hundred_characters_fit_and_one_more_does_not() {
        assert!(ProductName::parse(&"機".repeat(200)).is_ok());
        assert_eq!(
            ProductName::parse(&"機".repeat(201)),
            Err(TextError::TooLong)
        );
    }

    #[test]
    fn debug_output_shows_no_content() {
        let name = MakerName::parse("架空電機").unwrap();
        assert_eq!(format!("{name:?}"), "MakerName(4 chars)");
    }
}
