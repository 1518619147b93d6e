//! The Reach pane.

use crate::app::App;
use crate::app::Focus;
use crate::app::View;
use crate::app::layout::Area;
use crate::app::line::Line;
use crate::app::line::Tone;
use crate::app::preview;
use crate::app::reach::Key;
use crate::app::reach::Row;
use crate::app::verdict::Verdict;
use crate::graph::ids::ComponentId;
use crate::model::state::State;
use crate::text;
use crate::ui::canvas::Canvas;
use crate::ui::canvas::Mark;

/// Cells before the name: symbol, blank, state, blank.
const STATE: usize = 11;

pub(super) fn draw(canvas: &mut Canvas<'_>, area: Area, heads: bool) {
    let app = canvas.app;
    let Some(verdict) = app.reach_verdict() else {
        let nothing = app.selected().is_none() && app.verdict.is_none();
        canvas.plain(area.x + 1, area.y, area.width.saturating_sub(1), if nothing { "nothing selected" } else { "…" });
        return;
    };
    let top = u16::from(heads);
    if heads {
        let line = Line::of("STATE    DEPLOYMENT").right("LINK", Tone::Plain);
        canvas.line(area.x + 3, area.y, area.width.saturating_sub(3), &line);
    }
    let counts = verdict.deployments;
    let mut y = area.y + top;
    if counts.affected + counts.possible + counts.contained == 0 && app.reach.filter.is_none() {
        let total = text::thousands(counts.total());
        let words = format!("0 of {total} reached: {} CLEAR, {} UNKNOWN (listed below)", counts.clear, counts.unknown);
        canvas.line(area.x + 1, y, area.width.saturating_sub(1), &Line::of(words));
        y += 1;
    }
    let height = (area.y + area.height).saturating_sub(y);
    let rows: Vec<(usize, &Row)> =
        app.reach.rows.iter().enumerate().skip(app.reach.cursor.top).take(usize::from(height)).collect();
    if rows.is_empty() && app.reach.filter.is_some() {
        canvas.plain(area.x + 1, y, area.width.saturating_sub(1), "no deployment matches   Esc clears the filter");
    }
    let room = usize::from(area.width).saturating_sub(1 + STATE + 3);
    let labels = labels(app, &rows, room, canvas.theme.cut());
    let focused = app.has_keys(Focus::View(View::Reach));
    for ((at, row), label) in rows.into_iter().zip(labels) {
        let mark = match (at == app.reach.cursor.row, focused) {
            (false, _) => Mark::None,
            (true, true) => Mark::Here,
            (true, false) => Mark::Chosen,
        };
        canvas.row(area.x, y, area.width, mark, &line(app, verdict, row, label));
        y += 1;
    }
}

/// The names of the visible deployments as they fit; different ones stay different.
fn labels(app: &App, rows: &[(usize, &Row)], room: usize, cut: char) -> Vec<String> {
    let label = |row: &Row| match row {
        Row::Deployment(id) | Row::RuledOut { component: id, .. } => app.show.label(&app.data.graph, *id),
        Row::Group { .. } => String::new(),
    };
    let whole: Vec<String> = rows.iter().map(|(_, row)| label(row)).collect();
    let texts: Vec<&str> = whole.iter().map(String::as_str).collect();
    text::cut_until_different(&texts, room, cut)
}

fn line(app: &App, verdict: &Verdict, row: &Row, label: String) -> Line {
    match row {
        Row::Deployment(id) => deployment(app, verdict, *id, label),
        Row::RuledOut { reason, .. } => {
            Line::of("  ruled out ").plain(label).right(app.show.safe(&preview::reason(reason)), Tone::Plain)
        }
        Row::Group { key, open, counts, n } => {
            let arrow = if *open { "▾ " } else { "▸ " };
            match key {
                Key::Named(name) => {
                    let [affected, possible, unknown] = *counts;
                    let counts = format!("{affected} confirmed  {possible} possible  {unknown} unknown");
                    Line::of(arrow).plain(app.show.safe(name)).right(counts, Tone::Plain)
                }
                Key::RuledOut => Line::of(format!("{arrow}ruled out {n}")).right(first_reason(app, verdict), Tone::Plain),
                Key::Clear => Line::of(format!("{arrow}CLEAR {n}")),
            }
        }
    }
}

fn first_reason(app: &App, verdict: &Verdict) -> String {
    verdict.impact.ruled_out().first().map(|out| app.show.safe(&preview::reason(&out.reason))).unwrap_or_default()
}

fn deployment(app: &App, verdict: &Verdict, id: ComponentId, label: String) -> Line {
    let state = verdict.impact.state(id);
    let tone = Tone::State(state);
    let line = Line::new().add(format!("{} {:<9}", state.symbol(), state.word()), tone).plain(label);
    let weakest = match state {
        State::Affected | State::Possible | State::Contained => verdict.impact.weakest(&app.data.graph, id),
        State::Unknown | State::Clear => None,
    };
    line.right(weakest.map_or("  ", |evidence| evidence.mark()), Tone::Plain)
}
