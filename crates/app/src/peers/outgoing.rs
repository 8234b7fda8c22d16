use std::collections::BTreeMap;

use formats::filing::{Body, Report};
use model::filing::Filing;
use model::organisation::Organisation;
use store::Tx;

use super::{Outgoing, OutgoingFile, PeerFiling, PeerLink};
use crate::desks::read_body;
use crate::error::AppError;
use crate::incidents::Typed;
use crate::instance::App;

impl App {
    /// Puts a report among those that travel on to another instance, where the settings name one for its operator. It commits
    /// with the filing.
    pub(crate) async fn pass_on(
        &self,
        tx: &mut Tx,
        operator: &Organisation,
        filing: &Filing,
    ) -> Result<(), AppError> {
        let Some(case) = filing.case else {
            return Ok(());
        };
        let Some(link) = self.peer_of(operator) else {
            return Ok(());
        };
        tx.insert_peer_filing(
            filing.id,
            case,
            &link.name,
            filing.sequence,
            filing.filed_at,
        )
        .await?;
        Ok(())
    }

    /// The instance to which the reports of an operator travel on.
    pub(super) fn peer_of(&self, operator: &Organisation) -> Option<&PeerLink> {
        let number = operator.corporate_number.as_deref()?;
        self.peers().iter().find(|link| link.operator == number)
    }

    /// A report as it travels on, with its files.
    pub(super) async fn outgoing(&self, row: &PeerFiling) -> Result<Outgoing, AppError> {
        let mut tx = self.store().begin_read("peer.outgoing").await?;
        let filings = tx.filings_of_case(row.case).await?;
        let before = tx.peer_filings_of_case(row.case).await?;
        let attachments = tx.filing_attachments(row.filing).await?;
        drop(tx);
        let filing = filings
            .iter()
            .find(|filing| filing.id == row.filing)
            .ok_or(AppError::Bug("a filing that is gone"))?;
        let first = filings
            .first()
            .ok_or(AppError::Bug("a case without filings"))?;
        let opening = read_body(first)?
            .report()
            .and_then(|report| report.awareness.first().cloned())
            .ok_or(AppError::Bug("a report without awareness"))?;
        let body = read_body(filing)?;
        let mut files = Vec::with_capacity(attachments.len());
        for attachment in attachments {
            files.push(OutgoingFile {
                digest: attachment.digest,
                content: self.objects().get(attachment.digest).await?,
                name: attachment.file_name,
            });
        }
        Ok(Outgoing {
            filing: row.filing,
            case: row.case,
            remote_case: before
                .iter()
                .find_map(|earlier| earlier.remote.as_ref())
                .map(|remote| remote.case),
            title: format!("{} {}", self.config().instance.name, first.number.as_str()),
            opening,
            fields: body.report().map(fields).unwrap_or_default(),
            body,
            files,
        })
    }
}

/// Answers as they are typed. What names a computer of the own register means nothing elsewhere.
pub(super) fn fields(report: &Report) -> BTreeMap<String, Typed> {
    report
        .answers
        .iter()
        .map(|(key, answer)| {
            let mut typed = Typed::of(answer);
            for concerned in &mut typed.computers {
                concerned.computer = None;
            }
            (key.clone(), typed)
        })
        .collect()
}

/// Whether two documents say the same, apart from what each instance numbers by itself.
pub(super) fn says_the_same(ours: &Body, theirs: &Body) -> bool {
    let (own, other) = (ours.head(), theirs.head());
    let head = own.kind == other.kind
        && own.mode == other.mode
        && own.operator.corporate_number == other.operator.corporate_number;
    let rest = match (ours, theirs) {
        (Body::Incident(ours), Body::Incident(theirs)) => {
            ours.head.form_version == theirs.head.form_version
                && reports_the_same(&ours.report, &theirs.report)
        }
        (Body::Correction(ours), Body::Correction(theirs)) => {
            ours.head.form_version == theirs.head.form_version
                && ours.explanation == theirs.explanation
                && ours.request == theirs.request
                && reports_the_same(&ours.report, &theirs.report)
        }
        (Body::Withdrawal(ours), Body::Withdrawal(theirs)) => {
            ours.reason == theirs.reason && ours.explanation == theirs.explanation
        }
        (_, _) => false,
    };
    head && rest
}

fn reports_the_same(ours: &Report, theirs: &Report) -> bool {
    let files = |report: &Report| {
        let mut files: Vec<_> = report
            .attachments
            .iter()
            .map(|file| (file.digest, file.file_name.as_str().to_owned()))
            .collect();
        files.sort_by_key(|(digest, _)| *digest.as_bytes());
        files
    };
    let moments = |report: &Report| {
        let moment = |each: &formats::filing::ReportedAwareness| {
            let corrects = each.corrects.as_ref().map(|(_, reason)| reason.clone());
            (
                each.kind,
                each.aware_at,
                each.precision,
                each.source.clone(),
                corrects,
            )
        };
        report.awareness.iter().map(moment).collect::<Vec<_>>()
    };
    ours.stage == theirs.stage
        && ours.update_number == theirs.update_number
        && ours.event_code == theirs.event_code
        && ours.form == theirs.form
        && moments(ours) == moments(theirs)
        && files(ours) == files(theirs)
        && fields(ours) == fields(theirs)
}
