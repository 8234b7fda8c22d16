//! Placeholder front door; the crate's README says what will stand here.
