use std::collections::BTreeMap;

use formats::answers::{Answer, carry_over};
use formats::filing::{Body, from_value};
use formats::forms::{Form, IncidentForm, Scope};
use ids::FilingKind;
use model::organisation::Organisation;
use store::Tx;

use super::draft::DraftAttachment;
use super::load::Loaded;
use super::typed::Typed;
use crate::error::AppError;
use crate::instance::App;

/// Who is asked again in every report, taken from the operator's last report of another case.
const PROFILE: &[&str] = &[
    "address",
    "representative",
    "contact_department",
    "contact_name",
    "contact_phone",
    "contact_mail",
    "contact_night",
    "contact_alternative",
];

/// What a draft begins from, so that nothing known is typed again.
#[derive(Clone, Debug, Default)]
pub(super) struct Seed {
    pub(super) typed: BTreeMap<String, Typed>,
    /// What the last report says and the form of the draft does not ask.
    pub(super) left: BTreeMap<String, Typed>,
    pub(super) attachments: Vec<DraftAttachment>,
}

impl App {
    /// The last report of the case, as far as the form of the draft asks it; before the first one the profile of the
    /// operator.
    pub(super) async fn seed(
        &self,
        tx: &mut Tx,
        loaded: &Loaded,
        form: &Form,
    ) -> Result<Seed, AppError> {
        let last = loaded
            .filings
            .iter()
            .rev()
            .find(|filing| filing.kind() != FilingKind::IncidentWithdrawal);
        if let Some(last) = last {
            let filing = tx
                .filing(last.id())
                .await?
                .ok_or(AppError::Bug("a filing of the case is missing"))?;
            return Ok(seed_of_report(&read_body(&filing.body)?, form));
        }
        let operator = tx
            .organisation(loaded.record.owner)
            .await?
            .ok_or(AppError::Bug("no owner"))?;
        let mut typed = self.profile(&operator);
        if let Some(first) = loaded.case.awareness().standing().next() {
            let text = Typed::text(first.source.as_str());
            typed.insert("awareness_circumstances".to_owned(), text);
        }
        for (key, known) in self.last_profile(tx, &operator, form).await? {
            typed.entry(key).or_insert(known);
        }
        Ok(Seed {
            typed,
            ..Seed::default()
        })
    }

    pub(crate) fn profile(&self, operator: &Organisation) -> BTreeMap<String, Typed> {
        let mut typed = BTreeMap::new();
        let mut put = |key: &str, text: &str| {
            typed.insert(key.to_owned(), Typed::text(text));
        };
        put("operator_name", &operator.name_ja);
        if let Some(number) = &operator.corporate_number {
            put("corporate_number", number);
        }
        let sector = operator
            .sector
            .as_deref()
            .and_then(|code| statute::sector(self.rules(), code, self.today()));
        if let Some((entry, _)) = sector {
            put("sector", &entry.label_ja);
        }
        typed
    }

    async fn last_profile(
        &self,
        tx: &mut Tx,
        operator: &Organisation,
        form: &Form,
    ) -> Result<Vec<(String, Typed)>, AppError> {
        let Some(filing) = tx
            .last_filing_of(operator.id, FilingKind::IncidentPrompt)
            .await?
        else {
            return Ok(Vec::new());
        };
        let seed = seed_of_report(&read_body(&filing.body)?, form);
        Ok(seed
            .typed
            .into_iter()
            .filter(|(key, _)| PROFILE.contains(&key.as_str()))
            .collect())
    }
}

/// Reads the body of a filing that we wrote ourselves.
pub(super) fn read_body(body: &str) -> Result<Body, AppError> {
    let value =
        serde_json::from_str(body).map_err(|_| AppError::Bug("a filed body that is not JSON"))?;
    from_value(&value).map_err(|_| AppError::Bug("a filed body that cannot be read"))
}

fn seed_of_report(body: &Body, form: &Form) -> Seed {
    let Some(report) = body.report() else {
        return Seed::default();
    };
    let typed = |(key, answer): (&String, &Answer)| (key.clone(), Typed::of(answer));
    let (asked, left): (Vec<_>, Vec<_>) = report
        .answers
        .iter()
        .partition(|(key, answer)| is_asked(form, report.form, key, answer));
    Seed {
        typed: asked.into_iter().map(typed).collect(),
        left: left.into_iter().map(typed).collect(),
        attachments: report
            .attachments
            .iter()
            .map(|file| DraftAttachment {
                digest: file.digest,
                file_name: file.file_name.as_str().to_owned(),
                size: file.size,
                media_type: file.media_type.as_str().to_owned(),
            })
            .collect(),
    }
}

/// Whether an answer of a report has a place on a version of the form.
fn is_asked(form: &Form, sheet: IncidentForm, key: &str, answer: &Answer) -> bool {
    let Some(field) = form
        .field(key)
        .filter(|field| field.scope == Scope::Answers)
    else {
        return false;
    };
    let answers = std::iter::once((key.to_owned(), answer.clone())).collect();
    carry_over(answers, form, field.sheet.unwrap_or(sheet))
        .left
        .is_empty()
}
