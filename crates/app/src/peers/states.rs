use ids::DeliveryState;
use model::filing::AddresseeRole;
use store::Tx;

use super::{FoundAddressee, PeerFiling, PeerState};
use crate::error::AppError;

/// Shows on the deliveries here what became of the filing there.
pub(super) async fn show_found(
    tx: &mut Tx,
    row: &PeerFiling,
    found: &[FoundAddressee],
) -> Result<(), AppError> {
    let addressees = tx.addressees(row.filing).await?;
    for mut delivery in tx.deliveries(row.filing).await? {
        let role = addressees
            .iter()
            .find(|addressee| addressee.organisation == delivery.organisation)
            .map(|addressee| addressee.role);
        let Some(there) = role.and_then(|role| counterpart(role, found)) else {
            continue;
        };
        let Some(delivered_at) = there.delivered_at else {
            continue;
        };
        let state = if there.opened_at.is_some() {
            DeliveryState::Opened
        } else {
            DeliveryState::Delivered
        };
        if delivery.state == state {
            continue;
        }
        delivery.state = state;
        delivery.delivered_at = Some(delivered_at);
        delivery.opened_at = there.opened_at;
        delivery.next_attempt_at = None;
        delivery.last_error = None;
        tx.update_delivery(&delivery).await?;
    }
    Ok(())
}

/// The desk there that has the filing as the one here would: the regional head acts in the Minister's place.
fn counterpart(role: AddresseeRole, found: &[FoundAddressee]) -> Option<&FoundAddressee> {
    let delivered = |wanted: AddresseeRole| {
        found
            .iter()
            .find(|there| there.delivery.is_some() && there.role == wanted.code())
    };
    match role {
        AddresseeRole::Minister => {
            delivered(role).or_else(|| delivered(AddresseeRole::RegionalHead))
        }
        AddresseeRole::RegionalHead => {
            delivered(role).or_else(|| delivered(AddresseeRole::Minister))
        }
        AddresseeRole::PrimeMinister | AddresseeRole::PrimeMinisterForwarded => delivered(role),
    }
}

/// Shows on the deliveries here that the filing is not there yet, and why.
pub(super) async fn show_failure(tx: &mut Tx, row: &PeerFiling) -> Result<(), AppError> {
    for mut delivery in tx.deliveries(row.filing).await? {
        delivery.state = match row.state {
            PeerState::Refused => DeliveryState::Dead,
            PeerState::Waiting | PeerState::Filed => DeliveryState::Pending,
        };
        delivery.attempts = row.attempts;
        delivery.next_attempt_at = row.next_attempt_at;
        delivery.last_error.clone_from(&row.last_error);
        tx.update_delivery(&delivery).await?;
    }
    Ok(())
}
