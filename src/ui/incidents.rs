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
        let none = "No incident. m marks a component, a reads an advisory";
        let words = if app.journal().is_none() { "the journal is being read" } else { none };
        let lines = wrap(words, usize::from(area.width.saturating_sub(3)));
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
    let header = app.active().map(|incident| &incident.id);
    let rows = app.incidents.iter().enumerate().skip(app.incident_cursor.top);
    for ((row, incident), y) in rows.zip(area.y + top..area.y + area.height) {
        let each = app.verdict.as_ref().and_then(|verdict| verdict.each.iter().find(|each| each.id == incident.id));
        let counts = each.map(|each| each.counts);
        let in_header = if Some(&incident.id) == header { "*" } else { " " };
        let line = Line::of(format!(" {in_header}{} ", app.show.safe(&incident.id)));
        let line = if incident.draft && !incident.id.starts_with("DRAFT") { line.add("DRAFT ", Tone::Error) } else { line };
        let theirs = app.journal().is_some_and(|known| !known.accepted) && !incident.draft;
        let line = if theirs { line.add("from the repository ", Tone::Dim) } else { line };
        let line = line.plain(app.show.safe(&incident.label));
        let line = match counts {
            Some(counts) => line
                .right(format!("{}!", counts.affected), Tone::State(State::Affected))
                .right(format!(" {}?", counts.possible), Tone::State(State::Possible))
                .right(format!(" {}~", counts.unknown), Tone::State(State::Unknown))
                .right(contained(counts.contained), Tone::State(State::Contained)),
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

/// ` 3o`; nothing where nothing is.
fn contained(n: usize) -> String {
    if n > 0 { format!(" {n}o") } else { String::new() }
}
