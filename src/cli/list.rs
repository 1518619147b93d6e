//! `downriver list`: what is there.

use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::output::json;
use crate::cli::output::text;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::cli::session;
use crate::cli::session::Session;
use crate::model::kind::Kind;
use crate::query::deploys;
use clap::Args;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;

/// List the components, or the documents, of a repository
///
/// Components are listed with the deployments downstream of each: confirmed ones, then possible ones with a question mark,
/// under the hazard that is usual for the kind (poisoned for models, datasets and code; vulnerable for packages, system
/// libraries and applications).
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  # all components, most deployments first
  downriver list -r sboms
  # the datasets
  downriver list -r sboms --kind dataset
  # the documents, with what each says
  downriver list -r sboms --documents
  # what is named but has no document of its own
  downriver list -r sboms --format json |
    jq -r '.components[] | select(.external) | .id'")]
pub(super) struct List {
    /// Components of one kind only
    #[arg(long, value_name = "KIND", value_parser = kind())]
    kind: Option<Kind>,

    /// Documents, with counts as written in each, before anything is joined
    #[arg(long, conflicts_with = "kind")]
    documents: bool,

    #[command(flatten)]
    repository: Repository,
}

impl List {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let session = Session::open(&self.repository)?;
        let (graph, paint) = (&session.graph, session.paint);
        let exit = session.exit(false);
        if self.documents {
            return Ok(session::answer(exit, |out| match session.form {
                Form::Json => json::list::documents(out, graph),
                Form::Text => text::list::documents(out, graph, paint),
            }));
        }
        let deploys = deploys::deploys(graph);
        Ok(session::answer(exit, |out| match session.form {
            Form::Json => json::list::components(out, graph, &deploys, self.kind),
            Form::Text => text::list::components(out, graph, &deploys, self.kind, paint),
        }))
    }
}

/// Reads the word for a kind.
pub(super) fn kind() -> impl TypedValueParser<Value = Kind> {
    let words = PossibleValuesParser::new(Kind::ALL.map(Kind::word));
    words.try_map(|word| Kind::parse(&word).ok_or("no such kind"))
}
