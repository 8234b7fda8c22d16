use jiff::Timestamp;
use ledger::{Receipt, ReceiptError};
use policy::{Action, Actor};
use serde_json::Value;

use crate::error::AppError;
use crate::instance::App;
use crate::logs::LogCode;

/// What an uploaded receipt turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiptFinding {
    /// It holds.
    Valid(Box<ReceiptVerified>),
    /// It does not; the code says why (`docs/ledger/FORMAT.md` section 6).
    NotValid(&'static str),
}

/// What a receipt that holds proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptVerified {
    /// Origin of the log.
    pub origin: String,
    /// Place in the log.
    pub index: u64,
    /// Size of the tree at the checkpoint.
    pub size: u64,
    /// Root of the tree at the checkpoint.
    pub root: String,
    /// Act and time that the record states.
    pub act: Option<String>,
    /// Time that the record states.
    pub at: Option<Timestamp>,
    /// Witnesses that co-signed, and when.
    pub witnesses: Vec<(String, Option<Timestamp>)>,
    /// Whether enough witnesses co-signed.
    pub witnessed: bool,
    /// Whether it belongs to an exercise.
    pub exercise: bool,
}

impl App {
    /// Verifies a receipt with the keys of this instance. Looking is an act.
    ///
    /// This trusts the instance's own keys; whoever does not trust the instance uses `noroshi-verify` with a trust file
    /// from elsewhere.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not verify logs.
    pub async fn verify_receipt(
        &self,
        actor: &Actor,
        file: &[u8],
    ) -> Result<ReceiptFinding, AppError> {
        let parsed = Receipt::parse(file);
        let log = parsed
            .as_ref()
            .ok()
            .and_then(|receipt| self.logs().code_of(receipt.origin()))
            .unwrap_or_else(LogCode::instance);
        let mut tx = self.store().begin_read("audit.verify").await?;
        let (permit, subject) = self
            .may_see_log(&mut tx, actor, Action::VerifyLog, &log)
            .await?;
        drop(tx);
        let finding = match parsed {
            Err(error) => ReceiptFinding::NotValid(error.code()),
            Ok(receipt) => match self.judge(&receipt).await? {
                Ok(verified) => ReceiptFinding::Valid(Box::new(verified)),
                Err(error) => ReceiptFinding::NotValid(error.code()),
            },
        };
        self.record_look(permit, subject, file).await?;
        Ok(finding)
    }

    async fn judge(
        &self,
        receipt: &Receipt,
    ) -> Result<Result<ReceiptVerified, ReceiptError>, AppError> {
        let trust = self.trust().await?;
        let verified = match receipt.verify(&trust) {
            Ok(verified) => verified,
            Err(error) => return Ok(Err(error)),
        };
        let text = |name: &str| receipt.record().get(name).and_then(Value::as_str);
        Ok(Ok(ReceiptVerified {
            origin: verified.origin.as_str().to_owned(),
            index: verified.index,
            size: verified.size,
            root: verified.root.to_base64(),
            act: text("act").map(str::to_owned),
            at: text("at").and_then(|at| at.parse().ok()),
            witnesses: verified
                .witnesses
                .iter()
                .map(|witness| {
                    let seconds = i64::try_from(witness.time).ok();
                    let at = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
                    (witness.name.to_string(), at)
                })
                .collect(),
            witnessed: verified.witnessed,
            exercise: verified.exercise,
        }))
    }
}
