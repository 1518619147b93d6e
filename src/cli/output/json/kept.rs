//! The advisories that an incident keeps.

use crate::incident::keep::Newer;
use crate::incident::keep::Now;
use crate::incident::keep::Seen;
use crate::incident::worklist::Answer;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct KeptRow<'a> {
    id: &'a str,
    entry: u64,
    copies: Vec<CopyRow<'a>>,
    /// Not looked at, or a later entry keeps a newer version.
    now: Option<&'static str>,
    newer: Option<NewerRow<'a>>,
}

#[derive(Serialize)]
struct CopyRow<'a> {
    file: &'a str,
    sha256: &'a str,
}

#[derive(Serialize)]
struct NewerRow<'a> {
    id: &'a str,
    files: &'a [String],
    modified: Option<&'a str>,
    withdrawn: Option<String>,
    opens: &'a [String],
    drops: &'a [String],
}

/// Each version that is kept, in order.
pub(super) fn kept<'a>(answer: &'a Answer<'_>, seen: &'a [Seen<'_>]) -> impl Iterator<Item = KeptRow<'a>> {
    answer.case.advisories.iter().map(|(entry, kept)| {
        let now = seen.iter().find(|seen| seen.entry == *entry).map(|seen| &seen.now);
        let newer = if let Some(Now::Newer(newer)) = now { Some(row(newer)) } else { None };
        let now = now.map(|now| match now {
            Now::Same => "same",
            Now::Newer(_) => "newer",
            Now::Gone => "gone",
        });
        let copies = kept.copies.iter().map(|copy| CopyRow { file: &copy.file, sha256: &copy.sha256 }).collect();
        KeptRow { id: &kept.id, entry: *entry, copies, now, newer }
    })
}

fn row(newer: &Newer) -> NewerRow<'_> {
    NewerRow {
        id: &newer.id,
        files: &newer.files,
        modified: newer.modified.as_deref(),
        withdrawn: newer.withdrawn.map(|day| day.to_string()),
        opens: &newer.opens,
        drops: &newer.drops,
    }
}
