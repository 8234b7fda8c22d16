//! Who asks: passwords, second factor, sessions, API tokens and people.

mod limiter;
mod login;
mod password;
mod people;
mod session;
mod token;
mod totp;

pub use login::{LoginStep, NewSession};
pub(crate) use password::Hasher;
pub use password::PasswordError;
pub use people::{NewPerson, PersonCreated};
pub use session::{CurrentSession, SessionToken};
pub use token::{IssuedToken, NewToken};
pub use totp::{demo_code, totp_link};
