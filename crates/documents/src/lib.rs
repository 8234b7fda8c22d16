#![doc = include_str!("../README.md")]

mod sheets;

pub use sheets::Workbooks;
