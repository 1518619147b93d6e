//! The cut against all subsets, and the waves against their definition.

use super::*;
use crate::graph::bare::BareLink;
use crate::graph::bare::bare;
use crate::graph::select::Match;
use crate::graph::select::StartAt;
use crate::model::hazard::Hazard;
use crate::model::kind::Evidence;
use crate::model::kind::Relation;
use crate::query::impact::Mark;
use crate::query::impact::Window;
use crate::query::impact::impact;
use crate::query::select::Selection;
use proptest::prelude::*;
use std::collections::BTreeSet;

const MODELS: usize = 8;
const DEPLOYMENTS: usize = 4;

/// Models of which some have no document, and deployments, with any links between models and from them to deployments.
#[derive(Debug, Clone)]
struct Drawn {
    documented: Vec<bool>,
    links: Vec<(usize, usize, bool)>,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let links = prop::collection::vec((0..MODELS, 0..MODELS + DEPLOYMENTS, prop::bool::weighted(0.2)), 0..24);
    (prop::collection::vec(prop::bool::weighted(0.8), MODELS), links).prop_map(|(documented, links)| Drawn { documented, links })
}

impl Drawn {
    /// The graph without the links down of some models, and where each number stands in it.
    fn graph(&self, replaced: &[usize]) -> (Graph, Vec<u32>) {
        let models = self.documented.iter().map(|documented| (Kind::Model, *documented));
        let deployments = std::iter::repeat_n((Kind::Deployment, true), DEPLOYMENTS);
        let kept = self.links.iter().filter(|(from, ..)| !replaced.contains(from));
        let links = kept.map(|(from, to, weak)| BareLink {
            upstream: *from as u32,
            downstream: *to as u32,
            relation: if *to < MODELS { Relation::Base } else { Relation::Deployed },
            evidence: if *weak { Evidence::Name } else { Evidence::Digest },
        });
        bare(&models.chain(deployments).collect::<Vec<_>>(), links)
    }

    /// How everything stands when the first model is marked.
    fn impact(&self, graph: &Graph, rows: &[u32]) -> Impact {
        let _ = self;
        let start = Start { at: StartAt::Component(ComponentId::new(rows[0] as usize)), sure: true, matched: Match::Name };
        let selection = Selection { starts: vec![start], ruled_out: Vec::new() };
        impact(graph, &[Mark { selection, hazard: Hazard::Poisoned, window: Window::default(), kinds: Vec::new() }])
    }

    /// Which of the deployments are reached at all, by number, with some models replaced.
    fn reached(&self, replaced: &[usize]) -> BTreeSet<usize> {
        let (graph, rows) = self.graph(replaced);
        let impact = self.impact(&graph, &rows);
        let reached = |number: &usize| impact.state(ComponentId::new(rows[*number] as usize)).is_reached();
        (MODELS..MODELS + DEPLOYMENTS).filter(reached).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn the_cut_is_the_least_of_all_that_clear(drawn in drawn()) {
        let (graph, rows) = drawn.graph(&[]);
        let impact = drawn.impact(&graph, &rows);
        let facts = |_| Facts::default();
        let question = Question { graph: &graph, impact: &impact, open: &impact, ranges: &[], facts: &facts };
        let plan = plan(&question);
        let number = |id: &ComponentId| rows.iter().position(|row| *row as usize == id.row()).unwrap();
        let ours: Vec<usize> = (1..MODELS).filter(|model| drawn.documented[*model]).collect();
        let affected: BTreeSet<usize> = question.affected().iter().map(number).collect();
        let left = drawn.reached(&ours);
        let beyond: BTreeSet<usize> = plan.cut.beyond.iter().map(number).collect();
        prop_assert_eq!(&beyond, &affected.intersection(&left).copied().collect());
        let wanted: BTreeSet<usize> = affected.difference(&beyond).copied().collect();
        prop_assert_eq!(plan.cut.clears, wanted.len());
        let clears = |some: &[usize]| drawn.reached(some).is_disjoint(&wanted);
        let chosen: Vec<usize> = plan.cut.models.iter().map(|(id, _)| number(id)).collect();
        prop_assert!(chosen.iter().all(|model| ours.contains(model)) && clears(&chosen), "{:?} of {:?}", chosen, wanted);
        for subset in 0_u32..1 << ours.len() {
            let some: Vec<usize> = ours.iter().enumerate().filter(|(at, _)| subset >> at & 1 == 1).map(|(_, m)| *m).collect();
            prop_assert!(some.len() >= chosen.len() || !clears(&some), "{:?} is less than {:?}", some, chosen);
        }
        for (id, alone) in &plan.cut.models {
            let left = drawn.reached(&[number(id)]);
            prop_assert_eq!(wanted.iter().filter(|deployment| !left.contains(deployment)).count(), *alone);
        }
    }

    #[test]
    fn a_model_is_rebuilt_after_what_it_is_made_of(drawn in drawn()) {
        // Without cycles: links between models go up in number.
        let forward = drawn.links.iter().filter(|(from, to, _)| from < to).copied().collect();
        let drawn = Drawn { links: forward, ..drawn };
        let (graph, rows) = drawn.graph(&[]);
        let impact = drawn.impact(&graph, &rows);
        let facts = |_| Facts::default();
        let question = Question { graph: &graph, impact: &impact, open: &impact, ranges: &[], facts: &facts };
        let waves = plan(&question).waves;
        let wave_of = |id: ComponentId| waves.waves.iter().position(|wave| wave.iter().any(|model| model.id == id));
        let affected: BTreeSet<ComponentId> = question.affected().into_iter().collect();
        let needed = |id: ComponentId| {
            let (mut todo, mut seen) = (vec![id], BTreeSet::new());
            while let Some(id) = todo.pop().filter(|_| seen.is_disjoint(&affected)) {
                if seen.insert(id) {
                    todo.extend(graph.down(id).map(|link| graph.link(link).downstream).filter(|id| impact.state(*id).is_reached()));
                }
            }
            !seen.is_disjoint(&affected)
        };
        for id in graph.of_kind(Kind::Model) {
            let rebuilt = question.is_ours(id) && impact.state(id) == State::Affected && needed(id);
            prop_assert_eq!(wave_of(id).is_some(), rebuilt);
            for upstream in graph.up(id).map(|link| graph.link(link).upstream).filter(|up| wave_of(*up).is_some()) {
                prop_assert!(wave_of(id).is_none_or(|own| wave_of(upstream) < Some(own)));
            }
        }
        prop_assert!(waves.waves.iter().all(|wave| !wave.is_empty()));
    }
}
