//! Suggestions for maker and product while a computer is written down. Nothing is replaced before somebody presses so.

use app::App;
use app::names::Suggestion;

use crate::failure::PageError;
use crate::forms::RawForm;
use crate::frame::named;
use crate::locale::Locale;
use crate::pages::names::reason_key;
use crate::session::Signed;
use crate::texts::Texts;

/// The button that shows suggestions instead of saving.
pub(super) const SUGGEST: &str = "suggest";
/// Names of the buttons that take a suggestion.
const TAKE_MAKER: &str = "take_maker";
const TAKE_PRODUCT: &str = "take_product";

/// What the names may mean.
pub(super) struct Suggestions {
    /// Whether anybody asked.
    pub asked: bool,
    /// The best first.
    pub offers: Vec<NameOffer>,
}

/// One suggestion with the buttons that take it.
pub(super) struct NameOffer {
    pub name: String,
    pub reasons: String,
    pub likely: bool,
    /// The maker as the master writes it, where it is written otherwise.
    pub maker: Option<String>,
    /// The product as the master writes it, where it is written otherwise.
    pub product: Option<String>,
}

/// Whether the form was sent to see or to take suggestions.
pub(super) fn asked(raw: &RawForm) -> bool {
    raw.get("do") == SUGGEST || !raw.get(TAKE_MAKER).is_empty() || !raw.get(TAKE_PRODUCT).is_empty()
}

/// The form with what was taken in place of what was typed; everything else stays.
pub(super) fn taken(raw: RawForm) -> RawForm {
    let (maker, product) = (
        raw.get(TAKE_MAKER).to_owned(),
        raw.get(TAKE_PRODUCT).to_owned(),
    );
    if maker.is_empty() && product.is_empty() {
        return raw;
    }
    let pairs = raw.into_pairs().into_iter().map(|(name, value)| {
        let taken = match name.as_str() {
            "maker" => maker.as_str(),
            "product" => product.as_str(),
            _ => "",
        };
        if taken.is_empty() {
            (name, value)
        } else {
            let taken = taken.to_owned();
            (name, taken)
        }
    });
    RawForm::from_pairs(pairs)
}

/// What the names on the form may mean, where somebody asked.
pub(super) async fn suggestions(
    app: &App,
    signed: &Signed,
    raw: &RawForm,
) -> Result<Suggestions, PageError> {
    let (maker, product) = (raw.get("maker").trim(), raw.get("product").trim());
    let asked = asked(raw);
    if !asked || (maker.is_empty() && product.is_empty()) {
        return Ok(Suggestions {
            asked,
            offers: Vec::new(),
        });
    }
    let t = signed.here.t;
    let offers = app
        .suggest_names(signed.actor(), maker, product)
        .await?
        .iter()
        .map(|each| offer(t, each, maker, product))
        .collect();
    Ok(Suggestions { asked, offers })
}

fn offer(t: Texts, each: &Suggestion, maker: &str, product: &str) -> NameOffer {
    let maker_name = named(t, &each.maker_ja, &each.maker_en);
    let product_name = match (&each.product_ja, &each.product_en) {
        (Some(ja), Some(en)) => Some(match t.locale() {
            Locale::Ja => ja.clone(),
            Locale::En => en.clone(),
        }),
        _ => None,
    };
    let reasons: Vec<String> = each
        .reasons
        .iter()
        .map(|reason| t.get(reason_key(*reason)).into_owned())
        .collect();
    NameOffer {
        name: match &product_name {
            Some(product) => format!("{maker_name} {product}"),
            None => maker_name.clone(),
        },
        reasons: reasons.join(" / "),
        likely: each.preselected,
        maker: Some(maker_name).filter(|name| name != maker),
        product: product_name.filter(|name| name != product),
    }
}

#[cfg(test)]
mod tests {
    use super::taken;
    use crate::forms::RawForm;

    #[test]
    fn a_taken_name_replaces_its_field_and_nothing_else() {
        let raw = RawForm::from_pairs([
            ("product", "ゲートウェイ　ＫＧ－６０"),
            ("maker", "ｶｸｳ電機"),
            ("note", "2階"),
            ("take_maker", "架空電機"),
        ]);
        let form = taken(raw);
        assert_eq!(form.get("maker"), "架空電機");
        assert_eq!(form.get("product"), "ゲートウェイ　ＫＧ－６０");
        assert_eq!(form.get("note"), "2階");
    }
}
