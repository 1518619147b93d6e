//! `downriver impact`: what a compromise reaches.

use crate::cli::advise::Advise;
use crate::cli::advise::Advised;
use crate::cli::advise::Given;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::how::How;
use crate::cli::messages;
use crate::cli::output::json;
use crate::cli::output::text;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::cli::session;
use crate::cli::session::Session;
use crate::model::advisory::Ancestry;
use crate::model::kind::Kind;
use crate::query::advisory;
use crate::query::advisory::Options;
use crate::query::impact;
use crate::query::impact::StateCounts;
use crate::query::impact::Window;
use crate::query::typed;
use clap::Args;
use clap::ValueEnum;

/// Show what a compromise reaches, how sure that is, and why
///
/// AFFECTED: a path of sure links. POSSIBLE: a link by name only or against the digest, or it is not clear that the component
/// is meant. UNKNOWN: not reached, but something is missing upstream that could hide it. CLEAR: not reached, nothing missing.
/// Answers are never rounded up: no match is never CLEAR.
///
/// What a hazard is carried over: `poisoned` (models, datasets, code unless said otherwise) over bases, training data,
/// dependencies, what it was built with, contents and deployments; `vulnerable` (packages, system libraries, applications)
/// not over bases nor over what a model was built with; `withdrawn` not over what it was built with. Evaluation carries nothing.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  # every version of a name
  downriver impact -r sboms 'EleuterAI/gpt-j-6B'
  # one file, by its whole digest
  downriver impact -r sboms sha256:<64 hex digits>
  # a range of a package
  downriver impact -r sboms 'torch<2.2'
  # what was downloaded in January
  downriver impact -r sboms dataset:tickets \\
    --since 2026-01-01 --until 2026-01-31
  # an advisory, or a folder of them
  downriver impact -r sboms --advisory advisories/
  # one line a deployment, for a program
  downriver impact -r sboms bert --format json |
    jq -r '.deployments[] | [.state, .id] | @tsv'
  # a gate in a pipeline that lets POSSIBLE pass
  downriver impact -r sboms bert --fail-on affected || exit 1")]
pub(super) struct Impact {
    /// What is compromised; several are answered together, each deployment with its worst state
    #[arg(value_name = "SELECTOR", required_unless_present = "files")]
    selectors: Vec<String>,

    #[command(flatten)]
    how: How,

    /// List UNKNOWN and CLEAR too
    #[arg(long)]
    all: bool,

    /// From which state on the exit code is 1, instead of POSSIBLE
    #[arg(long, value_name = "STATE")]
    fail_on: Option<Threshold>,

    #[command(flatten)]
    advise: Advise,

    #[command(flatten)]
    repository: Repository,
}

/// From which state on an answer counts as found.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Threshold {
    /// AFFECTED only; POSSIBLE passes
    Affected,
    /// AFFECTED, POSSIBLE and UNKNOWN
    Unknown,
}

impl Impact {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let window = self.how.window()?;
        let given = self.advise.read()?;
        let session = Session::open(&self.repository)?;
        let graph = &session.graph;
        let mut marks = Vec::new();
        let mut unmatched = None;
        for written in &self.selectors {
            let selection = session.select(written, self.how.scope())?;
            if selection.starts.is_empty() {
                let failure = session.no_match(written);
                messages::fail(&failure);
                unmatched.get_or_insert(failure.exit);
                continue;
            }
            marks.extend(typed::marks(graph, &selection, self.how.hazard, window));
        }
        let ancestry = |first: &str, second: &str| given.is_ancestor(first, second);
        let advised = (!self.advise.files.is_empty()).then(|| self.advised(&session, &given, window, &ancestry));
        if let (true, Some(exit), None) = (marks.is_empty(), unmatched, &advised) {
            return Ok(exit);
        }
        marks.extend(advised.iter().flat_map(|advised| advisory::together(advised.told.asked.iter())));
        let impact = impact::impact(graph, &marks);
        let found = [Kind::Deployment, Kind::Model].into_iter().any(|kind| self.counts_as_found(impact.counts(graph, kind)));
        let exit = match session.exit(found) {
            Exit::Done if given.is_incomplete() => Exit::Incomplete,
            exit => exit,
        };
        let exit = match (exit, unmatched) {
            (Exit::Done | Exit::Incomplete, Some(unmatched)) => unmatched,
            (exit, _) => exit,
        };
        Ok(session::answer(exit, |out| match session.form {
            Form::Json => json::impact::impact(out, graph, &marks, &impact, self.all, advised.as_ref()),
            Form::Text => text::impact::impact(out, graph, &marks, &impact, self.all, advised.as_ref(), session.paint),
        }))
    }

    fn advised(&self, session: &Session, given: &Given, window: Window, ancestry: &Ancestry<'_>) -> Advised {
        self.advise.ask(session, given, &Options { hazard: self.how.hazard, window, ancestry })
    }

    fn counts_as_found(&self, counts: StateCounts) -> bool {
        let reached = match self.fail_on {
            None => counts.affected + counts.possible,
            Some(Threshold::Affected) => counts.affected,
            Some(Threshold::Unknown) => counts.affected + counts.possible + counts.unknown,
        };
        reached > 0
    }
}
