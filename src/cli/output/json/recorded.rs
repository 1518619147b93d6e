//! What was recorded, or would be.

use crate::cli::output::json::journal::EntryRow;
use crate::cli::output::json::journal::JournalRow;
use crate::cli::output::json::rows::CommandRow;
use crate::cli::output::json::rows::Each;
use crate::cli::output::json::rows::problems;
use crate::cli::output::json::write;
use crate::graph::Graph;
use crate::incident::journal::Entry;
use crate::incident::journal::body::Body;
use crate::incident::runbook;
use crate::store::journal::Journal;
use serde::Serialize;
use std::io;
use std::io::Write;

#[derive(Serialize)]
struct Answer<'a, E, W, R, P> {
    schema: &'static str,
    incident: Option<&'a str>,
    entries: E,
    would: W,
    runbook: R,
    journal: JournalRow<'a>,
    problems: P,
}

#[derive(Serialize)]
struct RunbookRow<'a> {
    deployment: &'a str,
    #[serde(flatten)]
    command: CommandRow,
}

#[derive(Serialize)]
struct Would<'a> {
    deployment: &'a str,
    refused: Option<&'a str>,
}

const SCHEMA: &str = "downriver/recorded/1";

/// Writes the entries that were recorded.
pub(in crate::cli) fn recorded(
    out: &mut dyn Write,
    graph: &Graph,
    journal: &Journal,
    incident: Option<&str>,
    entries: &[Entry],
) -> io::Result<()> {
    let commands = Each(|| runbook(graph, entries.iter().map(|entry| &entry.body)));
    let entries = Each(|| entries.iter().map(EntryRow::new));
    let (journal, problems) = (JournalRow::new(journal), Each(|| problems(graph)));
    write(out, &Answer { schema: SCHEMA, incident, entries, would: [(); 0], runbook: commands, journal, problems })
}

/// Writes what would be recorded.
pub(in crate::cli) fn plan<'a>(
    out: &mut dyn Write,
    graph: &Graph,
    journal: &Journal,
    incident: &str,
    rows: &(impl Iterator<Item = (&'a str, Result<&'a Body, &'a str>)> + Clone),
) -> io::Result<()> {
    let would = Each(|| rows.clone().map(|(deployment, body)| Would { deployment, refused: body.err() }));
    let commands = Each(|| runbook(graph, rows.clone().filter_map(|(_, body)| body.ok())));
    let (journal, problems) = (JournalRow::new(journal), Each(|| problems(graph)));
    write(
        out,
        &Answer { schema: SCHEMA, incident: Some(incident), entries: [(); 0], would, runbook: commands, journal, problems },
    )
}

fn runbook<'a>(graph: &Graph, bodies: impl IntoIterator<Item = &'a Body>) -> impl Iterator<Item = RunbookRow<'a>> {
    let row = |(deployment, command)| RunbookRow { deployment, command: CommandRow::new(command) };
    runbook::commands(graph, bodies).into_iter().map(row)
}
