//! Where a person stands in a procedure.

use askama::{Template, filters::HtmlSafe};

use crate::{components::Icon, texts::Texts};

/// Where one step of a line of steps stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Not reached.
    Ahead,
    /// Shown now.
    Current,
    /// Done.
    Done,
    /// Has errors.
    Error,
    /// Does not apply.
    Skipped,
}

/// Steps of a procedure in a fixed order.
#[derive(Clone, Debug, Template)]
#[template(path = "components/steps.html")]
pub struct Steps {
    t: Texts,
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
struct Step {
    label: String,
    state: StepState,
    href: Option<String>,
}

impl Steps {
    /// No steps yet.
    pub fn new(t: Texts) -> Self {
        Self {
            t,
            steps: Vec::new(),
        }
    }

    /// Adds a step.
    #[must_use]
    pub fn step(mut self, label: impl Into<String>, state: StepState) -> Self {
        self.steps.push(Step {
            label: label.into(),
            state,
            href: None,
        });
        self
    }

    /// Adds a step that can be opened.
    #[must_use]
    pub fn step_at(
        mut self,
        label: impl Into<String>,
        state: StepState,
        href: impl Into<String>,
    ) -> Self {
        self.steps.push(Step {
            label: label.into(),
            state,
            href: Some(href.into()),
        });
        self
    }

    fn summary(&self) -> String {
        let current = self
            .steps
            .iter()
            .position(|step| step.state == StepState::Current);
        let number = current.map_or(self.steps.len(), |index| index.saturating_add(1));
        self.t
            .with2(
                "steps-summary",
                "total",
                self.steps.len(),
                "current",
                number,
            )
            .into_owned()
    }
}

impl Step {
    fn code(&self) -> &'static str {
        match self.state {
            StepState::Ahead => "ahead",
            StepState::Current => "current",
            StepState::Done => "done",
            StepState::Error => "error",
            StepState::Skipped => "skipped",
        }
    }
}

impl HtmlSafe for Steps {}

/// Where one task of a list stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskState {
    /// 「未着手」.
    NotBegun,
    /// 「入力中」.
    Begun,
    /// 「完了」.
    Done,
    /// 「要修正」.
    ToCorrect,
    /// 「まだ入力できません」.
    NotYet,
}

impl TaskState {
    fn code(self) -> &'static str {
        match self {
            Self::NotBegun => "not-begun",
            Self::Begun => "begun",
            Self::Done => "done",
            Self::ToCorrect => "to-correct",
            Self::NotYet => "not-yet",
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::NotBegun => Icon::Empty,
            Self::Begun => Icon::Pen,
            Self::Done => Icon::Done,
            Self::ToCorrect => Icon::Error,
            Self::NotYet => Icon::Lock,
        }
    }
}

/// One part of a filing.
#[derive(Clone, Debug)]
pub struct Task {
    label: String,
    href: String,
    state: TaskState,
    note: Option<String>,
}

impl Task {
    /// A part that opens at `href`.
    pub fn new(label: impl Into<String>, href: impl Into<String>, state: TaskState) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
            state,
            note: None,
        }
    }

    /// Adds a line below the label, such as who is writing.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.note = Some(text.into());
        self
    }
}

/// Parts of a long filing, to be done in any order.
#[derive(Clone, Debug, Template)]
#[template(path = "components/tasks.html")]
pub struct TaskList {
    t: Texts,
    tasks: Vec<Task>,
}

impl TaskList {
    /// A list of parts.
    pub fn new(t: Texts, tasks: Vec<Task>) -> Self {
        Self { t, tasks }
    }

    fn state_text(&self, task: &Task) -> String {
        self.t
            .get(&format!("task-{}", task.state.code()))
            .into_owned()
    }

    fn done(&self) -> usize {
        self.tasks
            .iter()
            .filter(|task| task.state == TaskState::Done)
            .count()
    }
}

impl HtmlSafe for TaskList {}

/// How far something has come, with the numbers in words.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<div class="progress"><span class="progress__label">{{ label }}</span><progress class="progress__bar" value="{{ value }}" max="{{ max }}" aria-label="{{ label }}"></progress></div>"#,
    ext = "html"
)]
pub struct Progress {
    label: String,
    value: u64,
    max: u64,
}

impl Progress {
    /// `value` of `max`; the label says both in words.
    pub fn new(label: impl Into<String>, value: u64, max: u64) -> Self {
        Self {
            label: label.into(),
            value,
            max,
        }
    }
}

impl HtmlSafe for Progress {}
