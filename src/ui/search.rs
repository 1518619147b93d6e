//! The popup that searches everywhere.

use crate::app::App;
use crate::app::found::Found;
use crate::app::layout::Area;
use crate::app::layout::Layout;
use crate::app::line::Line;
use crate::app::line::Tone;
use crate::app::search::ROWS;
use crate::app::search::SearchBox;
use crate::query::search::Hit;
use crate::query::search::HitBy;
use crate::text;
use crate::ui::canvas::Canvas;
use crate::ui::canvas::Mark;

/// Cells of the kind's column.
const KIND: usize = 12;

pub(super) fn draw(canvas: &mut Canvas<'_>, layout: &Layout, search: &SearchBox) {
    let app = canvas.app;
    let n = search.found.as_ref().map_or(0, Found::len);
    let rows = u16::try_from(n.clamp(1, ROWS)).unwrap_or(1);
    let area = super::middle(layout, 68, rows + 6);
    let count = match &search.found {
        _ if search.is_waiting() => "… hits".to_owned(),
        Some(found) => text::count(found.len(), "hit"),
        None => String::new(),
    };
    canvas.frame(area, "Search everywhere", &count, "Enter go  Tab kind  ^y copy  Esc close");
    let inner = Area { x: area.x + 2, y: area.y + 1, width: area.width.saturating_sub(4), height: 1 };
    let (before, after) = search.field.parts();
    let typed = format!("/{}_{}", app.show.safe(&before), app.show.safe(&after));
    let graph = &app.data.graph;
    let kinds = search.kind.map_or_else(|| "all kinds".to_owned(), |kind| format!("{kind}s only"));
    let names = format!("{kinds}: {}, {}", text::count(graph.len(), "name"), text::count(graph.documents().len(), "file"));
    canvas.line(inner.x, inner.y, inner.width, &Line::of(typed).right(names, Tone::Plain));
    canvas.divide(area, area.y + 2, "");
    let bottom = area.y + area.height.saturating_sub(3);
    if area.height > 6 {
        canvas.divide(area, bottom, "");
        let syntax = "kind:model owner:care state:affected file:... 'exact  !not";
        canvas.line(inner.x, bottom + 1, inner.width, &Line::of(syntax));
    }
    let list = Area { x: inner.x, y: area.y + 3, width: inner.width, height: bottom.saturating_sub(area.y + 3) };
    hits(canvas, list, search);
}

fn hits(canvas: &mut Canvas<'_>, area: Area, search: &SearchBox) {
    let app = canvas.app;
    let Some(found) = &search.found else {
        canvas.plain(area.x + 2, area.y, area.width, "a name, an id, a digest, a purl, an owner or a file");
        return;
    };
    if found.is_empty() {
        canvas.plain(area.x + 2, area.y, area.width, "nothing matches; fewer letters find more");
        return;
    }
    let height = usize::from(area.height);
    let top = (search.cursor.row + 1).saturating_sub(height).max(search.cursor.top.min(search.cursor.row));
    let rows = (top..found.len()).map_while(|row| Some((row, found.hit(row)?)));
    for ((row, hit), y) in rows.zip(area.y..area.y + area.height) {
        let mark = if row == search.cursor.row { Mark::Here } else { Mark::None };
        let (line, label) = line(app, hit);
        canvas.row(area.x, y, area.width, mark, &line);
        let x = area.x + 2 + u16::try_from(KIND).unwrap_or(0);
        if let Some(label) = label {
            canvas.underline(x, y, &label, &hit.positions, area.x + area.width);
        }
    }
}

/// A hit's line, and its label where matched letters stand in it as they were counted.
fn line(app: &App, hit: &Hit) -> (Line, Option<String>) {
    let (graph, show) = (&app.data.graph, app.show);
    let label = show.label(graph, hit.component);
    match hit.by {
        HitBy::Label | HitBy::Identifier => {
            let kind = graph.kind(hit.component).word();
            let line = Line::of(format!(" {kind:<KIND$}")).plain(label.clone());
            let line = match (&app.verdict, &app.data.deploys) {
                (Some(verdict), _) => {
                    let standing = verdict.standing(hit.component);
                    line.right(format!("{} {}", standing.symbol(), standing.word()), standing.tone())
                }
                (None, Some(deploys)) => {
                    let reached = deploys.of(hit.component);
                    let possible = if reached.possible > 0 { format!("{:>3}?", reached.possible) } else { " ".repeat(4) };
                    line.right(format!("{}{possible}   ", text::thousands(reached.confirmed as usize)), Tone::Plain)
                }
                (None, None) => line.right("…", Tone::Plain),
            };
            let shown = hit.by == HitBy::Label && label == graph.label(hit.component).as_key();
            (line, shown.then_some(label))
        }
        HitBy::Alias(name) => {
            let alias = show.raw(graph.text(name));
            let shown = (alias == graph.text(name).as_key()).then(|| alias.clone());
            (Line::of(format!(" {:<KIND$}", "alias")).plain(alias).plain(" = ").plain(label), shown)
        }
        HitBy::File(document) => {
            let file = show.file(graph, document);
            let stated = graph.declared_in(hit.component).find(|source| source.document == document);
            let place = stated.map_or_else(|| file.clone(), |source| show.source(graph, source));
            let shown = (file == graph.file(document).as_key()).then_some(file);
            (Line::of(format!(" {:<KIND$}", "file")).plain(place), shown)
        }
    }
}
