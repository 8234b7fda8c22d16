use ids::OrganisationKind;
use jiff::civil::Date;
use model::filing::AddresseeRole;
use model::organisation::Organisation;
use statute::{AddresseeQuestion, Addressees, Duty, addressees};
use store::Tx;

use crate::error::AppError;
use crate::instance::App;

/// An authority that will receive a filing, before it is filed.
#[derive(Clone, Debug)]
pub struct PlannedAddressee {
    /// The authority or the regional head that receives for it.
    pub organisation: Organisation,
    /// In which capacity.
    pub role: AddresseeRole,
    /// Article.
    pub basis: String,
    /// Whether the filing lands in this desk's queue, or the authority reads along because it delegated.
    pub delivery: DeliveryPlan,
}

/// Whether a filing lands in a desk's queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryPlan {
    /// It does.
    Queue,
    /// The desk may read it, but a regional head acts on it.
    ReadAlong,
}

impl App {
    /// To whom a filing of an operator goes by law, with the desks on this instance (Act Arts 4, 5; Cabinet Order
    /// Art. 3).
    ///
    /// # Errors
    /// [`AppError::DeskMissing`] when the law names an authority that is not set up here: then nothing may be filed,
    /// since it would not reach everyone.
    pub async fn plan_addressees(
        &self,
        tx: &mut Tx,
        operator: &Organisation,
        duty: Duty,
        on: Date,
    ) -> Result<(Vec<PlannedAddressee>, Addressees), AppError> {
        let sector = operator
            .sector
            .as_deref()
            .ok_or(AppError::Bug("operator without a sector"))?;
        let prefecture = operator
            .prefecture
            .as_deref()
            .and_then(|number| number.parse().ok());
        let question = AddresseeQuestion {
            duty,
            sector,
            ministry: None,
            prefecture,
            on,
        };
        let legal = addressees(self.rules(), &question).map_err(AppError::Addressees)?;
        let basis = match duty {
            Duty::AssetNotification => "Act Art. 4(1)",
            Duty::IncidentReport => "Act Art. 5",
        };
        let mut planned = Vec::new();
        for addressee in &legal.addressees {
            let authority = desk(tx, &addressee.code).await?;
            let role = match addressee.role {
                statute::Role::Minister => AddresseeRole::Minister,
                statute::Role::PrimeMinister => AddresseeRole::PrimeMinister,
            };
            let regional = if addressee.desk.regional {
                tx.organisation_by_desk(&addressee.desk.code).await?
            } else {
                None
            };
            match regional {
                Some(office) if office.kind == OrganisationKind::RegionalOffice => {
                    planned.push(PlannedAddressee {
                        organisation: office,
                        role: AddresseeRole::RegionalHead,
                        basis: format!("{basis}; Cabinet Order Art. 3"),
                        delivery: DeliveryPlan::Queue,
                    });
                    planned.push(PlannedAddressee {
                        organisation: authority,
                        role,
                        basis: basis.to_owned(),
                        delivery: DeliveryPlan::ReadAlong,
                    });
                }
                // The Minister may still act personally; a regional office that is not set up here loses nothing.
                Some(_) | None => planned.push(PlannedAddressee {
                    organisation: authority,
                    role,
                    basis: basis.to_owned(),
                    delivery: DeliveryPlan::Queue,
                }),
            }
        }
        Ok((planned, legal))
    }
}

/// The authority with this desk code.
pub(crate) async fn desk(tx: &mut Tx, code: &str) -> Result<Organisation, AppError> {
    tx.organisation_by_desk(code)
        .await?
        .ok_or_else(|| AppError::DeskMissing {
            code: code.to_owned(),
        })
}
