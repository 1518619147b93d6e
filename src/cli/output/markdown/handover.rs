//! The page for whoever takes over, and the five lines for a channel.

use crate::cli::output::markdown::code;
use crate::cli::output::markdown::span;
use crate::graph::Graph;
use crate::incident::clocks::Clock;
use crate::incident::journal::body::Action;
use crate::incident::runbook;
use crate::incident::standing::Stage;
use crate::incident::worklist::Answer;
use crate::incident::worklist::Line;
use crate::model::moment::Moment;
use crate::model::state::State;
use crate::store::journal::Journal;
use crate::text;
use std::collections::BTreeMap;
use std::io;
use std::io::Write;

/// At most so many files that were not read are named.
const LISTED: usize = 20;

/// What stands on the page.
pub(in crate::cli) struct Page<'a> {
    pub graph: &'a Graph,
    pub journal: &'a Journal,
    pub answer: &'a Answer<'a>,
    pub clocks: &'a [Clock],
    pub now: Moment,
}

impl Page<'_> {
    /// Writes five lines.
    pub(in crate::cli) fn short(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.state())?;
        writeln!(out, "Open: {}", self.counted(&self.open()))?;
        let clocks = self.clocks.iter().filter(|clock| clock.met.is_none()).min_by_key(|clock| clock.due);
        let next = clocks.map_or_else(|| "none running".to_owned(), |clock| self.clock(clock));
        writeln!(out, "Next clock: {next}")?;
        writeln!(out, "Lead: {}, known since {}", code(&self.answer.case.lead), self.answer.case.aware)?;
        writeln!(out, "Journal: {}", self.head())
    }

    /// Writes the page.
    pub(in crate::cli) fn whole(&self, out: &mut dyn Write) -> io::Result<()> {
        let case = self.answer.case;
        writeln!(out, "# Hand-over of {}\n\n{}\n", code(&case.id), self.state())?;
        let opened = (code(&case.opened.actor), case.opened.time);
        writeln!(out, "Known since {}, opened by {} at {}, lead {}.", case.aware, opened.0, opened.1, code(&case.lead))?;
        if let Some(reason) = &case.reason {
            writeln!(out, "Reason: {}", code(reason))?;
        }
        writeln!(out, "Written at {}; all times are UTC.", self.now)?;
        self.clocks(out)?;
        self.rows_by_owner(out)?;
        self.ended(out)?;
        self.dropped(out)?;
        self.unchecked(out)?;
        self.notes(out)?;
        writeln!(out, "\n## Go on from here\n")?;
        let again = code(&format!("downriver incident show {}", case.id));
        writeln!(out, "- {again} shows this again; `take` ends the hand-over")?;
        writeln!(out, "- journal {}", self.head())
    }

    /// `INC-1 is open: poisoned ..., 5 AFFECTED, 3 POSSIBLE, 2 UNKNOWN, 6 CONTAINED`.
    fn state(&self) -> String {
        let answer = self.answer;
        let selectors = answer.case.parts.iter().flat_map(|(_, question)| &question.selectors);
        let selectors: Vec<String> = selectors.map(|selector| code(selector)).collect();
        let states = State::ALL.into_iter().filter(|state| *state != State::Clear);
        let counts: Vec<String> = states.map(|state| format!("{} {state}", text::thousands(answer.count(state)))).collect();
        let (standing, hazard) = (answer.standing().word(), answer.hazard());
        format!("{} is {standing}: {hazard} {}. {}.", code(&answer.case.id), selectors.join(", "), counts.join(", "))
    }

    fn open(&self) -> Vec<&Line<'_>> {
        self.answer.lines.iter().filter(|line| line.is_open() || line.is_to_find_out()).collect()
    }

    /// `3 of care, 2 of legal, 1 without owner`, most first.
    fn counted(&self, lines: &[&Line<'_>]) -> String {
        let mut counts: Vec<(usize, Option<&str>)> =
            by_owner(lines).into_iter().map(|(owner, rows)| (rows.len(), owner)).collect();
        counts.sort_by_key(|(n, owner)| (std::cmp::Reverse(*n), *owner));
        let part = |(n, owner): (usize, Option<&str>)| match owner {
            Some(owner) => format!("{n} of {}", self.owner(owner)),
            None => format!("{n} without owner"),
        };
        let parts: Vec<String> = counts.into_iter().map(part).collect();
        if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
    }

    /// The owner, and whom to page.
    fn owner(&self, owner: &str) -> String {
        let page = self.graph.settings().contact(owner).and_then(|contact| contact.page.as_ref());
        page.map_or_else(|| code(owner), |page| format!("{} (page {})", code(owner), code(page)))
    }

    fn head(&self) -> String {
        self.journal.head().map_or_else(|| "without an entry".to_owned(), |head| format!("`{head}`"))
    }

    fn clock(&self, clock: &Clock) -> String {
        let state = match (clock.met, clock.is_late(self.now)) {
            (Some(met), false) => format!("met {met}"),
            (Some(met), true) => format!("met late, {met}"),
            (None, false) => "running".to_owned(),
            (None, true) => "OVERDUE".to_owned(),
        };
        format!("{} due {}: {state}", code(&clock.name), clock.due)
    }

    fn clocks(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.clocks.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n## Clocks\n")?;
        self.clocks.iter().try_for_each(|clock| writeln!(out, "- {}", self.clock(clock)))
    }

    fn rows_by_owner(&self, out: &mut dyn Write) -> io::Result<()> {
        let open = self.open();
        writeln!(out, "\n## Open: {}", text::thousands(open.len()))?;
        for (owner, lines) in by_owner(&open) {
            writeln!(out, "\n### {}\n", owner.map_or_else(|| "Without owner: name one".to_owned(), |owner| self.owner(owner)))?;
            for line in lines {
                let due = line.due.map_or_else(String::new, |due| {
                    let late = if due < self.now { "overdue since" } else { "due" };
                    format!(", {late} {due}")
                });
                let ticket = line.ticket.as_ref().map_or_else(String::new, |ticket| format!(", ticket {}", code(ticket)));
                let state = line.state.map_or("", State::word);
                writeln!(out, "- {state} {}{due}{ticket}: {}", code(&line.deployment), next(line))?;
            }
        }
        let work = self.answer.lines.iter().filter(|line| line.is_contained() && !line.is_settled());
        let work: Vec<&Line<'_>> = work.collect();
        if !work.is_empty() {
            writeln!(out, "\n## Decided, not done: {}\n", text::thousands(work.len()))?;
        }
        work.into_iter().try_for_each(|line| self.decided(out, line))
    }

    /// Decisions that no longer stand.
    fn ended(&self, out: &mut dyn Write) -> io::Result<()> {
        let ended = self.answer.lines.iter().filter(|line| line.stage.is_some_and(|stage| !stage.stands()));
        let ended: Vec<&Line<'_>> = ended.collect();
        if !ended.is_empty() {
            writeln!(out, "\n## Decisions that ended: {}\n", text::thousands(ended.len()))?;
        }
        ended.into_iter().try_for_each(|line| self.decided(out, line))
    }

    /// What was decided of a row, and what the owner's runbook has for it.
    fn decided(&self, out: &mut dyn Write, line: &Line<'_>) -> io::Result<()> {
        decided(out, line)?;
        match runbook::decided(self.graph, line) {
            None => Ok(()),
            Some(Ok(command)) => writeln!(out, "  - to run: {}", span(&command)),
            Some(Err(why)) => writeln!(out, "  - nothing to run: {}", span(&why)),
        }
    }

    /// What was decided and taken back.
    fn dropped(&self, out: &mut dyn Write) -> io::Result<()> {
        let rows = self.answer.case.rows.iter();
        let dropped: Vec<_> = rows.filter_map(|(name, row)| Some((name, row.undone.as_ref()?))).collect();
        if !dropped.is_empty() {
            writeln!(out, "\n## Tried and dropped: {}\n", text::thousands(dropped.len()))?;
        }
        for (name, (action, by, reason)) in dropped {
            let reason = reason.as_ref().map_or_else(|| "no reason given".to_owned(), |reason| code(reason));
            writeln!(out, "- {action} {} taken back by {} at {}: {reason}", code(name), code(&by.actor), by.time)?;
        }
        Ok(())
    }

    /// What the answer does not know.
    fn unchecked(&self, out: &mut dyn Write) -> io::Result<()> {
        let unread: Vec<_> = self.graph.findings().iter().filter(|finding| finding.is_unread()).collect();
        let unmatched = &self.answer.unmatched;
        if unread.is_empty() && unmatched.is_empty() && self.journal.is_believed() {
            return Ok(());
        }
        writeln!(out, "\n## Not checked\n")?;
        for written in unmatched {
            writeln!(out, "- {} matches nothing now", code(written))?;
        }
        for finding in unread.iter().take(LISTED) {
            writeln!(out, "- not read: {}", code(&finding.address()))?;
        }
        if unread.len() > LISTED {
            writeln!(out, "- {} more files not read", text::thousands(unread.len() - LISTED))?;
        }
        if !self.journal.is_believed() {
            writeln!(out, "- the journal is not accepted here, or something is wrong with it: no decision in it counts")?;
        }
        Ok(())
    }

    fn notes(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.answer.case.notes.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n## Notes\n")?;
        for note in &self.answer.case.notes {
            let report = note.report.as_ref().map_or_else(String::new, |report| format!(", report {}", code(report)));
            writeln!(out, "- {} {}{report}: {}", note.by.time, code(&note.by.actor), code(&note.text))?;
        }
        Ok(())
    }
}

/// Rows by owner, those without one first.
fn by_owner<'a, 'b>(lines: &[&'a Line<'b>]) -> BTreeMap<Option<&'a str>, Vec<&'a Line<'b>>> {
    let mut groups: BTreeMap<Option<&str>, Vec<&Line<'b>>> = BTreeMap::new();
    for line in lines {
        groups.entry(line.owner.as_deref()).or_default().push(line);
    }
    groups
}

/// What is to be done next about an open row.
fn next(line: &Line<'_>) -> String {
    let asked = line.decision.filter(|_| line.stage.is_some_and(Stage::stands)).map(|decision| &decision.action);
    match (asked, line.reached) {
        (Some(Action::Ask { whom, what }), _) => format!("{} was asked for {}", code(whom), code(what)),
        (_, Some(State::Unknown)) => "find out what it is made of".to_owned(),
        (_, Some(State::Possible)) => "confirm the link, or decide".to_owned(),
        _ => "decide".to_owned(),
    }
}

fn decided(out: &mut dyn Write, line: &Line<'_>) -> io::Result<()> {
    let Some(decision) = line.decision else { return Ok(()) };
    let to = match &decision.action {
        Action::Rollback { to } | Action::Upgrade { to: Some(to) } => format!(" to {}", code(to)),
        Action::Accept { ends, .. } => format!(" until {ends}"),
        Action::Quarantine | Action::Retrain | Action::Upgrade { to: None } | Action::NotAffected { .. } | Action::Ask { .. } => {
            String::new()
        }
    };
    let share = decision.done.as_ref().and_then(|(_, share)| *share);
    let share = share.map_or_else(String::new, |share| format!(", {} of {} done", share.done, share.of));
    let why = line.why.first().map_or_else(String::new, |why| format!(": {}", span(why)));
    let (deployment, actor) = (code(&line.deployment), code(&decision.by.actor));
    writeln!(out, "- {} {deployment}{to}{share}, by {actor} at {}{why}", decision.action.word(), decision.by.time)
}
