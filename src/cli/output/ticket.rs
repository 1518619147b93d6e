//! What a ticket says, in whichever form it leaves.
//!
//! Invariant: too long is cut inside a name, never inside a state.

use crate::incident::standing::Stage;
use crate::incident::ticket::Ticket;
use crate::incident::worklist::Answer;
use crate::incident::worklist::Line;
use crate::model::state::State;
use crate::text;
use crate::text::Untrusted;

/// Names in a summary take at most so many cells.
const NAME: usize = 120;

/// `INC-1 poisoned: AFFECTED support-chat-v2.3.0@production`; of several rows, how many stand how.
pub(super) fn summary(answer: &Answer<'_>, ticket: &Ticket<'_>) -> String {
    let (id, hazard) = (brief(&answer.case.id), answer.hazard());
    match ticket.rows[..] {
        [only] => format!("{id} {hazard}: {} {}", ticket.state(), brief(&only.deployment)),
        _ => format!("{id} {hazard}: {} of {}", counts(&ticket.rows), brief(ticket.owner.unwrap_or("nobody"))),
    }
}

/// `2 AFFECTED, 1 POSSIBLE`.
pub(super) fn counts(rows: &[&Line<'_>]) -> String {
    let count = |state: State| rows.iter().filter(|line| line.state == Some(state)).count();
    let states = State::ALL.into_iter().map(|state| (count(state), state)).filter(|(n, _)| *n > 0);
    states.map(|(n, state)| format!("{} {state}", text::thousands(n))).collect::<Vec<_>>().join(", ")
}

/// One line a row, then whom to reach and how to see it again.
pub(super) fn description(answer: &Answer<'_>, ticket: &Ticket<'_>) -> String {
    let mut lines: Vec<String> = ticket.rows.iter().map(|line| row(line)).collect();
    if let Some(page) = ticket.contact.and_then(|contact| contact.page.as_ref()) {
        lines.push(format!("Page: {}", shown(page)));
    }
    if let Some(project) = ticket.contact.and_then(|contact| contact.ticket.as_ref()) {
        lines.push(format!("Project: {}", shown(project)));
    }
    lines.push(format!("See: downriver incident show {}", shown(&answer.case.id)));
    lines.join("\n")
}

/// `AFFECTED support-chat-v2.3.0@production, rollback to v2.2.1 decided, due 2026-03-03T03:00:00Z`.
fn row(line: &Line<'_>) -> String {
    let state = line.state.map_or("", State::word);
    let (action, stage) = (line.decision.map(|decision| decision.action.word()), line.stage.map(Stage::word));
    let decided = action.zip(stage).map_or_else(String::new, |(action, stage)| format!(", {action} {stage}"));
    let due = line.due.map_or_else(String::new, |due| format!(", due {due}"));
    let number = line.ticket.as_ref().map_or_else(String::new, |ticket| format!(", ticket {}", shown(ticket)));
    let why = line.why.first().map_or_else(String::new, |why| format!(": {why}"));
    format!("{state} {}{decided}{due}{number}{why}", shown(&line.deployment))
}

/// Words without blanks.
pub(super) fn labels(answer: &Answer<'_>, ticket: &Ticket<'_>) -> [String; 3] {
    let word = |text: &str| text.split_whitespace().collect::<Vec<_>>().join("-");
    ["downriver".to_owned(), word(&shown(&answer.case.id)), ticket.state().word().to_lowercase()]
}

/// Escaped, and cut in the middle where it is very long.
pub(super) fn brief(name: &str) -> String {
    text::cut_middle(Untrusted::new(name).brief().as_str(), NAME, '…').into_owned()
}

/// Escaped.
pub(super) fn shown(text: &str) -> String {
    Untrusted::new(text).show().into_string()
}
