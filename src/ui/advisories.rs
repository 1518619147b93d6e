//! The Advisories screen: a row for each advisory above, what is told of the chosen one below.

use crate::app::App;
use crate::app::advice;
use crate::app::advice::Row;
use crate::app::advice::Told;
use crate::app::advice::lines;
use crate::app::layout::Layout;
use crate::app::layout::Size;
use crate::app::line::Line;
use crate::app::line::Tone;
use crate::app::line::wrap;
use crate::model::state::State;
use crate::text;
use crate::ui::canvas::Canvas;
use crate::ui::canvas::Mark;

/// Cells of the first two columns, and of the three counts.
const RESULT: usize = 11;
const ID: usize = 21;
const COUNTS: usize = 26;

pub(super) fn draw(canvas: &mut Canvas<'_>, layout: &Layout) {
    let Some((_, area)) = layout.panes.first().copied() else { return };
    let app = canvas.app;
    let small = layout.size == Size::Small;
    let Some(told) = &app.advice.told else {
        let words = if app.advice.is_busy() { "reading and asking …" } else { "no advisory yet: a asks for a file or folder" };
        canvas.plain(area.x + 2, area.y, area.width.saturating_sub(2), words);
        return;
    };
    let width = usize::from(area.width);
    let mut y = area.y;
    if !small {
        let heads = format!("  {:<RESULT$}{:<ID$}NAMES", "RESULT", "ADVISORY");
        canvas.plain(area.x, y, area.width, &heads);
        let counts = "CONFIRMED POSSIBLE UNKNOWN";
        let x = area.x + area.width.saturating_sub(26);
        canvas.plain(x, y, 26, counts);
        y += 1;
    }
    if told.rows.is_empty() {
        canvas.plain(area.x + 2, y, area.width.saturating_sub(2), "no advisory in what was given: a asks for another");
    }
    let keys = app.has_keys(app.focus) && !app.advice.below;
    let (above, below) = advice::halves(layout);
    let rows = told.rows.iter().enumerate().skip(app.advice.cursor.top).take(above);
    for ((nth, row), y) in rows.zip(y..) {
        let mark = match (nth == app.advice.cursor.row, keys) {
            (false, _) => Mark::None,
            (true, true) => Mark::Here,
            (true, false) => Mark::Chosen,
        };
        canvas.row(area.x, y, area.width, mark, &line(app, told, *row, width, small, canvas.theme.cut()));
    }
    let Some(row) = app.advice.row() else { return };
    let lower = u16::try_from(advice::lower_half(layout)).unwrap_or(0);
    let y = area.y + area.height.saturating_sub(lower);
    title(canvas, area.x, y, area.width, &lines::title(told, row));
    let lines = app.advice.lines.iter().enumerate().skip(app.advice.lines_cursor.top).take(below);
    for ((nth, line), y) in lines.zip(y + 1..area.y + area.height) {
        let here = app.advice.below && app.has_keys(app.focus) && nth == app.advice.lines_cursor.row;
        canvas.margin_row(area.x, y, area.width, if here { Mark::Here } else { Mark::None }, line);
    }
}

/// The rule between both halves, with what NO MATCH is worth.
fn title(canvas: &mut Canvas<'_>, x: u16, y: u16, width: u16, words: &str) {
    canvas.rule(x, y, width);
    let room = usize::from(width.saturating_sub(4));
    let words = if canvas.app.advice.below { format!("[{words}]") } else { format!(" {words} ") };
    let words = text::cut_middle(&words, room, canvas.theme.cut()).into_owned();
    let bold = canvas.theme.style(Tone::Title);
    canvas.text(x + 2, y, width.saturating_sub(4), &words, bold);
}

fn line(app: &App, told: &Told, row: Row, width: usize, small: bool, cut: char) -> Line {
    let word = lines::result(told, row);
    let (id, names) = lines::names(app, told, row);
    let answer = told.answer(row).filter(|answer| answer.asks && answer.withdrawn.is_none());
    let tone = match (&*word, answer) {
        ("NOT READ", _) => Tone::Error,
        (_, Some(answer)) if answer.matched => Tone::Marked,
        _ => Tone::Plain,
    };
    let counts = answer.map(|answer| answer.counts);
    if small {
        let line = Line::of(" ").add(format!("{word:<10} "), tone).plain(id);
        return match counts {
            Some(counts) => line
                .right(format!("{}!", counts.affected + counts.contained), Tone::State(State::Affected))
                .right(format!(" {}?", counts.possible), Tone::State(State::Possible))
                .right(format!(" {}~", counts.unknown), Tone::State(State::Unknown)),
            None => line,
        };
    }
    let id = text::pad(&text::cut_middle(&id, ID - 1, cut), ID);
    let room = width.saturating_sub(2 + RESULT + ID + if counts.is_some() { COUNTS } else { 0 });
    let names = text::cut_middle(&names, room, cut).into_owned();
    let line = Line::of(" ").add(format!("{word:<10} "), tone).plain(id).plain(names);
    match counts {
        Some(counts) => line
            .right(format!("{:>9}", text::thousands(counts.affected + counts.contained)), Tone::State(State::Affected))
            .right(format!("{:>9}", text::thousands(counts.possible)), Tone::State(State::Possible))
            .right(format!("{:>8}", text::thousands(counts.unknown)), Tone::State(State::Unknown)),
        None => line,
    }
}

/// Some text in lines of at most so many cells.
pub(super) fn wrapped(app: &App, words: &str, cells: usize, tone: Tone) -> Vec<Line> {
    wrap(&app.show.safe(words), cells).into_iter().map(|words| Line::new().add(words, tone)).collect()
}
