use std::collections::BTreeMap;

use ids::PersonId;

use super::draft::DraftField;
use super::typed::Typed;

/// What the person who saves had before them, so that nobody's edit is lost.
#[derive(Clone, Debug)]
pub enum Seen {
    /// The draft at a version; only changed fields are sent (API, `If-Match`).
    Version(i64),
    /// A page that sends all its fields, changed or not.
    Page {
        /// Names the page: what it saved itself is no conflict.
        token: String,
        /// [`Typed::mark`] of each field as it was shown.
        marks: BTreeMap<String, String>,
    },
}

/// Two people changed one field: both values are shown, and a person chooses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldConflict {
    /// Key of the field.
    pub field: String,
    /// What was sent now and is not saved.
    pub mine: Typed,
    /// What is saved.
    pub theirs: Typed,
    /// Who saved that.
    pub by: PersonId,
    /// Name of that person.
    pub by_name: String,
}

/// What to do with one field that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Merge {
    /// Nothing was changed, or both want the same.
    Keep,
    /// Save what was sent.
    Take,
    /// Someone else changed it meanwhile.
    Conflict,
}

/// Compares what was sent with what is saved, and with what the sender saw.
pub(super) fn merge(
    key: &str,
    sent: &Typed,
    saved: Option<&DraftField>,
    seeded: Option<&Typed>,
    seen: &Seen,
) -> Merge {
    let empty = Typed::default();
    let stored = saved.map(|field| &field.typed).or(seeded).unwrap_or(&empty);
    if stored == sent {
        return Merge::Keep;
    }
    match seen {
        Seen::Version(version) => match saved {
            Some(field) if *version < field.version => Merge::Conflict,
            Some(_) | None => Merge::Take,
        },
        Seen::Page { token, marks } => {
            if saved.is_some_and(|field| field.page.as_deref() == Some(token)) {
                return Merge::Take;
            }
            match marks.get(key) {
                Some(mark) if *mark == sent.mark() => Merge::Keep,
                Some(mark) if *mark == stored.mark() => Merge::Take,
                None if saved.is_none() => Merge::Take,
                Some(_) | None => Merge::Conflict,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ids::{IdSource, SeededIds};
    use jiff::Timestamp;

    use super::{Merge, Seen, merge};
    use crate::incidents::draft::DraftField;
    use crate::incidents::typed::Typed;

    fn saved(text: &str, version: i64, page: &str) -> DraftField {
        let ids: &(dyn IdSource + 'static) = &SeededIds::new(1);
        DraftField {
            typed: Typed::text(text),
            version,
            by: ids.next(),
            at: Timestamp::UNIX_EPOCH.as_microsecond(),
            page: Some(page.to_owned()),
        }
    }

    fn page(token: &str, shown: &str) -> Seen {
        let mark = Typed::text(shown).mark();
        Seen::Page {
            token: token.to_owned(),
            marks: BTreeMap::from([("summary".to_owned(), mark)]),
        }
    }

    #[track_caller]
    fn check(sent: &str, saved: &DraftField, seen: &Seen, expected: Merge) {
        let found = merge("summary", &Typed::text(sent), Some(saved), None, seen);
        assert_eq!(found, expected);
    }

    #[test]
    fn a_field_that_only_the_other_changed_keeps_their_value() {
        check("旧", &saved("新", 3, "b"), &page("a", "旧"), Merge::Keep);
    }

    #[test]
    fn a_field_that_only_i_changed_takes_mine() {
        check("新", &saved("旧", 3, "b"), &page("a", "旧"), Merge::Take);
    }

    #[test]
    fn a_field_that_both_changed_is_a_conflict_unless_both_want_the_same() {
        check(
            "甲",
            &saved("乙", 3, "b"),
            &page("a", "旧"),
            Merge::Conflict,
        );
        check("乙", &saved("乙", 3, "b"), &page("a", "旧"), Merge::Keep);
    }

    #[test]
    fn what_my_own_page_saved_before_is_no_conflict_even_when_undone() {
        check("三", &saved("二", 3, "a"), &page("a", "一"), Merge::Take);
        check("一", &saved("二", 3, "a"), &page("a", "一"), Merge::Take);
    }

    #[test]
    fn a_program_that_read_an_older_version_meets_a_conflict_in_that_field_only() {
        check(
            "甲",
            &saved("乙", 3, "b"),
            &Seen::Version(2),
            Merge::Conflict,
        );
        check("甲", &saved("乙", 3, "b"), &Seen::Version(3), Merge::Take);
    }
}
