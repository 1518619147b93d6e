//! The row of pane titles, and the rule under the panes with the position in each.

use crate::app::App;
use crate::app::Focus;
use crate::app::Screen;
use crate::app::View;
use crate::app::layout::Area;
use crate::app::layout::Layout;
use crate::app::layout::Size;
use crate::app::line::Tone;
use crate::app::loading::Load;
use crate::app::problems::Problems;
use crate::app::reach::ReachOf;
use crate::app::snapshot::Sort;
use crate::app::tab::Tab;
use crate::text;
use crate::ui::canvas::Canvas;
use crate::ui::log;

pub(super) fn draw(canvas: &mut Canvas<'_>, layout: &Layout) {
    if layout.size == Size::Small {
        small(canvas, layout.titles, &layout.panes);
        return;
    }
    let y = layout.titles.y;
    canvas.rule(0, y, layout.titles.width);
    if let Some(rule) = layout.rule {
        canvas.rule(0, rule.y, rule.width);
    }
    for (row, (pane, area)) in layout.panes.iter().enumerate() {
        if row > 0 {
            canvas.plain(area.x - 1, y, 1, "┬");
            if let Some(rule) = layout.rule {
                canvas.plain(area.x - 1, rule.y, 1, "┴");
            }
        }
        title(canvas, *pane, *area, y);
        if let Some(rule) = layout.rule {
            position_rule(canvas, *pane, *area, rule.y);
        }
    }
}

/// `[Models /eute] 3 of 38` or ` Models`: brackets tell which pane has the keys, without colour.
fn title(canvas: &mut Canvas<'_>, pane: Focus, area: Area, y: u16) {
    let (name, after) = words(canvas.app, pane);
    let focused = is_focused(canvas.app, pane);
    let bold = canvas.theme.style(Tone::Title);
    let room = usize::from(area.width.saturating_sub(2));
    let name = if focused { format!("[{name}]") } else { format!(" {name}") };
    let name = text::cut_middle(&name, room, canvas.theme.cut()).into_owned();
    let x = area.x + 1;
    let used = canvas.text(x, y, area.width.saturating_sub(2), &name, bold);
    canvas.plain(x + used, y, area.width.saturating_sub(2 + used), &after);
    if let Screen::Problems(problems) = &canvas.app.screen {
        right_words(canvas, area, y, &format!("by {}", problems.by.word()));
    }
    if matches!(canvas.app.screen, Screen::Worklist) {
        right_words(canvas, area, y, canvas.app.worklist.by.word());
    }
}

fn is_focused(app: &App, pane: Focus) -> bool {
    match app.screen {
        Screen::Problems(_) | Screen::Log(_) | Screen::Worklist => app.has_keys(app.focus),
        Screen::Advisories => app.has_keys(app.focus) && !app.advice.below,
        Screen::Main => app.has_keys(pane),
    }
}

/// What stands in the brackets, and after them.
fn words(app: &App, pane: Focus) -> (String, String) {
    if let Screen::Problems(problems) = &app.screen {
        let Problems { n_unread: unread, n_findings: findings, .. } = *problems;
        return (format!("Problems: {unread} not read, {}", text::count(findings, "finding")), String::new());
    }
    if let Screen::Log(_) = &app.screen {
        return (app.show.safe(&log::title(app.journal().map(AsRef::as_ref))), String::new());
    }
    if matches!(app.screen, Screen::Advisories) {
        return (advisories_words(app), String::new());
    }
    if matches!(app.screen, Screen::Worklist) {
        return (app.show.safe(&app.worklist.title()), String::new());
    }
    match pane {
        Focus::List => list_words(app),
        Focus::View(View::Detail) => ("Detail".to_owned(), "  u up  d down  r reach  p why".to_owned()),
        Focus::View(View::Up) => ("Up: what it is made of".to_owned(), String::new()),
        Focus::View(View::Down) => ("Down: what is made with it".to_owned(), String::new()),
        Focus::View(View::Reach) => (reach_words(app), String::new()),
        Focus::View(View::Why) if app.focus == pane => ("Why: marked component to deployment".to_owned(), String::new()),
        Focus::View(View::Why) => ("Why (follows the cursor)".to_owned(), String::new()),
    }
}

fn advisories_words(app: &App) -> String {
    let Some(told) = &app.advice.told else { return "Advisories".to_owned() };
    let unread = told.n_unread;
    let read = text::thousands(told.rows.len() - unread);
    let not = if unread > 0 { format!(", {} not understood", text::thousands(unread)) } else { String::new() };
    let busy = if app.advice.is_busy() { " …" } else { "" };
    format!("Advisories: {read} read{not}{busy}")
}

fn list_words(app: &App) -> (String, String) {
    let name = app.tab.word().to_owned();
    if app.tab == Tab::Incidents {
        return (name, String::new());
    }
    let Some(list) = app.list() else { return (name, String::new()) };
    match &list.filter {
        Some(filter) => {
            let n = if filter.is_waiting() { "…".to_owned() } else { text::thousands(list.len()) };
            (format!("{name} /{}", app.show.safe(&filter.field.text())), format!(" {n} of {}", text::thousands(list.rows.len())))
        }
        None if app.load.is_reading() => (name, format!(" {} so far", text::thousands(list.rows.len()))),
        None => (name, String::new()),
    }
}

fn reach_words(app: &App) -> String {
    let filter = app.reach.filter.as_ref().map(|filter| format!(" /{}", app.show.safe(&filter.field.text()))).unwrap_or_default();
    let what = match app.reach.of {
        ReachOf::Row | ReachOf::Advisory => "Reach if marked",
        ReachOf::Incidents => "Reach",
    };
    match app.reach_verdict() {
        Some(verdict) => {
            let old = if app.reach_is_old() { " …" } else { "" };
            format!("{what}{filter}: {}{old}", verdict.sum())
        }
        None => format!("{what}{filter}: …"),
    }
}

/// The position in a pane, right in the rule under it.
fn position_rule(canvas: &mut Canvas<'_>, pane: Focus, area: Area, y: u16) {
    let words = position(canvas.app, pane);
    right_words(canvas, area, y, &words);
}

fn right_words(canvas: &mut Canvas<'_>, area: Area, y: u16, words: &str) {
    if words.is_empty() {
        return;
    }
    let cells = u16::try_from(text::width(words)).unwrap_or(u16::MAX);
    if cells.saturating_add(4) <= area.width {
        canvas.plain(area.x + area.width - cells - 3, y, cells + 2, &format!(" {words} "));
    }
}

/// `1 of 38 by deploys`, `3 of 15  depth 3`, `path 1 of 2`.
fn position(app: &App, pane: Focus) -> String {
    let of = |row: usize, n: usize| {
        if n == 0 { "0 of 0".to_owned() } else { format!("{} of {}", text::thousands(row + 1), text::thousands(n)) }
    };
    if let Screen::Problems(problems) = &app.screen {
        return of(problems.cursor.row, problems.rows.len());
    }
    if let Screen::Log(log) = &app.screen {
        return of(log.cursor.row, app.journal().map_or(0, |known| known.entries.len()));
    }
    if matches!(app.screen, Screen::Worklist) {
        let place = of(app.worklist.cursor.row, app.worklist.rows.len());
        let clock = app.worklist.work.as_ref().map(|work| super::worklist::clock(app, work)).filter(|clock| !clock.is_empty());
        return clock.map_or(place.clone(), |clock| format!("{clock}   {place}"));
    }
    if matches!(app.screen, Screen::Advisories) {
        return of(app.advice.cursor.row, app.advice.told.as_ref().map_or(0, |told| told.rows.len()));
    }
    match pane {
        Focus::List => list_position(app),
        Focus::View(View::Detail) if app.focus == pane => of(app.detail.cursor.row, app.detail.lines.len()),
        Focus::View(View::Detail) if app.detail.lines.is_empty() => String::new(),
        Focus::View(View::Detail) => text::count(app.detail.lines.len(), "line"),
        Focus::View(view @ (View::Up | View::Down)) => {
            let Some(tree) = app.tree(view).filter(|tree| tree.root.is_some()) else { return String::new() };
            let place = of(tree.cursor.row, tree.rows.len());
            match &tree.groups {
                Some(groups) => format!("{place}  {}", text::count(groups.len(), "group")),
                None => format!("{place}  depth {}", tree.links_deep),
            }
        }
        Focus::View(View::Reach) => {
            let Some(verdict) = app.reach_verdict() else { return "…".to_owned() };
            let n = verdict.deployments.total();
            let below = verdict.deployments.clear;
            let below = if app.reach.clear_is_closed { format!(", CLEAR {below} below") } else { String::new() };
            format!("{} of {}{below}", text::thousands(app.reach.position(app.reach.cursor.row)), text::thousands(n))
        }
        Focus::View(View::Why) => match app.why.n_paths() {
            Some((n, more)) => format!("path {} of {n}{}", app.why.nth + 1, if more { "+" } else { "" }),
            None => String::new(),
        },
    }
}

fn list_position(app: &App) -> String {
    if app.tab == Tab::Incidents {
        let n = app.incidents.len();
        return if n == 0 { "0 of 0".to_owned() } else { format!("{} of {n}", app.incident_cursor.row + 1) };
    }
    let Some(list) = app.list() else { return String::new() };
    let all = if app.load == Load::Front { app.data.n_of(app.tab) } else { list.rows.len() };
    let n = if list.filter.is_some() { list.len() } else { all };
    let row = text::thousands(if n == 0 { 0 } else { list.cursor.row + 1 });
    let (shown, all) = (text::thousands(n), text::thousands(all));
    let sort = app.wanted_sort(app.tab);
    match (&list.filter, &app.verdict) {
        (Some(_), _) if n == 0 => format!("0 of {all}"),
        (Some(_), _) => format!("{row} of {shown}, {all} in all"),
        (None, Some(_)) if sort == Sort::State && list.order != Some(sort) => format!("… reached of {all}"),
        (None, Some(verdict)) if sort == Sort::State => {
            format!("{} reached of {all}", text::thousands(verdict.n_reached(&app.data.graph, &list.rows)))
        }
        (None, _) if app.load.is_reading() => format!("{row} of {shown}"),
        (None, _) => format!("{row} of {shown} by {}", sort.word()),
    }
}

/// Tabs, title and position on one line: `1 Models [Reach]   1 of 31`.
fn small(canvas: &mut Canvas<'_>, area: Area, panes: &[(Focus, Area)]) {
    let app = canvas.app;
    let Some((pane, _)) = panes.first() else { return };
    let digit = app.tab.row() + 1;
    let (tab, title) = match (&app.screen, pane) {
        (Screen::Problems(_), _) => (String::new(), "[Problems]".to_owned()),
        (Screen::Log(_), _) => (String::new(), "[Journal]".to_owned()),
        (Screen::Worklist, _) => (String::new(), format!("[{}]", app.show.safe(&app.worklist.title()))),
        (Screen::Advisories, _) => {
            let name = advisories_words(app);
            (String::new(), if app.advice.below { format!(" {name} ") } else { format!("[{name}]") })
        }
        (Screen::Main, Focus::List) => {
            let (name, _) = list_words(app);
            (String::new(), format!("[{digit} {name}]"))
        }
        (Screen::Main, Focus::View(view)) => {
            let name = match view {
                View::Detail => "Detail",
                View::Up => "Up",
                View::Down => "Down",
                View::Reach => "Reach",
                View::Why => "Why",
            };
            (format!("{digit} {} ", app.tab.word()), format!("[{name}]"))
        }
    };
    let position = position(app, *pane);
    let position = position.split(", CLEAR").next().unwrap_or_default().to_owned();
    let used = canvas.plain(area.x, area.y, area.width, &tab);
    let bold = canvas.theme.style(Tone::Title);
    let room = usize::from(area.width).saturating_sub(usize::from(used) + text::width(&position) + 1);
    let title = text::cut_middle(&title, room, canvas.theme.cut()).into_owned();
    canvas.text(area.x + used, area.y, area.width - used, &title, bold);
    let cells = u16::try_from(text::width(&position)).unwrap_or(0);
    if cells < area.width {
        canvas.plain(area.x + area.width - cells, area.y, cells, &position);
    }
}
