//! The rule book and its functions against worked examples: one test per legal rule.

#[cfg(test)]
mod vectors;
