//! Who asks: passwords, second factor, sessions, API tokens and people.

mod colleagues;
mod enrolment;
mod limiter;
mod login;
mod own;
mod password;
mod people;
mod second_factor;
mod session;
mod token;
mod totp;

pub use colleagues::{AccountState, Colleague, ColleaguePage, Invitation};
pub use enrolment::{EnrolmentInput, EnrolmentKind, EnrolmentLink, EnrolmentView};
pub use login::{LoginStep, NewSession};
pub use own::OwnSession;
pub(crate) use own::{CODE_DIGITS, digits_of, own_account};
pub use password::PasswordError;
pub(crate) use password::{Hasher, NO_PASSWORD};
pub(crate) use people::checked_person;
pub use people::{NewPerson, PersonCreated};
pub use second_factor::PendingFactor;
pub use session::{CurrentSession, SessionToken};
pub(crate) use session::{actor as actor_of, hash_with};
pub use token::{IssuedToken, NewToken};
pub use totp::{demo_code, totp_link};
