use std::fmt;

use ids::{
    DirectiveDuty, DirectiveId, DirectiveKind, DirectiveOutcome, DirectiveReplyId, FilingId,
    OrganisationId, PersonId, ReceiptNumber, stable_codes,
};
use jiff::Timestamp;
use jiff::civil::Date;
use thiserror::Error;

use crate::text::Prose;

/// An order, opinion, demand or guidance about to be issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDirective {
    /// Under which article.
    pub kind: DirectiveKind,
    /// Which duty it is about.
    pub duty: DirectiveDuty,
    /// What is to be done.
    pub text: Prose<8000>,
    /// Why: the facts and the provision (for orders also 行政手続法 Art. 14).
    pub grounds: Option<Prose<4000>>,
    /// How the addressee could state its case before (行政手続法 Art. 13); orders only.
    pub hearing: Option<Prose<1000>>,
    /// The day by which it is to be done.
    pub due: Option<Date>,
}

/// Why a directive cannot be issued as it stands.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DirectiveError {
    /// An order sets a deadline (Act Art. 6), and a demand says until when.
    #[error("a deadline is missing")]
    DeadlineMissing,
    /// An opinion asks nothing of the operator and guidance binds nobody: neither has a deadline.
    #[error("this kind has no deadline")]
    DeadlineNotAllowed,
    /// The deadline is not after the day of issue.
    #[error("the deadline is not after today")]
    DeadlinePast,
    /// An order states its grounds (行政手続法 Art. 14), an opinion and a demand theirs.
    #[error("grounds are missing")]
    GroundsMissing,
    /// An order says how the addressee could state its case (行政手続法 Art. 13).
    #[error("the hearing is missing")]
    HearingMissing,
}

impl DirectiveError {
    /// The stable text that names the error to people and programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DeadlineMissing => "directive_deadline_missing",
            Self::DeadlineNotAllowed => "directive_deadline_not_allowed",
            Self::DeadlinePast => "directive_deadline_past",
            Self::GroundsMissing => "directive_grounds_missing",
            Self::HearingMissing => "directive_hearing_missing",
        }
    }

    /// The field that it is about.
    pub const fn field(self) -> &'static str {
        match self {
            Self::DeadlineMissing | Self::DeadlineNotAllowed | Self::DeadlinePast => "due",
            Self::GroundsMissing => "grounds",
            Self::HearingMissing => "hearing",
        }
    }
}

impl NewDirective {
    /// Everything that keeps it from being issued on a day.
    pub fn errors(&self, today: Date) -> Vec<DirectiveError> {
        let mut errors = Vec::new();
        match (self.kind, self.due) {
            (DirectiveKind::Order | DirectiveKind::Demand, None) => {
                errors.push(DirectiveError::DeadlineMissing);
            }
            (DirectiveKind::Order | DirectiveKind::Demand, Some(due)) if due <= today => {
                errors.push(DirectiveError::DeadlinePast);
            }
            (DirectiveKind::Opinion | DirectiveKind::Guidance, Some(_)) => {
                errors.push(DirectiveError::DeadlineNotAllowed);
            }
            (_, _) => {}
        }
        if self.grounds.is_none() && self.kind != DirectiveKind::Guidance {
            errors.push(DirectiveError::GroundsMissing);
        }
        if self.hearing.is_none() && self.kind == DirectiveKind::Order {
            errors.push(DirectiveError::HearingMissing);
        }
        errors
    }
}

/// An order, opinion, demand or guidance as it was issued. Never changes.
#[derive(Clone, PartialEq, Eq)]
pub struct Directive {
    /// Identifies it.
    pub id: DirectiveId,
    /// Number to quote.
    pub number: ReceiptNumber,
    /// Under which article.
    pub kind: DirectiveKind,
    /// Which duty it is about.
    pub duty: DirectiveDuty,
    /// The authority.
    pub issuer: OrganisationId,
    /// To whom it is directed: the operator, or the Minister for an opinion.
    pub addressee: OrganisationId,
    /// The operator concerned; the addressee itself but for opinions.
    pub operator: OrganisationId,
    /// The filing that it is about, if it is about one.
    pub filing: Option<FilingId>,
    /// What is to be done.
    pub text: String,
    /// Why; may be empty for guidance.
    pub grounds: String,
    /// How the addressee could state its case before; empty but for orders.
    pub hearing: String,
    /// The day by which it is to be done.
    pub due: Option<Date>,
    /// By whom.
    pub issued_by: PersonId,
    /// When.
    pub issued_at: Timestamp,
}

impl fmt::Debug for Directive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Directive")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("duty", &self.duty)
            .finish_non_exhaustive()
    }
}

/// When the addressee first opened it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// By whom.
    pub opened_by: PersonId,
    /// When.
    pub opened_at: Timestamp,
}

/// What the addressee answered.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// Identifies it.
    pub id: DirectiveReplyId,
    /// To what.
    pub directive: DirectiveId,
    /// The answer.
    pub text: String,
    /// The filing that does what was asked for.
    pub filing: Option<FilingId>,
    /// By whom.
    pub replied_by: PersonId,
    /// When.
    pub replied_at: Timestamp,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("id", &self.id)
            .field("directive", &self.directive)
            .finish_non_exhaustive()
    }
}

/// How the authority ended it.
#[derive(Clone, PartialEq, Eq)]
pub struct Closing {
    /// With what outcome.
    pub outcome: DirectiveOutcome,
    /// Remark to the addressee; may be empty.
    pub note: String,
    /// By whom.
    pub closed_by: PersonId,
    /// When.
    pub closed_at: Timestamp,
}

impl fmt::Debug for Closing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Closing")
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

stable_codes! {
    /// Where a directive stands.
    pub enum DirectiveState {
        /// Nobody at the addressee has opened it.
        Unopened = "unopened",
        /// Opened, not answered.
        Waiting = "waiting",
        /// Not answered, and the deadline is over.
        Overdue = "overdue",
        /// Answered; the authority has not ended it.
        Answered = "answered",
        /// What was asked for was done.
        Fulfilled = "fulfilled",
        /// Ended without it.
        NotFulfilled = "not_fulfilled",
        /// Taken back.
        Withdrawn = "withdrawn",
    }
}

/// A directive with what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectiveFile {
    /// As issued.
    pub directive: Directive,
    /// When it was first opened.
    pub opening: Option<Opening>,
    /// Answers, oldest first.
    pub replies: Vec<Reply>,
    /// How it ended.
    pub closing: Option<Closing>,
}

impl DirectiveFile {
    /// Where it stands on a day.
    pub fn state(&self, today: Date) -> DirectiveState {
        match &self.closing {
            Some(closing) => match closing.outcome {
                DirectiveOutcome::Fulfilled => DirectiveState::Fulfilled,
                DirectiveOutcome::NotFulfilled => DirectiveState::NotFulfilled,
                DirectiveOutcome::Withdrawn => DirectiveState::Withdrawn,
            },
            None if !self.replies.is_empty() => DirectiveState::Answered,
            None if self.directive.due.is_some_and(|due| due < today) => DirectiveState::Overdue,
            None if self.opening.is_some() => DirectiveState::Waiting,
            None => DirectiveState::Unopened,
        }
    }

    /// Whether it can still be answered or ended.
    pub const fn is_open(&self) -> bool {
        self.closing.is_none()
    }
}

#[cfg(test)]
mod tests {
    use ids::{DirectiveDuty, DirectiveKind, DirectiveOutcome, IdSource, ReceiptNumber, SeededIds};
    use jiff::Timestamp;
    use jiff::civil::{Date, date};

    use super::{
        Closing, Directive, DirectiveError, DirectiveFile, DirectiveState, NewDirective, Opening,
        Reply,
    };
    use crate::text::Prose;

    const TODAY: Date = date(2026, 11, 24);

    fn new(kind: DirectiveKind) -> NewDirective {
        NewDirective {
            kind,
            duty: DirectiveDuty::Report,
            text: Prose::parse("報告をしてください。").unwrap(),
            grounds: None,
            hearing: None,
            due: None,
        }
    }

    #[test]
    fn an_order_has_deadline_grounds_and_hearing() {
        let mut order = new(DirectiveKind::Order);
        assert_eq!(
            order.errors(TODAY),
            [
                DirectiveError::DeadlineMissing,
                DirectiveError::GroundsMissing,
                DirectiveError::HearingMissing,
            ]
        );
        order.due = Some(TODAY);
        order.grounds = Some(Prose::parse("法第五条").unwrap());
        order.hearing = Some(Prose::parse("弁明の機会を付与した。").unwrap());
        assert_eq!(order.errors(TODAY), [DirectiveError::DeadlinePast]);
        order.due = Some(date(2026, 12, 1));
        assert_eq!(order.errors(TODAY), []);
    }

    #[test]
    fn guidance_binds_nobody_and_has_no_deadline() {
        let mut guidance = new(DirectiveKind::Guidance);
        assert_eq!(guidance.errors(TODAY), []);
        guidance.due = Some(date(2026, 12, 1));
        assert_eq!(guidance.errors(TODAY), [DirectiveError::DeadlineNotAllowed]);
    }

    fn file() -> DirectiveFile {
        let seeded = SeededIds::new(1);
        let ids: &dyn IdSource = &seeded;
        DirectiveFile {
            directive: Directive {
                id: ids.next(),
                number: ReceiptNumber::new("ME", 2026, [1; 8]),
                kind: DirectiveKind::Order,
                duty: DirectiveDuty::Report,
                issuer: ids.next(),
                addressee: ids.next(),
                operator: ids.next(),
                filing: None,
                text: "報告をしてください。".to_owned(),
                grounds: String::new(),
                hearing: String::new(),
                due: Some(date(2026, 12, 1)),
                issued_by: ids.next(),
                issued_at: Timestamp::UNIX_EPOCH,
            },
            opening: None,
            replies: Vec::new(),
            closing: None,
        }
    }

    #[test]
    fn a_directive_is_overdue_only_after_its_day_and_only_without_an_answer() {
        let seeded = SeededIds::new(2);
        let ids: &dyn IdSource = &seeded;
        let mut file = file();
        assert_eq!(file.state(date(2026, 12, 1)), DirectiveState::Unopened);
        file.opening = Some(Opening {
            opened_by: ids.next(),
            opened_at: Timestamp::UNIX_EPOCH,
        });
        assert_eq!(file.state(date(2026, 12, 1)), DirectiveState::Waiting);
        assert_eq!(file.state(date(2026, 12, 2)), DirectiveState::Overdue);
        file.replies.push(Reply {
            id: ids.next(),
            directive: file.directive.id,
            text: "提出しました。".to_owned(),
            filing: None,
            replied_by: ids.next(),
            replied_at: Timestamp::UNIX_EPOCH,
        });
        assert_eq!(file.state(date(2026, 12, 2)), DirectiveState::Answered);
        assert!(file.is_open());
        file.closing = Some(Closing {
            outcome: DirectiveOutcome::Fulfilled,
            note: String::new(),
            closed_by: ids.next(),
            closed_at: Timestamp::UNIX_EPOCH,
        });
        assert_eq!(file.state(date(2026, 12, 2)), DirectiveState::Fulfilled);
        assert!(!file.is_open());
    }
}
