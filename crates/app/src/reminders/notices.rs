use std::fmt;
use std::str::FromStr;

use ids::{Id, NoticeId};
use jiff::Timestamp;
use policy::{Action, Actor};
use store::rows::reminders::Notice;

use crate::error::AppError;
use crate::identity::own_account;
use crate::instance::App;

/// One page of a person's reminders, the newest first.
#[derive(Clone, Debug, Default)]
pub struct NoticeList {
    /// Reminders.
    pub items: Vec<Notice>,
    /// How many of all are unread.
    pub unread: u64,
    /// Where the list goes on.
    pub next: Option<NoticeCursor>,
}

/// Where a list of reminders goes on: after this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeCursor {
    created_at: Timestamp,
    id: NoticeId,
}

impl fmt::Display for NoticeCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.created_at.as_microsecond(), self.id)
    }
}

impl FromStr for NoticeCursor {
    type Err = AppError;

    fn from_str(text: &str) -> Result<Self, AppError> {
        let wrong = || AppError::field("cursor", "cursor_unknown");
        let (micros, id) = text.split_once('.').ok_or_else(wrong)?;
        let micros: i64 = micros.parse().map_err(|_| wrong())?;
        Ok(Self {
            created_at: Timestamp::from_microsecond(micros).map_err(|_| wrong())?,
            id: id.parse::<Id<_>>().map_err(|_| wrong())?,
        })
    }
}

impl App {
    /// The reminders of the person who asks.
    pub async fn own_notices(
        &self,
        actor: &Actor,
        after: Option<NoticeCursor>,
        limit: u32,
    ) -> Result<NoticeList, AppError> {
        self.must_own(actor)?;
        let limit = self.page_limit(limit);
        let mut tx = self.store().begin_read("notice.list").await?;
        let after = after.map(|cursor| (cursor.created_at, cursor.id));
        let mut items = tx
            .notices(actor.person, after, limit.saturating_add(1))
            .await?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = limit < items.len();
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|last| NoticeCursor {
            created_at: last.created_at,
            id: last.id,
        });
        let unread = tx.count_unread_notices(actor.person).await?;
        Ok(NoticeList {
            items,
            unread: u64::try_from(unread).unwrap_or_default(),
            next,
        })
    }

    /// How many reminders the person who asks has not read; the number in the header of every page.
    pub async fn unread_notices(&self, actor: &Actor) -> Result<u64, AppError> {
        let mut tx = self.store().begin_read("notice.count").await?;
        let unread = tx.count_unread_notices(actor.person).await?;
        Ok(u64::try_from(unread).unwrap_or_default())
    }

    /// Marks a reminder as read; one that was read before stays so.
    pub async fn read_notice(&self, actor: &Actor, id: NoticeId) -> Result<(), AppError> {
        self.must_own(actor)?;
        let now = self.now();
        let mut tx = self.store().begin("notice.read").await?;
        tx.read_notice(actor.person, id, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Marks the reminders that were made until an instant as read: those that the page showed, and not what came since.
    pub async fn read_all_notices(&self, actor: &Actor, until: Timestamp) -> Result<u64, AppError> {
        self.must_own(actor)?;
        let now = self.now();
        let mut tx = self.store().begin("notice.read_all").await?;
        let read = tx.read_all_notices(actor.person, until, now).await?;
        tx.commit().await?;
        Ok(read)
    }

    pub(super) fn must_own(&self, actor: &Actor) -> Result<(), AppError> {
        drop(
            self.policy()
                .check(actor, Action::ManageOwnAccount, &own_account(actor))?,
        );
        Ok(())
    }
}
