use jiff::civil::Date;
use statute::{Answers, Asked, Classified, Topic, classify, next_question, questions};

use crate::error::AppError;
use crate::instance::App;

/// Where the questions on the class of a computer stand.
#[derive(Clone, Debug)]
pub struct ClassWizard<'book> {
    /// Questions answered so far, in order.
    pub answered: Vec<Asked<'book>>,
    /// The question to ask next; `None` when no further answer could matter.
    pub next: Option<Asked<'book>>,
    /// What the answers say so far, article by article.
    pub found: Classified,
}

impl App {
    /// Leads through the questions on the class of a computer (Cabinet Order Art. 1(3), Order Art. 1).
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an answer to a question that the rule book does not ask.
    pub fn class_wizard(&self, answers: &Answers, on: Date) -> Result<ClassWizard<'_>, AppError> {
        let found = classify(self.rules(), answers, on)
            .map_err(|_| AppError::field("class", "class_question_unknown"))?;
        let answered = questions(self.rules(), Topic::Class, on)
            .into_iter()
            .filter(|asked| answers.is_given(asked.code))
            .collect();
        let next = next_question(
            self.rules(),
            Topic::Class,
            answers,
            &found.open_questions,
            on,
        );
        Ok(ClassWizard {
            answered,
            next,
            found,
        })
    }

    /// Every question on the class, for callers that answer them at once.
    pub fn class_questions(&self, on: Date) -> Vec<Asked<'_>> {
        questions(self.rules(), Topic::Class, on)
    }
}
