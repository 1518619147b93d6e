//! `log bundle`, and `log verify` of what it wrote.

use crate::cli::output::json::bundle::Manifest;
use crate::incident::words;
use crate::incident::words::shown;
use crate::store::bundle::Checked;
use crate::store::folder::SUMS;
use crate::text;
use std::io;
use std::io::Write;

/// Writes what was written where, and what to keep elsewhere.
pub(in crate::cli) fn written(
    out: &mut dyn Write,
    folder: &str,
    files: usize,
    sums: &str,
    manifest: &Manifest<'_>,
) -> io::Result<()> {
    writeln!(out, "{} in {}: {}, and {SUMS}", shown(manifest.incident()), shown(folder), text::count(files, "file"))?;
    if let Some(slice) = &manifest.slice {
        writeln!(out, "journal from {}\n          to {}", slice.first, slice.last)?;
    }
    writeln!(out, "{SUMS} has the SHA-256 {sums}: keep it elsewhere")
}

/// Writes whether a bundle is as it was written.
pub(in crate::cli) fn verified(out: &mut dyn Write, folder: &str, checked: &Checked) -> io::Result<()> {
    let wrong = format!("{} wrong", text::count(checked.faults.len(), "thing"));
    let verdict = if checked.faults.is_empty() { "as it was written".to_owned() } else { wrong };
    writeln!(out, "{}: {} in {SUMS}, {verdict}", shown(folder), text::count(checked.files, "file"))?;
    if let Some((first, last)) = checked.slice {
        writeln!(out, "journal from {first}\n          to {last}")?;
    }
    if let Some(signed) = words::signed(&checked.signature) {
        writeln!(out, "{SUMS}: {signed}")?;
    }
    for fault in &checked.faults {
        let line = fault.line.map_or_else(String::new, |line| format!(":{line}"));
        writeln!(out, "{}{line}: {}", shown(&fault.file), fault.what)?;
    }
    Ok(())
}
