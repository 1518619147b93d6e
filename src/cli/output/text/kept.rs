//! The advisories that an incident keeps, and what their newer versions would change.

use crate::cli::output::text::paint::Paint;
use crate::incident::keep::Newer;
use crate::incident::keep::Now;
use crate::incident::keep::Seen;
use crate::incident::words::shown;
use crate::incident::worklist::Answer;
use crate::text;
use std::io;
use std::io::Write;

/// At most so many deployments are named.
const NAMED: usize = 20;

/// Writes each advisory that is kept, and how it stands now where that was looked at.
pub(in crate::cli) fn kept(out: &mut dyn Write, answer: &Answer<'_>, seen: &[Seen<'_>], paint: Paint) -> io::Result<()> {
    if answer.case.advisories.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", paint.bold("ADVISORIES KEPT"))?;
    for (entry, kept) in &answer.case.advisories {
        let id = shown(&kept.id);
        for copy in &kept.copies {
            let digest: String = copy.sha256.chars().take(12).collect();
            writeln!(out, "  {id} (#{entry}), a copy of {}, sha256 {}", shown(&copy.file), shown(&digest))?;
        }
        match seen.iter().find(|seen| seen.entry == *entry).map(|seen| &seen.now) {
            None => {}
            Some(Now::Same) => writeln!(out, "    still the same there")?,
            Some(Now::Gone) => writeln!(out, "    not found there any more, nor in what was given: the copy counts")?,
            Some(Now::Newer(newer)) => changed(out, newer)?,
        }
    }
    Ok(())
}

fn changed(out: &mut dyn Write, newer: &Newer) -> io::Result<()> {
    let files: Vec<String> = newer.files.iter().map(|file| shown(file)).collect();
    let modified = newer.modified.as_ref().map_or_else(String::new, |day| format!(", modified {}", shown(day)));
    writeln!(out, "    another version stands in {}{modified}", files.join(" and "))?;
    if let Some(day) = newer.withdrawn {
        writeln!(out, "    its publisher took it back on {day}: nothing is closed by that")?;
    }
    named(out, "would open", &newer.opens)?;
    if !newer.drops.is_empty() {
        named(out, "no longer means, and leaves as it is,", &newer.drops)?;
    }
    if newer.withdrawn.is_none() {
        let files: Vec<String> = newer.files.iter().map(|file| format!("--advisory {}", text::quoted(&shown(file)))).collect();
        let id = text::quoted(&shown(&newer.id));
        writeln!(out, "    `downriver incident open {} --id {id}` lets the incident ask it", files.join(" "))?;
    }
    Ok(())
}

fn named(out: &mut dyn Write, what: &str, deployments: &[String]) -> io::Result<()> {
    if deployments.is_empty() {
        return writeln!(out, "    {what} nothing");
    }
    let mut names: Vec<String> = deployments.iter().take(NAMED).map(|name| shown(name)).collect();
    if deployments.len() > NAMED {
        names.push(format!("{} more", text::thousands(deployments.len() - NAMED)));
    }
    writeln!(out, "    {what} {}: {}", text::count(deployments.len(), "deployment"), names.join(", "))
}
