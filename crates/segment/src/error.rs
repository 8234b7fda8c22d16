//! Why a segment or a key cannot be used.

use std::io;

use thiserror::Error;

/// Why a segment could not be written, read or destroyed.
#[derive(Debug, Error)]
pub enum SegmentError {
    #[error("could not {operation}")]
    Io {
        operation: &'static str,
        #[source]
        source: io::Error,
    },
    #[error("could not {operation}")]
    Parquet {
        operation: &'static str,
        #[source]
        source: Box<parquet::errors::ParquetError>,
    },
    #[error("could not {operation}")]
    Arrow {
        operation: &'static str,
        #[source]
        source: Box<arrow_schema::ArrowError>,
    },
    #[error("the operating system gave no random bytes")]
    Random,
    #[error("a key of the warrant is not usable")]
    PublicKey,
    #[error("the private key is not of the form it has to be")]
    PrivateKey,
    #[error("this private key does not open the wrapped key")]
    OtherKey,
    #[error("the file of the wrapped key is not of the form it has to be")]
    KeyFile,
    #[error("the segment is not the one its key was wrapped for")]
    Altered,
    #[error("a column is missing or of another type")]
    Columns,
    #[error("a value does not fit its column")]
    Value,
    #[error("a sealed identifier cannot be restored with this key")]
    Restore,
}

impl SegmentError {
    /// The stable code of the message.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "segment.io",
            Self::Parquet { .. } | Self::Arrow { .. } => "segment.parquet",
            Self::Random => "segment.random",
            Self::PublicKey => "segment.public_key",
            Self::PrivateKey => "segment.private_key",
            Self::OtherKey => "segment.other_key",
            Self::KeyFile => "segment.key_file",
            Self::Altered => "segment.altered",
            Self::Columns => "segment.columns",
            Self::Value => "segment.value",
            Self::Restore => "segment.restore",
        }
    }

    pub(crate) fn io(operation: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { operation, source }
    }

    pub(crate) fn parquet(
        operation: &'static str,
    ) -> impl FnOnce(parquet::errors::ParquetError) -> Self {
        move |source| Self::Parquet {
            operation,
            source: Box::new(source),
        }
    }

    pub(crate) fn arrow(operation: &'static str) -> impl FnOnce(arrow_schema::ArrowError) -> Self {
        move |source| Self::Arrow {
            operation,
            source: Box::new(source),
        }
    }
}
