#![doc = include_str!("../README.md")]

pub mod corporate_number;
pub mod filing;
pub mod names;
pub mod organisation;
pub mod person;
pub mod text;
