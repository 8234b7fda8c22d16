use std::collections::BTreeMap;

use formats::forms::Field;
use ids::CaseId;
use jiff::civil::Date;
use policy::{Action, Actor};
use serde_json::{Value, json};
use statute::{Entry, ReportStage, SubmissionAsk, SubmissionEntry, submission_items, submissions};

use crate::error::AppError;
use crate::incidents::{DraftView, Typed};
use crate::instance::App;

/// The answer that says whether an addressee is told at all, behind its code and a dot.
pub const NEEDED: &str = "needed";

/// What an addressee gets, put together from the answers of the common form.
#[derive(Clone, Debug)]
pub struct Content {
    /// The addressee.
    pub addressee: Entry,
    /// Its items, in order.
    pub items: Vec<ContentItem>,
}

/// One item of what an addressee gets.
#[derive(Clone, Debug)]
pub struct ContentItem {
    /// Its number.
    pub number: u32,
    /// Name in Japanese.
    pub title_ja: String,
    /// Name in English.
    pub title_en: String,
    /// Answers of the common form, those that were given.
    pub taken: Vec<(&'static Field, Typed)>,
    /// Name of the answer that only this addressee wants, where there is one.
    pub name: Option<String>,
    /// That answer; empty while it was not given.
    pub answer: String,
    /// What is asked, where the common form says nothing. Nothing is asked twice.
    pub ask: Option<SubmissionAsk>,
}

impl ContentItem {
    /// Whether nothing is known of it.
    pub fn is_empty(&self) -> bool {
        self.taken.is_empty() && self.answer.is_empty()
    }
}

impl Content {
    /// The items that are asked and not answered yet.
    pub fn missing(&self) -> usize {
        let open = |item: &&ContentItem| item.ask.is_some() && item.answer.is_empty();
        self.items.iter().filter(open).count()
    }
}

impl App {
    /// What an addressee would get now.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an addressee that the rule book does not name.
    pub async fn submission_content(
        &self,
        actor: &Actor,
        id: CaseId,
        addressee: &str,
    ) -> Result<Content, AppError> {
        let view = self.view_case(actor, id).await?;
        let draft = self.view_draft(actor, id).await?;
        let owner = view.case.parts().owner;
        let mut tx = self.store().begin_read("submission.content").await?;
        let sector = self.owner_of(&mut tx, owner).await?.sector;
        let answers = tx.submission_answers(id).await?;
        drop(tx);
        let known = submissions(self.rules(), sector.as_deref(), self.today());
        let entry = known
            .into_iter()
            .find(|(entry, _)| entry.code() == addressee)
            .ok_or(AppError::NotFound)?;
        Ok(self.content(entry, &draft, &answers, self.today()))
    }

    /// Answers what only some addressees want to know, or whether they are told at all.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming an answer that nobody asks for, or that is too long.
    pub async fn answer_submission_items(
        &self,
        actor: &Actor,
        id: CaseId,
        answers: &BTreeMap<String, String>,
    ) -> Result<(), AppError> {
        let at = self.now();
        let mut tx = self.store().begin("submission.answer").await?;
        let loaded = crate::incidents::load_case(&mut tx, id)
            .await?
            .ok_or(AppError::NotFound)?;
        let case = policy::Resource::Case {
            id,
            owner: loaded.record.owner,
        };
        // Nothing official happens yet: it is frozen when it is handed over.
        drop(
            self.policy()
                .check(actor, Action::RecordSubmission, &case)?,
        );
        let sector = self.owner_of(&mut tx, loaded.record.owner).await?.sector;
        let known = submissions(self.rules(), sector.as_deref(), self.today());
        for (name, value) in answers {
            let unknown = || AppError::field(name.as_str(), "submission_item_unknown");
            let (addressee, item) = name.split_once('.').ok_or_else(unknown)?;
            if !known.iter().any(|(entry, _)| entry.code() == addressee) {
                return Err(unknown());
            }
            let asked = submission_items(self.rules(), addressee, self.today());
            let ask = asked
                .iter()
                .find(|(entry, _)| entry.code() == item)
                .and_then(|(_, item)| item.ask);
            let fits = match ask {
                Some(SubmissionAsk::Text) => true,
                Some(SubmissionAsk::YesNo) => is_yes_no(value),
                None if item == NEEDED => is_yes_no(value),
                None => return Err(unknown()),
            };
            if !fits {
                return Err(AppError::field(name.as_str(), "submission_item_form"));
            }
            let value = if value.trim().is_empty() {
                String::new()
            } else {
                model::text::Prose::<2000>::parse(value)
                    .map_err(|error| AppError::field(name.as_str(), error.code()))?
                    .as_str()
                    .to_owned()
            };
            tx.answer_submission_item(id, name, &value, actor.person, at)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    pub(super) fn content(
        &self,
        (entry, rule): SubmissionEntry<'_>,
        draft: &DraftView,
        answers: &BTreeMap<String, String>,
        on: Date,
    ) -> Content {
        let given = |key: &String| {
            let field = draft.fields().find(|field| &field.key == key)?;
            let typed = draft.typed(key);
            (typed != Typed::default()).then_some((field, typed))
        };
        let code = entry.code();
        let mut items: Vec<ContentItem> = submission_items(self.rules(), code, on)
            .into_iter()
            .map(|(wanted, item)| {
                let taken: Vec<_> = item.fields.iter().filter_map(given).collect();
                let name = format!("{code}.{}", wanted.code());
                ContentItem {
                    number: item.number,
                    title_ja: wanted.label_ja.clone(),
                    title_en: wanted.label_en.clone(),
                    ask: item.ask.filter(|_| taken.is_empty()),
                    answer: answers.get(&name).cloned().unwrap_or_default(),
                    name: item.ask.map(|_| name),
                    taken,
                }
            })
            .collect();
        if items.is_empty() {
            let wanted = |field: &Field| rule.fields.is_empty() || rule.fields.contains(&field.key);
            for section in self.sections(draft, ReportStage::Prompt) {
                let taken: Vec<_> = section
                    .fields
                    .into_iter()
                    .filter(|field| wanted(field.field) && field.typed != Typed::default())
                    .map(|field| (field.field, field.typed))
                    .collect();
                if !taken.is_empty() {
                    items.push(ContentItem {
                        number: u32::from(section.item),
                        title_ja: section.title_ja,
                        title_en: section.title_en,
                        taken,
                        name: None,
                        answer: String::new(),
                        ask: None,
                    });
                }
            }
        }
        Content {
            addressee: entry.clone(),
            items,
        }
    }
}

impl Content {
    /// The content as it is frozen.
    pub(super) fn to_value(&self, draft: &DraftView) -> Value {
        let items: Vec<Value> = self
            .items
            .iter()
            .map(|item| {
                let taken: Vec<Value> = item
                    .taken
                    .iter()
                    .map(|(field, typed)| {
                        json!({ "key": field.key, "label": field.label_ja, "answer": typed })
                    })
                    .collect();
                json!({
                    "number": item.number,
                    "title": item.title_ja,
                    "answers": taken,
                    "answer": item.answer,
                })
            })
            .collect();
        json!({
            "format": "noroshi-submission/v1",
            "addressee": {
                "code": self.addressee.code(),
                "name": self.addressee.label_ja,
                "basis": self.addressee.basis_ja,
            },
            "case": draft.case.to_string(),
            "form": { "version": draft.form.version, "sheet": draft.sheet.code() },
            "items": items,
        })
    }
}

fn is_yes_no(value: &str) -> bool {
    matches!(value, "yes" | "no" | "")
}
