use formats::filing::ReportedAwareness;
use ids::{CaseId, FilingId};
use jiff::Timestamp;
use model::filing::{CorrectionRequest, Filing, FormalCheck};
use policy::{Action, Actor, FilingFacts, Resource};

use crate::act::Subject;
use crate::desks::correction::read_body;
use crate::error::AppError;
use crate::filing::facts;
use crate::instance::App;
use crate::logs::LogCode;

/// Everything of one case that an authority may see, in the order in which it happened.
#[derive(Clone, Debug)]
pub struct CaseTimeline {
    /// The case.
    pub case: CaseId,
    /// Name of the operator, in Japanese and English.
    pub operator: (String, String),
    /// Events, oldest first.
    pub moments: Vec<CaseMoment>,
}

/// Something that happened in a case.
#[derive(Clone, Debug)]
pub struct CaseMoment {
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: CaseEvent,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum CaseEvent {
    /// The operator became aware, as the newest report says.
    Aware {
        /// The record as reported.
        record: ReportedAwareness,
        /// Whether a later record corrects it.
        corrected: bool,
    },
    /// Something was filed.
    Filed(Box<Filing>),
    /// A desk checked the formal requirements.
    Checked {
        /// The check.
        check: FormalCheck,
        /// Name of the desk, in Japanese and English.
        desk: (String, String),
    },
    /// A desk asked for a correction.
    Requested {
        /// The request.
        request: CorrectionRequest,
        /// Name of the desk, in Japanese and English.
        desk: (String, String),
    },
    /// The operator answered.
    Answered {
        /// The request with its answer.
        request: CorrectionRequest,
    },
    /// Someone at this desk opened a filing for the first time.
    Opened {
        /// The filing.
        filing: FilingId,
    },
}

impl App {
    /// What happened in a case, from the filings that the actor may see.
    ///
    /// Reading it is an act of its own. The case itself stays with the operator: an authority sees what was filed.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when nothing of the case is visible.
    pub async fn desk_case(&self, actor: &Actor, case: CaseId) -> Result<CaseTimeline, AppError> {
        let mut tx = self.store().begin_read("desk.case_timeline").await?;
        let mut visible: Vec<(Filing, FilingFacts)> = Vec::new();
        for filing in tx.filings_of_case(case).await? {
            if let Some((filing, facts)) = facts(&mut tx, filing.id).await?
                && self.policy().may(
                    actor,
                    Action::ViewTimeline,
                    &Resource::Filing(facts.clone()),
                )
            {
                visible.push((filing, facts));
            }
        }
        let (_, newest) = visible.last().cloned().ok_or(AppError::NotFound)?;
        let own = newest.owner == actor.organisation;
        let operator = self.owner_of(&mut tx, newest.owner).await?;
        let permit = self
            .policy()
            .check(actor, Action::ViewTimeline, &Resource::Filing(newest))?;
        let mut moments = Vec::new();
        let mut reported = None;
        for (filing, _) in &visible {
            if let Some(report) = read_body(filing)?.report() {
                reported = Some(report.awareness.clone());
            }
            self.moments_of(&mut tx, actor, filing, &mut moments)
                .await?;
        }
        moments.extend(awareness(reported.unwrap_or_default()));
        moments.sort_by_key(|moment| moment.at);
        let log = self
            .log_of(&mut tx, actor.organisation)
            .await?
            .unwrap_or_else(LogCode::instance);
        drop(tx);
        if own {
            drop(permit);
        } else {
            let bodies: String = visible
                .iter()
                .map(|(filing, _)| filing.body.as_str())
                .collect();
            self.record_read(permit, Subject::new("case", case), log, bodies.as_bytes())
                .await?;
        }
        Ok(CaseTimeline {
            case,
            operator: (operator.name_ja, operator.name_en),
            moments,
        })
    }

    async fn moments_of(
        &self,
        tx: &mut store::Tx,
        actor: &Actor,
        filing: &Filing,
        moments: &mut Vec<CaseMoment>,
    ) -> Result<(), AppError> {
        moments.push(CaseMoment {
            at: filing.filed_at,
            event: CaseEvent::Filed(Box::new(filing.clone())),
        });
        for check in tx.checks(filing.id).await? {
            let desk = self.owner_of(tx, check.organisation).await?;
            moments.push(CaseMoment {
                at: check.checked_at,
                event: CaseEvent::Checked {
                    check,
                    desk: (desk.name_ja, desk.name_en),
                },
            });
        }
        for request in tx.correction_requests(filing.id).await? {
            let desk = self.owner_of(tx, request.organisation).await?;
            if let Some(answer) = &request.answer {
                moments.push(CaseMoment {
                    at: answer.answered_at,
                    event: CaseEvent::Answered {
                        request: request.clone(),
                    },
                });
            }
            moments.push(CaseMoment {
                at: request.requested_at,
                event: CaseEvent::Requested {
                    request,
                    desk: (desk.name_ja, desk.name_en),
                },
            });
        }
        for delivery in tx.deliveries(filing.id).await? {
            if let Some(at) = delivery
                .opened_at
                .filter(|_| delivery.organisation == actor.organisation)
            {
                moments.push(CaseMoment {
                    at,
                    event: CaseEvent::Opened { filing: filing.id },
                });
            }
        }
        Ok(())
    }
}

fn awareness(records: Vec<ReportedAwareness>) -> Vec<CaseMoment> {
    let corrected: Vec<_> = records
        .iter()
        .filter_map(|record| record.corrects.as_ref().map(|(of, _)| *of))
        .collect();
    records
        .into_iter()
        .map(|record| CaseMoment {
            at: record.aware_at,
            event: CaseEvent::Aware {
                corrected: corrected.contains(&record.id),
                record,
            },
        })
        .collect()
}
