use std::fmt;
use std::str::FromStr;

use ids::{DeliveryState, FilingKind, OrganisationId, OrganisationKind, PersonId, stable_codes};
use jiff::Timestamp;
use jiff::civil::Date;
use model::filing::FormalResult;
use model::organisation::Organisation;
use model::submissions::is_longer;
use policy::{Action, Actor, Resource};
use serde_json::Value;
use store::rows::desks::{FilingHead, QueueEntry};
use store::{Assignee, FilingCursor, QueueFilter, Tx};

use crate::act::Subject;
use crate::assets::first_filed_at;
use crate::desks::limits::{Around, FilingLimits, filing_limits};
use crate::error::AppError;
use crate::instance::App;
use crate::logs::LogCode;

/// Open entries that are sorted by the time that remains; beyond this the oldest wait until some are done.
const OPEN_ENTRIES: u32 = 1_000;

stable_codes! {
    /// Which entries of a queue are shown.
    pub enum DeskState {
        /// Something is to be done, or a limit still runs.
        Open = "open",
        /// Nobody here has opened it.
        Unopened = "unopened",
        /// Formal requirements are not checked.
        Unchecked = "unchecked",
        /// A request for correction waits for its answer.
        Requests = "requests",
        /// A notification that was not passed on to the Prime Minister.
        ToForward = "to_forward",
        /// Everything, newest first.
        All = "all",
    }
}

/// Whose entries of a queue are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's, and those that nobody handles.
    #[default]
    Everybody,
    /// The actor's own.
    Mine,
    /// Those that nobody handles.
    Nobody,
    /// Those of one person at the desk.
    Person(PersonId),
}

impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everybody => f.write_str("everybody"),
            Self::Mine => f.write_str("mine"),
            Self::Nobody => f.write_str("nobody"),
            Self::Person(id) => id.fmt(f),
        }
    }
}

impl FromStr for Whose {
    type Err = AppError;

    fn from_str(text: &str) -> Result<Self, AppError> {
        match text {
            "" | "everybody" => Ok(Self::Everybody),
            "mine" => Ok(Self::Mine),
            "nobody" => Ok(Self::Nobody),
            id => id
                .parse()
                .map(Self::Person)
                .map_err(|_| AppError::field("whose", "assignment_person_unknown")),
        }
    }
}

/// What of a queue is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeskFilter {
    /// Which entries.
    pub state: DeskState,
    /// Only this kind of document.
    pub kind: Option<FilingKind>,
    /// Only the entries of somebody.
    pub whose: Whose,
}

impl Default for DeskFilter {
    fn default() -> Self {
        Self {
            state: DeskState::Open,
            kind: None,
            whose: Whose::Everybody,
        }
    }
}

/// Where a list goes on: after this entry. Holds nothing but what the list showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListCursor(pub FilingCursor);

impl fmt::Display for ListCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0.filed_at.as_microsecond(), self.0.id)
    }
}

impl FromStr for ListCursor {
    type Err = AppError;

    fn from_str(text: &str) -> Result<Self, AppError> {
        let wrong = || AppError::field("cursor", "cursor_unknown");
        let (micros, id) = text.split_once('.').ok_or_else(wrong)?;
        let micros: i64 = micros.parse().map_err(|_| wrong())?;
        Ok(Self(FilingCursor {
            filed_at: Timestamp::from_microsecond(micros).map_err(|_| wrong())?,
            id: id.parse().map_err(|_| wrong())?,
        }))
    }
}

/// One entry of a list of filings.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts that a list shows side by side"
)]
pub struct QueueItem {
    /// The filing.
    pub head: FilingHead,
    /// Name of the operator, in Japanese and English.
    pub operator: (String, String),
    /// State of the delivery to this desk; `None` where it reads along, and in an operator's own list.
    pub delivery: Option<DeliveryState>,
    /// Result of the newest formal check.
    pub check: Option<FormalResult>,
    /// Requests for correction without an answer.
    pub open_requests: u32,
    /// Whether it was passed on to the Prime Minister.
    pub forwarded: bool,
    /// Whether a newer version has taken its place.
    pub superseded: bool,
    /// Name of who at the desk handles it; empty for one who is no longer there.
    pub handler: Option<String>,
    /// Whether the desk gave it to another one.
    pub transferred: bool,
    /// Whether it is a report that nobody at the desk has opened for longer than the rule book allows.
    pub overlooked: bool,
    /// How it stands against the limits of the law.
    pub limits: FilingLimits,
}

/// A page of a queue.
#[derive(Clone, Debug)]
pub struct DeskQueue {
    /// The desk.
    pub desk: Organisation,
    /// Entries in order.
    pub items: Vec<QueueItem>,
    /// Where the next page begins.
    pub next: Option<ListCursor>,
    /// How many entries of the list are reports that nobody has opened for too long.
    pub overlooked: usize,
}

impl App {
    /// The queue of the actor's desk: open entries by the legal time that remains, everything else newest first.
    ///
    /// What was shown is recorded as a read act before it is shown.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever has no desk.
    pub async fn desk_queue(
        &self,
        actor: &Actor,
        filter: &DeskFilter,
        after: Option<ListCursor>,
        limit: u32,
    ) -> Result<DeskQueue, AppError> {
        let limit = self.page_limit(limit);
        let queue = Resource::Queue {
            desk: actor.organisation,
        };
        let permit = self.policy().check(actor, Action::ViewQueue, &queue)?;
        let mut tx = self.store().begin_read("desk.queue").await?;
        let desk = tx
            .organisation(actor.organisation)
            .await?
            .ok_or(AppError::NotFound)?;
        let log = self
            .log_of(&mut tx, desk.id)
            .await?
            .unwrap_or_else(LogCode::instance);
        let scope = self.policy().filing_scope(actor, Action::SearchFilings);
        let wanted = QueueFilter {
            kind: filter.kind,
            open_only: filter.state != DeskState::All,
            checks: desk.kind != OrganisationKind::CabinetOffice,
            forwards: desk.kind == OrganisationKind::Ministry,
            assignee: match filter.whose {
                Whose::Everybody => Assignee::Any,
                Whose::Mine => Assignee::Person(actor.person),
                Whose::Nobody => Assignee::Nobody,
                Whose::Person(person) => Assignee::Person(person),
            },
        };
        let by_time = filter.state != DeskState::All;
        let (from, fetch) = if by_time {
            (None, OPEN_ENTRIES)
        } else {
            (after.map(|cursor| cursor.0), limit.saturating_add(1))
        };
        let entries = tx.queue(&scope, &wanted, from, fetch).await?;
        let people = tx.colleague_roles(desk.id).await?;
        let patience = self.silence_hours(&desk);
        let mut items = Vec::with_capacity(entries.len());
        for entry in entries {
            if admits(filter.state, &entry) {
                let handler = entry.assignee.map(|id| {
                    let known = people.iter().find(|known| known.person == id);
                    known.map_or_else(String::new, |known| known.name.clone())
                });
                let item = self.queue_item(&mut tx, entry).await?;
                let overlooked =
                    patience.is_some_and(|hours| is_overlooked(&item, self.now(), hours));
                items.push(QueueItem {
                    handler,
                    overlooked,
                    ..item
                });
            }
        }
        drop(tx);
        if by_time {
            items.sort_by_key(order);
            if let Some(cursor) = after {
                items = after_cursor(items, cursor);
            }
        }
        let overlooked = items.iter().filter(|item| item.overlooked).count();
        let (items, next) = cut(items, limit);
        self.record_read(
            permit,
            Subject::new("organisation", desk.id),
            log,
            shown(&items)?.as_bytes(),
        )
        .await?;
        Ok(DeskQueue {
            desk,
            items,
            next,
            overlooked,
        })
    }

    /// The filings of the actor's own organisation, newest first.
    pub async fn own_filings(
        &self,
        actor: &Actor,
        kind: Option<FilingKind>,
        after: Option<ListCursor>,
        limit: u32,
    ) -> Result<(Vec<QueueItem>, Option<ListCursor>), AppError> {
        let limit = self.page_limit(limit);
        let scope = self.policy().filing_scope(actor, Action::ViewFiling);
        if scope.owned_by().is_none() {
            return Err(AppError::NotFound);
        }
        let filter = QueueFilter {
            kind,
            ..QueueFilter::default()
        };
        let mut tx = self.store().begin_read("filing.list_own").await?;
        let entries = tx
            .queue(
                &scope,
                &filter,
                after.map(|cursor| cursor.0),
                limit.saturating_add(1),
            )
            .await?;
        let mut items = Vec::with_capacity(entries.len());
        for entry in entries {
            items.push(self.queue_item(&mut tx, entry).await?);
        }
        Ok(cut(items, limit))
    }

    async fn queue_item(&self, tx: &mut Tx, entry: QueueEntry) -> Result<QueueItem, AppError> {
        let operator = self.owner_of(tx, entry.head.owner).await?;
        let body = formats::filing::parse(entry.body.as_bytes())
            .map_err(|_| AppError::Bug("a filed body that cannot be read"))?;
        let around = Around {
            operator: &operator,
            filed_at: match entry.head.case {
                None => first_filed_at(tx, entry.head.supersedes, entry.head.filed_at).await?,
                Some(_) => entry.head.filed_at,
            },
            full_filed_at: entry.full_filed_at,
            earlier_full_at: entry.earlier_full_at,
            withdrawn: entry.withdrawn_at.is_some(),
        };
        let limits = filing_limits(self.rules(), self.mode(), &body, &around, self.now());
        Ok(QueueItem {
            operator: (operator.name_ja, operator.name_en),
            head: entry.head,
            delivery: entry.delivery,
            check: entry.check,
            open_requests: entry.open_requests,
            forwarded: entry.forwarded,
            superseded: entry.superseded,
            handler: None,
            transferred: entry.transferred,
            overlooked: false,
            limits,
        })
    }

    /// After how many hours the silence of a desk is shown to the operator, and to the desk itself.
    fn silence_hours(&self, desk: &Organisation) -> Option<u32> {
        let code = if desk.kind == OrganisationKind::CabinetOffice {
            "prime_minister"
        } else {
            "minister"
        };
        statute::submissions(self.rules(), None, self.today())
            .into_iter()
            .find(|(entry, _)| entry.code() == code)
            .map(|(_, rule)| rule.silence_hours)
    }

    pub(crate) async fn owner_of(
        &self,
        tx: &mut Tx,
        owner: OrganisationId,
    ) -> Result<Organisation, AppError> {
        tx.organisation(owner)
            .await?
            .ok_or(AppError::Bug("no owner"))
    }
}

/// Whether a report waits for too long to be opened by somebody at the desk.
fn is_overlooked(item: &QueueItem, now: Timestamp, hours: u32) -> bool {
    let unopened = matches!(
        item.delivery,
        Some(DeliveryState::Pending | DeliveryState::Delivered)
    );
    unopened
        && !item.transferred
        && !item.head.kind.is_notification()
        && is_longer(now, item.head.filed_at, hours)
}

/// Whether an open entry is of the kind asked for.
fn admits(state: DeskState, entry: &QueueEntry) -> bool {
    match state {
        DeskState::Open | DeskState::All => true,
        DeskState::Unopened => matches!(
            entry.delivery,
            Some(DeliveryState::Pending | DeliveryState::Delivered)
        ),
        DeskState::Unchecked => entry.check.is_none(),
        DeskState::Requests => 0 < entry.open_requests,
        DeskState::ToForward => entry.head.kind.is_notification() && !entry.forwarded,
    }
}

/// Running limits first, the nearest first; then what waits longest.
fn order(item: &QueueItem) -> (Date, Timestamp, ids::FilingId) {
    let limit = item.limits.open_until().unwrap_or(Date::MAX);
    (limit, item.head.filed_at, item.head.id)
}

/// What follows the entry of the cursor; everything when it is no longer open.
fn after_cursor(items: Vec<QueueItem>, cursor: ListCursor) -> Vec<QueueItem> {
    let place = items.iter().position(|item| item.head.id == cursor.0.id);
    match place {
        Some(place) => items.into_iter().skip(place.saturating_add(1)).collect(),
        None => items,
    }
}

fn cut(mut items: Vec<QueueItem>, limit: u32) -> (Vec<QueueItem>, Option<ListCursor>) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if items.len() <= limit {
        return (items, None);
    }
    items.truncate(limit);
    let next = items.last().map(|item| {
        ListCursor(FilingCursor {
            filed_at: item.head.filed_at,
            id: item.head.id,
        })
    });
    (items, next)
}

/// The ids shown, in order: the record keeps a digest of them.
pub(crate) fn shown(items: &[QueueItem]) -> Result<String, AppError> {
    let ids: Value = items
        .iter()
        .map(|item| Value::from(item.head.id.to_string()))
        .collect();
    ledger::canonical_json(&ids).map_err(|_| AppError::Bug("a list without canonical form"))
}
