//! `log` and `log verify`: problems are those of the journal.

use crate::cli::output::json::journal::EntryRow;
use crate::cli::output::json::journal::JournalRow;
use crate::cli::output::json::rows::Each;
use crate::cli::output::json::write;
use crate::incident::journal::chain::Fault;
use crate::model::finding::Code;
use crate::store::journal::Journal;
use crate::trust::Answer;
use serde::Serialize;
use std::io;
use std::io::Write;

#[derive(Serialize)]
struct Log<'a, E, P> {
    schema: &'static str,
    journal: JournalRow<'a>,
    entries: E,
    problems: P,
}

#[derive(Serialize)]
struct Verified<'a, P> {
    schema: &'static str,
    journal: JournalRow<'a>,
    entries: usize,
    problems: P,
}

#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    entry: EntryRow<'a>,
    line: Option<usize>,
    undone_by: Option<u64>,
}

#[derive(Serialize)]
struct Problem<'a> {
    file: &'a str,
    line: usize,
    column: u32,
    code: &'static str,
    message: String,
}

/// Writes the entries in their order. `undone` is by entry: the position of the undo that counts.
pub(in crate::cli) fn log(out: &mut dyn Write, journal: &Journal, undone: &[Option<usize>]) -> io::Result<()> {
    let entries = journal.entries();
    let row = |row: usize| {
        let undo = undone.get(row).copied().flatten().and_then(|row| entries.get(row));
        let (line, undone_by) = (journal.lines().get(row).copied(), undo.map(|undo| undo.seq));
        entries.get(row).map(|entry| Row { entry: EntryRow::new(entry), line, undone_by })
    };
    write(
        out,
        &Log {
            schema: "downriver/log/1",
            journal: JournalRow::new(journal),
            entries: Each(|| (0..entries.len()).filter_map(row)),
            problems: problems(journal),
        },
    )
}

/// Writes whether the journal is whole.
pub(in crate::cli) fn verify(out: &mut dyn Write, journal: &Journal) -> io::Result<()> {
    let (entries, problems) = (journal.entries().len(), problems(journal));
    write(out, &Verified { schema: "downriver/log-verify/1", journal: JournalRow::new(journal), entries, problems })
}

fn problems(journal: &Journal) -> Vec<Problem<'_>> {
    let problem = |fault: &Fault| Problem {
        file: journal.path(),
        line: fault.line,
        column: 1,
        code: if fault.what.is_harmless() { Code::JournalTorn } else { Code::JournalDamaged }.number(),
        message: fault.what.to_string(),
    };
    let signature = |(line, answer, why): (usize, &Answer, &str)| Problem {
        file: journal.path(),
        line,
        column: 1,
        code: Code::SignatureNotGood.number(),
        message: format!("signature {}: {why}", answer.word()),
    };
    journal.faults().iter().map(problem).chain(journal.not_good().map(signature)).collect()
}
