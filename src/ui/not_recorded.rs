//! What could not be recorded, why, and what can be done: a popup, or a page on small screens.

use crate::app::layout::Area;
use crate::app::layout::Layout;
use crate::app::layout::Size;
use crate::app::line::Line;
use crate::app::line::Tone;
use crate::app::line::wrap;
use crate::app::record::NotRecorded;
use crate::ui::canvas::Canvas;

/// Cells of the box.
const BOX: u16 = 72;

pub(super) fn draw(canvas: &mut Canvas<'_>, layout: &Layout, popup: &NotRecorded) {
    let app = canvas.app;
    let small = layout.size == Size::Small;
    let cells = usize::from(layout.header.width.min(BOX)).saturating_sub(4);
    let mut lines: Vec<Line> = Vec::new();
    let mut say = |text: &str, tone: Tone| {
        lines.extend(wrap(&app.show.safe(text), cells).into_iter().map(|line| Line::new().add(line, tone)));
    };
    say(&format!("{} is NOT in the journal.", popup.what), Tone::Plain);
    say(&popup.failure.cause, Tone::Error);
    if !small {
        say(popup.failure.hint, Tone::Plain);
        let last = app.journal().map(|known| match known.entries.last() {
            Some(last) => format!("last entry kept: #{}, {}", last.seq, known.verdict()),
            None => "no entry is kept yet".to_owned(),
        });
        say(&last.unwrap_or_default(), Tone::Plain);
        lines.push(Line::new());
    }
    let first = lines.len();
    for (row, remedy) in popup.choices.iter().enumerate() {
        let mark = if row == popup.row { '>' } else { ' ' };
        let (digit, words) = remedy.words();
        lines.push(Line::of(format!("{mark} {digit}  {words}")));
    }
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    let area = super::middle(layout, BOX, height);
    canvas.frame(area, "Not recorded", "error", "Enter do it  Esc back to the dialog, as typed");
    let inner = Area { x: area.x + 2, y: area.y + 1, width: area.width.saturating_sub(4), height: area.height.saturating_sub(2) };
    // Where not all fits, what can be done does.
    let skipped = lines.len().saturating_sub(usize::from(inner.height)).min(first);
    for ((row, line), y) in lines.iter().enumerate().skip(skipped).zip(inner.y..inner.y + inner.height) {
        canvas.line(inner.x, y, inner.width, line);
        if row == first + popup.row {
            canvas.reverse(inner.x, y, inner.width);
        }
    }
}
