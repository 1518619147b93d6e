//! Makes the children of a tree's nodes, when they are first opened.

use crate::app::group;
use crate::app::snapshot::Snapshot;
use crate::app::tree::HUB;
use crate::app::tree::Item;
use crate::app::tree::Node;
use crate::app::tree::Tree;
use crate::app::tree::relation_word;
use crate::app::verdict::Verdict;
use crate::graph::ids::ComponentId;
use crate::graph::ids::LinkId;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::model::state::State;
use rustc_hash::FxHasher;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::hash::Hash;
use std::hash::Hasher;

/// What opens by itself stops at so many nodes.
const BY_ITSELF: usize = 2_000;
/// More alike children than this are folded, and so many of them shown.
const ALIKE: usize = 4;
const SHOWN: usize = 2;
/// Children of a hub that share a name up to the version make a family from this number on.
const FAMILY: usize = 3;

/// Adds nodes to a tree.
pub(super) struct Builder<'a> {
    pub tree: &'a mut Tree,
    pub data: &'a Snapshot,
    pub verdict: Option<&'a Verdict>,
}

/// The way to a node as one number.
pub(super) fn key_of(parent: u64, name: impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    (parent, name).hash(&mut hasher);
    hasher.finish()
}

impl Builder<'_> {
    /// Opens what is open by itself or by the person's choice, from the root down.
    pub(super) fn open_defaults(&mut self) {
        let mut at = 0;
        while at < self.tree.nodes.len() {
            let open = self.wants_open(at);
            if open {
                self.make_children(at);
            }
            if let Some(node) = self.tree.nodes.get_mut(at) {
                node.open = open;
            }
            at += 1;
        }
    }

    /// Lineage opens by itself: bases of bases; what else there is waits, but for the root's own.
    fn wants_open(&self, at: usize) -> bool {
        let Some(node) = self.tree.nodes.get(at) else { return false };
        if !node.opens || self.is_below_itself(at) {
            return false;
        }
        if let Some(choice) = self.tree.choices.get(&node.key) {
            return *choice;
        }
        if self.tree.nodes.len() > BY_ITSELF {
            return false;
        }
        let level = node.depth / 2;
        match &node.item {
            Item::Root(_) => true,
            Item::Relations(words) => {
                let lineage = words.iter().any(|(word, _)| ["base", "deployed", "serves", "contains"].contains(word));
                node.depth <= 1 || (lineage && level < self.tree.level.max(3)) || level + 3 < self.tree.level
            }
            Item::Part { link, .. } => {
                let base = self.data.graph.link(*link).relation == Relation::Base;
                base && level <= self.tree.level || level + 2 < self.tree.level
            }
            Item::Group { .. } | Item::Family { .. } | Item::More(_) | Item::Note(_) | Item::Hub { .. } | Item::Heads(_) => false,
        }
    }

    fn is_below_itself(&self, at: usize) -> bool {
        let nodes = &self.tree.nodes;
        let component = |at: usize| match nodes.get(at).map(|node| &node.item) {
            Some(Item::Part { component, .. } | Item::Root(component)) => Some(*component),
            _ => None,
        };
        let Some(own) = component(at) else { return false };
        let mut above = nodes.get(at).and_then(|node| node.parent);
        while let Some(parent) = above {
            if component(parent) == Some(own) {
                return true;
            }
            above = nodes.get(parent).and_then(|node| node.parent);
        }
        false
    }

    /// Makes the children of a node, once.
    pub(super) fn make_children(&mut self, at: usize) {
        let Some(node) = self.tree.nodes.get(at).filter(|node| node.children.is_none()) else { return };
        let links = node.links.clone();
        match node.item.clone() {
            Item::Root(component) => self.of_root(at, component, &links),
            Item::Part { .. } => self.by_relation(at, &links),
            Item::Relations(_) | Item::Family { .. } => self.parts(at, &links, true, false),
            Item::Group { .. } => self.parts(at, &links, true, true),
            Item::More(_) => self.parts(at, &links, false, false),
            Item::Note(_) | Item::Hub { .. } | Item::Heads(_) => {}
        }
        if let Some(node) = self.tree.nodes.get_mut(at) {
            node.children.get_or_insert_default();
        }
    }

    fn of_root(&mut self, at: usize, root: ComponentId, links: &[LinkId]) {
        match self.tree.grouped_by(self.data, root) {
            group::Grouping::Relation => self.by_relation(at, links),
            group::Grouping::Off => self.parts(at, links, false, false),
            by => {
                self.add(at, Item::Hub { n: links.len(), by }, Vec::new());
                self.add(at, Item::Heads(by), Vec::new());
                for group in self.tree.groups.clone().unwrap_or_default() {
                    let item = Item::Group { label: group.label, n: group.links.len(), reached: group.reached };
                    self.add(at, item, group.links);
                }
            }
        }
    }

    /// Bases first, then data, then software as one group.
    fn by_relation(&mut self, at: usize, links: &[LinkId]) {
        const ORDER: [&[Relation]; 8] = [
            &[Relation::Base],
            &[Relation::MaybeSame],
            &[Relation::TrainedOn],
            &[Relation::Derived],
            &[Relation::EvaluatedOn],
            &[Relation::Deployed],
            &[Relation::Serves],
            &[Relation::Contains, Relation::Depends, Relation::BuiltWith],
        ];
        for relations in ORDER {
            let graph = &self.data.graph;
            let own: Vec<LinkId> = links.iter().copied().filter(|link| relations.contains(&graph.link(*link).relation)).collect();
            let mut words: Vec<(&'static str, usize)> = Vec::new();
            for relation in relations {
                for link in own.iter().filter(|link| graph.link(**link).relation == *relation) {
                    let word = relation_word(*relation, graph.kind(self.other(*link)));
                    match words.iter_mut().find(|(known, _)| *known == word) {
                        Some((_, n)) => *n += 1,
                        None => words.push((word, 1)),
                    }
                }
            }
            if !own.is_empty() {
                self.add(at, Item::Relations(words), own);
            }
        }
    }

    /// Adds one line a link; those that are alike are folded.
    fn parts(&mut self, at: usize, links: &[LinkId], fold: bool, families: bool) {
        let mut links = links.to_vec();
        links.sort_by(|a, b| self.rank(*a).cmp(&self.rank(*b)));
        let mut singles = links.clone();
        if families && links.len() > HUB {
            singles = self.families(at, &links);
        }
        let (shown, folded) = if fold { self.fold(&singles) } else { (singles, Vec::new()) };
        for link in shown {
            self.part(at, link);
        }
        if !folded.is_empty() {
            self.add(at, Item::More(folded.len()), folded);
        }
    }

    /// Adds families of a group and returns the links that are in none.
    fn families(&mut self, at: usize, links: &[LinkId]) -> Vec<LinkId> {
        let mut families: BTreeMap<String, Vec<LinkId>> = BTreeMap::new();
        for link in links {
            let label = self.data.graph.label(self.other(*link)).brief().into_string();
            families.entry(group::family(&label)).or_default().push(*link);
        }
        let (large, small): (Vec<_>, Vec<_>) = families.into_iter().partition(|(_, links)| links.len() >= FAMILY);
        for (stem, links) in large {
            self.add(at, Item::Family { stem, n: links.len() }, links);
        }
        let singles: rustc_hash::FxHashSet<LinkId> = small.into_iter().flat_map(|(_, links)| links).collect();
        links.iter().copied().filter(|link| singles.contains(link)).collect()
    }

    /// Parts the links into those that are shown and those that are like them; none with a state, a finding or a hole.
    fn fold(&self, links: &[LinkId]) -> (Vec<LinkId>, Vec<LinkId>) {
        let like = |link: &&LinkId| {
            let id = self.other(**link);
            let graded = self.data.graph.link(**link).evidence.is_weak();
            let state = self.verdict.is_some_and(|v| v.impact.is_marked(id) || v.impact.state(id) != State::Clear);
            !state && !graded && !self.data.is_flagged(id) && !self.data.is_hole(id)
        };
        let alike: Vec<LinkId> = links.iter().filter(like).copied().collect();
        if alike.len() <= ALIKE {
            return (links.to_vec(), Vec::new());
        }
        let mut kept: Vec<LinkId> = Vec::new();
        for link in &alike {
            let kind = self.data.graph.kind(self.other(*link));
            if kept.iter().all(|other| self.data.graph.kind(self.other(*other)) != kind) {
                kept.push(*link);
            }
        }
        for link in &alike {
            if kept.len() < SHOWN && !kept.contains(link) {
                kept.push(*link);
            }
        }
        let folded: Vec<LinkId> = alike.into_iter().filter(|link| !kept.contains(link)).collect();
        let hidden: rustc_hash::FxHashSet<LinkId> = folded.iter().copied().collect();
        (links.iter().copied().filter(|link| !hidden.contains(link)).collect(), folded)
    }

    fn part(&mut self, at: usize, link: LinkId) {
        let component = self.other(link);
        let graph = &self.data.graph;
        let links = if self.tree.up { graph.up(component) } else { graph.down(component) };
        let node = self.add(at, Item::Part { link, component }, links.collect());
        if self.tree.up && self.data.is_hole(component) {
            let finding = self.data.findings_of(component).any(|f| f.code == crate::model::finding::Code::LookAlike);
            let note = if finding { "look-alike; no document: a hole" } else { "no document: a hole" };
            let depth = self.tree.nodes.get(node).map_or(0, |node| node.depth);
            let added = self.add(at, Item::Note(note), Vec::new());
            if let Some(node) = self.tree.nodes.get_mut(added) {
                node.depth = depth + 1;
            }
        }
    }

    fn other(&self, link: LinkId) -> ComponentId {
        let link = self.data.graph.link(link);
        if self.tree.up { link.upstream } else { link.downstream }
    }

    /// Worst first, then what most hangs on, then by name.
    fn rank(&self, link: LinkId) -> (State, Reverse<crate::query::deploys::Reached>, Kind, crate::text::Untrusted<'_>) {
        let id = self.other(link);
        let state = self.verdict.map_or(State::Clear, |verdict| verdict.impact.state(id));
        let deploys = self.data.deploys.as_ref().map(|deploys| deploys.of(id)).unwrap_or_default();
        (state, Reverse(deploys), self.data.graph.kind(id), self.data.graph.label(id))
    }

    fn add(&mut self, parent: usize, item: Item, links: Vec<LinkId>) -> usize {
        let above = self.tree.nodes.get(parent);
        let (key, depth, links_deep) = above.map_or((0, 0, 0), |node| (node.key, node.depth, node.links_deep));
        let graph = &self.data.graph;
        let key = match &item {
            Item::Part { component, link } => key_of(key, (graph.id(*component).as_key(), graph.link(*link).relation)),
            Item::Root(component) => key_of(key, graph.id(*component).as_key()),
            Item::Relations(words) => key_of(key, words.first().map(|(word, _)| *word)),
            Item::Group { label, .. } | Item::Family { stem: label, .. } => key_of(key, label),
            Item::More(_) => key_of(key, "more"),
            Item::Note(note) => key_of(key, note),
            Item::Hub { .. } => key_of(key, "hub"),
            Item::Heads(_) => key_of(key, "heads"),
        };
        let is_part = matches!(item, Item::Part { .. });
        let node = Node {
            opens: !links.is_empty(),
            item,
            parent: Some(parent),
            depth: depth + 1,
            links_deep: links_deep + usize::from(is_part),
            open: false,
            again: None,
            key,
            children: None,
            links,
        };
        let at = self.tree.nodes.len();
        self.tree.nodes.push(node);
        if let Some(parent) = self.tree.nodes.get_mut(parent) {
            parent.children.get_or_insert_default().push(at);
        }
        at
    }
}
