//! Tells the interface how far reading has come, and shows what is there already.
//!
//! Invariant: the interface is told at most four times a second, and building graphs of what is there already takes at
//! most about a tenth of the time.

use crate::app::loading::Progress;
use crate::app::msg::Msg;
use crate::app::snapshot::Snapshot;
use crate::graph;
use crate::graph::Input;
use crate::graph::fold::Fold;
use crate::load;
use crate::load::LoadedFile;
use crate::model::finding::Finding;
use crate::runtime::Event;
use crate::text::Untrusted;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::Sender;
use std::thread;
use std::thread::JoinHandle;
use std::time::Duration;
use std::time::Instant;

/// Between two messages to the interface.
const PACE: Duration = Duration::from_millis(250);
/// A graph of what is there already costs this many times its own time in waiting.
const REST: u32 = 9;
/// Documents in such a graph; later ones come with the whole.
const PARTIAL: usize = 5_000;

/// A thread that tells, from outside.
pub(super) struct Telling {
    thread: JoinHandle<()>,
    news: Mutex<Sender<News>>,
    early: Arc<Mutex<Early>>,
}

impl Telling {
    /// Starts it.
    pub(super) fn start(sender: &Sender<Event>) -> Self {
        let (news, received) = mpsc::channel();
        let (sender, early) = (sender.clone(), Arc::new(Mutex::new(Early::default())));
        let shown = Arc::clone(&early);
        Self { thread: thread::spawn(move || tell(&received, &sender, &shown)), news: Mutex::new(news), early }
    }

    /// Takes what happened while reading.
    pub(super) fn event(&self, event: &load::Event<'_>) {
        let news = match event {
            load::Event::Folder(_) => return,
            load::Event::Scanned { files, bytes } => News::Scanned { files: *files, bytes: *bytes },
            load::Event::Read(file) => {
                self.early.lock().unwrap_or_else(PoisonError::into_inner).add(file);
                News::file(file)
            }
        };
        // It ends with this value only.
        let _ = self.news.lock().unwrap_or_else(PoisonError::into_inner).send(news);
    }

    /// Ends it: nothing is told from then on.
    pub(super) fn end(self) {
        drop(self.news);
        // A panic there has ended the process.
        let _ = self.thread.join();
    }
}

/// What the reading threads tell the teller.
enum News {
    Scanned { files: usize, bytes: u64 },
    Read { name: String, bytes: u64, problem: Option<Finding> },
}

impl News {
    fn file(file: &LoadedFile) -> Self {
        let problem = file.problems.iter().find(|problem| problem.is_unread()).cloned();
        Self::Read { name: file.name.clone(), bytes: file.bytes, problem }
    }
}

/// The first documents, folded as they come: what can be shown before all are read.
#[derive(Default)]
struct Early {
    fold: Fold,
    n: usize,
}

impl Early {
    fn add(&mut self, file: &LoadedFile) {
        for document in file.documents.iter().take(PARTIAL.saturating_sub(self.n)) {
            self.fold.add(&file.name, document);
            self.n += 1;
        }
    }
}

/// What was read so far.
struct Teller<'a> {
    sender: &'a Sender<Event>,
    progress: Progress,
    early: &'a Mutex<Early>,
    started: Instant,
    /// A graph may be built from then on.
    next_graph: Instant,
    shown: usize,
}

/// Tells the interface how far reading has come, until it is done.
fn tell(received: &Receiver<News>, sender: &Sender<Event>, early: &Mutex<Early>) {
    let now = Instant::now();
    let mut teller = Teller { sender, progress: Progress::default(), early, started: now, next_graph: now + PACE, shown: 0 };
    let mut told = now;
    loop {
        match received.recv_timeout(PACE.saturating_sub(told.elapsed())) {
            Ok(news) => teller.take(news),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        if told.elapsed() >= PACE {
            teller.say();
            told = Instant::now();
        }
    }
}

impl Teller<'_> {
    fn take(&mut self, news: News) {
        match news {
            News::Scanned { files, bytes } => {
                (self.progress.files, self.progress.all_bytes) = (Some(files), Some(bytes));
                self.send(Msg::Loading(self.progress.clone()));
            }
            News::Read { name, bytes, problem } => {
                self.progress.read += 1;
                self.progress.bytes += bytes;
                if let Some(problem) = problem {
                    self.progress.not_read += 1;
                    let place = problem.place.map(|place| format!(":{}:{}", place.line, place.column)).unwrap_or_default();
                    let file = Untrusted::new(&name).brief().into_string();
                    self.progress.newest_problem = Some(format!("{file}{place}  {}", problem.message));
                    // A bad file is named at once.
                    self.send(Msg::Loading(self.progress.clone()));
                }
            }
        }
    }

    fn say(&mut self) {
        let elapsed = self.started.elapsed().as_millis().max(1);
        let left = self.progress.all_bytes.filter(|_| self.progress.bytes > 0).map(|all| {
            let rest = u128::from(all.saturating_sub(self.progress.bytes));
            u64::try_from(rest * elapsed / u128::from(self.progress.bytes) / 1000 + 1).unwrap_or(u64::MAX)
        });
        self.progress.seconds_left = left;
        self.send(Msg::Loading(self.progress.clone()));
        let n = self.early.lock().unwrap_or_else(PoisonError::into_inner).n;
        if n > self.shown && Instant::now() >= self.next_graph {
            let begun = Instant::now();
            self.shown = n;
            let corpus = self.early.lock().unwrap_or_else(PoisonError::into_inner).fold.so_far().sorted();
            let input = Input { corpus, ..Input::default() };
            let snapshot = Arc::new(Snapshot::new(graph::build(input), false));
            self.send(Msg::Data { snapshot, done: false });
            self.next_graph = Instant::now() + begun.elapsed() * REST;
        }
    }

    fn send(&self, msg: Msg) {
        // The loop may be over already.
        let _ = self.sender.send(Event::App(Box::new(msg)));
    }
}
