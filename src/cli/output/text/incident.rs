//! `incident list` and `incident show`: the counts first, then by when, then row by row.

use crate::cli::output::text::paint::Paint;
use crate::cli::output::text::pair;
use crate::graph::Graph;
use crate::incident::book::Decision;
use crate::incident::clocks::Clock;
use crate::incident::runbook;
use crate::incident::standing::Stage;
use crate::incident::words;
use crate::incident::words::shown;
use crate::incident::worklist::Answer;
use crate::incident::worklist::Line;
use crate::model::moment::Moment;
use crate::model::state::State;
use crate::store::journal::Journal;
use crate::text;
use std::io;
use std::io::Write;

/// Writes one incident a line, and how its deployments stand.
pub(in crate::cli) fn list(out: &mut dyn Write, answers: &[Answer<'_>], now: Moment, paint: Paint) -> io::Result<()> {
    if answers.is_empty() {
        return writeln!(out, "no incident: `downriver incident open SELECTOR` opens one");
    }
    for answer in answers {
        head(out, answer, paint)?;
        let aware = answer.case.aware.brief(now);
        writeln!(out, "  {}  known since {aware}, lead {}", counts(answer, paint), shown(&answer.case.lead))?;
    }
    Ok(())
}

/// Writes one incident.
pub(in crate::cli) fn show(
    out: &mut dyn Write,
    graph: &Graph,
    journal: &Journal,
    answer: &Answer<'_>,
    clocks: &[Clock],
    now: Moment,
    paint: Paint,
) -> io::Result<()> {
    let case = answer.case;
    head(out, answer, paint)?;
    for (entry, question) in case.parts.iter().skip(1) {
        writeln!(out, "  also {} (#{entry})", words::question(question))?;
    }
    for written in &answer.unmatched {
        writeln!(out, "  matches nothing now: {}", shown(written))?;
    }
    writeln!(out, "{}", counts(answer, paint))?;
    writeln!(out, "{}", progress(answer))?;
    let opened = words::by(&case.opened, now);
    writeln!(out, "known since {} UTC, opened by {opened}, lead {}", case.aware.brief(now), shown(&case.lead))?;
    if let Some(closed) = &case.closed {
        let reason = closed.reason.as_ref().map_or_else(String::new, |reason| format!(": {}", shown(reason)));
        writeln!(out, "closed by {}{reason}", words::by(&closed.by, now))?;
    }
    if let Some(head) = journal.head() {
        writeln!(out, "journal {head}")?;
    }
    if !clocks.is_empty() {
        writeln!(out, "\n{}", paint.bold("CLOCKS, UTC"))?;
        clocks.iter().try_for_each(|clock| one_clock(out, clock, now, paint))?;
    }
    for state in State::ALL {
        let lines: Vec<&Line<'_>> = answer.lines.iter().filter(|line| line.state == Some(state)).collect();
        let title = if state == State::Clear { "NOT REACHED ANY MORE" } else { state.word() };
        rows(out, graph, &lines, title, now, paint)?;
    }
    let gone: Vec<&Line<'_>> = answer.lines.iter().filter(|line| line.state.is_none()).collect();
    rows(out, graph, &gone, "NOT IN THE REPOSITORY ANY MORE", now, paint)?;
    notes(out, answer, now, paint)
}

/// `INC-1 open  poisoned  EleuterAI/gpt-j-6B`.
fn head(out: &mut dyn Write, answer: &Answer<'_>, paint: Paint) -> io::Result<()> {
    let (id, standing) = (paint.bold(&shown(&answer.case.id)), answer.standing().word());
    let selectors = answer.case.parts.first().map_or(&[][..], |(_, question)| &question.selectors);
    let selectors: Vec<String> = selectors.iter().map(|selector| shown(selector)).collect();
    writeln!(out, "{id} {standing}  {}  {}", answer.hazard(), selectors.join(" and "))
}

/// Writes how the deployments of an incident stand, and where to look.
pub(in crate::cli) fn opened(out: &mut dyn Write, answer: &Answer<'_>, paint: Paint) -> io::Result<()> {
    writeln!(out, "{}: `downriver incident show {}`", counts(answer, paint), shown(&answer.case.id))
}

/// `8 AFFECTED, 3 POSSIBLE, 2 UNKNOWN, 3 CONTAINED`.
pub(in crate::cli::output) fn counts(answer: &Answer<'_>, paint: Paint) -> String {
    let states = State::ALL.into_iter().filter(|state| *state != State::Clear);
    let shown = states.filter(|state| *state == State::Affected || answer.count(*state) > 0);
    let parts: Vec<String> = shown.map(|s| paint.state(s, &format!("{} {s}", text::thousands(answer.count(s))))).collect();
    parts.join(", ")
}

/// `3 of 14 decided, 2 to find out, 1 without owner`.
pub(in crate::cli::output) fn progress(answer: &Answer<'_>) -> String {
    let count = |what: &dyn Fn(&Line<'_>) -> bool| answer.lines.iter().filter(|line| what(line)).count();
    let decided = count(&|line| line.is_contained() && line.reached != Some(State::Unknown));
    let to_decide = decided + count(&|line| line.is_open());
    let to_find_out = count(&|line| line.is_to_find_out());
    let nobody = count(&|line| (line.is_open() || line.is_to_find_out()) && line.owner.is_none());
    format!("{decided} of {to_decide} decided, {to_find_out} to find out, {nobody} of what is open without owner")
}

fn one_clock(out: &mut dyn Write, clock: &Clock, now: Moment, paint: Paint) -> io::Result<()> {
    let state = match (clock.met, clock.is_late(now)) {
        (Some(met), false) => format!("met {}", met.brief(now)),
        (Some(met), true) => format!("met late, {}", met.brief(now)),
        (None, false) => String::new(),
        (None, true) => paint.state(State::Affected, "OVERDUE"),
    };
    let line = format!("  {}  {}  {state}", text::pad(&shown(&clock.name), 24), text::pad(&clock.due.brief(now), 11));
    writeln!(out, "{}", line.trim_end())
}

fn rows(out: &mut dyn Write, graph: &Graph, lines: &[&Line<'_>], title: &str, now: Moment, paint: Paint) -> io::Result<()> {
    let Some(first) = lines.first() else { return Ok(()) };
    let title = paint.bold(&format!("{title} {}", text::thousands(lines.len())));
    writeln!(out, "\n{}", first.state.map_or(title.clone(), |state| paint.state(state, &title)))?;
    lines.iter().try_for_each(|line| row(out, graph, line, now, paint))
}

fn row(out: &mut dyn Write, graph: &Graph, line: &Line<'_>, now: Moment, paint: Paint) -> io::Result<()> {
    let owner = line.owner.as_ref().map_or_else(|| "  no owner".to_owned(), |owner| format!("  owner {}", shown(owner)));
    let criticality = line.criticality.as_ref().map_or_else(String::new, |word| format!("  {}", shown(word)));
    let ticket = line.ticket.as_ref().map_or_else(String::new, |ticket| format!("  {}", shown(ticket)));
    let due = line.due.map_or_else(String::new, |due| {
        let late = if due < now { "overdue since" } else { "due" };
        format!("{late} {}", due.brief(now))
    });
    let symbol = line.state.map_or(' ', State::symbol);
    pair(out, paint, &format!("{symbol} {}{owner}{criticality}{ticket}", shown(&line.deployment)), &due)?;
    match line.decision {
        None => {}
        Some(decision) => writeln!(out, "    {}", decided(decision, line.stage, now))?,
    }
    match runbook::decided(graph, line) {
        None => {}
        Some(Ok(command)) => writeln!(out, "    to run: {command}")?,
        Some(Err(why)) => writeln!(out, "    nothing to run: {why}")?,
    }
    line.why.iter().try_for_each(|why| writeln!(out, "    {why}"))
}

/// `rollback to chat-v1, done 12 of 40, oncall 03:14, journal #2`.
pub(in crate::cli::output) fn decided(decision: &Decision, stage: Option<Stage>, now: Moment) -> String {
    let (word, rest) = words::action(&decision.action);
    let partly = decision.done.as_ref().and_then(|(_, share)| *share).filter(|_| !decision.is_done());
    let stage = match (partly, stage) {
        (Some(share), Some(Stage::Decided)) => format!("done {} of {}", share.done, share.of),
        (_, stage) => stage.map_or("decided", Stage::word).to_owned(),
    };
    let due = decision.due.map_or_else(String::new, |due| format!(", due {due}"));
    let meanwhile = decision.meanwhile.as_ref().map_or_else(String::new, |text| format!(", meanwhile {}", shown(text)));
    let note = decision.note.as_ref().map_or_else(String::new, |note| format!(" ({})", shown(note)));
    format!("{word}{rest}: {stage}, {}{due}{meanwhile}{note}", words::by(&decision.by, now))
}

fn notes(out: &mut dyn Write, answer: &Answer<'_>, now: Moment, paint: Paint) -> io::Result<()> {
    if answer.case.notes.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", paint.bold("NOTES"))?;
    for note in &answer.case.notes {
        let report = note.report.as_ref().map_or_else(String::new, |report| format!("report {}: ", shown(report)));
        let about = note.deployment.as_ref().map_or_else(String::new, |about| format!("{}: ", shown(about)));
        writeln!(out, "  {}: {report}{about}{}", words::by(&note.by, now), shown(&note.text))?;
    }
    Ok(())
}
