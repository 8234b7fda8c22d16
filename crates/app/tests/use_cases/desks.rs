//! Desks, corrections, forwarding and receipts (Act Arts 4(2), 4(4), 5).

mod corrections;
mod fixture;
mod forwarding;
mod overlooked;
mod queue;
mod reading;
mod register;
mod sharing;
mod statistics;
