//! `downriver check`: what is wrong or doubtful in a repository.

use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::output::json;
use crate::cli::output::text;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::cli::session;
use crate::cli::session::Session;
use crate::model::finding::Severity;
use clap::Args;

/// List what could not be read, and what is doubtful
///
/// Broken files and values, look-alike names, contradictions, missing documents, cycles. Each finding has a stable code, a severity, the place and what to do. Exits 1 if any is above `note`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  downriver check -r sboms
  # the files that were not read
  downriver check -r sboms --format json |
    jq -r '.findings[] | select(.severity == \"error\") | .source.file'")]
pub(super) struct Check {
    #[command(flatten)]
    repository: Repository,
}

impl Check {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let session = Session::open(&self.repository)?;
        let (graph, paint) = (&session.graph, session.paint);
        let found = graph.findings().iter().any(|finding| finding.severity() < Severity::Note);
        Ok(session::answer(session.exit(found), |out| match session.form {
            Form::Json => json::check::check(out, graph, &session.totals),
            Form::Text => text::check::check(out, graph, &session.totals, paint),
        }))
    }
}
