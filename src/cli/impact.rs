//! `downriver impact`: what a compromise reaches.

use crate::cli::advise::Advise;
use crate::cli::advise::Advised;
use crate::cli::advise::Given;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::messages;
use crate::cli::output::json;
use crate::cli::output::text;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::cli::session;
use crate::cli::session::Session;
use crate::model::advisory::Ancestry;
use crate::model::date::Day;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::query::advisory;
use crate::query::advisory::Options;
use crate::query::impact;
use crate::query::impact::StateCounts;
use crate::query::impact::Window;
use crate::query::select::Scope;
use crate::query::typed;
use clap::Args;
use clap::ValueEnum;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;

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

    /// What is wrong with it, where it is not what is usual for its kind
    #[arg(long, value_name = "HAZARD", value_parser = hazard())]
    hazard: Option<Hazard>,

    /// Narrow or widen each selector: its digests only, its version, or every version; without it, as written
    #[arg(long, value_name = "SCOPE")]
    scope: Option<Width>,

    /// Rule out what was downloaded before this day (YYYY-MM-DD)
    #[arg(long, value_name = "DAY", value_parser = day)]
    since: Option<Day>,

    /// Rule out what was downloaded after this day (YYYY-MM-DD)
    #[arg(long, value_name = "DAY", value_parser = day)]
    until: Option<Day>,

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

/// How wide a selector reaches.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Width {
    Digest,
    Version,
    Every,
}

impl From<Width> for Scope {
    fn from(width: Width) -> Self {
        match width {
            Width::Digest => Self::Digest,
            Width::Version => Self::Version,
            Width::Every => Self::Every,
        }
    }
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
        if self.since.zip(self.until).is_some_and(|(since, until)| since > until) {
            return Err(Failure::new(Exit::Usage, "`--since` is after `--until`: no day lies between them"));
        }
        let given = self.advise.read()?;
        let session = Session::open(&self.repository)?;
        let graph = &session.graph;
        let window = Window { since: self.since, until: self.until };
        let mut marks = Vec::new();
        let mut unmatched = None;
        for written in &self.selectors {
            let selection = session.select(written, self.scope.map_or(Scope::AsWritten, Scope::from))?;
            if selection.starts.is_empty() {
                let failure = session.no_match(written);
                messages::fail(&failure);
                unmatched.get_or_insert(failure.exit);
                continue;
            }
            marks.extend(typed::marks(graph, &selection, self.hazard, window));
        }
        let ancestry = |first: &str, second: &str| given.is_ancestor(first, second);
        let advised = (!self.advise.files.is_empty()).then(|| self.advised(&session, &given, &ancestry));
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

    fn advised(&self, session: &Session, given: &Given, ancestry: &Ancestry<'_>) -> Advised {
        let window = Window { since: self.since, until: self.until };
        self.advise.ask(session, given, &Options { hazard: self.hazard, window, ancestry })
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

/// Reads the word for a hazard.
pub(super) fn hazard() -> impl TypedValueParser<Value = Hazard> {
    let words = PossibleValuesParser::new(Hazard::ALL.map(Hazard::word));
    words.try_map(|word| Hazard::ALL.into_iter().find(|hazard| hazard.word() == word).ok_or("no such hazard"))
}

/// Reads a day, or the day of a time.
pub(super) fn day(written: &str) -> Result<Day, String> {
    Day::parse(written).ok_or_else(|| "not a day; write it as 2026-03-01".to_owned())
}
