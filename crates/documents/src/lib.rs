#![doc = include_str!("../README.md")]

mod archive;
mod pdf;
mod sheets;

pub use archive::EncryptedZip;
pub use pdf::PdfPrinter;
pub use sheets::Workbooks;
