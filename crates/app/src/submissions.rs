//! 提出先: one case, many submissions. Who is told of a case besides the Minister and the Prime Minister, what was handed
//! over, and what became of it.

mod content;
mod courier;
mod mail;
mod overview;
mod post;
mod record;

pub use content::{Content, ContentItem, NEEDED};
pub use courier::{Acceptance, Attempt, Courier, CourierFailure, Parcel, Sign, hand_over_once};
pub use mail::{LetterWords, MailInput, Mailed};
pub use overview::{Limit, LimitKind, NextStep, PortalWay, SubmissionOverview, SubmissionRow};
pub use post::Posting;
pub(crate) use post::SEND_MAIL;
pub use record::{Handed, HappenedInput, Papers, SubmissionInput};

/// Submissions of one case that are looked at.
const SHOWN: u32 = 200;
