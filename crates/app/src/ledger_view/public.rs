use ledger::{Resource, SignedCheckpoint, TileStore as _};

use crate::error::AppError;
use crate::instance::App;
use crate::integrator::run_blocking;
use crate::logs::{LogCode, LogError};
use crate::maintenance::WhichCheckpoint;

impl App {
    /// A checkpoint, tile or bundle of a log, as C2SP tlog-tiles serves it; needs no login, since entries reveal
    /// nothing of their acts but how many there are (`docs/ledger/FORMAT.md` section 4).
    ///
    /// The checkpoint bears the newest co-signatures, also those that came after it was published.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where there is none.
    pub async fn log_resource(
        &self,
        log: &LogCode,
        resource: Resource,
    ) -> Result<Vec<u8>, AppError> {
        if resource == Resource::Checkpoint {
            let newest = self.checkpoint(log, WhichCheckpoint::Newest).await?;
            return Ok(newest.to_string().into_bytes());
        }
        let tiles = self.logs().reader(log);
        let bytes = run_blocking(move || {
            tiles.read(&resource).map_err(|source| LogError::Io {
                operation: "read tile",
                source,
            })
        });
        bytes
            .await
            .map_err(AppError::Log)?
            .ok_or(AppError::NotFound)
    }

    /// Takes in a checkpoint with co-signatures, as a witness sends it.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for anything but a checkpoint of this log with a line of a configured witness.
    pub async fn receive_cosignature(&self, log: &LogCode, body: &[u8]) -> Result<(), AppError> {
        let malformed = |_| AppError::field("checkpoint", "checkpoint_malformed");
        let signed = SignedCheckpoint::parse(body).map_err(malformed)?;
        let origin = self.logs().origin(log).map_err(AppError::Log)?;
        if *signed.checkpoint().origin() != origin {
            return Err(AppError::field("checkpoint", "log_unknown"));
        }
        self.take_cosignatures(&signed).await?;
        Ok(())
    }
}
