//! The register of computers and its notification (Act Art. 4, Order Arts 1 to 3).

mod due;
mod fixture;
mod notification;
mod register;
