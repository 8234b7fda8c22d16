use std::collections::HashMap;

/// How model numbers begin, found by their first two characters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Models {
    by_start: HashMap<String, Vec<(Vec<char>, usize)>>,
}

impl Models {
    /// Adds a pattern of a product. Shorter than three characters it would match by chance.
    pub(crate) fn insert(&mut self, pattern: &str, product: usize) {
        let pattern: Vec<char> = pattern.chars().filter(|c| !c.is_whitespace()).collect();
        if pattern.len() < 3 {
            return;
        }
        let start: String = pattern.iter().take(2).collect();
        for key in starts(&start) {
            self.by_start
                .entry(key)
                .or_default()
                .push((pattern.clone(), product));
        }
    }

    /// The products whose model numbers begin as `text` does, with the length of the pattern.
    pub(crate) fn matching(&self, text: &str) -> Vec<(usize, usize)> {
        let start: String = text.chars().take(2).collect();
        let mut found = Vec::new();
        for (pattern, product) in self.by_start.get(&start).into_iter().flatten() {
            let mut rest = text.chars();
            let fits = pattern.iter().all(|want| {
                rest.next().is_some_and(|c| match want {
                    '#' => c.is_ascii_digit(),
                    '@' => c.is_ascii_lowercase(),
                    letter => *letter == c,
                })
            });
            if fits {
                found.push((*product, pattern.len()));
            }
        }
        found
    }
}

/// The first two characters with every digit or letter in place of `#` and `@`.
fn starts(start: &str) -> Vec<String> {
    let mut starts = vec![String::new()];
    for c in start.chars() {
        let choices: Vec<char> = match c {
            '#' => ('0'..='9').collect(),
            '@' => ('a'..='z').collect(),
            other => vec![other],
        };
        starts = starts
            .iter()
            .flat_map(|begun| choices.iter().map(move |c| format!("{begun}{c}")))
            .collect();
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::Models;

    #[test]
    fn a_pattern_matches_the_beginning_only() {
        let mut models = Models::default();
        models.insert("fg##", 1);
        models.insert("q0#@", 2);
        assert_eq!(models.matching("fg60f"), [(1, 4)]);
        assert_eq!(models.matching("fgx60"), []);
        assert_eq!(models.matching("xfg60"), []);
        assert_eq!(models.matching("q06udv"), [(2, 4)]);
    }

    #[test]
    fn a_pattern_that_would_match_by_chance_is_left_out() {
        let mut models = Models::default();
        models.insert("a#", 1);
        assert_eq!(models.matching("a1"), []);
    }
}
