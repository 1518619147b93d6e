//! Groups of a hub's children: over fifty of them nobody reads one by one.

use crate::app::preview;
use crate::app::snapshot::Snapshot;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::ids::LinkId;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::query::deploys::Reached;
use crate::query::impact;
use crate::query::impact::Mark;
use crate::query::impact::Window;
use crate::query::select::Match;
use crate::query::select::Selection;
use crate::query::select::Start;
use crate::query::select::StartAt;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::VecDeque;

/// What children are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Grouping {
    /// What a small tree begins with.
    Relation,
    /// What a hub begins with.
    Owner,
    Environment,
    /// A name up to its version.
    Family,
    Kind,
    /// Links between the child and the nearest deployment.
    Depth,
    Off,
}

impl Grouping {
    const ALL: [Self; 7] = [Self::Relation, Self::Owner, Self::Environment, Self::Family, Self::Kind, Self::Depth, Self::Off];

    /// The next one in the circle that `b` goes round.
    pub(crate) fn next(self) -> Self {
        let at = Self::ALL.iter().position(|by| *by == self).unwrap_or(0);
        Self::ALL.into_iter().cycle().nth(at + 1).unwrap_or(self)
    }

    /// The word on screen.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Relation => "relation",
            Self::Owner => "owner",
            Self::Environment => "environment",
            Self::Family => "family",
            Self::Kind => "kind",
            Self::Depth => "depth",
            Self::Off => "off",
        }
    }
}

/// Children that have something in common. Sizes of all groups add up to the number of children.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    /// Escaped.
    pub label: String,
    pub links: Vec<LinkId>,
    /// Distinct deployments downstream of any of them, so groups may overlap; `None` where there are too many groups.
    pub reached: Option<Reached>,
}

/// Deployments are counted for so many groups at most: each costs a walk.
const COUNTED: usize = 64;

/// The children of a component in groups, largest first.
pub(crate) fn groups(data: &Snapshot, root: ComponentId, up: bool, by: Grouping) -> Vec<Group> {
    let graph = &data.graph;
    let links = if up { graph.up(root) } else { graph.down(root) };
    let other = |link: LinkId| if up { graph.link(link).upstream } else { graph.link(link).downstream };
    let mut label_of = labels(graph, by);
    let mut groups: BTreeMap<String, Vec<LinkId>> = BTreeMap::new();
    for link in links {
        groups.entry(label_of(other(link))).or_default().push(link);
    }
    let counted = groups.len() <= COUNTED;
    let hazard = Hazard::default_for(graph.kind(root));
    let mut groups: Vec<Group> = groups
        .into_iter()
        .map(|(label, links)| {
            let members: Vec<ComponentId> = links.iter().map(|link| other(*link)).collect();
            let reached = counted.then(|| reached(graph, &members, hazard));
            Group { label, links, reached }
        })
        .collect();
    groups.sort_by_key(|group| Reverse(group.links.len()));
    groups
}

/// How a component's group is called.
fn labels(graph: &Graph, by: Grouping) -> Box<dyn FnMut(ComponentId) -> String + '_> {
    match by {
        Grouping::Owner => Box::new(|id| preview::owner(graph, id)),
        Grouping::Family => Box::new(|id| family(&graph.label(id).brief().into_string())),
        Grouping::Kind | Grouping::Relation | Grouping::Off => Box::new(|id| graph.kind(id).word().to_owned()),
        Grouping::Environment => {
            let nearest = nearest(graph, |id| preview::stage(graph, id).0);
            Box::new(move |id| match nearest.get(id.row()).copied().flatten() {
                Some((_, deployment)) => {
                    let environment = graph.deployment(deployment).and_then(|info| info.environment);
                    environment.map_or_else(|| "(no environment)".to_owned(), |id| graph.text(id).brief().into_string())
                }
                None => "(not deployed)".to_owned(),
            })
        }
        Grouping::Depth => {
            let nearest = nearest(graph, |_| 0);
            Box::new(move |id| match nearest.get(id.row()).copied().flatten() {
                Some((0, _)) => "a deployment".to_owned(),
                Some((1, _)) => "1 link to a deployment".to_owned(),
                Some((links, _)) => format!("{links} links to a deployment"),
                None => "(not deployed)".to_owned(),
            })
        }
    }
}

/// For every component the nearest deployment downstream among those of the least rank, with the distance in links.
fn nearest(graph: &Graph, rank: impl Fn(ComponentId) -> u16) -> Vec<Option<(u32, ComponentId)>> {
    let mut found = vec![None; graph.len()];
    let mut deployments: Vec<ComponentId> = graph.of_kind(Kind::Deployment).collect();
    deployments.sort_by_key(|id| rank(*id));
    for of_rank in deployments.chunk_by(|a, b| rank(*a) == rank(*b)) {
        let mut todo: VecDeque<(u32, ComponentId, ComponentId)> = of_rank.iter().map(|id| (0, *id, *id)).collect();
        while let Some((distance, id, deployment)) = todo.pop_front() {
            let Some(slot @ None) = found.get_mut(id.row()) else { continue };
            *slot = Some((distance, deployment));
            let upstream = graph.links().up(id.row());
            todo.extend(upstream.iter().map(|hop| (distance + 1, ComponentId::new(hop.end()), deployment)));
        }
    }
    found
}

fn reached(graph: &Graph, members: &[ComponentId], hazard: Hazard) -> Reached {
    let start = |id: &ComponentId| Start { at: StartAt::Component(*id), sure: true, matched: Match::Name };
    let selection = Selection { starts: members.iter().map(start).collect(), ruled_out: Vec::new() };
    let counts = impact::impact(graph, &[Mark { selection, hazard, window: Window::default(), kinds: Vec::new() }])
        .counts(graph, Kind::Deployment);
    let n = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Reached { confirmed: n(counts.affected), possible: n(counts.possible) }
}

/// A name up to its version: `support-chat-v*` for `support-chat-v2.3.0`, `torch@*` for `torch@2.1.0`; else the name.
pub(crate) fn family(label: &str) -> String {
    if let Some((name, version)) = label.rsplit_once('@').filter(|(name, _)| !name.is_empty()) {
        return if version.is_empty() { label.to_owned() } else { format!("{name}@*") };
    }
    let mut cut = None;
    for (at, _) in label.match_indices('-') {
        let rest = label.get(at + 1..).unwrap_or_default();
        let digits = rest.strip_prefix(['v', 'V']).unwrap_or(rest);
        if digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(|c| c.is_ascii_alphanumeric() || "._+".contains(c))
        {
            let prefix = if digits.len() < rest.len() { at + 2 } else { at + 1 };
            cut = label.get(..prefix);
            break;
        }
    }
    cut.map_or_else(|| label.to_owned(), |stem| format!("{stem}*"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixture;

    #[test]
    fn families_share_a_name_up_to_the_version() {
        for (label, stem, why) in [
            ("support-chat-v2.3.0", "support-chat-v*", "a version after v"),
            ("kb-merge-5", "kb-merge-*", "a bare number"),
            ("torch@2.1.0", "torch@*", "a package"),
            ("gpt-j-6B-q4", "gpt-j-6B-q4", "a size and a method are no version"),
            ("bert", "bert", "no version"),
        ] {
            assert_eq!(family(label), stem, "{why}");
        }
    }

    #[test]
    fn groups_add_up_to_all_children() {
        let drawing = "package:torch -> a -> x@production\npackage:torch -> b-v1 -> y@staging\npackage:torch -> b-v2";
        let data = Snapshot::new(fixture::graph(drawing), true);
        let torch = data.graph.find("torch@1.0").unwrap();
        for (by, labels) in [
            (Grouping::Owner, vec!["(no owner)"]),
            (Grouping::Family, vec!["b-v*", "a"]),
            (Grouping::Environment, vec!["(not deployed)", "production", "staging"]),
            (Grouping::Depth, vec!["1 link to a deployment", "(not deployed)"]),
            (Grouping::Kind, vec!["model"]),
        ] {
            let groups = groups(&data, torch, false, by);
            assert_eq!(groups.iter().map(|group| group.label.as_str()).collect::<Vec<_>>(), labels, "{by:?}");
            assert_eq!(groups.iter().map(|group| group.links.len()).sum::<usize>(), 3, "{by:?}");
        }
    }
}
