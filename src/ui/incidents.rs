//! Tab 5: the open incidents, each with its own counts.

use crate::app::Focus;
use crate::app::layout::Area;
use crate::app::line::Line;
use crate::app::line::Tone;
use crate::app::line::wrap;
use crate::model::state::State;
use crate::ui::canvas::Canvas;
use crate::ui::canvas::Mark;

pub(super) fn draw(canvas: &mut Canvas<'_>, area: Area, heads: bool) {
    let app = canvas.app;
    if app.incidents.is_empty() {
        let lines = wrap("No incident. m marks a component, a reads an advisory", usize::from(area.width.saturating_sub(3)));
        for (y, line) in (area.y..area.y + area.height).zip(lines) {
            canvas.line(area.x + 2, y, area.width.saturating_sub(2), &Line::of(line));
        }
        return;
    }
    let top = u16::from(heads);
    if heads {
        let line = Line::of("INCIDENT").right("REACHED", Tone::Plain);
        canvas.line(area.x + 2, area.y, area.width.saturating_sub(2), &line);
    }
    let header = app.active().map(|incident| incident.number);
    let rows = app.incidents.iter().enumerate().skip(app.incident_cursor.top);
    for ((row, incident), y) in rows.zip(area.y + top..area.y + area.height) {
        let counts = app.verdict.as_ref().and_then(|verdict| verdict.each.get(row));
        let in_header = if Some(incident.number) == header { "*" } else { " " };
        let line = Line::of(format!(" {in_header}{incident} ")).plain(app.show.safe(&incident.label));
        let line = match counts {
            Some(counts) => line
                .right(format!("{}!", counts.affected), Tone::State(State::Affected))
                .right(format!(" {}?", counts.possible), Tone::State(State::Possible))
                .right(format!(" {}~", counts.unknown), Tone::State(State::Unknown)),
            None => line.right("…", Tone::Plain),
        };
        let mark = match (row == app.incident_cursor.row, app.has_keys(Focus::List)) {
            (false, _) => Mark::None,
            (true, true) => Mark::Here,
            (true, false) => Mark::Chosen,
        };
        canvas.row(area.x, y, area.width, mark, &line);
    }
}
