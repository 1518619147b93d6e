//! `log export`: how much was written, and which copies have no trail in them.

use crate::cli::output::json::export::Copied;
use crate::cli::output::json::export::Vex;
use crate::cli::output::text::incident;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::incident::words::shown;
use crate::incident::worklist::Line;
use crate::model::moment::Moment;
use crate::model::state::State;
use crate::text;
use std::collections::BTreeMap;
use std::io;
use std::io::Write;

/// Writes what was written where.
pub(in crate::cli) fn written(
    out: &mut dyn Write,
    incident: &str,
    folder: &str,
    copies: &[Copied],
    vex: &[Vex<'_>],
) -> io::Result<()> {
    let told = copies.iter().filter(|copy| copy.trail).count();
    let of = text::count(copies.iter().filter(|copy| copy.copy.is_some()).count(), "SBOM");
    writeln!(out, "{} in {}: {of} copied, {told} with the trail in them", shown(incident), shown(folder))?;
    let mut by_status: BTreeMap<&str, usize> = BTreeMap::new();
    for own in vex {
        *by_status.entry(own.status).or_default() += 1;
    }
    let by_status: Vec<String> = by_status.into_iter().map(|(status, n)| format!("{n} {status}")).collect();
    writeln!(out, "{}: {}", text::count(vex.len(), "OpenVEX statement"), by_status.join(", "))?;
    for copy in copies {
        if let Some(why) = copy.why {
            writeln!(out, "  no trail in {}: {why}", shown(&copy.file))?;
        }
    }
    Ok(())
}

/// How a deployment stands: `AFFECTED chat@production; rollback to chat-v1: decided, oncall 2026-03-02 03:14, journal #2`.
pub(in crate::cli) fn standing(line: &Line<'_>) -> String {
    let state = line.state.map_or("gone", State::word);
    let decided = line.decision.map(|decision| incident::decided(decision, line.stage, Moment::BEGIN));
    let parts = decided.into_iter().chain(line.why.iter().cloned());
    let parts: String = parts.map(|part| format!("; {part}")).collect();
    format!("{state} {}{parts}", shown(&line.deployment))
}

/// How a model stands.
pub(in crate::cli) fn model(graph: &Graph, model: ComponentId, state: State) -> String {
    format!("{state} model {}", graph.id(model).show())
}
