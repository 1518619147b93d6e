//! Whoever can add one document cannot take an AFFECTED deployment out of an answer (threats.md S6). What was only
//! POSSIBLE, by a name alone, may be settled by a document that has the whole identifier.
//!
//! Known limit: a document that claims name and version of a reference which states a hub entry and a digest takes over
//! what names that hub entry without a digest (design.md section 3 gives such a digest no component of its own). The
//! references drawn here state no hub entry beside a name.

use crate::graph::Graph;
use crate::graph::Input;
use crate::graph::build;
use crate::graph::selector::Selector;
use crate::graph::tests::Said;
use crate::graph::tests::about;
use crate::graph::tests::said;
use crate::model::document::Deployment;
use crate::model::document::Document;
use crate::model::document::MentionId;
use crate::model::document::Place;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::model::state::State;
use crate::query::impact::Mark;
use crate::query::impact::Window;
use crate::query::impact::impact;
use crate::query::select::Scope;
use crate::query::select::select;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::collections::BTreeSet;

/// Files whose deployment stands so when `selector` is marked.
fn files(graph: &Graph, selector: &str, stands: impl Fn(State) -> bool) -> BTreeSet<String> {
    let selection = select(graph, &Selector::parse(selector).unwrap(), Scope::AsWritten);
    let answer = impact(graph, &[Mark { selection, hazard: Hazard::Poisoned, window: Window::default(), kinds: Vec::new() }]);
    let hit = graph.of_kind(Kind::Deployment).filter(|id| stands(answer.state(*id)));
    hit.flat_map(|id| graph.declared_in(id)).map(|source| graph.file(source.document).as_key().to_owned()).collect()
}

fn graph_of(documents: &[(Said, Vec<Said>)]) -> Graph {
    let named = |(row, (subject, bases)): (usize, &(Said, Vec<Said>))| -> (String, Document) {
        (format!("{row}.yaml"), deployed(about(*subject, bases), row))
    };
    build(Input::of(documents.iter().enumerate().map(named).collect()))
}

/// The document's subject, running in a service of its own.
fn deployed(mut document: Document, row: usize) -> Document {
    let service = Some(document.texts.add(&row.to_string()));
    let place = Place { line: 9, column: 1 };
    let runs = document.deployment(Deployment { service, ..Deployment::default() }, place);
    document.link(MentionId(0), Relation::Deployed, runs, place);
    document
}

/// A document without hub entries beside its names.
fn plain() -> impl Strategy<Value = (Said, Vec<Said>)> {
    let without = |said: Said| Said { source: "", ..said };
    (said().prop_map(without), prop::collection::vec(said().prop_map(without), 0..3))
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn one_more_document_takes_nothing_out_of_an_answer(
        documents in prop::collection::vec(plain(), 1..5),
        added in plain(),
    ) {
        let digest = format!("sha256:{}01", "41".repeat(31));
        let before = graph_of(&documents);
        let after = graph_of(&[documents.clone(), vec![added]].concat());
        for selector in [digest.as_str(), "a", "a@1", "org/a", "a-v1", "model:b"] {
            let had = files(&before, selector, |state| state == State::Affected);
            let has = files(&after, selector, State::is_reached);
            prop_assert!(before.of_kind(Kind::Deployment).len() > 0);
            prop_assert!(had.is_subset(&has), "{}: {:?} became {:?}", selector, had, has);
        }
    }
}
