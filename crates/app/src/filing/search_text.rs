use model::filing::Filing;
use model::names::MatchKey;
use model::organisation::Organisation;
use serde_json::Value;

/// Fields of bodies that name things by id or code, which nobody searches for.
const NOT_WORDS: [&str; 8] = [
    "format",
    "mode",
    "form_version",
    "id",
    "digest",
    "computer",
    "case",
    "request",
];

/// The text in which a filing is searched: number, operator and every text of the body, each normalised by itself so
/// that no word runs into the next.
pub(crate) fn search_text(
    filing: &Filing,
    operator: &Organisation,
    body: &Value,
    more: &str,
) -> String {
    let mut keys = vec![
        MatchKey::of_search(filing.number.as_str()),
        MatchKey::of_search(&operator.name_ja),
        MatchKey::of_search(&operator.name_en),
        MatchKey::of_search(more),
    ];
    collect(body, &mut keys);
    let mut text = String::new();
    for key in keys.iter().filter(|key| !key.as_str().is_empty()) {
        text.push_str(key.as_str());
        text.push('\n');
    }
    text
}

fn collect(value: &Value, keys: &mut Vec<MatchKey>) {
    match value {
        Value::String(text) => keys.push(MatchKey::of_search(text)),
        Value::Array(list) => {
            for each in list {
                collect(each, keys);
            }
        }
        Value::Object(object) => {
            for (name, each) in object {
                if !NOT_WORDS.contains(&name.as_str()) {
                    collect(each, keys);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
