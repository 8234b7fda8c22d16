//! Passwords that are long and still guessed first. *Derived*: NIST SP 800-63B section 3.1.1.2 asks for a list of
//! commonly used and expected values; this finds how they are built, the lists of `zxcvbn` hold the rest.

/// Words that begin most lists of leaked passwords, and those that anybody here would try.
const WORDS: &[&str] = &[
    "administrator",
    "password",
    "passw0rd",
    "p@ssw0rd",
    "passwort",
    "qwerty",
    "letmein",
    "welcome",
    "changeme",
    "iloveyou",
    "default",
    "secret",
    "login",
    "admin",
    "user",
    "guest",
    "test",
    "hello",
    "monkey",
    "dragon",
    "master",
    "sunshine",
    "football",
    "baseball",
    "princess",
    "superman",
    "noroshi",
    "nippon",
    "nihon",
    "japan",
    "tokyo",
    "osaka",
    "sakura",
    "spring",
    "summer",
    "autumn",
    "winter",
    "qazwsx",
    "1q2w3e4r",
    "1qaz2wsx",
    "zaq12wsx",
    "パスワード",
    "ぱすわーど",
    "ノロシ",
    "狼煙",
];

/// Neighbours on a keyboard and in the alphabet: a run along one of them says next to nothing.
const ROWS: &[&str] = &[
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
];

/// Characters that must be left when common words, names, runs and repetitions count as one.
const LEAST: usize = 9;
/// Different characters that a password has at least.
const LEAST_DIFFERENT: usize = 5;

pub(super) fn is_guessable(password: &str, own: &[&str]) -> bool {
    let text = password.to_lowercase();
    let mut different: Vec<char> = text.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < LEAST_DIFFERENT {
        return true;
    }
    let mut rest = text;
    for word in parts_of(own)
        .iter()
        .map(String::as_str)
        .chain(WORDS.iter().copied())
    {
        // A character that no row holds stands for the word.
        rest = rest.replace(word, "\u{1}");
    }
    telling(&rest) < LEAST
}

/// Parts of names and logins that are long enough to be told from chance.
pub(super) fn parts_of(own: &[&str]) -> Vec<String> {
    own.iter()
        .flat_map(|name| name.split(|c: char| !c.is_alphanumeric()))
        .filter(|part| 3 <= part.chars().count() || (2 <= part.chars().count() && !part.is_ascii()))
        .map(str::to_lowercase)
        .collect()
}

/// Characters that do not follow from the one before by repetition or by a row.
fn telling(text: &str) -> usize {
    let mut count: usize = 0;
    let mut before = None;
    for c in text.chars() {
        if before.is_none_or(|before| !follows(before, c)) {
            count = count.saturating_add(1);
        }
        before = Some(c);
    }
    count
}

fn follows(before: char, c: char) -> bool {
    before == c
        || ROWS.iter().any(|row| {
            row.chars()
                .zip(row.chars().skip(1))
                .any(|(left, right)| (left, right) == (before, c) || (right, left) == (before, c))
        })
}

#[cfg(test)]
mod tests {
    use super::is_guessable;

    #[test]
    fn long_passwords_that_are_guessed_first_are_refused() {
        for password in [
            "passwordpassword",
            "Password123456789",
            "qwertyuiopasdf",
            "aaaaaaaaaaaaaaaa",
            "abababababab",
            "1234567890123",
            "Tokyo2026!Tokyo",
            "noroshi-admin-2026",
            "hoshino.ken-2026",
            "星野星野星野健健健健健健",
        ] {
            assert!(
                is_guessable(password, &["hoshino.ken", "星野 健"]),
                "{password}"
            );
        }
    }

    #[test]
    fn sentences_and_random_characters_are_taken() {
        for password in [
            "correct horse battery",
            "walk every route once",
            "十二文字以上の合言葉です",
            "demo-4f1c9a77d2e0b863",
            "朝は短く夜は長いので灯りを",
        ] {
            assert!(
                !is_guessable(password, &["hoshino.ken", "星野 健"]),
                "{password}"
            );
        }
    }
}
