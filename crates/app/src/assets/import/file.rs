//! The one notification of an import.

use ids::{ComputerId, ImportId};
use model::assets::{ComputerPhase, NotificationDuty};
use policy::{Action, Actor, Resource};

use super::check::loaded;
use crate::assets::file::{ContactInput, FileNotification};
use crate::assets::plan::Pick;
use crate::error::AppError;
use crate::filing::FiledReceiptNumber;
use crate::idempotency::Once;
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
        let at = self.now();
        let mut tx = self.store().begin("import.file").await?;
        let mut head = self.seen_import(&mut tx, actor, id).await?;
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
        let ids: Vec<ComputerId> = entries
            .iter()
            .filter_map(|entry| entry.stored.computer)
            .collect();
        let computers = tx.computers_of(head.owner, &ids).await?;
        let mut picks = Vec::with_capacity(ids.len());
        for id in ids {
            let computer = computers
                .get(&id)
                .ok_or(AppError::Bug("a computer that went away"))?;
            if matches!(computer.phase(), ComputerPhase::Draft) {
                picks.push(Pick {
                    computer: id,
                    version: Some(computer.parts().version),
                });
            }
        }
        if picks.is_empty() {
            return Err(AppError::Conflict("nothing_to_file"));
        }
        let wanted = FileNotification {
            duty: NotificationDuty::New,
            picks,
            contact,
        };
        let once = Once::new(actor, "notification.file", None, &serde_json::Value::Null)?;
        let filed = self
            .file_notification_in(&mut tx, actor, &wanted, once, at)
            .await?;
        "filed".clone_into(&mut head.phase);
        head.filing = Some(filed.filing);
        head.updated_at = at;
        tx.update_import(&head).await?;
        tx.commit().await?;
        Ok(filed)
    }
}
