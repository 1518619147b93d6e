//! What was recorded, or would be.

use crate::cli::output::json::journal::EntryRow;
use crate::cli::output::json::journal::JournalRow;
use crate::cli::output::json::rows::Each;
use crate::cli::output::json::rows::problems;
use crate::cli::output::json::write;
use crate::graph::Graph;
use crate::incident::journal::Entry;
use crate::store::journal::Journal;
use serde::Serialize;
use std::io;
use std::io::Write;

#[derive(Serialize)]
struct Answer<'a, E, W, P> {
    schema: &'static str,
    incident: Option<&'a str>,
    entries: E,
    would: W,
    journal: JournalRow<'a>,
    problems: P,
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
    let entries = Each(|| entries.iter().map(EntryRow::new));
    let (journal, problems) = (JournalRow::new(journal), Each(|| problems(graph)));
    write(out, &Answer { schema: SCHEMA, incident, entries, would: [(); 0], journal, problems })
}

/// Writes what would be recorded.
pub(in crate::cli) fn plan<'a>(
    out: &mut dyn Write,
    graph: &Graph,
    journal: &Journal,
    incident: &str,
    rows: &(impl Iterator<Item = (&'a str, Option<&'a str>)> + Clone),
) -> io::Result<()> {
    let would = Each(|| rows.clone().map(|(deployment, refused)| Would { deployment, refused }));
    let (journal, problems) = (JournalRow::new(journal), Each(|| problems(graph)));
    write(out, &Answer { schema: SCHEMA, incident: Some(incident), entries: [(); 0], would, journal, problems })
}
