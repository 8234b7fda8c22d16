//! Opening a sealed segment, at the analysis office.

use std::fs::File;

use parquet::arrow::arrow_reader::{
    ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::encryption::decrypt::FileDecryptionProperties;
use zeroize::Zeroizing;

use crate::columns;
use crate::error::SegmentError;
use crate::folder::{Listed, SegmentFolder, digest_of};
use crate::key_file::KeyUse;
use crate::keys::PrivateKey;
use crate::record::MachineInfo;

/// The records of one segment, a batch at a time.
pub struct OpenSegment {
    batches: ParquetRecordBatchReader,
}

impl OpenSegment {
    /// Unwraps the key and opens the file, after comparing it with the digest the key is bound to: a
    /// file that was altered is never parsed.
    pub fn open(
        folder: &SegmentFolder,
        listed: &Listed,
        key: &PrivateKey,
    ) -> Result<Self, SegmentError> {
        let name = &listed.terms.name;
        let (key_file, _) = folder.key_file(name)?;
        let key = key_file.unwrap(KeyUse::Segment, key)?;
        let opened = File::open(folder.segment_path(name, listed.purpose));
        let mut file = opened.map_err(SegmentError::io("open a segment"))?;
        if Some(digest_of(&mut file)?) != key_file.terms.digest {
            return Err(SegmentError::Altered);
        }
        let decryption = FileDecryptionProperties::builder(key.to_vec())
            .with_aad_prefix(name.clone().into_bytes())
            .build()
            .map_err(SegmentError::parquet("open a segment"))?;
        let options = ArrowReaderOptions::new().with_file_decryption_properties(decryption);
        let batches = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)
            .and_then(ParquetRecordBatchReaderBuilder::build)
            .map_err(SegmentError::parquet("open a segment"))?;
        Ok(Self { batches })
    }

    /// The next records; `None` at the end.
    pub fn next_records(&mut self) -> Result<Option<Vec<MachineInfo>>, SegmentError> {
        let Some(batch) = self.batches.next() else {
            return Ok(None);
        };
        let batch = batch.map_err(SegmentError::arrow("read records"))?;
        columns::from_batch(&batch).map(Some)
    }
}

impl SegmentFolder {
    /// The key of a segment in hexadecimal, for other programs that read encrypted Parquet; its name is
    /// the prefix of the additional authenticated data. Wiped when dropped.
    pub fn unwrap_for_other_tools(
        &self,
        listed: &Listed,
        key: &PrivateKey,
    ) -> Result<Zeroizing<String>, SegmentError> {
        let (key_file, _) = self.key_file(&listed.terms.name)?;
        let key = key_file.unwrap(KeyUse::Segment, key)?;
        Ok(Zeroizing::new(hex::encode(key.as_slice())))
    }
}
