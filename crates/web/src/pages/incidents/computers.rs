//! Computers concerned: chosen from the register, or written where they are not in it.

use app::assets::ComputerFilter;
use app::incidents::Typed;
use app::{App, AppError};
use ids::ComputerId;
use policy::Actor;

use crate::forms::{Choice, Choices, Form, TextInput};
use crate::texts::Texts;

/// Rows beyond those already filled.
const SPARE_ROWS: usize = 2;
/// Computers of the register offered on the page.
const OFFERED: u32 = 100;

/// One computer that is written or was chosen before.
pub(in crate::pages) struct Row {
    pub(in crate::pages) title: String,
    pub(in crate::pages) computer: Option<(String, String)>,
    pub(in crate::pages) product: TextInput,
    pub(in crate::pages) maker: TextInput,
    pub(in crate::pages) note: TextInput,
}

/// What is offered of the register.
pub(super) struct Offer {
    /// Computers that are not chosen yet.
    choices: Vec<Choice>,
    /// Whether there are more, or words narrowed them.
    pub(super) searchable: bool,
}

/// Computers of the register that are not chosen yet and fit the words.
pub(super) async fn offered(
    app: &App,
    actor: &Actor,
    typed: &Typed,
    words: &str,
) -> Result<Offer, AppError> {
    let chosen: Vec<ComputerId> = typed
        .computers
        .iter()
        .filter_map(|computer| computer.computer)
        .collect();
    let filter = ComputerFilter {
        search: Some(words.trim().to_owned()).filter(|words| !words.is_empty()),
        ..ComputerFilter::default()
    };
    let page = match app.computers(actor, &filter, None, OFFERED).await {
        // Whoever may not read the register writes the computers.
        Err(AppError::NotFound | AppError::Forbidden) => {
            return Ok(Offer {
                choices: Vec::new(),
                searchable: false,
            });
        }
        other => other?,
    };
    let searchable = page.next.is_some() || filter.search.is_some();
    let choices = page
        .computers
        .into_iter()
        .filter(|head| !chosen.contains(&head.id))
        .map(|head| {
            let (product, maker) = (head.items.product.as_str(), head.items.maker.as_str());
            let value = format!("{}\u{1f}{product}\u{1f}{maker}", head.id);
            Choice::new(value, product).hint(maker)
        })
        .collect();
    Ok(Offer {
        choices,
        searchable,
    })
}

/// The boxes with the computers of the register; nothing when there are none.
pub(super) fn picker(form: &Form<'_>, key: &str, offer: Offer) -> Option<Choices> {
    (!offer.choices.is_empty()).then(|| {
        let name = format!("{key}.pick");
        form.checkboxes(&name, "cases-computers-register", offer.choices)
            .hint("cases-computers-register-hint")
    })
}

/// A row for each computer, and spare ones.
pub(super) fn rows(t: Texts, form: &Form<'_>, key: &str, typed: &Typed) -> Vec<Row> {
    let count = typed.computers.len().saturating_add(SPARE_ROWS);
    (0..count)
        .map(|at| {
            let name = |part: &str| format!("{key}.{at}.{part}");
            let id = typed
                .computers
                .get(at)
                .and_then(|computer| computer.computer)
                .map(|id| (name("computer"), id.to_string()));
            Row {
                title: t
                    .with("cases-computer-row", "number", at.saturating_add(1))
                    .into_owned(),
                computer: id,
                product: form.text(&name("product"), "cases-computer-product"),
                maker: form.text(&name("maker"), "cases-computer-maker"),
                note: form.text(&name("note"), "cases-computer-note"),
            }
        })
        .collect()
}
