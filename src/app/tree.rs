//! The trees of the Up and Down panes: what a component is made of, and what is made with it.
//!
//! Invariant: a component met again is shown once more but not opened; one that is upstream of itself ends in `cycle`.
//! Invariant: what was opened or closed is remembered by the way to it, so that it survives a reload.
//! Absent on purpose: drawing, hazards; a tree tells facts, every relation.

mod build;

use crate::app::cursor::Cursor;
use crate::app::group::Group;
use crate::app::group::Grouping;
use crate::app::snapshot::Snapshot;
use crate::app::verdict::Verdict;
use crate::graph::ids::ComponentId;
use crate::graph::ids::LinkId;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::query::deploys::Reached;
use rustc_hash::FxHashMap;
use rustc_hash::FxHashSet;

/// Over so many children a component is a hub: they are grouped by owner first.
pub(crate) const HUB: usize = 50;

/// What a line of the tree is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
    Root(ComponentId),
    /// Children by relation: `base 1`.
    Relations(Vec<(&'static str, usize)>),
    /// Children of a hub.
    Group {
        label: String,
        n: usize,
        reached: Option<Reached>,
    },
    /// Children that share a name up to the version.
    Family {
        stem: String,
        n: usize,
    },
    /// Children that are like those shown: nothing is known of them that is not known of those.
    More(usize),
    Part {
        link: LinkId,
        component: ComponentId,
    },
    /// A word about the line above.
    Note(&'static str),
    /// How a hub's children are grouped, and how many there are.
    Hub {
        n: usize,
        by: Grouping,
    },
    /// The heads of the groups' columns.
    Heads(Grouping),
}

/// One item with its place in the tree.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub item: Item,
    pub parent: Option<usize>,
    pub depth: u16,
    /// Links from the root.
    links_deep: usize,
    /// Whether there is anything to open.
    pub opens: bool,
    pub open: bool,
    /// It stands further up already, or is upstream of itself.
    pub again: Option<Again>,
    key: u64,
    /// `None`: not made yet.
    children: Option<Vec<usize>>,
    /// Links that the children are made from.
    links: Vec<LinkId>,
}

/// Why a component is not opened here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    Above,
    Cycle,
}

/// A visible line: one node, or several closed groups that share the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub node: usize,
    pub also: Vec<usize>,
}

/// One of the two trees.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    pub up: bool,
    pub root: Option<ComponentId>,
    pub nodes: Vec<Node>,
    pub rows: Vec<Row>,
    /// The deepest visible component, in links from the root.
    pub links_deep: usize,
    /// Visible components that have no document, in the order of the rows.
    pub holes: Vec<ComponentId>,
    pub cursor: Cursor,
    /// The person's choice; `None`: by relation, a hub by owner.
    pub grouping: Option<Grouping>,
    /// Answered groups of the root.
    pub groups: Option<Vec<Group>>,
    pub waiting: Option<u64>,
    /// Levels that are open unless someone closed them.
    pub level: u16,
    /// Generation of the graph and answers about incidents that the rows were made from.
    pub(super) made: Option<(u64, u64)>,
    /// The node to be found again when the rows are next made.
    at: Option<u64>,
    /// Groups that were opened from one line, and close together again.
    together: Vec<usize>,
    /// What the person opened and closed.
    choices: FxHashMap<u64, bool>,
}

impl Tree {
    /// An empty tree.
    pub(crate) fn new(up: bool) -> Self {
        Self {
            up,
            root: None,
            nodes: Vec::new(),
            rows: Vec::new(),
            links_deep: 0,
            holes: Vec::new(),
            cursor: Cursor::default(),
            grouping: None,
            groups: None,
            waiting: None,
            level: 3,
            made: None,
            at: None,
            together: Vec::new(),
            choices: FxHashMap::default(),
        }
    }

    /// How the root's children are grouped.
    pub(crate) fn grouped_by(&self, data: &Snapshot, root: ComponentId) -> Grouping {
        let n = if self.up { data.graph.up(root).len() } else { data.graph.down(root).len() };
        self.grouping.unwrap_or(if n > HUB { Grouping::Owner } else { Grouping::Relation })
    }

    /// The node under the cursor.
    pub(crate) fn at_cursor(&self) -> Option<&Node> {
        self.node_at(self.cursor.row)
    }

    /// The first node of a row.
    pub(crate) fn node_at(&self, row: usize) -> Option<&Node> {
        self.nodes.get(self.rows.get(row)?.node)
    }

    /// The component of the row under the cursor, or of the nearest line above it that has one.
    pub(crate) fn component_at_cursor(&self) -> Option<ComponentId> {
        let mut node = self.at_cursor()?;
        loop {
            match node.item {
                Item::Part { component, .. } | Item::Root(component) => return Some(component),
                Item::Relations(_)
                | Item::Group { .. }
                | Item::Family { .. }
                | Item::More(_)
                | Item::Note(_)
                | Item::Hub { .. }
                | Item::Heads(_) => {
                    node = self.nodes.get(node.parent?)?;
                }
            }
        }
    }

    /// The link of the row under the cursor.
    pub(crate) fn link_at_cursor(&self) -> Option<LinkId> {
        match self.at_cursor()?.item {
            Item::Part { link, .. } => Some(link),
            Item::Root(_)
            | Item::Relations(_)
            | Item::Group { .. }
            | Item::Family { .. }
            | Item::More(_)
            | Item::Note(_)
            | Item::Hub { .. }
            | Item::Heads(_) => None,
        }
    }

    /// Builds the tree anew; cursor and what was opened stay, by the way to them.
    pub(crate) fn rebuild(&mut self, data: &Snapshot, verdict: Option<&Verdict>, root: Option<ComponentId>) {
        let at = self.at.take().or(self.at_cursor().map(|node| node.key));
        if self.root != root {
            self.cursor = Cursor::default();
        }
        self.root = root;
        self.nodes.clear();
        self.together.clear();
        if let Some(root) = root {
            self.plant(data, root);
            build::Builder { tree: self, data, verdict }.open_defaults();
        }
        self.flatten(data);
        if let Some(row) =
            at.and_then(|key| self.rows.iter().position(|row| self.nodes.get(row.node).is_some_and(|n| n.key == key)))
        {
            self.cursor.carry_to(row);
        }
    }

    /// Drops rows whose ids are of an older graph; the cursor stays by its key when they are made anew.
    pub(super) fn forget_rows(&mut self) {
        self.at = self.at_cursor().map(|node| node.key);
        self.nodes.clear();
        self.rows.clear();
    }

    fn plant(&mut self, data: &Snapshot, root: ComponentId) {
        let links = if self.up { data.graph.up(root) } else { data.graph.down(root) };
        self.nodes.push(Node {
            item: Item::Root(root),
            parent: None,
            depth: 0,
            links_deep: 0,
            opens: !links.is_empty(),
            open: true,
            again: None,
            key: build::key_of(0, data.graph.id(root).as_key()),
            children: None,
            links: links.collect(),
        });
    }

    /// Opens or closes what stands on a row; only rows below it change.
    pub(crate) fn toggle(&mut self, data: &Snapshot, verdict: Option<&Verdict>) {
        let Some(row) = self.rows.get(self.cursor.row).cloned() else { return };
        let Some(node) = self.nodes.get(row.node) else { return };
        if !node.opens || node.again.is_some() {
            return;
        }
        let open = !node.open;
        if open {
            self.together = std::iter::once(row.node).chain(row.also).collect();
        } else if !self.together.contains(&row.node) {
            self.together = vec![row.node];
        }
        for node in self.together.clone() {
            self.set_open(data, verdict, node, open);
        }
        self.flatten(data);
    }

    /// Opens the row under the cursor; `false` if there is nothing to open.
    pub(crate) fn open(&mut self, data: &Snapshot, verdict: Option<&Verdict>) -> bool {
        let closed = self.at_cursor().is_some_and(|node| node.opens && !node.open && node.again.is_none());
        if closed {
            self.toggle(data, verdict);
        }
        closed
    }

    /// Closes the row under the cursor, else goes to its parent; `false` at the root.
    pub(crate) fn close(&mut self, data: &Snapshot, verdict: Option<&Verdict>) -> bool {
        let Some(node) = self.at_cursor() else { return false };
        let Some(parent) = node.parent else { return false };
        if node.opens && node.open && node.again.is_none() {
            self.toggle(data, verdict);
        } else if let Some(row) = self.rows.iter().position(|row| row.node == parent) {
            self.cursor.row = row;
        }
        true
    }

    /// Opens one level more, or one less.
    pub(crate) fn set_level(&mut self, data: &Snapshot, verdict: Option<&Verdict>, level: u16) {
        self.level = level.clamp(1, 40);
        self.choices.clear();
        self.rebuild(data, verdict, self.root);
    }

    fn set_open(&mut self, data: &Snapshot, verdict: Option<&Verdict>, node: usize, open: bool) {
        if open {
            build::Builder { tree: self, data, verdict }.make_children(node);
        }
        if let Some(node) = self.nodes.get_mut(node) {
            node.open = open;
            self.choices.insert(node.key, open);
        }
    }

    /// Lists the visible rows. Components met again lose what is below them.
    fn flatten(&mut self, data: &Snapshot) {
        self.rows.clear();
        let mut seen: FxHashSet<ComponentId> = FxHashSet::default();
        let mut todo: Vec<usize> = if self.nodes.is_empty() { Vec::new() } else { vec![0] };
        while let Some(at) = todo.pop() {
            let again = self.again(data, at, &seen);
            let Some(node) = self.nodes.get_mut(at) else { continue };
            node.again = again;
            if let Item::Part { component, .. } | Item::Root(component) = node.item {
                seen.insert(component);
            }
            let shares = matches!(node.item, Item::Relations(_)) && !node.open;
            let parent = node.parent;
            if node.open && again.is_none() {
                todo.extend(node.children.iter().flatten().rev());
            }
            let before = self.rows.last_mut().filter(|row| {
                let first = self.nodes.get(row.node);
                shares && first.is_some_and(|n| matches!(n.item, Item::Relations(_)) && !n.open && n.parent == parent)
            });
            match before {
                Some(row) => row.also.push(at),
                None => self.rows.push(Row { node: at, also: Vec::new() }),
            }
        }
        self.cursor.row = self.cursor.row.min(self.rows.len().saturating_sub(1));
        self.links_deep = self.shown().map(|node| node.links_deep).max().unwrap_or(0);
        let part = |node: &Node| match node.item {
            Item::Part { component, .. } | Item::Root(component) => Some(component),
            Item::Relations(_)
            | Item::Group { .. }
            | Item::Family { .. }
            | Item::More(_)
            | Item::Note(_)
            | Item::Hub { .. }
            | Item::Heads(_) => None,
        };
        let mut known = FxHashSet::default();
        self.holes = self.shown().filter_map(part).filter(|id| data.is_hole(*id) && known.insert(*id)).collect();
    }

    /// The first nodes of all rows.
    fn shown(&self) -> impl Iterator<Item = &Node> {
        self.rows.iter().filter_map(|row| self.nodes.get(row.node))
    }

    fn again(&self, data: &Snapshot, at: usize, seen: &FxHashSet<ComponentId>) -> Option<Again> {
        let node = self.nodes.get(at)?;
        let Item::Part { component, .. } = node.item else { return None };
        let mut above = node.parent;
        while let Some(node) = above.and_then(|at| self.nodes.get(at)) {
            if matches!(node.item, Item::Part { component: c, .. } | Item::Root(c) if c == component) {
                return Some(Again::Cycle);
            }
            above = node.parent;
        }
        let links = if self.up { data.graph.up(component) } else { data.graph.down(component) };
        (!links.is_empty() && seen.contains(&component)).then_some(Again::Above)
    }
}

/// What a relation's group is called; code is told apart from the framework it is built with.
pub(crate) fn relation_word(relation: Relation, other: Kind) -> &'static str {
    if relation == Relation::BuiltWith && other == Kind::Code { "code" } else { relation.word() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixture;

    fn labels(tree: &Tree, data: &Snapshot) -> Vec<String> {
        let line = |row: &Row| {
            let node = &tree.nodes[row.node];
            let text = match &node.item {
                Item::Root(c) | Item::Part { component: c, .. } => data.graph.label(*c).show().into_string(),
                Item::Relations(words) => {
                    let more = row.also.iter().flat_map(|at| match &tree.nodes[*at].item {
                        Item::Relations(words) => words.clone(),
                        _ => Vec::new(),
                    });
                    words.iter().copied().chain(more).map(|(word, n)| format!("{word} {n}")).collect::<Vec<_>>().join(" ")
                }
                Item::Group { label, n, .. } => format!("{label} {n}"),
                Item::Family { stem, n } => format!("{stem} {n}"),
                Item::More(n) => format!("= {n}"),
                Item::Note(note) => (*note).to_owned(),
                Item::Hub { n, .. } => format!("{n} children"),
                Item::Heads(by) => by.word().to_owned(),
            };
            let again = match node.again {
                Some(Again::Above) => " ^",
                Some(Again::Cycle) => " cycle",
                None => "",
            };
            format!("{}{text}{again}", " ".repeat(usize::from(node.depth)))
        };
        tree.rows.iter().map(line).collect()
    }

    fn tree(drawing: &str, root: &str, up: bool) -> (Tree, Snapshot) {
        let data = Snapshot::new(fixture::graph(drawing), true);
        let mut tree = Tree::new(up);
        tree.rebuild(&data, None, data.graph.find(root));
        (tree, data)
    }

    #[test]
    fn bases_open_and_a_component_met_again_does_not() {
        let (tree, data) = tree("a -> b -> d\na -> c -> d", "d", true);
        assert_eq!(labels(&tree, &data), ["d", " base 2", "  b", "   base 1", "    a", "  c", "   base 1", "    a"]);
        let (tree, data) = self::tree("z -> a -> b -> d\na -> c -> d", "d", true);
        assert_eq!(labels(&tree, &data).last().unwrap(), "    a ^", "only what has something below it is marked");
    }

    #[test]
    fn a_cycle_ends() {
        let (tree, data) = tree("a -> b -> c -> a", "a", true);
        assert_eq!(labels(&tree, &data).last().unwrap().trim(), "a cycle");
    }

    #[test]
    fn opening_a_group_changes_only_rows_below_it() {
        let (mut tree, data) = tree("a -> b -> d\ndataset:x -> b\npackage:p -> b\npackage:q -> d", "d", true);
        let before = labels(&tree, &data);
        let row = before.iter().position(|line| line == "   trained-on 1 depends 1").unwrap();
        tree.cursor.row = row;
        tree.toggle(&data, None);
        let after = labels(&tree, &data);
        assert_eq!(before[..row], after[..row]);
        assert_eq!(after[row..row + 4], ["   trained-on 1", "    x@1.0", "   depends 1", "    p@1.0"]);
        tree.rebuild(&data, None, tree.root);
        assert_eq!(labels(&tree, &data), after, "what was opened stays open after a reload");
        tree.cursor.row = row;
        tree.toggle(&data, None);
        assert_eq!(labels(&tree, &data)[row], "   trained-on 1", "after a reload each group is its own");
        tree.toggle(&data, None);
        tree.toggle(&data, None);
        tree.cursor.row = row + 1;
        tree.toggle(&data, None);
        assert_eq!(labels(&tree, &data), before, "closed side by side they share the line again");
    }

    #[test]
    fn many_alike_are_folded_and_open() {
        let drawing: String = (0..12).map(|n| format!("package:p{n:02} -> m\n")).collect();
        let (mut tree, data) = tree(&drawing, "m", true);
        assert_eq!(labels(&tree, &data), ["m", " depends 12", "  p00@1.0", "  p01@1.0", "  = 10"]);
        tree.cursor.row = 4;
        tree.toggle(&data, None);
        assert_eq!(labels(&tree, &data).len(), 15);
    }
}
