use formats::answers::{AnswerState, Answers, FieldErrorCode, check};
use formats::forms::{Field, Required};
use model::corporate_number::CorporateNumber;
use statute::{ItemNeed, ReportStage, required_items};

use super::draft::DraftView;
use super::typed::Typed;
use crate::error::FieldProblem;
use crate::instance::App;

/// How far one of the seven items is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionState {
    /// 未着手.
    NotBegun,
    /// 入力中.
    Begun,
    /// 完了.
    Done,
    /// 要修正.
    ToCorrect,
}

impl SectionState {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotBegun => "not_begun",
            Self::Begun => "begun",
            Self::Done => "done",
            Self::ToCorrect => "to_correct",
        }
    }
}

/// One field of a section with what is typed and what is wrong with it.
#[derive(Clone, Debug)]
pub struct SectionField {
    /// The question.
    pub field: &'static Field,
    /// What is typed.
    pub typed: Typed,
    /// Code of what is wrong with it as it stands; nothing for a field left empty.
    pub problem: Option<&'static str>,
    /// What keeps it from being filed at the stage asked about.
    pub lacks: Option<&'static str>,
    /// Whether it must be filled in at the stage asked about.
    pub needed: bool,
}

/// One of the seven items of Order Art. 4(3).
#[derive(Clone, Debug)]
pub struct Section {
    /// 1 to 7.
    pub item: u8,
    /// Title in Japanese, from the rule book.
    pub title_ja: String,
    /// Title in English.
    pub title_en: String,
    /// How complete it must be at the stage asked about.
    pub need: ItemNeed,
    /// How far it is.
    pub state: SectionState,
    /// Its fields on the chosen sheet.
    pub fields: Vec<SectionField>,
}

impl App {
    /// The seven items of a draft with what each still needs at a stage.
    pub fn sections(&self, draft: &DraftView, stage: ReportStage) -> Vec<Section> {
        let today = self.today();
        let (answers, problems) = self.read_answers(draft);
        let lacking = check(
            self.rules(),
            draft.form,
            draft.sheet,
            stage,
            &answers,
            today,
        );
        let mut sections = Vec::new();
        for item in required_items(self.rules(), stage, today) {
            let Ok(number) = u8::try_from(item.number) else {
                continue;
            };
            let fields: Vec<SectionField> = draft
                .fields()
                .filter(|field| field.item == number)
                .map(|field| SectionField {
                    typed: draft.typed(&field.key),
                    problem: problems
                        .iter()
                        .find(|problem| problem.field == field.key)
                        .map(|problem| problem.code),
                    lacks: lacking
                        .iter()
                        .find(|error| error.field == field.key)
                        .map(|error| error.code.code()),
                    needed: is_needed(field, item.need),
                    field,
                })
                .collect();
            sections.push(Section {
                item: number,
                title_ja: item.entry.label_ja.clone(),
                title_en: item.entry.label_en.clone(),
                need: item.need,
                state: state(&fields),
                fields,
            });
        }
        sections
    }

    /// The answers that can be read, and what is wrong with the others.
    pub(super) fn read_answers(&self, draft: &DraftView) -> (Answers, Vec<FieldProblem>) {
        let mut answers = Answers::new();
        let mut problems = Vec::new();
        for field in draft.fields() {
            let typed = draft.typed(&field.key);
            match typed.read(self.rules(), field) {
                Ok(None) => {}
                Ok(Some(answer)) => {
                    if let Some(code) = special_error(field, &typed, answer.state()) {
                        problems.push(FieldProblem::new(field.key.clone(), code));
                    }
                    answers.insert(field.key.clone(), answer);
                }
                Err(code) => problems.push(FieldProblem::new(field.key.clone(), code)),
            }
        }
        (answers, problems)
    }

    /// Everything that keeps a draft from being filed at a stage, in the order of the form.
    pub(crate) fn filing_problems(
        &self,
        draft: &DraftView,
        stage: ReportStage,
    ) -> (Answers, Vec<FieldProblem>) {
        let (answers, mut problems) = self.read_answers(draft);
        let lacking = check(
            self.rules(),
            draft.form,
            draft.sheet,
            stage,
            &answers,
            self.today(),
        );
        for error in lacking {
            // A field that was typed and cannot be read is wrong, not missing.
            let unread = problems.iter().any(|problem| problem.field == error.field);
            if !(unread && error.code == FieldErrorCode::Missing) {
                problems.push(FieldProblem::new(error.field, error.code.code()));
            }
        }
        let order: Vec<&str> = draft.fields().map(|field| field.key.as_str()).collect();
        problems.sort_by_key(|problem| order.iter().position(|key| *key == problem.field));
        (answers, problems)
    }
}

fn is_needed(field: &Field, need: ItemNeed) -> bool {
    match need {
        ItemNeed::AsKnown => false,
        ItemNeed::Complete | ItemNeed::Answered => field.required != Required::Optional,
    }
}

/// What the schema cannot say: a 法人番号 has a check digit.
fn special_error(field: &Field, typed: &Typed, state: AnswerState) -> Option<&'static str> {
    if field.key != "corporate_number" || state != AnswerState::Filled {
        return None;
    }
    CorporateNumber::parse(&typed.text)
        .err()
        .map(model::corporate_number::CorporateNumberError::code)
}

fn state(fields: &[SectionField]) -> SectionState {
    if fields.iter().any(|field| field.problem.is_some()) {
        return SectionState::ToCorrect;
    }
    let typed = fields
        .iter()
        .filter(|field| !field.typed.is_empty())
        .count();
    if typed == 0 {
        return SectionState::NotBegun;
    }
    let lacks = fields.iter().any(|field| field.lacks.is_some());
    // At the prompt stage an item that may be told as known is done when all its main fields are.
    let main_open = fields
        .iter()
        .any(|field| field.field.required != Required::Optional && field.typed.is_empty());
    if lacks || main_open {
        SectionState::Begun
    } else {
        SectionState::Done
    }
}
