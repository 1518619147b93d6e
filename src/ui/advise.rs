//! The dialog that opens an incident from an advisory: a popup, or a page on small screens.

use crate::app::App;
use crate::app::advise::AdviseDialog;
use crate::app::layout::Area;
use crate::app::layout::Layout;
use crate::app::layout::Size;
use crate::app::line::Line;
use crate::app::line::Tone;
use crate::model::hazard::Hazard;
use crate::text::Untrusted;
use crate::ui::canvas::Canvas;
use crate::ui::mark::letter;
use crate::ui::mark::preview_of;
use crate::ui::mark::radio;

/// So many selectors are shown before the rest is counted.
const SELECTORS: usize = 4;

pub(super) fn draw(canvas: &mut Canvas<'_>, layout: &Layout, dialog: &AdviseDialog) {
    let small = layout.size == Size::Small;
    let app = canvas.app;
    let upper = question(app, dialog, small);
    let lower = match &dialog.preview {
        Some(preview) => preview_of(app, preview, small),
        None => vec![Line::of("…")],
    };
    let height = u16::try_from(upper.len() + lower.len() + 3).unwrap_or(u16::MAX);
    let area = super::middle(layout, if small { u16::MAX } else { 70 }, if small { u16::MAX } else { height });
    let edge = u16::from(!small);
    if small {
        canvas.clear(area);
    } else {
        canvas.frame(area, "Open an incident from an advisory", "", "Enter open incident  Esc leave");
    }
    let inner = Area {
        x: area.x + 2 * edge,
        y: area.y + edge,
        width: area.width.saturating_sub(4 * edge),
        height: area.height.saturating_sub(2 * edge),
    };
    let end = inner.y + inner.height;
    for (line, y) in upper.iter().zip(inner.y..end) {
        canvas.line(inner.x, y, inner.width, line);
    }
    let middle = inner.y + u16::try_from(upper.len()).unwrap_or(0);
    if middle >= end {
        return;
    }
    let stale = if dialog.is_stale() { " …" } else { "" };
    let title = format!("Reach now; nothing is written yet{stale}");
    if small {
        canvas.rule(area.x, middle, area.width);
        canvas.plain(area.x + 1, middle, area.width.saturating_sub(1), &format!(" {title} "));
    } else {
        canvas.divide(area, middle, &title);
    }
    let room = usize::from(end.saturating_sub(middle + 1));
    let top = dialog.top.min(lower.len().saturating_sub(room));
    for (line, y) in lower.iter().skip(top).zip(middle + 1..end) {
        canvas.line(inner.x, y, inner.width, line);
    }
}

/// The advisory, its hazard, its selectors, and whether they are wider than it says.
fn question(app: &App, dialog: &AdviseDialog, small: bool) -> Vec<Line> {
    let mut lines = vec![Line::new().add(app.show.safe(&dialog.label), Tone::Title)];
    if let Some(id) = app.keeps(dialog) {
        let line = format!("{} keeps it: Enter adds what is new", Untrusted::new(id).show());
        lines.push(Line::new().add(app.show.safe(&line), Tone::Warn));
    }
    let Some(asks) = &dialog.asks else { return lines };
    let question = &asks.question;
    let hazards = Hazard::ALL.map(|hazard| {
        let on = question.hazard == Some(hazard);
        let word = if small && !on { String::new() } else { format!(" {hazard}") };
        format!("{} {}{word}", radio(on), letter(hazard))
    });
    let usual = if question.hazard.is_none() { "  as is usual for the kind" } else { "" };
    lines.push(Line::of(format!("Hazard  {}{}", hazards.join("   "), if small { "" } else { usual })));
    let shown = if small { 1 } else { SELECTORS };
    for (nth, selector) in question.selectors.iter().take(shown).enumerate() {
        let more = question.selectors.len().saturating_sub(shown);
        let line = Line::of(if nth == 0 { "Means   " } else { "        " }).plain(app.show.raw(Untrusted::new(selector)));
        let last = nth + 1 == shown && more > 0;
        lines.push(if last { line.right(format!("{more} more"), Tone::Plain) } else { line });
    }
    let day = |word: &str, day: Option<crate::model::date::Day>| day.map(|day| format!("{word} {day}  ")).unwrap_or_default();
    let window = format!("{}{}", day("since", question.since), day("until", question.until));
    if !window.is_empty() {
        lines.push(Line::of(format!("Window  {window}")));
    }
    if asks.wider {
        lines.push(Line::new().add("wider than the advisory: more counts as meant than it says", Tone::Warn));
    }
    lines
}
