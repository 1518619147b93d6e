//! The command line: what was typed, one file a command, and how an answer leaves the program.
//!
//! Invariant: an exit code is decided before the first byte of the answer is written, so a broken pipe changes nothing.
//! Invariant: data goes to stdout, everything else to stderr.
//! Absent on purpose: graph walks and rules (`query`), a terminal that is drawn on (`ui`, `runtime`).

mod advise;
mod check;
mod completions;
mod desk;
mod drill;
mod exit;
mod explore;
mod how;
mod impact;
mod incident;
mod lineage;
mod list;
mod log;
mod man;
mod messages;
mod output;
mod path;
mod plan;
mod rank;
mod repository;
mod search;
mod session;
mod show;

pub(crate) use desk::clock;
pub(crate) use exit::Exit;
pub(crate) use explore::Explore;

use clap::CommandFactory;
use clap::FromArgMatches;
use clap::Parser;
use clap::Subcommand;
use clap::error::ErrorKind;
use std::ffi::OsString;

const ABOUT: &str = "Find what is downstream of a compromised model, dataset or library, how sure that is, and why";

const LONG_ABOUT: &str = "\
Find what is downstream of a compromised model, dataset or library, how sure that is, and why.

Reads a folder of SBOMs (ml_sbom YAML or JSON, CycloneDX 1.2-1.7 JSON, SPDX 2.2/2.3 JSON, SPDX 3.0 JSON-LD, ml_deployments \
inventories), joins what they say into one lineage graph, and opens an explorer on it. Every answer of the explorer can also \
be had by a command, as text or as JSON. Nothing is fetched, and nothing is written but a cache outside the folder and the \
journal of what people decide.";

const AFTER_HELP: &str = "\
Examples:
  # open the explorer on a folder
  downriver sboms
  # the models, most deployments first
  downriver list -r sboms --kind model
  # what a compromise of a model reaches
  downriver impact -r sboms 'EleuterAI/gpt-j-6B'
  # the same for a range of a package, for a pipeline
  downriver impact -r sboms 'torch<2.2' --format json
  # work it off: decide about each deployment, and see what is open
  downriver incident open -r sboms 'EleuterAI/gpt-j-6B'
  downriver incident show -r sboms INC-1
  # open a folder that is called like a command
  downriver ./list

Selectors, as `show`, `lineage`, `path` and `impact` take them:
  NAME                     every version of it
  NAME@VERSION             one version
  sha256:<64 hex digits>   a digest
  pkg:pypi/torch@2.1.0     a purl
  torch>=1.13,<2.2         a range (quote it); VERS after the name:
                           torch@vers:pypi/>=1.13|<2.2
  EleuterAI/*              a glob
  model:NAME               of one kind only; kinds are model, dataset, package,
                           system, code, application, deployment
  An id, as `list` prints it, always means exactly that component.

Exit codes:
  0   done, nothing found
  1   something found: AFFECTED or POSSIBLE, a finding above `note`
  2   wrong usage, or a reference that is ambiguous
  3   nothing found, but part of the input could not be read
  4   no SBOM at all
  5   the reference matches nothing
  70  a bug in downriver";

/// What was typed.
#[derive(Debug, Parser)]
#[command(
    name = "downriver",
    version,
    about = ABOUT,
    long_about = LONG_ABOUT,
    after_long_help = AFTER_HELP,
    after_help = "`--help` says more: examples, selectors, exit codes.",
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    max_term_width = 80
)]
struct Cli {
    #[command(flatten)]
    explore: Explore,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Everything but the explorer; none of these needs a terminal.
#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
    Search(search::Search),
    Show(show::Show),
    Lineage(lineage::Lineage),
    Path(path::Path),
    Impact(impact::Impact),
    Plan(plan::Plan),
    Rank(rank::Rank),
    Drill(drill::Drill),
    Check(check::Check),
    Incident(incident::Incident),
    Log(log::Log),
    Completions(completions::Completions),
    Man(man::Man),
}

/// What remains to be done after the command line is read.
pub(crate) enum Outcome {
    /// Open the explorer.
    Explore(Explore),
    /// A command ran.
    Done(Exit),
}

/// What holds where the command line says nothing.
#[derive(Debug, Default)]
pub(crate) struct Defaults {
    /// Who decides.
    pub actor: Option<String>,
    /// What could not be used of where they come from; safe to print.
    pub notes: Vec<String>,
}

/// Reads the command line and, if it names a command, answers it.
pub(crate) fn run(arguments: impl IntoIterator<Item = OsString>, defaults: &Defaults) -> Outcome {
    let matches = with_defaults(command(), defaults).try_get_matches_from(arguments);
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return Outcome::Done(not_understood(&error)),
    };
    for note in &defaults.notes {
        messages::note(note);
    }
    let Some(command) = cli.command else {
        return match cli.explore.check() {
            Ok(()) => Outcome::Explore(cli.explore),
            Err(failure) => Outcome::Done(messages::fail(&failure)),
        };
    };
    let answered = match command {
        Command::List(list) => list.run(),
        Command::Search(search) => search.run(),
        Command::Show(show) => show.run(),
        Command::Lineage(lineage) => lineage.run(),
        Command::Path(path) => path.run(),
        Command::Impact(impact) => impact.run(),
        Command::Plan(plan) => plan.run(),
        Command::Rank(rank) => rank.run(),
        Command::Drill(drill) => drill.run(),
        Command::Check(check) => check.run(),
        Command::Incident(incident) => incident.run(),
        Command::Log(log) => log.run(),
        Command::Completions(completions) => Ok(completions.run()),
        Command::Man(man) => man.run(),
    };
    Outcome::Done(answered.unwrap_or_else(|failure| messages::fail(&failure)))
}

/// The command line with defaults, which its help then shows.
fn with_defaults(command: clap::Command, defaults: &Defaults) -> clap::Command {
    // Once in the life of the program, which is as long as it is needed.
    let actor: Option<&'static str> = defaults.actor.clone().map(|actor| &*actor.leak());
    if let Some(actor) = actor { with_actor(command, actor) } else { command }
}

fn with_actor(command: clap::Command, actor: &'static str) -> clap::Command {
    let has = command.get_arguments().any(|argument| argument.get_id() == "actor");
    let command = if has { command.mut_arg("actor", |argument| argument.default_value(actor)) } else { command };
    command.mut_subcommands(|command| with_actor(command, actor))
}

/// Prints help or version as asked, or what is wrong with the command line.
fn not_understood(error: &clap::Error) -> Exit {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // A reader that closed the pipe has had its answer.
        let _ = error.print();
        return Exit::Done;
    }
    // The message repeats what was typed, which may have been pasted from a stranger.
    messages::lines(&error.to_string());
    Exit::Usage
}

/// Tells of a bug of ours. What went wrong may quote a document.
pub(crate) fn confess(bug: &str) {
    messages::lines("error: a bug in downriver; no answer was given");
    messages::lines(bug);
}

/// The whole command line as clap knows it, for completions and manual pages.
fn command() -> clap::Command {
    Cli::command()
}
