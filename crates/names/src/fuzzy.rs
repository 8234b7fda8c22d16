use std::collections::HashMap;

/// Names by the pairs of characters in them, to find those that are almost equal.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fuzzy {
    names: Vec<(String, usize)>,
    by_pair: HashMap<[char; 2], Vec<usize>>,
}

impl Fuzzy {
    /// Adds a name of something. Names of fewer than four characters are similar to too many.
    pub(crate) fn insert(&mut self, name: &str, of: usize) {
        if name.chars().count() < 4 {
            return;
        }
        let at = self.names.len();
        self.names.push((name.to_owned(), of));
        for pair in pairs(name) {
            self.by_pair.entry(pair).or_default().push(at);
        }
    }

    /// What has a name similar to `text`, best first, each with its likeness from 0 to 1000.
    pub(crate) fn similar(&self, text: &str, at_least: u16) -> Vec<(usize, u16)> {
        let wanted = pairs(text);
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for pair in &wanted {
            for at in self.by_pair.get(pair).into_iter().flatten() {
                let count = shared.entry(*at).or_default();
                *count = count.saturating_add(1);
            }
        }
        let mut found: HashMap<usize, u16> = HashMap::new();
        for (at, count) in shared {
            let Some((name, of)) = self.names.get(at) else {
                continue;
            };
            // Two names with one wrong letter in five still share about a third of their pairs.
            if count.saturating_mul(3) < wanted.len().max(name.chars().count()) {
                continue;
            }
            let likeness = likeness(text, name);
            if at_least <= likeness {
                let best = found.entry(*of).or_default();
                *best = (*best).max(likeness);
            }
        }
        let mut found: Vec<(usize, u16)> = found.into_iter().collect();
        found.sort_by_key(|(of, likeness)| (std::cmp::Reverse(*likeness), *of));
        found.truncate(12);
        found
    }
}

/// One minus the share of characters that are wrong, missing, too many or swapped.
fn likeness(one: &str, other: &str) -> u16 {
    let length = one.chars().count().max(other.chars().count()).max(1);
    let wrong = strsim::damerau_levenshtein(one, other).min(length);
    let right = length.saturating_sub(wrong).saturating_mul(1_000);
    u16::try_from(right.checked_div(length).unwrap_or(0)).unwrap_or(0)
}

fn pairs(text: &str) -> Vec<[char; 2]> {
    let mut pairs = Vec::new();
    let mut before = '^';
    for c in text.chars() {
        pairs.push([before, c]);
        before = c;
    }
    pairs.push([before, '$']);
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

#[cfg(test)]
mod tests {
    use super::Fuzzy;

    #[test]
    fn one_wrong_letter_is_found_and_another_word_is_not() {
        let mut fuzzy = Fuzzy::default();
        fuzzy.insert("fortinet", 1);
        fuzzy.insert("furukawa", 2);
        assert_eq!(fuzzy.similar("fortinett", 700), [(1, 888)]);
        assert_eq!(fuzzy.similar("fotrinet", 700), [(1, 875)]);
        assert_eq!(fuzzy.similar("yokogawa", 700), []);
    }
}
