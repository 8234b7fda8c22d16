//! Incident cases (Act Art. 5, Order Art. 4).

mod decisions;
mod drafts;
mod filing;
pub(crate) mod fixture;
mod form_change;
mod limits;
