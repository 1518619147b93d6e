//! The journal beside the interface: read at the start and whenever somebody wrote in it, appended to, and held against the
//! files of the repository.
//!
//! Invariant: the interface never waits for the disk or for the lock; it is told what came of a wish, once that is synced.
//! Invariant: nothing is told while nothing has changed.

use crate::app::journal::Failure;
use crate::app::journal::Known;
use crate::app::journal::Outcome;
use crate::app::journal::Recorded;
use crate::app::msg::Msg;
use crate::app::record::Where;
use crate::app::snapshot::Snapshot;
use crate::app::verdict::Held;
use crate::cli;
use crate::graph::Graph;
use crate::incident::book;
use crate::incident::book::Book;
use crate::incident::journal::Draft;
use crate::incident::journal::Unwritable;
use crate::incident::journal::body::Action;
use crate::incident::wish::Now;
use crate::incident::wish::Planned;
use crate::incident::wish::Wish;
use crate::incident::work;
use crate::incident::work::Work;
use crate::incident::worklist;
use crate::load::Source;
use crate::load::again;
use crate::load::evidence::Evidence;
use crate::load::trust;
use crate::model::moment::Moment;
use crate::query::facts;
use crate::runtime::Event;
use crate::store::journal::Home;
use crate::store::journal::Journal;
use crate::store::journal::JournalError;
use crate::store::journal::Memory;
use crate::store::journal::Stamp;
use crate::store::signer::Signer;
use crate::text::Untrusted;
use std::cell::Cell;
use std::env;
use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;
use std::time::Instant;

/// How often it is looked whether others wrote: within a second it is to be on their screens.
const LOOK: Duration = Duration::from_millis(400);
/// The lock of another process is waited for so long before a person is asked what to do.
const PATIENCE: Duration = Duration::from_secs(8);
/// Leaving waits at most so long for what is being recorded.
const LEAVING: Duration = Duration::from_secs(2);
/// How often it is looked at then.
const GLANCE: Duration = Duration::from_millis(5);

/// Which journal, and who writes in it.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub source: Source,
    /// The journal, where it is not the repository's own.
    pub given: Option<PathBuf>,
    pub actor: String,
    /// The key with which entries are signed.
    pub sign: Option<PathBuf>,
    /// What time it is, instead of asking the clock.
    pub now: Option<Moment>,
}

/// What is asked of the thread.
pub(super) enum Request {
    Record { ticket: u64, wish: Box<Wish>, place: Where, data: Arc<Snapshot> },
    Hold { seq: u64, data: Arc<Snapshot>, journal: Arc<Known> },
    Work { seq: u64, incident: String, data: Arc<Snapshot>, journal: Arc<Known> },
}

/// The thread, from outside.
pub(super) struct Keeper {
    requests: Sender<Request>,
    /// Wishes that are not through.
    busy: Arc<AtomicUsize>,
}

impl Keeper {
    /// Starts the thread, which reads the journal at once.
    pub(super) fn start(choice: Choice, sender: Sender<Event>) -> Self {
        let (requests, received) = mpsc::channel();
        let busy = Arc::new(AtomicUsize::new(0));
        let done = Arc::clone(&busy);
        thread::spawn(move || {
            let (told, last) = (String::new(), Arc::default());
            let desk = Desk { choice, sender, opened: None, lost: None, last, told, stamp: None, next: None };
            desk.run(&received, &done);
        });
        Self { requests, busy }
    }

    /// Has something done.
    pub(super) fn ask(&self, request: Request) {
        if let Request::Record { .. } = request {
            self.busy.fetch_add(1, Ordering::AcqRel);
        }
        // The thread ends with the loop only.
        let _ = self.requests.send(request);
    }

    /// Lets what is being recorded be recorded, but nobody waits long.
    pub(super) fn end(&self) {
        let until = Instant::now() + LEAVING;
        while self.busy.load(Ordering::Acquire) > 0 && Instant::now() < until {
            thread::sleep(GLANCE);
        }
    }
}

/// What the thread works with.
struct Desk {
    choice: Choice,
    sender: Sender<Event>,
    opened: Option<Journal>,
    /// One that cannot be read any more, as it was when it was last read.
    lost: Option<Journal>,
    /// What was last read.
    last: Arc<Known>,
    /// Why it could not be opened, when that was last told.
    told: String,
    stamp: Option<Stamp>,
    /// When the next decision ends by its date.
    next: Option<Moment>,
}

impl Desk {
    fn run(mut self, received: &Receiver<Request>, busy: &AtomicUsize) {
        let known = self.read();
        let mut on = self.tell(Msg::Journal(known));
        while on {
            on = match received.recv_timeout(LOOK) {
                Ok(Request::Record { ticket, wish, place, data }) => {
                    let recorded = self.record(ticket, &wish, place, &data.graph);
                    busy.fetch_sub(1, Ordering::AcqRel);
                    self.tell(Msg::Recorded(Box::new(recorded)))
                }
                Ok(Request::Hold { seq, data, journal }) => {
                    let held = self.hold(&journal, &data.graph);
                    self.tell(Msg::Held { seq, held })
                }
                Ok(Request::Work { seq, incident, data, journal }) => {
                    let work = self.work(&journal, &incident, &data.graph).map(Box::new);
                    self.tell(Msg::Work { seq, work })
                }
                Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => false,
            };
        }
    }

    fn tell(&self, msg: Msg) -> bool {
        self.sender.send(Event::App(Box::new(msg))).is_ok()
    }

    fn now(&self) -> Moment {
        self.choice.now.unwrap_or_else(cli::clock)
    }

    /// Tells what others wrote, if they did, and that a decision has ended, if one did.
    fn look(&mut self) -> bool {
        let ended = self.next.is_some_and(|next| self.now() >= next);
        let stamp = self.opened.as_ref().map(Journal::stamp);
        if !ended && stamp == Some(self.stamp) {
            return true;
        }
        let known = self.read();
        let told = known.unreadable.clone().unwrap_or_default();
        // The same trouble is told once.
        if self.opened.is_none() && told == self.told {
            return true;
        }
        self.told = told;
        self.tell(Msg::Journal(known))
    }

    /// Reads the journal; where it cannot be read, that says why.
    fn read(&mut self) -> Arc<Known> {
        self.next = None;
        let read = match self.opened.take() {
            Some(mut journal) => {
                // Looked at before it is read, so that nothing written meanwhile is missed.
                self.stamp = journal.stamp();
                match journal.read_again() {
                    Ok(()) => Ok(journal),
                    Err(error) => {
                        self.lost = Some(journal);
                        Err(error)
                    }
                }
            }
            None => self.open(),
        };
        match read {
            Ok(mut journal) => {
                let known = Arc::new(self.known(&mut journal));
                (self.opened, self.lost, self.last) = (Some(journal), None, Arc::clone(&known));
                known
            }
            Err(error) => Arc::new(self.unreadable(&error)),
        }
    }

    fn open(&mut self) -> Result<Journal, JournalError> {
        let memory = Memory::new(env::var_os("DOWNRIVER_STATE"));
        self.stamp = None;
        Journal::open(&self.choice.source, self.choice.given.as_deref(), memory)
    }

    fn known(&self, journal: &mut Journal) -> Known {
        // Read each time: whom the owner trusts may have changed, too.
        match trust::signers(&self.choice.source) {
            Ok(signers) => journal.trust(signers),
            Err(error) => journal.note(format!("no signature counts: {error}")),
        }
        let notes = journal.take_notes();
        let (entries, believed) = (journal.entries(), journal.is_believed());
        Known {
            path: Untrusted::new(journal.path()).show().into_string(),
            file: PathBuf::from(journal.path()),
            home: Some(journal.home()),
            lines: journal.lines().to_vec(),
            accepted: journal.is_accepted(),
            sound: journal.is_sound(),
            faults: journal.faults().iter().map(|fault| (fault.line, fault.what.to_string())).collect(),
            notes: notes.iter().map(|note| Untrusted::new(note).show().into_string()).collect(),
            actor: self.choice.actor.clone(),
            now: Some(self.now()),
            ..Known::new(entries.into(), believed)
        }
    }

    fn unreadable(&self, error: &JournalError) -> Known {
        let unreadable = Some(format!("{}   {}", cause(error), error.hint()));
        // What was known stays known: an incident does not go away with its journal.
        Known { unreadable, actor: self.choice.actor.clone(), ..(*self.last).clone() }
    }

    /// Records what a person wants, and says what came of it.
    fn record(&mut self, ticket: u64, wish: &Wish, place: Where, graph: &Graph) -> Recorded {
        let outcome = self.append(ticket, wish, place, graph).unwrap_or_else(|error| {
            Outcome::Failed(Failure { cause: cause(&error), hint: error.hint(), time: Some(self.now()) })
        });
        let failed = matches!(outcome, Outcome::Failed(_));
        let journal = match &mut self.opened {
            // As it was synced, without a look at what others did since: that is told by itself.
            Some(journal) if !failed => {
                let stamp = journal.stamp();
                let mut journal = self.opened.take();
                let known = journal.as_mut().map(|journal| self.known(journal)).unwrap_or_default();
                (self.opened, self.stamp, self.next, self.last) = (journal, stamp, None, Arc::new(known));
                Arc::clone(&self.last)
            }
            Some(_) | None => self.read(),
        };
        Recorded { ticket, journal, outcome }
    }

    fn append(&mut self, ticket: u64, wish: &Wish, place: Where, graph: &Graph) -> Result<Outcome, JournalError> {
        // Read before the lock is taken: it may take a while.
        let evidence = Evidence::new(&self.choice.source, graph);
        let repository = evidence.repository(graph);
        let mut journal = match (self.opened.take(), place) {
            (Some(journal), _) => journal,
            (None, Where::Here) => self.open()?,
            (None, Where::StateFolder) => match self.lost.take() {
                Some(lost) => lost,
                None => Journal::at_home(&self.choice.source, Memory::new(env::var_os("DOWNRIVER_STATE")))?,
            },
        };
        journal.wait_at_most(PATIENCE);
        let signer = self.choice.sign.as_deref().map(Signer::open).transpose();
        let signer = signer.map_err(|error| JournalError::Unwritable(Unwritable::NotSigned(error.to_string())));
        let moved = match place {
            Where::StateFolder if journal.home() != Home::State => journal.move_home(&self.choice.source),
            Where::StateFolder | Where::Here => Ok(()),
        };
        let (now, actor) = (self.now(), self.choice.actor.clone());
        let outcome = Cell::new(Outcome::Refused(String::new()));
        let waits = || {
            self.tell(Msg::LockIsHeld(ticket));
        };
        let recorded = moved.and(signer).and_then(|signer| {
            if let Some(signer) = signer {
                journal.sign_with(signer);
            }
            journal.record(&waits, |journal| {
                let (entries, believed) = (journal.entries(), journal.is_believed());
                let (book, undone) = (book::fold(entries, believed), book::undone(entries, believed));
                let planned = evidence
                    .with_world(graph, now, |world| wish.plan(&Now { book: &book, entries, undone: &undone, world }, &actor));
                match planned {
                    Ok(Planned::Entries(bodies)) => {
                        let draft = |body| Draft { time: now, actor: actor.clone(), body, repository: repository.clone() };
                        bodies.into_iter().map(draft).collect()
                    }
                    Ok(Planned::Same { incident, opened }) => {
                        outcome.set(Outcome::Same { incident, opened });
                        Vec::new()
                    }
                    Err(refusal) => {
                        outcome.set(Outcome::Refused(refusal.to_string()));
                        Vec::new()
                    }
                }
            })
        });
        let seq = journal.head().map_or(0, |head| head.seq);
        self.opened = Some(journal);
        Ok(if recorded? > 0 { Outcome::Entry(seq) } else { outcome.into_inner() })
    }

    /// How the rows of an incident stand in a graph.
    fn work(&mut self, known: &Known, incident: &str, graph: &Graph) -> Option<Work> {
        let now = self.now();
        let read = |file: &str| again::documents(&self.choice.source, file);
        let of = |id| facts::facts(graph, id, read);
        let evidence = Evidence::new(&self.choice.source, graph);
        let work = evidence.with_world(graph, now, |world| work::work(&known.book, incident, world, &of));
        let due = work.as_ref().and_then(|work| work.next);
        self.next = [self.next, due].into_iter().flatten().min();
        work
    }

    /// What the decisions of a journal come to in a graph.
    fn hold(&mut self, known: &Known, graph: &Graph) -> Held {
        let now = self.now();
        let cases = known.book.cases.iter().filter(|case| case.is_open()).cloned().collect();
        let book = Book { cases };
        let evidence = Evidence::new(&self.choice.source, graph);
        let held = evidence.with_world(graph, now, |world| Held::of(graph, &worklist::answers(&book, world)));
        let accepted = book.cases.iter().flat_map(|case| case.rows.values()).filter_map(|row| row.decisions.last());
        let ends = accepted.filter_map(|decision| match &decision.action {
            Action::Accept { ends, .. } => Some(ends.moment()),
            _ => None,
        });
        self.next = ends.filter(|end| *end > now).min();
        held
    }
}

/// An error with what caused it; safe to print.
fn cause(error: &JournalError) -> String {
    let mut message = error.to_string();
    if let Some(source) = error.source() {
        message = format!("{message}: {source}");
    }
    let message = message.strip_prefix("nothing was recorded: ").unwrap_or(&message);
    Untrusted::new(message).show().into_string()
}
