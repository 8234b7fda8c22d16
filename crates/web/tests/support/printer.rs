use app::documents::page::{Block, Document, PrintError, Printer};

/// Prints the words of a document one to a line, behind what a PDF begins with; embedded files follow.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PlainPrinter;

impl Printer for PlainPrinter {
    fn print(&self, document: &Document) -> Result<Vec<u8>, PrintError> {
        let mut lines = vec!["%PDF".to_owned(), document.title.clone()];
        lines.extend(document.subtitle.iter().cloned());
        lines.extend(document.marks.iter().map(|mark| mark.text.clone()));
        for block in &document.blocks {
            match block {
                Block::Heading(text)
                | Block::Subheading(text)
                | Block::Paragraph(text)
                | Block::Note(text) => lines.push(text.clone()),
                Block::Lead {
                    label,
                    value,
                    lines: more,
                } => {
                    lines.extend([label.clone(), value.clone()]);
                    lines.extend(more.iter().cloned());
                }
                Block::Facts(facts) => {
                    for fact in facts {
                        lines.push(format!(
                            "{}: {} {}",
                            fact.label,
                            fact.lines.join(" "),
                            fact.badges.join(" ")
                        ));
                    }
                }
                Block::List(points) => lines.extend(points.iter().cloned()),
                Block::Table(table) => {
                    for row in &table.rows {
                        lines.push(row.iter().flatten().cloned().collect::<Vec<_>>().join(" "));
                    }
                }
            }
        }
        for file in &document.files {
            lines.push(format!("[{}]", file.name));
            lines.push(String::from_utf8_lossy(&file.content).into_owned());
        }
        Ok(lines.join("\n").into_bytes())
    }
}
