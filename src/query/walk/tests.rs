//! The walk against its definition, on graphs with choices, contradictions, cycles, mentions that are marked, and windows.

use crate::graph::Graph;
use crate::graph::Input;
use crate::graph::bare::BareLink;
use crate::graph::bare::bare;
use crate::graph::build;
use crate::graph::ids::ComponentId;
use crate::graph::ids::StatementId;
use crate::graph::select::Match;
use crate::graph::select::Start;
use crate::graph::select::StartAt;
use crate::graph::tests::Said;
use crate::graph::tests::about;
use crate::graph::tests::said;
use crate::model::date::Day;
use crate::model::hazard::Hazard;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::model::state::State;
use crate::query::holes;
use crate::query::impact::Mark;
use crate::query::impact::Window;
use crate::query::impact::impact;
use crate::query::select::Selection;
use crate::query::walk::Step;
use crate::query::walk::Walk;
use crate::query::walk::slow::Slow;
use proptest::prelude::*;
use std::fmt::Write as _;

/// A document's subject and bases; by base when it was downloaded and how sure its link is at best.
type Drawn = (Said, Vec<(Said, Option<u32>, Evidence)>);

fn day(number: u32) -> Day {
    Day::parse(&format!("2026-01-{:02}", number + 1)).unwrap()
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let grades = prop::sample::select(vec![Evidence::Digest, Evidence::Digest, Evidence::Name, Evidence::Clash]);
    (said(), prop::collection::vec((said(), prop::option::of(0..4_u32), grades), 0..4))
}

fn graph_of(documents: &[Drawn], roots: Vec<String>) -> Graph {
    let document = |(row, (subject, bases)): (usize, &Drawn)| {
        let said: Vec<Said> = bases.iter().map(|(said, ..)| *said).collect();
        let mut document = about(*subject, &said);
        for (row, (_, downloaded, at_best)) in bases.iter().enumerate() {
            document.mentions[row + 1].downloaded = downloaded.map(day);
            document.links[row].at_best = *at_best;
        }
        (format!("{row}.yaml"), document)
    };
    let mut input = Input::of(documents.iter().enumerate().map(document).collect());
    input.settings.roots = roots;
    build(input)
}

/// Something that is marked: a component or a statement, surely or not.
type Begun = (prop::sample::Index, bool, bool);

fn starts(graph: &Graph, begun: &[Begun]) -> Vec<Start> {
    let start = |(pick, mention, sure): &Begun| Start {
        at: if *mention {
            StartAt::Mention(StatementId::new(pick.index(graph.statements().len())))
        } else {
            StartAt::Component(ComponentId::new(pick.index(graph.len())))
        },
        sure: *sure,
        matched: Match::Name,
    };
    let mut all: Vec<Start> = begun.iter().map(start).collect();
    all.sort_by_key(|start| start.at);
    all.dedup_by_key(|start| start.at);
    all
}

fn begun() -> impl Strategy<Value = Vec<Begun>> {
    prop::collection::vec((any::<prop::sample::Index>(), any::<bool>(), any::<bool>()), 0..4)
}

fn window() -> impl Strategy<Value = Window> {
    (prop::option::of(0..4_u32), prop::option::of(0..4_u32))
        .prop_map(|(since, until)| Window { since: since.map(day), until: until.map(day) })
}

fn shown(steps: &[Step]) -> String {
    steps.iter().fold(String::new(), |mut out, s| {
        writeln!(out, "{:?} {} {:?} {:?}", s.link, s.evidence, s.source, s.mention).unwrap();
        out
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn the_walk_is_what_its_definition_says(
        documents in prop::collection::vec(drawn(), 1..6),
        marks in prop::collection::vec((begun(), window(), 0..3_usize), 1..3),
        root in any::<bool>(),
    ) {
        let graph = graph_of(&documents, if root { vec!["a".to_owned()] } else { Vec::new() });
        let marks: Vec<Mark> = marks.iter().map(|(begun, window, hazard)| Mark {
            selection: Selection { starts: starts(&graph, begun), ruled_out: Vec::new() },
            hazard: Hazard::ALL[*hazard],
            window: *window,
            kinds: Vec::new(),
        }).collect();
        let mut all = Vec::new();
        for mark in &marks {
            let walk = Walk::new(&graph, &mark.selection.starts, mark.hazard, mark.window);
            let slow = Slow::new(&graph, &mark.selection.starts, mark.hazard, mark.window);
            for id in graph.ids() {
                let n_weak = walk.reached().has(id.row()).then(|| u32::from(!walk.sure().has(id.row())));
                prop_assert_eq!(n_weak, slow.n_weak(id).map(|n| n.min(1)), "{:?}", id);
                prop_assert_eq!(walk.n_links(&graph, id), slow.n_links(id));
                prop_assert_eq!(shown(&walk.path(&graph, id)), shown(&slow.path(&graph, id)));
                prop_assert_eq!(walk.is_marked(id), slow.is_marked(id));
            }
            prop_assert_eq!(walk.outside_window(&graph), slow.outside_window(&graph));
            all.push(slow);
        }
        let answer = impact(&graph, &marks);
        for id in graph.ids() {
            let best = all.iter().filter(|slow| slow.n_weak(id).is_some()).min_by_key(|slow| (slow.n_weak(id), slow.n_links(id)));
            let hidden = || marks.iter().any(|mark| {
                let kinds: Vec<Kind> = mark.selection.starts.iter().map(|start| match start.at {
                    StartAt::Component(component) => graph.kind(component),
                    StartAt::Mention(statement) => graph.statements().get(statement).kind,
                }).collect();
                !holes::upstream(&graph, id, mark.hazard, &kinds).is_empty()
            });
            let expected = match best {
                Some(slow) if slow.n_weak(id) == Some(0) => State::Affected,
                Some(_) => State::Possible,
                None if hidden() => State::Unknown,
                None => State::Clear,
            };
            prop_assert_eq!(answer.state(id), expected, "{}", graph.id(id).show());
            prop_assert_eq!(shown(&answer.path(&graph, id)), best.map(|slow| shown(&slow.path(&graph, id))).unwrap_or_default());
        }
        for kind in Kind::ALL {
            let counts = answer.counts(&graph, kind);
            for state in State::ALL {
                let listed = graph.of_kind(kind).filter(|id| kind == Kind::Deployment || !answer.is_marked(*id));
                prop_assert_eq!(counts.of(state), listed.filter(|id| answer.state(*id) == state).count());
            }
            let alone: Vec<_> = marks.iter().map(|mark| impact(&graph, std::slice::from_ref(mark)).counts(&graph, kind)).collect();
            prop_assert_eq!(answer.each(&graph, kind, &vec![1; marks.len()]), alone);
        }
    }
}

/// A chain of ten models that ends in a deployment, beside a hub of ten thousand.
#[test]
fn a_walk_looks_at_what_it_reaches_and_no_more() {
    let mut components = vec![(Kind::Model, true); 10_011];
    components.push((Kind::Deployment, true));
    let link = |upstream, downstream| BareLink { upstream, downstream, relation: Relation::Base, evidence: Evidence::Digest };
    let deployed = BareLink { relation: Relation::Deployed, ..link(9, 10_011) };
    let links = (1..10).map(|n| link(n - 1, n)).chain([deployed]).chain((11..10_011).map(|n| link(10, n)));
    let (graph, _) = bare(&components, links);
    let walked = |row: usize| {
        let starts = [Start { at: StartAt::Component(ComponentId::new(row)), sure: true, matched: Match::Name }];
        Walk::new(&graph, &starts, Hazard::Poisoned, Window::default())
    };
    assert_eq!([walked(0).n_links, walked(9).n_links, walked(10).n_links, walked(11).n_links], [10, 1, 10_000, 0]);
    let walk = walked(0);
    let end = graph.of_kind(Kind::Deployment).next().unwrap();
    assert_eq!(walk.n_costs(), 0);
    assert_eq!(walk.n_links(&graph, end), 10);
    assert_eq!(walk.n_costs(), 11);
}
