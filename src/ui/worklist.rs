//! The Worklist screen: groups with their counts, a row for each deployment, and the last word on the chosen one.

use crate::app::App;
use crate::app::layout::Layout;
use crate::app::layout::Size;
use crate::app::line::Line;
use crate::app::line::Tone;
use crate::app::worklist::Key;
use crate::app::worklist::Row;
use crate::incident::work::Item;
use crate::incident::work::Place;
use crate::incident::work::Work;
use crate::model::moment::Moment;
use crate::model::state::State;
use crate::text;
use crate::text::Untrusted;
use crate::ui::canvas::Canvas;
use crate::ui::canvas::Mark;

/// Cells of a deployment's name at the reference size; it grows with the screen.
const NAME: usize = 32;

pub(super) fn draw(canvas: &mut Canvas<'_>, layout: &Layout) {
    let Some((_, area)) = layout.panes.first().copied() else { return };
    let app = canvas.app;
    let list = &app.worklist;
    let small = layout.size == Size::Small;
    let Some(work) = &list.work else {
        canvas.plain(area.x + 2, area.y, area.width.saturating_sub(2), "working out how the rows stand …");
        return;
    };
    let name = name_cells(usize::from(area.width));
    let mut y = area.y;
    if !small {
        let heads = Line::of(format!(" {:<12}{:<name$}ACTION", " STATE", "DEPLOYMENT")).right("BY, DUE, UTC", Tone::Plain);
        canvas.line(area.x, y, area.width, &heads);
        y += 1;
    }
    if list.rows.is_empty() {
        canvas.plain(area.x + 2, y, area.width.saturating_sub(2), "nothing is reached, and nothing is to be found out");
    }
    let now = app.journal().and_then(|known| known.now).unwrap_or(Moment::BEGIN);
    for ((nth, row), y) in list.rows.iter().enumerate().skip(list.cursor.top).zip(y..area.y + area.height) {
        let mark = match (nth == list.cursor.row, app.has_keys(app.focus)) {
            (false, _) => Mark::None,
            (true, true) => Mark::Here,
            (true, false) => Mark::Chosen,
        };
        let line = match row {
            Row::Group { key, counts, n } => group(app, key, *counts, *n),
            Row::Item(number) => match work.items.get(*number) {
                Some(row) if small => narrow(app, row),
                Some(row) => item(app, row, name, now, canvas.theme.cut()),
                None => Line::new(),
            },
        };
        canvas.row(area.x, y, area.width, mark, &line);
    }
}

fn name_cells(width: usize) -> usize {
    NAME.max(width.saturating_sub(80) / 2 + NAME).min(60)
}

/// `▾ care   2 confirmed  0 possible  1 contained`.
fn group(app: &App, key: &Key, [confirmed, possible, contained]: [usize; 3], n: usize) -> Line {
    let open = !app.worklist.closed.contains(key);
    let fold = match (open, app.show.ascii) {
        (true, false) => "▾",
        (false, false) => "▸",
        (true, true) => "-",
        (false, true) => "+",
    };
    match key {
        Key::ToFindOut => Line::new().add(format!("{fold} to find out {n}"), Tone::Title),
        Key::Named(_) | Key::Nobody => {
            let name = match key {
                Key::Named(name) => app.show.raw(Untrusted::new(name)),
                Key::Nobody | Key::ToFindOut => "(none)".to_owned(),
            };
            let counts = format!("{confirmed} confirmed  {possible} possible  {contained} contained");
            let line = Line::new().add(format!("{fold} {}", text::pad(&name, 10)), Tone::Title).plain(counts);
            if *key == Key::Nobody { line.right("no owner: name one", Tone::Warn) } else { line }
        }
    }
}

fn tick(app: &App, row: &Item) -> &'static str {
    match (app.worklist.ticked.contains(&row.deployment), app.show.ascii) {
        (true, false) => "✓",
        (true, true) => "x",
        (false, _) => " ",
    }
}

fn state(row: &Item) -> (char, String) {
    let mark = match row.state {
        State::Affected => '!',
        State::Possible => '?',
        State::Unknown => '~',
        State::Contained => 'o',
        State::Clear => ' ',
    };
    (mark, row.state.word().to_owned())
}

fn item(app: &App, row: &Item, cells: usize, now: Moment, cut: char) -> Line {
    let (mark, word) = state(row);
    let name = app.show.raw(Untrusted::new(&row.deployment));
    let name = text::pad(&text::cut_middle(&name, cells - 1, cut), cells);
    let line = Line::of(tick(app, row)).add(format!("{mark} {word:<10}"), Tone::State(row.state)).plain(name);
    let tone = if row.place == Place::Open { Tone::Plain } else { Tone::Dim };
    let line = line.add(app.show.safe(&row.action), tone);
    let line = match row.due {
        Some((due, true)) => line.right(format!(" OVERDUE {}", due.brief(now)), Tone::Error),
        Some((due, false)) => line.right(format!(" due {}", due.brief(now)), Tone::Plain),
        None => line,
    };
    if row.by.is_empty() { line } else { line.right(format!(" {}", app.show.safe(&row.by)), Tone::Dim) }
}

fn narrow(app: &App, row: &Item) -> Line {
    let (mark, _) = state(row);
    let line = Line::of(tick(app, row)).add(format!("{mark} "), Tone::State(row.state));
    let line = line.plain(app.show.raw(Untrusted::new(&row.deployment)));
    match (row.due, row.place) {
        (Some((_, true)), _) => line.right("OVERDUE", Tone::Error),
        (_, Place::Open) => line.right("open", Tone::Plain),
        (_, Place::ToFindOut) => line.right("ask", Tone::Plain),
        (_, Place::Contained) => line.right(app.show.safe(row.action.split(' ').next().unwrap_or_default()), Tone::Dim),
        (_, Place::Left) => line.right("left", Tone::Dim),
    }
}

/// What the message line says while nothing else is to be said: the last word on the chosen row, why it is open.
pub(super) fn about(app: &App) -> Option<String> {
    let item = app.worklist.item()?;
    let why = item.why.first().map(|why| app.show.safe(why));
    let last = item.last.as_ref().map(|last| app.show.safe(last));
    match (item.place, why, last) {
        (Place::Open | Place::ToFindOut | Place::Left, Some(why), _) => Some(why),
        (_, _, Some(last)) => Some(last),
        (_, why, None) => why,
    }
}

/// `next clock: decide critical 04:02`.
pub(super) fn clock(app: &App, work: &Work) -> String {
    let now = app.journal().and_then(|known| known.now).unwrap_or(Moment::BEGIN);
    let Some((name, due, late)) = &work.clock else { return String::new() };
    let word = if *late { "OVERDUE since" } else { "by" };
    format!("{} {word} {} UTC", app.show.safe(name), due.brief(now))
}
