//! The Journal screen, and one whole entry over it.

use crate::app::App;
use crate::app::journal::Known;
use crate::app::layout::Area;
use crate::app::layout::Layout;
use crate::app::layout::Size;
use crate::app::line::Line;
use crate::app::line::Tone;
use crate::app::line::wrap;
use crate::app::log::Log;
use crate::app::log::Shown;
use crate::text;
use crate::ui::canvas::Canvas;
use crate::ui::canvas::Mark;

/// Cells of a name.
const WHO: usize = 12;
/// Cells of a whole entry's box.
const ENTRY: u16 = 70;

pub(super) fn draw(canvas: &mut Canvas<'_>, layout: &Layout, log: &Log) {
    let Some((_, area)) = layout.panes.first().copied() else { return };
    let Some(known) = canvas.app.journal().cloned() else { return };
    let small = layout.size == Size::Small;
    let mut y = area.y;
    if !small {
        canvas.plain(area.x, y, area.width, &format!("  {:<4}{:<16}{:<WHO$}WHAT", "NO", "TIME, UTC", "WHO"));
        y += 1;
    }
    if known.entries.is_empty() {
        let why = known.unreadable.clone().unwrap_or_else(|| format!("no entry yet in {}", known.path));
        let lines = wrap(&canvas.app.show.safe(&why), usize::from(area.width.saturating_sub(4)));
        for (line, y) in lines.into_iter().zip(y..area.y + area.height) {
            canvas.line(area.x + 2, y, area.width.saturating_sub(2), &Line::of(line));
        }
        return;
    }
    for (row, y) in (log.cursor.top..known.entries.len()).zip(y..area.y + area.height) {
        let mark = if row == log.cursor.row { Mark::Here } else { Mark::None };
        canvas.row(area.x, y, area.width, mark, &line(canvas.app, &known, row, small, canvas.theme.cut()));
    }
}

fn line(app: &App, known: &Known, row: usize, small: bool, cut: char) -> Line {
    let Some([seq, time, who, what]) = known.row(row) else { return Line::new() };
    let (who, what) = (app.show.safe(&who), app.show.safe(&what));
    if small {
        return Line::of(format!(" {seq:<4}")).plain(format!("{who} {what}"));
    }
    let tone = if known.taken_back_by(row).is_some() { Tone::Dim } else { Tone::Plain };
    let who = text::pad(&text::cut_middle(&who, WHO - 1, cut), WHO);
    Line::of(format!(" {seq:<4}{time:<16}")).plain(who).add(what, tone)
}

/// The title of the screen.
pub(super) fn title(known: Option<&Known>) -> String {
    known.map_or_else(|| "Journal".to_owned(), |known| format!("Journal: {}, {}", n_entries(known), known.verdict()))
}

fn n_entries(known: &Known) -> String {
    match known.entries.len() {
        1 => "1 entry".to_owned(),
        n => format!("{} entries", text::thousands(n)),
    }
}

/// All of an entry.
pub(super) fn entry(canvas: &mut Canvas<'_>, layout: &Layout, shown: &Shown) {
    let cells = usize::from(layout.header.width.min(ENTRY)).saturating_sub(4);
    let lines = canvas.app.entry_lines(shown.seq, cells);
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    let area = super::middle(layout, ENTRY, height);
    canvas.frame(area, &format!("Entry #{}", shown.seq), "", "j k move  Esc close");
    let inner = Area { x: area.x + 2, y: area.y + 1, width: area.width.saturating_sub(4), height: area.height.saturating_sub(2) };
    let top = shown.top.min(lines.len().saturating_sub(usize::from(inner.height)));
    for (line, y) in lines.iter().skip(top).zip(inner.y..inner.y + inner.height) {
        canvas.line(inner.x, y, inner.width, &Line::of(line.clone()));
    }
}
