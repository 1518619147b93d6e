//! From one screen to the next in as few bytes as possible: a line may be slow, and every one counts.
//!
//! Invariant: only cursor moves, erasing and SGR are written; without colours in the cells, SGR is bold, dim, underline,
//! reverse and their ends. Before and after, the terminal's style is plain.
//! Invariant: a blank without underline and reverse looks the same in any other style, so none is set for it.
//! Absent on purpose: repeating a character and moving by tabs, which not every terminal does alike.

use ratatui::buffer::Buffer;
use ratatui::buffer::Cell;
use ratatui::style::Color;
use ratatui::style::Modifier;
use std::fmt::Write as _;

/// From so many blanks on, erasing them and moving over them is not longer than sending them.
const ERASED: usize = 10;

/// Writes what turns the screen that shows `shown` into one that shows `next`, of the same size.
pub(crate) fn encode(shown: &Buffer, next: &Buffer, out: &mut String) {
    let mut writer = Writer { out, at: None, pen: Pen::PLAIN };
    let width = usize::from(next.area.width);
    if width == 0 {
        return;
    }
    let rows = shown.content.chunks_exact(width).zip(next.content.chunks_exact(width));
    let (mut old, mut new) = (Vec::with_capacity(width), Vec::with_capacity(width));
    for (y, (before, after)) in (0..).zip(rows) {
        if before != after {
            see(before, &mut old);
            see(after, &mut new);
            writer.row(y, &old, &new);
        }
    }
    writer.set_pen(Pen::PLAIN);
}

/// Colour and attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pen {
    color: Color,
    modifier: Modifier,
}

/// What shows on a blank.
const ON_BLANKS: Modifier = Modifier::UNDERLINED.union(Modifier::REVERSED);

impl Pen {
    const PLAIN: Self = Self { color: Color::Reset, modifier: Modifier::empty() };

    fn of(cell: &Cell) -> Self {
        if cell.symbol() == " " && !cell.modifier.intersects(ON_BLANKS) {
            return Self::PLAIN;
        }
        let drawn = Modifier::BOLD.union(Modifier::DIM).union(ON_BLANKS);
        Self { color: cell.fg, modifier: cell.modifier.intersection(drawn) }
    }
}

/// A cell of the screen as the terminal has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen<'a> {
    symbol: &'a str,
    pen: Pen,
    /// The right half of a wide character.
    second: bool,
}

impl Seen<'_> {
    const BLANK: Self = Self { symbol: " ", pen: Pen::PLAIN, second: false };

    fn fits(&self, pen: Pen) -> bool {
        self.pen == pen || (*self == Self::BLANK && !pen.modifier.intersects(ON_BLANKS))
    }
}

/// Reads a row of cells; what stands in the buffer behind a wide character is not on the screen.
fn see<'a>(cells: &'a [Cell], seen: &mut Vec<Seen<'a>>) {
    seen.clear();
    let mut cells = cells.iter();
    while let Some(cell) = cells.next() {
        let symbol = cell.symbol();
        let first = Seen { symbol, pen: Pen::of(cell), second: false };
        if symbol.len() == 1 || crate::text::width(symbol) < 2 {
            seen.push(first);
        } else if cells.next().is_some() {
            seen.push(first);
            seen.push(Seen { second: true, ..first });
        } else {
            // Half of it would stand outside.
            seen.push(Seen::BLANK);
        }
    }
}

struct Writer<'a> {
    out: &'a mut String,
    /// Column and row of the cursor; the column may be the first one past the edge.
    at: Option<(u16, u16)>,
    pen: Pen,
}

impl Writer<'_> {
    /// Sends the cells of a row that differ.
    fn row(&mut self, y: u16, old: &[Seen<'_>], new: &[Seen<'_>]) {
        let differs = |x: &usize| old.get(*x) != new.get(*x);
        let mut next = 0;
        while let Some(x) = (next..new.len()).find(differs) {
            self.go(x, y, new);
            let blanks = x + new.iter().skip(x).take_while(|seen| **seen == Seen::BLANK).count();
            let n = (x..blanks).rev().find(differs).map_or(0, |last| last + 1 - x);
            if blanks == new.len() && n > "\x1b[K".len() {
                self.blank_pen();
                self.out.push_str("\x1b[K");
                return;
            }
            if n >= ERASED {
                self.blank_pen();
                self.sequence(n, 'X');
                next = x + n;
            } else if let Some(seen) = new.get(x) {
                next = x + 1 + usize::from(new.get(x + 1).is_some_and(|seen| seen.second));
                self.put(seen, cells(next), y);
            }
        }
    }

    fn put(&mut self, seen: &Seen<'_>, after: u16, y: u16) {
        if !seen.fits(self.pen) {
            self.set_pen(seen.pen);
        }
        self.out.push_str(seen.symbol);
        self.at = Some((after, y));
    }

    /// Moves the cursor the shortest way. Cells on it that stay as they are may be sent again where that is not longer.
    fn go(&mut self, x: usize, y: u16, row: &[Seen<'_>]) {
        let to = cells(x);
        match self.at {
            Some((column, line)) if line == y && column == to => {}
            Some((column, line)) if line == y && column < to => {
                let over = row.get(usize::from(column)..x).unwrap_or_default();
                let whole = over.first().is_none_or(|seen| !seen.second);
                let bytes: usize = over.iter().filter(|seen| !seen.second).map(|seen| seen.symbol.len()).sum();
                if whole && bytes <= length(usize::from(to - column)) && over.iter().all(|seen| seen.fits(self.pen)) {
                    self.out.extend(over.iter().filter(|seen| !seen.second).map(|seen| seen.symbol));
                } else {
                    self.sequence(usize::from(to - column), 'C');
                }
            }
            Some((column, line)) if line < y => {
                let feeds = usize::from(y - line);
                let start = usize::from(column != to);
                let over = if column == to || to == 0 { 0 } else { x };
                let bytes = start + feeds + if over > 0 { length(over) } else { 0 };
                if bytes > place(x, y).len() {
                    self.out.push_str(&place(x, y));
                } else {
                    self.out.extend(std::iter::repeat_n("\r", start).chain(std::iter::repeat_n("\n", feeds)));
                    if over > 0 {
                        self.sequence(over, 'C');
                    }
                }
            }
            Some(_) | None => self.out.push_str(&place(x, y)),
        }
        self.at = Some((to, y));
    }

    /// A sequence with one number; 1 is what it means without.
    fn sequence(&mut self, n: usize, last: char) {
        // Writing to a String cannot fail.
        let _ = if n == 1 { write!(self.out, "\x1b[{last}") } else { write!(self.out, "\x1b[{n}{last}") };
    }

    /// A style in which blanks are blank.
    fn blank_pen(&mut self) {
        if !Seen::BLANK.fits(self.pen) {
            self.set_pen(Pen::PLAIN);
        }
    }

    fn set_pen(&mut self, pen: Pen) {
        if pen == self.pen {
            return;
        }
        if pen == Pen::PLAIN {
            self.out.push_str("\x1b[m");
        } else {
            let (change, anew) = (change(self.pen, pen), change(Pen::PLAIN, pen));
            // `0;` first ends whatever was.
            let codes = if change.len() <= anew.len() + 2 { change } else { format!("0;{anew}") };
            let _ = write!(self.out, "\x1b[{codes}m");
        }
        self.pen = pen;
    }
}

/// A move to a place, wherever the cursor is.
fn place(x: usize, y: u16) -> String {
    if x == 0 { format!("\x1b[{}H", y + 1) } else { format!("\x1b[{};{}H", y + 1, x + 1) }
}

fn cells(x: usize) -> u16 {
    u16::try_from(x).unwrap_or(u16::MAX)
}

/// Bytes of a sequence with one number.
fn length(n: usize) -> usize {
    match n {
        1 => 3,
        2..10 => 4,
        10..100 => 5,
        _ => 6,
    }
}

/// The codes that lead from one style to another.
fn change(from: Pen, to: Pen) -> String {
    let mut codes: Vec<u8> = Vec::new();
    let mut kept = from.modifier;
    for (flags, end) in [(Modifier::BOLD.union(Modifier::DIM), 22), (Modifier::UNDERLINED, 24), (Modifier::REVERSED, 27)] {
        if kept.difference(to.modifier).intersects(flags) {
            codes.push(end);
            kept.remove(flags);
        }
    }
    for (flag, code) in [(Modifier::BOLD, 1), (Modifier::DIM, 2), (Modifier::UNDERLINED, 4), (Modifier::REVERSED, 7)] {
        if to.modifier.difference(kept).contains(flag) {
            codes.push(code);
        }
    }
    if from.color != to.color {
        codes.push(foreground(to.color).unwrap_or(39));
    }
    codes.iter().map(u8::to_string).collect::<Vec<_>>().join(";")
}

/// The code of one of the terminal's own colours; the theme uses no other.
fn foreground(color: Color) -> Option<u8> {
    const DARK: [Color; 8] =
        [Color::Black, Color::Red, Color::Green, Color::Yellow, Color::Blue, Color::Magenta, Color::Cyan, Color::Gray];
    const LIGHT: [Color; 8] = [
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    let code =
        |from: u8, colors: &[Color]| colors.iter().position(|c| *c == color).and_then(|n| Some(from + u8::try_from(n).ok()?));
    code(30, &DARK).or_else(|| code(90, &LIGHT))
}

#[cfg(test)]
mod tests;
