use std::collections::{BTreeMap, BTreeSet};

use ids::{AdvisoryId, OrganisationId};
use model::assets::NotifiedItems;
use names::{Learned, Matcher, Query};
use store::Tx;
use store::rows::advisories::ToCompare;

use crate::error::AppError;
use crate::instance::App;
use crate::names::learned_of;

/// Computers compared in one transaction.
const BATCH: u32 = 200;
/// How well a name must fit, where it is not sure, to make a candidate.
const LEAST_SCORE: u16 = 700;
/// Candidates of one computer; more would not be looked at.
const MAX_CANDIDATES: usize = 500;

impl App {
    /// Compares every computer in use that is new, changed or older than the newest information. Returns how many.
    pub async fn compare_registers(&self) -> Result<u32, AppError> {
        let mut done: u32 = 0;
        loop {
            let compared = self.compare_some().await?;
            if compared == 0 {
                return Ok(done);
            }
            done = done.saturating_add(compared);
        }
    }

    async fn compare_some(&self) -> Result<u32, AppError> {
        let mut tx = self.store().begin_read("advisories.waiting").await?;
        let up_to = tx.last_advisory_change().await?;
        if up_to == 0 || tx.computers_to_compare(up_to, 1).await?.is_empty() {
            return Ok(0);
        }
        drop(tx);
        let mut tx = self.store().begin("advisories.compare").await?;
        let up_to = tx.last_advisory_change().await?;
        let computers = tx.computers_to_compare(up_to, BATCH).await?;
        let mut learned: BTreeMap<OrganisationId, Learned> = BTreeMap::new();
        let owners: BTreeSet<OrganisationId> = computers.iter().map(|each| each.owner).collect();
        for owner in owners {
            learned.insert(owner, learned_of(&mut tx, owner).await?);
        }
        let nothing = Learned::default();
        for each in &computers {
            let known = learned.get(&each.owner).unwrap_or(&nothing);
            let found = self.found(&mut tx, &each.items, known).await?;
            self.keep(&mut tx, each, found).await?;
            tx.mark_compared(each, up_to).await?;
        }
        tx.commit().await?;
        Ok(u32::try_from(computers.len()).unwrap_or(u32::MAX))
    }

    /// What may concern a computer with these items, each with its reason; names first.
    async fn found(
        &self,
        tx: &mut Tx,
        items: &NotifiedItems,
        learned: &Learned,
    ) -> Result<BTreeMap<AdvisoryId, (i64, &'static str)>, AppError> {
        let matcher = self.matcher()?;
        let mut found = BTreeMap::new();
        for (product, reason) in products(matcher, items, learned) {
            for (advisory, position) in tx.advisories_of_product(&product).await? {
                found.entry(advisory).or_insert((position, reason));
            }
        }
        let (product_key, maker_key) = items.match_keys();
        if !product_key.as_str().is_empty() {
            let equal = tx
                .advisories_of_name(product_key.as_str(), maker_key.as_str())
                .await?;
            for (advisory, position) in equal {
                found.entry(advisory).or_insert((position, "same_name"));
            }
        }
        Ok(found)
    }

    async fn keep(
        &self,
        tx: &mut Tx,
        each: &ToCompare,
        found: BTreeMap<AdvisoryId, (i64, &'static str)>,
    ) -> Result<(), AppError> {
        for (candidate, advisory) in tx.undecided_candidates(each.computer).await? {
            if !found.contains_key(&advisory) {
                tx.forget_candidate(candidate).await?;
            }
        }
        let at = self.now();
        // The newest information has the greatest id.
        for (advisory, (position, reason)) in found.into_iter().rev().take(MAX_CANDIDATES) {
            tx.insert_candidate(self.ids().next(), each, (advisory, position), reason, at)
                .await?;
        }
        Ok(())
    }
}

/// The products of the master that a computer may be, and the software that runs on them.
fn products(
    matcher: &Matcher,
    items: &NotifiedItems,
    learned: &Learned,
) -> Vec<(String, &'static str)> {
    let query = Query {
        maker: Some(items.maker.as_str()),
        product: items.product.as_str(),
    };
    let suggestions = matcher.suggest(&query, learned);
    let sure = suggestions.iter().any(|each| each.preselected);
    let mut found = Vec::new();
    for each in suggestions {
        let fits = each.preselected || (!sure && LEAST_SCORE <= each.score);
        let Some(product) = each.product_id.filter(|_| fits) else {
            continue;
        };
        let reason = if each.preselected {
            "same_product"
        } else {
            "similar_product"
        };
        for software in matcher.master().related(&product) {
            found.push((software.clone(), "runs_on_product"));
        }
        found.insert(0, (product, reason));
    }
    found
}
