//! A report as Markdown: tables as lists, since in a list nothing that is quoted can end a cell.

use crate::cli::output::markdown::span;
use crate::cli::output::report::Block;
use crate::cli::output::report::Report;
use crate::cli::output::report::Text;
use std::io;
use std::io::Write;

/// Writes a page.
pub(in crate::cli) fn page(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    writeln!(out, "# {}", inline(&report.title, " "))?;
    for part in &report.blocks {
        match part {
            Block::Heading { level, text, .. } => writeln!(out, "\n{} {}", "#".repeat(usize::from(*level)), escaped(text))?,
            Block::Sentence(texts) => writeln!(out, "\n{}", inline(texts, " "))?,
            Block::Table { columns, rows } => {
                writeln!(out)?;
                rows.iter().try_for_each(|cells| row(out, columns, cells))?;
            }
        }
    }
    Ok(())
}

/// The first cell, then each further one that is not empty under the name of its column; a pair in one line.
fn row(out: &mut dyn Write, columns: &[&str], cells: &[Vec<Text>]) -> io::Result<()> {
    let Some((first, rest)) = cells.split_first() else { return Ok(()) };
    if let [only] = rest {
        return writeln!(out, "- {}: {}", inline(first, ", "), inline(only, ", "));
    }
    writeln!(out, "- {}", inline(first, ", "))?;
    for (column, cell) in columns.iter().skip(1).zip(rest).filter(|(_, cell)| !cell.is_empty()) {
        match &cell[..] {
            [only] => writeln!(out, "  - {column}: {}", inline(std::slice::from_ref(only), ""))?,
            several => {
                writeln!(out, "  - {column}:")?;
                several.iter().try_for_each(|line| writeln!(out, "    - {}", inline(std::slice::from_ref(line), "")))?;
            }
        }
    }
    Ok(())
}

fn inline(texts: &[Text], between: &str) -> String {
    let one = |text: &Text| match text {
        Text::Own(own) => escaped(own),
        Text::Shown(shown) => span(shown),
    };
    texts.iter().map(one).collect::<Vec<_>>().join(between)
}

/// Our own words, in which a mark of evidence such as `==` or `..` is no markup.
fn escaped(own: &str) -> String {
    let markup = |c: char| "\\`*_[]<>#|~=&!".contains(c);
    own.chars().flat_map(|c| markup(c).then_some('\\').into_iter().chain([c])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_quoted_text_stays_on_its_line_in_its_span(text in "[`a|<*# -]{0,12}") {
            let cell = || vec![Text::shown(&*text)];
            let table = Block::Table { columns: &["A", "B", "C"], rows: vec![vec![cell(), cell(), Vec::new()]] };
            let mut out = Vec::new();
            page(&mut out, &Report { title: cell(), blocks: vec![table] }).unwrap();
            let quoted = span(&text);
            prop_assert_eq!(String::from_utf8(out).unwrap(), format!("# {quoted}\n\n- {quoted}\n  - B: {quoted}\n"));
        }
    }
}
