//! What an incident asks, in a graph.

use crate::graph::Graph;
use crate::graph::selector::SelectorError;
use crate::incident::journal::body::Question;
use crate::query::impact::Mark;
use crate::query::impact::Window;
use crate::query::typed;

/// A question as marks, with the selectors that match nothing.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    pub marks: Vec<Mark>,
    pub unmatched: Vec<String>,
}

impl Question {
    /// The marks of a question. Fails where a selector is none; one that matches nothing now may do so later.
    pub(crate) fn marks(&self, graph: &Graph) -> Result<Asked, SelectorError> {
        let window = Window { since: self.since, until: self.until };
        let mut asked = Asked::default();
        for written in &self.selectors {
            let selection = typed::select(graph, written, self.scope)?;
            if selection.starts.is_empty() {
                asked.unmatched.push(written.clone());
            }
            asked.marks.extend(typed::marks(graph, &selection, self.hazard, window));
        }
        Ok(asked)
    }
}
