//! Marked compromises: what was marked, how far, and under which hazard.
//!
//! Invariant: an incident names components by text, so that it keeps its meaning when files change and the graph is built
//! anew.
//! Absent on purpose: the clock, disk, drawing.

pub(crate) mod book;
pub(crate) mod clocks;
pub(crate) mod filter;
pub(crate) mod journal;
mod question;
pub(crate) mod standing;
pub(crate) mod ticket;
pub(crate) mod vex;
pub(crate) mod worklist;

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::selector::Selector;
use crate::model::hazard::Hazard;
use crate::query::impact::Mark;
use crate::query::impact::Window;
use crate::query::select;
use crate::query::select::Scope;
use crate::query::select::Selection;
use std::fmt;

/// How far an incident reaches among things of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reach {
    Scope(Scope),
    /// Versions in a range, as typed: `>=1.0,<1.4`.
    Range(String),
}

/// A marked compromise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Incident {
    /// From 1, in the order of opening.
    pub number: u32,
    /// Printed id of the marked component.
    pub component: String,
    /// What a person reads.
    pub label: String,
    pub reach: Reach,
    pub hazard: Hazard,
    pub window: Window,
    pub reason: String,
}

impl Incident {
    /// What the incident means in a graph; `None` where the graph has no such component.
    pub(crate) fn mark(&self, graph: &Graph) -> Option<Mark> {
        let component = graph.by_id(&self.component)?;
        let selection = selection(graph, component, &self.reach).ok()?;
        Some(Mark { selection, hazard: self.hazard, window: self.window, kinds: Vec::new() })
    }
}

/// What marking a component selects; the error says why a range is none.
pub(crate) fn selection(
    graph: &Graph,
    component: ComponentId,
    reach: &Reach,
) -> Result<Selection, crate::graph::selector::SelectorError> {
    match reach {
        Reach::Scope(scope) => Ok(select::select_component(graph, component, *scope)),
        Reach::Range(range) => {
            let (kind, name) = (graph.kind(component), graph.text(graph.component(component).name).as_key());
            let selector = Selector::parse(&format!("{kind}:{name}{}", range.trim()))?;
            Ok(select::select(graph, &selector, Scope::AsWritten))
        }
    }
}

impl fmt::Display for Incident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "INC-{}", self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixture;
    use crate::model::state::State;
    use crate::query::impact::impact;

    #[test]
    fn an_incident_keeps_its_meaning_in_a_rebuilt_graph() {
        let incident = Incident {
            number: 1,
            component: "a".to_owned(),
            label: "a".to_owned(),
            reach: Reach::Scope(Scope::AsWritten),
            hazard: Hazard::Poisoned,
            window: Window::default(),
            reason: String::new(),
        };
        let graph = fixture::graph("0 -> z@staging\na -> b -> x@production");
        let answer = impact(&graph, &[incident.mark(&graph).unwrap()]);
        assert_eq!(answer.state(graph.find("x@production").unwrap()), State::Affected);
        assert!(incident.mark(&fixture::graph("b -> x@production")).is_none());
    }

    #[test]
    fn a_range_that_is_none_is_said() {
        let graph = fixture::graph("package:torch -> a");
        let torch = graph.find("torch@1.0").unwrap();
        assert!(selection(&graph, torch, &Reach::Range("<".to_owned())).is_err());
        assert_eq!(selection(&graph, torch, &Reach::Range("==1.0".to_owned())).unwrap().starts.len(), 1);
    }
}
