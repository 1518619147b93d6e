//! The worklist, and deciding from it, as keys see it.

use crate::app::Focus;
use crate::app::Popup;
use crate::app::Screen;
use crate::app::View;
use crate::app::harness::Harness;
use crate::app::msg::Msg;
use crate::incident::journal::body;
use crate::incident::journal::body::Action;
use crate::incident::journal::body::Body;
use crate::incident::work::Place;
use crate::model::state::State;

const OPEN: &str = "/eute<Enter>m<Enter>w";

fn opened() -> Harness {
    let mut harness = Harness::sample();
    harness.send(Msg::Resize(80, 24));
    harness.keys(OPEN);
    assert!(matches!(harness.app.screen, Screen::Worklist), "{}", harness.message());
    harness
}

fn under_cursor(harness: &Harness) -> String {
    harness.app.worklist.item().unwrap().deployment.clone()
}

/// The decisions recorded, each with its deployment.
fn decisions(harness: &Harness) -> Vec<(String, &'static str)> {
    let decided = harness.entries.iter().filter_map(|entry| match &entry.body {
        Body::Decide(decide) => Some((decide.deployment.clone(), decide.action.word())),
        _ => None,
    });
    decided.collect()
}

fn note(harness: &mut Harness, text: &str) {
    let note = body::Note { incident: "INC-1".to_owned(), deployment: None, text: text.to_owned(), report: None };
    harness.theirs("legal-lead", Body::Note(note));
}

#[test]
fn its_counts_are_those_of_the_header() {
    let mut harness = opened();
    harness.keys("j<Enter><Enter>");
    let counts = harness.app.verdict.as_ref().unwrap().deployments;
    let work = harness.app.worklist.work.clone().unwrap();
    let of = |state: State| work.items.iter().filter(|item| item.state == state).count();
    assert_eq!(
        [of(State::Affected), of(State::Possible), of(State::Contained), of(State::Unknown)],
        [counts.affected, counts.possible, counts.contained, counts.unknown]
    );
    assert_eq!(work.count(Place::Open) + work.count(Place::Contained), 14);
    assert_eq!((work.count(Place::Contained), work.count(Place::ToFindOut)), (1, 2));
    assert!(harness.app.worklist.title().starts_with("Worklist INC-1: 1 of 14 decided, 2 to find out"));
}

#[test]
fn enter_two_enter_rolls_the_row_back() {
    let mut harness = opened();
    harness.keys("j");
    let deployment = under_cursor(&harness);
    harness.keys("<Enter>2<Enter>");
    assert_eq!(decisions(&harness), [(deployment.clone(), "rollback")]);
    assert!(harness.app.popup.is_none() && harness.message().contains("journal #2"), "{}", harness.message());
    assert_eq!(under_cursor(&harness), deployment, "the cursor stays on its row");
    assert_eq!(harness.app.worklist.item().unwrap().place, Place::Contained);
}

#[test]
fn what_others_record_moves_neither_cursor_nor_ticks() {
    let mut harness = opened();
    harness.keys("jj j");
    let (deployment, ticked) = (under_cursor(&harness), harness.app.worklist.ticked.clone());
    note(&mut harness, "called the hub");
    assert!(harness.message().contains("legal-lead"), "{}", harness.message());
    assert_eq!((under_cursor(&harness), &harness.app.worklist.ticked), (deployment, &ticked));
    harness.keys("b");
    assert_eq!(harness.app.worklist.ticked, ticked, "grouping neither");
}

#[test]
fn who_decided_first_is_told_that_another_decision_counts_now() {
    let mut harness = opened();
    harness.keys("j<Enter>2<Enter>");
    let own = harness.entries.iter().find_map(|entry| match &entry.body {
        Body::Decide(decide) => Some(decide.clone()),
        _ => None,
    });
    let theirs = body::Decide { action: Action::Quarantine, ..own.unwrap() };
    harness.theirs("legal-lead", Body::Decide(theirs));
    assert!(harness.message().contains(", over yours (#2): quarantine"), "{}", harness.message());
    assert!(harness.app.worklist.item().unwrap().action.starts_with("quarantine"));
}

#[test]
fn a_way_back_that_is_not_clear_cannot_be_chosen() {
    let mut harness = opened();
    harness.keys("j<Enter>2<Up><Up><Up>");
    let Some(Popup::Decide(dialog)) = &harness.app.popup else { panic!() };
    assert_ne!(dialog.candidates()[dialog.candidate].state, State::Clear);
    assert!(dialog.acts().unwrap_err().contains("nothing is rolled back to it"));
    harness.keys("<Enter>");
    assert!(decisions(&harness).is_empty() && harness.app.popup.is_some());
}

#[test]
fn to_accept_needs_a_reason_and_an_end() {
    let mut harness = opened();
    harness.keys("j<Enter>4<Enter>");
    assert!(harness.message().contains("needs a reason"), "{}", harness.message());
    harness.keys("no customers<Enter>");
    assert!(harness.message().contains("needs an end"), "{}", harness.message());
    harness.keys("<Tab>2026-13-40<Enter>");
    assert!(harness.message().contains("not a day"), "{}", harness.message());
    assert!(decisions(&harness).is_empty());
    harness.keys("<^u>2026-03-09<Enter>");
    assert_eq!(decisions(&harness).len(), 1);
    let accepted = |entry: &crate::incident::journal::Entry| match &entry.body {
        Body::Decide(decide) => matches!(&decide.action, Action::Accept { reason, .. } if reason == "no customers"),
        _ => false,
    };
    assert!(harness.entries.iter().any(accepted));
}

#[test]
fn ticked_rows_are_an_entry_each_and_a_row_without_a_way_back_stays_open() {
    let mut harness = opened();
    // The first group, whole.
    harness.keys(" ");
    let ticked = harness.app.worklist.ticked.len();
    assert!(ticked > 2);
    harness.keys("<Enter>2");
    let Some(Popup::Decide(dialog)) = &harness.app.popup else { panic!() };
    let (acts, left) = dialog.acts().unwrap();
    assert_eq!(acts.len() + left.len(), ticked);
    assert!(!acts.is_empty() && left.iter().all(|why| why.contains("stays open")));
    let n = acts.len();
    harness.keys("<Enter>");
    assert_eq!(decisions(&harness).len(), n);
    assert!(harness.app.worklist.ticked.is_empty());
    assert_eq!(harness.app.worklist.work.as_ref().unwrap().count(Place::Contained), n);
}

#[test]
fn of_what_is_unknown_one_asks_and_it_stays_unknown() {
    let mut harness = opened();
    harness.keys("Gk<Enter>");
    harness.keys("<Enter>");
    assert!(decisions(&harness).is_empty(), "whom is not said");
    harness.keys("6risk<Tab>an SBOM of notes-b1<Enter>");
    assert_eq!(decisions(&harness).len(), 1);
    assert_eq!(harness.app.worklist.work.as_ref().unwrap().count(Place::ToFindOut), 2);
}

#[test]
fn done_in_part_stays_work_to_do() {
    let mut harness = opened();
    harness.keys("j<Enter>1<Enter><Enter>7<Tab>12/40<Enter>");
    let item = harness.app.worklist.item().unwrap();
    assert!(item.action.starts_with("done 12 of 40: quarantine"), "{}", item.action);
    assert!(item.can_be_done);
    harness.keys("<Enter>7<Enter>");
    assert!(!harness.app.worklist.item().unwrap().can_be_done);
}

#[test]
fn why_comes_back_to_the_worklist() {
    let mut harness = opened();
    harness.keys("jp");
    assert_eq!(harness.app.focus, Focus::View(View::Why));
    harness.keys("<Esc>");
    assert!(matches!(harness.app.screen, Screen::Worklist));
}

#[test]
fn a_comment_and_who_leads_are_entries() {
    let mut harness = opened();
    harness.keys("jcfirst<Enter>t");
    let kinds: Vec<&str> = harness.entries.iter().map(|entry| entry.body.kind()).collect();
    assert_eq!(kinds, ["open", "note", "take"]);
}

#[test]
fn what_is_open_is_closed_with_a_reason_only_and_each_row_is_named() {
    let mut harness = opened();
    harness.keys("x<Enter>");
    assert!(harness.message().contains("16 stay open"), "{}", harness.message());
    harness.keys("moved to OPS-7<Enter>");
    let closed = harness.entries.iter().find_map(|entry| match &entry.body {
        Body::Close(close) => Some(close.open.len()),
        _ => None,
    });
    assert_eq!(closed, Some(16));
    assert!(harness.app.incidents.is_empty());
}
