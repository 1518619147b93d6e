//! What is on a screen, in the words of the design: header, titles, panes, cursor, footer.

use std::ops::Range;

/// A cell as a person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cell {
    text: String,
    underlined: bool,
    reversed: bool,
    coloured: bool,
}

/// One moment of a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Screen {
    cells: Vec<Vec<Cell>>,
    wrapped: Vec<usize>,
}

/// A row of Reach: `! AFFECTED support-chat@production ==`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ReachRow {
    pub state: String,
    /// Maybe cut in the middle.
    pub label: String,
    pub link: String,
}

impl Screen {
    /// What an emulator shows.
    pub(crate) fn of(screen: &vt100::Screen) -> Self {
        let (rows, columns) = screen.size();
        let cell = |row, column| {
            let cell = screen.cell(row, column).unwrap();
            let blank = !cell.has_contents() && !cell.is_wide_continuation();
            let text = if blank { " ".to_owned() } else { cell.contents().to_owned() };
            // The colour of a blank is not to be seen, unless it is reversed.
            let has_ink = text != " " || cell.inverse();
            Cell {
                text,
                underlined: cell.underline(),
                reversed: cell.inverse(),
                coloured: (has_ink && cell.fgcolor() != vt100::Color::Default) || cell.bgcolor() != vt100::Color::Default,
            }
        };
        Self {
            cells: (0..rows.get()).map(|row| (0..columns.get()).map(|column| cell(row, column)).collect()).collect(),
            wrapped: (0..rows.get()).filter(|&row| screen.row_wrapped(row)).map(usize::from).collect(),
        }
    }

    /// Rows as text, trailing blanks cut.
    pub(crate) fn rows(&self) -> Vec<String> {
        (0..self.cells.len()).map(|row| self.row(row)).collect()
    }

    /// One row as text, trailing blanks cut; empty where there is none.
    pub(crate) fn row(&self, row: usize) -> String {
        self.part(row, 0..usize::MAX)
    }

    /// The row before the footer: messages, questions, text fields.
    pub(crate) fn message(&self) -> String {
        self.row(self.cells.len().saturating_sub(2))
    }

    /// The last row: keys.
    pub(crate) fn footer(&self) -> String {
        self.row(self.cells.len() - 1)
    }

    /// The same moment without its message, which stays only until the next key.
    pub(crate) fn without_message(&self) -> Self {
        let mut other = self.clone();
        let row = self.cells.len().saturating_sub(2);
        if let Some(cells) = other.cells.get_mut(row) {
            cells.clear();
        }
        other
    }

    /// Whether a text stands in one of the rows.
    pub(crate) fn has(&self, text: &str) -> bool {
        self.rows().iter().any(|row| row.contains(text))
    }

    /// Whether each of some texts stands in a row.
    pub(crate) fn has_all(&self, texts: &[&str]) -> bool {
        texts.iter().all(|text| self.has(text))
    }

    /// The first row with a text.
    pub(crate) fn line_with(&self, text: &str) -> Option<String> {
        self.rows().into_iter().find(|row| row.contains(text))
    }

    /// Rows whose text went on in the next one: it was too wide.
    pub(crate) fn wrapped(&self) -> &[usize] {
        &self.wrapped
    }

    /// The rows in a frame, for a failure.
    pub(crate) fn picture(&self) -> String {
        let width = self.cells.first().map_or(0, Vec::len);
        let line = |row: &Vec<Cell>| format!("|{}|\n", row.iter().map(|cell| cell.text.as_str()).collect::<String>());
        if width == 0 { String::new() } else { self.cells.iter().map(line).collect() }
    }

    /// Whether panes stand side by side under a row of tabs, so that a rule of dashes carries their titles.
    fn titles_row(&self) -> Option<usize> {
        self.rows().iter().position(|row| is_rule(row))
    }

    /// The row that carries the titles: the rule above the panes, or the second row of a small screen.
    pub(crate) fn titles(&self) -> String {
        self.titles_row().map_or_else(|| self.row(1), |row| self.row(row))
    }

    /// Titles in brackets: the pane that has the keys.
    pub(crate) fn focused(&self) -> Vec<String> {
        let titles = self.titles();
        let open = titles.match_indices('[').map(|(at, _)| at);
        open.filter_map(|at| Some(titles.get(at + 1..)?.split_once(']')?.0.to_owned())).collect()
    }

    /// Columns of the panes, left to right; the whole width where there is but one.
    fn columns(&self) -> Vec<Range<usize>> {
        let width = self.cells.first().map_or(0, Vec::len);
        let mut starts = vec![0];
        let mut ends = Vec::new();
        for column in self.borders() {
            ends.push(column);
            starts.push(column + 1);
        }
        ends.push(width);
        starts.into_iter().zip(ends).map(|(start, end)| start..end).collect()
    }

    /// Columns of the lines between the panes, as the titles' rule shows them.
    pub(crate) fn borders(&self) -> Vec<usize> {
        let Some(cells) = self.titles_row().and_then(|row| self.cells.get(row)) else { return Vec::new() };
        let joint = |cell: &Cell| matches!(cell.text.as_str(), "┬" | "+");
        cells.iter().enumerate().filter(|(_, cell)| joint(cell)).map(|(column, _)| column).collect()
    }

    /// Rows of the panes: between the titles and the next rule, or what a small screen leaves.
    fn body(&self) -> Range<usize> {
        let Some(titles) = self.titles_row() else { return 2..self.cells.len().saturating_sub(2).max(2) };
        let rows = self.rows();
        let end = (titles + 1..rows.len()).find(|&row| is_rule(&rows[row])).unwrap_or(rows.len());
        titles + 1..end
    }

    fn part(&self, row: usize, columns: Range<usize>) -> String {
        let Some(cells) = self.cells.get(row) else { return String::new() };
        let wanted = cells.iter().skip(columns.start).take(columns.end.saturating_sub(columns.start));
        wanted.map(|cell| cell.text.as_str()).collect::<String>().trim_end().to_owned()
    }

    /// Rows of a pane, 0 being the leftmost.
    pub(crate) fn pane(&self, n: usize) -> Vec<String> {
        let Some(columns) = self.columns().get(n).cloned() else { return Vec::new() };
        self.body().map(|row| self.part(row, columns.clone())).collect()
    }

    /// Rows of the pane whose title has a word in it.
    pub(crate) fn pane_titled(&self, title: &str) -> Vec<String> {
        let Some(titles) = self.titles_row() else {
            return if self.titles().contains(title) { self.pane(0) } else { Vec::new() };
        };
        let n = self.columns().into_iter().position(|columns| self.part(titles, columns).contains(title));
        n.map(|n| self.pane(n)).unwrap_or_default()
    }

    /// Cells in a cursor column with a `>`: pane and row of the screen.
    pub(crate) fn cursors(&self) -> Vec<(usize, usize)> {
        let columns = self.columns();
        let at = |row: usize, column: usize| self.cells[row].get(column).is_some_and(|cell| cell.text == ">");
        let panes = columns.iter().enumerate();
        panes
            .flat_map(|(pane, columns)| self.body().filter(move |&row| at(row, columns.start)).map(move |row| (pane, row)))
            .collect()
    }

    /// Text of the row that the cursor is on, from its pane.
    pub(crate) fn cursor_line(&self) -> String {
        let cursors = self.cursors();
        let columns = self.columns();
        cursors.first().map_or_else(String::new, |&(pane, row)| self.part(row, columns[pane].clone()))
    }

    /// Texts in reverse video, one a row.
    pub(crate) fn reversed(&self) -> Vec<String> {
        self.texts_where(|cell| cell.reversed)
    }

    /// Underlined texts, one a row.
    pub(crate) fn underlined(&self) -> Vec<String> {
        self.texts_where(|cell| cell.underlined)
    }

    /// Whether any cell has a colour.
    pub(crate) fn is_coloured(&self) -> bool {
        self.cells.iter().flatten().any(|cell| cell.coloured)
    }

    fn texts_where(&self, is_wanted: impl Fn(&Cell) -> bool) -> Vec<String> {
        let text = |row: &Vec<Cell>| row.iter().filter(|cell| is_wanted(cell)).map(|cell| cell.text.as_str()).collect::<String>();
        self.cells.iter().map(text).filter(|text| !text.trim().is_empty()).collect()
    }

    /// Rows of the panes in which the line between two panes is broken or elsewhere.
    pub(crate) fn crooked_rows(&self) -> Vec<String> {
        let borders = self.borders();
        let upright = |cell: &Cell| matches!(cell.text.as_str(), "│" | "|");
        let straight = |row: usize| borders.iter().all(|&column| self.cells[row].get(column).is_some_and(upright));
        self.body().filter(|&row| !straight(row)).map(|row| self.row(row)).collect()
    }

    /// Rows of deployments with their states, in the order of the screen.
    pub(crate) fn reach_rows(&self) -> Vec<ReachRow> {
        self.pane_titled("Reach").iter().filter_map(|line| reach_row(line)).collect()
    }
}

/// Whether a row is a rule, which carries titles or a position.
fn is_rule(row: &str) -> bool {
    let start: String = row.chars().take(2).collect();
    matches!(start.as_str(), "─[" | "──" | "─ " | "-[" | "--" | "- ") && (row.ends_with('─') || row.ends_with('-'))
}

fn reach_row(line: &str) -> Option<ReachRow> {
    const LINKS: [&str; 4] = ["==", "--", "..", "!="];
    const STATES: [&str; 5] = ["AFFECTED", "POSSIBLE", "UNKNOWN", "CONTAINED", "CLEAR"];
    let line = line.trim_start_matches(['>', '·', '.']);
    let mut words = line.split_whitespace().peekable();
    words.next_if(|word| matches!(*word, "X" | "!" | "?" | "~" | "o"));
    let state = words.next().filter(|word| STATES.contains(word))?;
    let label = words.next().filter(|word| word.contains('@') || word.contains(['…', '*']))?;
    let link = words.find(|word| LINKS.contains(word)).unwrap_or_default();
    Some(ReachRow { state: state.to_owned(), label: label.to_owned(), link: link.to_owned() })
}

/// Whether `shown` is `whole`, maybe cut in the middle.
pub(crate) fn is_cut_of(shown: &str, whole: &str) -> bool {
    let Some((head, tail)) = shown.split_once(['…', '*']) else { return shown == whole };
    whole.len() > head.len() + tail.len() && whole.starts_with(head) && whole.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU16;

    fn drawn(rows: &[&str]) -> Screen {
        let mut parser = vt100::Parser::new(NonZeroU16::new(24).unwrap(), NonZeroU16::new(80).unwrap(), 0);
        parser.process(rows.join("\r\n").as_bytes());
        Screen::of(parser.screen())
    }

    #[test]
    fn the_frames_of_the_design_are_understood() {
        let screen = drawn(&[
            "downriver  sample-sboms          46 documents  214 components  1 not read  ready",
            "[1 Models 38]  2 Datasets 19   3 Packages 126   4 Deployments 31   5 Incidents 1",
            "─ Models──────────────────────────┬─[Reach: 11 confirmed, 3 possible]───────────",
            "  MODEL                      STATE│   STATE    DEPLOYMENT                   LINK",
            "· X EleuterAI/gpt…6B#5f1c   MARKED│>! AFFECTED legal-summarize…prod-eu-west-1 ==",
            "  ! gpt-j-6B-q4           AFFECTED│ ~ UNKNOWN  intake-bot@staging",
            "  ! mail-lora-v3          AFFECTED│   CLEAR    lang-id@production",
            "─────────────── 16 reached of 38 ─┴─────────────────── 1 of 31, CLEAR 15 below ─",
        ]);
        assert_eq!(screen.focused(), ["Reach: 11 confirmed, 3 possible"]);
        assert_eq!(screen.borders(), [34]);
        assert_eq!(screen.cursors(), [(1, 4)]);
        assert_eq!(screen.crooked_rows(), Vec::<String>::new());
        let rows: Vec<String> =
            screen.reach_rows().iter().map(|row| format!("{} {} {}", row.state, row.label, row.link)).collect();
        assert_eq!(
            rows,
            ["AFFECTED legal-summarize…prod-eu-west-1 ==", "UNKNOWN intake-bot@staging ", "CLEAR lang-id@production "]
        );
        assert!(is_cut_of("legal-summarize…prod-eu-west-1", "legal-summarizer@prod-eu-west-1"));
        assert!(!is_cut_of("legal-summarizer@prod", "legal-summarizer@prod-eu-west-1"));
    }
}
