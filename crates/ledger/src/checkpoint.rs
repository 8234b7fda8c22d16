//! C2SP tlog-checkpoint: the signed head of a log.

use std::fmt;

use thiserror::Error;

use crate::encoding::decimal;
use crate::hash::Hash;
use crate::note::{KeyError, KeyName, Note, NoteError, SignerKey};

/// Why a checkpoint was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CheckpointError {
    #[error(
        "origin is not 1 to {} of a-z, 0-9 and . - _ ~ : / with no empty part",
        Origin::MAX_CHARS
    )]
    Origin,
    #[error("checkpoint has fewer than three lines or an empty line")]
    Lines,
    #[error("tree size is not a plain decimal number")]
    Size,
    #[error("root hash is not 32 bytes of standard Base 64")]
    Root,
    #[error("an empty tree with a root that is not the hash of nothing")]
    EmptyRoot,
    #[error("checkpoint is not a valid signed note")]
    Note(#[source] NoteError),
    #[error("checkpoint could not be signed")]
    Sign(#[source] KeyError),
}

/// Identity of a log, the first line of its checkpoints.
///
/// Narrower than C2SP allows, so that two origins that look alike are the same: lower-case ASCII
/// letters, digits and `. - _ ~ : /`, no empty path element. The name of a log's key equals its origin.
///
/// An origin whose first element is `exercise` belongs to an exercise (演習) and never to a real log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

impl Origin {
    pub const MAX_CHARS: usize = 200;
    const EXERCISE: &str = "exercise";

    pub fn parse(raw: &str) -> Result<Self, CheckpointError> {
        let allowed =
            |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_~:/".contains(&b);
        if raw.is_empty()
            || Self::MAX_CHARS < raw.len()
            || !raw.bytes().all(allowed)
            || raw
                .split('/')
                .any(|part| part.is_empty() || part == "." || part == "..")
        {
            return Err(CheckpointError::Origin);
        }
        Ok(Self(raw.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Says whether this log belongs to an exercise (演習).
    pub fn is_exercise(&self) -> bool {
        self.0.split('/').next() == Some(Self::EXERCISE)
    }

    /// The name a key of this log must have.
    pub fn key_name(&self) -> Result<KeyName, KeyError> {
        KeyName::parse(&self.0)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How many leaves a tree has, and their root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeHead {
    pub size: u64,
    pub root: Hash,
}

impl TreeHead {
    /// Head of the tree without leaves.
    pub fn empty() -> Self {
        Self {
            size: 0,
            root: Hash::empty_root(),
        }
    }
}

/// Text of a checkpoint: origin, size, root, and extension lines (which we never write).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: Origin,
    head: TreeHead,
    extensions: Vec<String>,
}

impl Checkpoint {
    pub const fn new(origin: Origin, head: TreeHead) -> Self {
        Self {
            origin,
            head,
            extensions: Vec::new(),
        }
    }

    /// Reads the text of a checkpoint note, final newline included.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let body = text.strip_suffix('\n').ok_or(CheckpointError::Lines)?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Lines);
        };
        let origin = Origin::parse(origin)?;
        let size = decimal(size).ok_or(CheckpointError::Size)?;
        let root = Hash::from_base64(root).ok_or(CheckpointError::Root)?;
        if size == 0 && root != Hash::empty_root() {
            return Err(CheckpointError::EmptyRoot);
        }
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if extensions.iter().any(String::is_empty) {
            return Err(CheckpointError::Lines);
        }
        Ok(Self {
            origin,
            head: TreeHead { size, root },
            extensions,
        })
    }

    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    pub const fn head(&self) -> TreeHead {
        self.head
    }

    pub const fn size(&self) -> u64 {
        self.head.size
    }

    pub const fn root(&self) -> Hash {
        self.head.root
    }

    /// Extension lines, opaque (C2SP advises against them).
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    /// Signs the checkpoint with every key of `signers`, two of them while a key is being rotated.
    pub fn sign(&self, signers: &[&SignerKey]) -> Result<SignedCheckpoint, CheckpointError> {
        let text = self.to_string();
        let mut note = Note::unsigned(&text).map_err(CheckpointError::Note)?;
        for signer in signers {
            let signature = signer.sign(&text).map_err(CheckpointError::Sign)?;
            note.add(signature).map_err(CheckpointError::Note)?;
        }
        Ok(SignedCheckpoint {
            checkpoint: self.clone(),
            note,
        })
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.head.size, self.head.root)?;
        for line in &self.extensions {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

/// A checkpoint note whose text is known to be a checkpoint. Its signatures are not verified by parsing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
}

impl SignedCheckpoint {
    pub fn parse(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let note = Note::parse(bytes).map_err(CheckpointError::Note)?;
        let checkpoint = Checkpoint::parse(note.text())?;
        Ok(Self { checkpoint, note })
    }

    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    pub const fn note(&self) -> &Note {
        &self.note
    }

    /// Adds the signature lines a witness answered with (C2SP tlog-witness), without verifying them.
    pub fn add_lines(&mut self, lines: &str) -> Result<(), CheckpointError> {
        for line in lines.lines() {
            let signature = crate::note::Signature::parse(line).map_err(CheckpointError::Note)?;
            self.note.add(signature).map_err(CheckpointError::Note)?;
        }
        Ok(())
    }

    /// Adds a witness's own cosignature made at `time`, seconds since 1970.
    pub fn cosign(&mut self, witness: &SignerKey, time: u64) -> Result<(), CheckpointError> {
        let line = witness
            .cosign(self.note.text(), time)
            .map_err(CheckpointError::Sign)?;
        self.note.add(line).map_err(CheckpointError::Note)
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

    #[test]
    fn a_checkpoint_round_trips_with_its_extension_lines() {
        let text = format!("log.example/behind-the-sofa\n20852163\n{ROOT}\nextension line\n");
        let checkpoint = Checkpoint::parse(&text).unwrap();
        assert_eq!(checkpoint.size(), 20_852_163);
        assert_eq!(checkpoint.to_string(), text);
        assert_eq!(checkpoint.extensions(), ["extension line"]);
    }

    #[test]
    fn malformed_checkpoints_are_refused_with_the_reason() {
        let check =
            |text: &str, reason| assert_eq!(Checkpoint::parse(text), Err(reason), "{text:?}");
        check("", CheckpointError::Lines);
        check(&format!("a.example\n1\n{ROOT}"), CheckpointError::Lines);
        check("a.example\n1\n", CheckpointError::Lines);
        check(&format!("A.example\n1\n{ROOT}\n"), CheckpointError::Origin);
        check(&format!("\n1\n{ROOT}\n"), CheckpointError::Origin);
        check(&format!("a.example\n01\n{ROOT}\n"), CheckpointError::Size);
        check(&format!("a.example\n+1\n{ROOT}\n"), CheckpointError::Size);
        check("a.example\n1\nAAAA\n", CheckpointError::Root);
        check(
            &format!("a.example\n0\n{ROOT}\n"),
            CheckpointError::EmptyRoot,
        );
        check(&format!("a.example\n1\n{ROOT}\n\n"), CheckpointError::Lines);
    }

    #[test]
    fn only_the_first_element_marks_an_exercise() {
        let exercise = |raw: &str| Origin::parse(raw).unwrap().is_exercise();
        assert!(exercise("exercise/cao.example/filings"));
        assert!(exercise("exercise"));
        assert!(!exercise("exercise.example/filings"));
        assert!(!exercise("cao.example/exercise"));
    }

    #[test]
    fn origins_that_could_be_mistaken_for_others_are_refused() {
        for raw in [
            "",
            "Exercise/a",
            "a b",
            "a+b",
            "a//b",
            "/a",
            "a/",
            "../a",
            "a\u{ff0f}b",
            "а.example",
        ] {
            assert_eq!(Origin::parse(raw), Err(CheckpointError::Origin), "{raw:?}");
        }
    }
}
