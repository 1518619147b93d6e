//! One incident as a page: the facts of `incident show`.

use crate::cli::output::report::Block;
use crate::cli::output::report::Cell;
use crate::cli::output::report::Report;
use crate::cli::output::report::Text;
use crate::cli::output::report::impact;
use crate::cli::output::report::one;
use crate::cli::output::report::own;
use crate::cli::output::text::incident;
use crate::cli::output::text::paint::Paint;
use crate::graph::Graph;
use crate::incident::clocks::Clock;
use crate::incident::words;
use crate::incident::words::shown;
use crate::incident::worklist::Answer;
use crate::incident::worklist::Line;
use crate::model::moment::Moment;
use crate::model::state::State;
use crate::store::journal::Journal;
use crate::text;

const ROWS: [&str; 7] = ["Deployment", "Owner", "Criticality", "Due", "Decided", "Ticket", "Why"];

/// The page of an incident.
pub(in crate::cli) fn page(journal: &Journal, answer: &Answer<'_>, clocks: &[Clock], now: Moment) -> Report {
    let case = answer.case;
    let title = vec![Text::own("Incident"), Text::shown(shown(&case.id)), Text::own(answer.standing().word())];
    let mut report = Report { title, blocks: Vec::new() };
    report.blocks.push(Block::Sentence(own(incident::counts(answer, Paint::new(false)))));
    report.blocks.push(Block::Sentence(own(incident::progress(answer))));
    report.table(&["Fact", "Value"], facts(journal, answer, now));
    if !clocks.is_empty() {
        report.heading(2, "Clocks, UTC");
        report.table(&["Clock", "Due", "State"], clocks.iter().map(|own| clock(own, now)).collect());
    }
    report.heading(2, "Deployments");
    for state in State::ALL {
        let title = if state == State::Clear { "NOT REACHED ANY MORE" } else { state.word() };
        rows(&mut report, answer, Some(state), title, now);
    }
    rows(&mut report, answer, None, "NOT IN THE REPOSITORY ANY MORE", now);
    if !case.notes.is_empty() {
        report.heading(2, "Notes");
        let note = |note: &crate::incident::book::Noted| {
            let about = note.deployment.as_deref().map(shown);
            vec![by(&note.by), one(note.report.as_deref().map(shown)), one(about), one(Some(shown(&note.text)))]
        };
        report.table(&["By", "Report", "About", "Text"], case.notes.iter().map(note).collect());
    }
    report
}

/// The page of an incident and of what it reaches before decisions, as it is handed on.
pub(in crate::cli) fn whole(
    graph: &Graph,
    journal: &Journal,
    answer: &Answer<'_>,
    clocks: &[Clock],
    now: Moment,
    inputs: &[(String, Option<String>)],
) -> Report {
    let mut report = page(journal, answer, clocks, now);
    report.heading(2, "What it reaches, before decisions");
    impact::add(&mut report, graph, &answer.marks, &answer.impact, false);
    report.heading(2, format!("Files that were read: {}", text::thousands(inputs.len())));
    let digest = |digest: &Option<String>| own(digest.as_deref().unwrap_or("could not be read"));
    let row = |(file, own): &(String, Option<String>)| vec![one(Some(shown(file))), digest(own)];
    report.table(&["File", "SHA-256"], inputs.iter().map(row).collect());
    report
}

fn facts(journal: &Journal, answer: &Answer<'_>, now: Moment) -> Vec<Vec<Cell>> {
    let case = answer.case;
    let mut facts: Vec<(&str, Cell)> = vec![("Hazard", own(answer.hazard()))];
    for (seq, question) in &case.parts {
        facts.push(("Asks", one(Some(format!("{} (#{seq})", words::question(question))))));
    }
    facts.extend(answer.unmatched.iter().map(|written| ("Matches nothing now", one(Some(shown(written))))));
    facts.extend(case.reason.iter().map(|reason| ("Reason", one(Some(shown(reason))))));
    facts.push(("Known since", own(case.aware.to_string())));
    facts.push(("Opened by", by(&case.opened)));
    facts.push(("Lead", one(Some(shown(&case.lead)))));
    if let Some(closed) = &case.closed {
        facts.push(("Closed by", by(&closed.by)));
        facts.extend(closed.reason.iter().map(|reason| ("Closed because", one(Some(shown(reason))))));
    }
    facts.extend(journal.head().map(|head| ("Journal head", own(head.to_string()))));
    if !journal.is_believed() {
        facts.push(("Journal", own("not accepted here, or something is wrong with it: no decision in it counts")));
    }
    facts.push(("As of", own(now.to_string())));
    facts.push(("Written by", own(concat!("downriver ", env!("CARGO_PKG_VERSION")))));
    facts.into_iter().map(|(name, value)| vec![own(name), value]).collect()
}

/// `oncall 2026-03-02T03:14:00Z, journal #4`.
fn by(by: &crate::incident::book::By) -> Cell {
    one(Some(format!("{} {}, journal #{}", shown(&by.actor), by.time, by.seq)))
}

fn clock(clock: &Clock, now: Moment) -> Vec<Cell> {
    let state = match (clock.met, clock.is_late(now)) {
        (Some(met), false) => format!("met {met}"),
        (Some(met), true) => format!("met late, {met}"),
        (None, false) => "running".to_owned(),
        (None, true) => "OVERDUE".to_owned(),
    };
    vec![one(Some(shown(&clock.name))), own(clock.due.to_string()), own(state)]
}

fn rows(report: &mut Report, answer: &Answer<'_>, state: Option<State>, title: &str, now: Moment) {
    let lines: Vec<&Line<'_>> = answer.lines.iter().filter(|line| line.state == state).collect();
    if !lines.is_empty() {
        report.state(format!("{title}: {}", text::thousands(lines.len())), state);
        report.table(&ROWS, lines.into_iter().map(|line| row(line, now)).collect());
    }
}

/// One deployment, in the order of its columns.
pub(in crate::cli::output) fn row(line: &Line<'_>, now: Moment) -> Vec<Cell> {
    let due = line.due.map(|due| format!("{}{due}", if due < now { "overdue since " } else { "" }));
    vec![
        one(Some(shown(&line.deployment))),
        one(line.owner.as_deref().map(shown)),
        one(line.criticality.as_deref().map(shown)),
        due.map_or_else(Vec::new, own),
        // With the whole date: a page is read on other days.
        one(line.decision.map(|decision| incident::decided(decision, line.stage, Moment::BEGIN))),
        one(line.ticket.as_deref().map(shown)),
        line.why.iter().cloned().map(Text::Shown).collect(),
    ]
}
