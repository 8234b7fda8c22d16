//! Japanese eras, as the rule book knows them, for days that are pasted in.

use jiff::civil::Date;
use statute::{Entry, Rule, RuleBook};

use crate::forms::date::Eras;
use crate::forms::digits::fold;

impl Eras for RuleBook {
    fn gregorian_year(&self, era: &str, year: u16) -> Option<i16> {
        let wanted = fold(era);
        let begins = |entry: &Entry| match &entry.rule {
            Rule::Era(known) => {
                let named = known.name == wanted || known.letter.eq_ignore_ascii_case(&wanted);
                named.then_some(entry.from.year())
            }
            _ => None,
        };
        let entry = self.entries().find(|entry| begins(entry).is_some())?;
        let first = begins(entry)?;
        let western = first
            .checked_add(i16::try_from(year).ok()?)?
            .checked_sub(1)?;
        let ends = [Date::new(western, 1, 1), Date::new(western, 12, 31)];
        let was = ends.into_iter().flatten().any(|day| entry.covers(day));
        (1 <= year && was).then_some(western)
    }
}

#[cfg(test)]
mod tests {
    use statute::RuleBook;

    use crate::forms::date::Eras as _;

    #[test]
    fn a_year_of_an_era_is_found_and_one_that_never_was_is_not() {
        let book = RuleBook::embedded().unwrap();
        assert_eq!(book.gregorian_year("令和", 8), Some(2026));
        assert_eq!(book.gregorian_year("R", 1), Some(2019));
        assert_eq!(book.gregorian_year("㋿", 8), Some(2026));
        assert_eq!(book.gregorian_year("昭和", 64), Some(1989));
        assert_eq!(book.gregorian_year("昭和", 65), None);
        assert_eq!(book.gregorian_year("令和", 0), None);
        assert_eq!(book.gregorian_year("夢和", 1), None);
    }
}
