use formats::answers::{Moments, Warning, warnings};
use ids::CaseId;
use jiff::SignedDuration;
use model::incidents::{Clock, clocks, leading_clock};
use policy::Actor;
use statute::{Confidence, Duty, EventCode, ReportStage};

use super::awareness::resource;
use super::draft::DraftView;
use super::file::ReportKind;
use super::load::load_case;
use super::section::Section;
use crate::error::{AppError, FieldProblem};
use crate::filing::PlannedAddressee;
use crate::instance::App;

/// From how many days on a gap between two moments looks odd. A habit of the house, not a rule of the law.
const LONG_UNTIL_AWARENESS_DAYS: i64 = 3;
const LONG_UNTIL_DETECTION_DAYS: i64 = 365;

/// Who can see a report after it is filed (UX rule 21).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// Name in Japanese.
    pub name_ja: String,
    /// Name in English.
    pub name_en: String,
}

/// Everything a person checks before filing (UX rule 12).
#[derive(Clone, Debug)]
pub struct Preview {
    /// The draft.
    pub draft: DraftView,
    /// The stage whose requirements apply.
    pub stage: ReportStage,
    /// The seven items.
    pub sections: Vec<Section>,
    /// Kind of the event; `None` while the event is not judged, and then nothing can be filed.
    pub event: Option<EventCode>,
    /// What keeps it from being filed.
    pub problems: Vec<FieldProblem>,
    /// What looks odd.
    pub warnings: Vec<Warning>,
    /// To whom it goes.
    pub addressees: Vec<PlannedAddressee>,
    /// Whether the addressees rest on something unsettled.
    pub addressees_confidence: Confidence,
    /// Whose people can see it.
    pub readers: Vec<Reader>,
    /// The clock that leads.
    pub clock: Option<Clock>,
    /// Whether this actor may file it.
    pub may_file: bool,
}

impl App {
    /// The check page of a report: all answers, addressees, readers, deadline, legal basis, attachments.
    pub async fn preview_report(
        &self,
        actor: &Actor,
        id: CaseId,
        kind: &ReportKind,
    ) -> Result<Preview, AppError> {
        let draft = self.view_draft(actor, id).await?;
        let mut tx = self.store().begin_read("case.preview").await?;
        let loaded = load_case(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let event = loaded.case.event();
        let may_file = self
            .policy()
            .may(actor, kind.action(), &resource(&loaded.case));
        let clocks = clocks(&loaded.case, self.rules(), self.mode()).unwrap_or_default();
        let operator = tx
            .organisation(loaded.record.owner)
            .await?
            .ok_or(AppError::Bug("no owner"))?;
        let (addressees, legal) = self
            .plan_addressees(&mut tx, &operator, Duty::IncidentReport, self.today())
            .await?;
        let stage = match event {
            // Without a judgement nothing can be filed; the requirements of the stage are shown all the same.
            None => stage_of(kind),
            Some(_) => self.ready(&mut tx, loaded, kind).await?.stage,
        };
        let (answers, problems) = self.filing_problems(&draft, stage);
        let clock = leading_clock(&clocks).cloned();
        let moments = Moments {
            now: self.now(),
            aware_at: clock.as_ref().map(|clock| clock.aware_at),
            long_until_awareness: days(LONG_UNTIL_AWARENESS_DAYS),
            long_until_detection: days(LONG_UNTIL_DETECTION_DAYS),
        };
        let mut readers = vec![Reader {
            name_ja: operator.name_ja.clone(),
            name_en: operator.name_en.clone(),
        }];
        readers.extend(addressees.iter().map(|planned| Reader {
            name_ja: planned.organisation.name_ja.clone(),
            name_en: planned.organisation.name_en.clone(),
        }));
        Ok(Preview {
            sections: self.sections(&draft, stage),
            draft,
            stage,
            event,
            problems,
            warnings: warnings(&answers, &moments),
            addressees,
            addressees_confidence: legal.confidence,
            readers,
            clock,
            may_file,
        })
    }
}

const fn stage_of(kind: &ReportKind) -> ReportStage {
    match kind {
        ReportKind::Prompt => ReportStage::Prompt,
        ReportKind::Update => ReportStage::Update,
        ReportKind::Full | ReportKind::Correction(_) => ReportStage::Full,
    }
}

fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count.saturating_mul(24))
}
