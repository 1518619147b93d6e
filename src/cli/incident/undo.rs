//! `downriver incident undo`.

use crate::cli::desk::Desk;
use crate::cli::desk::Who;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::incident::recorded;
use crate::cli::repository::Repository;
use crate::incident::book;
use crate::incident::journal::Entry;
use crate::incident::journal::body;
use crate::incident::journal::body::Body;
use crate::text::Untrusted;
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
        let entries = desk.record(&self.who, |_, entries, _| {
            // Nothing is recorded in a journal that is not believed.
            let undone = book::undone(entries, true);
            let counts = |row: usize| undone.get(row).copied().flatten().is_none();
            let row = match self.entry {
                Some(seq) => entries.iter().position(|entry| entry.seq == seq),
                None => (0..entries.len()).rev().find(|row| {
                    let own = entries.get(*row).filter(|entry| entry.actor == actor);
                    own.is_some_and(|entry| !matches!(entry.body, Body::Undo(_))) && counts(*row)
                }),
            };
            let Some((row, entry)) = row.and_then(|row| Some((row, entries.get(row)?))) else {
                let what = if self.entry.is_some() { "no such entry" } else { "no entry of yours that counts" };
                let failure = Failure::new(Exit::NoSuchReference, what);
                return Err(failure.hint(Some("`downriver log` lists them".to_owned())));
            };
            self.may(entry, &actor, counts(row))?;
            incident = about(entries, entry).map(str::to_owned);
            Ok(vec![Body::Undo(body::Undo { entry: entry.seq, reason: self.reason.clone() })])
        })?;
        Ok(recorded(&desk, incident.as_deref(), &entries))
    }

    fn may(&self, entry: &Entry, actor: &str, counts: bool) -> Result<(), Failure> {
        let seq = entry.seq;
        if !counts {
            return Err(Failure::new(Exit::Usage, format!("entry {seq} was taken back already")));
        }
        let reason = self.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty());
        if entry.actor != actor && !reason {
            let whose = Untrusted::new(&entry.actor).show();
            let failure = Failure::new(Exit::Usage, format!("entry {seq} is by {whose}"));
            return Err(failure.hint(Some("say why it is taken back: `--reason TEXT`".to_owned())));
        }
        Ok(())
    }
}

/// The incident that an entry is about; an undo is about that of the entry it names.
fn about<'a>(entries: &'a [Entry], mut entry: &'a Entry) -> Option<&'a str> {
    while let Body::Undo(undo) = &entry.body {
        entry = entries.iter().take_while(|earlier| earlier.seq < entry.seq).find(|earlier| earlier.seq == undo.entry)?;
    }
    entry.body.incident()
}
