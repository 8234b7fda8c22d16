//! Published vulnerability information (公表済みの脆弱性情報): files from a folder, compared by name with the registers;
//! people of the operator decide what concerns them. Nothing here says that a computer is vulnerable.

mod compare;
mod decide;
mod intake;

pub use decide::{CandidatePage, CandidateView, Verdict};
pub use intake::TakenIn;
pub use store::CandidateFilter;
pub use store::rows::advisories::{AdvisoryFile, Candidate, CandidateDecision};
