//! Writing a segment: encrypted from the first byte, sealed at the end.

use std::fs::{self, File};
use std::io::{BufWriter, IntoInnerError};
use std::path::PathBuf;

use ids::Digest;
use jiff::{SignedDuration, Timestamp};
use ledger::durable;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::encryption::encrypt::FileEncryptionProperties;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use warrant::{Purpose, RunId, SealedSegment, Warrant};

use crate::columns;
use crate::error::SegmentError;
use crate::folder::{SegmentFolder, digest_of};
use crate::key_file::{KeyDraft, KeyFile, KeyUse, sha256};
use crate::keys::{Key32, random_key};
use crate::record::MachineInfo;

/// Records held before they become columns; a crash loses them, unreadable for anyone.
const BATCH_RECORDS: usize = 4096;
const ROW_GROUP_RECORDS: usize = 32_768;
const SECONDS_A_DAY: i64 = 86_400;

/// What every segment of a run has in common.
#[derive(Clone, Debug)]
pub struct SegmentTerms {
    pub purpose: Purpose,
    pub run: RunId,
    pub warrant: Digest,
    pub office_key: warrant::PublicKey,
    pub retention_days: u32,
    /// Stands in the encrypted footer, such as digests of criteria and tables.
    pub facts: Vec<(String, String)>,
}

impl SegmentTerms {
    /// Takes from the warrant what it says of segments.
    pub fn of(warrant: &Warrant, run: &RunId, facts: Vec<(String, String)>) -> Self {
        let terms = warrant.terms();
        Self {
            purpose: warrant.purpose(),
            run: run.clone(),
            warrant: *warrant.digest(),
            office_key: terms.office_key,
            retention_days: terms.conditions.retention_days,
            facts,
        }
    }

    /// When something made at `at` has to be destroyed at the latest.
    pub fn expires(&self, at: Timestamp) -> Result<Timestamp, SegmentError> {
        let seconds = i64::from(self.retention_days).saturating_mul(SECONDS_A_DAY);
        let expires = at.checked_add(SignedDuration::from_secs(seconds));
        let second = expires.map_err(|_| SegmentError::Value)?.as_second();
        Timestamp::from_second(second).map_err(|_| SegmentError::Value)
    }
}

/// An open segment. Nothing readable of it ever stands on disk; dropped unsealed, its file is removed.
pub struct SegmentWriter {
    folder: SegmentFolder,
    terms: SegmentTerms,
    name: String,
    temporary: PathBuf,
    expires: Timestamp,
    key: Key32,
    writer: Option<ArrowWriter<BufWriter<File>>>,
    waiting: Vec<MachineInfo>,
    records: u64,
}

impl SegmentWriter {
    /// Begins segment `number` of a run at `at`, with a key of its own.
    pub fn begin(
        folder: &SegmentFolder,
        terms: &SegmentTerms,
        number: u32,
        at: Timestamp,
    ) -> Result<Self, SegmentError> {
        let name = format!("{}-{number:06}", terms.run);
        let key = random_key()?;
        let temporary = folder.temporary_path(&name);
        let file = File::create_new(&temporary).map_err(SegmentError::io("begin a segment"))?;
        let encryption = FileEncryptionProperties::builder(key.to_vec())
            .with_aad_prefix(name.clone().into_bytes())
            .with_aad_prefix_storage(false)
            .build()
            .map_err(SegmentError::parquet("begin a segment"))?;
        let facts = terms.facts.iter().cloned();
        let facts = facts.chain([("segment".to_owned(), name.clone())]);
        let facts = facts.map(|(key, value)| KeyValue::new(format!("noroshi.{key}"), value));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(ROW_GROUP_RECORDS))
            .set_key_value_metadata(Some(facts.collect()))
            .with_file_encryption_properties(encryption)
            .build();
        let writer =
            ArrowWriter::try_new(BufWriter::new(file), columns::schema(), Some(properties))
                .map_err(SegmentError::parquet("begin a segment"))?;
        Ok(Self {
            folder: folder.clone(),
            expires: terms.expires(at)?,
            terms: terms.clone(),
            name,
            temporary,
            key,
            writer: Some(writer),
            waiting: Vec::new(),
            records: 0,
        })
    }

    /// Adds a record.
    pub fn push(&mut self, record: MachineInfo) -> Result<(), SegmentError> {
        self.waiting.push(record);
        self.records = self.records.saturating_add(1);
        if BATCH_RECORDS <= self.waiting.len() {
            self.write_waiting()?;
        }
        Ok(())
    }

    /// How many records were added.
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// Ends the file, wraps its key to the office, and gives the file its name. The key is wiped.
    pub fn seal(mut self) -> Result<SealedSegment, SegmentError> {
        self.write_waiting()?;
        let writer = self.writer.take().ok_or(SegmentError::Value)?;
        let buffered = writer
            .into_inner()
            .map_err(SegmentError::parquet("end a segment"))?;
        let ended = buffered.into_inner().map_err(IntoInnerError::into_error);
        let written = ended.map_err(SegmentError::io("end a segment"))?;
        written
            .sync_all()
            .map_err(SegmentError::io("sync a segment"))?;
        drop(written);
        let opened = File::open(&self.temporary);
        let mut file = opened.map_err(SegmentError::io("read a segment"))?;
        let digest = digest_of(&mut file)?;
        let key_file = KeyFile::wrap(
            &self.key,
            &KeyDraft {
                usage: KeyUse::Segment,
                purpose: self.terms.purpose,
                name: &self.name,
                warrant: self.terms.warrant,
                to: self.terms.office_key,
                digest: Some(digest),
                records: self.records,
                expires: self.expires,
            },
        )?;
        let bytes = key_file.to_bytes()?;
        durable::replace(&self.folder.key_path(&self.name), &bytes)
            .map_err(SegmentError::io("write a wrapped key"))?;
        let path = self.folder.segment_path(&self.name, self.terms.purpose);
        fs::rename(&self.temporary, path).map_err(SegmentError::io("name a segment"))?;
        self.folder.sync()?;
        Ok(SealedSegment {
            name: self.name.clone(),
            digest,
            key_digest: sha256(&bytes),
            records: self.records,
            expires: self.expires,
        })
    }

    fn write_waiting(&mut self) -> Result<(), SegmentError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let batch = columns::to_batch(&self.waiting)?;
        self.waiting.clear();
        let writer = self.writer.as_mut().ok_or(SegmentError::Value)?;
        writer
            .write(&batch)
            .map_err(SegmentError::parquet("write records"))
    }
}

/// Removes the file of a segment that was not sealed; without its key it is noise.
impl Drop for SegmentWriter {
    fn drop(&mut self) {
        let _absent_after_sealing = fs::remove_file(&self.temporary);
    }
}
