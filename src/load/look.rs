//! What has become of a repository since it was read: only files that have changed are read again.
//!
//! Invariant: what comes out is what reading everything would give, as far as stamps can be believed; where they cannot,
//! the content is compared.

use super::files::{Digest, Fate, Files, Was};
use super::stamp::{self, Stamp};
use super::{Entry, Event, Found, LoadError, Loaded, LoadedFile, OnEvent, SETTINGS_FILE, Source, Totals};
use super::{embedded, read, scan};
use crate::graph::Input;
use crate::graph::corpus::Corpus;
use crate::graph::fold::Fold;
use crate::model::document::Depth;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use rayon::slice::ParallelSliceMut as _;
use rustc_hash::FxHashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// So many files a thread takes at once.
const TURN: usize = 32;

/// Files whose documents or problems are others than before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct News {
    pub changed: usize,
    pub new: usize,
    pub gone: usize,
    /// Where it is one file only: its name.
    pub only: Option<String>,
}

impl News {
    /// How many files have news.
    pub(crate) fn len(&self) -> usize {
        self.changed + self.new + self.gone
    }

    fn of(&mut self, name: &str) {
        self.only = (self.len() == 1).then(|| name.to_owned());
    }
}

/// A repository that was looked at; what was read now is here, what is as it was is not.
pub(crate) struct Look {
    pub totals: Totals,
    /// The files as they are now.
    pub files: Files,
    pub news: News,
    /// How many files were opened.
    pub opened: usize,
    /// Whether all files were looked at.
    pub complete: bool,
    fold: Fold,
    /// Files whose documents are as they were.
    same: FxHashSet<String>,
    problems: Vec<Finding>,
}

impl Look {
    /// Whether every answer is what it was.
    pub(crate) fn is_same(&self) -> bool {
        self.complete && self.news.len() == 0
    }

    /// Whether some documents are as they were, and are needed to tell the whole.
    pub(crate) fn needs_documents(&self) -> bool {
        !self.same.is_empty()
    }

    /// The whole repository, given the documents that were read before.
    pub(crate) fn with(mut self, before: &Corpus) -> Loaded {
        self.fold.absorb(before, |file| self.same.contains(file));
        let Self { totals, files, fold, problems, complete, .. } = self;
        Loaded { totals, input: Input { corpus: fold.finish(), problems, settings: files.settings, complete } }
    }
}

/// Looks at all files and reads those that are not as they are known. Setting `stop` ends it early; then it is marked as
/// incomplete.
///
/// Fails only where there is no repository; a file that cannot be read is a problem of the answer.
pub(crate) fn look(source: &Source, known: &Files, stop: &AtomicBool, on_event: OnEvent<'_>) -> Result<Look, LoadError> {
    let began = stamp::now();
    let mut found = match source {
        Source::Paths(paths) => scan::scan(paths, stop, on_event)?,
        Source::Sample => embedded::scan(),
    };
    found.entries.par_sort_by(|a, b| a.name.cmp(&b.name));
    let (fates, gone) = known.compare(&found.entries);
    let todo: Vec<usize> = (0..fates.len()).filter(|n| !matches!(fates.get(*n), Some(Fate::Same(_)) | None)).collect();
    let bytes = todo.iter().filter_map(|n| found.entries.get(*n)).map(|entry| entry.size).sum();
    on_event(Event::Scanned { files: todo.len(), bytes });
    let task = Task { entries: &found.entries, fates: &fates, todo: &todo, next: AtomicUsize::new(0), began, stop, on_event };
    let mut whole = Part::default();
    // Threads of their own: what is shown meanwhile is made by the others, which must not wait until all is read.
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..rayon::current_num_threads()).map(|_| scope.spawn(|| task.part())).collect();
        for thread in threads {
            match thread.join() {
                Ok(part) => whole.take(part),
                Err(bug) => std::panic::resume_unwind(bug),
            }
        }
    });
    let complete = !stop.load(Ordering::Relaxed) && whole.done.len() == todo.len();
    let mut look = assemble(known, &found, &fates, whole);
    look.complete = complete;
    for (name, was) in gone {
        if was.documents || !known.problems(name).is_empty() {
            look.news.gone += 1;
            look.news.of(name);
        }
    }
    Ok(look)
}

/// What there is to read.
struct Task<'a> {
    entries: &'a [Entry],
    fates: &'a [Fate],
    todo: &'a [usize],
    next: AtomicUsize,
    began: i64,
    stop: &'a AtomicBool,
    on_event: OnEvent<'a>,
}

/// What one thread has read.
#[derive(Default)]
struct Part {
    fold: Fold,
    done: Vec<Done>,
}

/// What reading a file came to.
struct Done {
    entry: usize,
    /// None where it is to be read again in any case.
    stamp: Option<Stamp>,
    digest: Option<Digest>,
    was: Was,
    problems: Vec<Finding>,
    /// It has the content that it had.
    same: bool,
}

impl Task<'_> {
    /// Reads files for as long as there are any that no other thread has begun.
    fn part(&self) -> Part {
        let mut part = Part::default();
        let mut room = Vec::new();
        while !self.stop.load(Ordering::Relaxed) {
            let from = self.next.fetch_add(TURN, Ordering::Relaxed);
            let Some(turn) = self.todo.get(from..self.todo.len().min(from + TURN)).filter(|turn| !turn.is_empty()) else { break };
            for n in turn.iter().take_while(|_| !self.stop.load(Ordering::Relaxed)) {
                if let (Some(entry), Some(fate)) = (self.entries.get(*n), self.fates.get(*n)) {
                    self.read(*n, entry, *fate, &mut room, &mut part);
                }
            }
        }
        part
    }

    fn read(&self, n: usize, entry: &Entry, fate: Fate, room: &mut Vec<u8>, part: &mut Part) {
        let content = read::content(entry, room);
        // The stamp is of before the content, so that a change in between is one from then on.
        let may_lie = entry.stamp.is_some_and(|stamp| stamp.may_lie(self.began));
        let before = if let Fate::Doubtful(digest, was) = fate { Some((digest, was)) } else { None };
        let is_text = matches!(content, Ok(true));
        let digest = (is_text && (may_lie || before.is_some())).then(|| stamp::digest(room));
        let kept = digest.filter(|_| may_lie);
        if let Some((_, was)) = before.filter(|(before, _)| digest == Some(*before)) {
            part.done.push(Done { entry: n, stamp: entry.stamp, digest: kept, was, problems: Vec::new(), same: true });
            return;
        }
        let LoadedFile { documents, problems, passed_over, .. } = {
            let file = read::file(entry, content, Depth::Lineage, room);
            (self.on_event)(Event::Read(&file));
            file
        };
        for document in &documents {
            part.fold.add(&entry.name, document);
        }
        let may_get_better = problems.iter().any(|problem| matches!(problem.code, Code::Unreadable | Code::Limit));
        let stamp = entry.stamp.filter(|_| !may_get_better && (kept.is_some() || !may_lie));
        let was = Was { passed_over, documents: !documents.is_empty() };
        part.done.push(Done { entry: n, stamp, digest: kept, was, problems, same: false });
    }
}

impl Part {
    fn take(&mut self, other: Self) {
        if self.done.is_empty() {
            *self = other;
            return;
        }
        self.fold.absorb(other.fold.so_far(), |_| true);
        self.done.extend(other.done);
    }
}

/// Puts together what is as it was and what was read.
fn assemble(known: &Files, found: &Found, fates: &[Fate], whole: Part) -> Look {
    let mut files = Files::new(found.settings.clone(), found.problems.clone());
    let mut look = Look {
        totals: Totals {
            files: found.passed_over,
            bytes: 0,
            passed_over: found.passed_over,
            hidden: found.hidden,
            ignored: found.ignored,
        },
        files: Files::default(),
        news: News::default(),
        opened: whole.done.len(),
        complete: false,
        fold: whole.fold,
        same: FxHashSet::default(),
        problems: found.problems.clone(),
    };
    if !known.has_owner(&files) {
        look.news.changed += 1;
        look.news.of(SETTINGS_FILE);
    }
    let mut done = whole.done;
    done.sort_unstable_by_key(|done| done.entry);
    let mut done = done.into_iter().peekable();
    for (n, (entry, fate)) in found.entries.iter().zip(fates).enumerate() {
        let before = known.problems(&entry.name);
        let read = match (fate, done.next_if(|done| done.entry == n)) {
            (Fate::Same(was), _) => {
                Done { entry: n, stamp: entry.stamp, digest: None, was: *was, problems: Vec::new(), same: true }
            }
            (_, Some(read)) => read,
            // It was stopped before.
            (_, None) => continue,
        };
        look.totals.files += 1;
        look.totals.bytes += entry.size;
        look.totals.passed_over += usize::from(read.was.passed_over);
        let problems = if read.same { before } else { &read.problems };
        let old = match fate {
            Fate::Same(was) | Fate::Doubtful(_, was) | Fate::Changed(was) => Some(*was),
            Fate::New => None,
        };
        let is_news = !read.same && (read.was.documents || old.is_some_and(|old| old.documents) || problems != before);
        if is_news {
            *(if old.is_some() { &mut look.news.changed } else { &mut look.news.new }) += 1;
            look.news.of(&entry.name);
        }
        if read.same && read.was.documents {
            look.same.insert(entry.name.clone());
        }
        look.problems.extend_from_slice(problems);
        let alike = |other: Option<&Entry>| other.is_some_and(|other| other.name == entry.name);
        if !alike(found.entries.get(n + 1)) && !alike(n.checked_sub(1).and_then(|n| found.entries.get(n))) {
            files.push(&entry.name, read.stamp, read.digest, read.was, problems);
        }
    }
    look.files = files;
    look
}
