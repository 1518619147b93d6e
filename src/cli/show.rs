//! `downriver show`: everything that is known of one component.

use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::output::json;
use crate::cli::output::text;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::cli::session;
use crate::cli::session::Session;
use crate::load::again;
use crate::query::deploys;
use crate::query::facts;
use clap::Args;

/// Show all that is known of one component
///
/// Identifiers, other names with what joined them, findings, links with their evidence and place, fields.
///
/// A selector that means several components lists them and exits 2: use one of the ids, which always mean exactly one.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  # by id or name
  downriver show -r sboms support-chat-v2.3.0
  # by purl
  downriver show -r sboms pkg:pypi/torch@2.1.0
  # one of several things of a name, by kind
  downriver show -r sboms dataset:tickets
  # its findings only
  downriver show -r sboms bert --format json | jq .component.findings")]
pub(super) struct Show {
    /// Which component: an id, digest, purl, name or name@version
    selector: String,

    #[command(flatten)]
    repository: Repository,
}

impl Show {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let session = Session::open(&self.repository)?;
        let component = session.one(&self.selector)?;
        let (graph, paint) = (&session.graph, session.paint);
        let deploys = deploys::deploys(graph);
        let stated = facts::facts(graph, component, |file| again::documents(&session.source, file));
        Ok(session::answer(session.exit(false), |out| match session.form {
            Form::Json => json::show::show(out, graph, &deploys, component, &stated),
            Form::Text => text::show::show(out, graph, &deploys, component, &stated, paint),
        }))
    }
}
