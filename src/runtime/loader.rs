//! Reads the repository beside the interface, and shows what is there already while it does.
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
use crate::load::Source;
use crate::model::document::Format;
use crate::model::finding::Finding;
use crate::runtime::Event;
use crate::runtime::notify::Watch;
use crate::text::Untrusted;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;
use std::time::Instant;

/// Between two messages to the interface.
const PACE: Duration = Duration::from_millis(250);
/// A graph of what is there already costs this many times its own time in waiting.
const REST: u32 = 9;
/// So few files are read before it is clear whether there is an SBOM among them; for more a screen is opened at once.
const FEW: usize = 16;
/// Documents in such a graph; later ones come with the whole.
const PARTIAL: usize = 5_000;

/// What the repository is called before it is read, escaped.
pub(super) fn label(source: &Source) -> String {
    let Source::Paths(paths) = source else { return "sample-sboms".to_owned() };
    let name = |path: &std::path::PathBuf| {
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        let name = real.file_name().unwrap_or(real.as_os_str()).to_string_lossy().into_owned();
        Untrusted::new(&name).brief().into_string()
    };
    paths.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// Starts to read. Read `again`, nothing is told before the whole is there.
pub(super) fn start(source: &Source, watch: &Watch, sender: Sender<Event>, again: bool) {
    let (source, watch) = (source.clone(), watch.clone());
    thread::spawn(move || {
        let (files, received) = mpsc::channel();
        let telling = sender.clone();
        let early = Arc::new(Mutex::new(Early::default()));
        let shown = Arc::clone(&early);
        let teller = (!again).then(|| thread::spawn(move || tell(&received, &telling, &shown)));
        let files = Mutex::new(files);
        let stop = AtomicBool::new(false);
        let found = AtomicBool::new(again);
        let loaded = load::load(&source, &stop, &|event| {
            let (news, worth_a_screen) = match event {
                load::Event::Folder(folder) => return watch.folder(folder),
                load::Event::Scanned { files, bytes } => (News::Scanned { files, bytes }, files > FEW),
                load::Event::Read(file) => {
                    if !again {
                        early.lock().unwrap_or_else(PoisonError::into_inner).add(file);
                    }
                    (News::file(file), !(file.documents.is_empty() && file.problems.is_empty()))
                }
            };
            if worth_a_screen && !found.swap(true, Ordering::Relaxed) {
                // The loop may be over already.
                let _ = sender.send(Event::Found);
            }
            // The teller may have ended, or there is none.
            let _ = files.lock().unwrap_or_else(PoisonError::into_inner).send(news);
        });
        drop(files);
        if let Some(teller) = teller {
            // A panic there has ended the process.
            let _ = teller.join();
        }
        // The loop may be over already.
        let _ = sender.send(finish(loaded, again));
    });
}

/// The last word of a load.
fn finish(loaded: Result<load::Loaded, load::LoadError>, again: bool) -> Event {
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(error) if again => {
            return Event::App(Box::new(Msg::NotRead(Untrusted::new(&error.to_string()).show().into_string())));
        }
        Err(error) => return Event::Refused { error: error.to_string(), hint: error.hint() },
    };
    let graph = graph::build(loaded.input);
    let none = graph.documents().iter().all(|document| document.format == Format::Inventory);
    if none && graph.n_unread() == 0 && !again {
        return Event::NoSbom;
    }
    Event::App(Box::new(Msg::Data { snapshot: Arc::new(Snapshot::new(graph, true)), done: true }))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_read_and_told_as_a_whole() {
        let (sender, received) = mpsc::channel();
        start(&Source::Sample, &Watch::start(mpsc::channel().0), sender, false);
        let mut last = None;
        for event in received {
            if let Event::App(msg) = event {
                last = Some(msg);
            }
        }
        match last.map(|msg| *msg) {
            Some(Msg::Data { snapshot, done: true }) => assert_eq!(snapshot.graph.documents().len(), 46),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_folder_without_any_sbom_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let (sender, received) = mpsc::channel();
        start(&Source::Paths(vec![folder.path().to_owned()]), &Watch::start(mpsc::channel().0), sender, false);
        assert!(received.iter().any(|event| matches!(event, Event::NoSbom)));
    }
}
