//! Cases as lines for a person.

use serde_json::Value;

use crate::client::output::text;

/// A case of a list.
pub(super) fn case_line(case: &Value) -> String {
    let limit = case.get("clock").map_or("-", full_limit);
    format!(
        "{}  {:<13} {:<10}  {}",
        text(case, "id"),
        text(case, "phase"),
        limit,
        text(case, "title")
    )
}

/// A case with its clocks and what was filed.
pub(super) fn case_lines(case: &Value) -> Vec<String> {
    let mut lines = vec![
        format!("{}  {}", text(case, "id"), text(case, "title")),
        format!("状態 phase: {}", text(case, "phase")),
        format!("報告の種別 event: {}", text(case, "event")),
        format!("様式 form: {}", text(case, "form")),
    ];
    for clock in items(case, "clocks") {
        lines.push(format!(
            "認知 aware: {} {}  詳報の法定期限 full report due: {} [{}]",
            text(clock, "kind"),
            text(clock, "aware_at"),
            full_limit(clock),
            text(clock, "state")
        ));
    }
    for filing in items(case, "filings") {
        lines.push(format!(
            "提出物 filing: {}  {}  {}  {}",
            text(filing, "id"),
            text(filing, "kind"),
            text(filing, "number"),
            text(filing, "filed_at")
        ));
    }
    let steps: Vec<&str> = items(case, "steps").filter_map(Value::as_str).collect();
    lines.push(format!("できること steps: {}", steps.join(", ")));
    lines
}

fn items<'a>(document: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    document
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn full_limit(clock: &Value) -> &str {
    clock
        .get("full")
        .map_or("-", |due| text(due, "legal_limit"))
}
