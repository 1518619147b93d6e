//! `downriver incident`: what is done about a compromise, from opening to closing; one file a command.

mod act;
mod close;
mod given;
mod handover;
mod list;
mod open;
mod say;
mod show;
mod tickets;
mod undo;

use crate::cli::desk::Desk;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::output::json;
use crate::cli::output::text;
use crate::cli::repository::Form;
use crate::cli::session;
use crate::incident::journal::Entry;
use clap::Args;
use clap::Subcommand;

/// Work off a compromise: open an incident, decide about each deployment, close it
///
/// Everything is an entry of the repository's journal, which only grows; `downriver log` shows it. An entry is recorded when
/// the command says so. A deployment is CONTAINED only by a decision with a person's name that still stands; it ends by its
/// date, by `undo`, by an inventory that contradicts it, when what it was decided of changes, or when the incident grows
/// over it: then the row is open again and says why.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  # open one, and see what is to be done
  downriver incident open -r sboms 'EleuterAI/gpt-j-6B'
  downriver incident show -r sboms INC-1
  # decide about one deployment
  downriver incident act -r sboms INC-1 chat@production rollback \\
    --to chat-v2.2.1
  # the same for all that a team has in production
  downriver incident act -r sboms INC-1 \\
    --filter 'owner:care env:prod*' quarantine --yes")]
pub(super) struct Incident {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Open(open::Open),
    List(list::List),
    Show(show::Show),
    Act(Box<act::Act>),
    Note(say::Note),
    Assign(say::Assign),
    Take(say::Take),
    Link(say::Link),
    Undo(undo::Undo),
    Close(close::Close),
    Handover(handover::Handover),
    Tickets(tickets::Tickets),
    Page(tickets::Page),
}

impl Incident {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        match self.command {
            Command::Open(open) => open.run(),
            Command::List(list) => list.run(),
            Command::Show(show) => show.run(),
            Command::Act(act) => act.run(),
            Command::Note(note) => note.run(),
            Command::Assign(assign) => assign.run(),
            Command::Take(take) => take.run(),
            Command::Link(link) => link.run(),
            Command::Undo(undo) => undo.run(),
            Command::Close(close) => close.run(),
            Command::Handover(handover) => handover.run(),
            Command::Tickets(tickets) => tickets.run(),
            Command::Page(page) => page.run(),
        }
    }
}

/// Tells that entries were recorded: there is nothing more to find, so the exit code is 0.
fn recorded(desk: &Desk, incident: Option<&str>, entries: &[Entry]) -> Exit {
    let (graph, journal) = (&desk.session.graph, &desk.journal);
    session::answer(Exit::Done, |out| match desk.session.form {
        Form::Json => json::recorded::recorded(out, graph, journal, incident, entries),
        Form::Text => text::recorded::recorded(out, graph, desk.now, entries),
    })
}
