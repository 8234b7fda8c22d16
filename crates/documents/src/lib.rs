#![doc = include_str!("../README.md")]

mod pdf;
mod sheets;

pub use pdf::PdfPrinter;
pub use sheets::Workbooks;
