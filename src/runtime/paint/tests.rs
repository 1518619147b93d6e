//! What is sent, by example; and at random: it must turn the old screen of a terminal into the new one.

use super::*;
use proptest::prelude::*;
use ratatui::layout::Rect;
use ratatui::style::Style;
use std::num::NonZeroU16;

const WIDTH: u16 = 24;
const HEIGHT: u16 = 5;

fn sent(before: &Buffer, after: &Buffer) -> String {
    let mut out = String::new();
    encode(before, after, &mut out);
    out
}

#[test]
fn only_changed_cells_are_sent() {
    let before = Buffer::with_lines(["abcdef", "x     "]);
    let after = Buffer::with_lines(["abXdeY", "x     "]);
    assert_eq!(sent(&before, &before), "");
    assert_eq!(sent(&before, &after), "\x1b[1;3HXdeY", "two cells between are shorter than a move over them");
}

#[test]
fn every_move_is_the_shortest() {
    let blank = Buffer::empty(Rect::new(0, 0, 12, 8));
    for (marks, bytes, why) in [
        (vec![(0, 0)], "\x1b[1Ho", "home"),
        (vec![(0, 3)], "\x1b[4Ho", "first column"),
        (vec![(2, 3)], "\x1b[4;3Ho", "anywhere"),
        (vec![(2, 3), (3, 4)], "\x1b[4;3Ho\no", "straight down"),
        (vec![(2, 3), (0, 4)], "\x1b[4;3Ho\r\no", "start of the next row"),
        (vec![(2, 3), (5, 4)], "\x1b[4;3Ho\r\n\x1b[5Co", "the next row"),
        (vec![(2, 3), (0, 6)], "\x1b[4;3Ho\r\n\n\no", "three rows down"),
        (vec![(2, 0), (4, 7)], "\x1b[1;3Ho\x1b[8;5Ho", "far down"),
        (vec![(11, 1), (0, 2)], "\x1b[2;12Ho\r\no", "from past the edge"),
    ] {
        let mut after = blank.clone();
        for (x, y) in &marks {
            after.set_string(*x, *y, "o", Style::new());
        }
        assert_eq!(sent(&blank, &after), bytes, "{why}");
    }
}

#[test]
fn blanks_are_erased_where_they_are_many() {
    let line = |text: &str| Buffer::with_lines([format!("{text:<30}")]);
    for (before, after, bytes, why) in [
        ("ab", "a", "\x1b[1;2H ", "one"),
        ("abcdefgh", "a", "\x1b[1;2H\x1b[K", "to the end"),
        ("abcdefghijklmno|", "a              |", "\x1b[1;2H\x1b[14X", "before something that stays"),
        ("abcdef|", "a     |", "\x1b[1;2H     ", "few"),
    ] {
        assert_eq!(sent(&line(before), &line(after)), bytes, "{why}");
    }
}

#[test]
fn styles_change_by_what_differs() {
    let before = Buffer::empty(Rect::new(0, 0, 4, 1));
    let red = Style::new().fg(Color::Red);
    let bold = Style::new().add_modifier(Modifier::BOLD);
    for (cells, bytes, why) in [
        (vec![("a", red.patch(bold)), ("b", red.patch(bold))], "\x1b[1;31mab\x1b[m", "set once, ended once"),
        (vec![("a", red), ("b", red.patch(bold))], "\x1b[31ma\x1b[1mb\x1b[m", "added to"),
        (vec![("a", red.patch(bold)), ("b", bold)], "\x1b[1;31ma\x1b[39mb\x1b[m", "taken from"),
        (vec![("a", red), (" ", Style::new()), ("b", red)], "\x1b[31ma b\x1b[m", "a blank looks the same in red"),
        (vec![("a", red), ("b", Style::new())], "\x1b[31ma\x1b[mb", "ended early"),
    ] {
        let mut after = before.clone();
        for (x, (text, style)) in (0..).zip(cells) {
            after.set_string(x, 0, text, style);
        }
        assert_eq!(sent(&before, &after), format!("\x1b[1H{bytes}"), "{why}");
    }
}

#[test]
fn a_wide_character_moves_two_cells() {
    let before = Buffer::with_lines(["    "]);
    let after = Buffer::with_lines(["本a "]);
    assert_eq!(sent(&before, &after), "\x1b[1H本a");
    let moved = Buffer::with_lines([" 本a"]);
    assert_eq!(sent(&after, &moved), "\x1b[1H 本a");
}

/// A screen: random texts in random styles at random places.
fn screen() -> impl Strategy<Value = Buffer> {
    let text =
        proptest::sample::select(vec!["a", "ab cd", "model-v1.2", "本", "a本b", "     ", "─│", "e\u{301}x", "            "]);
    let color = proptest::sample::select(vec![Color::Reset, Color::Red, Color::LightCyan]);
    // Bold and dim at once look different on every terminal; the theme has no such style.
    let weight = proptest::sample::select(vec![Modifier::empty(), Modifier::BOLD, Modifier::DIM]);
    let on_blanks = proptest::sample::select(vec![Modifier::empty(), Modifier::UNDERLINED, Modifier::REVERSED, ON_BLANKS]);
    let modifier = (weight, on_blanks).prop_map(|(weight, on_blanks)| weight | on_blanks);
    let plain = Just((Color::Reset, Modifier::empty()));
    let style = prop_oneof![3 => plain, 1 => (color, modifier)];
    proptest::collection::vec((0..WIDTH, 0..HEIGHT, text, style), 0..40).prop_map(|texts| {
        let mut buffer = Buffer::empty(Rect::new(0, 0, WIDTH, HEIGHT));
        for (x, y, text, (color, modifier)) in texts {
            set(&mut buffer, x, y, text, Style::new().fg(color).add_modifier(modifier));
        }
        buffer
    })
}

/// As the canvas sets a text: a wide character takes two cells or none, and what it covers half goes.
fn set(buffer: &mut Buffer, x: u16, y: u16, text: &str, style: Style) {
    let mut at = x;
    for (symbol, cells) in crate::text::cells(text) {
        let cells = u16::try_from(cells).unwrap();
        if at + cells > WIDTH {
            return;
        }
        if at > 0 && crate::text::width(buffer[(at - 1, y)].symbol()) == 2 {
            buffer[(at - 1, y)].reset();
        }
        if cells == 2 {
            buffer[(at + 1, y)].reset();
        }
        buffer[(at, y)].reset();
        buffer[(at, y)].set_symbol(symbol).set_style(style);
        at += cells;
    }
}

/// What an emulator shows, cell by cell: contents, and style where it shows.
fn shown(emulator: &vt100::Parser) -> Vec<String> {
    let place = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (y, x)));
    place
        .map(|(y, x)| {
            let cell = emulator.screen().cell(y, x).unwrap();
            let text = if cell.has_contents() || cell.is_wide_continuation() { cell.contents() } else { " " };
            let on_blanks = (cell.underline(), cell.inverse());
            if text == " " && on_blanks == (false, false) {
                return " ".to_owned();
            }
            format!("{text} {:?} {} {} {on_blanks:?}", cell.fgcolor(), cell.bold(), cell.dim())
        })
        .collect()
}

fn emulator() -> vt100::Parser {
    vt100::Parser::new(NonZeroU16::new(HEIGHT).unwrap(), NonZeroU16::new(WIDTH).unwrap(), 0)
}

/// The obvious way: every changed cell with its place and its whole style.
fn plainly(before: &Buffer, after: &Buffer) -> String {
    let mut out = String::new();
    let mut end = None;
    let mut pen = Pen::PLAIN;
    for (x, y, cell) in before.diff(after) {
        if end != Some((x, y)) {
            let _ = write!(out, "\x1b[{};{}H", y + 1, x + 1);
        }
        let wanted = Pen { color: cell.fg, modifier: cell.modifier };
        if wanted != pen {
            let _ = write!(out, "\x1b[0;{}m", change(Pen::PLAIN, wanted));
            pen = wanted;
        }
        out.push_str(cell.symbol());
        end = Some((x + u16::try_from(crate::text::width(cell.symbol())).unwrap(), y));
    }
    if pen == Pen::PLAIN { out } else { out + "\x1b[0m" }
}

proptest! {
    #[test]
    fn the_old_screen_becomes_the_new_one(screens in proptest::collection::vec(screen(), 2..5)) {
        let mut one = emulator();
        let mut before = Buffer::empty(Rect::new(0, 0, WIDTH, HEIGHT));
        for after in &screens {
            let bytes = sent(&before, after);
            one.process(bytes.as_bytes());
            let mut whole = emulator();
            whole.process(plainly(&Buffer::empty(before.area), after).as_bytes());
            prop_assert_eq!(shown(&one), shown(&whole), "{:?}", bytes);
            let plain = plainly(&before, after);
            // Of a wide character that goes the plain way leaves one half to the terminal.
            let wide = [&before, after].iter().any(|screen| screen.content.iter().any(|cell| crate::text::width(cell.symbol()) > 1));
            prop_assert!(wide || bytes.len() <= plain.len(), "{:?}\nplainly {:?}", bytes, plain);
            prop_assert_eq!(sent(after, after), "");
            before = after.clone();
        }
    }
}
