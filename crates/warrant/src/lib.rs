#![doc = include_str!("../README.md")]

mod codes;
mod counts;
mod names;

pub use codes::{CriterionKind, Direction, DropReason, InformationKind, LossReason, MeasureKind};
pub use counts::{Counts, Imbalance, Tally};
pub use names::{
    CriteriaDigest, CriterionId, EquipmentId, LineId, MeasureId, NameError, PrefixTableDigest,
    RunId,
};
