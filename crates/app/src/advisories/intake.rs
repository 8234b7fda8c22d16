use std::path::{Path, PathBuf};
use std::time::Duration;

use formats::advisories::{Advisory, AdvisoryError, MAX_FILE_BYTES};
use ids::{AdvisoryFileId, Digest};
use model::names::MatchKey;
use names::{Learned, Matcher, Query, Reason};
use policy::{Action, Actor, Resource};
use sha2::{Digest as _, Sha256};
use store::rows::advisories::{AdvisoryFile, NewAdvisory, NewAdvisoryProduct};
use tokio::time::Instant;

use crate::error::{AppError, report_failure};
use crate::instance::App;

/// Files taken in one round; the rest wait for the next.
const MAX_FILES: usize = 200;
/// Names that may still be written to are left alone.
const UNFINISHED: [&str; 3] = [".part", ".tmp", ".filepart"];
/// How well a name must fit, where it is not sure, to be taken for a product.
const LEAST_SCORE: u16 = 800;

/// What one round found in the folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenIn {
    /// Files that were read.
    pub read: u32,
    /// Files that were set aside.
    pub set_aside: u32,
    /// Pieces of information that are new or changed.
    pub changed: u32,
}

impl App {
    /// Looks into the folder when it is time, and compares what is new. Failures are logged; the worker goes on.
    pub(crate) async fn look_for_advisories(&self, looked: &mut Option<Instant>) {
        let settings = &self.config().advisories;
        if settings.folder.is_none() {
            return;
        }
        let pause = Duration::from_secs(settings.check_secs);
        if looked.is_some_and(|at| at.elapsed() < pause) {
            return;
        }
        *looked = Some(Instant::now());
        if let Err(error) = self.take_in_advisories().await {
            report_failure("the folder of advisories cannot be read", &error);
        }
        if let Err(error) = self.compare_registers().await {
            report_failure("registers were not compared with advisories", &error);
        }
    }

    /// Takes in the files of the folder: those that can be read go to `read/`, the others to `set-aside/` with a reason
    /// in the list. Nothing is deleted.
    pub async fn take_in_advisories(&self) -> Result<TakenIn, AppError> {
        let mut taken = TakenIn::default();
        let Some(folder) = self.config().advisories.folder.clone() else {
            return Ok(taken);
        };
        for path in waiting(&folder).await? {
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            let octets = read_limited(&path).await?;
            let digest = Digest::from_bytes(Sha256::digest(&octets).into());
            let mut tx = self.store().begin_read("advisories.known").await?;
            let known = tx.advisory_file_known(&digest, name).await?;
            drop(tx);
            let set_aside = if known {
                false
            } else {
                self.take_in(name, octets, &digest, &mut taken).await?
            };
            move_on(&folder, &path, set_aside, &digest).await;
        }
        Ok(taken)
    }

    /// Files found so far, newest first.
    ///
    /// # Errors
    /// Refused to all but whoever runs the instance.
    pub async fn advisory_files(
        &self,
        actor: &Actor,
        before: Option<AdvisoryFileId>,
        limit: u32,
    ) -> Result<Vec<AdvisoryFile>, AppError> {
        drop(
            self.policy()
                .check(actor, Action::ViewOutbox, &Resource::Outbox)?,
        );
        let mut tx = self.store().begin_read("advisories.files").await?;
        Ok(tx.advisory_files(before, self.page_limit(limit)).await?)
    }

    /// Reads one file and keeps what is in it; tells whether it was set aside.
    async fn take_in(
        &self,
        name: &str,
        octets: Vec<u8>,
        digest: &Digest,
        taken: &mut TakenIn,
    ) -> Result<bool, AppError> {
        let read = tokio::task::spawn_blocking(move || formats::advisories::parse(&octets))
            .await
            .map_err(|_| AppError::Bug("reading an advisory ended early"))?;
        let at = self.now();
        let (advisories, set_aside) = match read {
            Ok(advisories) => (advisories, None),
            Err(error) => (Vec::new(), Some(AdvisoryError::code(error).to_owned())),
        };
        let file = AdvisoryFile {
            id: self.ids().next(),
            name: name.chars().take(200).collect(),
            entries: u32::try_from(advisories.len()).unwrap_or(u32::MAX),
            set_aside,
            received_at: at,
        };
        let aside = file.set_aside.is_some();
        let app = self.clone();
        let file_id = file.id;
        let rows = tokio::task::spawn_blocking(move || {
            advisories
                .into_iter()
                .map(|advisory| app.new_advisory(advisory, file_id))
                .collect::<Result<Vec<_>, _>>()
        })
        .await
        .map_err(|_| AppError::Bug("matching an advisory ended early"))??;
        let mut tx = self.store().begin("advisories.take_in").await?;
        tx.insert_advisory_file(&file, digest).await?;
        for advisory in &rows {
            let changed = tx.keep_advisory(advisory, at).await?;
            taken.changed = taken.changed.saturating_add(u32::from(changed));
        }
        tx.commit().await?;
        if aside {
            taken.set_aside = taken.set_aside.saturating_add(1);
        } else {
            taken.read = taken.read.saturating_add(1);
        }
        Ok(aside)
    }

    fn new_advisory(
        &self,
        advisory: Advisory,
        file: AdvisoryFileId,
    ) -> Result<NewAdvisory, AppError> {
        let matcher = self.matcher()?;
        // Debug output of what was read is stable within one program, which is all the comparison needs; a new program
        // that reads more of a file keeps it anew.
        let digest = Digest::from_bytes(Sha256::digest(format!("{advisory:?}")).into());
        let products = advisory
            .products
            .iter()
            .map(|each| NewAdvisoryProduct {
                maker: each.maker.clone(),
                product: each.product.clone(),
                versions: each.versions.join("\n"),
                keys: (
                    MatchKey::of_maker_search(&each.maker).as_str().to_owned(),
                    MatchKey::of_search(&each.product).as_str().to_owned(),
                ),
                meant_product: meant(matcher, &each.maker, &each.product),
            })
            .collect();
        Ok(NewAdvisory {
            id: self.ids().next(),
            source: advisory.source.code(),
            number: advisory.number,
            title: advisory.title,
            published_on: advisory.published_on,
            cves: advisory.cves.join("\n"),
            link: advisory.link,
            digest,
            file,
            products,
        })
    }
}

/// The product of the master that a name in an advisory is taken for.
fn meant(matcher: &Matcher, maker: &str, product: &str) -> Option<String> {
    let query = Query {
        maker: (!maker.is_empty()).then_some(maker),
        product,
    };
    let first = matcher
        .suggest(&query, &Learned::default())
        .into_iter()
        .next()?;
    let fits = first.preselected
        || (LEAST_SCORE <= first.score && first.reasons.contains(&Reason::MakerName));
    first.product_id.filter(|_| fits)
}

/// Finished files of the folder, by name.
async fn waiting(folder: &Path) -> Result<Vec<PathBuf>, AppError> {
    let mut entries = tokio::fs::read_dir(folder)
        .await
        .map_err(AppError::Folder)?;
    let mut found = Vec::new();
    while let Some(entry) = entries.next_entry().await.map_err(AppError::Folder)? {
        let plain = entry.file_type().await.map_err(AppError::Folder)?.is_file();
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let unfinished = UNFINISHED.iter().any(|end| name.ends_with(end));
        if plain && !unfinished && !name.starts_with('.') {
            found.push(entry.path());
        }
    }
    found.sort();
    found.truncate(MAX_FILES);
    Ok(found)
}

/// The octets of a file, one more than may be read when it is too large.
async fn read_limited(path: &Path) -> Result<Vec<u8>, AppError> {
    use tokio::io::AsyncReadExt as _;

    let file = tokio::fs::File::open(path)
        .await
        .map_err(AppError::Folder)?;
    let limit = u64::try_from(MAX_FILE_BYTES).unwrap_or(u64::MAX);
    let mut octets = Vec::new();
    file.take(limit.saturating_add(1))
        .read_to_end(&mut octets)
        .await
        .map_err(AppError::Folder)?;
    Ok(octets)
}

/// Moves a file that was dealt with. Where that is not possible it stays, and is known by its digest.
async fn move_on(folder: &Path, path: &Path, set_aside: bool, digest: &Digest) {
    let place = folder.join(if set_aside { "set-aside" } else { "read" });
    let Some(name) = path.file_name() else { return };
    let mut target = place.join(name);
    let moved = async {
        tokio::fs::create_dir_all(&place).await?;
        if tokio::fs::try_exists(&target).await? {
            let digest: String = digest.to_string().chars().take(16).collect();
            target = place.join(format!("{digest}-{}", name.to_string_lossy()));
        }
        tokio::fs::rename(path, &target).await
    };
    if moved.await.is_err() {
        tracing::warn!("an advisory file cannot be moved within its folder");
    }
}
