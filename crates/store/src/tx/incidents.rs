use ids::{AwarenessId, CaseId, DecisionId, FilingId, FilingKind, Id, OrganisationId};
use jiff::Timestamp;
use jiff::civil::Date;
use model::filing::Filing;
use model::incidents::Awareness;
use policy::OwnerScope;

use crate::error::StoreError;
use crate::rows::incidents::{CaseFilingRecord, CaseRecord, DecisionRecord, JudgementRecord};
use crate::tx::{Tx, exactly_one, on};

/// Where a list of cases goes on: before this case, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseCursor {
    /// When the last case shown was opened.
    pub created_at: Timestamp,
    /// The last case shown.
    pub id: CaseId,
}

/// Where the register of decisions not to report goes on: after this decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecisionCursor {
    /// Whether the last decision shown stands.
    pub standing: bool,
    /// The day to look again of the last decision shown.
    pub recheck_on: Date,
    /// The last decision shown.
    pub id: DecisionId,
}

impl Tx {
    /// Keeps a new case at version 1.
    pub async fn insert_case(&mut self, case: &CaseRecord) -> Result<(), StoreError> {
        on!(self, incidents::insert_case(case))
    }

    /// Saves a case over the version it was read at; refuses a stale one.
    pub async fn update_case(&mut self, case: &CaseRecord) -> Result<(), StoreError> {
        exactly_one(on!(self, incidents::update_case(case))?, "incident_case")
    }

    /// A case by its id. The caller must hold a permit to show it.
    pub async fn case(&mut self, id: CaseId) -> Result<Option<CaseRecord>, StoreError> {
        on!(self, incidents::case(id.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Cases within a scope, opened last first.
    pub async fn cases(
        &mut self,
        scope: &OwnerScope,
        after: Option<CaseCursor>,
        limit: u32,
    ) -> Result<Vec<CaseRecord>, StoreError> {
        let Some(owner) = scope.owned_by() else {
            return Ok(Vec::new());
        };
        let before = after.map(|cursor| (cursor.created_at.as_microsecond(), cursor.id.uuid()));
        on!(
            self,
            incidents::cases(owner.uuid(), before, i64::from(limit))
        )?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
    }

    /// Cases within a scope whose duty to report is open, earliest awareness first.
    pub async fn open_cases(
        &mut self,
        scope: &OwnerScope,
        limit: u32,
    ) -> Result<Vec<CaseRecord>, StoreError> {
        let Some(owner) = scope.owned_by() else {
            return Ok(Vec::new());
        };
        on!(self, incidents::open_cases(owner.uuid(), i64::from(limit)))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// How many cases within a scope have an open duty to report.
    pub async fn count_open_cases(&mut self, scope: &OwnerScope) -> Result<i64, StoreError> {
        match scope.owned_by() {
            None => Ok(0),
            Some(owner) => on!(self, incidents::count_open_cases(owner.uuid())),
        }
    }

    /// Records a moment of awareness; it can never be changed afterwards.
    pub async fn insert_awareness(
        &mut self,
        case: CaseId,
        awareness: &Awareness,
    ) -> Result<(), StoreError> {
        on!(self, incidents::insert_awareness(case, awareness))
    }

    /// Records of awareness of a case, in the order of recording.
    pub async fn awareness(&mut self, case: CaseId) -> Result<Vec<Awareness>, StoreError> {
        on!(self, incidents::awareness(case.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Notes under which code an event was judged to fall.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when another judgement has this number.
    pub async fn insert_judgement(
        &mut self,
        case: CaseId,
        judgement: &JudgementRecord,
    ) -> Result<(), StoreError> {
        on!(self, incidents::insert_judgement(case, judgement))
    }

    /// Judgements of a case, oldest first.
    pub async fn judgements(&mut self, case: CaseId) -> Result<Vec<JudgementRecord>, StoreError> {
        on!(self, incidents::judgements(case.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// Records a decision not to report; it can never be changed afterwards.
    pub async fn insert_decision(&mut self, decision: &DecisionRecord) -> Result<(), StoreError> {
        on!(self, incidents::insert_decision(decision))
    }

    /// A decision not to report by its id. The caller must hold a permit to show it.
    pub async fn decision(&mut self, id: DecisionId) -> Result<Option<DecisionRecord>, StoreError> {
        on!(self, incidents::decision(id.uuid()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// Decisions not to report in a case, oldest first.
    pub async fn decisions_of_case(
        &mut self,
        case: CaseId,
    ) -> Result<Vec<DecisionRecord>, StoreError> {
        on!(self, incidents::decisions_of_case(case.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect()
    }

    /// The register of decisions not to report within a scope: what stands first, the nearest day to look again
    /// first. The flag says whether the decision still stands.
    pub async fn decisions(
        &mut self,
        scope: &OwnerScope,
        after: Option<DecisionCursor>,
        limit: u32,
    ) -> Result<Vec<(DecisionRecord, bool)>, StoreError> {
        let Some(owner) = scope.owned_by() else {
            return Ok(Vec::new());
        };
        on!(
            self,
            incidents::decisions(owner.uuid(), after.as_ref(), i64::from(limit))
        )?
        .into_iter()
        .map(|row| Ok((row.decision.try_into()?, row.settled == 0)))
        .collect()
    }

    /// How many decisions within a scope stand although their day to look again has come.
    pub async fn count_rechecks_due(
        &mut self,
        scope: &OwnerScope,
        today: Date,
    ) -> Result<i64, StoreError> {
        match scope.owned_by() {
            None => Ok(0),
            Some(owner) => on!(self, incidents::count_rechecks_due(owner.uuid(), today)),
        }
    }

    /// Links a report to a record of awareness that it speaks of.
    pub async fn insert_filing_awareness(
        &mut self,
        filing: FilingId,
        awareness: AwarenessId,
    ) -> Result<(), StoreError> {
        on!(self, incidents::insert_filing_awareness(filing, awareness))
    }

    /// The newest filing of a kind of an operator, to begin the next from what is known. The caller must hold a
    /// permit to show it.
    pub async fn last_filing_of(
        &mut self,
        owner: OrganisationId,
        kind: FilingKind,
    ) -> Result<Option<Filing>, StoreError> {
        on!(self, incidents::last_filing_of(owner.uuid(), kind.code()))?
            .map(TryInto::try_into)
            .transpose()
    }

    /// What was filed in a case, without bodies, in the order of the series.
    pub async fn case_filings(
        &mut self,
        case: CaseId,
    ) -> Result<Vec<CaseFilingRecord>, StoreError> {
        let links = on!(self, incidents::filing_awareness(case.uuid()))?;
        let heads = on!(self, incidents::filings_of_case(case.uuid()))?;
        let mut filings = Vec::with_capacity(heads.len());
        for row in heads {
            let head: crate::rows::desks::FilingHead = row.try_into()?;
            let covers = links
                .iter()
                .filter(|(filing, _)| *filing == head.id.uuid())
                .map(|(_, awareness)| Id::from_uuid(*awareness))
                .collect();
            filings.push(CaseFilingRecord { head, covers });
        }
        Ok(filings)
    }
}
