//! Folding: what counts, in which order, and that a journal that is not believed only widens.

use super::*;
use crate::incident::journal::Hash;
use crate::incident::journal::body::Assign;
use crate::incident::journal::body::Close;
use crate::incident::journal::body::Grow;
use crate::incident::journal::body::Note;
use crate::incident::journal::body::Open;
use crate::incident::journal::body::Take;
use crate::incident::journal::body::Undo;
use crate::query::select::Scope;
use proptest::prelude::*;

fn question(selector: &str) -> Question {
    Question { selectors: vec![selector.to_owned()], hazard: None, scope: Scope::AsWritten, since: None, until: None }
}

fn inc(n: u64) -> String {
    format!("INC-{n}")
}

fn open(n: u64) -> Body {
    Body::Open(Open { incident: inc(n), question: question(&n.to_string()), aware: None, reason: None, advisory: None })
}

fn decide(deployment: &str, action: Action) -> Body {
    let basis = Basis { environment: None, models: Vec::new(), closure: String::new(), files: BTreeMap::new() };
    let (incident, deployment) = (inc(1), deployment.to_owned());
    Body::Decide(Decide { incident, deployment, action, due: None, meanwhile: None, note: None, basis })
}

fn undo(entry: u64) -> Body {
    Body::Undo(Undo { entry, reason: None })
}

/// Entries in the order given; times run backwards, which must not matter.
fn entries(bodies: Vec<(&str, Body)>) -> Vec<Entry> {
    let entry = |(row, (actor, body)): (usize, (&str, Body))| Entry {
        seq: row as u64 + 1,
        time: Moment::at(1_770_000_000 - i64::try_from(row).unwrap()).unwrap(),
        actor: actor.to_owned(),
        body,
        repository: String::new(),
        prev: Hash::NONE,
        signed: None,
        hash: Hash::NONE,
    };
    bodies.into_iter().enumerate().map(entry).collect()
}

fn current<'a>(book: &'a Book, deployment: &str) -> Option<&'a Decision> {
    book.cases[0].rows.get(deployment)?.decisions.last()
}

#[test]
fn the_later_entry_counts_and_both_stand() {
    let book =
        fold(&entries(vec![("a", open(1)), ("a", decide("x", Action::Quarantine)), ("b", decide("x", Action::Retrain))]), true);
    assert_eq!(book.cases[0].rows["x"].decisions.len(), 2);
    let decision = current(&book, "x").unwrap();
    assert_eq!((decision.action.word(), decision.by.actor.as_str(), decision.by.seq), ("retrain", "b", 3));
}

#[test]
fn an_undo_brings_back_what_was_before_and_an_undo_of_it_what_was_undone() {
    let mut all =
        vec![("a", open(1)), ("a", decide("x", Action::Quarantine)), ("b", decide("x", Action::Retrain)), ("a", undo(3))];
    let book = fold(&entries(all.clone()), true);
    assert_eq!(current(&book, "x").unwrap().action, Action::Quarantine);
    assert_eq!(book.cases[0].rows["x"].undone.as_ref().unwrap().1.seq, 4);
    all.push(("b", undo(4)));
    assert_eq!(current(&fold(&entries(all.clone()), true), "x").unwrap().action, Action::Retrain);
    all.push(("a", undo(1)));
    assert!(fold(&entries(all), true).cases[0].undone.is_some());
}

#[test]
fn what_is_done_is_one_decision_and_not_the_one_that_comes_back() {
    let done = |decision, share| {
        let (incident, deployment) = (inc(1), "x".to_owned());
        Body::Done(Done { incident, deployment, decision, share, note: None })
    };
    let mut all = vec![("a", open(1)), ("a", decide("x", Action::Quarantine)), ("a", decide("x", Action::Retrain))];
    all.push(("a", done(3, Some(Share { done: 12, of: 40 }))));
    assert!(!current(&fold(&entries(all.clone()), true), "x").unwrap().is_done(), "a part is not the whole");
    all.push(("a", done(3, Some(Share { done: 40, of: 40 }))));
    assert!(current(&fold(&entries(all.clone()), true), "x").unwrap().is_done());
    all.push(("a", undo(3)));
    let book = fold(&entries(all), true);
    let decision = current(&book, "x").unwrap();
    assert!(decision.action == Action::Quarantine && !decision.is_done());
}

#[test]
fn everything_else_of_an_incident_is_folded() {
    let note = |text: &str, report: Option<&str>| {
        let report = report.map(str::to_owned);
        Body::Note(Note { incident: inc(1), deployment: None, text: text.to_owned(), report })
    };
    let mut all = vec![("a", open(1)), ("b", Body::Take(Take { incident: inc(1) })), ("a", note("called them", None))];
    all.push(("a", note("sent", Some("early-warning"))));
    all.push(("a", note("sent again", Some("early-warning"))));
    all.push(("a", Body::Assign(Assign { incident: inc(1), deployment: "x".to_owned(), owner: "care".to_owned() })));
    all.push(("a", Body::Grow(Grow { incident: inc(1), question: question("more"), reason: None, advisory: None })));
    all.push((
        "a",
        Body::Close(Close {
            incident: inc(1),
            open: BTreeMap::from([("x".to_owned(), "POSSIBLE".to_owned())]),
            reason: Some("r".to_owned()),
        }),
    ));
    all.push(("a", open(2)));
    let book = fold(&entries(all), true);
    let case = &book.cases[0];
    assert_eq!((case.lead.as_str(), case.notes.len(), case.reports["early-warning"].seq), ("b", 3, 4));
    assert_eq!((case.rows["x"].owner.as_deref(), case.parts.len()), (Some("care"), 2));
    assert_eq!(case.closed.as_ref().unwrap().open["x"], "POSSIBLE");
    assert_eq!((book.next_id(), book.case("inc-2").is_some()), (inc(3), true));
    assert!(book.same(&question("1"), None).is_none(), "a closed incident does not take the question");
    assert_eq!(book.same(&question(" 2 "), None).unwrap().id, inc(2));
    assert_eq!(book.same(&question("2"), Some("INC-1")), None);
    assert_eq!(book.same(&question("more"), None), None);
}

#[test]
fn a_journal_that_is_not_believed_contains_closes_and_settles_nothing() {
    let mut all = vec![("a", open(1)), ("a", decide("x", Action::Quarantine)), ("a", decide("y", Action::Quarantine))];
    all.push(("a", undo(3)));
    all.push(("a", Body::Take(Take { incident: inc(1) })));
    all.push(("a", Body::Close(Close { incident: inc(1), open: BTreeMap::new(), reason: None })));
    all.push(("a", undo(1)));
    let book = fold(&entries(all), false);
    let case = &book.cases[0];
    assert!(!current(&book, "x").unwrap().believed);
    assert!(current(&book, "y").is_none(), "taking a decision back widens");
    assert!(case.closed.is_none() && case.undone.is_none());
    let nameless = fold(&entries(vec![("a", open(1)), (" \u{200b}", decide("x", Action::Quarantine))]), true);
    assert!(!current(&nameless, "x").unwrap().believed, "a decision needs a name");
}

/// The definition: an entry counts unless an undo of it counts.
fn counts(entries: &[Entry], row: usize) -> bool {
    let undoes = |later: usize| matches!(&entries[later].body, Body::Undo(undo) if undo.entry == entries[row].seq);
    !(row + 1..entries.len()).any(|later| undoes(later) && counts(entries, later))
}

/// What one of two responders does next.
fn step() -> impl Strategy<Value = (bool, u8, u64)> {
    (any::<bool>(), 0_u8..4, 1_u64..14)
}

proptest! {
    /// Whatever two responders do, in whatever order their entries come: the last decision of a row that was not taken back
    /// counts, by the number of the entry alone.
    #[test]
    fn any_interleaving_of_two_folds_as_its_definition_says(steps in prop::collection::vec(step(), 0..14)) {
        let mut bodies = vec![("a", open(1))];
        for (second, what, target) in steps {
            let body = match what {
                0 => decide("x", Action::Quarantine),
                1 => decide(if target % 2 == 0 { "x" } else { "y" }, Action::Retrain),
                _ => undo(target),
            };
            bodies.push((if second { "b" } else { "a" }, body));
        }
        let all = entries(bodies);
        let book = fold(&all, true);
        for name in ["x", "y"] {
            let of_row = |entry: &Entry| matches!(&entry.body, Body::Decide(decide) if decide.deployment == name);
            let expected: Vec<u64> = (0..all.len()).filter(|row| of_row(&all[*row]) && counts(&all, *row)).map(|row| all[row].seq).collect();
            let decisions = book.cases[0].rows.get(name).map_or(&[][..], |row| &row.decisions[..]);
            prop_assert_eq!(decisions.iter().map(|decision| decision.by.seq).collect::<Vec<_>>(), expected);
        }
        prop_assert_eq!(book.cases[0].undone.is_none(), counts(&all, 0));
        let unbelieved = fold(&all, false);
        for row in unbelieved.cases[0].rows.values() {
            prop_assert!(row.decisions.iter().all(|decision| !decision.believed));
        }
    }

    /// Whatever the numbers say (a journal that is not believed may claim any), folding ends.
    #[test]
    fn numbers_that_are_no_order_are_folded_too(numbers in prop::collection::vec((0_u64..6, 0_u64..6), 0..10)) {
        let mut all = entries(numbers.iter().map(|(_, target)| ("a", undo(*target))).collect());
        for (entry, (seq, _)) in all.iter_mut().zip(&numbers) {
            entry.seq = *seq;
        }
        prop_assert!(fold(&all, false).cases.is_empty() && fold(&all, true).cases.is_empty());
    }
}
