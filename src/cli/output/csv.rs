//! Answers as CSV (RFC 4180 with line feeds alone), which a spreadsheet opens without running anything.
//!
//! Invariant: every field is quoted, and none begins with what a spreadsheet takes for a formula.

use crate::cli::output::ticket;
use crate::incident::ticket::Ticket;
use crate::incident::worklist::Answer;
use std::io;
use std::io::Write;

/// The columns that Jira's importer knows.
const COLUMNS: [&str; 7] = ["Summary", "Description", "Priority", "Due date", "Labels", "Assignee", "External ID"];

/// Writes the tickets; every row has all columns.
pub(in crate::cli) fn tickets(out: &mut dyn Write, answer: &Answer<'_>, tickets: &[Ticket<'_>]) -> io::Result<()> {
    row(out, &COLUMNS.map(str::to_owned))?;
    for own in tickets {
        let due = own.due().map_or_else(String::new, |due| due.to_string().split('T').next().unwrap_or_default().to_owned());
        let fields = [
            ticket::summary(answer, own),
            ticket::description(answer, own),
            own.priority().to_owned(),
            due,
            ticket::labels(answer, own).join(" "),
            ticket::shown(own.owner.unwrap_or_default()),
            own.key.clone(),
        ];
        row(out, &fields)?;
    }
    Ok(())
}

fn row(out: &mut dyn Write, fields: &[String]) -> io::Result<()> {
    let fields: Vec<String> = fields.iter().map(|text| field(text)).collect();
    writeln!(out, "{}", fields.join(","))
}

/// A quoted field. What a spreadsheet would run is led by an apostrophe, which it takes for "this is text".
fn field(text: &str) -> String {
    let formula = text.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r', '|', '%', '＝', '＋', '－', '＠']);
    let lead = if formula { "'" } else { "" };
    format!("\"{lead}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_text_and_nothing_else() {
        for (text, written) in [
            ("chat@production", "\"chat@production\""),
            ("=HYPERLINK(\"http://evil\")", "\"'=HYPERLINK(\"\"http://evil\"\")\""),
            (" +1", "\"' +1\""),
            ("-2", "\"'-2\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("a\nb, \"c\"", "\"a\nb, \"\"c\"\"\""),
            ("", "\"\""),
        ] {
            assert_eq!(field(text), written);
        }
    }
}
