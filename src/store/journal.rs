//! The journal on disk: found, read, and appended to so that what is acknowledged stays (design.md section 6, threats.md J).
//!
//! Invariant: an entry is acknowledged only when its whole line and, where the file is new, its folders are synced.
//! Invariant: the file only grows, but for a torn tail, which is kept in a file beside it before it is cut off.
//! Invariant: nothing is recorded in a journal that nobody here accepted, or that something is wrong with.
//! Absent on purpose: what entries mean (`incident`), the clock.

mod disk;
mod memory;
mod place;

pub(crate) use memory::Memory;
pub(crate) use place::Home;

use crate::incident::journal;
use crate::incident::journal::Draft;
use crate::incident::journal::Entry;
use crate::incident::journal::Hash;
use crate::incident::journal::Head;
use crate::incident::journal::Unwritable;
use crate::incident::journal::chain;
use crate::incident::journal::chain::Chain;
use crate::incident::journal::chain::Fault;
use crate::load::Source;
use crate::store::journal::disk::Open;
use crate::store::journal::place::Spot;
use crate::store::signer::Signer;
use crate::trust;
use crate::trust::Answer;
use crate::trust::signers::Signers;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::Duration;

/// Why a journal could not be read, or nothing was recorded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JournalError {
    #[error("there is no folder of this user in which a journal could be kept")]
    NoPlace,
    #[error("{path}: not used as a journal: {why}")]
    Refused { path: String, why: &'static str },
    #[error("{path}: cannot be read")]
    Unreadable {
        path: String,
        #[source]
        source: io::Error,
    },
    #[error("nothing was recorded: {path}")]
    NotRecorded {
        path: String,
        #[source]
        source: io::Error,
    },
    #[error("nothing was recorded: {path} is held by another process")]
    Held { path: String },
    #[error("nothing was recorded: the journal {path} came with the repository, and you have not accepted it")]
    NotAccepted { path: String },
    #[error("nothing was recorded: {path}:{}: {}", .fault.line, .fault.what)]
    Broken { path: String, fault: Fault },
    #[error("nothing was recorded: {0}")]
    Unwritable(Unwritable),
}

impl JournalError {
    /// What to do about it.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::NoPlace => "give one with `--journal PATH`",
            Self::Refused { .. } => "remove it, or record elsewhere with `--journal PATH`",
            Self::Unwritable(Unwritable::NotSigned(_)) => "check the key, or that ssh-agent holds it (`ssh-add -l`)",
            Self::Unreadable { .. } | Self::Unwritable(Unwritable::Json(_)) => {
                "check who may read it, or give another with `--journal PATH`"
            }
            Self::NotRecorded { .. } => "make room or check who may write there, or record elsewhere with `--journal PATH`",
            Self::Held { .. } => "end the process that holds it, or record elsewhere with `--journal PATH`",
            Self::NotAccepted { .. } => "look at `downriver log`; if it is yours, `downriver log accept`",
            Self::Broken { fault, .. } if fault.what.can_be_accepted() => {
                "put the missing entries back; or go on from what is there with `downriver log accept`"
            }
            Self::Broken { .. } => "put a whole copy back, or move the file aside and `downriver log accept` a new one",
        }
    }
}

/// What a file was when it was looked at: which one, how long, when it was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp((u64, u64), u64, (i64, i64));

/// A journal that was read.
#[derive(Debug)]
pub(crate) struct Journal {
    spot: Spot,
    memory: Memory,
    chain: Chain,
    accepted: bool,
    /// How long the lock of another process is waited for.
    patience: Duration,
    /// What a person should know: safe to print but for paths, which are as given.
    notes: Vec<String>,
    /// Whose signatures count.
    signers: Signers,
    /// With what new entries are signed.
    signer: Option<Signer>,
}

impl Journal {
    /// Finds and reads the journal of a repository; one that is not there yet is empty.
    pub(crate) fn open(source: &Source, given: Option<&Path>, memory: Memory) -> Result<Self, JournalError> {
        let (spot, note) = Spot::find(source, given, &memory)?;
        Self::at(spot, memory, note.into_iter().collect())
    }

    /// Finds and reads the journal that this user's own folder has, or will have, for a repository.
    pub(crate) fn at_home(source: &Source, memory: Memory) -> Result<Self, JournalError> {
        let spot = Spot::own(source, &memory).ok_or(JournalError::NoPlace)?;
        Self::at(spot, memory, Vec::new())
    }

    fn at(spot: Spot, memory: Memory, notes: Vec<String>) -> Result<Self, JournalError> {
        let signers = Signers::default();
        let mut journal = Self {
            spot,
            memory,
            chain: Chain::default(),
            accepted: false,
            patience: disk::PATIENCE,
            notes,
            signers,
            signer: None,
        };
        journal.read_again()?;
        Ok(journal)
    }

    /// Reads it again where it is.
    pub(crate) fn read_again(&mut self) -> Result<(), JournalError> {
        let bytes = match Open::to_read(&self.spot)? {
            Some(mut open) => open.read_settled()?,
            None => Vec::new(),
        };
        self.take(&bytes);
        if self.is_believed() && self.chain.faults.is_empty() {
            self.remember();
        }
        Ok(())
    }

    /// Something that is another thing when the file has changed; `None` where there is none.
    pub(crate) fn stamp(&self) -> Option<Stamp> {
        let found = std::fs::symlink_metadata(self.spot.key()).ok()?;
        Some(Stamp((found.dev(), found.ino()), found.len(), (found.mtime(), found.mtime_nsec())))
    }

    /// Waits for another process's lock no longer than that.
    pub(crate) fn wait_at_most(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// From now on records in this user's own folder, where all entries so far are taken along. A journal that was begun
    /// there before is gone on with as it is.
    pub(crate) fn move_home(&mut self, source: &Source) -> Result<(), JournalError> {
        let spot = Spot::own(source, &self.memory).ok_or(JournalError::NoPlace)?;
        let lines = if self.is_believed() { self.lines_again()? } else { String::new() };
        let mut open = Open::to_append(&spot, self.patience, &|| {})?;
        if open.read()?.is_empty() && !lines.is_empty() {
            open.append(&lines, false)?;
        }
        drop(open);
        self.spot = spot;
        self.read_again()
    }

    /// Takes in what the file holds, and holds it against what was seen before.
    fn take(&mut self, bytes: &[u8]) {
        self.chain = chain::read(bytes);
        self.chain.judge(&self.signers);
        let path = self.spot.key();
        if let Some((journal, head)) = self.memory.at(&path) {
            self.chain.compare_place(journal, head);
        }
        self.accepted = self.chain.entries.is_empty();
        if let Some(head) = self.chain.id.and_then(|id| self.memory.of(id)) {
            self.accepted = true;
            self.chain.compare(head);
        }
    }

    /// The lines of all entries, written once more, and byte for byte the same.
    fn lines_again(&self) -> Result<String, JournalError> {
        let (mut head, mut text) = (None, String::new());
        for entry in &self.chain.entries {
            let Entry { time, actor, body, repository, signed, .. } = entry.clone();
            let draft = Draft { time, actor, body, repository };
            let again = journal::write_signed(draft, head, |_| Ok(signed.map(|signed| signed.sig)));
            let (again, line) = again.map_err(JournalError::Unwritable)?;
            if again.hash != entry.hash {
                let why = "its entries are spelt as another version does, so that they cannot be taken along";
                return Err(JournalError::Refused { path: self.path().to_owned(), why });
            }
            head = Some(Head { seq: again.seq, hash: again.hash });
            text.push_str(&line);
        }
        Ok(text)
    }

    /// Appends entries under the lock, after what others wrote meanwhile was read. `make` sees the journal as it is then, and
    /// may record nothing. Returns how many entries are new: they are the last ones.
    ///
    /// `waits` is told once where the lock is not to be had at once.
    pub(crate) fn record(&mut self, waits: &dyn Fn(), make: impl FnOnce(&Self) -> Vec<Draft>) -> Result<usize, JournalError> {
        let mut open = Open::to_append(&self.spot, self.patience, waits)?;
        let bytes = open.read()?;
        self.take(&bytes);
        self.may_record()?;
        let drafts = make(self);
        let n = drafts.len();
        if n == 0 {
            return Ok(0);
        }
        let (mut head, mut text, mut entries) = (self.chain.head(), String::new(), Vec::with_capacity(n));
        for draft in drafts {
            let (entry, line) = journal::write_signed(draft, head, |bytes| self.sign(bytes)).map_err(JournalError::Unwritable)?;
            head = Some(Head { seq: entry.seq, hash: entry.hash });
            text.push_str(&line);
            entries.push(entry);
        }
        let torn = bytes.get(self.chain.whole..).unwrap_or_default();
        if let Some(aside) = open.set_aside(self.chain.whole, torn)? {
            let n = torn.len();
            self.notes.push(format!("{n} bytes at the end of the journal were no whole entry; they are kept in {aside}"));
        }
        open.append(&text, self.chain.unended)?;
        for entry in entries {
            self.chain.push(entry, &self.signers);
        }
        self.chain.faults.clear();
        self.accepted = true;
        self.remember();
        Ok(n)
    }

    /// The signature of a line's bytes, where entries are signed here.
    fn sign(&self, bytes: &[u8]) -> Result<Option<String>, String> {
        let signature = self.signer.as_ref().map(|signer| signer.sign(trust::JOURNAL, bytes)).transpose()?;
        Ok(signature.map(|signature| signature.to_line()))
    }

    /// From now on entries that are recorded are signed.
    pub(crate) fn sign_with(&mut self, signer: Signer) {
        self.signer = Some(signer);
    }

    /// Holds all signatures against those who are trusted, now and whenever it is read.
    pub(crate) fn trust(&mut self, signers: Signers) {
        self.chain.judge(&signers);
        self.signers = signers;
    }

    /// Keeps something that a person should know: escaped when it is shown.
    pub(crate) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Entries whose signature is not good, with their lines and why.
    pub(crate) fn not_good(&self) -> impl Iterator<Item = (usize, &Answer, &str)> + Clone {
        self.chain.not_good()
    }

    fn may_record(&self) -> Result<(), JournalError> {
        let path = || self.path().to_owned();
        if let Some(fault) = self.chain.faults.iter().find(|fault| !fault.what.is_harmless()) {
            return Err(JournalError::Broken { path: path(), fault: fault.clone() });
        }
        if self.accepted { Ok(()) } else { Err(JournalError::NotAccepted { path: path() }) }
    }

    /// Makes this user's what is there now: its decisions count from now on, and what was seen before is forgotten.
    ///
    /// Fails where something is wrong with the entries themselves, or where it cannot be remembered.
    pub(crate) fn accept(&mut self) -> Result<(), JournalError> {
        let lasting = |fault: &&Fault| !fault.what.is_harmless() && !fault.what.can_be_accepted();
        if let Some(fault) = self.chain.faults.iter().find(lasting) {
            return Err(JournalError::Broken { path: self.path().to_owned(), fault: fault.clone() });
        }
        let key = self.spot.key();
        let kept = match (self.chain.id, self.chain.head()) {
            (Some(id), Some(head)) => self.memory.keep(&key, id, head),
            _ => self.memory.forget(&key),
        };
        kept.map_err(|source| JournalError::NotRecorded { path: self.memory.shown(), source })?;
        self.accepted = true;
        self.chain.faults.retain(|fault| fault.what.is_harmless());
        Ok(())
    }

    /// Keeps the last entry in this user's own folder, to notice when it is gone.
    fn remember(&mut self) {
        let (Some(id), Some(head)) = (self.chain.id, self.chain.head()) else { return };
        let key = self.spot.key();
        let known = self.memory.of(id);
        // Another process of this user may have seen more meanwhile.
        let more = known.is_some_and(|known| known.seq > head.seq);
        if more || (known == Some(head) && self.memory.at(&key) == Some((id, head))) {
            return;
        }
        if let Err(error) = self.memory.keep(&key, id, head) {
            let folder = self.memory.shown();
            self.notes.push(format!("that this journal was seen could not be remembered in {folder}: {error}"));
        }
    }

    /// Holds the journal against a last entry that somebody else has seen.
    pub(crate) fn compare(&mut self, head: Head) {
        self.chain.compare(head);
    }

    /// Whether its decisions count: this user has accepted or begun it, and nothing is wrong with it.
    pub(crate) fn is_believed(&self) -> bool {
        self.accepted && self.chain.is_sound()
    }

    /// Whether nothing is wrong with what was recorded.
    pub(crate) fn is_sound(&self) -> bool {
        self.chain.is_sound()
    }

    /// Whether this user has accepted or begun it.
    pub(crate) fn is_accepted(&self) -> bool {
        self.accepted
    }

    /// The entries, in the order of the file.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.chain.entries
    }

    /// The lines from the entry `first` to the last one that was read, byte for byte as they stand in the file.
    ///
    /// Entries that others append meanwhile are not among them. Fails where the file no longer holds what was read.
    pub(crate) fn slice(&self, first: u64) -> Result<Vec<u8>, JournalError> {
        let gone = || JournalError::Unreadable { path: self.path().to_owned(), source: io::ErrorKind::InvalidData.into() };
        let bytes = Open::to_read(&self.spot)?.ok_or_else(gone)?.read()?;
        let row = self.entries().iter().position(|entry| entry.seq == first).ok_or_else(gone)?;
        let (from, to) = (self.lines().get(row).ok_or_else(gone)?, self.lines().last().ok_or_else(gone)?);
        let lines = bytes.split_inclusive(|byte| *byte == b'\n').take(*to).skip(from - 1);
        let slice: Vec<u8> = lines.flatten().copied().collect();
        if chain::read(&slice).head() == self.head() { Ok(slice) } else { Err(gone()) }
    }

    /// The lines of the entries.
    pub(crate) fn lines(&self) -> &[usize] {
        &self.chain.lines
    }

    /// What is wrong with it.
    pub(crate) fn faults(&self) -> &[Fault] {
        &self.chain.faults
    }

    /// Its last entry.
    pub(crate) fn head(&self) -> Option<Head> {
        self.chain.head()
    }

    /// What tells it from every other journal.
    pub(crate) fn id(&self) -> Option<Hash> {
        self.chain.id
    }

    /// Where it is, as shown: not escaped.
    pub(crate) fn path(&self) -> &str {
        &self.spot.shown
    }

    /// In whose folder it is.
    pub(crate) fn home(&self) -> Home {
        self.spot.home
    }

    /// What a person should know besides.
    pub(crate) fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }
}

#[cfg(test)]
mod tests;
