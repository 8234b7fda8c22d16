#![doc = include_str!("../README.md")]

pub mod accessibility;
pub mod api;
pub mod assets;
mod calendar;
pub mod components;
pub mod demo;
pub mod failure;
pub mod fmt;
pub mod forms;
mod frame;
pub mod gallery;
pub mod headers;
pub mod htmx;
pub mod locale;
pub mod page;
mod pages;
mod print;
pub mod problem;
mod public_logs;
mod resend;
pub mod resume;
mod router;
mod routes;
pub mod session;
pub mod texts;

pub use router::{paths, router, serve};
pub use routes::Routes;
