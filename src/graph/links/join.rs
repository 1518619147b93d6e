//! What documents state as links: sorted, joined, packed.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::ids::StatementId;
use crate::graph::links::Hop;
use crate::graph::links::Links;
use crate::graph::links::Meta;
use crate::graph::links::places::Home;
use crate::graph::links::places::Places;
use crate::graph::rows;
use crate::model::kind::Evidence;
use crate::model::kind::Relation;
use crate::text::TextId;
use rayon::slice::ParallelSliceMut as _;

/// A number that names nothing.
pub(crate) const NONE: u32 = u32::MAX;

/// A link as one place states it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stated {
    pub upstream: u32,
    pub downstream: u32,
    pub relation: Relation,
    pub evidence: Evidence,
    /// Nothing but the upstream end makes it weak, so that it is sure where every candidate for that end is marked.
    pub firm: bool,
    /// One more than the row of the method; 0 is none.
    pub method: u16,
    /// [`NONE`] where no place states it.
    pub document: u32,
    pub line: u32,
    /// One more than what is said there of the upstream end; 0 is none.
    pub statement: u32,
}

/// Lays all links out. `words` are the methods.
pub(crate) fn join(graph: &Graph, mut stated: Vec<Stated>, words: Vec<TextId>) -> Links {
    let n = graph.len();
    stated.par_sort_by(|a, b| {
        let ends = |s: &Stated| u64::from(s.upstream) << 32 | u64::from(s.downstream);
        ends(a).cmp(&ends(b)).then_with(|| (a.relation, a.place()).cmp(&(b.relation, b.place())))
    });
    let mut packing = Packing::new(graph, stated.len());
    let ends = |s: &Stated| (s.upstream, s.downstream, s.relation);
    for same in stated.chunk_by(|a, b| ends(a) == ends(b)) {
        packing.link(same);
    }
    drop(stated);
    let mut links = packing.links;
    links.words = words;
    links.to.shrink_to_fit();
    links.places.shrink_to_fit();
    let upstream = std::mem::take(&mut packing.upstream);
    links.down = rows::count(n, upstream.len(), |link| upstream[link] as usize);
    let (up, order) = rows::distribute(n, links.to.len(), |link| links.to[link].end());
    links.from = order.iter().map(|link| Hop::new(upstream[*link as usize], links.to[*link as usize].meta())).collect();
    links.up = up;
    links.sealed()
}

struct Packing<'g> {
    graph: &'g Graph,
    /// By statement: its row among those of the component that has it.
    told: Vec<u32>,
    /// By component: where its document begins to speak of it.
    homes: Vec<Option<Home>>,
    /// By link.
    upstream: Vec<u32>,
    links: Links,
}

impl<'g> Packing<'g> {
    fn new(graph: &'g Graph, n: usize) -> Self {
        let mut told = vec![NONE; graph.meanings.len()];
        for component in graph.ids() {
            for (row, statement) in (0..).zip(graph.statements_of(component)) {
                told[statement.row()] = row;
            }
        }
        let links = Links { to: Vec::with_capacity(n), places: Places::with_capacity(n), ..Links::default() };
        let homes = graph.ids().map(|id| Home::of(graph, id)).collect();
        Self { graph, told, homes, upstream: Vec::with_capacity(n), links }
    }

    /// Adds one link, stated by one or more places, best grade first.
    fn link(&mut self, same: &[Stated]) {
        let Some(first) = same.first() else { return };
        let link = u32::try_from(self.upstream.len()).unwrap_or(NONE);
        self.upstream.push(first.upstream);
        if let Some(method) = same.iter().find_map(|s| s.method.checked_sub(1)) {
            self.links.methods.links.push(link);
            self.links.methods.values.push(method);
        }
        let statement = first.statement.checked_sub(1).map(|row| StatementId::new(row as usize));
        let choice = first.firm && statement.is_some_and(|id| self.graph.meanings.is_choice(id));
        self.links.to.push(Hop::new(first.downstream, Meta::new(first.relation, first.evidence, choice)));
        let one_place = same.iter().all(|s| s.place() == first.place()) && first.document != NONE;
        let home = self.homes.get(first.downstream as usize).copied().flatten();
        let short = one_place.then(|| first.short(home, self.told(first))).flatten();
        if let Some((line, told)) = short {
            self.links.places.one(line, told);
        } else {
            let mut places: Vec<&Stated> = same.iter().filter(|s| s.document != NONE).collect();
            places.dedup_by_key(|s| s.place());
            self.links.places.several(link, places.into_iter());
        }
    }

    fn told(&self, stated: &Stated) -> Option<u32> {
        let statement = stated.statement.checked_sub(1)?;
        let told = self.told.get(statement as usize).copied()?;
        let own = self.graph.statements_of(component(stated.upstream));
        own.get(told as usize).is_some_and(|known| known.row() == statement as usize).then_some(told)
    }
}

fn component(row: u32) -> ComponentId {
    ComponentId::new(row as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Component;
    use crate::graph::Source;
    use crate::graph::declared::Declared;
    use crate::graph::ids::DocumentId;
    use crate::graph::ids::LinkId;
    use crate::graph::meanings::Meanings;
    use crate::graph::meanings::Target;
    use crate::graph::rows::Rows;
    use crate::model::document::Sections;
    use crate::model::kind::Kind;
    use crate::text::Texts;
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use std::collections::BTreeSet;

    const COMPONENTS: usize = 6;
    const STATEMENTS: usize = 5;

    /// Components without anything but a document each for the first three, and a statement each.
    fn bare() -> Graph {
        let id = Texts::default().intern("x");
        let component = Component {
            kind: Kind::Model,
            id,
            label: id,
            name: id,
            version: None,
            owner: None,
            sections: Sections::default(),
            documented: true,
        };
        let own = |row: usize| Source { evidence: Evidence::Digest, document: DocumentId::new(row), line: 40, statement: None };
        let statements_of = Rows::build(COMPONENTS, &(0..STATEMENTS).map(|s| (s, StatementId::new(s))).collect::<Vec<_>>());
        Graph {
            components: vec![component; COMPONENTS],
            declared_in: Declared::new(COMPONENTS, &[0, 1, 2].map(|row| (row, own(row))), &statements_of),
            statements_of,
            meanings: Meanings::new((0..STATEMENTS).map(|s| ([Target::new(ComponentId::new(s), Evidence::Name)], s == 4))),
            ..Graph::default()
        }
    }

    fn stated() -> impl Strategy<Value = Stated> {
        let relations = prop::sample::select(vec![Relation::Base, Relation::Depends, Relation::Contains]);
        let grades = prop::sample::select(vec![Evidence::Digest, Evidence::Exact, Evidence::Name, Evidence::Clash]);
        let lines = prop::sample::select(vec![1, 2, 90, 40_000, 65_535, 65_536, 3_000_000]);
        let ends = (0..COMPONENTS as u32, 0..COMPONENTS as u32);
        (ends, relations, grades, 0..3_u16, 0..4_u32, lines, 0..=STATEMENTS as u32).prop_map(
            |((upstream, downstream), relation, evidence, method, document, line, statement)| Stated {
                upstream,
                downstream,
                relation,
                evidence,
                firm: true,
                method,
                document,
                line,
                statement,
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn nothing_that_is_stated_is_lost(stated in prop::collection::vec(stated(), 0..40)) {
            let mut graph = bare();
            let mut texts = Texts::default();
            let words = vec![texts.intern("LoRA"), texts.intern("merge")];
            graph.links = join(&graph, stated.clone(), words.clone());
            let mut expected: BTreeMap<(u32, u32, Relation), BTreeSet<(Evidence, u32, u32, u32)>> = BTreeMap::new();
            for s in &stated {
                expected.entry((s.upstream, s.downstream, s.relation)).or_default().insert(s.place());
            }
            prop_assert_eq!(graph.links.len(), expected.len());
            let all: Vec<LinkId> = graph.ids().flat_map(|id| graph.down(id)).collect();
            for (id, (ends, places)) in all.iter().zip(&expected) {
                let link = graph.link(*id);
                prop_assert_eq!((link.upstream, link.downstream, link.relation), (component(ends.0), component(ends.1), ends.2));
                let found: Vec<Source> = graph.sources(*id).collect();
                prop_assert_eq!(graph.sources(*id).len(), found.len());
                let found: Vec<_> = found.iter().map(|s| {
                    (s.evidence, s.document.row() as u32, s.line, s.statement.map_or(0, |s| s.row() as u32 + 1))
                }).collect();
                prop_assert_eq!(&found, &places.iter().copied().collect::<Vec<_>>());
                prop_assert_eq!(link.evidence, found[0].0);
                prop_assert_eq!(graph.candidates(*id).is_some(), found[0].3 == 5);
                let mut own: Vec<&Stated> = stated.iter().filter(|s| (s.upstream, s.downstream, s.relation) == *ends).collect();
                own.sort_by_key(|s| s.place());
                let method = own.iter().find_map(|s| s.method.checked_sub(1)).map(|row| words[row as usize]);
                prop_assert_eq!(graph.method(*id), method);
            }
            let mut up: Vec<LinkId> = graph.ids().flat_map(|id| graph.up(id)).collect();
            let by_end: Vec<_> = up.iter().map(|id| graph.link(*id)).map(|l| (l.downstream, l.upstream, l.relation)).collect();
            prop_assert!(by_end.is_sorted());
            up.sort();
            prop_assert_eq!(up, all);
        }
    }
}
