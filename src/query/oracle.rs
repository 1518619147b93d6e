//! The definition of an answer, read aloud: plain recursion over all simple paths. Slow, obvious, for tests only.

use crate::graph::Graph;
use crate::graph::build;
use crate::graph::fixture;
use crate::graph::ids::ComponentId;
use crate::graph::select::Match;
use crate::graph::select::Start;
use crate::graph::select::StartAt;
use crate::model::hazard::Hazard;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::state::State;
use crate::query::deploys;
use crate::query::holes;
use crate::query::impact::Mark;
use crate::query::impact::Window;
use crate::query::impact::impact;
use crate::query::path;
use crate::query::rank;
use crate::query::select::Selection;
use proptest::prelude::*;

/// All simple paths from `from` to `to` over relations that the hazard follows: (weak links, links) of each.
fn simple_paths(graph: &Graph, from: ComponentId, to: ComponentId, hazard: Hazard) -> Vec<(u32, u32)> {
    fn extend(
        graph: &Graph,
        path: &mut Vec<ComponentId>,
        weak: u32,
        to: ComponentId,
        hazard: Hazard,
        found: &mut Vec<(u32, u32)>,
    ) {
        let at = path[path.len() - 1];
        if at == to {
            found.push((weak, path.len() as u32 - 1));
            return;
        }
        for link in graph.down(at).map(|link| graph.link(link)) {
            if hazard.follows(link.relation) && !path.contains(&link.downstream) {
                path.push(link.downstream);
                extend(graph, path, weak + u32::from(link.evidence.is_weak()), to, hazard, found);
                path.pop();
            }
        }
    }
    let mut found = Vec::new();
    extend(graph, &mut vec![from], 0, to, hazard, &mut found);
    found
}

/// The state of `id` when `marked` is marked, and the best path's links.
fn state(graph: &Graph, marked: ComponentId, sure: bool, id: ComponentId, hazard: Hazard) -> (State, u32) {
    let best = simple_paths(graph, marked, id, hazard).into_iter().min();
    match best {
        Some((0, links)) if sure => (State::Affected, links),
        Some((_, links)) => (State::Possible, links),
        None => {
            let hidden = graph.ids().any(|hole| {
                let holed = holes::missing(graph, hole, hazard, &[graph.kind(marked)]).next().is_some();
                holed && !simple_paths(graph, hole, id, hazard).is_empty()
            });
            (if hidden { State::Unknown } else { State::Clear }, 0)
        }
    }
}

/// A drawing of up to eight components; `?` names have no document.
fn drawing() -> impl Strategy<Value = String> {
    const NAMES: [&str; 9] = ["a", "b", "c", "d?", "e", "dataset:s", "package:p", "x@production", "y@staging"];
    const ARROWS: [&str; 4] = ["->", "-->", "..>", "!=>"];
    proptest::collection::vec((0..7_usize, 0..9_usize, 0..4_usize), 1..14).prop_map(|links| {
        let drawn = links
            .into_iter()
            .filter(|(up, down, _)| up != down && !(NAMES[*down].starts_with("package") || NAMES[*down].starts_with("dataset")));
        drawn.map(|(up, down, arrow)| format!("{} {} {}\n", NAMES[up], ARROWS[arrow], NAMES[down])).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn impact_agrees_with_all_simple_paths(drawing in drawing(), pick in any::<prop::sample::Index>(), hazard in 0..3_usize, sure in any::<bool>()) {
        let graph = fixture::graph(&drawing);
        prop_assume!(graph.len() > 0);
        let hazard = Hazard::ALL[hazard];
        let marked = ComponentId::new(pick.index(graph.len()));
        let starts = vec![Start { at: StartAt::Component(marked), sure, matched: Match::Name }];
        let mark = Mark { selection: Selection { starts, ruled_out: Vec::new() }, hazard, window: Window::default(), kinds: Vec::new() };
        let answer = impact(&graph, &[mark]);
        for id in graph.ids() {
            let (expected, links) = state(&graph, marked, sure, id, hazard);
            prop_assert_eq!(answer.state(id), expected, "{} in\n{}", graph.id(id).show(), drawing);
            if expected.is_reached() {
                prop_assert_eq!(answer.depth(&graph, id), links);
                let path = answer.path(&graph, id);
                prop_assert_eq!(path.len() as u32, links);
                let mut at = marked;
                for step in &path {
                    prop_assert_eq!(graph.link(step.link).upstream, at);
                    at = graph.link(step.link).downstream;
                }
                prop_assert_eq!(at, id);
            }
            if expected == State::Unknown && graph.kind(id) == Kind::Deployment {
                prop_assert_eq!(answer.lack(&graph, id), answer.holes(&graph, id).first().map(|hole| hole.missing));
            }
        }
    }

    #[test]
    fn the_rank_agrees_with_marking_each_component(drawing in drawing()) {
        let graph = fixture::graph(&drawing);
        let deploys = deploys::deploys(&graph);
        let rows = rank::rank(&graph, None, usize::MAX);
        prop_assert_eq!(rows.len(), graph.len());
        prop_assert!(rows.is_sorted_by(|a, b| (a.deployments, a.models, b.component) >= (b.deployments, b.models, a.component)));
        for row in rows {
            let id = row.component;
            let hazard = Hazard::default_for(graph.kind(id));
            for (kind, found) in [(Kind::Deployment, row.deployments), (Kind::Model, row.models)] {
                let others = graph.of_kind(kind).filter(|other| kind == Kind::Deployment || *other != id);
                let states: Vec<State> = others.map(|other| state(&graph, id, true, other, hazard).0).collect();
                let n = |wanted| states.iter().filter(|s| **s == wanted).count() as u32;
                let expected = rank::Reached { confirmed: n(State::Affected), possible: n(State::Possible) };
                prop_assert_eq!(found, expected, "{} of {} in\n{}", kind, graph.id(id).show(), drawing);
            }
            prop_assert_eq!(deploys.of(id), row.deployments);
        }
    }

    #[test]
    fn paths_are_all_the_simple_ones_best_first(drawing in drawing(), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>()) {
        let graph = fixture::graph(&drawing);
        prop_assume!(graph.len() > 1);
        let (from, to) = (ComponentId::new(from.index(graph.len())), ComponentId::new(to.index(graph.len())));
        prop_assume!(from != to);
        let mut expected = simple_paths(&graph, from, to, Hazard::Poisoned);
        expected.sort_unstable();
        let found = path::paths(&graph, from, to, Some(Hazard::Poisoned), usize::MAX);
        let costs: Vec<(u32, u32)> = found.paths.iter().map(|path| {
            (path.iter().filter(|step| step.evidence.is_weak()).count() as u32, path.len() as u32)
        }).collect();
        prop_assert_eq!(found.total, expected.len());
        prop_assert_eq!(costs, expected);
    }
}

#[test]
fn every_link_grade_and_kind_is_drawn() {
    let graph = fixture::graph("a -> b ..> x@production\npackage:p --> b\ndataset:s !=> a");
    let grades: Vec<Evidence> = graph.ids().flat_map(|id| graph.down(id)).map(|link| graph.link(link).evidence).collect();
    assert!(
        [Evidence::Digest, Evidence::Exact, Evidence::Name, Evidence::Clash].iter().all(|e| grades.contains(e)),
        "{grades:?}"
    );
    assert_eq!(build(fixture::input("a -> b")).len(), 2);
}
