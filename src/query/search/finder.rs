//! Looks through an index in steps. Between two steps it can be left, or asked for what it found so far.
//!
//! Invariant: what is found in the end depends neither on the steps nor on an earlier result that it began from.

use crate::graph::Graph;
use crate::query::search::Query;
use crate::query::search::admit::Admit;
use crate::query::search::admit::StateOf;
use crate::query::search::column::PART;
use crate::query::search::hits::Hits;
use crate::query::search::hits::Where;
use crate::query::search::hits::Work;
use crate::query::search::identifiers;
use crate::query::search::identifiers::Pasted;
use crate::query::search::index::Index;
use crate::query::search::marks::Draft;
use crate::query::search::marks::Marks;
use crate::query::search::needle::Matcher;
use crate::query::search::pass::Pass;
use std::sync::Arc;

/// Parts of a column that are looked through in one step: a few milliseconds of work at most.
const STEP: usize = if cfg!(test) { 2 } else { 16 };

/// A search under way.
pub(crate) struct Finder<'a> {
    graph: &'a Graph,
    matcher: Matcher,
    admit: Admit<'a>,
    /// A complete result that has every hit of this one.
    from: Option<&'a Hits>,
    identified: Vec<identifiers::Found>,
    stage: Stage,
    hits: Hits,
}

/// What is looked at next, and from where on.
#[derive(Debug, Clone, Copy)]
enum Stage {
    Identifiers(usize),
    Labels(usize),
    Aliases(usize),
    Files(usize),
    Done,
}

impl<'a> Finder<'a> {
    /// Begins. `before`: an earlier result, from which a longer query goes on.
    pub(crate) fn new(
        graph: &'a Graph,
        index: &Arc<Index>,
        query: Query,
        within: Where,
        state: StateOf<'a>,
        before: Option<&'a Hits>,
    ) -> Self {
        let admit = Admit::new(graph, index, &query, within.kinds, state);
        let goes_on = |before: &&Hits| {
            let same_place = Arc::ptr_eq(&before.index, index) && before.within == within;
            before.complete && same_place && before.query.is_begun_by(&query)
        };
        let from = before.filter(goes_on);
        let stage = match (query.is_empty(), query.pasted()) {
            (true, _) => Stage::Done,
            (false, Some(_)) => Stage::Identifiers(0),
            (false, None) => Stage::Labels(0),
        };
        let none = Marks::default;
        let hits = Hits {
            index: Arc::clone(index),
            within,
            labels: none(),
            aliases: none(),
            files: none(),
            complete: query.is_empty(),
            work: Work::default(),
            query,
        };
        Self { graph, matcher: Matcher::new(&hits.query), admit, from, identified: Vec::new(), stage, hits }
    }

    /// Looks at some more; `false` when all was looked at.
    pub(crate) fn step(&mut self) -> bool {
        self.stage = match self.stage {
            Stage::Identifiers(from) => self.identify(from),
            Stage::Labels(from) => self.labels(from),
            Stage::Aliases(from) => self.aliases(from),
            Stage::Files(from) => self.files(from),
            Stage::Done => Stage::Done,
        };
        self.hits.complete = matches!(self.stage, Stage::Done);
        !self.hits.complete
    }

    /// Goes on to the end.
    pub(crate) fn finish(mut self) -> Hits {
        while self.step() {}
        self.hits
    }

    /// What was found so far.
    pub(crate) fn so_far(&self) -> &Hits {
        &self.hits
    }

    fn identify(&mut self, from: usize) -> Stage {
        let (index, until) = (&self.hits.index, from + STEP * PART);
        if let Some(pattern) = self.hits.query.pasted() {
            let pasted = Pasted::new(pattern);
            // What a shorter query did not take for an identifier is not in its result.
            let from_before = self.from.filter(|before| before.query.pasted().is_some());
            let wanted = |rank: u32| from_before.is_none_or(|before| before.labels.has(rank as usize));
            self.identified.extend(index.identifiers.find(self.graph, &pasted, from..until, &wanted));
        }
        if until < index.identifiers.len() {
            return Stage::Identifiers(until);
        }
        // Of several the best class.
        self.identified.sort_unstable();
        self.identified.dedup_by_key(|(rank, _)| *rank);
        Stage::Labels(0)
    }

    fn labels(&mut self, from: usize) -> Stage {
        let index = Arc::clone(&self.hits.index);
        let (graph, admit) = (self.graph, &self.admit);
        let of_kind = |rank: usize| index.kinds.get(rank).is_some_and(|kind| admit.kinds.has(*kind));
        let admits = |rank: usize| index.order.at(rank).is_some_and(|id| admit.passes_others(id));
        let pass = Pass {
            column: &index.labels,
            matcher: &self.matcher,
            before: self.from.map(|before| &before.labels),
            text: |rank| index.order.at(rank).map_or("", |id| graph.label(id).as_key()),
            may: of_kind,
            admits,
        };
        let identified = |part: usize, draft: &mut Draft| {
            let below = |rank: usize| self.identified.partition_point(|(found, _)| (*found as usize) < rank);
            for (rank, class) in self.identified.get(below(part * PART)..below((part + 1) * PART)).unwrap_or_default() {
                let rank = *rank as usize;
                if !draft.has(rank % PART) && of_kind(rank) && admits(rank) {
                    draft.mark(rank % PART, *class);
                }
            }
        };
        let until = index.labels.n_parts().min(from + STEP);
        let (parts, texts) = pass.run(from..until, &identified);
        self.hits.labels.extend(parts);
        self.hits.work.texts += texts;
        let more = self.hits.within.everywhere && !self.hits.query.patterns.is_empty();
        match until < index.labels.n_parts() {
            true => Stage::Labels(until),
            false if more => Stage::Aliases(0),
            false => Stage::Done,
        }
    }

    fn aliases(&mut self, from: usize) -> Stage {
        let index = Arc::clone(&self.hits.index);
        let (graph, admit) = (self.graph, &self.admit);
        let pass = Pass {
            column: &index.alias_names,
            matcher: &self.matcher,
            before: self.from.map(|before| &before.aliases),
            text: |row| index.aliases.get(row).map_or("", |(name, _)| graph.text(*name).as_key()),
            may: |_| true,
            admits: |row| index.aliases.get(row).is_some_and(|(_, id)| admit.passes(*id)),
        };
        let until = index.alias_names.n_parts().min(from + STEP);
        let (parts, texts) = pass.run(from..until, &|_, _| {});
        self.hits.aliases.extend(parts);
        self.hits.work.texts += texts;
        if until < index.alias_names.n_parts() { Stage::Aliases(until) } else { Stage::Files(0) }
    }

    fn files(&mut self, from: usize) -> Stage {
        let index = Arc::clone(&self.hits.index);
        let graph = self.graph;
        let pass = Pass {
            column: &index.file_names,
            matcher: &self.matcher,
            before: self.from.map(|before| &before.files),
            text: |row| index.files.get(row).map_or("", |(file, _)| graph.file(*file).as_key()),
            may: |_| true,
            admits: |_| true,
        };
        let until = index.file_names.n_parts().min(from + STEP);
        let (parts, texts) = pass.run(from..until, &|_, _| {});
        self.hits.files.extend(parts);
        self.hits.work.texts += texts;
        if until < index.file_names.n_parts() { Stage::Files(until) } else { Stage::Done }
    }
}
