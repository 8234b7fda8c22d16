use formats::answers::Answers;
use formats::filing::{Body, WithdrawalBody};
use ids::{CaseId, FilingKind};
use model::incidents::{CaseStep, Filed, WithdrawalReason};
use model::text::Prose;
use policy::{Action, Actor};
use serde_json::json;
use statute::Duty;

use super::awareness::{refusal, resource};
use super::draft::newest_form;
use super::file::{Filing, last_filing, last_number};
use super::load::{load_case, record_of};
use crate::error::AppError;
use crate::filing::NewFiling;
use crate::idempotency::Once;
use crate::instance::App;

/// Why a report is withdrawn.
#[derive(Clone, PartialEq, Eq)]
pub struct WithdrawalInput {
    /// Why.
    pub reason: WithdrawalReason,
    /// Why, in words.
    pub explanation: String,
}

impl std::fmt::Debug for WithdrawalInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WithdrawalInput")
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

impl App {
    /// Withdraws the report of a case (取下げ); everything filed stays as it was filed.
    pub async fn withdraw_report(
        &self,
        actor: &Actor,
        id: CaseId,
        input: &WithdrawalInput,
        key: Option<&str>,
    ) -> Result<Filing, AppError> {
        let now = self.now();
        let request = json!([id.to_string(), input.reason.code(), input.explanation]);
        let once = Once::new(actor, "case.withdraw", key, &request)?;
        let explanation = Prose::<2000>::parse(&input.explanation)
            .map_err(|error| AppError::field("explanation", error.code()))?;
        let mut tx = self.store().begin("case.withdraw").await?;
        if let Some(earlier) = once.earlier(&mut tx).await? {
            return Ok(earlier);
        }
        let loaded = load_case(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let permit = self
            .policy()
            .check(actor, Action::FileReport, &resource(&loaded.case))?;
        self.require_report_basis()?;
        if !loaded.case.phase().allows(CaseStep::Withdraw) {
            return Err(AppError::Conflict("case.phase"));
        }
        let operator = tx
            .organisation(loaded.record.owner)
            .await?
            .ok_or(AppError::Bug("no owner"))?;
        let draft = self.open_draft(&mut tx, &loaded).await?;
        let form_version = newest_form(self.today())?.version.clone();
        let head = self.head_on(
            FilingKind::IncidentWithdrawal,
            &operator,
            &form_version,
            &Answers::new(),
        )?;
        let body = Body::Withdrawal(WithdrawalBody {
            head,
            case: id,
            withdraws: last_number(&loaded).ok_or(AppError::Conflict("case.phase"))?,
            reason: input.reason,
            explanation,
        });
        let new = NewFiling {
            kind: FilingKind::IncidentWithdrawal,
            case: Some(id),
            supersedes: last_filing(&loaded),
            form_version,
            body: body.to_value(),
            attachments: Vec::new(),
            search_text: statute::match_key(&operator.name_ja),
        };
        let (addressees, _) = self
            .plan_addressees(&mut tx, &operator, Duty::IncidentReport, self.today())
            .await?;
        let recorded = self
            .record_filing(&mut tx, &permit, &operator, addressees, new, now)
            .await?;
        self.pass_on(&mut tx, &operator, &recorded.filing).await?;
        let filed = Filed {
            filing: recorded.filing.id,
            at: now,
        };
        let case = loaded
            .case
            .clone()
            .withdraw(filed, input.reason)
            .map_err(refusal)?;
        tx.update_case(&record_of(&case, &loaded.record)).await?;
        if let Some(row) = &draft.row {
            tx.delete_draft(row).await?;
        }
        let outcome: Filing = self.seal_filing(&mut tx, permit, recorded).await?.into();
        once.remember(&mut tx, &outcome, now).await?;
        tx.commit().await?;
        Ok(outcome)
    }
}
