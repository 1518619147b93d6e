//! The Decide dialog: the row, what can be done, the ways back, what is typed, and what will be recorded.

use crate::app::App;
use crate::app::decide::Choice;
use crate::app::decide::DecideDialog;
use crate::app::decide::Slot;
use crate::app::layout::Area;
use crate::app::layout::Layout;
use crate::app::layout::Size;
use crate::app::line::Line;
use crate::app::line::Tone;
use crate::app::line::wrap;
use crate::incident::journal::body::Justification;
use crate::model::moment::Moment;
use crate::model::state::State;
use crate::text;
use crate::text::Untrusted;
use crate::ui::canvas::Canvas;
use crate::ui::mark::radio;
use crate::ui::mark::tail;

/// Cells of the box.
const WIDTH: u16 = 72;
/// So many ways back are shown at once.
const SHOWN: usize = 5;

pub(super) fn draw(canvas: &mut Canvas<'_>, layout: &Layout, dialog: &DecideDialog) {
    let small = layout.size == Size::Small;
    let app = canvas.app;
    let cells = usize::from(if small { layout.header.width } else { WIDTH.min(layout.header.width).saturating_sub(8) });
    let upper = if small { chosen(app, dialog, cells) } else { choices(app, dialog, cells) };
    let middle = ways(app, dialog, cells);
    let lower = fields(app, dialog, cells);
    let n = upper.len() + lower.len() + if middle.is_empty() { 0 } else { middle.len() + 1 } + 3;
    let height = u16::try_from(n).unwrap_or(u16::MAX);
    let area = super::middle(layout, if small { u16::MAX } else { WIDTH }, if small { u16::MAX } else { height });
    let title = title(app, dialog);
    let corner = match &dialog.items[..] {
        [only] => only.state.word(),
        _ => "",
    };
    let edge = u16::from(!small);
    if small {
        canvas.clear(area);
    } else {
        canvas.frame(area, &title, corner, "Enter record  Tab next  Esc leave");
    }
    let inner = Area {
        x: area.x + 2 * edge,
        y: area.y + edge,
        width: area.width.saturating_sub(4 * edge),
        height: area.height.saturating_sub(2 * edge),
    };
    let end = inner.y + inner.height;
    let mut y = inner.y;
    let put = |canvas: &mut Canvas<'_>, y: &mut u16, lines: &[Line]| {
        for line in lines {
            if *y < end {
                canvas.line(inner.x, *y, inner.width, line);
                *y += 1;
            }
        }
    };
    put(canvas, &mut y, &upper);
    // On a small screen what is typed goes before the ways back.
    if small {
        put(canvas, &mut y, &lower);
        put(canvas, &mut y, &middle);
        return;
    }
    if !middle.is_empty() && y < end {
        canvas.divide(area, y, ways_title(dialog));
        y += 1;
        put(canvas, &mut y, &middle);
    }
    if y < end {
        canvas.divide(area, y, "");
        y += 1;
    }
    put(canvas, &mut y, &lower);
}

fn title(app: &App, dialog: &DecideDialog) -> String {
    match &dialog.items[..] {
        [only] => format!("Decide: {}", app.show.raw(Untrusted::new(&only.deployment))),
        several => format!("Decide: {} rows", text::thousands(several.len())),
    }
}

/// What a small screen has room for: whose row it is, and the one choice that is made.
fn chosen(app: &App, dialog: &DecideDialog, cells: usize) -> Vec<Line> {
    let digits: Vec<String> = dialog.choices.iter().map(|choice| choice.digit().to_string()).collect();
    let choice = dialog.choice;
    let words = format!("{} {}: {}", choice.digit(), choice.words(), says(app, dialog, choice));
    let mut lines = vec![Line::new().add(text::cut_middle(&title(app, dialog), cells, '…').into_owned(), Tone::Title)];
    lines.extend(wrap(&words, cells).into_iter().map(Line::of));
    lines.push(Line::new().add(format!("({} choose)", digits.join(" ")), Tone::Dim));
    lines
}

fn choices(app: &App, dialog: &DecideDialog, cells: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    if let [only] = &dialog.items[..] {
        let owner = only
            .owner
            .as_ref()
            .map_or_else(|| "no owner".to_owned(), |owner| format!("owner {}", app.show.raw(Untrusted::new(owner))));
        let criticality =
            only.criticality.as_ref().map_or_else(String::new, |word| format!("   {}", app.show.raw(Untrusted::new(word))));
        let runs: Vec<String> = only.runs.iter().map(|id| app.show.raw(Untrusted::new(id))).collect();
        lines.push(Line::of(format!("{owner}{criticality}   runs ")).plain(runs.join(", ")));
    }
    for choice in &dialog.choices {
        let words = format!("{} {} {:<13}", radio(*choice == dialog.choice), choice.digit(), choice.words());
        let tone = if *choice == dialog.choice { Tone::Title } else { Tone::Plain };
        let room = cells.saturating_sub(text::width(&words));
        let says = text::cut_middle(&says(app, dialog, *choice), room, '…').into_owned();
        lines.push(Line::new().add(words, tone).plain(says));
    }
    lines
}

/// What stands behind a choice.
fn says(app: &App, dialog: &DecideDialog, choice: Choice) -> String {
    let single = match &dialog.items[..] {
        [only] => Some(only),
        _ => None,
    };
    match choice {
        Choice::Quarantine => "taken out of service".to_owned(),
        Choice::Rollback => match (single, dialog.candidates().get(dialog.candidate)) {
            (Some(_), Some(candidate)) => format!("to {}", app.show.raw(Untrusted::new(&candidate.id))),
            (Some(only), None) if only.none_because.is_empty() => "no way back is known".to_owned(),
            (Some(only), None) => format!("none, because {}", app.show.safe(&only.none_because)),
            (None, _) => {
                let fits = dialog.items.iter().filter(|item| item.back_to.is_some()).count();
                let none = dialog.items.len() - fits;
                let none = if none > 0 { format!("; {none} have none and stay open") } else { String::new() };
                format!("each to its own, {fits} of {}{none}", dialog.items.len())
            }
        },
        Choice::Retrain => {
            single.and_then(|only| only.wave.clone()).map_or_else(|| "on a clean base".to_owned(), |wave| app.show.safe(&wave))
        }
        Choice::Upgrade => {
            let fixed = app.worklist.work.as_ref().map(|work| work.upgrades.join(", ")).unwrap_or_default();
            if fixed.is_empty() { "to a fixed version".to_owned() } else { format!("fixed in {}", app.show.safe(&fixed)) }
        }
        Choice::Accept => "needs a reason and an end date".to_owned(),
        Choice::NotAffected => "needs a justification and evidence".to_owned(),
        Choice::Ask => "for what would settle it; contains nothing".to_owned(),
        Choice::Done => "what was decided is done, or a share of it".to_owned(),
    }
}

fn ways_title(dialog: &DecideDialog) -> &'static str {
    if dialog.choice == Choice::NotAffected { "Justification, as in OpenVEX" } else { "Rollback candidates, nearest first" }
}

fn ways(app: &App, dialog: &DecideDialog, cells: usize) -> Vec<Line> {
    if dialog.choice == Choice::NotAffected {
        let line = |own: &Justification| Line::of(format!("{} {}", radio(*own == dialog.justification), own.word()));
        return Justification::ALL.iter().map(line).collect();
    }
    let all = dialog.candidates();
    if dialog.choice != Choice::Rollback || all.is_empty() {
        return Vec::new();
    }
    let top = dialog.candidate.saturating_sub(SHOWN - 1).min(all.len().saturating_sub(SHOWN));
    let room = cells.saturating_sub(12) / 2;
    let mut lines: Vec<Line> = all
        .iter()
        .enumerate()
        .skip(top)
        .take(SHOWN)
        .map(|(nth, candidate)| {
            let here = if nth == dialog.candidate { ">" } else { " " };
            let id = text::pad(&text::cut_middle(&app.show.raw(Untrusted::new(&candidate.id)), room - 1, '…'), room);
            let tone = if candidate.state == State::Clear { Tone::Plain } else { Tone::State(candidate.state) };
            Line::of(format!("{here} "))
                .plain(id)
                .add(format!("{:<9}", candidate.state.word()), tone)
                .add(app.show.safe(&candidate.reason), Tone::Dim)
        })
        .collect();
    if all.len() > SHOWN {
        lines.push(Line::of(format!("  {} of {}   up down choose", dialog.candidate + 1, all.len())));
    }
    lines
}

fn fields(app: &App, dialog: &DecideDialog, cells: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = dialog.choice.slots().iter().map(|slot| field(app, dialog, *slot, cells)).collect();
    match dialog.acts() {
        Err(why) => lines.extend(wrap(&app.show.safe(&why), cells).into_iter().map(|words| Line::new().add(words, Tone::Warn))),
        Ok((acts, left)) => {
            lines.extend(left.iter().take(3).map(|why| Line::new().add(format!("left: {}", app.show.safe(why)), Tone::Warn)));
            if left.len() > 3 {
                lines.push(Line::new().add(format!("{} more are left", left.len() - 3), Tone::Warn));
            }
            lines.push(Line::of(records(app, acts.len())));
        }
    }
    if let Some(line) = app.runbook_line() {
        let (words, tone) = match line {
            Ok(line) => (format!("^y copies: {}", app.show.safe(&line)), Tone::Dim),
            Err(why) => (format!("no command line: {}", app.show.safe(&why)), Tone::Warn),
        };
        lines.push(Line::new().add(text::cut_middle(&words, cells, '…').into_owned(), tone));
    }
    lines
}

/// `Records: oncall, 03:22 UTC, journal #5. Changes no cluster.`
fn records(app: &App, n: usize) -> String {
    let Some(known) = app.journal() else { return "the journal is still being read".to_owned() };
    let next = known.entries.last().map_or(1, |entry| entry.seq + 1);
    let last = next + (n as u64).saturating_sub(1);
    let numbers = if n > 1 { format!("#{next} to #{last}") } else { format!("#{next}") };
    let now = known.now.unwrap_or(Moment::BEGIN);
    format!(
        "Records: {}, {} UTC, journal {numbers}. Changes no cluster.",
        app.show.raw(Untrusted::new(&known.actor)),
        now.brief(now)
    )
}

fn field(app: &App, dialog: &DecideDialog, slot: Slot, cells: usize) -> Line {
    let (name, hint) = slot.words();
    let here = dialog.at == Some(slot);
    let (before, after) = dialog.field(slot).map(crate::app::field::Field::parts).unwrap_or_default();
    let typed = format!("{}{}{}", app.show.safe(&before), if here { "_" } else { "" }, app.show.safe(&after));
    let hint = if before.is_empty() && after.is_empty() { hint } else { "" };
    let line = Line::new().add(format!("{name:<9}"), if here { Tone::Title } else { Tone::Plain });
    line.plain(tail(&typed, cells.saturating_sub(10))).add(format!(" {hint}"), Tone::Dim)
}
