//! Holes: what is missing upstream and could hide a marked component (design.md section 4).

use crate::graph::Graph;
use crate::graph::Source;
use crate::graph::ids::ComponentId;
use crate::model::document::Section;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use rustc_hash::FxHashSet;

/// What is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Missing {
    Document,
    Base,
    TrainingData,
    Dependencies,
    BuiltWith,
    /// A file that was not read could tell.
    File,
}

impl Missing {
    /// All of them, each at its number.
    pub(crate) const ALL: [Self; 6] =
        [Self::Document, Self::Base, Self::TrainingData, Self::Dependencies, Self::BuiltWith, Self::File];

    /// The word used in JSON.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Base => "base",
            Self::TrainingData => "training-data",
            Self::Dependencies => "dependencies",
            Self::BuiltWith => "built-with",
            Self::File => "file",
        }
    }
}

/// One hole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hole {
    pub component: ComponentId,
    pub missing: Missing,
    /// Where the section should stand, or where the component is mentioned.
    pub source: Option<Source>,
    /// `file:line:column` of what was not read, for [`Missing::File`].
    pub unread: Option<String>,
}

/// What of a component's own lineage is not known, for a hazard and the kinds that are marked.
pub(crate) fn missing(graph: &Graph, id: ComponentId, hazard: Hazard, marked: &[Kind]) -> impl Iterator<Item = Missing> {
    let component = graph.component(id);
    let mut found = [None; 4];
    match component.kind {
        _ if graph.is_root(id) => {}
        Kind::Model if component.documented => {
            let lacks = |section| !component.sections.has(section);
            let is_marked = |kinds: &[Kind]| marked.iter().any(|kind| kinds.contains(kind));
            let built_with = hazard.follows(Relation::BuiltWith);
            found = [
                (Missing::Base, hazard.follows(Relation::Base) && lacks(Section::Base)),
                (Missing::TrainingData, is_marked(&[Kind::Dataset]) && lacks(Section::TrainingData)),
                (Missing::Dependencies, is_marked(&[Kind::Package, Kind::System]) && lacks(Section::Dependencies)),
                (
                    Missing::BuiltWith,
                    built_with
                        && (is_marked(&[Kind::Package]) && lacks(Section::Framework)
                            || is_marked(&[Kind::System]) && lacks(Section::System)
                            || is_marked(&[Kind::Code]) && lacks(Section::Code)),
                ),
            ]
            .map(|(missing, hole)| hole.then_some(missing));
        }
        Kind::Model | Kind::Application if !component.documented => found[0] = Some(Missing::Document),
        Kind::Deployment => {
            let runs = graph.links().up(id.row()).iter().any(|hop| hop.meta().relation() == Relation::Deployed);
            let inventory_only = || graph.deployment(id).is_some_and(|info| info.inventory_only);
            found[0] = (!runs).then_some(Missing::Document);
            found[1] = (graph.n_unread() > 0 && inventory_only()).then_some(Missing::File);
        }
        Kind::Model | Kind::Application | Kind::Dataset | Kind::Package | Kind::System | Kind::Code => {}
    }
    found.into_iter().flatten()
}

/// What takes a declared root by a weak link: it may be made of something else.
pub(super) fn doubtful_root(graph: &Graph, link: crate::graph::ids::LinkId) -> Option<ComponentId> {
    let link = graph.link(link);
    link.evidence.is_weak().then_some(link.downstream)
}

/// The holes upstream of a component, its own included, nearest first.
pub(crate) fn upstream(graph: &Graph, id: ComponentId, hazard: Hazard, marked: &[Kind]) -> Vec<Hole> {
    upstream_of(graph, vec![id], hazard, marked)
}

/// The same of several components, each hole once.
pub(crate) fn upstream_of(graph: &Graph, mut level: Vec<ComponentId>, hazard: Hazard, marked: &[Kind]) -> Vec<Hole> {
    let mut holes = Vec::new();
    level.sort_unstable();
    let mut seen: FxHashSet<ComponentId> = level.iter().copied().collect();
    let unread = || graph.findings().iter().find(|finding| finding.is_unread()).map(crate::model::finding::Finding::address);
    while !level.is_empty() {
        let mut next = Vec::new();
        for id in level {
            let stated = graph.declared_in(id).next();
            let mentioned = || graph.down(id).find_map(|link| graph.sources(link).next());
            for missing in missing(graph, id, hazard, marked) {
                let source = if missing == Missing::Document { mentioned().or(stated) } else { stated.or_else(mentioned) };
                let unread = if missing == Missing::File { unread() } else { None };
                holes.push(Hole { component: id, missing, source, unread });
            }
            for link in graph.up(id) {
                let (upstream, relation) = (graph.link(link).upstream, graph.link(link).relation);
                if !hazard.follows(relation) {
                    continue;
                }
                if graph.is_root(upstream) && doubtful_root(graph, link).is_some() {
                    let source = graph.sources(link).next();
                    holes.push(Hole { component: upstream, missing: Missing::Document, source, unread: None });
                }
                if seen.insert(upstream) {
                    next.push(upstream);
                }
            }
        }
        next.sort_unstable();
        level = next;
    }
    holes.dedup();
    holes
}
