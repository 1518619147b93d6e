//! `downriver search`: components by any part of what they are called.

use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::list;
use crate::cli::messages;
use crate::cli::output::json;
use crate::cli::output::text;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::cli::session;
use crate::cli::session::Session;
use crate::model::kind::Kind;
use crate::query::deploys;
use crate::query::order::Order;
use crate::query::search::Query;
use crate::query::search::admit::Kinds;
use crate::query::search::finder::Finder;
use crate::query::search::hits::Where;
use crate::query::search::index::Index;
use crate::text::Untrusted;
use clap::Args;
use std::sync::Arc;

/// Search by name, id, other name, purl, digest, owner or file
///
/// Letters may have gaps between them; blanks part terms that must all match; capitals count once one is typed. Exact matches
/// come first, then beginnings, beginnings of words, runs of letters, letters with gaps; among equals, what more deployments
/// hang on.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  # gpt-j-6B, and what is called like it
  downriver search -r sboms gptj6
  # both terms must match
  downriver search -r sboms 'care chat'
  # part of a digest
  downriver search -r sboms 5f1c09a7
  # filters: kind:, owner:, file:
  downriver search -r sboms 'torch kind:package'")]
pub(super) struct Search {
    /// What to look for
    query: String,

    /// Components of one kind only
    #[arg(long, value_name = "KIND", value_parser = list::kind())]
    kind: Option<Kind>,

    #[command(flatten)]
    repository: Repository,
}

impl Search {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let session = Session::open(&self.repository)?;
        let (graph, paint) = (&session.graph, session.paint);
        let deploys = deploys::deploys(graph);
        let mut query = Query::parse(&self.query);
        query.kind = self.kind.or(query.kind);
        // States come with marks, and a search has none.
        let index = Arc::new(Index::new(graph, Arc::new(Order::new(graph, &deploys))));
        let within = Where { kinds: Kinds::ALL, everywhere: true };
        let hits = Finder::new(graph, &index, query, within, &|_| None, None).finish().all(graph);
        if hits.is_empty() {
            messages::note(&format!("nothing is called like `{}`", Untrusted::new(&self.query).show()));
        }
        Ok(session::answer(session.exit(false), |out| match session.form {
            Form::Json => json::search::search(out, graph, &hits),
            Form::Text => text::list::hits(out, graph, &deploys, &hits, paint),
        }))
    }
}
