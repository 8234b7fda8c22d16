//! The rule book and its functions against worked examples: one test per legal rule.

#[cfg(test)]
mod addressee;
#[cfg(test)]
mod calendar;
#[cfg(test)]
mod classify;
#[cfg(test)]
mod dates;
#[cfg(test)]
mod event;
#[cfg(test)]
mod exempt;
#[cfg(test)]
mod items;
#[cfg(test)]
mod json;
#[cfg(test)]
mod notify;
#[cfg(test)]
mod packs;
#[cfg(test)]
mod phase;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod replacement;
#[cfg(test)]
mod submissions;
#[cfg(test)]
mod tier;
#[cfg(test)]
mod vectors;

/// The embedded rule book, read once.
#[cfg(test)]
fn book() -> &'static statute::RuleBook {
    static BOOK: std::sync::LazyLock<statute::RuleBook> =
        std::sync::LazyLock::new(|| statute::RuleBook::embedded().expect("the embedded packs fit"));
    &BOOK
}
