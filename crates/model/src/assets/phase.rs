use ids::{FilingId, RevisionId, stable_codes};
use jiff::Timestamp;
use jiff::civil::Date;
use statute::Exemption;
use thiserror::Error;

/// Where a computer of the register stands: Act Art. 4(1), (3), Order Arts 2, 3.
///
/// Whether a notification is due, near or overdue is derived from the dates at each look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComputerPhase {
    /// In the register and not notified.
    Draft,
    /// Need not be notified; its incidents stay reportable.
    Exempt { reason: Exemption },
    /// Notified, and the register says the same.
    Notified { as_of: Notified },
    /// Notified, and a notified item changed since; `changed_on` is the first such day.
    ChangedSinceNotified { as_of: Notified, changed_on: Date },
    /// Notified, and no longer in use; the end is still to be notified.
    RetirementDue { as_of: Notified, retired_on: Date },
    /// No longer in use; `filing` is absent when it had never been notified.
    Retired {
        retired_on: Date,
        filing: Option<FilingId>,
    },
}

/// What was notified, and when it arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notified {
    /// The document.
    pub filing: FilingId,
    /// The revision that it describes.
    pub revision: RevisionId,
    /// When it arrived.
    pub at: Timestamp,
}

stable_codes! {
    /// What can be done with a computer.
    pub enum ComputerStep {
        /// File 様式第一, or the document that takes its place.
        Notify = "notify",
        /// Claim that it need not be notified.
        Exempt = "exempt",
        /// The reason for the exemption is gone.
        LoseExemption = "lose_exemption",
        /// A notified item changed.
        Change = "change",
        /// The change turned out to be none: the notified revision holds again.
        RevertChange = "revert_change",
        /// File 様式第二.
        NotifyChange = "notify_change",
        /// The computer is no longer in use.
        EndUse = "end_use",
        /// File the end of use.
        NotifyRetirement = "notify_retirement",
        /// File a corrected version of what stands on the authority's file.
        Correct = "correct",
    }
}

/// A step that the phase of a computer does not allow.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a computer in phase {phase} does not allow {step}")]
pub struct ComputerTransitionError {
    /// Code of the phase.
    pub phase: &'static str,
    /// What was tried.
    pub step: ComputerStep,
}

impl ComputerPhase {
    /// Every phase's code, in the order of a usual life.
    pub const CODES: [&'static str; 6] = [
        "draft",
        "exempt",
        "notified",
        "changed_since_notified",
        "retirement_due",
        "retired",
    ];

    /// The stable text stored and sent.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Exempt { .. } => "exempt",
            Self::Notified { .. } => "notified",
            Self::ChangedSinceNotified { .. } => "changed_since_notified",
            Self::RetirementDue { .. } => "retirement_due",
            Self::Retired { .. } => "retired",
        }
    }

    /// Files the first notification. An exempt computer may be notified of free will.
    pub fn notify(self, notified: Notified) -> Result<Self, ComputerTransitionError> {
        match self {
            Self::Draft | Self::Exempt { .. } => Ok(Self::Notified { as_of: notified }),
            Self::Notified { .. }
            | Self::ChangedSinceNotified { .. }
            | Self::RetirementDue { .. }
            | Self::Retired { .. } => Err(self.refuse(ComputerStep::Notify)),
        }
    }

    /// Claims that the computer need not be notified. ESPA substitution is no exemption in this
    /// sense: there another document is filed; and a minor change exempts the change only.
    pub fn exempt(self, reason: Exemption) -> Result<Self, ComputerTransitionError> {
        match (self, reason) {
            (
                Self::Draft | Self::Exempt { .. },
                Exemption::OwnGroupUse | Exemption::GeneralProduct,
            ) => Ok(Self::Exempt { reason }),
            (
                Self::Draft
                | Self::Exempt { .. }
                | Self::Notified { .. }
                | Self::ChangedSinceNotified { .. }
                | Self::RetirementDue { .. }
                | Self::Retired { .. },
                Exemption::OwnGroupUse
                | Exemption::GeneralProduct
                | Exemption::EspaSubstitute
                | Exemption::MinorChange,
            ) => Err(self.refuse(ComputerStep::Exempt)),
        }
    }

    /// The reason for the exemption is gone: the notification is to be made after all.
    pub fn lose_exemption(self) -> Result<Self, ComputerTransitionError> {
        match self {
            Self::Exempt { .. } => Ok(Self::Draft),
            Self::Draft
            | Self::Notified { .. }
            | Self::ChangedSinceNotified { .. }
            | Self::RetirementDue { .. }
            | Self::Retired { .. } => Err(self.refuse(ComputerStep::LoseExemption)),
        }
    }

    /// A notified item changed. Of several changes the first day counts (*Derived*: each has its
    /// own period, and the earliest ends first).
    pub fn change(self, on: Date) -> Result<Self, ComputerTransitionError> {
        match self {
            Self::Notified { as_of } => Ok(Self::ChangedSinceNotified {
                as_of,
                changed_on: on,
            }),
            Self::ChangedSinceNotified { as_of, changed_on } => Ok(Self::ChangedSinceNotified {
                as_of,
                changed_on: changed_on.min(on),
            }),
            Self::Draft | Self::Exempt { .. } => Ok(self),
            Self::RetirementDue { .. } | Self::Retired { .. } => {
                Err(self.refuse(ComputerStep::Change))
            }
        }
    }

    /// The register says again what was notified.
    pub fn revert_change(self) -> Result<Self, ComputerTransitionError> {
        match self {
            Self::ChangedSinceNotified { as_of, .. } => Ok(Self::Notified { as_of }),
            Self::Draft
            | Self::Exempt { .. }
            | Self::Notified { .. }
            | Self::RetirementDue { .. }
            | Self::Retired { .. } => Err(self.refuse(ComputerStep::RevertChange)),
        }
    }

    /// Files the change.
    pub fn notify_change(self, notified: Notified) -> Result<Self, ComputerTransitionError> {
        match self {
            Self::ChangedSinceNotified { .. } => Ok(Self::Notified { as_of: notified }),
            Self::Draft
            | Self::Exempt { .. }
            | Self::Notified { .. }
            | Self::RetirementDue { .. }
            | Self::Retired { .. } => Err(self.refuse(ComputerStep::NotifyChange)),
        }
    }

    /// The computer is no longer in use.
    pub fn end_use(self, on: Date) -> Result<Self, ComputerTransitionError> {
        match self {
            Self::Notified { as_of } | Self::ChangedSinceNotified { as_of, .. } => {
                Ok(Self::RetirementDue {
                    as_of,
                    retired_on: on,
                })
            }
            Self::Draft | Self::Exempt { .. } => Ok(Self::Retired {
                retired_on: on,
                filing: None,
            }),
            Self::RetirementDue { .. } | Self::Retired { .. } => {
                Err(self.refuse(ComputerStep::EndUse))
            }
        }
    }

    /// Files the end of use.
    pub fn notify_retirement(self, filing: FilingId) -> Result<Self, ComputerTransitionError> {
        match self {
            Self::RetirementDue { retired_on, .. } => Ok(Self::Retired {
                retired_on,
                filing: Some(filing),
            }),
            Self::Draft
            | Self::Exempt { .. }
            | Self::Notified { .. }
            | Self::ChangedSinceNotified { .. }
            | Self::Retired { .. } => Err(self.refuse(ComputerStep::NotifyRetirement)),
        }
    }

    /// A corrected version takes the place of the document `from`. Only the document that stands on the authority's file
    /// can be corrected here; one that a later document has replaced cannot.
    pub fn correct(self, from: FilingId, now: Notified) -> Result<Self, ComputerTransitionError> {
        match self {
            Self::Notified { as_of } if as_of.filing == from => Ok(Self::Notified { as_of: now }),
            Self::ChangedSinceNotified { as_of, changed_on } if as_of.filing == from => {
                Ok(Self::ChangedSinceNotified {
                    as_of: now,
                    changed_on,
                })
            }
            Self::RetirementDue { as_of, retired_on } if as_of.filing == from => {
                Ok(Self::RetirementDue {
                    as_of: now,
                    retired_on,
                })
            }
            Self::Draft
            | Self::Exempt { .. }
            | Self::Notified { .. }
            | Self::ChangedSinceNotified { .. }
            | Self::RetirementDue { .. }
            | Self::Retired { .. } => Err(self.refuse(ComputerStep::Correct)),
        }
    }

    /// A corrected version takes the place of the notification of the end of use.
    pub fn correct_retirement(
        self,
        from: FilingId,
        to: FilingId,
        retired_on: Date,
    ) -> Result<Self, ComputerTransitionError> {
        match self {
            Self::Retired {
                filing: Some(filing),
                ..
            } if filing == from => Ok(Self::Retired {
                retired_on,
                filing: Some(to),
            }),
            Self::Draft
            | Self::Exempt { .. }
            | Self::Notified { .. }
            | Self::ChangedSinceNotified { .. }
            | Self::RetirementDue { .. }
            | Self::Retired { .. } => Err(self.refuse(ComputerStep::Correct)),
        }
    }

    /// What stands on the authority's file, if something was notified and is still in use there.
    pub const fn notified(&self) -> Option<&Notified> {
        match self {
            Self::Notified { as_of }
            | Self::ChangedSinceNotified { as_of, .. }
            | Self::RetirementDue { as_of, .. } => Some(as_of),
            Self::Draft | Self::Exempt { .. } | Self::Retired { .. } => None,
        }
    }

    const fn refuse(self, step: ComputerStep) -> ComputerTransitionError {
        ComputerTransitionError {
            phase: self.code(),
            step,
        }
    }
}
