//! `downriver incident show`.

use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::desk::Which;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::incident::given;
use crate::cli::incident::given::Files;
use crate::cli::output::json;
use crate::cli::output::text;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::cli::session;
use crate::incident::clocks;
use crate::incident::worklist;
use crate::incident::worklist::Line;
use crate::incident::worklist::Standing;
use clap::Args;

/// Show one incident: clocks, and every deployment with what was decided of it
///
/// Each advisory that it keeps a copy of is held against the file that it came from and against what `--advisory` gives: a
/// newer version is told with the deployments that it would open and those that it no longer means, which stay as they are.
///
/// The exit code is 1 where a deployment is AFFECTED or POSSIBLE, no decision that stands contains it, and the incident was
/// not closed over it.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  downriver incident show -r sboms INC-1
  # what is open, for a script
  downriver incident show -r sboms INC-1 --format json |
    jq -r '.rows[] | select(.state == \"AFFECTED\") | .deployment'")]
pub(super) struct Show {
    /// Which: INC-1
    incident: String,

    #[command(flatten)]
    advisory: Files,

    #[command(flatten)]
    which: Which,

    #[command(flatten)]
    repository: Repository,
}

impl Show {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let desk = Desk::open(&self.repository, &self.which)?;
        let book = desk.book();
        let answers = desk.with_world(|world| worklist::answers(&book, world));
        let answer = desk::answer(&book, &answers, &self.incident)?;
        let graph = &desk.session.graph;
        let seen = given::seen(&desk, answer, &self.advisory)?;
        let clocks = clocks::clocks(answer, &graph.settings().response);
        let watched = matches!(answer.standing(), Standing::Open | Standing::ReachedAgain);
        let open = watched && answer.lines.iter().any(Line::is_open);
        let (journal, paint) = (&desk.journal, desk.session.paint);
        Ok(session::answer(desk.session.exit(open), |out| match desk.session.form {
            Form::Json => json::incident::show(out, graph, journal, answer, &clocks, &seen),
            Form::Text => {
                text::incident::show(out, graph, journal, answer, &clocks, desk.now, paint)?;
                text::kept::kept(out, answer, &seen, paint)
            }
        }))
    }
}
