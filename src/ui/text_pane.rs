//! Panes of text lines: Detail and Why.

use crate::app::Focus;
use crate::app::View;
use crate::app::cursor::Cursor;
use crate::app::layout::Area;
use crate::app::line::Line;
use crate::ui::canvas::Canvas;
use crate::ui::canvas::Mark;
use crate::ui::loading;

/// Facts of the chosen component; while files are read, how far that has come.
pub(super) fn detail(canvas: &mut Canvas<'_>, area: Area) {
    let app = canvas.app;
    let focused = app.has_keys(Focus::View(View::Detail));
    if app.load.is_reading() && !focused {
        loading::draw(canvas, area);
    } else if app.detail.of.is_none() {
        canvas.plain(area.x + 1, area.y, area.width.saturating_sub(1), "nothing selected");
    } else {
        lines(canvas, area, &app.detail.lines, app.detail.cursor, focused);
    }
}

/// The links from what is marked to the cursor.
pub(super) fn why(canvas: &mut Canvas<'_>, area: Area) {
    let app = canvas.app;
    let focused = app.has_keys(Focus::View(View::Why));
    lines(canvas, area, &app.why.text.lines, app.why.text.cursor, focused);
}

fn lines(canvas: &mut Canvas<'_>, area: Area, lines: &[Line], cursor: Cursor, focused: bool) {
    let rows = lines.iter().enumerate().skip(cursor.top);
    for ((row, line), y) in rows.zip(area.y..area.y + area.height) {
        let mark = if focused && row == cursor.row { Mark::Here } else { Mark::None };
        canvas.margin_row(area.x, y, area.width, mark, line);
    }
}
