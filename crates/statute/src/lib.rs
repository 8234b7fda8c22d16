#![doc = include_str!("../README.md")]

mod addressee;
pub mod calendar;
mod check;
mod classify;
mod confidence;
mod deadline;
mod entry;
mod event;
mod exempt;
mod fields;
mod items;
pub mod json;
mod normalise;
mod notify;
mod pack;
mod period;
mod phase;
mod question;
mod reason;
mod replace;
mod rule;
mod sector;
mod submission;
mod tier;

pub use addressee::{
    Addressee, AddresseeQuestion, AddresseeRefusal, Addressees, Bureau, Delegation, Desk, Duty,
    Prefecture, Role, addressees, bureaus, prefectures,
};
pub use check::Unfit;
pub use classify::{
    AssetClass, ClassOutcome, ClassRule, Classified, ReportGroup, classify, report_group,
};
pub use confidence::Confidence;
pub use deadline::{
    ClosedDays, CountsFrom, Due, DueQuestion, DueRefusal, PeriodPurpose, PeriodRule, due,
    due_in_hours, within_window,
};
pub use entry::{Entry, Start};
pub use event::{
    EventCode, EventContext, EventExclusion, EventFinding, EventOutcome, EventRefusal, EventRule,
    ExclusionRule, reportable,
};
pub use exempt::{
    Exemption, ExemptionEffect, ExemptionFinding, ExemptionFound, ExemptionQuestion, ExemptionRule,
    GeneralProducts, exemptions,
};
pub use fields::FieldError;
pub use items::{
    InvestigationReason, ItemNeed, ItemProblem, ItemProblemKind, ItemRequirement, ItemRule,
    ItemState, ReportStage, check_items, required_items,
};
pub use normalise::match_key;
pub use notify::{
    BasisFinding, ComputerDates, Entrance, NotificationBasis, change_basis, notification_basis,
};
pub use pack::{PackDigest, PackError, RuleBook};
pub use period::{FirstDay, Period, PeriodError};
pub use phase::{BasisRefusal, LegalBasis, Mode, Phase, Standing, StandingKind, phases, standing};
pub use question::{
    Answer, Answers, Asked, Condition, Question, Topic, UnknownQuestion, next_question, questions,
};
pub use reason::{Reason, weakest};
pub use replace::{HeaderError, PackHeader, ReplacementError, changed_keys};
pub use rule::{Amount, Rule};
pub use sector::{
    FinanceKind, Ministry, Sector, finance_kinds, ministries, ministry, sector, sectors,
};
pub use submission::{
    FieldIs, SubmissionAsk, SubmissionEntry, SubmissionItem, SubmissionItemEntry, SubmissionNeed,
    SubmissionRule, submission_items, submissions,
};
pub use tier::{Gate, InfoTier, TierRow, tier_gate};
