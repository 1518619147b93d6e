//! `downriver incident undo`.

use crate::cli::desk::Desk;
use crate::cli::desk::Who;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::incident::recorded;
use crate::cli::repository::Repository;
use crate::incident::book;
use crate::incident::wish;
use crate::incident::wish::Now;
use crate::incident::wish::Planned;
use crate::incident::wish::Refusal;
use crate::incident::wish::Wish;
use clap::Args;

/// Take back an entry: yours, or with a reason another person's
///
/// Nothing is removed; that an entry counts no more is one more entry. Taking that one back makes the first count again.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  # your own latest entry
  downriver incident undo -r sboms
  # one by its number in `downriver log`
  downriver incident undo -r sboms 4 --reason 'wrong cluster'")]
pub(super) struct Undo {
    /// Number of the entry; without it, the latest of yours that counts
    entry: Option<u64>,

    /// Why; needed for another person's entry
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    #[command(flatten)]
    who: Who,

    #[command(flatten)]
    repository: Repository,
}

impl Undo {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let mut desk = Desk::open(&self.repository, &self.who.which)?;
        let actor = self.who.actor()?;
        let mut incident = None;
        let entries = desk.record(&self.who, |book, entries, world| {
            // Nothing is recorded in a journal that is not believed.
            let undone = book::undone(entries, true);
            let latest = || wish::latest(entries, &undone, &actor).map(|entry| entry.seq);
            let missing = |what| {
                let failure = Failure::new(Exit::NoSuchReference, what);
                failure.hint(Some("`downriver log` lists them".to_owned()))
            };
            let entry = self.entry.or_else(latest).ok_or_else(|| missing("no entry of yours that counts"))?;
            let known = entries.iter().find(|known| known.seq == entry).ok_or_else(|| missing("no such entry"))?;
            let wish = Wish::Undo { entry, reason: self.reason.clone() };
            let planned = wish.plan(&Now { book, entries, undone: &undone, world }, &actor).map_err(|refusal| {
                let reason = matches!(refusal, Refusal::NoReason { .. });
                let hint = reason.then(|| "say why it is taken back: `--reason TEXT`".to_owned());
                Failure::new(Exit::Usage, refusal.to_string()).hint(hint)
            })?;
            incident = wish::about(entries, known).map(str::to_owned);
            Ok(match planned {
                Planned::Entries(bodies) => bodies,
                Planned::Same { .. } => Vec::new(),
            })
        })?;
        Ok(recorded(&desk, incident.as_deref(), &entries))
    }
}
