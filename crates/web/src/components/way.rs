//! The way through a list that is read by cursor: every page knows the pages before it.

use crate::components::Pagination;
use crate::texts::Texts;

/// Pages before this one that an address names; further back it leads to the first page.
const MOST_BACK: usize = 30;
/// Between the cursors in an address.
const BETWEEN: char = '~';

/// Where somebody is in a list: the cursor of this page and those of the pages before it.
///
/// A cursor leads forward only. The way back is therefore carried in the address, as `back`.
#[derive(Clone, Debug)]
pub struct ListWay {
    address: String,
    cursor: &'static str,
    here: String,
    back: Vec<String>,
}

impl ListWay {
    /// `address` is the first page with its filter, `cursor` the name of the parameter that leads on; `here` and
    /// `back` are what stood in the address of this page.
    pub fn new(
        address: impl Into<String>,
        cursor: &'static str,
        here: impl Into<String>,
        back: &str,
    ) -> Self {
        let back = back
            .split(BETWEEN)
            .filter(|each| is_cursor(each))
            .map(str::to_owned)
            .collect();
        Self {
            address: address.into(),
            cursor,
            here: here.into(),
            back,
        }
    }

    /// Links to the neighbouring pages; nothing for a list of one page. `next` is the cursor of the next page.
    pub fn pagination(
        &self,
        t: Texts,
        next: Option<&str>,
        shown: impl Into<String>,
    ) -> Option<Pagination> {
        let previous = self.previous();
        let next = next.map(|next| self.next(next));
        (previous.is_some() || next.is_some()).then(|| Pagination::new(t, previous, next, shown))
    }

    fn previous(&self) -> Option<String> {
        if self.here.is_empty() {
            return None;
        }
        Some(match self.back.split_last() {
            None => self.address.clone(),
            Some((cursor, back)) => self.at(cursor, back),
        })
    }

    fn next(&self, cursor: &str) -> String {
        let mut back = self.back.clone();
        if !self.here.is_empty() {
            back.push(self.here.clone());
        }
        let skipped = back.len().saturating_sub(MOST_BACK);
        self.at(cursor, back.get(skipped..).unwrap_or_default())
    }

    fn at(&self, cursor: &str, back: &[String]) -> String {
        let joint = if self.address.contains('?') { '&' } else { '?' };
        let mut address = format!("{}{joint}{}={cursor}", self.address, self.cursor);
        if !back.is_empty() {
            address.push_str("&back=");
            address.push_str(&back.join(&BETWEEN.to_string()));
        }
        address
    }
}

/// Cursors are numbers and ids; anything else in an address is left out.
fn is_cursor(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b'-' | b'.');
    !text.is_empty() && text.len() <= 80 && text.bytes().all(known)
}

#[cfg(test)]
mod tests {
    use super::{ListWay, MOST_BACK};

    fn back_of(address: &str) -> &str {
        address.split_once("&back=").map_or("", |(_, back)| back)
    }

    #[test]
    fn every_page_of_a_list_leads_back_to_the_page_before() {
        let first = ListWay::new("/filings?kind=x", "after", "", "");
        assert_eq!(first.previous(), None);
        let second = first.next("2");
        assert_eq!(second, "/filings?kind=x&after=2");
        let second = ListWay::new("/filings?kind=x", "after", "2", back_of(&second));
        assert_eq!(second.previous().as_deref(), Some("/filings?kind=x"));
        let third = second.next("3");
        assert_eq!(third, "/filings?kind=x&after=3&back=2");
        let third = ListWay::new("/filings?kind=x", "after", "3", back_of(&third));
        assert_eq!(third.previous().as_deref(), Some("/filings?kind=x&after=2"));
        let fourth = third.next("4");
        let fourth = ListWay::new("/filings?kind=x", "after", "4", back_of(&fourth));
        let before = Some("/filings?kind=x&after=3&back=2");
        assert_eq!(fourth.previous().as_deref(), before);
    }

    #[test]
    fn a_long_way_back_leads_to_the_first_page_in_the_end() {
        let mut way = ListWay::new("/cases", "after", "", "");
        for page in 2..100 {
            let address = way.next(&page.to_string());
            way = ListWay::new("/cases", "after", page.to_string(), back_of(&address));
        }
        let mut steps = 0;
        while let Some(address) = way.previous() {
            let here = address.split_once("after=").map_or("", |(_, rest)| rest);
            let here = here.split('&').next().unwrap_or_default().to_owned();
            way = ListWay::new("/cases", "after", here, back_of(&address));
            steps += 1;
        }
        assert_eq!(steps, MOST_BACK + 1);
    }

    #[test]
    fn what_is_no_cursor_is_left_out_of_the_way_back() {
        let way = ListWay::new("/cases", "after", "5", "2~\"><script>~javascript:x~3");
        assert_eq!(way.previous().as_deref(), Some("/cases?after=3&back=2"));
    }
}
