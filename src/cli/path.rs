//! `downriver path`: why one component is downstream of another.

use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::how;
use crate::cli::output::json;
use crate::cli::output::text;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::cli::session;
use crate::cli::session::Session;
use crate::model::hazard::Hazard;
use crate::query::path;
use clap::Args;

/// Show why one component is downstream of another
///
/// Paths with every link, its evidence, and the file and line that state it. The best path comes first: fewest weak links, then the shortest. No component stands twice in a path.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  downriver path -r sboms bert support-chat-v2.3.0@production
  # only links that a vulnerable library is carried over
  downriver path -r sboms torch@2.1.0 kb-search-v5.2.0 --hazard vulnerable
  # the best path, for a program
  downriver path -r sboms bert chat@production --limit 1 --format json")]
pub(super) struct Path {
    /// Upstream end: one component, by id, digest, purl, name or name@version
    #[arg(value_name = "FROM")]
    from: String,

    /// Downstream end: one component
    #[arg(value_name = "TO")]
    to: String,

    /// Only links that this hazard follows, instead of all
    #[arg(long, value_name = "HAZARD", value_parser = how::hazard())]
    hazard: Option<Hazard>,

    /// At most this many paths
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..))]
    limit: u16,

    #[command(flatten)]
    repository: Repository,
}

impl Path {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let session = Session::open(&self.repository)?;
        let (graph, paint) = (&session.graph, session.paint);
        let (from, to) = (session.one(&self.from)?, session.one(&self.to)?);
        let paths = path::paths(graph, from, to, self.hazard, usize::from(self.limit));
        Ok(session::answer(session.exit(false), |out| match session.form {
            Form::Json => json::path::paths(out, graph, &paths),
            Form::Text => text::path::paths(out, graph, (from, to), &paths, paint),
        }))
    }
}
