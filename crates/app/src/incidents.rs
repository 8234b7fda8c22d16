//! Incident cases (Act Art. 5, Order Art. 4): from 「これは報告が必要か」 to the filed report.

mod awareness;
mod case;
mod conflict;
mod decisions;
mod draft;
mod due;
mod file;
mod history;
mod judge;
mod judgement;
mod load;
mod open;
mod preview;
mod report;
mod section;
mod seed;
mod timeline;
mod typed;
mod withdraw;

pub use awareness::AwarenessInput;
pub use case::{CaseEntry, CasePage, CaseView};
pub use conflict::{FieldConflict, Seen};
pub use decisions::{DecisionPage, DecisionView, NewDecision, RecordedDecision};
pub use draft::{DraftAttachment, DraftField, DraftView, FormStanding, SavedDraft};
pub use due::{DueRecheck, OpenCase, OpenCases};
pub use file::{CorrectionInput, Filing, ReportKind};
pub use history::{FiledVersion, Version};
pub use judge::{EventQuestion, EventSheet, Finding};
pub use judgement::JudgementInput;
pub(crate) use load::load_case;
pub use open::{NewCase, OpenedCase};
pub use preview::{Preview, Reader};
pub use section::{Section, SectionField, SectionState};
pub use timeline::{Event, EventKind};
pub use typed::{Typed, TypedComputer};
pub use withdraw::WithdrawalInput;
