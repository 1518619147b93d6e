//! `log`: one line an entry, its number first.

use crate::cli::output::text::paint::Paint;
use crate::incident::words;
use crate::store::journal::Journal;
use crate::text;
use std::io;
use std::io::Write;

/// Writes the entries in their order, then what is wrong. `undone` is by entry: the position of the undo that counts.
pub(in crate::cli) fn log(out: &mut dyn Write, journal: &Journal, undone: &[Option<usize>], paint: Paint) -> io::Result<()> {
    let entries = journal.entries();
    if entries.is_empty() {
        writeln!(out, "{}: no entry yet", words::shown(journal.path()))?;
    } else {
        writeln!(out, "{}", paint.bold("  NO  TIME, UTC            WHO           WHAT"))?;
    }
    for (row, own) in entries.iter().enumerate() {
        let undo = undone.get(row).copied().flatten().and_then(|row| entries.get(row));
        let undo = undo.map_or_else(String::new, |undo| format!("  [taken back by #{}]", undo.seq));
        let time = own.time.to_string().replace('T', " ");
        let time = time.trim_end_matches('Z');
        let (actor, said) = (words::shown(&own.actor), words::said(own));
        let signed = words::signed(own.signature()).map_or_else(String::new, |signed| format!("  [{signed}]"));
        writeln!(out, "{:>4}  {time}  {}  {said}{signed}{undo}", own.seq, text::pad(&actor, 12))?;
    }
    let signed = entries.iter().filter(|entry| entry.signed.is_some()).count();
    if (1..entries.len()).contains(&signed) {
        writeln!(out, "\n{signed} of {} entries are signed; who wrote the others is a claim", entries.len())?;
    }
    if !journal.is_believed() && !entries.is_empty() {
        writeln!(out, "\nNo decision in it counts: {}", whose(journal))?;
    }
    faults(out, journal)
}

/// Writes whether the journal is whole.
pub(in crate::cli) fn verify(out: &mut dyn Write, journal: &Journal) -> io::Result<()> {
    let n = match journal.entries().len() {
        1 => "1 entry".to_owned(),
        n => format!("{} entries", text::thousands(n)),
    };
    let wrong = text::count(journal.faults().len(), "thing");
    let verdict = if journal.faults().is_empty() { "chain verified".to_owned() } else { format!("{wrong} wrong") };
    writeln!(out, "{}: {n}, {verdict}", words::shown(journal.path()))?;
    let signed = journal.entries().iter().filter(|entry| entry.signed.is_some()).count();
    if signed > 0 {
        let good = signed - journal.not_good().count();
        writeln!(out, "{} signed, {good} of them by trusted keys; who wrote the others is a claim", text::thousands(signed))?;
    }
    if let Some(head) = journal.head() {
        writeln!(out, "head {head}")?;
    }
    if !journal.is_believed() {
        writeln!(out, "No decision in it counts: {}", whose(journal))?;
    }
    faults(out, journal)
}

fn whose(journal: &Journal) -> &'static str {
    if journal.is_accepted() {
        "something is wrong with it"
    } else {
        "it came with the repository; `downriver log accept` makes it yours"
    }
}

fn faults(out: &mut dyn Write, journal: &Journal) -> io::Result<()> {
    for fault in journal.faults() {
        writeln!(out, "{}:{}: {}", words::shown(journal.path()), fault.line, fault.what)?;
    }
    for (line, answer, why) in journal.not_good() {
        writeln!(out, "{}:{line}: signature {}: {why}", words::shown(journal.path()), answer.word())?;
    }
    Ok(())
}
