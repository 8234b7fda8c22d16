use ids::{CaseId, Digest, FilingId, FilingKind, OrganisationKind, ReceiptNumber};
use jiff::Timestamp;
use model::entries::Entry;
use model::filing::{Addressee, Attachment, Filing};
use model::organisation::Organisation;
use policy::Permit;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::official::{self, RowRef};
use store::{StoreError, Tx};

use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::filing::addressing::{DeliveryPlan, PlannedAddressee};
use crate::filing::search_text::search_text;
use crate::instance::App;
use crate::logs::LogCode;
use crate::receipt::FILED;

/// A document about to be filed.
#[derive(Clone, Debug)]
pub struct NewFiling {
    /// Notification, change, prompt report and so on.
    pub kind: FilingKind,
    /// The incident case of a report.
    pub case: Option<CaseId>,
    /// The filing that this one takes the place of, and that one's place in the series.
    pub supersedes: Option<(FilingId, u32)>,
    /// The form it was written on.
    pub form_version: String,
    /// The answers, as the form's wire type prints them.
    pub body: Value,
    /// Files that belong to it.
    pub attachments: Vec<NewAttachment>,
    /// Words beyond number, operator and body that a desk may search for; may be empty.
    pub search_text: String,
}

/// A stored file that a filing names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAttachment {
    /// SHA-256 over the content, as [`App::store_attachment`] gave it.
    pub digest: Digest,
    /// Name shown to readers.
    pub file_name: String,
}

/// A filing that is written but has no leaf yet; `App::seal_filing` must follow in the same transaction.
#[derive(Debug)]
#[must_use = "a filing without its leaf is not official"]
pub struct Recorded {
    /// The filing as stored.
    pub filing: Filing,
    /// Official rows written so far. The use case adds its own.
    pub rows: Vec<RowRef>,
    attachments: Vec<Attachment>,
    addressees: Vec<PlannedAddressee>,
    logs: Vec<LogCode>,
    entry: Option<Entry>,
}

impl Recorded {
    /// Says that a desk took it down: the leaf is of the time at which that was filed, and shows how it was told.
    pub(crate) fn entered(&mut self, entry: &Entry) {
        self.entry = Some(entry.clone());
    }
}

/// What the filer is told at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiledReceiptNumber {
    /// The filing.
    pub filing: FilingId,
    /// 受付番号.
    pub number: ReceiptNumber,
    /// When it arrived (デジタル手続法 Art. 6(3)).
    pub arrived_at: Timestamp,
}

impl App {
    /// Writes a filing with its attachments, addressees and deliveries into the transaction.
    ///
    /// # Errors
    /// [`AppError::Attachment`] when any attachment cannot be read back whole: a filing fails closed.
    pub(crate) async fn record_filing(
        &self,
        tx: &mut Tx,
        permit: &Permit,
        operator: &Organisation,
        addressees: Vec<PlannedAddressee>,
        new: NewFiling,
        at: Timestamp,
    ) -> Result<Recorded, AppError> {
        if addressees.is_empty() {
            return Err(AppError::Bug("a filing without addressees"));
        }
        let attachments = self.check_attachments(tx, &new.attachments).await?;
        let filing = self.build_filing(permit, operator, &new, at)?;
        let search_text = search_text(&filing, operator, &new.body, &new.search_text);
        tx.insert_filing(&filing, &search_text)
            .await
            .map_err(|error| match error {
                // 40 bits of randomness met twice: nothing is lost, the next attempt gets another number.
                StoreError::Taken { .. } => AppError::Stale,
                other => other.into(),
            })?;
        for (position, attachment) in (1_u32..).zip(&attachments) {
            tx.insert_filing_attachment(filing.id, position, attachment)
                .await?;
        }
        let mut logs = Vec::new();
        for planned in &addressees {
            self.address(tx, &filing, planned, at).await?;
            if let Some(log) = self.log_of_addressee(tx, planned).await?
                && !logs.contains(&log)
            {
                logs.push(log);
            }
        }
        let id = filing.id.uuid();
        let mut rows = tx.official_rows(&official::FILING, id).await?;
        rows.extend(tx.official_rows(&official::FILING_ATTACHMENT, id).await?);
        rows.extend(tx.official_rows(&official::FILING_ADDRESSEE, id).await?);
        Ok(Recorded {
            filing,
            rows,
            attachments,
            addressees,
            logs,
            entry: None,
        })
    }

    /// Writes the leaves of a filing into every receiving authority's log, and returns what the filer is told.
    pub(crate) async fn seal_filing(
        &self,
        tx: &mut Tx,
        permit: Permit,
        recorded: Recorded,
    ) -> Result<FiledReceiptNumber, AppError> {
        let Recorded {
            filing,
            rows,
            attachments,
            addressees,
            logs,
            entry,
        } = recorded;
        let operator = tx
            .organisation(filing.owner)
            .await?
            .ok_or(AppError::Bug("no owner"))?;
        let mut details = receipt_details(&filing, &operator, &attachments, &addressees);
        let recorded_at = entry
            .as_ref()
            .map_or(filing.filed_at, |entry| entry.entered_at);
        if let (Some(entry), Value::Object(details)) = (entry, &mut details) {
            details.insert("entered".to_owned(), entered(&entry));
        }
        let act = ActDraft {
            act: FILED,
            subject: Subject::new("filing", filing.id),
            details,
            rows,
            logs,
        };
        self.record(tx, permit, &act, recorded_at).await?;
        self.wake_workers();
        Ok(FiledReceiptNumber {
            filing: filing.id,
            number: filing.number,
            arrived_at: filing.filed_at,
        })
    }

    async fn check_attachments(
        &self,
        tx: &mut Tx,
        wanted: &[NewAttachment],
    ) -> Result<Vec<Attachment>, AppError> {
        let limit =
            usize::try_from(self.config().limits.attachments_per_filing).unwrap_or(usize::MAX);
        if limit < wanted.len() {
            return Err(AppError::TooLarge("too_many_attachments"));
        }
        let mut found = Vec::with_capacity(wanted.len());
        for attachment in wanted {
            let (size, media_type) = tx
                .object(attachment.digest)
                .await?
                .ok_or(AppError::Attachment(store::ObjectError::Missing))?;
            let content = self.objects().get(attachment.digest).await?;
            if u64::try_from(content.len()) != Ok(size) {
                return Err(AppError::Attachment(store::ObjectError::Altered));
            }
            found.push(Attachment {
                digest: attachment.digest,
                file_name: attachment.file_name.clone(),
                size,
                media_type,
            });
        }
        Ok(found)
    }

    fn build_filing(
        &self,
        permit: &Permit,
        operator: &Organisation,
        new: &NewFiling,
        at: Timestamp,
    ) -> Result<Filing, AppError> {
        let body = ledger::canonical_json(&new.body)
            .map_err(|_| AppError::Bug("a filing without canonical form"))?;
        // What is filed must be readable for ever after.
        if formats::filing::MAX_BYTES < body.len() {
            return Err(AppError::TooLarge("filing_too_large"));
        }
        let mut random = [0; 8];
        self.ids().fill(&mut random);
        let year = statute::calendar::jst::day_of(at).year();
        let (supersedes, sequence) = match new.supersedes {
            Some((filing, place)) => (Some(filing), place.saturating_add(1)),
            None => (None, 1),
        };
        Ok(Filing {
            id: self.ids().next(),
            number: ReceiptNumber::new(new.kind.number_prefix(), year, random),
            kind: new.kind,
            owner: operator.id,
            case: new.case,
            supersedes,
            sequence,
            form_version: new.form_version.clone(),
            body_digest: Digest::from_bytes(Sha256::digest(body.as_bytes()).into()),
            body,
            rules_digest: self.rules_digest(),
            filed_by: permit.person(),
            filed_at: at,
        })
    }

    async fn address(
        &self,
        tx: &mut Tx,
        filing: &Filing,
        planned: &PlannedAddressee,
        at: Timestamp,
    ) -> Result<(), AppError> {
        let addressee = Addressee {
            organisation: planned.organisation.id,
            role: planned.role,
            basis: planned.basis.clone(),
            since: at,
        };
        tx.insert_addressee(filing.id, &addressee).await?;
        match planned.delivery {
            DeliveryPlan::ReadAlong => Ok(()),
            DeliveryPlan::Queue => {
                let delivery = self.ids().next();
                tx.insert_delivery(delivery, filing.id, planned.organisation.id, at)
                    .await?;
                self.enqueue_delivery(tx, delivery, at).await
            }
        }
    }

    async fn log_of_addressee(
        &self,
        tx: &mut Tx,
        planned: &PlannedAddressee,
    ) -> Result<Option<LogCode>, AppError> {
        let desk = &planned.organisation;
        if desk.kind != OrganisationKind::RegionalOffice {
            return Ok(LogCode::of_authority(desk, None));
        }
        self.log_of(tx, desk.id).await
    }
}

/// What the receipt shows of how a desk took it down; nothing of who told it.
fn entered(entry: &Entry) -> Value {
    json!({
        "way": entry.way.code(),
        "desk": entry.desk.to_string(),
        "at": entry.entered_at.to_string(),
        "identified": entry.identified.code(),
    })
}

/// What the receipt shows of a filing: enough to prove content, time and addressees, without the content.
fn receipt_details(
    filing: &Filing,
    operator: &Organisation,
    attachments: &[Attachment],
    addressees: &[PlannedAddressee],
) -> Value {
    let attachments: Vec<Value> = attachments
        .iter()
        .map(|attachment| {
            json!({
                "name": attachment.file_name,
                "octets": attachment.size,
                "sha256": attachment.digest.to_string(),
                "type": attachment.media_type,
            })
        })
        .collect();
    let addressees: Vec<Value> = addressees
        .iter()
        .map(|planned| {
            json!({
                "name": planned.organisation.name_ja,
                "name_en": planned.organisation.name_en,
                "role": planned.role.code(),
                "basis": planned.basis,
            })
        })
        .collect();
    json!({
        "number": filing.number.as_str(),
        "kind": filing.kind.code(),
        "operator": {
            "name": operator.name_ja,
            "corporate_number": operator.corporate_number,
        },
        "case": filing.case.map(|case| case.to_string()),
        "supersedes": filing.supersedes.map(|filing| filing.to_string()),
        "sequence": filing.sequence,
        "form_version": filing.form_version,
        "body_sha256": filing.body_digest.to_string(),
        "rules_sha256": filing.rules_digest.to_string(),
        "arrived_at": filing.filed_at.to_string(),
        "formal_requirements": "complete",
        "attachments": attachments,
        "addressees": addressees,
    })
}
