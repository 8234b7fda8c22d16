//! The register of computers and its notification (Act Art. 4, Order Arts 1 to 3).

mod due;
pub(crate) mod fixture;
mod imports;
mod notification;
mod recompute;
mod reconcile;
mod register;
mod workbook;
