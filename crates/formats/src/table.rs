//! Tables as files for spreadsheet programs: CSV (RFC 4180) in UTF-8 with a byte order mark, lines ended by CR LF.

use thiserror::Error;

/// A table that could not be written.
#[derive(Debug, Error)]
#[error("the table cannot be written")]
pub struct TableError(#[source] csv::Error);

/// Writes rows of one width, the first of them the heading.
///
/// A text that a spreadsheet program would take for a formula (it begins with `=`, `+`, `-` or `@`, or with a tab or a
/// carriage return) gets an apostrophe in front; a number does not.
///
/// # Errors
/// [`TableError`] when the rows differ in width.
pub fn csv<R, C>(rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>, TableError>
where
    R: IntoIterator<Item = C>,
    C: AsRef<str>,
{
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    for row in rows {
        let cells: Vec<String> = row.into_iter().map(|cell| guarded(cell.as_ref())).collect();
        writer.write_record(&cells).map_err(TableError)?;
    }
    writer
        .into_inner()
        .map_err(|error| TableError(csv::Error::from(error.into_error())))
}

fn guarded(cell: &str) -> String {
    let looks_like_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let is_number = cell.parse::<f64>().is_ok();
    if looks_like_formula && !is_number {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::csv;

    #[test]
    fn a_table_has_mark_line_ends_and_quotes_and_no_formula() {
        let rows = [["項目", "値"], ["a,b", "=1+1"], ["-5", "@x"]];
        let text = String::from_utf8(csv(rows).unwrap()).unwrap();
        assert_eq!(text, "\u{feff}項目,値\r\n\"a,b\",'=1+1\r\n-5,'@x\r\n");
    }

    #[test]
    fn rows_of_another_width_are_refused() {
        assert!(csv([vec!["a", "b"], vec!["c"]]).is_err());
    }
}
