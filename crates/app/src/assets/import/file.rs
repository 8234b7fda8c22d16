//! The one notification of an import.

use ids::ImportId;
use model::assets::{ComputerPhase, NotificationDuty};
use policy::{Action, Actor, Resource};

use super::check::loaded;
use crate::assets::file::{ContactInput, FileNotification};
use crate::assets::plan::Pick;
use crate::error::AppError;
use crate::filing::FiledReceiptNumber;
use crate::instance::App;

impl App {
    /// Files one notification of all computers of an import that are to be notified (Act Art. 4(1)): one number and
    /// receipt for all of them. Asked twice, it tells of the first time.
    ///
    /// # Errors
    /// [`AppError::Conflict`] while the rows are not registered, or when all of them need not be notified.
    pub async fn file_import(
        &self,
        actor: &Actor,
        id: ImportId,
        contact: ContactInput,
    ) -> Result<FiledReceiptNumber, AppError> {
        let picks = {
            let mut tx = self.store().begin_read("import.picks").await?;
            let head = self.seen_import(&mut tx, actor, id).await?;
            let register = Resource::Register { owner: head.owner };
            drop(
                self.policy()
                    .check(actor, Action::FileNotification, &register)?,
            );
            match (head.phase.as_str(), head.filing) {
                ("filed", Some(filing)) => {
                    let filing = tx
                        .filing(filing)
                        .await?
                        .ok_or(AppError::Bug("a filing that went away"))?;
                    return Ok(FiledReceiptNumber {
                        filing: filing.id,
                        number: filing.number,
                        arrived_at: filing.filed_at,
                    });
                }
                ("registered", None) => {}
                _ => return Err(AppError::Conflict("import_not_registered")),
            }
            let (_, entries) = loaded(&mut tx, id).await?;
            let mut picks = Vec::new();
            for entry in entries {
                let Some(computer) = entry.stored.computer else {
                    continue;
                };
                let computer = tx
                    .computer(computer)
                    .await?
                    .ok_or(AppError::Bug("a computer that went away"))?;
                if matches!(computer.phase(), ComputerPhase::Draft) {
                    picks.push(Pick {
                        computer: computer.id(),
                        version: Some(computer.parts().version),
                    });
                }
            }
            picks
        };
        if picks.is_empty() {
            return Err(AppError::Conflict("nothing_to_file"));
        }
        let wanted = FileNotification {
            duty: NotificationDuty::New,
            picks,
            contact,
        };
        let filed = self.file_notification(actor, &wanted, None).await?;
        let mut tx = self.store().begin("import.filed").await?;
        let mut head = tx.import(id).await?.ok_or(AppError::NotFound)?;
        "filed".clone_into(&mut head.phase);
        head.filing = Some(filed.filing);
        head.updated_at = self.now();
        tx.update_import(&head).await?;
        tx.commit().await?;
        Ok(filed)
    }
}
