//! The lists by kind.

use crate::app::App;
use crate::app::Focus;
use crate::app::filter::Filter;
use crate::app::layout::Area;
use crate::app::line::Line;
use crate::app::line::Tone;
use crate::app::list::List;
use crate::app::snapshot::Sort;
use crate::app::tab::Tab;
use crate::app::verdict::Standing;
use crate::graph::ids::ComponentId;
use crate::model::state::State;
use crate::query::deploys::Reached;
use crate::query::search::HitBy;
use crate::text;
use crate::ui::canvas::Canvas;
use crate::ui::canvas::Mark;

pub(super) fn draw(canvas: &mut Canvas<'_>, area: Area, heads: bool) {
    let app = canvas.app;
    let Some(list) = app.list() else { return };
    let states = app.verdict.is_some() && app.wanted_sort(app.tab) != Sort::Deploys;
    let top = if heads {
        let line = Line::of(app.tab.noun().to_uppercase()).right(if states { "STATE" } else { "DEPLOYS" }, Tone::Plain);
        canvas.line(area.x + 2, area.y, area.width.saturating_sub(2), &line);
        1
    } else {
        0
    };
    let height = area.height.saturating_sub(top);
    if list.len() == 0 {
        empty(canvas, Area { y: area.y + top, height, ..area }, list);
        return;
    }
    let first = list.cursor.top;
    let rows: Vec<(usize, ComponentId)> =
        (first..list.len()).take(usize::from(height)).filter_map(|row| Some((row, list.at(row)?))).collect();
    let ends: Vec<(String, Tone)> = rows.iter().map(|(_, id)| end(app, *id, states)).collect();
    let lead = if states { 4 } else { 2 };
    let labels = labels(app, &rows, &ends, usize::from(area.width).saturating_sub(lead), canvas.theme.cut(), states);
    let focused = app.has_keys(Focus::List);
    for (at, (row, id)) in rows.iter().enumerate() {
        let y = area.y + top + u16::try_from(at).unwrap_or(0);
        let (Some(label), Some((end, tone))) = (labels.get(at), ends.get(at)) else { continue };
        let mut line = Line::of(" ");
        if states {
            let standing = app.verdict.as_ref().map_or(Standing::State(State::Clear), |verdict| verdict.standing(*id));
            line = line.add(format!("{} ", standing.symbol()), standing.tone());
        }
        let line = line.plain(label.clone()).right(end.clone(), *tone);
        let mark = match (*row == list.cursor.row, focused) {
            (false, _) => Mark::None,
            (true, true) => Mark::Here,
            (true, false) => Mark::Chosen,
        };
        canvas.row(area.x, y, area.width, mark, &line);
        underline(canvas, list, *row, label, area.x + u16::try_from(lead).unwrap_or(0), y, area.x + area.width);
    }
}

/// The right column: the state in a word, or the deployments downstream.
fn end(app: &App, id: ComponentId, states: bool) -> (String, Tone) {
    if states {
        return match &app.verdict {
            Some(verdict) => (verdict.standing(id).word().to_owned(), verdict.standing(id).tone()),
            None => ("…".to_owned(), Tone::Plain),
        };
    }
    let end = app.data.deploys.as_ref().map_or_else(|| "…".to_owned(), |deploys| reached(deploys.of(id)));
    (end, Tone::Plain)
}

/// `11  3?`: never added up; a zero possible is left out.
pub(super) fn reached(reached: Reached) -> String {
    let confirmed = text::thousands(reached.confirmed as usize);
    match reached.possible {
        0 => confirmed,
        possible if possible > 99 => format!("{confirmed} {possible:>3}?"),
        possible => format!("{confirmed} {possible:>2}?"),
    }
}

/// The names as they fit; different ones stay different.
fn labels(
    app: &App,
    rows: &[(usize, ComponentId)],
    ends: &[(String, Tone)],
    cells: usize,
    cut: char,
    states: bool,
) -> Vec<String> {
    let whole: Vec<String> = rows.iter().map(|(_, id)| app.show.label(&app.data.graph, *id)).collect();
    // In the state column all words are given the room of the longest.
    let widest = if states { 8 } else { 0 };
    let room = |end: &str| cells.saturating_sub(text::width(end).max(widest) + 1);
    let least = ends.iter().map(|(end, _)| room(end)).min().unwrap_or(cells);
    if whole.iter().zip(ends).all(|(label, (end, _))| text::width(label) <= room(end)) {
        return whole;
    }
    let texts: Vec<&str> = whole.iter().map(String::as_str).collect();
    let cut_all = text::cut_until_different(&texts, least, cut);
    whole
        .iter()
        .zip(cut_all)
        .zip(ends)
        .map(|((label, short), (end, _))| if text::width(label) <= room(end) { label.clone() } else { short })
        .collect()
}

fn underline(canvas: &mut Canvas<'_>, list: &List, row: usize, label: &str, x: u16, y: u16, end: u16) {
    let hit = list.found().and_then(|found| found.hit(row)).filter(|hit| hit.by == HitBy::Label);
    let Some(hit) = hit else { return };
    let whole = canvas.app.show.label(&canvas.app.data.graph, hit.component);
    let raw = canvas.app.data.graph.label(hit.component).as_key();
    // Positions count the exact text; where that is not what is shown they point nowhere.
    if whole == label && whole == raw {
        canvas.underline(x, y, label, &hit.positions, end);
    }
}

/// What to do where there is nothing to show.
fn empty(canvas: &mut Canvas<'_>, area: Area, list: &List) {
    let app = canvas.app;
    let lines = match &list.filter {
        Some(filter) if filter.is_waiting() => vec!["…".to_owned()],
        Some(filter) => no_match(app, filter),
        None if app.load.is_reading() => vec!["nothing read yet".to_owned()],
        None => vec![format!("no {} in this repository", app.tab.noun()), other_tabs(app)],
    };
    for (y, line) in (area.y..area.y + area.height).zip(lines) {
        canvas.line(area.x + 2, y, area.width.saturating_sub(2), &Line::of(line));
    }
}

fn other_tabs(app: &App) -> String {
    let full = Tab::ALL.into_iter().find(|tab| *tab != app.tab && app.data.n_of(*tab) > 0);
    full.map_or_else(|| "! lists what was not read".to_owned(), |tab| format!("{}  lists {}", tab.row() + 1, tab.word()))
}

fn no_match(app: &App, filter: &Filter) -> Vec<String> {
    let mut lines = vec![format!("no {} matches {}", app.tab.noun(), app.show.safe(&filter.field.text()))];
    let near: Vec<String> = filter.near.iter().map(|id| app.show.label(&app.data.graph, *id)).collect();
    for (row, label) in near.iter().enumerate() {
        lines.push(format!("{:<7}{label}", if row == 0 { "near:" } else { "" }));
    }
    lines.extend(near.first().map(|label| format!("{:<7}takes {label}", "Tab")));
    lines.push(format!("{:<7}looks in all kinds", "//"));
    lines
}
