//! The Problems screen: findings above, the chosen one with its lines below.

use crate::app::App;
use crate::app::follow::problems_detail;
use crate::app::follow::problems_rows;
use crate::app::layout::Layout;
use crate::app::layout::Size;
use crate::app::line::Line;
use crate::app::line::Tone;
use crate::app::line::wrap;
use crate::app::problems;
use crate::app::problems::Problems;
use crate::model::finding::Finding;
use crate::model::finding::Severity;
use crate::text;
use crate::text::Untrusted;
use crate::ui::canvas::Canvas;
use crate::ui::canvas::Mark;

/// Cells of WHERE where there is room for all columns.
const WHERE: usize = 35;

pub(super) fn draw(canvas: &mut Canvas<'_>, layout: &Layout, problems: &Problems) {
    let Some((_, area)) = layout.panes.first().copied() else { return };
    let app = canvas.app;
    let small = layout.size == Size::Small;
    let mut y = area.y;
    if !small {
        let heads = format!("  {:<8}{:<10}{:<WHERE$}WHAT", "CODE", "SEVERITY", "WHERE");
        canvas.plain(area.x, y, area.width, &heads);
        y += 1;
    }
    if problems.rows.is_empty() {
        canvas.plain(area.x + 2, y, area.width.saturating_sub(2), "every file was read, and nothing in them is doubtful");
    }
    let height = usize::from(problems_rows(layout));
    for row in (problems.cursor.top..problems.rows.len()).take(height) {
        let Some(finding) = problems.finding_at(&app.data, row) else { continue };
        let n_files = problems.rows.get(row).map_or(1, |row| row.n_files);
        let mark = if row == problems.cursor.row { Mark::Here } else { Mark::None };
        canvas.row(area.x, y, area.width, mark, &line(app, finding, n_files, small, canvas.theme.cut()));
        y += 1;
    }
    if let Some(finding) = problems.finding(&app.data).filter(|_| !small) {
        let lower = problems_detail(area.height);
        let y = area.y + area.height - lower;
        canvas.rule(area.x, y, area.width);
        let title = format!(" {} {} ", finding.code, address(app, finding));
        let title = text::cut_middle(&title, usize::from(area.width.saturating_sub(4)), canvas.theme.cut()).into_owned();
        let bold = canvas.theme.style(Tone::Title);
        canvas.text(area.x + 2, y, area.width.saturating_sub(4), &title, bold);
        for (line, y) in detail(app, problems, finding, usize::from(area.width)).iter().zip(y + 1..area.y + area.height) {
            canvas.line(area.x, y, area.width, line);
        }
    }
}

fn address(app: &App, finding: &Finding) -> String {
    app.show.raw(Untrusted::new(&finding.address()))
}

fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Error => Tone::Error,
        Severity::High | Severity::Medium => Tone::Warn,
        Severity::Low | Severity::Note => Tone::Plain,
    }
}

fn line(app: &App, finding: &Finding, n_files: usize, small: bool, cut: char) -> Line {
    let place = if n_files > 1 { text::count(n_files, "document") } else { address(app, finding) };
    let line = Line::of(format!(" {:<8}", finding.code));
    if small {
        return line.add(place, tone(finding.severity()));
    }
    let place = text::cut_middle(&place, WHERE - 1, cut).into_owned();
    line.add(format!("{:<10}", finding.severity()), tone(finding.severity()))
        .plain(text::pad(&place, WHERE))
        .plain(app.show.safe(&finding.message))
}

/// The lines around the place, what was expected, what it costs, what to do.
fn detail(app: &App, problems: &Problems, finding: &Finding, width: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let column = finding.place.map_or(0, |place| place.column);
    let at = finding.place.map_or(0, |place| place.line);
    for (number, excerpt) in &finding.excerpt {
        lines.push(Line::of(format!("{number:>4} | ")).plain(app.show.safe(excerpt)));
        if *number == at && column > 0 && (column as usize) < width {
            let blanks = " ".repeat(column as usize - 1);
            lines.push(Line::of(format!("     | {blanks}^")).plain(format!(" {}", app.show.safe(&finding.message))));
        }
    }
    if finding.excerpt.is_empty() {
        lines.extend(
            wrap(&app.show.safe(&finding.message), width.saturating_sub(2)).into_iter().map(|w| Line::of(format!(" {w}"))),
        );
    }
    let opens = finding.place.filter(|place| place.line > 0 && !finding.file.is_empty());
    let opens = opens.map(|place| format!("o opens the file at {}:{}", place.line, place.column));
    let parts = [
        ("expected", app.show.safe(finding.help.strip_prefix("expected ").unwrap_or(&finding.help))),
        ("costs", problems::costs(app, problems, finding)),
        ("do", opens.unwrap_or_default()),
    ];
    for (name, words) in parts {
        for (row, words) in wrap(&words, width.saturating_sub(12)).into_iter().enumerate() {
            lines.push(Line::of(format!(" {:<10}{words}", if row == 0 { name } else { "" })));
        }
    }
    lines
}
