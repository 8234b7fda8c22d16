use std::fmt;
use std::str::FromStr;

use ids::{DirectiveId, DirectiveKind, FilingId};
use jiff::Timestamp;
use model::orders::{DirectiveFile, DirectiveState, Opening};
use model::organisation::Organisation;
use policy::{Action, Actor, DirectiveFacts, Permit, Resource, StepUp};
use serde_json::{Value, json};
use statute::Entry;
use store::{DirectiveCursor, StoreError, Tx, official};

use crate::act::{ActDraft, Subject};
use crate::error::AppError;
use crate::filing::facts;
use crate::instance::App;
use crate::logs::LogCode;

/// Directives about one filing that its page shows.
const OF_FILING: u32 = 50;

/// A directive with everything around it that its reader may see.
#[derive(Clone, Debug)]
pub struct DirectiveView {
    /// The directive, and what came of it.
    pub file: DirectiveFile,
    /// Where it stands today.
    pub state: DirectiveState,
    /// The authority.
    pub issuer: Organisation,
    /// To whom it is directed.
    pub addressee: Organisation,
    /// The operator concerned.
    pub operator: Organisation,
    /// The filing that it is about, if the reader may see it.
    pub filing: Option<LinkedFiling>,
    /// Filings that answers name, if the reader may see them.
    pub answers: Vec<LinkedFiling>,
    /// What the rule book says of the kind: its basis first, then what follows from a breach.
    pub law: Vec<Entry>,
    /// Whether the reader's organisation issued it.
    pub issued_here: bool,
    /// What the reader may do with it.
    pub allowed: DirectiveAllowed,
}

/// What a reader may do with a directive. A stale second factor is asked for then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DirectiveAllowed {
    /// Answer it.
    pub reply: bool,
    /// End it.
    pub close: bool,
}

/// A filing, as a link names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedFiling {
    /// The filing.
    pub id: FilingId,
    /// 受付番号.
    pub number: String,
}

/// A directive in a list.
#[derive(Clone, Debug)]
pub struct DirectiveItem {
    /// The directive, and what came of it.
    pub file: DirectiveFile,
    /// Where it stands today.
    pub state: DirectiveState,
    /// The authority, in Japanese and English.
    pub issuer: (String, String),
    /// The addressee, in Japanese and English.
    pub addressee: (String, String),
    /// The operator concerned, in Japanese and English.
    pub operator: (String, String),
    /// Whether the reader's organisation issued it.
    pub issued_here: bool,
}

/// One page of a list of directives, the newest first.
#[derive(Clone, Debug, Default)]
pub struct DirectiveList {
    /// Directives.
    pub items: Vec<DirectiveItem>,
    /// Where the list goes on.
    pub next: Option<DirectiveListCursor>,
}

/// Which directives are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DirectiveListFilter {
    /// Only those that have not ended.
    pub open_only: bool,
    /// Where to go on.
    pub after: Option<DirectiveListCursor>,
}

/// Where a list goes on: after this entry. Holds nothing but what the list showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectiveListCursor(DirectiveCursor);

impl fmt::Display for DirectiveListCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0.issued_at.as_microsecond(), self.0.id)
    }
}

impl FromStr for DirectiveListCursor {
    type Err = AppError;

    fn from_str(text: &str) -> Result<Self, AppError> {
        let wrong = || AppError::field("cursor", "cursor_unknown");
        let (micros, id) = text.split_once('.').ok_or_else(wrong)?;
        let micros: i64 = micros.parse().map_err(|_| wrong())?;
        Ok(Self(DirectiveCursor {
            issued_at: Timestamp::from_microsecond(micros).map_err(|_| wrong())?,
            id: id.parse().map_err(|_| wrong())?,
        }))
    }
}

impl App {
    /// Shows a directive. The first opening by the addressee is an act that the authority sees; the authority's reading
    /// of answers is recorded as every reading of what others sent.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever may not know that it exists.
    pub async fn view_directive(
        &self,
        actor: &Actor,
        id: DirectiveId,
    ) -> Result<DirectiveView, AppError> {
        let mut tx = self.store().begin_read("directive.view").await?;
        let mut file = tx.directive(id).await?.ok_or(AppError::NotFound)?;
        let permit =
            self.policy()
                .check(actor, Action::ViewDirective, &directive_resource(&file))?;
        drop(tx);
        let received = file.directive.addressee == actor.organisation;
        if received && file.opening.is_none() {
            file.opening = Some(self.record_opening(permit, actor, &file).await?);
        } else if !received && !file.replies.is_empty() {
            self.record_directive_read(permit, actor, &file).await?;
        } else {
            // One's own, or read before: no leaf.
            drop(permit);
        }
        self.assemble_directive(actor, file).await
    }

    /// The directives that the actor's organisation issued or received, the newest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever has none to see.
    pub async fn directives(
        &self,
        actor: &Actor,
        filter: DirectiveListFilter,
        limit: u32,
    ) -> Result<DirectiveList, AppError> {
        let scope = self.policy().directive_scope(actor, Action::ViewDirective);
        if scope.is_empty() {
            return Err(AppError::NotFound);
        }
        let limit = self.page_limit(limit);
        let mut tx = self.store().begin_read("directive.list").await?;
        let after = filter.after.map(|cursor| cursor.0);
        let mut files = tx
            .directives(&scope, filter.open_only, after, limit.saturating_add(1))
            .await?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = limit < files.len();
        files.truncate(limit);
        let next = files.last().filter(|_| more).map(|last| {
            DirectiveListCursor(DirectiveCursor {
                issued_at: last.directive.issued_at,
                id: last.directive.id,
            })
        });
        let items = self.directive_items(&mut tx, actor, files).await?;
        Ok(DirectiveList { items, next })
    }

    /// The directives about one filing that the actor may see, the newest first.
    pub async fn directives_about(
        &self,
        actor: &Actor,
        filing: FilingId,
    ) -> Result<Vec<DirectiveItem>, AppError> {
        let scope = self.policy().directive_scope(actor, Action::ViewDirective);
        let mut tx = self.store().begin_read("directive.about").await?;
        let files = tx.directives_of_filing(filing, &scope, OF_FILING).await?;
        self.directive_items(&mut tx, actor, files).await
    }

    async fn directive_items(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        files: Vec<DirectiveFile>,
    ) -> Result<Vec<DirectiveItem>, AppError> {
        let today = self.today();
        let mut items = Vec::with_capacity(files.len());
        for file in files {
            let issuer = self.owner_of(tx, file.directive.issuer).await?;
            let addressee = self.owner_of(tx, file.directive.addressee).await?;
            let operator = self.owner_of(tx, file.directive.operator).await?;
            items.push(DirectiveItem {
                state: file.state(today),
                issuer: (issuer.name_ja, issuer.name_en),
                addressee: (addressee.name_ja, addressee.name_en),
                operator: (operator.name_ja, operator.name_en),
                issued_here: file.directive.issuer == actor.organisation,
                file,
            });
        }
        Ok(items)
    }

    /// Records the first opening by the addressee, in the log of the authority.
    async fn record_opening(
        &self,
        permit: Permit,
        actor: &Actor,
        file: &DirectiveFile,
    ) -> Result<Opening, AppError> {
        let id = file.directive.id;
        let opening = Opening {
            opened_by: actor.person,
            opened_at: self.now(),
        };
        let mut tx = self.store().begin("directive.open").await?;
        match tx.insert_directive_opening(id, &opening).await {
            Ok(()) => {}
            // A colleague opened it at the same moment; that leaf stands.
            Err(StoreError::Taken { .. }) => {
                drop(tx);
                let mut tx = self.store().begin_read("directive.view").await?;
                let file = tx.directive(id).await?.ok_or(AppError::NotFound)?;
                return file
                    .opening
                    .ok_or(AppError::Bug("an opening that is taken and absent"));
            }
            Err(other) => return Err(other.into()),
        }
        let act = ActDraft {
            act: "directive.opened",
            subject: Subject::new("directive", id),
            details: json!({ "number": file.directive.number.as_str() }),
            rows: tx
                .official_rows(&official::DIRECTIVE_OPENING, id.uuid())
                .await?,
            logs: vec![self.directive_log(&mut tx, file).await?],
        };
        self.record(&mut tx, permit, &act, opening.opened_at)
            .await?;
        tx.commit().await?;
        Ok(opening)
    }

    async fn record_directive_read(
        &self,
        permit: Permit,
        actor: &Actor,
        file: &DirectiveFile,
    ) -> Result<(), AppError> {
        let replies: Value = file
            .replies
            .iter()
            .map(|reply| json!([reply.id.to_string(), reply.text]))
            .collect();
        let shown = ledger::canonical_json(&replies)
            .map_err(|_| AppError::Bug("answers without canonical form"))?;
        let mut tx = self.store().begin_read("directive.view").await?;
        let log = self
            .log_of(&mut tx, actor.organisation)
            .await?
            .unwrap_or_else(LogCode::instance);
        drop(tx);
        let subject = Subject::new("directive", file.directive.id);
        self.record_read(permit, subject, log, shown.as_bytes())
            .await
    }

    /// The log of the authority that issued it: its acts and the answers to it stand there.
    pub(super) async fn directive_log(
        &self,
        tx: &mut Tx,
        file: &DirectiveFile,
    ) -> Result<LogCode, AppError> {
        self.log_of(tx, file.directive.issuer)
            .await?
            .ok_or(AppError::Bug("an authority without a log"))
    }

    async fn assemble_directive(
        &self,
        actor: &Actor,
        file: DirectiveFile,
    ) -> Result<DirectiveView, AppError> {
        let mut tx = self.store().begin_read("directive.view").await?;
        let tx = &mut tx;
        let raised = Actor {
            step_up: StepUp::Fresh,
            ..actor.clone()
        };
        let resource = directive_resource(&file);
        let may = |action| file.is_open() && self.policy().may(&raised, action, &resource);
        let allowed = DirectiveAllowed {
            reply: may(Action::ReplyToDirective),
            close: may(Action::CloseDirective),
        };
        let filing = match file.directive.filing {
            Some(filing) => self.linked(tx, actor, filing).await?,
            None => None,
        };
        let mut answers = Vec::new();
        for filing in file.replies.iter().filter_map(|reply| reply.filing) {
            answers.extend(self.linked(tx, actor, filing).await?);
        }
        Ok(DirectiveView {
            state: file.state(self.today()),
            issuer: self.owner_of(tx, file.directive.issuer).await?,
            addressee: self.owner_of(tx, file.directive.addressee).await?,
            operator: self.owner_of(tx, file.directive.operator).await?,
            filing,
            answers,
            law: self.directive_law(file.directive.kind),
            issued_here: file.directive.issuer == actor.organisation,
            allowed,
            file,
        })
    }

    /// What the rule book says of a kind today.
    pub(super) fn directive_law(&self, kind: DirectiveKind) -> Vec<Entry> {
        let today = self.today();
        keys(kind)
            .iter()
            .filter_map(|key| self.rules().entry(key, today).cloned())
            .collect()
    }

    /// A filing as a link, where the reader may see it.
    async fn linked(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: FilingId,
    ) -> Result<Option<LinkedFiling>, AppError> {
        let Some((filing, facts)) = facts(tx, id).await? else {
            return Ok(None);
        };
        let seen = self
            .policy()
            .may(actor, Action::ViewFiling, &Resource::Filing(facts));
        Ok(seen.then(|| LinkedFiling {
            id,
            number: filing.number.as_str().to_owned(),
        }))
    }
}

/// What the policies must know of a directive.
pub(crate) const fn directive_resource(file: &DirectiveFile) -> Resource {
    Resource::Directive(DirectiveFacts {
        id: file.directive.id,
        issuer: file.directive.issuer,
        addressee: file.directive.addressee,
        kind: file.directive.kind,
        duty: file.directive.duty,
    })
}

/// Entries of the rule book about a kind: its basis, then what follows when it is not heeded.
const fn keys(kind: DirectiveKind) -> &'static [&'static str] {
    match kind {
        DirectiveKind::Order => &["order.correct", "penalty.order_breach"],
        DirectiveKind::Opinion => &["order.opinion"],
        DirectiveKind::Demand => &["order.materials", "penalty.materials"],
        DirectiveKind::Guidance => &["order.guidance"],
    }
}
