//! `downriver log`: the journal as it was written, whether it is whole, and whose it is.

mod bundle;
mod export;

use crate::cli::desk;
use crate::cli::desk::Which;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::output::json;
use crate::cli::output::text;
use crate::cli::output::text::paint::Paint;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::cli::session;
use crate::incident::book;
use crate::incident::journal::Head;
use crate::store::journal::Journal;
use crate::text::Untrusted;
use clap::Args;
use clap::Subcommand;
use std::io;
use std::path::PathBuf;

/// Show the journal: every mark and decision, in the order in which it was recorded
///
/// The order is that of the numbers, whatever the clocks said. An actor is a claim, unless the entry is signed by a key that
/// `trust.signers` of downriver.yaml names. What is wrong with the journal is named;
/// then no decision in it counts.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_long_help = "\
Examples:
  downriver log -r sboms
  # the last entry, to be kept elsewhere
  downriver log -r sboms --head
  # whether anything was changed, removed or cut off since
  downriver log verify -r sboms --head 12:<64 hex digits>
  # what one person did
  downriver log -r sboms --format json |
    jq -r '.entries[] | select(.actor == \"oncall\") | .kind'"
)]
pub(super) struct Log {
    #[command(subcommand)]
    command: Option<Command>,

    /// The number and hash of the last entry only
    #[arg(long)]
    head: bool,

    #[command(flatten)]
    which: Which,

    #[command(flatten)]
    repository: Repository,
}

#[derive(Debug, Subcommand)]
enum Command {
    Verify(Verify),
    Accept(Accept),
    Bundle(bundle::Bundle),
    Export(export::Export),
}

/// Check that nothing in the journal was changed, removed, reordered or cut off
///
/// A cut-off end, or an old copy put back, is seen by whoever saw more: this account remembers the last entry it saw, and
/// `--head` takes one that somebody else kept. Signatures are held against the keys that `trust.signers` of the repository's
/// downriver.yaml names, at the time of their entries. The exit code is 1 where anything is wrong, or a signature is not good.
///
/// Given a folder that `log bundle` wrote, it checks that instead: every file against `SHA256SUMS`, and the chain of its slice
/// of the journal, and the signature of its sums, by the keys that this repository (`-r`) trusts, not those in the bundle.
/// Whoever can write all of it can write the sums anew: a signature, or a head that was kept elsewhere, shows that.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  downriver log verify -r sboms
  # against a head from a report
  downriver log verify -r sboms --head 12:<64 hex digits>
  # a bundle that was handed on
  downriver log verify INC-1-bundle")]
struct Verify {
    /// A folder that `log bundle` wrote, instead of the repository's journal
    #[arg(value_name = "BUNDLE", conflicts_with = "journal")]
    bundle: Option<PathBuf>,

    /// A last entry that was seen: its number and hash, as `log --head` prints them
    #[arg(long, value_name = "SEQ:HASH", value_parser = head)]
    head: Option<Head>,

    #[command(flatten)]
    which: Which,

    #[command(flatten)]
    repository: Repository,
}

/// Make the journal that came with the repository yours: from now on its decisions count
///
/// Once is enough. It also goes on from what is there after entries that were seen before are gone; look first.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  downriver log -r sboms
  downriver log accept -r sboms")]
struct Accept {
    #[command(flatten)]
    which: Which,

    #[command(flatten)]
    repository: Repository,
}

impl Log {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        match self.command {
            Some(Command::Verify(verify)) => verify.run(),
            Some(Command::Accept(accept)) => accept.run(),
            Some(Command::Bundle(bundle)) => bundle.run(),
            Some(Command::Export(export)) => export.run(),
            None => {
                let journal = self.which.open(&desk::source(&self.repository)?)?;
                let exit = exit(&journal);
                if self.head {
                    let Some(head) = journal.head() else {
                        return Err(Failure::new(Exit::NoSuchReference, "the journal has no entry yet"));
                    };
                    return Ok(session::answer(exit, |out| writeln!(out, "{head}")));
                }
                let undone = book::undone(journal.entries(), journal.is_believed());
                let paint = Paint::new(self.repository.color.applies_to(&io::stdout()));
                Ok(session::answer(exit, |out| match self.repository.format {
                    Form::Json => json::log::log(out, &journal, &undone),
                    Form::Text => text::log::log(out, &journal, &undone, paint),
                }))
            }
        }
    }
}

impl Verify {
    fn run(self) -> Result<Exit, Failure> {
        if let Some(folder) = &self.bundle {
            return bundle::verify(folder, self.head, &self.which, &self.repository);
        }
        let mut journal = self.which.open(&desk::source(&self.repository)?)?;
        if let Some(head) = self.head {
            journal.compare(head);
        }
        Ok(answer(exit(&journal), self.repository.format, &journal))
    }
}

impl Accept {
    fn run(self) -> Result<Exit, Failure> {
        let mut journal = self.which.open(&desk::source(&self.repository)?)?;
        journal.accept().map_err(|error| desk::failed(&error))?;
        Ok(answer(Exit::Done, self.repository.format, &journal))
    }
}

/// How to leave: with findings where something is wrong with the journal, or a signature in it is not good.
fn exit(journal: &Journal) -> Exit {
    let whole = journal.faults().is_empty() && journal.not_good().next().is_none();
    if whole { Exit::Done } else { Exit::Findings }
}

fn answer(exit: Exit, form: Form, journal: &Journal) -> Exit {
    session::answer(exit, |out| match form {
        Form::Json => json::log::verify(out, journal),
        Form::Text => text::log::verify(out, journal),
    })
}

fn head(written: &str) -> Result<Head, String> {
    Head::parse(written).ok_or_else(|| {
        let shown = Untrusted::new(written).show();
        format!("`{shown}` is no number and hash, as `downriver log --head` prints them")
    })
}
