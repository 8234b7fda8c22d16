//! Rule packs from outside the program (DESIGN §4): signed by several, proposed by one person, approved by another.

use config::{Config, Law};
use ids::{Digest, RulePackId};
use jiff::civil::Date;
use ledger::{Algorithm, Note, NoteError, VerifierKey};
use policy::{Action, Actor, Denied, Permit, Resource};
use serde_json::json;
use statute::{HeaderError, PackError, PackHeader, ReplacementError, RuleBook};
use store::official::{self, OfficialTable};
use store::rows::rules::{NewRulePack, RulePack};
use store::{Store, StoreError, Tx};
use thiserror::Error;

use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::instance::App;
use crate::logs::LogCode;

/// Packs shown in a list.
const LISTED: u32 = 100;

/// Whose signatures make a pack acceptable, from the settings of the instance.
#[derive(Clone, Debug)]
pub struct PackTrust {
    keys: Vec<VerifierKey>,
    quorum: usize,
}

/// Why a pack is not accepted.
#[derive(Debug, Error)]
pub enum PackRefusal {
    /// Nobody is trusted.
    #[error("law.pack_keys lists no key, so no rule pack from outside the program is accepted")]
    NoKeys,
    /// A setting is no public key of type 0x01.
    #[error("law.pack_keys holds something else than public keys of signers")]
    Key,
    /// The note cannot be read.
    #[error("the signed note of the pack cannot be read")]
    Note(#[source] NoteError),
    /// Too few of those who are trusted have signed.
    #[error("the pack bears {found} signatures of keys in law.pack_keys; {required} are required")]
    Signatures {
        /// Signers found.
        found: usize,
        /// Signers required.
        required: usize,
    },
    /// What was signed is something else.
    #[error("what was signed is not a rule pack")]
    Header(#[source] HeaderError),
    /// The text cannot take the place of the rule book.
    #[error("the pack cannot take the place of the rule book")]
    Replacement(#[source] ReplacementError),
    /// A pack of this number or a later one is in force.
    #[error("pack {number} is older than pack {in_force}, which is in force")]
    Older {
        /// Number of the pack.
        number: u32,
        /// Number of the one in force.
        in_force: u32,
    },
    /// The day of issue is still to come.
    #[error("the pack says that it was issued on {0}, which is still to come")]
    Future(Date),
    /// What stands beside the note in the database contradicts it.
    #[error("the pack in the database is not the one that was signed")]
    Altered,
    /// The rule book of the program itself is damaged.
    #[error("the rule book of the program cannot be read")]
    Embedded(#[source] PackError),
}

/// Why a use case of packs did not do what was asked.
#[derive(Debug, Error)]
pub enum RulePackError {
    /// The pack is not accepted.
    #[error("the rule pack is refused")]
    Refused(#[source] PackRefusal),
    /// Any other reason.
    #[error(transparent)]
    App(AppError),
}

impl From<AppError> for RulePackError {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<StoreError> for RulePackError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

impl From<Denied> for RulePackError {
    fn from(denied: Denied) -> Self {
        Self::App(denied.into())
    }
}

impl From<PackRefusal> for RulePackError {
    fn from(refusal: PackRefusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A pack with what it would change.
#[derive(Clone, Debug)]
pub struct RulePackView {
    /// The pack, and who approved it.
    pub pack: RulePack,
    /// Keys of the rule book whose entries differ from the rule book of this program now.
    pub changed: Vec<String>,
}

impl PackTrust {
    /// Reads the trust settings.
    pub fn of(law: &Law) -> Result<Self, PackRefusal> {
        if law.pack_keys.is_empty() {
            return Err(PackRefusal::NoKeys);
        }
        let mut keys = Vec::with_capacity(law.pack_keys.len());
        for text in &law.pack_keys {
            let key = VerifierKey::parse(text).map_err(|_| PackRefusal::Key)?;
            // A witness signs what others wrote; whoever signs a pack answers for what it says.
            if key.algorithm() != Algorithm::Ed25519 {
                return Err(PackRefusal::Key);
            }
            keys.push(key);
        }
        Ok(Self {
            keys,
            quorum: usize::try_from(law.pack_quorum).unwrap_or(usize::MAX),
        })
    }
}

/// Checks signatures, header and text of a pack, and reads its rule book.
pub fn open_pack(
    note: &str,
    body: &str,
    trust: &PackTrust,
) -> Result<(PackHeader, RuleBook), PackRefusal> {
    let unsigned = |found| PackRefusal::Signatures {
        found,
        required: trust.quorum,
    };
    // A note to which nobody has put a line yet ends where the lines would begin.
    if note.ends_with("\n\n") {
        return Err(unsigned(0));
    }
    let note = Note::parse(note.as_bytes()).map_err(|error| match error {
        NoteError::NoSignatures => unsigned(0),
        other => PackRefusal::Note(other),
    })?;
    note.require(&trust.keys, trust.quorum)
        .map_err(|error| match error {
            NoteError::TooFewSignatures { found, .. } => unsigned(found),
            other => PackRefusal::Note(other),
        })?;
    let header = PackHeader::parse(note.text()).map_err(PackRefusal::Header)?;
    let book = RuleBook::from_signed(&header, body).map_err(PackRefusal::Replacement)?;
    Ok((header, book))
}

/// The rule book of an instance: the pack in force, checked again with the keys that are trusted now, or the embedded
/// one where there is none.
pub(crate) async fn rule_book_of(
    store: &Store,
    config: &Config,
) -> Result<RuleBook, RulePackError> {
    let mut tx = store.begin_read("rule_pack.in_force").await?;
    let Some(pack) = tx.rule_pack_in_force().await? else {
        return RuleBook::embedded()
            .map_err(PackRefusal::Embedded)
            .map_err(Into::into);
    };
    let pack = pack.proposal;
    let trust = PackTrust::of(&config.law)?;
    let (header, book) = open_pack(&pack.note, &pack.body, &trust)?;
    if header.number != pack.number || header.digest.as_bytes() != pack.digest.as_bytes() {
        return Err(PackRefusal::Altered.into());
    }
    Ok(book)
}

impl App {
    /// Keeps a signed pack for approval by another person. Nothing changes until then.
    ///
    /// # Errors
    /// [`PackRefusal`] when it is not signed by enough trusted keys, older than the one in force, or does not fit.
    pub async fn propose_rule_pack(
        &self,
        actor: &Actor,
        note: &str,
        body: &str,
    ) -> Result<RulePackId, RulePackError> {
        let at = self.now();
        let mut tx = self.store().begin("rule_pack.propose").await?;
        let permit = self
            .policy()
            .check(actor, Action::ProposeRulePack, &Resource::RuleBook)?;
        let header = self.acceptable(&mut tx, note, body).await?;
        let pack = NewRulePack {
            id: self.ids().next(),
            number: header.number,
            name: header.name.clone(),
            issued_on: header.issued_on,
            digest: Digest::from_bytes(*header.digest.as_bytes()),
            body: body.to_owned(),
            note: note.to_owned(),
            proposed_by: actor.person,
            proposed_at: at,
        };
        tx.insert_rule_pack(&pack).await?;
        self.record_pack(
            &mut tx,
            permit,
            "rule_pack.proposed",
            &pack,
            &official::RULE_PACK,
            at,
        )
        .await?;
        tx.commit().await?;
        Ok(pack.id)
    }

    /// Puts a proposed pack in force, from the next start of each program on.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for the person who proposed it; [`AppError::Conflict`] when it was approved before;
    /// [`PackRefusal`] when it is not acceptable any more.
    pub async fn approve_rule_pack(
        &self,
        actor: &Actor,
        id: RulePackId,
    ) -> Result<RulePack, RulePackError> {
        let at = self.now();
        let mut tx = self.store().begin("rule_pack.approve").await?;
        let (pack, permit) = self
            .pack_for(&mut tx, actor, Action::ApproveRulePack, id)
            .await?;
        if pack.approval.is_some() {
            return Err(AppError::Conflict("rule_pack_approved").into());
        }
        let pack = pack.proposal;
        self.acceptable(&mut tx, &pack.note, &pack.body).await?;
        tx.approve_rule_pack(id, pack.number, actor.person, at)
            .await
            .map_err(|error| match error {
                StoreError::Taken { .. } => AppError::Conflict("rule_pack_approved"),
                other => other.into(),
            })?;
        self.record_pack(
            &mut tx,
            permit,
            "rule_pack.approved",
            &pack,
            &official::RULE_PACK_APPROVAL,
            at,
        )
        .await?;
        tx.commit().await?;
        Ok(RulePack {
            proposal: pack,
            approval: Some((actor.person, at)),
        })
    }

    /// Packs of this instance, the newest proposal first.
    pub async fn rule_packs(&self, actor: &Actor) -> Result<Vec<RulePack>, RulePackError> {
        let permit = self
            .policy()
            .check(actor, Action::ViewRuleBook, &Resource::RuleBook)?;
        // The law is public; looking at it is no act.
        drop(permit);
        let mut tx = self.store().begin_read("rule_pack.list").await?;
        Ok(tx.rule_packs(LISTED).await?)
    }

    /// A pack, and which rules it would change.
    pub async fn view_rule_pack(
        &self,
        actor: &Actor,
        id: RulePackId,
    ) -> Result<RulePackView, RulePackError> {
        let mut tx = self.store().begin_read("rule_pack.view").await?;
        let (pack, permit) = self
            .pack_for(&mut tx, actor, Action::ViewRuleBook, id)
            .await?;
        drop(permit);
        let trust = PackTrust::of(&self.config().law)?;
        let (_, book) = open_pack(&pack.proposal.note, &pack.proposal.body, &trust)?;
        Ok(RulePackView {
            changed: statute::changed_keys(self.rules(), &book),
            pack,
        })
    }

    async fn pack_for(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        action: Action,
        id: RulePackId,
    ) -> Result<(RulePack, Permit), RulePackError> {
        let pack = tx.rule_pack(id).await?.ok_or(AppError::NotFound)?;
        let resource = Resource::RulePack {
            id,
            proposed_by: pack.proposal.proposed_by,
        };
        let permit = self.policy().check(actor, action, &resource)?;
        Ok((pack, permit))
    }

    /// Checks everything about a pack that can be checked now.
    async fn acceptable(
        &self,
        tx: &mut Tx,
        note: &str,
        body: &str,
    ) -> Result<PackHeader, RulePackError> {
        let trust = PackTrust::of(&self.config().law)?;
        let (header, _) = open_pack(note, body, &trust)?;
        if self.today() < header.issued_on {
            return Err(PackRefusal::Future(header.issued_on).into());
        }
        if let Some(in_force) = tx.rule_pack_in_force().await?
            && header.number <= in_force.proposal.number
        {
            return Err(PackRefusal::Older {
                number: header.number,
                in_force: in_force.proposal.number,
            }
            .into());
        }
        Ok(header)
    }

    async fn record_pack(
        &self,
        tx: &mut Tx,
        permit: Permit,
        act: &'static str,
        pack: &NewRulePack,
        table: &'static OfficialTable,
        at: jiff::Timestamp,
    ) -> Result<(), AppError> {
        let act = ActDraft {
            act,
            subject: Subject::new("rule_pack", pack.id),
            details: json!({
                "name": pack.name,
                "number": pack.number,
                "issued_on": pack.issued_on.to_string(),
                "sha256": pack.digest.to_string(),
            }),
            rows: tx.official_rows(table, pack.id.uuid()).await?,
            logs: vec![LogCode::instance()],
        };
        self.record(tx, permit, &act, at).await?;
        Ok(())
    }
}
