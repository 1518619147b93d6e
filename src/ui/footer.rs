//! The line above the footer (what is being typed, a message, or a note of the pane) and the key hints.

use crate::app::App;
use crate::app::Focus;
use crate::app::Popup;
use crate::app::Screen;
use crate::app::Stays;
use crate::app::View;
use crate::app::footer;
use crate::app::group::Grouping;
use crate::app::keymap::Pane;
use crate::app::layout::Layout;
use crate::app::line::Line;
use crate::app::line::Tone;
use crate::app::log::Target;
use crate::app::log::UndoDialog;
use crate::app::remark::About;
use crate::app::remark::RemarkDialog;
use crate::model::hazard::Hazard;
use crate::model::kind::Relation;
use crate::text;
use crate::text::Untrusted;
use crate::ui::canvas::Canvas;

pub(super) fn draw(canvas: &mut Canvas<'_>, layout: &Layout) {
    let app = canvas.app;
    let area = layout.message;
    if let Some(line) = line(app) {
        canvas.line(area.x, area.y, area.width, &line);
    }
    let area = layout.footer;
    let hints = footer::footer(app, usize::from(area.width));
    canvas.plain(area.x, area.y, area.width, &hints);
}

fn line(app: &App) -> Option<Line> {
    let error = app.message.as_ref().is_some_and(|message| message.stays == Stays::UntilEsc);
    match &app.popup {
        Some(Popup::Undo(dialog)) if !error => return Some(undo(app, dialog)),
        Some(Popup::Leave) => return Some(leave(app)),
        Some(Popup::Remark(dialog)) if !error => return Some(remark(app, dialog)),
        Some(
            Popup::Undo(_)
            | Popup::Search(_)
            | Popup::Mark(_)
            | Popup::Advise(_)
            | Popup::Path(_)
            | Popup::NotRecorded(_)
            | Popup::Entry(_)
            | Popup::Decide(_)
            | Popup::Remark(_),
        )
        | None => {}
    }
    match app.pane() {
        Pane::Filter => return app.filter().map(|filter| typed(app, &filter.field)),
        Pane::Find => return app.find.as_ref().map(|find| typed(app, &find.field)),
        Pane::List
        | Pane::Detail
        | Pane::Tree
        | Pane::Reach
        | Pane::Why
        | Pane::Incidents
        | Pane::Problems
        | Pane::Log
        | Pane::Advisories
        | Pane::Worklist
        | Pane::Decide
        | Pane::Remark
        | Pane::AdviseDialog
        | Pane::PathField
        | Pane::MarkDialog
        | Pane::UndoDialog
        | Pane::NotRecorded
        | Pane::Entry
        | Pane::Leave
        | Pane::SearchBox
        | Pane::Help => {}
    }
    if let Some(message) = &app.message {
        let tone = if message.stays == Stays::UntilEsc { Tone::Error } else { Tone::Plain };
        return Some(Line::new().add(app.show.safe(&message.text), tone));
    }
    if matches!(app.screen, Screen::Worklist)
        && let Some(about) = super::worklist::about(app)
    {
        return Some(Line::new().add(about, Tone::Dim));
    }
    note(app)
}

/// `Comment on chat@production: _`; before an incident is closed, what is open still.
fn remark(app: &App, dialog: &RemarkDialog) -> Line {
    let (before, after) = dialog.field.parts();
    let typed = format!("{}_{}", app.show.safe(&before), app.show.safe(&after));
    let id = app.show.safe(&dialog.incident);
    match &dialog.about {
        About::Incident => Line::of(format!("Comment on {id}: ")).plain(typed),
        About::Row(row) => Line::of("Comment on ").plain(app.show.raw(Untrusted::new(row))).plain(": ").plain(typed),
        About::Closing => {
            let left = match app.left_open() {
                None => "…".to_owned(),
                Some(left) if left.is_empty() => "nothing is open".to_owned(),
                Some(left) => {
                    let more = if left.len() > 1 { format!(" and {} more", left.len() - 1) } else { String::new() };
                    format!("{} open: {}{more}", left.len(), left.first().map_or("", String::as_str))
                }
            };
            Line::of(format!("Close {id}? ")).plain(app.show.safe(&left)).plain("  Reason: ").plain(typed)
        }
    }
}

/// `Undo #3 "accept x@staging"? It becomes AFFECTED.  Enter yes  Esc no`; another person's wants a reason.
fn undo(app: &App, dialog: &UndoDialog) -> Line {
    let number = match &dialog.target {
        Target::Entry(seq) => format!("#{seq} "),
        Target::Draft(_) => String::new(),
    };
    let line = Line::of(format!("Undo {number}\"")).plain(app.show.safe(&dialog.what)).plain("\"? ");
    match &dialog.reason {
        None => line.plain(app.show.safe(&dialog.becomes)).plain("  Enter yes  Esc no"),
        Some(field) => {
            let (before, after) = field.parts();
            line.plain(format!("Reason: {}_{}", app.show.safe(&before), app.show.safe(&after)))
        }
    }
}

fn leave(app: &App) -> Line {
    let drafts = app.drafts.len();
    let what = match (drafts, app.is_writing()) {
        (0, _) => "something is still being recorded".to_owned(),
        (n, false) => format!("{} in no journal", text::count(n, "DRAFT")),
        (n, true) => format!("{} in no journal, and something is still being recorded", text::count(n, "DRAFT")),
    };
    Line::new().add(format!("Leave? {what}."), Tone::Error).plain("  Enter or q leaves  Esc stays")
}

/// A slash, the text, and `_` where the next letter goes.
fn typed(app: &App, field: &crate::app::field::Field) -> Line {
    let (before, after) = field.parts();
    Line::of(format!("/{}_{}", app.show.safe(&before), app.show.safe(&after)))
}

/// What the focused pane has to say of itself.
fn note(app: &App) -> Option<Line> {
    if !matches!(app.screen, Screen::Main) {
        return None;
    }
    let Focus::View(view @ (View::Up | View::Down)) = app.focus else { return None };
    let tree = app.tree(view)?;
    let root = tree.root?;
    if tree.grouped_by(&app.data, root) != Grouping::Relation {
        let kind = app.data.graph.kind(root);
        let hazard = Hazard::default_for(kind);
        let left: Vec<&str> = [Relation::Base, Relation::BuiltWith, Relation::EvaluatedOn]
            .into_iter()
            .filter(|relation| !hazard.follows(*relation))
            .map(Relation::word)
            .collect();
        return Some(Line::of(format!("hazard assumed: {hazard} ({kind}s); {} not followed", left.join(", "))));
    }
    if view == View::Up && app.data.graph.is_root(root) {
        return Some(Line::of("a declared root: nothing is missing above it"));
    }
    let first = tree.holes.first().filter(|_| view == View::Up)?;
    let label = app.show.label(&app.data.graph, *first);
    let line = Line::of(format!("{}: ", text::count(tree.holes.len(), "hole"))).plain(label);
    Some(line.plain(" has no document of its own"))
}
