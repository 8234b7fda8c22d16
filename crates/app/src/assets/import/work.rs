//! Long steps of an import beside the request that asked for them.
//!
//! A step is one transaction, so what ends in the middle of it leaves the import as it was, to be asked for again. What
//! goes on is known to the running program only; what was done stands in the database.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ids::ImportId;
use jiff::Timestamp;
use policy::{Action, Actor, Resource};
use tokio::task::JoinHandle;

use crate::assets::file::ContactInput;
use crate::error::{AppError, report_failure};
use crate::instance::App;

/// Rows from which on a step goes on beside the request.
const MANY_ROWS: u32 = 500;

/// A step of an import that takes long when the rows are many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportStep {
    /// Accepted rows become computers of the register.
    Register,
    /// Its computers are filed.
    File,
}

/// What became of a step that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepBegun {
    /// It is done.
    Done,
    /// It goes on; [`App::import_work`] says how it stands.
    GoesOn,
}

/// How the work on an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportWork {
    /// Nothing goes on.
    Rests,
    /// A step goes on.
    GoesOn {
        /// Which.
        step: ImportStep,
        /// When it began.
        since: Timestamp,
    },
    /// The last step was not done; everything is as it was before.
    Failed {
        /// Which.
        step: ImportStep,
        /// Why: the code of the error.
        code: &'static str,
    },
}

/// Steps that go on, or that ended without being done.
#[derive(Default)]
pub(crate) struct ImportWorks {
    works: Mutex<HashMap<ImportId, Work>>,
}

struct Work {
    standing: ImportWork,
    task: Option<JoinHandle<()>>,
}

impl ImportWorks {
    fn lock(&self) -> MutexGuard<'_, HashMap<ImportId, Work>> {
        self.works.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, id: ImportId) -> ImportWork {
        self.lock()
            .get(&id)
            .map_or(ImportWork::Rests, |work| work.standing)
    }

    fn ended(&self, id: ImportId, step: ImportStep, outcome: Result<(), &'static str>) {
        let mut works = self.lock();
        match outcome {
            Ok(()) => drop(works.remove(&id)),
            Err(code) => {
                works.insert(
                    id,
                    Work {
                        standing: ImportWork::Failed { step, code },
                        task: None,
                    },
                );
            }
        }
    }
}

impl App {
    /// As [`App::register_import`]; many rows are registered beside the request. Asked again meanwhile, it goes on once.
    ///
    /// # Errors
    /// [`AppError::Stale`] and [`AppError::Conflict`] where that can be said at once.
    pub async fn begin_register_import(
        &self,
        actor: &Actor,
        id: ImportId,
        version: i64,
    ) -> Result<StepBegun, AppError> {
        let view = self.view_import(actor, id).await?;
        if view.counts.accepted() < MANY_ROWS {
            self.register_import(actor, id, version).await?;
            return Ok(StepBegun::Done);
        }
        let register = Resource::Register {
            owner: view.head.owner,
        };
        drop(
            self.policy()
                .check(actor, Action::EditRegister, &register)?,
        );
        if self.goes_on(id) {
            return Ok(StepBegun::GoesOn);
        }
        if view.head.phase != "open" {
            return Err(AppError::Conflict("import_closed"));
        }
        if view.head.version != version {
            return Err(AppError::Stale);
        }
        let (app, actor) = (self.clone(), actor.clone());
        self.go_on(id, ImportStep::Register, async move {
            app.register_import(&actor, id, version).await.map(drop)
        });
        Ok(StepBegun::GoesOn)
    }

    /// As [`App::file_import`]; many computers are filed beside the request. Asked again meanwhile, it goes on once.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for the contact; [`AppError::Conflict`] while the rows are not registered.
    pub async fn begin_file_import(
        &self,
        actor: &Actor,
        id: ImportId,
        contact: ContactInput,
    ) -> Result<StepBegun, AppError> {
        let view = self.view_import(actor, id).await?;
        if view.counts.registered < MANY_ROWS || view.head.phase == "filed" {
            self.file_import(actor, id, contact).await?;
            return Ok(StepBegun::Done);
        }
        let register = Resource::Register {
            owner: view.head.owner,
        };
        drop(
            self.policy()
                .check(actor, Action::FileNotification, &register)?,
        );
        contact.check()?;
        if self.goes_on(id) {
            return Ok(StepBegun::GoesOn);
        }
        if view.head.phase != "registered" {
            return Err(AppError::Conflict("import_not_registered"));
        }
        let (app, actor) = (self.clone(), actor.clone());
        self.go_on(id, ImportStep::File, async move {
            app.file_import(&actor, id, contact).await.map(drop)
        });
        Ok(StepBegun::GoesOn)
    }

    /// How the work on an import stands, with its phase.
    pub async fn import_work(&self, actor: &Actor, id: ImportId) -> Result<ImportWork, AppError> {
        let mut tx = self.store().begin_read("import.work").await?;
        self.seen_import(&mut tx, actor, id).await?;
        Ok(self.import_works().of(id))
    }

    /// Waits until every step that goes on has ended; for the end of the program.
    pub async fn finish_import_work(&self) {
        loop {
            let tasks: Vec<JoinHandle<()>> = self
                .import_works()
                .lock()
                .values_mut()
                .filter_map(|work| work.task.take())
                .collect();
            if tasks.is_empty() {
                return;
            }
            for task in tasks {
                // One that ended with a panic has nothing more to wait for.
                drop(task.await);
            }
        }
    }

    fn goes_on(&self, id: ImportId) -> bool {
        matches!(self.import_works().of(id), ImportWork::GoesOn { .. })
    }

    fn go_on(
        &self,
        id: ImportId,
        step: ImportStep,
        work: impl Future<Output = Result<(), AppError>> + Send + 'static,
    ) {
        let since = self.now();
        let app = self.clone();
        let mut works = self.import_works().lock();
        let running = works
            .get(&id)
            .is_some_and(|work| matches!(work.standing, ImportWork::GoesOn { .. }));
        if running {
            return;
        }
        // The task waits for the lock before it says that it ended, so it finds its own entry.
        let task = tokio::spawn(async move {
            // A panic is caught by the task inside, so that the entry never says that it goes on for ever.
            let outcome = match tokio::spawn(work).await {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => {
                    report_failure("a step of an import was not done", &error);
                    Err(error.code())
                }
                Err(_) => Err("internal"),
            };
            app.import_works().ended(id, step, outcome);
        });
        works.insert(
            id,
            Work {
                standing: ImportWork::GoesOn { step, since },
                task: Some(task),
            },
        );
    }
}
