//! A report as one HTML file that needs nothing else and runs nothing.
//!
//! Invariant: every text passes [`escaped`]; the page has no script, no link, no picture, and a policy that would forbid them.

use crate::cli::output::report::Block;
use crate::cli::output::report::Report;
use crate::cli::output::report::Text;
use crate::model::state::State;
use std::fmt::Write as _;
use std::io;
use std::io::Write;

const HEAD: &str = "\
<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">
<meta name=\"referrer\" content=\"no-referrer\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
";

const STYLE: &str = "\
<style>
:root { color-scheme: light dark }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem }
h1, h2 { border-bottom: 1px solid; padding-bottom: .2rem }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem }
th, td { border: 1px solid #8888; padding: .3rem .5rem; text-align: left; vertical-align: top }
th { background: #8882 }
code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap }
h3[class] { border-left: .4rem solid; padding-left: .5rem }
.affected { border-color: #c62828 }
.possible { border-color: #b26a00 }
.unknown { border-color: #6a1b9a }
.contained { border-color: #1565c0 }
.clear { border-color: #2e7d32 }
@media print {
body { font-size: 10pt; margin: 0; max-width: none }
thead { display: table-header-group }
tr, h2, h3 { break-inside: avoid }
h2, h3 { break-after: avoid }
@page { margin: 15mm; size: A4 landscape }
}
</style>
";

/// Writes a page.
pub(in crate::cli) fn page(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let title: Vec<String> = report.title.iter().map(|text| escaped(plain(text))).collect();
    write!(out, "{HEAD}<title>{}</title>\n{STYLE}</head>\n<body>\n", title.join(" "))?;
    writeln!(out, "<h1>{}</h1>", inline(&report.title, " "))?;
    report.blocks.iter().try_for_each(|part| block(out, part))?;
    writeln!(out, "</body>\n</html>")
}

fn block(out: &mut dyn Write, block: &Block) -> io::Result<()> {
    match block {
        Block::Heading { level, text, state } => {
            let class =
                state.map_or_else(String::new, |state: State| format!(" class=\"{}\"", state.word().to_ascii_lowercase()));
            writeln!(out, "<h{level}{class}>{}</h{level}>", escaped(text))
        }
        Block::Sentence(texts) => writeln!(out, "<p>{}</p>", inline(texts, " ")),
        Block::Table { columns, rows } => {
            let heads: String = columns.iter().fold(String::new(), |mut heads, column| {
                // Writing to a text cannot fail.
                let _ = write!(heads, "<th scope=\"col\">{}</th>", escaped(column));
                heads
            });
            writeln!(out, "<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>")?;
            for row in rows {
                let cells: Vec<String> = row.iter().map(|cell| format!("<td>{}</td>", inline(cell, "<br>"))).collect();
                writeln!(out, "<tr>{}</tr>", cells.concat())?;
            }
            writeln!(out, "</tbody>\n</table>")
        }
    }
}

fn plain(text: &Text) -> &str {
    match text {
        Text::Own(text) | Text::Shown(text) => text,
    }
}

fn inline(texts: &[Text], between: &str) -> String {
    let one = |text: &Text| match text {
        Text::Own(own) => escaped(own),
        Text::Shown(shown) => format!("<code>{}</code>", escaped(shown)),
    };
    texts.iter().map(one).collect::<Vec<_>>().join(between)
}

/// A text in which nothing is markup, between tags and in attributes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(text: &str) -> String {
        let shown = || vec![Text::shown(text)];
        let blocks = vec![
            Block::Heading { level: 3, text: text.to_owned(), state: Some(State::Affected) },
            Block::Sentence(shown()),
            Block::Table { columns: &["A", "B"], rows: vec![vec![shown(), vec![Text::own(text), Text::shown(text)]]] },
        ];
        let mut out = Vec::new();
        page(&mut out, &Report { title: shown(), blocks }).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// Names of the tags, in order.
    fn tags(html: &str) -> Vec<&str> {
        html.split('<').skip(1).map(|tag| tag.split(['>', ' ', '\n']).next().unwrap()).collect()
    }

    proptest! {
        #[test]
        fn no_text_is_markup(text in "([<>&\"'/a=! -]|<script>|</td>|</code>|<!--|]]>|&#60;){0,12}") {
            let (html, empty) = (written(&text), written(""));
            prop_assert_eq!(tags(&html), tags(&empty));
            prop_assert_eq!(html.matches(&escaped(&text)).count().min(1), 1);
            prop_assert!(!html.contains("<script") && !html.contains("href") && !html.contains("src="));
        }
    }

    #[test]
    fn a_page_forbids_what_it_does_not_have() {
        let html = written("<img src=http://evil>");
        assert!(html.contains("content=\"default-src 'none';") && html.contains("&lt;img src=http://evil&gt;"), "{html}");
    }
}
