//! Reads the repository beside the interface: what was kept of it at once, what has changed since then, or all of it.
//!
//! Invariant: what is shown from an earlier run is replaced, or confirmed, when all files were looked at.
//! Invariant: what was read is kept for the next run after it is shown, not before.

mod tell;

use crate::app::kept::FirstPage;
use crate::app::msg::Msg;
use crate::app::snapshot::Snapshot;
use crate::graph::Graph;
use crate::load;
use crate::load::Files;
use crate::load::LoadError;
use crate::load::Source;
use crate::load::look;
use crate::load::look::Look;
use crate::load::look::News;
use crate::model::document::Format;
use crate::runtime::Event;
use crate::runtime::notify::Watch;
use crate::store;
use crate::store::Choice;
use crate::store::Joined;
use crate::store::Keep;
use crate::store::Kept;
use crate::store::Memory;
use crate::store::Place;
use crate::store::Reader;
use crate::store::Tag;
use crate::store::WithoutCache;
use crate::store::Writer;
use crate::text;
use crate::text::Untrusted;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;
use std::thread;
use std::thread::JoinHandle;
use std::time::Duration;
use std::time::Instant;
use tell::Telling;

/// Leaving waits at most so long for what is being kept.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it is looked at then.
const GLANCE: Duration = Duration::from_millis(5);
/// So few files are read before it is clear whether there is an SBOM among them; for more a screen is opened at once.
const FEW: usize = 16;

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

/// What reads one repository, again and again.
#[derive(Debug, Clone)]
pub(super) struct Loader(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    source: Source,
    place: Option<Place>,
    watch: Watch,
    sender: Sender<Event>,
    state: Mutex<State>,
    /// What was read is being kept.
    keeping: AtomicBool,
}

/// What lasts from one reading to the next.
#[derive(Debug, Default)]
struct State {
    /// Tells the graph that is shown from others that may have been kept meanwhile.
    shown: Option<u64>,
    /// Instead of a cache.
    memory: Option<Memory>,
}

impl Loader {
    /// For a repository; nothing is read yet.
    pub(super) fn new(source: &Source, choice: &Choice, watch: Watch, sender: Sender<Event>) -> Self {
        let place = Place::new(choice, source);
        Self(Arc::new(Shared {
            source: source.clone(),
            place,
            watch,
            sender,
            state: Mutex::default(),
            keeping: AtomicBool::new(false),
        }))
    }

    /// Lets what is being kept be kept, so that leaving at once does not lose it; but nobody waits long.
    pub(super) fn end(&self) {
        let until = Instant::now() + PATIENCE;
        while self.0.keeping.load(Ordering::Acquire) && Instant::now() < until {
            thread::sleep(GLANCE);
        }
    }

    /// Starts to read. Read `again`, nothing is told before the whole is there.
    pub(super) fn start(&self, again: bool) -> JoinHandle<()> {
        let shared = Arc::clone(&self.0);
        thread::spawn(move || {
            let mut state = shared.state.lock().unwrap_or_else(PoisonError::into_inner);
            if let Err(error) = shared.read(&mut state, again) {
                let error = error.to_string();
                shared.send(Msg::NotRead(Untrusted::new(&error).show().into_string()));
            }
        })
    }
}

impl Shared {
    fn send(&self, msg: Msg) {
        self.tell(Event::App(Box::new(msg)));
    }

    fn tell(&self, event: Event) {
        // The loop may be over already.
        let _ = self.sender.send(event);
    }

    /// Fails only where something is shown already.
    fn read(&self, state: &mut State, again: bool) -> Result<(), LoadError> {
        let memory = state.memory.take();
        let kept = Kept::find(self.place.as_ref(), memory.as_ref());
        let quiet = again || kept.cache().is_some_and(|reader| self.show(reader, state));
        let files = kept.files();
        let known = files.clone().unwrap_or_default();
        let looked = self.reading(quiet, |on_event, stop| look::look(&self.source, &known, stop, on_event));
        let look = match looked {
            Ok(look) => look,
            Err(error) if quiet => return Err(error),
            Err(error) => {
                self.tell(Event::Refused { error: error.to_string(), hint: error.hint() });
                return Ok(());
            }
        };
        if files.is_some() && look.is_same() && self.confirm(&kept, &known, &look, state) {
            state.memory = memory;
            return Ok(());
        }
        let joined = self.reading(quiet, |on_event, stop| {
            store::join(look, &kept, &self.source, self.place.as_ref(), WithoutCache::Remember, stop, on_event)
        })?;
        self.show_joined(joined, state, quiet, files.is_some());
        Ok(())
    }

    /// Reads, and tells how far that has come.
    fn reading<T>(&self, quiet: bool, read: impl FnOnce(load::OnEvent<'_>, &AtomicBool) -> T) -> T {
        let telling = (!quiet).then(|| Telling::start(&self.sender));
        let found = AtomicBool::new(quiet);
        let result = read(
            &|event| {
                let worth_a_screen = match &event {
                    load::Event::Folder(folder) => return self.watch.folder(folder),
                    load::Event::Scanned { files, .. } => *files > FEW,
                    load::Event::Read(file) => !(file.documents.is_empty() && file.problems.is_empty()),
                };
                if worth_a_screen && !found.swap(true, Ordering::Relaxed) {
                    self.tell(Event::Found);
                }
                if let Some(telling) = &telling {
                    telling.event(&event);
                }
            },
            &AtomicBool::new(false),
        );
        if let Some(telling) = telling {
            telling.end();
        }
        result
    }

    /// Shows what was kept: the first page at once. Whether there is something.
    fn show(&self, reader: &Reader, state: &mut State) -> bool {
        if let Some(FirstPage(page)) = reader.section(Tag::Front) {
            self.send(Msg::Kept(Arc::new(page)));
            self.tell(Event::Found);
        }
        let Some(whole) = whole(reader).filter(|whole| is_worth_a_screen(&whole.graph)) else { return false };
        state.shown = reader.id(Tag::Graph);
        self.send(Msg::Kept(Arc::new(whole)));
        self.tell(Event::Found);
        true
    }

    /// Says that what was kept is still so; whether it could be said.
    fn confirm(&self, kept: &Kept<'_>, known: &Files, look: &Look, state: &mut State) -> bool {
        let Some(reader) = kept.cache() else {
            self.send(Msg::Checked);
            return true;
        };
        let shown = state.shown.is_some() && state.shown == reader.id(Tag::Graph);
        let has_lists = reader.id(Tag::Lists).is_some();
        if shown && has_lists {
            self.send(Msg::Checked);
            if *known != look.files {
                store::refresh(self.place.as_ref(), reader, &look.files);
            }
            return true;
        }
        let Some(whole) = whole(reader).map(Arc::new) else { return false };
        if shown {
            self.send(Msg::Checked);
        } else if is_worth_a_screen(&whole.graph) || state.shown.is_some() {
            // Another process kept what this one has not shown yet.
            state.shown = reader.id(Tag::Graph);
            self.send(Msg::Data { snapshot: Arc::clone(&whole), done: true });
        } else {
            self.tell(Event::NoSbom);
            return true;
        }
        if !has_lists {
            self.keep_lists(reader, look, &whole);
        }
        self.say_looks();
        true
    }

    /// Where a command kept only the graph.
    fn keep_lists(&self, reader: &Reader, look: &Look, whole: &Snapshot) {
        self.keep(|| {
            let writer = with_lists(Writer::begin(self.place.as_ref()?)?, whole)?.section(Tag::Files, &look.files)?;
            writer.and_the_rest(reader).map(Writer::finish)
        });
    }

    /// Shows what was read, then keeps it.
    fn show_joined(&self, joined: Joined, state: &mut State, quiet: bool, known: bool) {
        let Joined { graph, news, keep, .. } = joined;
        if !quiet && !is_worth_a_screen(&graph) {
            self.tell(Event::NoSbom);
            return;
        }
        let snapshot = Arc::new(Snapshot::new(graph, true));
        self.send(Msg::Data { snapshot: Arc::clone(&snapshot), done: true });
        if quiet && known && news.len() > 0 {
            self.send(Msg::News(words(&news)));
        } else if !quiet {
            self.say_looks();
        }
        match keep {
            Keep::Cache(writer) => self.keep(|| {
                let writer = with_lists(writer.section(Tag::Graph, &snapshot.graph)?, &snapshot)?;
                state.shown = writer.id(Tag::Graph);
                writer.finish();
                Some(())
            }),
            Keep::Memory(memory) => state.memory = Some(*memory),
            Keep::Nothing => {}
        }
    }

    /// Keeps something; what cannot be kept is read again.
    fn keep(&self, keep: impl FnOnce() -> Option<()>) {
        self.keeping.store(true, Ordering::Release);
        let _ = keep();
        self.keeping.store(false, Ordering::Release);
    }

    fn say_looks(&self) {
        if self.watch.looks() && matches!(self.source, Source::Paths(_)) {
            self.send(Msg::News("more folders than the system watches: files are looked at again and again".to_owned()));
        }
    }
}

/// What a person cares about: an SBOM, or a file that should be one.
fn is_worth_a_screen(graph: &Graph) -> bool {
    graph.n_unread() > 0 || graph.documents().iter().any(|document| document.format != Format::Inventory)
}

/// The whole graph that was kept.
fn whole(reader: &Reader) -> Option<Snapshot> {
    let graph: Graph = reader.section(Tag::Graph)?;
    match reader.section(Tag::Lists) {
        Some(lists) => Snapshot::with_lists(graph, lists),
        None => Some(Snapshot::new(graph, true)),
    }
}

fn with_lists(writer: Writer, snapshot: &Snapshot) -> Option<Writer> {
    writer.section(Tag::Front, &snapshot.first_page())?.section(Tag::Lists, &snapshot.lists())
}

/// `read again: care/x.yaml`, `read again: 3 changed, 1 new, 2 gone`.
fn words(news: &News) -> String {
    if let Some(name) = &news.only {
        let name = Untrusted::new(name).brief().into_string();
        return format!("read again: {name}{}", if news.gone > 0 { " is gone" } else { "" });
    }
    let counts = [(news.changed, "changed"), (news.new, "new"), (news.gone, "gone")];
    let counts = counts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", text::thousands(n)));
    format!("read again: {}", counts.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests;
