//! `downriver incident list`.

use crate::cli::desk::Desk;
use crate::cli::desk::Which;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::output::json;
use crate::cli::output::text;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::cli::session;
use crate::incident::worklist;
use crate::incident::worklist::Line;
use crate::incident::worklist::Standing;
use clap::Args;

/// List the incidents, and how many deployments stand how in each
///
/// A closed one that is reached again stands as `closed, reached again`. The exit code is 1 where anything is open.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  downriver incident list -r sboms
  # those that are not closed, for a script
  downriver incident list -r sboms --format json |
    jq -r '.incidents[] | select(.state != \"closed\") | .id'")]
pub(super) struct List {
    #[command(flatten)]
    which: Which,

    #[command(flatten)]
    repository: Repository,
}

impl List {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let desk = Desk::open(&self.repository, &self.which)?;
        let book = desk.book();
        let answers = desk.with_world(|world| worklist::answers(&book, world));
        let counted = answers.iter().filter(|answer| matches!(answer.standing(), Standing::Open | Standing::ReachedAgain));
        let open = counted.into_iter().any(|answer| answer.lines.iter().any(Line::is_open));
        let (graph, journal, paint) = (&desk.session.graph, &desk.journal, desk.session.paint);
        Ok(session::answer(desk.session.exit(open), |out| match desk.session.form {
            Form::Json => json::incident::list(out, graph, journal, &answers),
            Form::Text => text::incident::list(out, &answers, desk.now, paint),
        }))
    }
}
