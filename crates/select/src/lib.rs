#![doc = include_str!("../README.md")]

mod bytes;
pub mod criteria;
pub mod decode;
mod direction;
mod feed;
mod flow;
mod frame;
mod funnel;
mod glance;
pub mod input;
pub mod lanes;
pub mod live;
mod names;
pub mod netflow;
pub mod prefixes;
mod raw;
mod record;
mod search;
pub mod spread;
#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "small numbers of fixtures"
)]
mod tests;

pub use direction::{Directions, between, direction};
pub use feed::{End, feed};
pub use flow::FlowLimits;
pub use frame::{Frame, LinkType};
pub use funnel::{Funnel, Scope};
pub use glance::{Decided, Glance, Sifted};
pub use input::Frames;
pub use record::{Selected, Sink, Taken};
