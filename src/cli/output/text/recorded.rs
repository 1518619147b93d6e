//! What was recorded, or would be.

use crate::graph::Graph;
use crate::incident::journal::Entry;
use crate::incident::journal::body::Body;
use crate::incident::runbook;
use crate::incident::words;
use crate::model::moment::Moment;
use crate::text;
use std::io;
use std::io::Write;

/// Writes one line an entry.
pub(in crate::cli) fn recorded(out: &mut dyn Write, graph: &Graph, now: Moment, entries: &[Entry]) -> io::Result<()> {
    for own in entries {
        let (seq, actor, time) = (own.seq, words::shown(&own.actor), own.time.brief(now));
        writeln!(out, "#{seq} recorded by {actor} {time} UTC: {}", words::said(own))?;
        to_run(out, graph, &own.body)?;
    }
    Ok(())
}

/// Writes what would be done to each deployment, or why nothing.
pub(in crate::cli) fn plan<'a>(
    out: &mut dyn Write,
    graph: &Graph,
    incident: &str,
    word: &str,
    rows: impl Iterator<Item = (&'a str, Result<&'a Body, &'a str>)> + Clone,
) -> io::Result<()> {
    let n = rows.clone().filter(|(_, body)| body.is_ok()).count();
    writeln!(
        out,
        "{word} {} in {}: nothing is recorded yet, `--yes` does it",
        text::count(n, "deployment"),
        words::shown(incident)
    )?;
    for (deployment, body) in rows {
        match body {
            Ok(body) => {
                writeln!(out, "  {}", words::shown(deployment))?;
                to_run(out, graph, body)?;
            }
            Err(why) => writeln!(out, "  left as it is: {why}")?,
        }
    }
    Ok(())
}

/// Writes what the owner's runbook has for a decision: for a person to run, or not.
fn to_run(out: &mut dyn Write, graph: &Graph, body: &Body) -> io::Result<()> {
    for (_, command) in runbook::commands(graph, [body]) {
        match command {
            Ok(line) => writeln!(out, "    to run: {line}")?,
            Err(why) => writeln!(out, "    nothing to run: {why}")?,
        }
    }
    Ok(())
}
