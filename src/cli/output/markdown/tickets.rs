//! Tickets as a list with boxes to tick.

use crate::cli::output::markdown::code;
use crate::cli::output::markdown::span;
use crate::cli::output::ticket;
use crate::incident::ticket::Ticket;
use crate::incident::worklist::Answer;
use std::io;
use std::io::Write;

/// Writes one item a ticket.
pub(in crate::cli) fn tickets(out: &mut dyn Write, answer: &Answer<'_>, tickets: &[Ticket<'_>]) -> io::Result<()> {
    writeln!(out, "# Tickets of {}: {}\n", code(&answer.case.id), tickets.len())?;
    for own in tickets {
        let due = own.due().map_or_else(String::new, |due| format!(", due {due}"));
        let owner = own.owner.map_or_else(|| "no owner".to_owned(), code);
        let summary = span(&ticket::summary(answer, own));
        writeln!(out, "- [ ] {summary}, {owner}, {}{due}, {}", own.priority(), code(&own.key))?;
        for line in ticket::description(answer, own).lines() {
            writeln!(out, "  - {}", span(line))?;
        }
    }
    Ok(())
}
