#![doc = include_str!("../README.md")]

pub mod advisories;
pub mod answers;
pub mod dates;
pub mod filing;
pub mod forms;
pub mod inventory;
mod node;
pub mod table;
