//! `downriver incident tickets` and `page`: what there is to do, for other people's systems. Nothing is sent.

use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::desk::Which;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::incident::handover::Read;
use crate::cli::messages;
use crate::cli::output::csv;
use crate::cli::output::json;
use crate::cli::output::markdown;
use crate::cli::session;
use crate::incident::book::Book;
use crate::incident::journal::Hash;
use crate::incident::ticket;
use crate::incident::ticket::Per;
use crate::incident::worklist;
use clap::Args;
use clap::ValueEnum;

/// Jira's importer takes no more rows of a file.
const ROWS: usize = 1_500;

/// Write what is to be decided, found out or done as tickets
///
/// CSV that Jira's importer maps as it is. The `External ID` stays the same, so that a second import finds its tickets;
/// `incident link` keeps the number. At most 1,500 rows at a time: `--part` writes the others. Nothing is sent.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  downriver incident tickets -r sboms INC-1 > tickets.csv
  # one for each owner, as a list for a wiki
  downriver incident tickets -r sboms INC-1 --per owner --format md
  # what has changed since entry 12
  downriver incident tickets -r sboms INC-1 --since 12")]
pub(super) struct Tickets {
    /// Which: INC-1
    incident: String,

    /// What one ticket is about
    #[arg(long, value_name = "WHAT", default_value = "deployment")]
    per: Grouping,

    /// Only rows that an entry after this one is about
    #[arg(long, value_name = "SEQ")]
    since: Option<u64>,

    /// Which 1,500 rows, from 1
    #[arg(long, value_name = "N", default_value_t = 1)]
    part: usize,

    /// Form of the answer
    #[arg(long, value_name = "FORM", default_value = "csv")]
    format: Form,

    #[command(flatten)]
    which: Which,

    #[command(flatten)]
    read: Read,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Grouping {
    Deployment,
    Owner,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    Csv,
    /// Markdown
    Md,
    Json,
}

/// Write one page for each owner, as PagerDuty events (v2), one JSON object a line
///
/// `trigger` where something of theirs is open, `resolve` where nothing is any more; the `dedup_key` stays the same. The
/// routing key is left to whoever sends them. Nothing is sent.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  downriver incident page -r sboms INC-1 |
    jq -c '. + {routing_key: env.ROUTING_KEY}'")]
pub(super) struct Page {
    /// Which: INC-1
    incident: String,

    #[command(flatten)]
    which: Which,

    #[command(flatten)]
    read: Read,
}

impl Tickets {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let (desk, book) = opened(self.read, &self.which)?;
        let answers = desk.with_world(|world| worklist::answers(&book, world));
        let (answer, journal) = (desk::answer(&book, &answers, &self.incident)?, id(&desk));
        let per = match self.per {
            Grouping::Deployment => Per::Deployment,
            Grouping::Owner => Per::Owner,
        };
        let graph = &desk.session.graph;
        let tickets = ticket::tickets(graph, journal, answer, per, self.since);
        let parts = tickets.len().div_ceil(ROWS).max(1);
        let Some(part) = self.part.checked_sub(1).filter(|part| *part < parts) else {
            return Err(Failure::new(Exit::Usage, format!("there are {parts} parts")));
        };
        if parts > 1 {
            messages::note(&format!("part {} of {parts}; `--part` writes the others", self.part));
        }
        let from = part * ROWS;
        let tickets = tickets.get(from..tickets.len().min(from + ROWS)).unwrap_or_default();
        Ok(session::answer(Exit::Done, |out| match self.format {
            Form::Csv => csv::tickets(out, answer, tickets),
            Form::Md => markdown::tickets::tickets(out, answer, tickets),
            Form::Json => json::tickets::tickets(out, graph, &desk.journal, answer, tickets),
        }))
    }
}

impl Page {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let (desk, book) = opened(self.read, &self.which)?;
        let answers = desk.with_world(|world| worklist::answers(&book, world));
        let answer = desk::answer(&book, &answers, &self.incident)?;
        let pages = ticket::pages(&desk.session.graph, id(&desk), answer);
        Ok(session::answer(Exit::Done, |out| json::tickets::pages(out, answer, &pages)))
    }
}

fn opened(read: Read, which: &Which) -> Result<(Desk, Book), Failure> {
    let desk = Desk::open(&read.repository(), which)?;
    let book = desk.book();
    Ok((desk, book))
}

/// The journal that keys are of.
fn id(desk: &Desk) -> Hash {
    desk.journal.id().unwrap_or(Hash::NONE)
}
