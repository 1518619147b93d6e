//! A whole journal read from its bytes: the entries, and exactly what is wrong with them.
//!
//! Invariant: entries before the first fault are as they were recorded, in their order, none missing.

use crate::incident::journal::Entry;
use crate::incident::journal::Hash;
use crate::incident::journal::Head;
use crate::incident::journal::line;
use crate::text::Untrusted;
use crate::trust;
use crate::trust::Answer;
use crate::trust::signers::Signers;
use crate::trust::sshsig::Signature;
use rayon::iter::IntoParallelRefMutIterator as _;
use rayon::iter::ParallelIterator as _;
use rustc_hash::FxHashMap;
use std::fmt;

/// Something wrong with a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Of the file, from 1; one more than there are where something after them is missing.
    pub line: usize,
    pub what: What,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// No entry, for the reason given: safe to print.
    NoEntry(String),
    /// The line is not the one that was recorded.
    Changed,
    /// The copy of an advisory in it, of that file, does not have its digest. Safe to print.
    BadCopy(String),
    /// Entries that should stand before it do not.
    Removed { first: u64, last: u64 },
    /// It belongs after the entry in that line.
    Reordered { after: usize },
    /// The same entry stands in that line.
    Repeated { line: usize },
    /// It has the number of another entry, in that line: two journals were mixed, or one was rewritten.
    Forked { line: usize },
    /// It does not follow the entry before it, nor any other.
    Unlinked,
    /// So many bytes at the end, from that offset on, are no whole entry: writing them was interrupted.
    Torn { offset: usize, bytes: usize },
    /// The last entry is whole but for its line feed.
    NoLineEnd,
    /// Entries that were seen before are gone from the end.
    CutOff { seen: Head, last: u64 },
    /// Another entry stands in place of one that was seen before.
    Rewritten { seen: Head },
    /// Another journal than the one that was seen here.
    Replaced { seen: Head },
}

/// A journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Chain {
    /// All that could be read, in the order of the file.
    pub entries: Vec<Entry>,
    /// By entry: its line.
    pub lines: Vec<usize>,
    pub faults: Vec<Fault>,
    /// What tells this journal from every other: the hash of its first line, as that states it. `None` where it has none.
    pub id: Option<Hash>,
    /// How many entries stand before the first fault.
    pub sound: usize,
    /// How many bytes hold whole lines.
    pub whole: usize,
    /// The last line lacks its line feed.
    pub unended: bool,
}

/// What the next line should be.
struct Next {
    seq: u64,
    /// `None` after a line that was changed: then any is believed.
    prev: Option<Hash>,
}

/// Reads a journal. Never fails: an empty file is an empty journal.
pub(crate) fn read(bytes: &[u8]) -> Chain {
    let mut chain = Chain::default();
    let ended = memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1);
    let (lines, tail) = bytes.split_at(ended);
    let unended = line::whole(tail).unwrap_or(0);
    chain.unended = unended > 0;
    chain.whole = ended + unended;
    let last = tail.get(..unended).filter(|line| !line.is_empty());
    let lines = lines.strip_suffix(b"\n").filter(|_| ended > 0).map(|lines| lines.split(|byte| *byte == b'\n'));
    let read: Vec<Result<Entry, line::Fault>> = lines.into_iter().flatten().chain(last).map(line::read).collect();
    let n_lines = read.len();
    chain.link(read);
    if chain.unended {
        chain.faults.push(Fault { line: n_lines, what: What::NoLineEnd });
    }
    if chain.whole < bytes.len() {
        let what = What::Torn { offset: chain.whole, bytes: bytes.len() - chain.whole };
        chain.faults.push(Fault { line: n_lines + 1, what });
    }
    chain
}

impl Chain {
    /// Follows the chain through all lines.
    fn link(&mut self, read: Vec<Result<Entry, line::Fault>>) {
        self.id = match read.first() {
            Some(Ok(Entry { hash, .. }) | Err(line::Fault::Changed(hash))) => Some(*hash),
            Some(Err(line::Fault::Shape(_))) | None => None,
        };
        let mut line_of: FxHashMap<Hash, usize> = FxHashMap::default();
        for (row, entry) in read.iter().enumerate() {
            if let Ok(entry) = entry {
                line_of.entry(entry.hash).or_insert(row + 1);
            }
        }
        let mut line_of_seq: FxHashMap<u64, usize> = FxHashMap::default();
        let mut next = Next { seq: 1, prev: Some(Hash::NONE) };
        self.entries.reserve_exact(read.len());
        for (row, read) in read.into_iter().enumerate() {
            let line = row + 1;
            let what = match &read {
                Ok(entry) => next.judge(entry, line, &line_of, &line_of_seq).or_else(|| bad_copy(entry)),
                Err(line::Fault::Changed(_)) => Some(What::Changed),
                Err(line::Fault::Shape(why)) => Some(What::NoEntry(Untrusted::new(why).show().into_string())),
            };
            self.faults.extend(what.map(|what| Fault { line, what }));
            match read {
                Ok(entry) => {
                    next = Next { seq: entry.seq.saturating_add(1), prev: Some(entry.hash) };
                    line_of_seq.entry(entry.seq).or_insert(line);
                    self.entries.push(entry);
                    self.lines.push(line);
                }
                Err(_) => next = Next { seq: next.seq.saturating_add(1), prev: None },
            }
            if self.faults.is_empty() {
                self.sound = self.entries.len();
            }
        }
    }

    /// Adds an entry that was written after the last one.
    pub(crate) fn push(&mut self, mut entry: Entry, signers: &Signers) {
        entry.judge(signers);
        self.id.get_or_insert(entry.hash);
        self.lines.push(self.lines.last().map_or(1, |line| line + 1));
        self.entries.push(entry);
        self.sound = self.entries.len();
    }

    /// Holds every signature against those who are trusted, at the time that its entry states.
    pub(crate) fn judge(&mut self, signers: &Signers) {
        self.entries.par_iter_mut().for_each(|entry| entry.judge(signers));
    }

    /// Entries whose signature is not good, with their lines and why.
    pub(crate) fn not_good(&self) -> impl Iterator<Item = (usize, &Answer, &str)> + Clone {
        let rows = self.entries.iter().zip(&self.lines);
        rows.filter_map(|(entry, line)| Some((*line, entry.signature(), entry.signature().why()?)))
    }

    /// Whether nothing is wrong with what was recorded; a torn tail never was.
    pub(crate) fn is_sound(&self) -> bool {
        self.faults.iter().all(|fault| fault.what.is_harmless())
    }

    /// The last entry.
    pub(crate) fn head(&self) -> Option<Head> {
        self.entries.last().map(|entry| Head { seq: entry.seq, hash: entry.hash })
    }

    /// Adds what is wrong, given the last entry that was seen at this place at another time, in a journal that may be
    /// another one.
    pub(crate) fn compare_place(&mut self, journal: Hash, seen: Head) {
        match self.id {
            Some(id) if id != journal => self.faults.push(Fault { line: 1, what: What::Replaced { seen } }),
            Some(_) | None => self.compare(seen),
        }
    }

    /// Adds what is wrong, given the last entry that was seen of this journal at another time.
    pub(crate) fn compare(&mut self, seen: Head) {
        let last = self.head().map_or(0, |head| head.seq);
        let same = self.entries.iter().position(|entry| entry.seq == seen.seq);
        let what = match same.and_then(|row| Some((row, self.entries.get(row)?, self.lines.get(row)?))) {
            Some((_, entry, _)) if entry.hash == seen.hash => return,
            Some((row, _, line)) => {
                self.sound = self.sound.min(row);
                Fault { line: *line, what: What::Rewritten { seen } }
            }
            None => Fault { line: self.lines.last().map_or(1, |line| line + 1), what: What::CutOff { seen, last } },
        };
        if !self.faults.contains(&what) {
            self.faults.push(what);
        }
    }
}

fn bad_copy(entry: &Entry) -> Option<What> {
    let copies = entry.body.advisory().map_or(&[][..], |kept| &kept.copies);
    let bad = copies.iter().find(|copy| !copy.is_whole())?;
    Some(What::BadCopy(Untrusted::new(&bad.file).show().into_string()))
}

impl Entry {
    fn judge(&mut self, signers: &Signers) {
        let time = self.time;
        let Some(signed) = &mut self.signed else { return };
        signed.answer = match Signature::line(&signed.sig) {
            Ok(signature) => trust::judge(signers, &signed.bytes, &signature, trust::JOURNAL, time),
            Err(why) => Answer::Bad(why.to_owned()),
        };
    }
}

impl Next {
    fn judge(
        &self,
        entry: &Entry,
        line: usize,
        line_of: &FxHashMap<Hash, usize>,
        line_of_seq: &FxHashMap<u64, usize>,
    ) -> Option<What> {
        if entry.seq == self.seq && self.prev.is_none_or(|prev| prev == entry.prev) {
            return None;
        }
        let first = line_of.get(&entry.hash).copied().unwrap_or(line);
        if first < line {
            return Some(What::Repeated { line: first });
        }
        if let Some(line) = line_of_seq.get(&entry.seq) {
            return Some(What::Forked { line: *line });
        }
        if let Some(after) = line_of.get(&entry.prev).filter(|after| **after + 1 != line) {
            return Some(What::Reordered { after: *after });
        }
        Some(if entry.seq > self.seq { What::Removed { first: self.seq, last: entry.seq - 1 } } else { What::Unlinked })
    }
}

impl What {
    /// Whether it is about what was seen before, not about the entries there are: a person may go on from these.
    pub(crate) fn can_be_accepted(&self) -> bool {
        matches!(self, Self::CutOff { .. } | Self::Rewritten { .. } | Self::Replaced { .. })
    }

    /// Whether no entry that was recorded is touched by it.
    pub(crate) fn is_harmless(&self) -> bool {
        matches!(self, Self::Torn { .. } | Self::NoLineEnd)
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEntry(why) => write!(f, "no entry: {why}"),
            Self::Changed => f.write_str("changed after it was recorded: its bytes do not have its hash"),
            Self::BadCopy(file) => write!(f, "its copy of the advisory {file} does not have the digest that it states"),
            Self::Removed { first, last } if first == last => write!(f, "entry {first} was removed before it"),
            Self::Removed { first, last } => write!(f, "entries {first} to {last} were removed before it"),
            Self::Reordered { after } => write!(f, "out of order: it follows the entry in line {after}"),
            Self::Repeated { line } => write!(f, "the same entry as in line {line}"),
            Self::Forked { line } => write!(f, "another entry with the number of the one in line {line}"),
            Self::Unlinked => f.write_str("follows no entry of this journal"),
            Self::Torn { offset, bytes } => {
                write!(f, "{bytes} bytes from byte {offset} on are no whole entry: recording it was interrupted")
            }
            Self::NoLineEnd => f.write_str("the last entry lacks its line end"),
            Self::CutOff { seen, last } => {
                write!(f, "cut off: entry {} was seen before, and the last one now is {last}", seen.seq)
            }
            Self::Rewritten { seen } => {
                write!(f, "rewritten: entry {} is not the one that was seen before, {}", seen.seq, seen.hash)
            }
            Self::Replaced { seen } => {
                write!(f, "another journal than the one that was seen here, whose last entry was {seen}")
            }
        }
    }
}
