//! `check`.

use crate::cli::output::json::rows::Each;
use crate::cli::output::json::rows::FindingRow;
use crate::cli::output::json::rows::problems;
use crate::cli::output::json::write;
use crate::graph::Graph;
use serde::Serialize;
use std::io;
use std::io::Write;

#[derive(Serialize)]
struct Check<F, P> {
    schema: &'static str,
    findings: F,
    /// Completeness profiles; this version checks none.
    profiles: [(); 0],
    problems: P,
}

/// Writes the findings, worst first.
pub(in crate::cli) fn check(out: &mut dyn Write, graph: &Graph) -> io::Result<()> {
    let answer = Check {
        schema: "downriver/check/1",
        findings: Each(|| graph.findings().iter().map(FindingRow::new)),
        profiles: [],
        problems: Each(|| problems(graph)),
    };
    write(out, &answer)
}
