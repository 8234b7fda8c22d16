//! 委託: what a contractor may see and fill in for an operator. *Derived*: the Act obliges the operator alone.

use std::collections::BTreeSet;
use std::fmt;

use ids::stable_codes;
use thiserror::Error;

/// The highest number of an item (Order Art. 4(3)).
const LAST_ITEM: u8 = 7;

stable_codes! {
    /// How far a contractor may go in the items named.
    pub enum Extent {
        /// Reading only.
        View = "view",
        /// Reading and filling in.
        Fill = "fill",
    }
}

/// Items of a report that a contractor may see.
///
/// Invariant: at least one, each 1 to 7. The first item, which names the operator, may be among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sections(BTreeSet<u8>);

/// Why numbers are no items.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("items are numbers from 1 to 7, at least one")]
pub struct SectionsError;

impl Sections {
    /// Items by their numbers.
    pub fn new(items: impl IntoIterator<Item = u8>) -> Result<Self, SectionsError> {
        let items: BTreeSet<u8> = items.into_iter().collect();
        let fits = !items.is_empty() && items.iter().all(|item| (1..=LAST_ITEM).contains(item));
        if fits {
            Ok(Self(items))
        } else {
            Err(SectionsError)
        }
    }

    /// Reads `1,3,5`.
    pub fn parse(text: &str) -> Result<Self, SectionsError> {
        let items: Result<Vec<u8>, _> = text.split(',').map(str::parse).collect();
        Self::new(items.map_err(|_| SectionsError)?)
    }

    /// The items in order.
    pub fn iter(&self) -> impl Iterator<Item = u8> {
        self.0.iter().copied()
    }

    /// Whether an item is among them.
    pub fn contains(&self, item: u8) -> bool {
        self.0.contains(&item)
    }
}

impl fmt::Display for Sections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, item) in self.0.iter().enumerate() {
            if 0 < place {
                f.write_str(",")?;
            }
            write!(f, "{item}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Sections, SectionsError};

    #[test]
    fn items_are_numbers_from_one_to_seven_and_read_back() {
        let sections = Sections::new([5, 3, 3]).unwrap();
        assert_eq!(sections.to_string(), "3,5");
        assert_eq!(Sections::parse("3,5"), Ok(sections));
        for wrong in ["", "0", "8", "1,", "x"] {
            assert_eq!(Sections::parse(wrong), Err(SectionsError), "{wrong}");
        }
    }
}
