//! `check`.

use crate::cli::output::json::rows::Each;
use crate::cli::output::json::rows::FindingRow;
use crate::cli::output::json::rows::problems;
use crate::cli::output::json::write;
use crate::graph::Graph;
use crate::load::Totals;
use serde::Serialize;
use std::io;
use std::io::Write;

#[derive(Serialize)]
struct Check<F, P> {
    schema: &'static str,
    findings: F,
    /// Completeness profiles; this version checks none.
    profiles: [(); 0],
    files: Files,
    problems: P,
}

/// What the findings are about: files that were looked at, and those that were not.
#[derive(Serialize)]
struct Files {
    read: usize,
    passed_over: usize,
    hidden: usize,
    ignored: usize,
}

/// Writes the findings, worst first.
pub(in crate::cli) fn check(out: &mut dyn Write, graph: &Graph, totals: &Totals) -> io::Result<()> {
    let answer = Check {
        schema: "downriver/check/1",
        findings: Each(|| graph.findings().iter().map(FindingRow::new)),
        profiles: [],
        files: Files {
            read: totals.files - totals.passed_over,
            passed_over: totals.passed_over,
            hidden: totals.hidden,
            ignored: totals.ignored,
        },
        problems: Each(|| problems(graph)),
    };
    write(out, &answer)
}
