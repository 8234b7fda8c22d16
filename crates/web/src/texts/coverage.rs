//! Both languages have the same texts, and the texts are exactly those that pages use.
//!
//! A page author adds to [`COMPOSED`] when keys are put together at run time.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fs,
    path::{Path, PathBuf},
};

use super::FILES;
use crate::locale::Locale;

/// Beginnings of keys that are put together at run time, with the file that does it.
const COMPOSED: &[(&str, &str)] = &[
    ("addressee-role-", "src/pages/assets/notify.rs"),
    ("answer-state-", "src/forms/choice.rs"),
    ("approval-kind-", "src/pages/approvals/words.rs"),
    ("audit-kind-", "src/pages/audit.rs"),
    ("audit-refused-", "src/pages/audit/verify.rs"),
    ("banner-", "src/components/message.rs"),
    ("computer-filing-", "src/pages/assets/computer.rs"),
    ("computer-phase-", "src/pages/assets/words.rs"),
    ("cases-approval-", "src/pages/incidents/check.rs"),
    ("cases-error-", "src/pages/incidents/words.rs"),
    ("cases-event-", "src/pages/incidents/words.rs"),
    ("cases-filing-", "src/pages/incidents/words.rs"),
    ("cases-kind-", "src/pages/incidents/words.rs"),
    ("cases-outcome-", "src/pages/incidents/words.rs"),
    ("cases-phase-", "src/pages/incidents/words.rs"),
    ("cases-sheet-", "src/pages/incidents/words.rs"),
    ("cases-warning-", "src/pages/incidents/words.rs"),
    ("cases-withdraw-", "src/pages/incidents/words.rs"),
    ("date-part-", "src/forms/date.rs"),
    ("delegation-extent-", "src/pages/delegations/give.rs"),
    ("delivery-", "src/pages/filings/words.rs"),
    ("desk-state-", "src/pages/desks/queue.rs"),
    ("directive-duty-", "src/pages/orders/words.rs"),
    ("directive-issue-", "src/pages/orders/new.rs"),
    ("directive-kind-", "src/pages/orders/words.rs"),
    ("directive-kind-hint-", "src/pages/orders/new.rs"),
    ("directive-outcome-", "src/pages/orders/words.rs"),
    ("directive-state-", "src/pages/orders/words.rs"),
    ("directive-unit-", "src/pages/orders/words.rs"),
    ("document-item-", "src/pages/filings/document.rs"),
    ("document-part-", "src/pages/filings/document.rs"),
    ("duty-", "src/pages/assets/words.rs"),
    ("exemption-", "src/pages/assets/words.rs"),
    ("field-", "src/failure.rs"),
    (
        "reconcile-closed-",
        "src/pages/assets/reconciliation/task.rs",
    ),
    (
        "reconcile-kind-",
        "src/pages/assets/reconciliation/words.rs",
    ),
    (
        "reconcile-state-",
        "src/pages/assets/reconciliation/words.rs",
    ),
    (
        "reconcile-what-",
        "src/pages/assets/reconciliation/words.rs",
    ),
    ("filing-kind-", "src/pages/filings/words.rs"),
    ("gallery-badge-", "src/gallery.rs"),
    ("gallery-banner-", "src/gallery.rs"),
    ("gallery-unit-", "src/gallery.rs"),
    ("home-phase-", "src/pages/home.rs"),
    ("import-column-", "src/pages/assets/import/words.rs"),
    ("import-note-", "src/pages/assets/import/words.rs"),
    ("import-phase-", "src/pages/assets/import/words.rs"),
    ("import-problem-", "src/pages/assets/import/words.rs"),
    ("import-sample-", "src/pages/assets/import/template.rs"),
    ("import-state-", "src/pages/assets/import/words.rs"),
    ("lateness-", "src/pages/filings/words.rs"),
    ("month-", "src/fmt.rs"),
    ("notice-kind-", "src/pages/account/notices.rs"),
    ("outbox-list-", "src/pages/outbox/list.rs"),
    ("outbox-none-", "src/pages/outbox/list.rs"),
    ("outbox-reason-", "src/pages/outbox.rs"),
    ("people-", "src/pages/people/access.rs"),
    ("problem-", "src/problem.rs"),
    ("revision-", "src/pages/assets/words.rs"),
    ("role-", "src/frame.rs"),
    ("role-hint-", "src/pages/people.rs"),
    ("statistics-meaning-", "src/pages/desks/statistics.rs"),
    ("step-", "templates/components/steps.html"),
    ("task-", "src/components/progress.rs"),
    ("token-scope-", "src/pages/account/tokens.rs"),
    ("weekday-", "src/fmt.rs"),
    ("workbook-cell-", "src/pages/incidents/workbook.rs"),
    ("workbook-error-", "src/pages/incidents/workbook.rs"),
    ("withdrawal-", "src/pages/filings/document.rs"),
    ("passage-error-", "src/pages/submissions/passage.rs"),
    ("passage-standing-", "src/pages/submissions/passage.rs"),
    ("passage-text-", "src/pages/submissions/passage.rs"),
    ("submission-channel-", "src/pages/submissions/words.rs"),
    ("submission-event-", "src/pages/submissions/words.rs"),
    ("submission-failure-", "src/pages/submissions/shown.rs"),
    ("submission-stage-", "src/pages/submissions/shown.rs"),
    ("submission-state-", "src/pages/submissions/words.rs"),
];

/// Keys kept ready for pages: errors of form fields and words around them.
const FOR_PAGES: &[&str] = &[
    "answer-state-legend",
    "autosave-idle",
    "autosave-saved",
    "form-error-choose",
    "form-error-csrf",
    "form-error-max-chars",
    "form-error-missing",
    "form-error-number",
    "form-error-too-long",
];

/// Calls whose first text argument is a key.
const KEY_ARGUMENT: &[&str] = &[
    "t.get(\"",
    "t.with(\"",
    "t.with2(\"",
    "t.with_args(\"",
    ".hint(\"",
    ".unit(\"",
    ".read_only(\"",
    "here.page(\"",
];

/// Methods of `Form` that take a name and then a key.
const KEY_SECOND: &[&str] = &[
    "form.text(",
    "form.text_area(",
    "form.select(",
    "form.radios(",
    "form.checkboxes(",
    "form.checkbox(",
    "form.date(",
    "form.date_time(",
    "form.file(",
    "form.answer_state(",
];

#[test]
fn both_languages_have_the_same_keys() {
    let ja: BTreeSet<_> = keys(Locale::Ja).into_iter().collect();
    let en: BTreeSet<_> = keys(Locale::En).into_iter().collect();

    assert_eq!(
        ja.difference(&en).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "only in Japanese"
    );
    assert_eq!(
        en.difference(&ja).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "only in English"
    );
}

#[test]
fn english_shows_every_variable_that_japanese_shows() {
    for (key, ja) in variables(Locale::Ja) {
        let en = variables(Locale::En).remove(&key).unwrap_or_default();
        // English may take one more for its plural, as in 「3件」 and "3 items".
        assert!(ja.is_subset(&en), "{key}: {ja:?} and {en:?}");
    }
}

#[test]
fn every_key_that_is_used_has_a_text() {
    let known = keys(Locale::Ja);
    let mut missing = BTreeSet::new();
    for (path, text) in sources() {
        for key in used_keys(&text) {
            if !known.contains(key.as_str()) {
                missing.insert(format!("{}: {key}", path.display()));
            }
        }
    }
    assert_eq!(missing, BTreeSet::new());
}

#[test]
fn every_text_is_used() {
    let literals: BTreeSet<String> = sources()
        .iter()
        .flat_map(|(_, text)| string_literals(text))
        .collect();
    let unused: Vec<_> = keys(Locale::Ja)
        .into_iter()
        .filter(|key| !literals.contains(*key))
        .filter(|key| !COMPOSED.iter().any(|(prefix, _)| key.starts_with(prefix)))
        .filter(|key| !FOR_PAGES.contains(key))
        .collect();

    assert_eq!(unused, Vec::<&str>::new());
}

#[test]
fn every_composed_prefix_is_composed_where_the_list_says() {
    for (prefix, file) in COMPOSED {
        let text = fs::read_to_string(root().join(file)).unwrap();
        assert!(
            text.contains(&format!("\"{prefix}{{")),
            "{prefix} in {file}"
        );
    }
}

#[test]
fn no_template_holds_a_sentence_of_its_own() {
    for (path, text) in sources() {
        if path
            .extension()
            .is_some_and(|extension| extension == "html")
        {
            let japanese = text
                .chars()
                .any(|letter| ('\u{3040}'..='\u{9fff}').contains(&letter));
            assert!(!japanese, "{}", path.display());
        }
    }
}

#[test]
fn no_template_holds_inline_style_or_script() {
    for (path, text) in sources() {
        if path
            .extension()
            .is_some_and(|extension| extension == "html")
        {
            for banned in [
                " style=",
                "<style",
                "hx-on",
                " onclick=",
                "javascript:",
                "<script>",
            ] {
                assert!(!text.contains(banned), "{banned} in {}", path.display());
            }
        }
    }
}

/// The message identifiers of one language.
fn keys(locale: Locale) -> HashSet<&'static str> {
    FILES
        .iter()
        .flat_map(|pair| match locale {
            Locale::Ja => pair.ja.lines(),
            Locale::En => pair.en.lines(),
        })
        .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter_map(|line| line.split_once(" =").map(|(key, _)| key))
        .collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Templates and code, without the tests at the end of a file.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for folder in ["src", "templates"] {
        collect(&root().join(folder), &mut found);
    }
    found
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("texts/coverage.rs") {
            continue;
        }
        if path.is_dir() {
            collect(&path, found);
        } else {
            let text = fs::read_to_string(&path).unwrap();
            let code = text
                .split("#[cfg(test)]\nmod tests")
                .next()
                .unwrap_or_default()
                .to_owned();
            found.push((path, without_comments(&code)));
        }
    }
}

fn used_keys(text: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for call in KEY_ARGUMENT {
        for after in text.split(call).skip(1) {
            keys.extend(after.split('"').next().map(str::to_owned));
        }
    }
    for call in KEY_SECOND {
        for after in text.split(call).skip(1) {
            // The second argument, if it is written out.
            let second = after
                .split_once(',')
                .map_or("", |(_, rest)| rest.trim_start());
            let literal = second
                .strip_prefix('"')
                .and_then(|rest| rest.split('"').next());
            keys.extend(literal.map(str::to_owned));
        }
    }
    keys.retain(|key| !key.contains('{'));
    keys
}

fn string_literals(text: &str) -> Vec<String> {
    text.lines()
        .flat_map(|line| {
            line.split('"')
                .skip(1)
                .step_by(2)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .chain(text.split('"').map(str::to_owned))
        .filter(|literal| !literal.is_empty() && !literal.contains('\n'))
        .collect()
}

fn variables(locale: Locale) -> BTreeMap<String, BTreeSet<String>> {
    let folder = root().join("locales").join(locale.tag());
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let mut key = String::new();
        for line in text.lines() {
            if line.starts_with(|first: char| first.is_ascii_lowercase()) {
                line.split(" =")
                    .next()
                    .unwrap_or_default()
                    .clone_into(&mut key);
            }
            let names = line.split('$').skip(1).map(|rest| {
                rest.chars()
                    .take_while(|l| l.is_ascii_alphanumeric() || *l == '_')
                    .collect()
            });
            all.entry(key.clone())
                .or_insert_with(BTreeSet::new)
                .extend(names);
        }
    }
    all
}

fn without_comments(text: &str) -> String {
    text.split("{#")
        .enumerate()
        .map(|(index, part)| {
            if index == 0 {
                part
            } else {
                part.split_once("#}").map_or("", |(_, rest)| rest)
            }
        })
        .collect()
}
