//! The sentences of the user interface: Fluent files, one set for each [`Locale`].
//!
//! Codes live in Rust, sentences in `locales/`. A test compares the two sets key by key and
//! looks for every key that templates and code use.

use std::{borrow::Cow, convert::Infallible, sync::LazyLock};

use axum::extract::FromRequestParts;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use http::request::Parts;
use unic_langid::LanguageIdentifier;

use crate::locale::Locale;

#[cfg(test)]
mod coverage;

/// One text file in both languages.
struct Pair {
    name: &'static str,
    ja: &'static str,
    en: &'static str,
}

macro_rules! pairs {
    ($($name:literal),* $(,)?) => {
        [$(Pair {
            name: $name,
            ja: include_str!(concat!("../locales/ja/", $name, ".ftl")),
            en: include_str!(concat!("../locales/en/", $name, ".ftl")),
        }),*]
    };
}

/// Every text file. A new file is one more line here.
static FILES: &[Pair] = &pairs![
    "accessibility",
    "account",
    "advisories",
    "api",
    "approvals",
    "assets",
    "audit",
    "components",
    "dates",
    "delegations",
    "entries",
    "filings",
    "forms",
    "gallery",
    "home",
    "import",
    "import-class",
    "import-names",
    "import-progress",
    "incidents",
    "names",
    "orders",
    "outbox",
    "passage",
    "people",
    "print",
    "problems",
    "reconciliation",
    "reminders",
    "shell",
    "statistics",
    "submissions",
    "submission_mail",
    "workbook",
];

/// The texts of one language; cheap to copy, so every view holds one.
///
/// Extracts from any request by the rules of [`Locale`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Texts {
    locale: Locale,
}

impl Texts {
    /// The texts of `locale`.
    pub const fn new(locale: Locale) -> Self {
        Self { locale }
    }

    /// The language of these texts.
    pub const fn locale(self) -> Locale {
        self.locale
    }

    /// The text of `key`. An unknown key shows itself in brackets, which a test keeps from
    /// happening for keys written in templates and code.
    pub fn get(&self, key: &str) -> Cow<'static, str> {
        self.format(key, None)
    }

    /// The text of `key` with one variable.
    pub fn with(&self, key: &str, name: &'static str, value: impl Arg) -> Cow<'static, str> {
        self.with_args(key, Args::new().set(name, value))
    }

    /// The text of `key` with two variables.
    pub fn with2(
        &self,
        key: &str,
        first: &'static str,
        first_value: impl Arg,
        second: &'static str,
        second_value: impl Arg,
    ) -> Cow<'static, str> {
        self.with_args(
            key,
            Args::new()
                .set(first, first_value)
                .set(second, second_value),
        )
    }

    /// The text of `key` with any number of variables.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "built in place at every call"
    )]
    pub fn with_args(&self, key: &str, args: Args) -> Cow<'static, str> {
        self.format(key, Some(&args.0))
    }

    /// The text of `key` if there is one; for keys that are put together at run time.
    pub fn find(&self, key: &str) -> Option<Cow<'static, str>> {
        let bundle = BUNDLES.of(self.locale);
        bundle.has_message(key).then(|| self.get(key))
    }

    fn format(self, key: &str, args: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        let bundle = BUNDLES.of(self.locale);
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return Cow::Owned(format!("⟦{key}⟧"));
        };
        let mut problems = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut problems);
        Cow::Owned(text.into_owned())
    }
}

impl<S: Sync> FromRequestParts<S> for Texts {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::new(Locale::of_request(&parts.uri, &parts.headers)))
    }
}

/// Variables of a text.
#[derive(Debug, Default)]
pub struct Args(FluentArgs<'static>);

impl Args {
    /// No variables.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a variable.
    #[must_use]
    pub fn set(mut self, name: &'static str, value: impl Arg) -> Self {
        self.0.set(name, value.value());
        self
    }
}

/// A value that a text can show. Numbers select plural forms, text is shown as it is.
pub trait Arg {
    /// The value as Fluent takes it.
    fn value(&self) -> FluentValue<'static>;
}

impl<T: Arg + ?Sized> Arg for &T {
    fn value(&self) -> FluentValue<'static> {
        (**self).value()
    }
}

impl Arg for str {
    fn value(&self) -> FluentValue<'static> {
        FluentValue::from(self.to_owned())
    }
}

impl Arg for String {
    fn value(&self) -> FluentValue<'static> {
        self.as_str().value()
    }
}

impl Arg for Cow<'_, str> {
    fn value(&self) -> FluentValue<'static> {
        self.as_ref().value()
    }
}

macro_rules! number_args {
    ($($number:ty),*) => {
        $(impl Arg for $number {
            fn value(&self) -> FluentValue<'static> {
                FluentValue::from(*self)
            }
        })*
    };
}

number_args!(i8, i16, i32, i64, u8, u16, u32, u64, usize);

struct Bundles {
    ja: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
    faults: Vec<String>,
}

static BUNDLES: LazyLock<Bundles> = LazyLock::new(Bundles::load);

impl Bundles {
    fn load() -> Self {
        let mut faults = Vec::new();
        Self {
            ja: bundle(Locale::Ja, |pair| pair.ja, &mut faults),
            en: bundle(Locale::En, |pair| pair.en, &mut faults),
            faults,
        }
    }

    fn of(&self, locale: Locale) -> &FluentBundle<FluentResource> {
        match locale {
            Locale::Ja => &self.ja,
            Locale::En => &self.en,
        }
    }
}

fn bundle(
    locale: Locale,
    text_of: impl Fn(&Pair) -> &'static str,
    faults: &mut Vec<String>,
) -> FluentBundle<FluentResource> {
    let language: LanguageIdentifier = locale.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    for pair in FILES {
        let resource = match FluentResource::try_new(text_of(pair).to_owned()) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                faults.push(format!("{} ({}): {errors:?}", pair.name, locale.tag()));
                resource
            }
        };
        if let Err(errors) = bundle.add_resource(resource) {
            faults.push(format!("{} ({}): {errors:?}", pair.name, locale.tag()));
        }
    }
    bundle
}

/// What is wrong with the text files, each in a sentence for developers; nothing in a release.
pub fn faults() -> &'static [String] {
    &BUNDLES.faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_file_is_well_formed_and_defines_a_key_once() {
        assert_eq!(faults(), Vec::<String>::new());
    }

    #[test]
    fn a_text_takes_its_variables_without_isolation_marks() {
        let ja = Texts::new(Locale::Ja);
        let en = Texts::new(Locale::En);

        assert_eq!(
            ja.with("autosave-saved", "time", "21:05"),
            "21:05 自動保存済み"
        );
        assert_eq!(
            en.with("autosave-saved", "time", "21:05"),
            "Saved automatically at 21:05"
        );
    }

    #[test]
    fn an_unknown_key_shows_itself() {
        assert_eq!(Texts::new(Locale::Ja).get("no-such-key"), "⟦no-such-key⟧");
        assert_eq!(Texts::new(Locale::Ja).find("no-such-key"), None);
    }
}
