//! `downriver lineage`: what one component is made of, and what is made with it.

use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::output::json;
use crate::cli::output::text;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::cli::session;
use crate::cli::session::Session;
use crate::query::lineage;
use clap::Args;

/// Draw what a component is made of, and what is made with it
///
/// A tree of facts, whatever the hazard. Both ways unless one is asked for. A component that is met again is named once more but not opened again.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  # both ways
  downriver lineage -r sboms support-chat-v2.3.0
  # what it is made of
  downriver lineage -r sboms support-chat-v2.3.0 --up
  # what uses it directly
  downriver lineage -r sboms torch@2.1.0 --down --depth 1

Each row has the evidence that joined it:
  ==  digest, or stated by a document of its own subject
  --  exact identifier, or name and version
  ..  name only
  !=  the name says yes, the digests contradict")]
pub(super) struct Lineage {
    /// Which component: an id, digest, purl, name or name@version
    selector: String,

    /// What it is made of
    #[arg(long)]
    up: bool,

    /// What is made with it
    #[arg(long)]
    down: bool,

    /// At most this many links away
    #[arg(long, value_name = "N")]
    depth: Option<u32>,

    #[command(flatten)]
    repository: Repository,
}

impl Lineage {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let session = Session::open(&self.repository)?;
        let root = session.one(&self.selector)?;
        let (graph, paint) = (&session.graph, session.paint);
        let both = self.up == self.down;
        let (up, down) = (both || self.up, both || self.down);
        let lineage = lineage::lineage(graph, root, up, down, self.depth);
        Ok(session::answer(session.exit(false), |out| match session.form {
            Form::Json => json::lineage::lineage(out, graph, root, &lineage),
            Form::Text => text::lineage::lineage(out, graph, root, &lineage, (up, down), paint),
        }))
    }
}
