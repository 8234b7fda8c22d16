//! Words and badges around filings, shared by pages of filers and desks.

use app::desks::{CountsFrom, FilingLimits, QueueItem};
use ids::{DeliveryState, FilingKind};
use jiff::Timestamp;
use model::filing::{AddresseeRole, FormalResult};
use model::incidents::Lateness;
use statute::Confidence;

use crate::components::{DeadlineBadge, StatusBadge, Tone};
use crate::fmt;
use crate::frame::named;
use crate::locale::Locale;
use crate::texts::Texts;

/// What a document is.
pub(crate) fn kind(t: Texts, kind: FilingKind) -> String {
    let code = kind.code();
    t.get(&format!("filing-kind-{}", code.replace('_', "-")))
        .into_owned()
}

/// In which capacity an authority receives.
pub(crate) fn role(t: Texts, role: AddresseeRole) -> String {
    let code = role.code();
    t.get(&format!("addressee-role-{}", code.replace('_', "-")))
        .into_owned()
}

/// How far a delivery is.
pub(crate) fn delivery(t: Texts, state: DeliveryState) -> StatusBadge {
    let tone = match state {
        DeliveryState::Pending => Tone::Neutral,
        DeliveryState::Delivered => Tone::Info,
        DeliveryState::Opened => Tone::Success,
        DeliveryState::Dead => Tone::Error,
    };
    let code = state.code();
    StatusBadge::new(tone, t.get(&format!("delivery-{code}")))
}

/// Result of the formal check; `None` says that nobody has checked.
pub(crate) fn check(t: Texts, result: Option<FormalResult>) -> StatusBadge {
    match result {
        None => StatusBadge::new(Tone::Neutral, t.get("filing-check-none")),
        Some(FormalResult::Meets) => StatusBadge::new(Tone::Success, t.get("filing-check-meets")),
        Some(FormalResult::Lacks) => StatusBadge::new(Tone::Warning, t.get("filing-check-lacks")),
    }
}

/// Both names, in the reader's language.
pub(crate) fn name(t: Texts, names: &(String, String)) -> String {
    named(t, &names.0, &names.1)
}

/// The legal side of a filing: the limit, how it stands, and why.
pub(crate) struct LegalTime {
    pub(crate) deadline: Option<DeadlineBadge>,
    pub(crate) standing: Option<StatusBadge>,
    pub(crate) since: Option<String>,
    pub(crate) basis: String,
    pub(crate) reasons: Vec<String>,
    pub(crate) source: String,
    pub(crate) unsettled: bool,
}

/// Shows how a filing stands against the limits of the law.
pub(crate) fn legal_time(t: Texts, limits: &FilingLimits, now: Timestamp) -> LegalTime {
    let unsettled = limits
        .due
        .as_ref()
        .is_some_and(|due| matches!(due.confidence, Confidence::Secondary | Confidence::Assumed));
    let limit = limits.due.as_ref().and_then(|due| due.legal_limit);
    let end = limit.and_then(|day| statute::calendar::jst::end_of(day).ok());
    let deadline = match (limit, end) {
        (Some(day), Some(end)) if limits.running => {
            Some(DeadlineBadge::legal(t, day, end, now).unsettled(unsettled))
        }
        _ => None,
    };
    let japanese = t.locale() == Locale::Ja;
    let (basis, reasons, source) = limits.due.as_ref().map_or_else(Default::default, |due| {
        let reasons = due
            .reasons
            .iter()
            .map(|reason| {
                if japanese {
                    reason.text_ja.clone()
                } else {
                    reason.text_en.clone()
                }
            })
            .collect();
        let basis = if japanese { &due.basis_ja } else { &due.basis };
        (basis.clone(), reasons, due.source.clone())
    });
    LegalTime {
        standing: limits
            .lateness
            .filter(|_| deadline.is_none())
            .map(|lateness| standing(t, lateness)),
        since: limits.from.map(|from| match from {
            CountsFrom::Awareness(at) => t
                .with("filing-since-awareness", "time", fmt::date_time(t, at))
                .into_owned(),
            CountsFrom::Day(day) => t
                .with("filing-since-day", "day", fmt::date(t, day))
                .into_owned(),
        }),
        deadline,
        basis,
        reasons,
        source,
        unsettled,
    }
}

fn standing(t: Texts, lateness: Lateness) -> StatusBadge {
    let tone = match lateness {
        Lateness::OnTime => Tone::Success,
        Lateness::DueSoon => Tone::Warning,
        Lateness::Overdue | Lateness::FiledLate => Tone::Error,
    };
    let code = lateness.code();
    StatusBadge::new(tone, t.get(&format!("lateness-{}", code.replace('_', "-"))))
}

/// One line of a list of filings.
pub(crate) struct ListRow {
    pub(crate) id: String,
    pub(crate) href: String,
    pub(crate) number: String,
    pub(crate) kind: String,
    pub(crate) operator: String,
    /// Who at the desk handles it.
    pub(crate) handler: Option<String>,
    pub(crate) arrived: fmt::Time,
    pub(crate) legal: LegalTime,
    pub(crate) state: Vec<StatusBadge>,
}

/// Shows an entry of a queue or of an operator's own list.
pub(crate) fn list_row(t: Texts, item: &QueueItem, now: Timestamp, at_desk: bool) -> ListRow {
    let mut state = Vec::new();
    if at_desk {
        state.push(match item.delivery {
            None => StatusBadge::new(Tone::Neutral, t.get("filing-reads-along")),
            Some(DeliveryState::Pending | DeliveryState::Delivered) => {
                StatusBadge::new(Tone::Info, t.get("filing-unopened"))
            }
            Some(DeliveryState::Opened | DeliveryState::Dead) => {
                StatusBadge::new(Tone::Neutral, t.get("filing-opened"))
            }
        });
    }
    if item.overlooked {
        state.push(StatusBadge::new(
            Tone::Warning,
            t.get("desk-overlooked-badge"),
        ));
    }
    state.push(check(t, item.check));
    if 0 < item.open_requests {
        state.push(StatusBadge::new(
            Tone::Warning,
            t.with("filing-open-requests", "count", item.open_requests),
        ));
    }
    if item.forwarded {
        state.push(StatusBadge::new(Tone::Success, t.get("filing-forwarded")));
    }
    if item.transferred {
        state.push(StatusBadge::new(Tone::Neutral, t.get("filing-transferred")));
    }
    if item.superseded {
        state.push(StatusBadge::new(Tone::Neutral, t.get("filing-superseded")));
    }
    ListRow {
        id: item.head.id.to_string(),
        handler: item.handler.clone(),
        href: format!("/filings/{}", item.head.id),
        number: item.head.number.as_str().to_owned(),
        kind: kind(t, item.head.kind),
        operator: name(t, &item.operator),
        arrived: fmt::Time::at(t, item.head.filed_at),
        legal: legal_time(t, &item.limits, now),
        state,
    }
}

/// A file size in words.
pub(crate) fn size(octets: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = 1024 * 1024;
    if octets < KIB {
        format!("{octets} B")
    } else if octets < MIB {
        format!("{} KB", octets.div_ceil(KIB))
    } else {
        format!("{} MB", octets.div_ceil(MIB))
    }
}
