//! The popup that asks for an advisory's path.

use crate::app::layout::Area;
use crate::app::layout::Layout;
use crate::app::line::Line;
use crate::app::line::Tone;
use crate::app::open_path::PathBox;
use crate::ui::advisories::wrapped;
use crate::ui::canvas::Canvas;
use crate::ui::canvas::Mark;
use crate::ui::mark::tail;

/// So many names are offered at once.
const OFFERED: usize = 8;

pub(super) fn draw(canvas: &mut Canvas<'_>, layout: &Layout, path: &PathBox) {
    let app = canvas.app;
    let offered = path.offered();
    let rows = u16::try_from(offered.len().clamp(2, OFFERED)).unwrap_or(2);
    let area = super::middle(layout, 68, rows + 4);
    let reading = if app.is_reading_advisories() { "reading …" } else { "" };
    canvas.frame(area, "Read an advisory", reading, "Tab complete  Enter read  Esc leave");
    let inner = Area { x: area.x + 2, y: area.y + 1, width: area.width.saturating_sub(4), height: area.height.saturating_sub(2) };
    let (before, after) = path.field.parts();
    let typed = format!("{}_{}", app.show.safe(&before), app.show.safe(&after));
    canvas.line(inner.x, inner.y, inner.width, &Line::of(tail(&typed, usize::from(inner.width))));
    canvas.divide(area, inner.y + 1, "");
    let bottom = area.y + area.height.saturating_sub(1);
    if let Some(error) = &path.error {
        for (line, y) in wrapped(app, error, usize::from(inner.width), Tone::Error).iter().zip(inner.y + 2..bottom) {
            canvas.line(inner.x, y, inner.width, line);
        }
        return;
    }
    if offered.is_empty() {
        let words = "a file or a folder: OSV, OpenVEX, CycloneDX VEX, CSAF, ml_advisory";
        for (line, y) in wrapped(app, words, usize::from(inner.width), Tone::Plain).iter().zip(inner.y + 2..bottom) {
            canvas.line(inner.x, y, inner.width, line);
        }
    }
    let height = usize::from(bottom.saturating_sub(inner.y + 2)).max(1);
    let top = path.chosen.map_or(0, |chosen| (chosen + 1).saturating_sub(height));
    for ((nth, name), y) in offered.iter().enumerate().skip(top).zip(inner.y + 2..bottom) {
        let mark = if path.chosen == Some(nth) { Mark::Here } else { Mark::None };
        canvas.row(inner.x, y, inner.width, mark, &Line::of(" ").plain(app.show.raw(crate::text::Untrusted::new(name))));
    }
}
