//! `downriver incident handover`: one page for whoever comes next.

use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::desk::Which;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::output::markdown;
use crate::cli::repository::Cache;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::cli::repository::When;
use crate::cli::session;
use crate::incident::clocks;
use crate::incident::worklist;
use clap::Args;
use std::path::PathBuf;

/// Write one page of Markdown for whoever takes over
///
/// Where it stands, clocks, what is open by owner, decisions that ended, what was taken back and why, what could not be
/// checked, and the journal's last entry. `incident take` by whoever comes next ends the hand-over.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  downriver incident handover -r sboms INC-1 > handover.md
  # five lines for the channel
  downriver incident handover -r sboms INC-1 --short")]
pub(super) struct Handover {
    /// Which: INC-1
    incident: String,

    /// Five lines only
    #[arg(long)]
    short: bool,

    #[command(flatten)]
    which: Which,

    #[command(flatten)]
    read: Read,
}

/// Where to read from, for a command with a form of its own.
#[derive(Debug, Args)]
#[command(next_help_heading = "Repository and output")]
pub(super) struct Read {
    /// Folder with SBOMs, or one SBOM file; may be given several times
    #[arg(short = 'r', long = "repo", value_name = "PATH")]
    repo: Vec<PathBuf>,

    #[command(flatten)]
    cache: Cache,
}

impl Read {
    /// The same as every command has it.
    pub(super) fn repository(self) -> Repository {
        Repository { repo: self.repo, format: Form::Text, color: When::Never, cache: self.cache }
    }
}

impl Handover {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let desk = Desk::open(&self.read.repository(), &self.which)?;
        let book = desk.book();
        let answers = desk.with_world(|world| worklist::answers(&book, world));
        let answer = desk::answer(&book, &answers, &self.incident)?;
        let graph = &desk.session.graph;
        let clocks = clocks::clocks(answer, &graph.settings().response);
        let page = markdown::handover::Page { graph, journal: &desk.journal, answer, clocks: &clocks, now: desk.now };
        Ok(session::answer(Exit::Done, |out| if self.short { page.short(out) } else { page.whole(out) }))
    }
}
