//! `check`: counts, then every finding with its place and what to do.

use crate::cli::output::text::paint::Paint;
use crate::graph::Graph;
use crate::load::Totals;
use crate::model::finding::Finding;
use crate::model::finding::Severity;
use crate::text;
use crate::text::Untrusted;
use std::io;
use std::io::Write;

const SEVERITIES: [Severity; 5] = [Severity::Error, Severity::High, Severity::Medium, Severity::Low, Severity::Note];

/// Writes the findings, worst first.
pub(in crate::cli) fn check(out: &mut dyn Write, graph: &Graph, totals: &Totals, paint: Paint) -> io::Result<()> {
    let findings = graph.findings();
    let of = |severity: &Severity| findings.iter().filter(|finding| finding.severity() == *severity).count();
    let counts: Vec<String> = SEVERITIES
        .iter()
        .map(|severity| (severity, of(severity)))
        .filter(|(_, n)| *n > 0)
        .map(|(severity, n)| format!("{} {severity}", text::thousands(n)))
        .collect();
    let counts = if counts.is_empty() { "no findings".to_owned() } else { counts.join(", ") };
    writeln!(out, "{}: {counts}", text::count(graph.documents().len(), "document"))?;
    let skipped = [
        (totals.passed_over, "passed over, plainly something else"),
        (totals.hidden, "hidden, not entered"),
        (totals.ignored, "left out by `ignore:` of downriver.yaml"),
    ];
    for (n, why) in skipped.into_iter().filter(|(n, _)| *n > 0) {
        writeln!(out, "{} {why}", text::count(n, "file"))?;
    }
    for finding in findings {
        writeln!(out)?;
        one(out, finding, paint)?;
    }
    Ok(())
}

fn one(out: &mut dyn Write, finding: &Finding, paint: Paint) -> io::Result<()> {
    let address = finding.address();
    let severity = paint.severity(finding.severity(), finding.severity().word());
    writeln!(out, "{} {severity}  {}", finding.code, paint.dim(Untrusted::new(&address).show().as_str()))?;
    writeln!(out, "  {}", finding.message)?;
    for (line, excerpt) in &finding.excerpt {
        writeln!(out, "  {line:>5} | {excerpt}")?;
    }
    if let Some(component) = &finding.component {
        writeln!(out, "  about: {}", Untrusted::new(component).show())?;
    }
    if !finding.help.is_empty() {
        writeln!(out, "  hint: {}", finding.help)?;
    }
    Ok(())
}
