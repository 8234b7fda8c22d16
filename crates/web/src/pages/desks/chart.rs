//! Bars as an SVG of our own: readable without scripts, printable, with a table of the same numbers beside it.

use askama::{Template, filters::HtmlSafe};

const WIDTH: u32 = 640;
const ROW: u32 = 44;
const BAR: u32 = 16;
const LABEL: u32 = 150;
const VALUE: u32 = 60;

struct Bar {
    y: u32,
    width: u32,
    text_x: u32,
    text_y: u32,
    count: u32,
    series: usize,
}

struct Group {
    label: String,
    label_y: u32,
    bars: Vec<Bar>,
}

/// Two series of counts, one group of bars for each category.
#[derive(Template)]
#[template(path = "components/bars.html")]
pub(crate) struct BarChart {
    title: String,
    series: [String; 2],
    height: u32,
    groups: Vec<Group>,
}

impl BarChart {
    /// A chart with a title, the names of its series, and the counts of each category.
    pub(crate) fn new(title: String, series: [String; 2], rows: Vec<(String, [u32; 2])>) -> Self {
        let most = rows
            .iter()
            .flat_map(|(_, counts)| counts.iter().copied())
            .max()
            .unwrap_or(0)
            .max(1);
        let room = u64::from(WIDTH.saturating_sub(LABEL).saturating_sub(VALUE));
        let mut groups = Vec::with_capacity(rows.len());
        let mut top = 0_u32;
        for (label, counts) in rows {
            let mut y = top.saturating_add(4);
            let mut bars = Vec::with_capacity(counts.len());
            for (series, count) in counts.into_iter().enumerate() {
                let width = room
                    .saturating_mul(u64::from(count))
                    .checked_div(u64::from(most))
                    .unwrap_or(0);
                let width = u32::try_from(width).unwrap_or(u32::MAX);
                bars.push(Bar {
                    y,
                    width,
                    text_x: LABEL.saturating_add(width).saturating_add(6),
                    text_y: y.saturating_add(13),
                    count,
                    series,
                });
                y = y.saturating_add(BAR).saturating_add(2);
            }
            groups.push(Group {
                label,
                label_y: top.saturating_add(25),
                bars,
            });
            top = top.saturating_add(ROW);
        }
        Self {
            title,
            series,
            height: top,
            groups,
        }
    }
}

impl HtmlSafe for BarChart {}

#[cfg(test)]
mod tests {
    use super::BarChart;

    #[test]
    fn the_longest_bar_fills_the_room_and_nothing_is_no_bar() {
        let chart = BarChart::new(
            "届出・報告".to_owned(),
            ["届出".to_owned(), "報告".to_owned()],
            vec![("10月".to_owned(), [8, 4]), ("11月".to_owned(), [0, 0])],
        );
        let widths: Vec<u32> = chart
            .groups
            .iter()
            .flat_map(|group| group.bars.iter().map(|bar| bar.width))
            .collect();
        assert_eq!(widths, [430, 215, 0, 0]);
        let html = chart.to_string();
        assert!(html.contains("<title"), "{html}");
    }
}
