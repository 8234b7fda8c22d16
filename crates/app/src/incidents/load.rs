use ids::{CaseId, FilingKind};
use model::incidents::{
    AwarenessLog, Case, CaseFiling, CaseParts, CasePhase, DecisionNotToReport, Filed, Judgement,
    WithdrawalReason, Withdrawn,
};
use statute::EventCode;
use store::Tx;
use store::rows::incidents::{CaseFilingRecord, CaseRecord, DecisionRecord, JudgementRecord};

use crate::error::AppError;

/// A case with everything that stands in its tables.
#[derive(Clone, Debug)]
pub(crate) struct Loaded {
    pub(crate) record: CaseRecord,
    pub(crate) case: Case,
    pub(crate) judgements: Vec<JudgementRecord>,
    pub(crate) decisions: Vec<DecisionRecord>,
    pub(crate) filings: Vec<CaseFilingRecord>,
}

/// Reads a case. The caller must still ask the policies.
pub(crate) async fn load_case(tx: &mut Tx, id: CaseId) -> Result<Option<Loaded>, AppError> {
    match tx.case(id).await? {
        None => Ok(None),
        Some(record) => assemble(tx, record).await.map(Some),
    }
}

/// Puts a case together from its row and what belongs to it.
pub(crate) async fn assemble(tx: &mut Tx, record: CaseRecord) -> Result<Loaded, AppError> {
    let awareness = AwarenessLog::from_records(tx.awareness(record.id).await?)
        .map_err(|_| AppError::Bug("awareness of a case contradicts itself"))?;
    let judgements = tx.judgements(record.id).await?;
    let decisions = tx.decisions_of_case(record.id).await?;
    let filings = tx.case_filings(record.id).await?;
    let parts = CaseParts {
        id: record.id,
        owner: record.owner,
        title: record.title.clone(),
        phase: phase(&record, &filings, &decisions)?,
        awareness,
        judgements: judgements
            .iter()
            .map(judgement)
            .collect::<Result<_, AppError>>()?,
        decisions: decisions.iter().map(decision).collect(),
        filings: filings.iter().map(case_filing).collect(),
        version: record.version,
    };
    let case = Case::from_parts(parts)
        .map_err(|_| AppError::Bug("parts of a case contradict each other"))?;
    Ok(Loaded {
        record,
        case,
        judgements,
        decisions,
        filings,
    })
}

/// The row of a case after a change; the version is the one it was read at.
pub(crate) fn record_of(case: &Case, earlier: &CaseRecord) -> CaseRecord {
    let parts = case.parts();
    let last = |kind: FilingKind| {
        parts
            .filings
            .iter()
            .filter(|filing| filing.kind == kind)
            .map(|filing| filing.filed.at)
            .max()
    };
    let withdrawn = match &parts.phase {
        CasePhase::Withdrawn(withdrawn) => Some(*withdrawn),
        CasePhase::Open
        | CasePhase::PromptFiled { .. }
        | CasePhase::FullFiled { .. }
        | CasePhase::Extended { .. }
        | CasePhase::DecidedNotToReport { .. } => None,
    };
    CaseRecord {
        id: parts.id,
        owner: parts.owner,
        title: parts.title.clone(),
        phase: parts.phase.code().to_owned(),
        event: case.event().map(|event| event.code().to_owned()),
        form: earlier.form.clone(),
        prompt_filed_at: last(FilingKind::IncidentPrompt),
        full_filed_at: last(FilingKind::IncidentFull),
        closed_at: withdrawn.map(|withdrawn| withdrawn.withdrawal.at),
        close_reason: withdrawn.map(|withdrawn| withdrawn.reason.code().to_owned()),
        leading_aware_at: leading(case).or(Some(earlier.created_at)),
        created_by: earlier.created_by,
        created_at: earlier.created_at,
        version: parts.version,
    }
}

/// The earliest standing awareness that no full report speaks of yet; else the earliest of all.
fn leading(case: &Case) -> Option<jiff::Timestamp> {
    let open = case
        .awareness()
        .standing()
        .filter(|record| {
            case.filed_for(record.id, &[FilingKind::IncidentFull])
                .is_none()
        })
        .map(|record| record.aware_at)
        .min();
    open.or_else(|| {
        case.awareness()
            .standing()
            .map(|record| record.aware_at)
            .min()
    })
}

fn judgement(record: &JudgementRecord) -> Result<Judgement, AppError> {
    Ok(Judgement {
        event: EventCode::parse(&record.event)
            .ok_or(AppError::Bug("judgement with an unknown code"))?,
        by: record.judged_by,
        at: record.judged_at,
    })
}

fn decision(record: &DecisionRecord) -> DecisionNotToReport {
    DecisionNotToReport {
        id: record.id,
        decided_by: record.decided_by,
        decided_at: record.decided_at,
        reason: record.reason.clone(),
        recheck_on: record.recheck_on,
    }
}

fn case_filing(record: &CaseFilingRecord) -> CaseFiling {
    CaseFiling {
        filed: filed(record),
        kind: record.kind(),
        covers: record.covers.clone(),
    }
}

fn filed(record: &CaseFilingRecord) -> Filed {
    Filed {
        filing: record.id(),
        at: record.head.filed_at,
    }
}

/// The phase, from its code and the documents that made it.
fn phase(
    record: &CaseRecord,
    filings: &[CaseFilingRecord],
    decisions: &[DecisionRecord],
) -> Result<CasePhase, AppError> {
    const TORN: AppError = AppError::Bug("phase of a case without its documents");
    let of = |kind: FilingKind| filings.iter().filter(move |filing| filing.kind() == kind);
    let updates = u32::try_from(of(FilingKind::IncidentUpdate).count()).unwrap_or(u32::MAX);
    let last_full = of(FilingKind::IncidentFull).next_back().map(filed);
    match record.phase.as_str() {
        "open" => Ok(CasePhase::Open),
        "prompt_filed" => Ok(CasePhase::PromptFiled {
            prompt: of(FilingKind::IncidentPrompt)
                .next_back()
                .map(filed)
                .ok_or(TORN)?,
            updates,
        }),
        "full_filed" => Ok(CasePhase::FullFiled {
            prompt: prompt_before_last_full(filings),
            full: last_full.ok_or(TORN)?,
            updates,
        }),
        "extended" => Ok(CasePhase::Extended {
            earlier_full: last_full.ok_or(TORN)?,
            updates,
        }),
        "withdrawn" => Ok(CasePhase::Withdrawn(Withdrawn {
            withdrawal: of(FilingKind::IncidentWithdrawal)
                .next_back()
                .map(filed)
                .ok_or(TORN)?,
            reason: record
                .close_reason
                .as_deref()
                .and_then(|code| code.parse::<WithdrawalReason>().ok())
                .ok_or(TORN)?,
        })),
        "decided_not_to_report" => {
            let last = decisions.last().ok_or(TORN)?;
            Ok(CasePhase::DecidedNotToReport {
                decision: last.id,
                at: last.decided_at,
                recheck_on: last.recheck_on,
            })
        }
        _ => Err(AppError::Bug("unknown phase of a case")),
    }
}

/// The prompt stage that the last full stage completed: filed after the full stage before it.
fn prompt_before_last_full(filings: &[CaseFilingRecord]) -> Option<Filed> {
    let mut prompt = None;
    let mut answered = None;
    for filing in filings {
        match filing.kind() {
            FilingKind::IncidentPrompt => prompt = Some(filed(filing)),
            FilingKind::IncidentFull => answered = prompt.take(),
            FilingKind::AssetNotification
            | FilingKind::AssetChange
            | FilingKind::AssetRetirement
            | FilingKind::IncidentUpdate
            | FilingKind::IncidentCorrection
            | FilingKind::IncidentWithdrawal => {}
        }
    }
    answered
}
