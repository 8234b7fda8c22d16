use app::assets::{NotificationPlan, PlannedRow};
use model::assets::NotificationDuty;

use super::{CONTACT, CheckRow};
use crate::components::{SummaryList, SummaryRow};
use crate::fmt;
use crate::forms::RawForm;
use crate::frame::named;
use crate::pages::assets::words::{class_label, field_label, unit_label, value_text};
use crate::texts::Texts;

pub(super) fn summary(
    t: Texts,
    duty: NotificationDuty,
    raw: &RawForm,
    plan: &NotificationPlan,
    select: &str,
) -> SummaryList {
    let operator = named(t, &plan.operator.name_ja, &plan.operator.name_en);
    let mut outline = operator;
    if let Some(number) = &plan.operator.corporate_number {
        outline.push('\n');
        outline.push_str(number);
    }
    let contact: Vec<&str> = CONTACT
        .iter()
        .map(|(name, _)| raw.get(name).trim())
        .filter(|text| !text.is_empty())
        .collect();
    let contact = if contact.is_empty() {
        t.get("revision-empty").into_owned()
    } else {
        contact.join("\n")
    };
    let mut rows = vec![
        SummaryRow::new(
            t.get("notify-form"),
            &t.get(&format!("duty-form-{}", duty.code())),
        ),
        SummaryRow::new(t.get("notify-operator"), &outline),
        SummaryRow::new(t.get("notify-contact"), &contact).change(format!("{select}#contact")),
        SummaryRow::new(
            t.get("notify-computers"),
            &t.with("notify-count", "count", plan.rows.len()),
        )
        .change(select),
    ];
    if let Some(first) = plan.rows.iter().filter_map(|row| row.due_on).min() {
        rows.push(SummaryRow::new(
            t.get("notify-first-limit"),
            &fmt::until_exact(t, first),
        ));
    }
    SummaryList::new(t, rows)
}

pub(super) fn check_row(t: Texts, row: &PlannedRow) -> CheckRow {
    CheckRow {
        product: row.items.product.as_str().to_owned(),
        maker: row.items.maker.as_str().to_owned(),
        unit: unit_label(t, row.items.unit),
        class: class_label(t, row.items.class),
        category: row.items.facility_category.as_str().to_owned(),
        day: fmt::Time::on(t, row.day),
        due: row.due_on.map(|day| fmt::Time::until(t, day)),
        espa: row.espa.as_ref().map(|text| text.as_str().to_owned()),
        notified_as: row
            .notified_as
            .as_ref()
            .map(|text| text.as_str().to_owned()),
        changes: row
            .differences
            .iter()
            .map(|each| {
                (
                    field_label(t, each.field),
                    value_text(t, each.field, each.before.as_deref()),
                    value_text(t, each.field, each.after.as_deref()),
                )
            })
            .collect(),
    }
}
