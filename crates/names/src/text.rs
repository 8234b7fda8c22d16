use model::names::{normalise_maker, normalise_product};

/// Words of a product text that say nothing about which product it is.
const PLAIN_WORDS: [&str; 78] = [
    "サバ",
    "スイッチ",
    "ルタ",
    "ファイアウオル",
    "シリズ",
    "製",
    "用",
    "版",
    "型",
    "系",
    "台",
    "号機",
    "本体",
    "装置",
    "機器",
    "ソフト",
    "ソフトウエア",
    "サビス",
    "エジエント",
    "コントロラ",
    "制御装置",
    "無線",
    "次期",
    "監視用",
    "操作監視用",
    "搭載",
    "産業用",
    "構成",
    "冗長",
    "サブスクリプシヨン",
    "ライセンス",
    "マスタ局",
    "一式",
    "および",
    "series",
    "server",
    "software",
    "edition",
    "standard",
    "enterprise",
    "professional",
    "pro",
    "plus",
    "lts",
    "std",
    "ent",
    "ee",
    "se",
    "datacenter",
    "version",
    "ver",
    "v",
    "r",
    "rev",
    "release",
    "sp",
    "gen",
    "appliance",
    "router",
    "switch",
    "firewall",
    "for",
    "the",
    "and",
    "x",
    "u",
    "h",
    "firmware",
    "fw",
    "os",
    "cu",
    "ltsc",
    "ltsb",
    "iot",
    "pc",
    "cpu",
    "ha",
    "vm",
];

/// One run of characters of one class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) text: String,
    /// Stands at the beginning or after a space or mark, not in the middle of `C2960X`.
    pub(crate) starts_word: bool,
    /// Stands in brackets, where people write remarks.
    pub(crate) in_brackets: bool,
    class: Class,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Kana,
    Other,
}

impl Token {
    pub(crate) fn is_number(&self) -> bool {
        self.class == Class::Digit
    }

    pub(crate) fn is_japanese(&self) -> bool {
        matches!(self.class, Class::Kana | Class::Other)
    }

    /// Whether the word tells nothing about the product: numbers, editions, kinds of things.
    pub(crate) fn is_plain(&self) -> bool {
        self.is_number()
            || self.in_brackets
            || self.text.chars().count() == 1
            || PLAIN_WORDS.contains(&self.text.as_str())
    }
}

/// Whether a word alone tells nothing about the product.
pub(crate) fn is_plain_word(word: &str) -> bool {
    word.chars().count() < 2 || PLAIN_WORDS.contains(&word)
}

/// The tokens of a product text.
pub(crate) fn product_tokens(text: &str) -> Vec<Token> {
    tokens(&loosen(&normalise_product(text)))
}

/// The tokens of a maker text, without the corporate form.
pub(crate) fn maker_tokens(text: &str) -> Vec<Token> {
    tokens(&loosen(&normalise_maker(text)))
}

/// All tokens in one, the form in which names are compared.
pub(crate) fn joined(tokens: &[Token]) -> String {
    tokens.iter().map(|token| token.text.as_str()).collect()
}

/// Small kana as great ones, no long vowels, 「ヴ」 and the rare voiced kana as the common ones: what
/// differs when one foreign word is written by two people.
fn loosen(text: &str) -> String {
    text.chars()
        .filter(|c| *c != 'ー')
        .map(|c| match c {
            'ァ' => 'ア',
            'ィ' => 'イ',
            'ゥ' => 'ウ',
            'ェ' => 'エ',
            'ォ' => 'オ',
            'ャ' => 'ヤ',
            'ュ' => 'ユ',
            'ョ' => 'ヨ',
            'ヮ' => 'ワ',
            'ヂ' => 'ジ',
            'ヅ' => 'ズ',
            'ヴ' => 'ブ',
            other => other,
        })
        .collect()
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut after_mark = true;
    let mut depth: u32 = 0;
    for c in text.chars() {
        match c {
            '(' | '[' | '【' | '「' => depth = depth.saturating_add(1),
            ')' | ']' | '】' | '」' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let Some(class) = class_of(c) else {
            after_mark = true;
            continue;
        };
        match tokens.last_mut() {
            Some(last) if !after_mark && last.class == class => last.text.push(c),
            Some(_) | None => tokens.push(Token {
                text: c.to_string(),
                starts_word: after_mark,
                in_brackets: 0 < depth,
                class,
            }),
        }
        after_mark = false;
    }
    tokens
}

fn class_of(c: char) -> Option<Class> {
    match c {
        '0'..='9' => Some(Class::Digit),
        'ァ'..='ヺ' => Some(Class::Kana),
        'ぁ'..='ゖ' | '々' | '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' => {
            Some(Class::Other)
        }
        _ if c.is_alphabetic() => Some(Class::Letter),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{joined, maker_tokens, product_tokens};

    #[test]
    fn a_model_number_parts_where_letters_meet_digits() {
        let tokens = product_tokens("ＷＳ－Ｃ２９６０Ｘ");
        let texts: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
        assert_eq!(texts, ["ws", "c", "2960", "x"]);
        let starts: Vec<bool> = tokens.iter().map(|token| token.starts_word).collect();
        assert_eq!(starts, [true, true, false, false]);
    }

    #[test]
    fn small_kana_and_long_vowels_do_not_part() {
        for (one, other) in [
            ("ウオッチガード", "ウォッチガード"),
            ("ヴイエムウェア", "ブイエムウエア"),
            ("S7ー1500", "S7-1500"),
            ("ｺﾝﾌﾟﾛｼｽ", "コンプロシース"),
        ] {
            assert_eq!(joined(&product_tokens(one)), joined(&product_tokens(other)));
        }
    }

    #[test]
    fn a_remark_in_brackets_is_plain() {
        let tokens = product_tokens("FortiGate（本社 予備）");
        assert!(!tokens[0].is_plain());
        assert!(tokens[1..].iter().all(super::Token::is_plain));
        assert_eq!(joined(&maker_tokens("㈱日立製作所")), "日立製作所");
    }
}
