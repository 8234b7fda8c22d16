use ids::Role;
use jiff::{SignedDuration, Timestamp};
use model::reminders::{Anchor, DueKind};
use serde::Deserialize;
use thiserror::Error;

/// The plan that comes with the program.
const EMBEDDED: &str = include_str!("plan.toml");
/// Hours of a moment at most, before or after.
const MOST_HOURS: i64 = 24 * 366;

/// When whom to remind of what, and what a mail says: a file, not code.
#[derive(Clone, Debug)]
pub struct Plan {
    reminders: Vec<Reminder>,
    mail: MailTexts,
}

/// Why a file is no plan.
#[derive(Debug, Error)]
pub enum PlanError {
    /// It is not TOML of this form.
    #[error("the plan of reminders cannot be read")]
    Form(#[source] Box<toml::de::Error>),
    /// It says something that cannot be.
    #[error("the plan of reminders is wrong: {0}")]
    Content(&'static str),
}

#[derive(Clone, Debug)]
struct Reminder {
    of: DueKind,
    legal: bool,
    moments: Vec<PlannedMoment>,
}

/// One planned moment and who is told then.
#[derive(Clone, Debug)]
pub(crate) struct PlannedMoment {
    pub(crate) from: Anchor,
    pub(crate) hours: i64,
    pub(crate) holders: bool,
    pub(crate) roles: Vec<Role>,
}

impl PlannedMoment {
    /// When it is, given what it is counted from.
    pub(crate) fn at(&self, anchor_at: Timestamp) -> Timestamp {
        anchor_at
            .checked_add(SignedDuration::from_hours(self.hours))
            .unwrap_or(anchor_at)
    }
}

/// What a mail says; the places in braces are filled in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailTexts {
    pub(crate) subject: String,
    pub(crate) dated: String,
    pub(crate) undated: String,
    pub(crate) legal: String,
    pub(crate) footer: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    reminder: Vec<ReminderEntry>,
    mail: MailTexts,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReminderEntry {
    of: DueKind,
    legal: bool,
    at: Vec<MomentEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MomentEntry {
    from: Anchor,
    hours: i64,
    to: Vec<String>,
}

impl Plan {
    /// The plan that comes with the program.
    pub(crate) fn embedded() -> Result<Self, PlanError> {
        Self::parse(EMBEDDED)
    }

    /// Reads a plan.
    ///
    /// # Errors
    /// [`PlanError`] when it is not of this form, names no role, or says a kind of thing twice.
    pub fn parse(text: &str) -> Result<Self, PlanError> {
        let file: File = toml::from_str(text).map_err(|error| PlanError::Form(Box::new(error)))?;
        let mut reminders: Vec<Reminder> = Vec::with_capacity(file.reminder.len());
        for entry in file.reminder {
            if reminders.iter().any(|known| known.of == entry.of) {
                return Err(PlanError::Content("a kind stands there twice"));
            }
            let mut moments = Vec::with_capacity(entry.at.len());
            for moment in entry.at {
                moments.push(planned(&moment)?);
            }
            reminders.push(Reminder {
                of: entry.of,
                legal: entry.legal,
                moments,
            });
        }
        Ok(Self {
            reminders,
            mail: file.mail,
        })
    }

    /// Whether the law sets the limits of this kind; what is not planned is not reminded of.
    pub(crate) fn is_legal(&self, kind: DueKind) -> bool {
        self.of(kind).is_some_and(|reminder| reminder.legal)
    }

    /// The moments of a kind.
    pub(crate) fn moments(&self, kind: DueKind) -> &[PlannedMoment] {
        self.of(kind)
            .map_or(&[], |reminder| reminder.moments.as_slice())
    }

    pub(crate) const fn mail(&self) -> &MailTexts {
        &self.mail
    }

    fn of(&self, kind: DueKind) -> Option<&Reminder> {
        self.reminders.iter().find(|reminder| reminder.of == kind)
    }
}

fn planned(entry: &MomentEntry) -> Result<PlannedMoment, PlanError> {
    if MOST_HOURS < entry.hours || entry.hours < -MOST_HOURS {
        return Err(PlanError::Content("a moment is more than a year away"));
    }
    let mut holders = false;
    let mut roles = Vec::new();
    for to in &entry.to {
        if to == "holder" {
            holders = true;
        } else {
            let role = to
                .parse()
                .map_err(|_| PlanError::Content("a role is not known"))?;
            roles.push(role);
        }
    }
    if !holders && roles.is_empty() {
        return Err(PlanError::Content("a moment tells nobody"));
    }
    Ok(PlannedMoment {
        from: entry.from,
        hours: entry.hours,
        holders,
        roles,
    })
}

#[cfg(test)]
mod tests {
    use model::reminders::{Anchor, DueKind};

    use super::Plan;

    #[test]
    fn the_plan_of_the_program_reminds_of_every_kind_before_or_after() {
        let plan = Plan::embedded().unwrap();
        for kind in DueKind::ALL {
            assert!(!plan.moments(*kind).is_empty(), "{kind}");
        }
        for kind in [DueKind::FullReport, DueKind::Notification, DueKind::Order] {
            assert!(plan.is_legal(kind), "{kind}");
            let hours: Vec<i64> = plan
                .moments(kind)
                .iter()
                .filter(|moment| moment.from == Anchor::Limit)
                .map(|moment| moment.hours)
                .collect();
            for wanted in [-72, -24, -3, 0] {
                assert!(hours.contains(&wanted), "{kind} {wanted}");
            }
            assert!(hours.iter().any(|hours| 0 < *hours), "{kind}");
        }
        assert!(!plan.is_legal(DueKind::Approval));
    }

    #[test]
    fn a_plan_that_tells_nobody_or_an_unknown_role_is_refused() {
        let whole = |moment: &str| {
            format!(
                "[[reminder]]\nof = \"order\"\nlegal = true\nat = [{moment}]\n[mail]\nsubject = \"a\"\ndated = \"a\"\n\
                 undated = \"a\"\nlegal = \"a\"\nfooter = \"a\"\n"
            )
        };
        let parse = |moment: &str| Plan::parse(&whole(moment));
        assert!(parse(r#"{ from = "limit", hours = -1, to = ["csirt"] }"#).is_ok());
        for wrong in [
            r#"{ from = "limit", hours = -1, to = [] }"#,
            r#"{ from = "limit", hours = -1, to = ["king"] }"#,
            r#"{ from = "noon", hours = -1, to = ["csirt"] }"#,
            r#"{ from = "limit", hours = 99999, to = ["csirt"] }"#,
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
