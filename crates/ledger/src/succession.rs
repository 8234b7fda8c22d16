//! How a log changes its key, and how it goes on after a restore from an old backup.

mod link;
mod rotation;
#[cfg(test)]
mod tests;

pub use self::link::{Link, LinkError, Resume, decide_resume};
pub use self::rotation::{Rotation, RotationError};
