//! Worklists on drawn graphs: what contains, what opens a row again, and what stands beside.

use super::*;
use crate::graph::build;
use crate::graph::fixture;
use crate::incident::book;
use crate::incident::clocks;
use crate::incident::filter::Filter;
use crate::incident::filter::FilterError;
use crate::incident::journal::Entry;
use crate::incident::journal::Hash;
use crate::incident::journal::body;
use crate::incident::journal::body::Body;
use crate::incident::journal::body::Justification;
use crate::incident::journal::body::Question;
use crate::query::select::Scope;
use std::collections::BTreeMap;

const DRAWING: &str = "a -> b -> chat@production\nb ..> notes@staging\nhole? -> draft@staging\nz -> other@production";

/// Entries one after another, a minute apart, all by `who`.
#[derive(Default)]
struct Pen(Vec<Entry>);

impl Pen {
    fn write(&mut self, body: Body) -> &mut Self {
        let seq = self.0.len() as u64 + 1;
        let time = Moment::BEGIN.after(60 * i64::try_from(seq).unwrap());
        let (actor, repository) = ("who".to_owned(), String::new());
        self.0.push(Entry { seq, time, actor, body, repository, prev: Hash::NONE, signed: None, hash: Hash::NONE });
        self
    }

    fn open(&mut self, n: u64, selector: &str) -> &mut Self {
        let question = question(selector);
        self.write(Body::Open(body::Open { incident: format!("INC-{n}"), question, aware: None, reason: None, advisory: None }))
    }

    fn decide(&mut self, n: u64, graph: &Graph, deployment: &str, action: Action) -> &mut Self {
        let component = graph.find(deployment).unwrap();
        let basis = with(graph, Moment::BEGIN, |world| standing::basis(world, component));
        let (incident, deployment) = (format!("INC-{n}"), graph.id(component).as_key().to_owned());
        let (due, meanwhile, note) = (None, None, None);
        self.write(Body::Decide(body::Decide { incident, deployment, action, due, meanwhile, note, basis }))
    }

    fn book(&self) -> Book {
        book::fold(&self.0, true)
    }
}

fn question(selector: &str) -> Question {
    Question { selectors: vec![selector.to_owned()], hazard: None, scope: Scope::AsWritten, since: None, until: None }
}

fn with<R>(graph: &Graph, now: Moment, ask: impl FnOnce(&World<'_>) -> R) -> R {
    ask(&World { graph, now, inventories: &[], digest: &|_| None })
}

/// `deployment state` of every row of an incident.
fn rows(book: &Book, graph: &Graph, n: usize) -> Vec<String> {
    let shown = |line: &Line<'_>| {
        let label = line.component.map_or("gone", |id| graph.label(id).as_key());
        format!("{label} {}", line.state.map_or("-", State::word))
    };
    with(graph, Moment::BEGIN.after(86_400), |world| answers(book, world)[n].lines.iter().map(shown).collect())
}

#[test]
fn only_a_decision_that_contains_makes_a_row_contained() {
    let graph = fixture::graph(DRAWING);
    let not_affected = Action::NotAffected { justification: Justification::ComponentNotPresent, evidence: "x".to_owned() };
    let ask = Action::Ask { whom: "risk".to_owned(), what: "x".to_owned() };
    for (deployment, action, expected) in [
        ("chat@production", Action::Quarantine, "chat@production CONTAINED"),
        ("chat@production", Action::Retrain, "chat@production CONTAINED"),
        ("chat@production", ask.clone(), "chat@production AFFECTED"),
        ("notes@staging", not_affected.clone(), "notes@staging CONTAINED"),
        ("notes@staging", ask.clone(), "notes@staging POSSIBLE"),
        ("draft@staging", ask, "draft@staging UNKNOWN"),
        ("draft@staging", Action::Quarantine, "draft@staging CONTAINED"),
        ("draft@staging", not_affected, "draft@staging UNKNOWN"),
    ] {
        let mut pen = Pen::default();
        let book = pen.open(1, "a").decide(1, &graph, deployment, action.clone()).book();
        let rows = rows(&book, &graph, 0);
        assert_eq!(rows.len(), 3, "{rows:?}");
        assert!(rows.contains(&expected.to_owned()), "{action:?}: {rows:?}");
    }
}

#[test]
fn a_decision_speaks_for_its_incident_only() {
    let graph = fixture::graph(DRAWING);
    let mut pen = Pen::default();
    pen.open(1, "a").open(2, "b").decide(1, &graph, "chat@production", Action::Quarantine);
    assert_eq!(rows(&pen.book(), &graph, 0)[0], "chat@production AFFECTED", "INC-2 reaches it too");
    assert_eq!(rows(&pen.book(), &graph, 1)[0], "chat@production AFFECTED");
    pen.decide(2, &graph, "chat@production", Action::Retrain);
    for n in [0, 1] {
        assert!(rows(&pen.book(), &graph, n).contains(&"chat@production CONTAINED".to_owned()));
    }
    let close = body::Close { incident: "INC-2".to_owned(), open: BTreeMap::new(), reason: None };
    pen.write(Body::Undo(body::Undo { entry: 4, reason: None })).write(Body::Close(close));
    assert!(rows(&pen.book(), &graph, 0).contains(&"chat@production CONTAINED".to_owned()), "a closed one asks no more");
}

#[test]
fn what_is_decided_of_ends_with_what_it_was_and_stays_with_what_is_beside_it() {
    let before = fixture::graph(DRAWING);
    let mut pen = Pen::default();
    let book = pen.open(1, "a").decide(1, &before, "chat@production", Action::Quarantine).book();
    for (drawing, state, stage) in [
        (format!("{DRAWING}\ny -> z"), Some(State::Contained), Stage::Decided),
        (format!("{DRAWING}\ndataset:d -> b"), Some(State::Affected), Stage::Ended),
        (DRAWING.replace("b -> chat", "b --> chat"), Some(State::Affected), Stage::Ended),
        ("a -> b".to_owned(), None, Stage::Decided),
        (DRAWING.replace("a -> b", "a -> z\nb"), Some(State::Clear), Stage::Ended),
    ] {
        let graph = fixture::graph(&drawing);
        with(&graph, Moment::BEGIN, |world| {
            let answers = answers(&book, world);
            let line = answers[0].lines.iter().find(|line| line.decision.is_some()).unwrap();
            assert_eq!((line.state, line.stage), (state, Some(stage)), "{drawing}: {:?}", line.why);
            assert_eq!(stage == Stage::Ended, !line.why.is_empty() && line.component.is_some(), "{drawing}");
        });
    }
}

#[test]
fn a_row_that_a_later_question_reaches_is_open_again() {
    let graph = fixture::graph("a -> b -> chat@production\nz -> b\nz -> other@production");
    let mut pen = Pen::default();
    pen.open(1, "a").decide(1, &graph, "chat@production", Action::Quarantine);
    let grow = |selector| {
        Body::Grow(body::Grow { incident: "INC-1".to_owned(), question: question(selector), reason: None, advisory: None })
    };
    pen.write(grow("nothing-yet"));
    assert_eq!(rows(&pen.book(), &graph, 0), ["chat@production CONTAINED"], "it reaches nothing");
    pen.write(grow("z"));
    assert_eq!(rows(&pen.book(), &graph, 0), ["chat@production AFFECTED", "other@production AFFECTED"]);
    pen.decide(1, &graph, "chat@production", Action::Quarantine);
    assert_eq!(rows(&pen.book(), &graph, 0), ["other@production AFFECTED", "chat@production CONTAINED"], "decided anew");
}

#[test]
fn an_incident_without_a_match_has_no_rows_but_watches() {
    let mut pen = Pen::default();
    let book = pen.open(1, "newcomer").book();
    assert!(rows(&book, &fixture::graph(DRAWING), 0).is_empty());
    assert_eq!(rows(&book, &fixture::graph("newcomer -> x@production"), 0), ["x@production AFFECTED"]);
}

#[test]
fn clocks_stop_by_entries_and_are_late_by_themselves() {
    let mut input = fixture::input("a -> b -> chat@production\nb -> notes@staging");
    let limits = |seconds| vec![("default".to_owned(), seconds)];
    input.settings.response = Response {
        answer: Some(30),
        decide: limits(600),
        done: limits(3_600),
        reports: vec![("early-warning".to_owned(), 86_400)],
    };
    let graph = build(input);
    let mut pen = Pen::default();
    let clock = |pen: &Pen, name: &str| {
        with(&graph, Moment::BEGIN, |world| {
            let book = pen.book();
            let answers = answers(&book, world);
            let all = clocks::clocks(&answers[0], &graph.settings().response);
            all.into_iter().find(|clock| clock.name == name).unwrap()
        })
    };
    let at = |minute: i64| Some(Moment::BEGIN.after(60 * minute));
    pen.open(1, "a");
    assert_eq!((Some(clock(&pen, "answer").due), clock(&pen, "answer").met), (at(1).map(|m| m.after(30)), at(1)));
    pen.decide(1, &graph, "chat@production", Action::Retrain);
    assert_eq!((Some(clock(&pen, "decide default").due), clock(&pen, "decide default").met), (at(11), None), "one is left");
    assert!(clock(&pen, "decide default").is_late(at(12).unwrap()) && !clock(&pen, "decide default").is_late(at(11).unwrap()));
    pen.decide(1, &graph, "notes@staging", Action::Quarantine);
    assert_eq!((clock(&pen, "decide default").met, clock(&pen, "done default").met), (at(3), None));
    for (decision, name) in [(2, "chat@production"), (3, "notes@staging")] {
        let (incident, deployment) = ("INC-1".to_owned(), graph.id(graph.find(name).unwrap()).as_key().to_owned());
        pen.write(Body::Done(body::Done { incident, deployment, decision, share: None, note: None }));
    }
    assert_eq!(clock(&pen, "done default").met, at(5));
    let note = |report: Option<&str>| {
        let (text, report) = ("x".to_owned(), report.map(str::to_owned));
        Body::Note(body::Note { incident: "INC-1".to_owned(), deployment: None, text, report })
    };
    pen.write(note(None));
    assert_eq!(clock(&pen, "report early-warning").met, None);
    pen.write(note(Some("early-warning")));
    assert_eq!(clock(&pen, "report early-warning").met, at(7));
    pen.write(Body::Undo(body::Undo { entry: 5, reason: None }));
    assert_eq!(clock(&pen, "done default").met, None, "what was taken back stops nothing");
}

#[test]
fn a_filter_chooses_by_all_its_words() {
    let graph = fixture::graph(DRAWING);
    let mut pen = Pen::default();
    pen.open(1, "a").write(Body::Assign(body::Assign {
        incident: "INC-1".to_owned(),
        deployment: graph.id(graph.find("chat@production").unwrap()).as_key().to_owned(),
        owner: "Care".to_owned(),
    }));
    let book = pen.book();
    for (written, chosen) in [
        ("owner:care", "chat@production"),
        ("owner:", "notes@staging draft@staging"),
        ("env:stag*", "notes@staging draft@staging"),
        ("env:stag* state:possible", "notes@staging"),
        ("state:affected,unknown", "chat@production draft@staging"),
        ("service:chat,notes env:production", "chat@production"),
        ("chat*", "chat@production"),
        ("owner:legal", ""),
    ] {
        let filter = Filter::parse(written).unwrap();
        with(&graph, Moment::BEGIN, |world| {
            let answers = answers(&book, world);
            let matching = answers[0].lines.iter().filter(|line| filter.matches(&graph, line));
            let labels: Vec<&str> = matching.map(|line| graph.label(line.component.unwrap()).as_key()).collect();
            assert_eq!(labels.join(" "), chosen, "{written}");
        });
    }
    for (written, error) in [
        (" ", FilterError::Empty),
        ("colour:red", FilterError::NoSuchPart("colour".to_owned())),
        ("state:bad", FilterError::NoState("bad".to_owned())),
        ("owner:[", FilterError::NoGlob("[".to_owned())),
    ] {
        assert_eq!(Filter::parse(written).unwrap_err(), error);
    }
}
