//! What a desk takes down for an operator that cannot reach the program: by telephone, on paper, by mail.
//!
//! A prompt report taken down is a filing like any other. It arrives when it was told, it opens a case of the operator,
//! and the operator says afterwards whether it is its own.

mod answer;
mod codes;
mod draft;
mod file;
mod view;

pub use answer::{EntryAnswerInput, OpenEntry};
pub use draft::{EntryInput, EntryTarget};
pub use file::EntryPreview;
pub use view::{EntryDraftRow, EntryDraftView, EntryFacts, EntryList, EntryRow, EntryShown};
