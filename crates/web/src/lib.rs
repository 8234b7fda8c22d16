#![doc = include_str!("../README.md")]

pub mod accessibility;
pub mod assets;
pub mod components;
pub mod fmt;
pub mod forms;
pub mod gallery;
pub mod headers;
pub mod htmx;
pub mod locale;
pub mod page;
pub mod problem;
pub mod texts;
