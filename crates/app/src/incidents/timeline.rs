use ids::{CaseId, CorrectionId, FilingId, FilingKind, ReceiptNumber};
use jiff::Timestamp;
use model::filing::FormalResult;
use model::incidents::{AwarenessKind, Precision};
use policy::{Action, Actor};
use statute::EventCode;
use store::Tx;

use super::awareness::resource;
use super::load::{Loaded, load_case};
use crate::error::AppError;
use crate::instance::App;

/// Something that happened in a case.
#[derive(Clone, Debug)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
    /// Name of who did it; empty where nobody did.
    pub by: String,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum EventKind {
    /// The case was opened.
    Opened,
    /// The operator became aware; `at` of the event is the awareness itself.
    Aware {
        /// Near miss or incident.
        kind: AwarenessKind,
        /// Whether the time is an estimate.
        precision: Precision,
        /// Whether the record was corrected later.
        superseded: bool,
    },
    /// The event was judged.
    Judged(EventCode),
    /// Decided not to report.
    DecidedNotToReport(ReceiptNumber),
    /// A report was filed.
    Filed {
        /// The document.
        filing: FilingId,
        /// Which.
        kind: FilingKind,
        /// 受付番号.
        number: ReceiptNumber,
    },
    /// It lay in the queue of an authority.
    Delivered(String),
    /// A person at the authority opened it.
    Opening(String),
    /// A desk checked the formal requirements.
    Checked(FormalResult, String),
    /// A desk asked for a correction.
    CorrectionRequested(CorrectionId, String),
    /// The request was answered.
    CorrectionAnswered(CorrectionId),
}

impl App {
    /// What happened in a case, oldest first.
    pub async fn case_timeline(&self, actor: &Actor, id: CaseId) -> Result<Vec<Event>, AppError> {
        let mut tx = self.store().begin_read("case.timeline").await?;
        let loaded = load_case(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        drop(
            self.policy()
                .check(actor, Action::ViewTimeline, &resource(&loaded.case))?,
        );
        let mut events = self.case_events(&mut tx, &loaded).await?;
        for filing in &loaded.filings {
            filing_events(&mut tx, filing.id(), &mut events).await?;
        }
        events.sort_by_key(|event| event.at);
        Ok(events)
    }

    async fn case_events(&self, tx: &mut Tx, loaded: &Loaded) -> Result<Vec<Event>, AppError> {
        let mut events = vec![Event {
            at: loaded.record.created_at,
            kind: EventKind::Opened,
            by: name(tx, loaded.record.created_by).await?,
        }];
        for record in loaded.case.awareness().records() {
            events.push(Event {
                at: record.aware_at,
                kind: EventKind::Aware {
                    kind: record.kind,
                    precision: record.precision,
                    superseded: loaded.case.awareness().corrected_by(record.id).is_some(),
                },
                by: name(tx, record.recorded_by).await?,
            });
        }
        for judgement in &loaded.case.parts().judgements {
            events.push(Event {
                at: judgement.at,
                kind: EventKind::Judged(judgement.event),
                by: name(tx, judgement.by).await?,
            });
        }
        for decision in &loaded.decisions {
            events.push(Event {
                at: decision.decided_at,
                kind: EventKind::DecidedNotToReport(decision.number.clone()),
                by: name(tx, decision.decided_by).await?,
            });
        }
        for filing in &loaded.filings {
            events.push(Event {
                at: filing.head.filed_at,
                kind: EventKind::Filed {
                    filing: filing.head.id,
                    kind: filing.head.kind,
                    number: filing.head.number.clone(),
                },
                by: name(tx, filing.head.filed_by).await?,
            });
        }
        Ok(events)
    }
}

async fn filing_events(
    tx: &mut Tx,
    filing: FilingId,
    events: &mut Vec<Event>,
) -> Result<(), AppError> {
    let mut happened = |at, kind| {
        events.push(Event {
            at,
            kind,
            by: String::new(),
        });
    };
    for delivery in tx.deliveries(filing).await? {
        let desk = desk_name(tx, delivery.organisation).await?;
        if let Some(at) = delivery.delivered_at {
            happened(at, EventKind::Delivered(desk.clone()));
        }
        if let Some(at) = delivery.opened_at {
            happened(at, EventKind::Opening(desk));
        }
    }
    for check in tx.checks(filing).await? {
        let desk = desk_name(tx, check.organisation).await?;
        happened(check.checked_at, EventKind::Checked(check.result, desk));
    }
    for request in tx.correction_requests(filing).await? {
        let desk = desk_name(tx, request.organisation).await?;
        happened(
            request.requested_at,
            EventKind::CorrectionRequested(request.id, desk),
        );
        if let Some(answer) = request.answer {
            happened(
                answer.answered_at,
                EventKind::CorrectionAnswered(request.id),
            );
        }
    }
    Ok(())
}

async fn desk_name(tx: &mut Tx, id: ids::OrganisationId) -> Result<String, AppError> {
    Ok(tx
        .organisation(id)
        .await?
        .map(|desk| desk.name_ja)
        .unwrap_or_default())
}

/// Name of a person of the own organisation.
pub(super) async fn name(tx: &mut Tx, id: ids::PersonId) -> Result<String, AppError> {
    Ok(tx
        .person(id)
        .await?
        .map(|(person, _)| person.name)
        .unwrap_or_default())
}
