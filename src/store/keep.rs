//! A repository by way of what was kept of it: only what has changed is read, and joined with the rest.
//!
//! Invariant: the answer is that of reading everything.

use crate::graph;
use crate::graph::Graph;
use crate::graph::corpus::Corpus;
use crate::load::Files;
use crate::load::LoadError;
use crate::load::OnEvent;
use crate::load::Source;
use crate::load::Totals;
use crate::load::look;
use crate::load::look::Look;
use crate::load::look::News;
use crate::store::file::Reader;
use crate::store::file::Tag;
use crate::store::file::Writer;
use crate::store::place::Place;
use std::sync::atomic::AtomicBool;

/// What is kept of a repository where there is no place for a cache: it lasts as long as the process.
#[derive(Debug)]
pub(crate) struct Memory {
    files: Files,
    corpus: Corpus,
}

/// What was kept.
#[derive(Debug)]
pub(crate) enum Kept<'a> {
    Cache(Reader),
    Memory(&'a Memory),
    Nothing,
}

impl<'a> Kept<'a> {
    /// What there is in the cache, or else in memory.
    pub(crate) fn find(place: Option<&Place>, memory: Option<&'a Memory>) -> Self {
        match (place.and_then(Reader::open), memory) {
            (Some(reader), _) => Self::Cache(reader),
            (None, Some(memory)) => Self::Memory(memory),
            (None, None) => Self::Nothing,
        }
    }

    /// The cache, if that is what it is.
    pub(crate) fn cache(&self) -> Option<&Reader> {
        match self {
            Self::Cache(reader) => Some(reader),
            Self::Memory(_) | Self::Nothing => None,
        }
    }

    /// The files as they were.
    pub(crate) fn files(&self) -> Option<Files> {
        match self {
            Self::Cache(reader) => reader.section(Tag::Files),
            Self::Memory(memory) => Some(memory.files.clone()),
            Self::Nothing => None,
        }
    }

    fn corpus(&self) -> Option<Corpus> {
        match self {
            Self::Cache(reader) => reader.section(Tag::Corpus),
            Self::Memory(memory) => Some(memory.corpus.clone()),
            Self::Nothing => None,
        }
    }
}

/// A repository that was joined anew.
#[derive(Debug)]
pub(crate) struct Joined {
    pub graph: Graph,
    pub totals: Totals,
    pub news: News,
    /// How many files were opened.
    #[cfg_attr(not(test), expect(dead_code, reason = "the work that tests count"))]
    pub opened: usize,
    /// Where the graph is to be kept.
    pub keep: Keep,
}

/// What remains to be done so that a graph is kept.
#[derive(Debug)]
pub(crate) enum Keep {
    Cache(Box<Writer>),
    Memory(Box<Memory>),
    Nothing,
}

/// What becomes of what was read where there is no place for a cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WithoutCache {
    /// It will be asked for again by this process.
    Remember,
    /// This process asks once.
    Forget,
}

/// Joins what was read now with what was kept. Where that is damaged, everything is read.
pub(crate) fn join(
    mut look: Look,
    kept: &Kept<'_>,
    source: &Source,
    place: Option<&Place>,
    without_cache: WithoutCache,
    stop: &AtomicBool,
    on_event: OnEvent<'_>,
) -> Result<Joined, LoadError> {
    let before = if look.needs_documents() { kept.corpus() } else { Some(Corpus::default()) };
    if before.is_none() {
        look = look::look(source, &Files::default(), stop, on_event)?;
    }
    let (files, news, opened, complete) = (look.files.clone(), look.news.clone(), look.opened, look.complete);
    let loaded = look.with(&before.unwrap_or_default());
    let corpus = &loaded.input.corpus;
    let keep = match (source, complete) {
        (Source::Sample, _) | (_, false) => Keep::Nothing,
        (Source::Paths(_), true) => {
            let begun = place.and_then(Writer::begin).and_then(|writer| writer.section(Tag::Files, &files));
            match begun.and_then(|writer| writer.section(Tag::Corpus, corpus)) {
                Some(writer) => Keep::Cache(Box::new(writer)),
                None if without_cache == WithoutCache::Forget => Keep::Nothing,
                None => Keep::Memory(Box::new(Memory { files, corpus: corpus.clone() })),
            }
        }
    };
    Ok(Joined { totals: loaded.totals, graph: graph::build(loaded.input), news, opened, keep })
}

/// Keeps the files as they were found now, where nothing else has changed.
pub(crate) fn refresh(place: Option<&Place>, reader: &Reader, files: &Files) {
    let writer = place.and_then(Writer::begin).and_then(|writer| writer.section(Tag::Files, files));
    if let Some(writer) = writer.and_then(|writer| writer.and_the_rest(reader)) {
        writer.finish();
    }
}

impl Keep {
    /// Keeps the graph for other processes, with what they had not read.
    pub(crate) fn finish(self, graph: &Graph) {
        if let Self::Cache(writer) = self
            && let Some(writer) = writer.section(Tag::Graph, graph)
        {
            writer.finish();
        }
    }
}

/// Looks at all files, reads what has changed, and joins it with the rest.
pub(crate) fn open(
    source: &Source,
    place: Option<&Place>,
    stop: &AtomicBool,
    on_event: OnEvent<'_>,
) -> Result<Joined, LoadError> {
    let kept = Kept::find(place, None);
    let files = kept.files();
    let look = look::look(source, files.as_ref().unwrap_or(&Files::default()), stop, on_event)?;
    if let (Some(files), Some(reader), true) = (files, kept.cache(), look.is_same())
        && let Some(graph) = reader.section(Tag::Graph)
    {
        if files != look.files {
            refresh(place, reader, &look.files);
        }
        return Ok(Joined { graph, totals: look.totals, news: look.news, opened: look.opened, keep: Keep::Nothing });
    }
    join(look, &kept, source, place, WithoutCache::Forget, stop, on_event)
}

#[cfg(test)]
mod tests;
