//! Reading a repository beside the interface: progress, then snapshots of what is there, then all of it.

use crate::app::loading::Progress;
use crate::app::msg::Msg;
use crate::app::snapshot::Snapshot;
use crate::graph;
use crate::graph::Input;
use crate::load;
use crate::load::LoadedFile;
use crate::load::Source;
use crate::model::document::Document;
use crate::model::finding::Finding;
use crate::runtime::End;
use crate::runtime::Event;
use crate::text::Untrusted;
use std::panic;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

/// Why a repository is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    First,
    /// A file was edited: what is shown stays until all is read.
    Again,
}

/// News come at most so often.
const PACE: Duration = Duration::from_millis(250);
/// Building what is there already may take this part of the time.
const SHARE: u32 = 10;
/// So many documents are shown before all are read: more would cost more than they tell.
const PARTIAL: usize = 5_000;

/// Starts a thread that reads.
pub(super) fn start(source: Source, why: Why, events: Sender<Event>) {
    thread::spawn(move || {
        let read = panic::catch_unwind(AssertUnwindSafe(|| read(&source, why, &events)));
        // Nobody listens any more only when the session has ended.
        let _ = events.send(read.unwrap_or(Event::End(End::Bug)));
    });
}

fn read(source: &Source, why: Why, events: &Sender<Event>) -> Event {
    let news = Mutex::new(News::new(Instant::now()));
    let lock = || news.lock().unwrap_or_else(PoisonError::into_inner);
    let on_event = |event: load::Event<'_>| {
        if why == Why::Again {
            return;
        }
        let (msg, partial) = {
            let mut news = lock();
            (news.take(&event, Instant::now()), news.partial(Instant::now()))
        };
        if let Some(msg) = msg {
            let _ = events.send(Event::Msg(msg));
        }
        if let Some(documents) = partial {
            let begun = Instant::now();
            let input = Input { documents, ..Input::default() };
            let snapshot = Arc::new(Snapshot::new(graph::build(input), false));
            let _ = events.send(Event::Msg(Msg::Data { snapshot, done: false }));
            lock().built(begun, Instant::now());
        }
    };
    match load::load(source, &AtomicBool::new(false), &on_event) {
        Ok(loaded) if why == Why::First && loaded.input.documents.is_empty() && loaded.input.problems.is_empty() => {
            Event::End(End::NoSbom)
        }
        Ok(loaded) => {
            let snapshot = Arc::new(Snapshot::new(graph::build(loaded.input), true));
            Event::Msg(Msg::Data { snapshot, done: true })
        }
        Err(error) if why == Why::First => Event::End(End::Refused(error.to_string(), error.hint().to_owned())),
        Err(error) => Event::Msg(Msg::NotRead(error.to_string())),
    }
}

/// What was read, and when the person was last told.
struct News {
    begun: Instant,
    told: Instant,
    next_partial: Instant,
    building: bool,
    progress: Progress,
    documents: Vec<(String, Document)>,
}

impl News {
    fn new(now: Instant) -> Self {
        let progress = Progress::default();
        Self { begun: now, told: now, next_partial: now + PACE, building: false, progress, documents: Vec::new() }
    }

    /// Takes note of an event; the message, if it is time for one or a file could not be read.
    fn take(&mut self, event: &load::Event<'_>, now: Instant) -> Option<Msg> {
        let mut urgent = false;
        match event {
            load::Event::Scanned { files, bytes } => {
                self.progress.files = Some(*files);
                self.progress.all_bytes = Some(*bytes);
                urgent = true;
            }
            load::Event::Read(file) => {
                self.progress.read += 1;
                self.progress.bytes += file.bytes;
                self.progress.not_read += file.problems.len();
                if let Some(problem) = file.problems.first() {
                    self.progress.newest_problem = Some(told(problem));
                    urgent = self.progress.not_read == file.problems.len();
                }
                self.keep(file);
            }
        }
        if !urgent && now < self.told + PACE {
            return None;
        }
        self.told = now;
        self.progress.seconds_left = self.seconds_left(now);
        Some(Msg::Loading(self.progress.clone()))
    }

    fn keep(&mut self, file: &LoadedFile) {
        if self.documents.len() < PARTIAL {
            self.documents.extend(file.documents.iter().map(|document| (file.name.clone(), document.clone())));
        }
    }

    /// By the pace till now.
    fn seconds_left(&self, now: Instant) -> Option<u64> {
        let left = self.progress.all_bytes?.saturating_sub(self.progress.bytes);
        let spent = u64::try_from(now.duration_since(self.begun).as_millis()).ok()?;
        (self.progress.bytes > 0 && spent > 0).then(|| (left.saturating_mul(spent) / self.progress.bytes).div_ceil(1000))
    }

    /// The documents so far, when it is time to show them and nobody is building.
    fn partial(&mut self, now: Instant) -> Option<Vec<(String, Document)>> {
        let due = now >= self.next_partial && !self.building && !self.documents.is_empty() && self.documents.len() < PARTIAL;
        self.building |= due;
        due.then(|| self.documents.clone())
    }

    fn built(&mut self, begun: Instant, now: Instant) {
        self.building = false;
        self.next_partial = now + PACE.max((now - begun) * SHARE);
    }
}

/// `file:line:column  what`, escaped.
fn told(problem: &Finding) -> String {
    format!("{}  {}", Untrusted::new(&problem.address()).show(), problem.message)
}
