//! What is known of the journal, and how entries that others write come to be seen.
//!
//! Invariant: nothing looks recorded that the journal does not hold; what it holds is told whole, by one message.
//! Absent on purpose: the disk, the lock and the clock (`runtime`).

use crate::app::App;
use crate::app::Popup;
use crate::app::Screen;
use crate::incident::book;
use crate::incident::book::Book;
use crate::incident::book::By;
use crate::incident::journal::Entry;
use crate::incident::journal::body::Body;
use crate::incident::words;
use crate::model::moment::Moment;
use crate::store::journal::Home;
use std::path::PathBuf;
use std::sync::Arc;

/// A journal as it was read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// Where it is, escaped.
    pub path: String,
    /// The same, to be opened.
    pub file: PathBuf,
    /// In whose folder; `None` where no journal could be read.
    pub home: Option<Home>,
    pub entries: Arc<[Entry]>,
    /// By entry: its line.
    pub lines: Vec<usize>,
    /// By entry: the position of the undo that makes it count no more.
    pub undone: Vec<Option<usize>>,
    pub book: Book,
    /// This user accepted or began it.
    pub accepted: bool,
    /// Its decisions count.
    pub believed: bool,
    /// Nothing is wrong with what was recorded.
    pub sound: bool,
    /// What is wrong with it, with the line; safe to print.
    pub faults: Vec<(usize, String)>,
    /// Why it cannot be read, escaped.
    pub unreadable: Option<String>,
    /// What else a person should know, escaped.
    pub notes: Vec<String>,
    /// Who records here.
    pub actor: String,
    /// When it was read.
    pub now: Option<Moment>,
}

/// What came of a wish.
#[derive(Debug)]
pub(crate) struct Recorded {
    pub ticket: u64,
    /// As it is now.
    pub journal: Arc<Known>,
    pub outcome: Outcome,
}

/// How a wish ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is the entry of this number, which is synced.
    Entry(u64),
    /// An open incident asks just this already.
    Same {
        incident: String,
        opened: By,
    },
    /// There is nothing to record, for a reason that is safe to print.
    Refused(String),
    Failed(Failure),
}

/// Why nothing was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// Safe to print.
    pub cause: String,
    /// What to do about it.
    pub hint: &'static str,
    pub time: Option<Moment>,
}

impl Known {
    /// What these entries mean together.
    pub(crate) fn new(entries: Arc<[Entry]>, believed: bool) -> Self {
        let (undone, book) = (book::undone(&entries, believed), book::fold(&entries, believed));
        Self { entries, undone, book, believed, ..Self::default() }
    }

    /// An entry by its number.
    pub(crate) fn entry(&self, seq: u64) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.seq == seq)
    }

    /// The decision of whoever records here that another person's entry stands in the place of.
    fn decided_over(&self, entry: &Entry) -> Option<&Entry> {
        let row = |entry: &Entry| match &entry.body {
            Body::Decide(decide) => Some((decide.incident.clone(), decide.deployment.clone())),
            _ => None,
        };
        let about = row(entry).filter(|_| entry.actor != self.actor)?;
        let before =
            self.entries.iter().zip(&self.undone).filter(|(earlier, undone)| earlier.seq < entry.seq && undone.is_none());
        let last = before.map(|(earlier, _)| earlier).rfind(|earlier| row(earlier).as_ref() == Some(&about));
        last.filter(|last| last.actor == self.actor)
    }

    /// `chain verified 03:22 UTC`, or what is wrong with it.
    pub(crate) fn verdict(&self) -> String {
        match (&self.unreadable, self.faults.first(), self.accepted) {
            (Some(_), _, _) if self.now.is_none() => "not read".to_owned(),
            (Some(_), _, _) => format!("not read since {}", self.brief(self.now)),
            (None, Some((line, what)), _) => format!("line {line}: {what}"),
            (None, None, false) => "from the repository, not accepted".to_owned(),
            (None, None, true) => format!("chain verified {}", self.brief(self.now)),
        }
    }

    /// `03:22 UTC`, with the day where that is not today.
    pub(crate) fn brief(&self, time: Option<Moment>) -> String {
        time.map_or_else(String::new, |time| format!("{} UTC", time.brief(self.now.unwrap_or(time))))
    }

    /// What is said of it before anything is recorded.
    fn warning(&self) -> Option<String> {
        if let Some(why) = &self.unreadable {
            return Some(why.clone());
        }
        let faults = self.faults.iter().map(|(line, what)| format!("{}:{line}: {what}", self.path));
        let fault = faults.into_iter().next();
        match (self.sound, self.accepted) {
            (false, _) => fault.map(|fault| format!("{fault}; no decision in it counts   J journal")),
            (true, false) => {
                let path = &self.path;
                Some(format!("{path} came with the repository and decides nothing: `downriver log accept`   J journal"))
            }
            (true, true) => fault,
        }
    }
}

impl App {
    /// The journal, if it was read.
    pub(crate) fn journal(&self) -> Option<&Arc<Known>> {
        self.journal.as_ref()
    }

    /// Takes the journal as it is now, which somebody else may have written in.
    pub(super) fn take_journal(&mut self, known: &Arc<Known>) {
        let before = self.put_journal(known);
        match before {
            None => {
                if let Some(warning) = known.warning() {
                    self.say_error(warning);
                } else if let Some(note) = known.notes.first().filter(|_| self.message.is_none()) {
                    self.say(note.clone());
                }
            }
            Some(before) => self.tell_news(&before, known),
        }
    }

    /// Puts it in the place of the one that was known, which it gives back.
    pub(super) fn put_journal(&mut self, known: &Arc<Known>) -> Option<Arc<Known>> {
        let before = self.journal.replace(Arc::clone(known));
        self.rebuild_incidents();
        self.ask_work();
        if let Screen::Log(log) = &mut self.screen {
            log.rebuild(before.as_deref(), known);
        }
        before
    }

    /// Says what others wrote; the cursor stays where it is.
    fn tell_news(&mut self, before: &Known, known: &Known) {
        let last = before.entries.last().map_or(0, |entry| entry.seq);
        let new: Vec<&Entry> = known.entries.iter().filter(|entry| entry.seq > last).collect();
        let seen = before.entries.last();
        let same = seen.is_none_or(|seen| known.entry(seen.seq).is_some_and(|entry| entry.hash == seen.hash));
        if let Some(warning) = known.warning().filter(|_| before.warning() != known.warning()) {
            self.say_error(warning);
        } else if let (Some(newest), true) = (new.last(), same) {
            let more = if new.len() > 1 { format!("{} new entries, the last: ", new.len()) } else { String::new() };
            let (who, when) = (words::shown(&newest.actor), newest.time.brief(known.now.unwrap_or(newest.time)));
            let over = known.decided_over(newest).map_or_else(String::new, |own| format!(", over yours (#{})", own.seq));
            self.say(format!("{more}{who}, {when}{over}: {}   (journal #{})", words::said(newest), newest.seq));
        } else if !same {
            self.say_error(format!("{} is another journal than before   J journal", known.path));
        }
    }

    /// What the header says of the journal; `None`: nothing.
    pub(crate) fn journal_word(&self) -> Option<(String, bool)> {
        let known = self.journal.as_ref()?;
        if !self.drafts.is_empty() {
            return Some((format!("{} DRAFT", self.drafts.len()), true));
        }
        if self.not_writable || known.unreadable.is_some() {
            return Some(("JOURNAL NOT WRITABLE".to_owned(), true));
        }
        if !known.sound {
            return Some(("JOURNAL BROKEN".to_owned(), true));
        }
        if !known.accepted {
            return Some(("journal not accepted".to_owned(), true));
        }
        match known.home {
            Some(Home::State) => Some(("state journal".to_owned(), false)),
            Some(Home::Repository | Home::Given) | None => None,
        }
    }

    /// Whether something is being recorded whose dialog is still open.
    pub(super) fn is_recording(&self) -> bool {
        let open = self.popup.as_ref().is_some_and(Popup::records);
        self.writing.as_ref().is_some_and(|writing| !writing.aside) && open
    }
}

#[cfg(test)]
mod tests;
