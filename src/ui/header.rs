//! Header, incident line and tabs.

use crate::app::App;
use crate::app::layout::Layout;
use crate::app::layout::Size;
use crate::app::line::Line;
use crate::app::line::Tone;
use crate::app::loading::Load;
use crate::app::tab::Tab;
use crate::model::state::State;
use crate::query::impact::StateCounts;
use crate::text;
use crate::ui::canvas::Canvas;

/// From so many on, tabs shorten their counts.
const SHORTENED: usize = 100_000;

pub(super) fn draw(canvas: &mut Canvas<'_>, layout: &Layout) {
    let area = layout.header;
    let line = if layout.size == Size::Small { small(canvas.app) } else { header(canvas.app, usize::from(area.width)) };
    canvas.line(area.x, area.y, area.width, &line);
    if let Some(area) = layout.incident {
        let line = incident(canvas.app, usize::from(area.width));
        canvas.line(area.x, area.y, area.width, &line);
    }
    if let Some(area) = layout.tabs {
        tabs(canvas, area.y, area.width);
    }
}

/// Repository, counts, load state. Words that do not fit go from the left.
fn header(app: &App, cells: usize) -> Line {
    let name = app.show.safe(&app.repository);
    let mut words: Vec<(String, Tone)> = Vec::new();
    match &app.load {
        Load::Reading(progress) => {
            let reading = match progress.files {
                Some(files) => format!("reading {} of {} files", text::thousands(progress.read), text::thousands(files)),
                None if progress.read > 0 => format!("reading {} files", text::thousands(progress.read)),
                None => "reading".to_owned(),
            };
            words.push((reading, Tone::Plain));
            words.extend(progress.percent().map(|percent| (format!("{percent} %"), Tone::Plain)));
        }
        Load::Front | Load::Checking | Load::Ready => {
            let totals = &app.data.totals;
            words.push((text::count(totals.documents, "document"), Tone::Plain));
            words.push((text::count(totals.components, "component"), Tone::Plain));
            if totals.unread > 0 {
                words.push((format!("{} not read", text::thousands(totals.unread)), Tone::Error));
            }
            let journal = app.journal_word();
            let checking = !matches!(app.load, Load::Ready);
            if checking {
                words.push(("checking files".to_owned(), Tone::Plain));
            } else if app.is_preview() {
                words.push(("PREVIEW, not recorded".to_owned(), Tone::Plain));
            }
            match journal {
                Some((word, wrong)) => words.push((word, if wrong { Tone::Error } else { Tone::Plain })),
                None if !checking && !app.is_preview() => words.push(("ready".to_owned(), Tone::Plain)),
                None => {}
            }
        }
    }
    let start = "downriver  ";
    let width = |words: &[(String, Tone)]| words.iter().map(|(word, _)| text::width(word) + 2).sum::<usize>();
    while words.len() > 1 && start.len() + text::width(&name).min(12) + width(&words) > cells {
        words.remove(0);
    }
    let mut line = Line::new().add(start, Tone::Title).plain(name);
    let last = words.len().saturating_sub(1);
    for (row, (word, tone)) in words.into_iter().enumerate() {
        line = line.right(word, tone);
        if row < last {
            line = line.right("  ", Tone::Plain);
        }
    }
    line
}

fn small(app: &App) -> Line {
    let name = app.show.safe(&app.repository);
    let line = Line::new().add(name, Tone::Title);
    if app.is_preview() {
        return standing(
            Line::new().add("PREVIEW, not recorded", Tone::Title),
            app.advice.reach().map(|verdict| verdict.deployments),
        );
    }
    let Some(incident) = app.active() else {
        return match &app.load {
            Load::Reading(progress) => {
                let percent = progress.percent().map(|percent| format!("  {percent} %")).unwrap_or_default();
                line.plain(format!("  reading{percent}"))
            }
            Load::Front | Load::Checking => line.plain("  checking files"),
            Load::Ready if app.data.totals.unread > 0 => {
                line.plain("  ").add(format!("{} not read", app.data.totals.unread), Tone::Error)
            }
            Load::Ready => line,
        };
    };
    standing(line.plain(format!("  {}", app.show.safe(&incident.id))), app.verdict.as_ref().map(|verdict| verdict.deployments))
}

/// The counts behind something on a small screen.
fn standing(mut line: Line, counts: Option<StateCounts>) -> Line {
    match counts {
        Some(counts) => {
            for (n, mark, state) in [
                (counts.affected, '!', State::Affected),
                (counts.possible, '?', State::Possible),
                (counts.unknown, '~', State::Unknown),
                (counts.contained, 'o', State::Contained),
            ] {
                line = line.plain("  ").add(format!("{n}{mark}"), Tone::State(state));
            }
        }
        None => line = line.plain("  …"),
    }
    line
}

/// `INC-1 poisoned NAME    11 AFFECTED  3 POSSIBLE  2 UNKNOWN`; the counts are of all open incidents, as in the panes.
fn incident(app: &App, cells: usize) -> Line {
    if app.is_preview() {
        let line = Line::new().add("PREVIEW", Tone::Title).plain(" ").plain(app.previewed());
        return counted(line, app.advice.reach().map(|verdict| verdict.deployments), cells);
    }
    let Some(incident) = app.active() else { return Line::new() };
    let more = app.incidents.len() - 1;
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let id = incident.component.filter(|_| cells >= 110).map(|id| app.show.raw(app.data.graph.id(id)));
    let name = id.unwrap_or_else(|| app.show.safe(&incident.label));
    let line = Line::new().add(app.show.safe(&incident.id), Tone::Title);
    // A draft of a new incident says so by its id.
    let draft = incident.draft && !incident.id.starts_with("DRAFT");
    let line = if draft { line.add(" DRAFT", Tone::Error) } else { line };
    let line = line.plain(format!(" {} ", incident.hazard)).plain(name).plain(more);
    let line = if app.verdict.is_some() && app.verdict_is_old() { line.plain(" …") } else { line };
    counted(line, app.verdict.as_ref().map(|verdict| verdict.deployments), cells)
}

/// The counts of a line, at its right end.
fn counted(line: Line, counts: Option<StateCounts>, cells: usize) -> Line {
    let Some(counts) = counts else { return line.right("…", Tone::Plain) };
    let wide = cells >= 110;
    let shown = State::ALL.into_iter().filter(|state| match state {
        State::Affected | State::Possible | State::Unknown => true,
        State::Contained => wide || counts.contained > 0,
        State::Clear => wide,
    });
    let mut line = line;
    for (row, state) in shown.enumerate() {
        if row > 0 {
            line = line.right("  ", Tone::Plain);
        }
        line = line.right(format!("{} {}", text::thousands(counts.of(state)), state.word()), Tone::State(state));
    }
    line
}

/// The chosen tab stands in brackets, which take a blank on each side; the blanks between shrink where they must.
fn tabs(canvas: &mut Canvas<'_>, y: u16, width: u16) {
    let app = canvas.app;
    let names = Tab::ALL.map(|tab| {
        let n = if tab == Tab::Incidents { app.incidents.len() } else { app.data.n_of(tab) };
        let unknown = tab == Tab::Incidents && app.journal().is_none();
        let count = if n < SHORTENED { text::thousands(n) } else { shortened(n) };
        let count = if unknown { "…".to_owned() } else { count };
        let cells = if tab == Tab::Packages { 3 } else { 1 };
        format!("{} {} {count:>cells$}", tab.row() + 1, tab.word())
    });
    let names_cells: usize = names.iter().map(|name| text::width(name)).sum();
    // The first bracket needs a cell before it, the last one after it: one cell serves both.
    let lead = |gap: usize| usize::from((gap == 3 && app.tab != Tab::Incidents) || app.tab == Tab::Models);
    let ends = |gap: usize| lead(gap) + names_cells + 4 * gap + usize::from(app.tab == Tab::Incidents);
    let gap = [3, 2].into_iter().find(|gap| ends(*gap) <= usize::from(width)).unwrap_or(1);
    let mut x = lead(gap);
    for (tab, name) in Tab::ALL.into_iter().zip(names) {
        let cells = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        if tab == app.tab {
            let bold = canvas.theme.style(Tone::Title);
            canvas.text(cells(x.saturating_sub(1)), y, width, &format!("[{name}]"), bold);
        } else {
            canvas.plain(cells(x), y, width, &name);
        }
        x += text::width(&name) + gap;
    }
}

/// `1.8M`, `100k`: for tabs only.
fn shortened(n: usize) -> String {
    match n {
        0..1_000_000 => format!("{}k", n / 1000),
        _ => format!("{}.{}M", n / 1_000_000, n % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_counts_are_short_in_tabs() {
        assert_eq!((shortened(100_000).as_str(), shortened(1_871_402).as_str()), ("100k", "1.8M"));
    }
}
