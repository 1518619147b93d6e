//! What holes hide. It does not depend on which components are marked, so it is worked out once a graph for each hazard and
//! set of marked kinds.

use crate::graph::Graph;
use crate::graph::bits::Bits;
use crate::graph::ids::ComponentId;
use crate::graph::kept::Shadow;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::query::holes;
use crate::query::holes::Missing;
use crate::query::spread::Passage;
use crate::query::spread::Passages;
use std::sync::Arc;

/// Components that may hide the marked one: all with a hole, all that take a declared root by name only, and all that is
/// downstream of these under the hazard.
pub(super) fn shadow(graph: &Graph, hazard: Hazard, marked: &[Kind]) -> Arc<Shadow> {
    let key = marked.iter().fold((hazard as u32) << Kind::ALL.len(), |key, kind| key | 1 << *kind as u32);
    graph.kept().shadow(key, || make(graph, hazard, marked))
}

/// What the nearest hole upstream of a deployment lacks; of several at one distance that of the least id.
pub(super) fn nearest(graph: &Graph, shadow: &Shadow, deployment: ComponentId) -> Option<Missing> {
    let at = deployment.row().checked_sub(graph.rows_of(Kind::Deployment).start)?;
    let number = usize::from(*shadow.nearest.get(at)?).checked_sub(1)?;
    Missing::ALL.get(number).copied()
}

/// Level by level from all holes at once, those of lesser ids first: who is met first is nearest.
fn make(graph: &Graph, hazard: Hazard, marked: &[Kind]) -> Shadow {
    let (links, passages) = (graph.links(), Passages::of(hazard));
    let mut doubtful = Bits::new(graph.len());
    for link in graph.roots().flat_map(|root| graph.down(root)) {
        if let Some(id) = holes::doubtful_root(graph, link).filter(|_| hazard.follows(graph.link(link).relation)) {
            doubtful.add(id.row());
        }
    }
    let mut hidden = Bits::new(graph.len());
    let mut nearest = vec![0_u8; graph.len()];
    let mut todo: Vec<u32> = Vec::new();
    for id in graph.ids() {
        // A file that was not read may hold anything, so it is named before what else a deployment lacks.
        let own = holes::missing(graph, id, hazard, marked).reduce(|a, b| if b == Missing::File { b } else { a });
        let own = own.or_else(|| doubtful.has(id.row()).then_some(Missing::Document));
        if let Some(missing) = own {
            hidden.add(id.row());
            nearest[id.row()] = missing as u8 + 1;
            todo.extend(links.leads_on().has(id.row()).then_some(id.row() as u32));
        }
    }
    let mut at = 0;
    while let Some(row) = todo.get(at).copied() {
        at += 1;
        for hop in links.down(row as usize) {
            let end = hop.end();
            if passages.at(hop.meta()) != Passage::No && hidden.add(end) {
                nearest[end] = nearest[row as usize];
                todo.extend(links.leads_on().has(end).then_some(end as u32));
            }
        }
    }
    let deployments = nearest.get(graph.rows_of(Kind::Deployment)).unwrap_or_default();
    Shadow { hidden, nearest: deployments.into() }
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
            let shadow = shadow(&graph, hazard, &[marked]);
            assert_eq!(shadow.hidden.has(chat.row()), hidden, "{hazard}");
            assert_eq!(nearest(&graph, &shadow, chat), hidden.then_some(Missing::Document), "{hazard}");
            assert_eq!(!holes::upstream(&graph, chat, hazard, &[marked]).is_empty(), hidden, "{hazard}: the reason is named");
        }
    }
}
