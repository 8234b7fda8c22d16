use ids::{Digest, DirectiveDuty, DirectiveId, DirectiveKind, FilingId};
use jiff::Timestamp;
use model::orders::{Closing, Directive, DirectiveFile, Opening, Reply};
use policy::DirectiveScope;
use uuid::Uuid;

use crate::error::StoreError;
use crate::rows::orders::DirectiveRow;
use crate::tx::{Tx, on};

/// Where a list of directives goes on: after this one, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectiveCursor {
    /// When the last one shown was issued.
    pub issued_at: Timestamp,
    /// The last one shown.
    pub id: DirectiveId,
}

/// A scope as the statements take it: absent means nobody's.
pub(crate) struct DirectiveSight {
    pub(crate) issuer: Option<Uuid>,
    pub(crate) issued: String,
    pub(crate) addressee: Option<Uuid>,
    pub(crate) received: String,
}

impl From<&DirectiveScope> for DirectiveSight {
    fn from(scope: &DirectiveScope) -> Self {
        Self {
            issuer: scope.issued_by().map(ids::Id::uuid),
            issued: codes(scope.issued()),
            addressee: scope.directed_to().map(ids::Id::uuid),
            received: codes(scope.received()),
        }
    }
}

fn codes(what: &[(DirectiveKind, DirectiveDuty)]) -> String {
    let mut codes = String::from(",");
    for (kind, duty) in what {
        codes.push_str(kind.code());
        codes.push('.');
        codes.push_str(duty.code());
        codes.push(',');
    }
    codes
}

/// Orders, opinions, demands and guidance (Act Arts 6, 7, 9, 10).
impl Tx {
    /// Records a directive, with the digest of the rule book that it was issued under.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when its number is another's.
    pub async fn insert_directive(
        &mut self,
        directive: &Directive,
        rules: Digest,
    ) -> Result<(), StoreError> {
        on!(self, orders::insert(directive, rules.as_bytes()))
    }

    /// Records that the addressee opened it.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when somebody did so before.
    pub async fn insert_directive_opening(
        &mut self,
        directive: DirectiveId,
        opening: &Opening,
    ) -> Result<(), StoreError> {
        on!(self, orders::insert_opening(directive.uuid(), opening))
    }

    /// Records an answer.
    pub async fn insert_directive_reply(&mut self, reply: &Reply) -> Result<(), StoreError> {
        on!(self, orders::insert_reply(reply))
    }

    /// Records how it ended.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when it had ended before.
    pub async fn insert_directive_closing(
        &mut self,
        directive: DirectiveId,
        closing: &Closing,
    ) -> Result<(), StoreError> {
        on!(self, orders::insert_closing(directive.uuid(), closing))
    }

    /// A directive with what came of it. The caller must hold a permit to show it.
    pub async fn directive(
        &mut self,
        id: DirectiveId,
    ) -> Result<Option<DirectiveFile>, StoreError> {
        match on!(self, orders::read(id.uuid()))? {
            Some(row) => self.with_replies(row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Directives within a scope, the newest first.
    pub async fn directives(
        &mut self,
        scope: &DirectiveScope,
        open_only: bool,
        after: Option<DirectiveCursor>,
        limit: u32,
    ) -> Result<Vec<DirectiveFile>, StoreError> {
        if scope.is_empty() {
            return Ok(Vec::new());
        }
        let sight = DirectiveSight::from(scope);
        let rows = on!(
            self,
            orders::list(&sight, open_only, after.as_ref(), i64::from(limit))
        )?;
        self.all_with_replies(rows).await
    }

    /// Directives within a scope about one filing, the newest first.
    pub async fn directives_of_filing(
        &mut self,
        filing: FilingId,
        scope: &DirectiveScope,
        limit: u32,
    ) -> Result<Vec<DirectiveFile>, StoreError> {
        if scope.is_empty() {
            return Ok(Vec::new());
        }
        let sight = DirectiveSight::from(scope);
        let rows = on!(
            self,
            orders::of_filing(filing.uuid(), &sight, i64::from(limit))
        )?;
        self.all_with_replies(rows).await
    }

    async fn all_with_replies(
        &mut self,
        rows: Vec<DirectiveRow>,
    ) -> Result<Vec<DirectiveFile>, StoreError> {
        let mut files = Vec::with_capacity(rows.len());
        for row in rows {
            files.push(self.with_replies(row).await?);
        }
        Ok(files)
    }

    async fn with_replies(&mut self, row: DirectiveRow) -> Result<DirectiveFile, StoreError> {
        let mut file = DirectiveFile::try_from(row)?;
        file.replies = on!(self, orders::replies(file.directive.id.uuid()))?
            .into_iter()
            .map(TryInto::try_into)
            .collect::<Result<_, StoreError>>()?;
        Ok(file)
    }
}
