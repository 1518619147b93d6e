//! How far reading has come, in the Detail pane.

use crate::app::layout::Area;
use crate::app::line::Line;
use crate::app::line::wrap;
use crate::app::loading::Load;
use crate::app::loading::Progress;
use crate::app::loading::mebibytes;
use crate::text;
use crate::ui::canvas::Canvas;

/// Cells of the bar between its brackets.
const BAR: usize = 28;

pub(super) fn draw(canvas: &mut Canvas<'_>, area: Area) {
    let Load::Reading(progress) = &canvas.app.load else { return };
    let inner = usize::from(area.width.saturating_sub(3));
    let mut lines = vec![format!("Reading {}", canvas.app.show.safe(&canvas.app.repository)), String::new()];
    lines.extend(bar(progress));
    lines.push(amounts(progress));
    lines.push(String::new());
    lines.extend(wrap("Search and move already work on what is here; DEPLOYS comes when all is read.", inner));
    for (y, line) in (area.y..area.y + area.height).zip(lines) {
        canvas.line(area.x + 2, y, area.width.saturating_sub(2), &Line::of(line));
    }
}

fn bar(progress: &Progress) -> Option<String> {
    let files = progress.files.filter(|files| *files > 0)?;
    let full = (progress.read * BAR / files).min(BAR);
    let (read, files) = (text::thousands(progress.read), text::thousands(files));
    Some(format!("[{}{}]  {read} / {files}", "#".repeat(full), ".".repeat(BAR - full)))
}

fn amounts(progress: &Progress) -> String {
    let mut words = Vec::new();
    match progress.all_bytes {
        Some(all) => words.push(format!("{} of {} MiB", mebibytes(progress.bytes), mebibytes(all))),
        None if progress.bytes > 0 => words.push(format!("{} MiB", mebibytes(progress.bytes))),
        None => {}
    }
    words.extend(
        progress.seconds_left.map(|seconds| format!("{} s left", text::thousands(usize::try_from(seconds).unwrap_or(0)))),
    );
    if progress.not_read > 0 {
        words.push(format!("{} not read", text::thousands(progress.not_read)));
    }
    words.join("   ")
}
