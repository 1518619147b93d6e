//! A few components of a graph, without links, statements and findings: what a list needs to draw them.

use crate::graph::Component;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::text::Texts;

impl Graph {
    /// The components of `ids`, which are sorted; they are numbered anew in that order.
    pub(crate) fn excerpt(&self, ids: &[ComponentId]) -> Self {
        let mut texts = Texts::default();
        let mut components = Vec::with_capacity(ids.len());
        for id in ids {
            let component = self.component(*id);
            let mut text = |id| texts.intern(self.text(id).as_key());
            components.push(Component {
                id: text(component.id),
                label: text(component.label),
                name: text(component.name),
                version: component.version.map(&mut text),
                owner: component.owner.map(&mut text),
                ..component.clone()
            });
        }
        let mut excerpt = Self { components, complete: self.complete, n_unread: self.n_unread, ..Self::default() };
        excerpt.statements.texts = texts;
        let roots = ids.iter().enumerate().filter(|(_, id)| self.is_root(**id));
        excerpt.roots = roots.map(|(row, _)| ComponentId::new(row)).collect();
        excerpt
    }
}
