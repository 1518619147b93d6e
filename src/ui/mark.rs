//! The Mark dialog: a popup, or a page on small screens.

use crate::app::App;
use crate::app::detail::short_digest;
use crate::app::layout::Area;
use crate::app::layout::Layout;
use crate::app::layout::Size;
use crate::app::line::Line;
use crate::app::line::Tone;
use crate::app::line::wrap;
use crate::app::mark::At;
use crate::app::mark::Choice;
use crate::app::mark::MarkDialog;
use crate::app::preview;
use crate::app::preview::Preview;
use crate::model::hazard::Hazard;
use crate::text;
use crate::ui::canvas::Canvas;

pub(super) fn draw(canvas: &mut Canvas<'_>, layout: &Layout, dialog: &MarkDialog) {
    if layout.size == Size::Small {
        page(canvas, layout, dialog);
    } else {
        popup(canvas, layout, dialog);
    }
}

fn popup(canvas: &mut Canvas<'_>, layout: &Layout, dialog: &MarkDialog) {
    let app = canvas.app;
    let upper = choices(app, dialog, 66);
    let lower = preview_lines(app, dialog, 66);
    let height = u16::try_from(upper.len() + lower.len() + 3).unwrap_or(u16::MAX);
    let mut area = super::middle(layout, 70, height);
    area.x = if layout.header.width == 80 { 5 } else { area.x };
    let grown = dialog.changes.as_ref().filter(|id| app.drafts.iter().all(|draft| draft.id != **id));
    let enter = if grown.is_some() { "Enter let it ask this too" } else { "Enter open incident" };
    canvas.frame(area, "Mark compromised", "", &format!("{enter}  Tab next field  Esc leave"));
    let inner = Area { x: area.x + 2, y: area.y + 1, width: area.width.saturating_sub(4), height: area.height.saturating_sub(2) };
    let middle = inner.y + u16::try_from(upper.len()).unwrap_or(0);
    for (line, y) in upper.iter().zip(inner.y..inner.y + inner.height) {
        canvas.line(inner.x, y, inner.width, line);
    }
    if middle < inner.y + inner.height {
        let stale = if dialog.is_stale() { " …" } else { "" };
        canvas.divide(area, middle, &format!("Reach now; nothing is written yet{stale}"));
        for (line, y) in lower.iter().skip(dialog.top).zip(middle + 1..inner.y + inner.height) {
            canvas.line(inner.x, y, inner.width, line);
        }
    }
}

/// Cells of a choice in the first column.
const CHOICE: usize = 18;

pub(super) fn radio(on: bool) -> &'static str {
    if on { "(o)" } else { "( )" }
}

/// A field with `_` at its cursor while it has the keys.
fn field(app: &App, field: &crate::app::field::Field, here: bool) -> String {
    let (before, after) = field.parts();
    let cursor = if here { "_" } else { "" };
    format!("{}{cursor}{}", app.show.safe(&before), app.show.safe(&after))
}

fn choices(app: &App, dialog: &MarkDialog, width: usize) -> Vec<Line> {
    let graph = &app.data.graph;
    let id = dialog.component;
    let name = app.show.raw(graph.text(graph.component(id).name));
    let name = if name.is_empty() { app.show.label(graph, id) } else { name };
    let digest = graph.digests(id).first().map(|digest| short_digest(digest.algorithm().word(), &digest.hex(), 40));
    let digest = digest.or_else(|| graph.component(id).version.map(|v| format!("version {}", app.show.raw(graph.text(v)))));
    let first = Line::new().add(name, Tone::Title).plain(format!("   {}   ", digest.unwrap_or_else(|| "no digest".to_owned())));
    let mut lines = vec![first.plain(graph.kind(id).word())];
    let hazards: Vec<String> =
        Hazard::ALL.iter().map(|hazard| format!("{} {} {hazard}", radio(*hazard == dialog.hazard), letter(*hazard))).collect();
    let hazards = match &hazards[..] {
        [first, rest @ ..] => format!("{first:<CHOICE$}{}", rest.join("   ")),
        [] => String::new(),
    };
    lines.push(Line::of(format!("Hazard  {hazards}")));
    let range =
        if dialog.choice == Choice::Range { field(app, &dialog.range, dialog.at == At::Range) } else { "____".to_owned() };
    let words = ["1 this hash".to_owned(), "2 this version".to_owned(), format!("3 range {range}"), "4 every version".to_owned()];
    let words: Vec<String> =
        words.iter().zip(Choice::ALL).map(|(words, choice)| format!("{} {words}", radio(choice == dialog.choice))).collect();
    for (name, pair) in ["Scope", ""].into_iter().zip(words.chunks(2)) {
        if let [first, second] = pair {
            let gap = " ".repeat(CHOICE.saturating_sub(text::width(first)).max(2));
            lines.push(Line::of(format!("{name:<8}{first}{gap}{second}")));
        }
    }
    if dialog.window {
        let since = field(app, &dialog.since, dialog.at == At::Since);
        let until = field(app, &dialog.until, dialog.at == At::Until);
        lines.push(Line::of(format!("Window  since {since}   until {until}   (days, inclusive)")));
    }
    let reason = field(app, &dialog.reason, dialog.at == At::Reason);
    let hint = if reason.is_empty() { "(Tab; optional)" } else { "" };
    lines.push(Line::of("Reason  ").plain(tail(&reason, width.saturating_sub(8))).add(hint, Tone::Dim));
    lines
}

pub(super) fn letter(hazard: Hazard) -> char {
    match hazard {
        Hazard::Poisoned => 'p',
        Hazard::Vulnerable => 'v',
        Hazard::Withdrawn => 'w',
    }
}

/// The end of what is typed, where the cursor is.
pub(super) fn tail(typed: &str, cells: usize) -> String {
    let mut start = 0;
    for (at, _) in typed.char_indices() {
        start = at;
        if text::width(typed.get(at..).unwrap_or_default()) <= cells {
            break;
        }
    }
    typed.get(start..).unwrap_or_default().to_owned()
}

fn preview_lines(app: &App, dialog: &MarkDialog, width: usize) -> Vec<Line> {
    let preview = match &dialog.preview {
        None => return vec![Line::of("…")],
        Some(Err(why)) => return wrap(&app.show.safe(why), width).into_iter().map(|w| Line::new().add(w, Tone::Error)).collect(),
        Some(Ok(preview)) => preview,
    };
    let mut lines = wide(app, preview);
    lines.extend(ruled_out(app, preview, dialog.choice == Choice::Hash));
    lines
}

/// The same of an advisory.
pub(super) fn preview_of(app: &App, preview: &Preview, small: bool) -> Vec<Line> {
    let mut lines = if small { narrow(app, preview) } else { wide(app, preview) };
    lines.extend(ruled_out(app, preview, false));
    lines
}

fn wide(app: &App, preview: &Preview) -> Vec<Line> {
    let mut lines = vec![Line::of(total(preview)), Line::of(format!("{:14}confirmed possible  owners", ""))];
    for stage in preview.stages.iter().take(8) {
        let owners = app.show.safe(&stage.owners.join(" "));
        let counts = format!("  {:<10}{:>11}{:>9}  ", app.show.safe(&stage.name), stage.confirmed, stage.possible);
        lines.push(Line::of(counts).plain(owners));
    }
    if preview.stages.len() > 8 {
        lines.push(Line::of(format!("  {} more stages", preview.stages.len() - 8)));
    }
    lines.push(Line::of(models(preview)));
    lines.extend(unknown(preview).map(Line::of));
    lines
}

fn total(preview: &Preview) -> String {
    let counts = preview.verdict.deployments;
    let (confirmed, possible) = (counts.affected, counts.possible);
    let n = text::count(confirmed + possible, "deployment");
    format!("{n} in {}: {confirmed} confirmed, {possible} possible", text::count(preview.n_services, "service"))
}

fn models(preview: &Preview) -> String {
    let models = preview.verdict.models;
    let (confirmed, possible) = (models.affected + models.contained, models.possible);
    format!("{}: {confirmed} confirmed, {possible} possible", text::count(confirmed + possible, "model"))
}

fn unknown(preview: &Preview) -> Option<String> {
    let n = preview.verdict.deployments.unknown;
    let why: Vec<String> = preview.lacks.iter().map(|(missing, n)| preview::lack(*missing, *n)).collect();
    let why = if why.is_empty() { String::new() } else { format!(": {}", why.join(", ")) };
    (n > 0).then(|| format!("{} UNKNOWN{why}", text::count(n, "deployment")))
}

/// What is ruled out; by its hash only, a wider scope takes it in.
fn ruled_out(app: &App, preview: &Preview, by_hash: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    for (row, (id, reason, deployments)) in preview.ruled_out.iter().take(3).enumerate() {
        let reason = app.show.safe(&preview::reason(reason));
        let start = if row == 0 { "ruled out: " } else { "           " };
        let n = text::count(*deployments as usize, "deployment");
        let end = if row + 1 == preview.ruled_out.len() && by_hash { ";" } else { "" };
        lines.push(Line::of(start).plain(app.show.label(&app.data.graph, *id)).plain(format!(" ({reason}, {n}){end}")));
    }
    if preview.ruled_out.len() > 3 {
        lines.push(Line::of(format!("           {} more", preview.ruled_out.len() - 3)));
    }
    if !lines.is_empty() && by_hash {
        lines.push(Line::of("           scope 4 takes it in"));
    }
    lines
}

/// The whole screen, but for the footer.
fn page(canvas: &mut Canvas<'_>, layout: &Layout, dialog: &MarkDialog) {
    let app = canvas.app;
    let area = super::middle(layout, u16::MAX, u16::MAX);
    canvas.clear(area);
    let label = app.show.label(&app.data.graph, dialog.component);
    let mut lines = vec![Line::new().add("Mark ", Tone::Title).add(label, Tone::Title)];
    let [poisoned, vulnerable, withdrawn] = Hazard::ALL.map(|hazard| {
        let word = if hazard == dialog.hazard { format!(" {hazard}") } else { String::new() };
        format!("{}{}{word}", radio(hazard == dialog.hazard), letter(hazard))
    });
    lines.push(Line::of(format!("hazard {poisoned} {vulnerable} {withdrawn}")));
    let scopes: Vec<String> = ["1 hash", "2 ver", "3 rng", "4"]
        .iter()
        .zip(Choice::ALL)
        .map(|(words, choice)| format!("{}{words}", radio(choice == dialog.choice)))
        .collect();
    lines.push(Line::of(format!("scope  {}", scopes.join(" "))));
    if dialog.choice == Choice::Range {
        lines.push(Line::of(format!("range  {}", field(app, &dialog.range, dialog.at == At::Range))));
    }
    if dialog.window {
        let since = field(app, &dialog.since, dialog.at == At::Since);
        lines.push(Line::of(format!("since {since} until {}", field(app, &dialog.until, dialog.at == At::Until))));
    }
    let reason = field(app, &dialog.reason, dialog.at == At::Reason);
    lines.push(Line::of(format!("reason {}", tail(&reason, usize::from(area.width).saturating_sub(8)))));
    let fixed = lines.len();
    let below = small_preview(app, dialog, usize::from(area.width));
    let room = usize::from(area.height).saturating_sub(fixed + 1);
    let pages = below.len().div_ceil(room.max(1)).max(1);
    let shown = (dialog.top / 3).min(pages - 1);
    if let Some(first) = lines.first_mut() {
        *first = first.clone().right(format!("page {}/{pages}", shown + 1), Tone::Plain);
    }
    for (line, y) in lines.iter().zip(area.y..area.y + area.height) {
        canvas.line(area.x, y, area.width, line);
    }
    let y = area.y + u16::try_from(fixed).unwrap_or(0);
    if y < area.y + area.height {
        canvas.rule(area.x, y, area.width);
        let stale = if dialog.is_stale() { " …" } else { "" };
        canvas.plain(area.x + 1, y, area.width.saturating_sub(1), &format!(" Reach now, nothing written{stale} "));
    }
    for (line, y) in below.iter().skip(shown * room).take(room).zip(y + 1..area.y + area.height) {
        canvas.line(area.x, y, area.width, line);
    }
}

fn small_preview(app: &App, dialog: &MarkDialog, width: usize) -> Vec<Line> {
    let preview = match &dialog.preview {
        None => return vec![Line::of("…")],
        Some(Err(why)) => return wrap(&app.show.safe(why), width).into_iter().map(|w| Line::new().add(w, Tone::Error)).collect(),
        Some(Ok(preview)) => preview,
    };
    let mut lines = narrow(app, preview);
    lines.extend(ruled_out(app, preview, dialog.choice == Choice::Hash));
    lines
}

fn narrow(app: &App, preview: &Preview) -> Vec<Line> {
    let counts = preview.verdict.deployments;
    let (confirmed, possible) = (counts.affected, counts.possible);
    let n = text::count(confirmed + possible, "deployment");
    let services = text::count(preview.n_services, "service");
    let mut lines = vec![
        Line::of(format!("{n} in {services}:")),
        Line::of(format!("{confirmed} confirmed, {possible} possible, {} UNKNOWN", counts.unknown)),
    ];
    for stage in preview.stages.iter().filter(|stage| stage.confirmed + stage.possible > 0) {
        lines.push(Line::of(format!("{} {}, {} possible", app.show.safe(&stage.name), stage.confirmed, stage.possible)));
    }
    lines.push(Line::of(models(preview)));
    lines.extend(unknown(preview).map(Line::of));
    lines
}
