//! `downriver rank`: what most stands or falls with.

use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::list;
use crate::cli::output::json;
use crate::cli::output::text;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::cli::session;
use crate::cli::session::Session;
use crate::model::kind::Kind;
use crate::query::rank;
use clap::Args;

/// Rank the components by how many deployments are downstream of each
///
/// Deployments and models are counted exactly, each once: confirmed ones by digests, identifiers, or names with versions
/// alone, then possible ones with a question mark, under the hazard that is usual for the kind (poisoned for models, datasets
/// and code; vulnerable for packages, system libraries and applications). A model is not downstream of itself; a deployment
/// is its own answer.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  # what most deployments stand or fall with
  downriver rank -r sboms --limit 20
  # the packages that reach most
  downriver rank -r sboms --kind package --limit 20
  # all models that reach a deployment, for a pipeline
  downriver rank -r sboms --kind model --format json |
    jq -r '.components[] | select(.deployments.confirmed > 0) | .id'")]
pub(super) struct Rank {
    /// Components of one kind only
    #[arg(long, value_name = "KIND", value_parser = list::kind())]
    kind: Option<Kind>,

    /// At most so many; all without it
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    #[command(flatten)]
    repository: Repository,
}

impl Rank {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let session = Session::open(&self.repository)?;
        let (graph, paint) = (&session.graph, session.paint);
        let rows = rank::rank(graph, self.kind, self.limit.unwrap_or(usize::MAX));
        Ok(session::answer(session.exit(false), |out| match session.form {
            Form::Json => json::rank::rank(out, graph, &rows),
            Form::Text => text::rank::rank(out, graph, &rows, paint),
        }))
    }
}
