//! Holes: what is missing upstream and could hide a marked component (design.md section 4).

use crate::graph::Graph;
use crate::graph::Source;
use crate::graph::ids::ComponentId;
use crate::graph::links::Meta;
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
pub(crate) fn missing(graph: &Graph, id: ComponentId, hazard: Hazard, marked: &[Kind]) -> Vec<Missing> {
    let component = graph.component(id);
    if graph.is_root(id) {
        return Vec::new();
    }
    let mut found = Vec::new();
    match component.kind {
        Kind::Model if component.documented => {
            let lacks = |section| !component.sections.has(section);
            let is_marked = |kinds: &[Kind]| marked.iter().any(|kind| kinds.contains(kind));
            let built_with = hazard.follows(Relation::BuiltWith);
            let holes = [
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
            ];
            found.extend(holes.into_iter().filter(|(_, hole)| *hole).map(|(missing, _)| missing));
        }
        Kind::Model | Kind::Application if !component.documented => found.push(Missing::Document),
        Kind::Deployment => {
            if !graph.links().up(id.row()).1.iter().any(|meta| Meta::of(*meta).relation() == Relation::Deployed) {
                found.push(Missing::Document);
            }
            if graph.n_unread() > 0 && graph.deployment(id).is_some_and(|info| info.inventory_only) {
                found.push(Missing::File);
            }
        }
        Kind::Model | Kind::Application | Kind::Dataset | Kind::Package | Kind::System | Kind::Code => {}
    }
    found
}

/// Components that may hide the marked one: all with a hole, all that take a declared root by name only, and all that is
/// downstream of these under the hazard. By component row.
pub(crate) fn shadows(graph: &Graph, hazard: Hazard, marked: &[Kind]) -> Vec<bool> {
    let mut shadow = vec![false; graph.len()];
    let mut todo: Vec<ComponentId> = graph.ids().filter(|id| !missing(graph, *id, hazard, marked).is_empty()).collect();
    let of_roots = graph.roots().flat_map(|root| graph.down(root)).filter(|link| hazard.follows(graph.link(*link).relation));
    todo.extend(of_roots.filter_map(|link| doubtful_root(graph, link)));
    while let Some(id) = todo.pop() {
        if std::mem::replace(&mut shadow[id.row()], true) {
            continue;
        }
        let links = graph.down(id).map(|link| graph.link(link));
        let next = links.filter(|link| hazard.follows(link.relation)).map(|link| link.downstream);
        todo.extend(next.filter(|next| !shadow[next.row()]));
    }
    shadow
}

/// What takes a declared root by a weak link: it may be made of something else.
fn doubtful_root(graph: &Graph, link: crate::graph::ids::LinkId) -> Option<ComponentId> {
    let link = graph.link(link);
    link.evidence.is_weak().then_some(link.downstream)
}

/// The holes upstream of a component, its own included, nearest first.
pub(crate) fn upstream(graph: &Graph, id: ComponentId, hazard: Hazard, marked: &[Kind]) -> Vec<Hole> {
    let mut holes = Vec::new();
    let mut seen = FxHashSet::from_iter([id]);
    let mut level = vec![id];
    let unread = || graph.findings().iter().find(|finding| finding.is_unread()).map(crate::model::finding::Finding::address);
    while !level.is_empty() {
        let mut next = Vec::new();
        for id in level {
            let stated = graph.declared_in(id).first().copied();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::build;
    use crate::graph::fixture;

    #[test]
    fn a_root_by_name_only_hides_what_the_hazard_could_carry_from_it() {
        let mut input = fixture::input("root ..> child -> chat@production\npackage:torch -> child");
        input.settings.roots = vec!["model:root".to_owned()];
        let graph = build(input);
        let chat = graph.of_kind(Kind::Deployment).next().unwrap();
        for (hazard, marked, hidden) in [(Hazard::Poisoned, Kind::Model, true), (Hazard::Vulnerable, Kind::Package, false)] {
            assert_eq!(shadows(&graph, hazard, &[marked])[chat.row()], hidden, "{hazard}");
            assert_eq!(!upstream(&graph, chat, hazard, &[marked]).is_empty(), hidden, "{hazard}: the reason is named");
        }
    }
}
