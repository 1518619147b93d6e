//! `lineage`: a tree each way, links grouped by relation with their number.

use crate::cli::output::text::paint::Paint;
use crate::cli::output::text::pair;
use crate::cli::output::text::place;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::ids::LinkId;
use crate::model::kind::Relation;
use crate::query::lineage::Lineage;
use crate::text;
use std::collections::BTreeSet;
use std::io;
use std::io::Write;

/// Writes the component and what is up and down from it.
pub(in crate::cli) fn lineage(
    out: &mut dyn Write,
    graph: &Graph,
    root: ComponentId,
    lineage: &Lineage,
    (up, down): (bool, bool),
    paint: Paint,
) -> io::Result<()> {
    writeln!(out, "{}  {}", paint.bold(graph.id(root).show().as_str()), graph.kind(root))?;
    let ways = [(up, Way::Up, "UP: what it is made of"), (down, Way::Down, "DOWN: what is made with it")];
    for (_, way, title) in ways.into_iter().filter(|(wanted, _, _)| *wanted) {
        let tree = Tree { graph, lineage, paint, way };
        match tree.n_components(root) {
            0 => writeln!(out, "\n{}: nothing is stated", paint.bold(title))?,
            n => writeln!(out, "\n{}, {}", paint.bold(title), text::count(n, "component"))?,
        }
        tree.write(out, root)?;
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

struct Tree<'a> {
    graph: &'a Graph,
    lineage: &'a Lineage,
    paint: Paint,
    way: Way,
}

/// What is still to be written: a heading, a row, or nothing but the end of an opened component.
enum Todo {
    Group(usize, Relation, usize),
    Row(usize, LinkId),
    Close(ComponentId),
}

impl Tree<'_> {
    /// Links on from a component, of those that belong to the answer.
    fn links(&self, id: ComponentId) -> impl Iterator<Item = LinkId> {
        let all = if self.way == Way::Up { self.graph.up(id) } else { self.graph.down(id) };
        all.filter(|link| self.lineage.links.contains(link))
    }

    /// How many components the tree holds, its root not counted.
    fn n_components(&self, root: ComponentId) -> usize {
        let mut seen = BTreeSet::from([root]);
        let mut todo = vec![root];
        while let Some(id) = todo.pop() {
            todo.extend(self.links(id).map(|link| self.other_end(link)).filter(|other| seen.insert(*other)));
        }
        seen.len() - 1
    }

    /// Writes the tree with a stack of its own: a chain of a million components is no reason to overflow the other one.
    fn write(&self, out: &mut dyn Write, root: ComponentId) -> io::Result<()> {
        let mut shown = BTreeSet::from([root]);
        let mut open = BTreeSet::from([root]);
        let mut todo = self.below(root, 1);
        while let Some(next) = todo.pop() {
            match next {
                Todo::Close(id) => {
                    open.remove(&id);
                }
                Todo::Group(depth, relation, n) => writeln!(out, "{}{} {n}", indent(depth), relation.word())?,
                Todo::Row(depth, link) => {
                    let id = self.other_end(link);
                    let again = match (open.contains(&id), shown.insert(id)) {
                        (true, _) => "  ^ cycle",
                        (false, false) if self.links(id).next().is_some() => "  ^ shown above",
                        (false, _) => "",
                    };
                    self.row(out, depth, link, again)?;
                    if again.is_empty() {
                        open.insert(id);
                        todo.push(Todo::Close(id));
                        todo.extend(self.below(id, depth + 1));
                    }
                }
            }
        }
        Ok(())
    }

    fn other_end(&self, link: LinkId) -> ComponentId {
        let link = self.graph.link(link);
        if self.way == Way::Up { link.upstream } else { link.downstream }
    }

    /// The groups and rows under a component, last first.
    fn below(&self, id: ComponentId, depth: usize) -> Vec<Todo> {
        let mut links: Vec<LinkId> = self.links(id).collect();
        links.sort_by_key(|link| self.graph.link(*link).relation);
        let mut todo = Vec::new();
        for group in links.chunk_by(|a, b| self.graph.link(*a).relation == self.graph.link(*b).relation) {
            let Some(first) = group.first() else { continue };
            todo.push(Todo::Group(depth, self.graph.link(*first).relation, group.len()));
            todo.extend(group.iter().map(|link| Todo::Row(depth, *link)));
        }
        todo.reverse();
        todo
    }

    fn row(&self, out: &mut dyn Write, depth: usize, id: LinkId, again: &str) -> io::Result<()> {
        let link = self.graph.link(id);
        let method = self.graph.method(id).map_or_else(String::new, |method| format!(" ({})", self.graph.text(method).show()));
        let end = self.other_end(id);
        let left = format!("{}  {} {}{method}{again}", indent(depth), link.evidence, self.graph.id(end).show());
        let source = self.graph.sources(id).next().map_or_else(String::new, |source| place(self.graph, source));
        pair(out, self.paint, &left, &source)
    }
}

/// Two steps a level: one for the group, one for its rows. Deep chains do not walk off the screen.
fn indent(depth: usize) -> String {
    " ".repeat((depth.min(16) - 1) * 4 + 2)
}
