//! What was recorded, or would be.

use crate::incident::journal::Entry;
use crate::incident::words;
use crate::model::moment::Moment;
use crate::text;
use std::io;
use std::io::Write;

/// Writes one line an entry.
pub(in crate::cli) fn recorded(out: &mut dyn Write, now: Moment, entries: &[Entry]) -> io::Result<()> {
    for own in entries {
        let (seq, actor, time) = (own.seq, words::shown(&own.actor), own.time.brief(now));
        writeln!(out, "#{seq} recorded by {actor} {time} UTC: {}", words::said(own))?;
    }
    Ok(())
}

/// Writes what would be done to each deployment, or why nothing.
pub(in crate::cli) fn plan<'a>(
    out: &mut dyn Write,
    incident: &str,
    word: &str,
    rows: impl Iterator<Item = (&'a str, Option<&'a str>)> + Clone,
) -> io::Result<()> {
    let n = rows.clone().filter(|(_, refused)| refused.is_none()).count();
    writeln!(
        out,
        "{word} {} in {}: nothing is recorded yet, `--yes` does it",
        text::count(n, "deployment"),
        words::shown(incident)
    )?;
    for (deployment, refused) in rows {
        match refused {
            None => writeln!(out, "  {}", words::shown(deployment))?,
            Some(why) => writeln!(out, "  left as it is: {why}")?,
        }
    }
    Ok(())
}
