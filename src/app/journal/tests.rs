//! Marks and decisions as the journal has them.

use crate::app::Focus;
use crate::app::Popup;
use crate::app::View;
use crate::app::effect::Effect;
use crate::app::harness::Harness;
use crate::app::msg::Msg;
use crate::app::snapshot::Snapshot;
use crate::graph::fixture::graph;
use crate::incident::journal::body;
use crate::incident::journal::body::Action;
use crate::incident::journal::body::Basis;
use crate::incident::journal::body::Body;
use crate::incident::journal::body::Question;
use crate::incident::wish::Wish;
use crate::model::state::State;
use crate::query::closure;
use crate::query::select;
use crate::query::select::Scope;
use crate::store::journal::Home;
use std::sync::Arc;

const STORY: &str = "bert -> chat -> web@production\nbert ..> probe -> lab@research\ngpt -> story -> web@staging";
const MARK_BERT: &str = "/bert<Enter>m<Enter>";

fn open(selector: &str) -> Body {
    let question =
        Question { selectors: vec![selector.to_owned()], hazard: None, scope: Scope::AsWritten, since: None, until: None };
    Body::Open(body::Open { incident: "INC-1".to_owned(), question, aware: None, reason: None, advisory: None })
}

/// A decision about a deployment as it is in the graph of the explorer.
fn decide(explorer: &Harness, deployment: &str, action: Action) -> Body {
    let graph = &explorer.app.data.graph;
    let id = graph.find(deployment).unwrap();
    let model = graph.up(id).map(|link| graph.id(graph.link(link).upstream).as_key().to_owned()).collect();
    let basis = Basis {
        environment: deployment.split_once('@').map(|(_, environment)| environment.to_owned()),
        models: model,
        closure: closure::closure(graph, id),
        files: std::collections::BTreeMap::new(),
    };
    Body::Decide(body::Decide {
        incident: "INC-1".to_owned(),
        deployment: graph.id(id).as_key().to_owned(),
        action,
        due: None,
        meanwhile: None,
        note: None,
        basis,
    })
}

fn state(explorer: &Harness, name: &str) -> State {
    let id = explorer.app.data.graph.find(name).unwrap();
    explorer.app.verdict.as_ref().unwrap().impact.state(id)
}

#[test]
fn nothing_looks_recorded_before_it_is() {
    let mut explorer = Harness::new(graph(STORY));
    explorer.late = Some(Vec::new());
    explorer.keys(MARK_BERT);
    assert!(explorer.app.incidents.is_empty() && explorer.app.verdict.is_none());
    assert!(matches!(explorer.app.popup, Some(Popup::Mark(_))), "the dialog stays");
    explorer.keys("4j");
    explorer.acknowledge();
    assert_eq!(explorer.app.incidents.len(), 1);
    assert_eq!(explorer.app.reach.cursor.row, 0, "a key that was typed ahead goes to the list of the tab");
    assert_eq!(explorer.app.tab, crate::app::tab::Tab::Deployments, "keys that were typed ahead act then");
}

#[test]
fn what_is_being_recorded_can_be_put_aside_and_is_told() {
    let mut explorer = Harness::new(graph(STORY));
    explorer.late = Some(Vec::new());
    explorer.keys(MARK_BERT);
    explorer.keys("<Esc>j");
    assert!(explorer.app.popup.is_none() && explorer.message().is_empty(), "the explorer goes on");
    explorer.keys("q");
    assert!(matches!(explorer.app.popup, Some(Popup::Leave)), "but it asks before it leaves");
    explorer.keys("<Esc>");
    let focus = explorer.app.focus;
    explorer.acknowledge();
    assert_eq!(explorer.app.focus, focus, "nobody is taken elsewhere");
    assert!(explorer.message().starts_with("INC-1 opened, journal #1 by oncall"), "{}", explorer.message());
    explorer.keys("m<Enter><Esc>");
    explorer.fails = Some("disk full");
    explorer.acknowledge();
    assert!(matches!(explorer.app.popup, Some(Popup::NotRecorded(_))), "what failed is not lost either");
    explorer.keys("<Esc>");
    assert!(matches!(explorer.app.popup, Some(Popup::Mark(_))));
}

#[test]
fn the_same_question_twice_is_one_incident() {
    let mut explorer = Harness::new(graph(STORY));
    explorer.keys(MARK_BERT);
    let Body::Open(asked) = explorer.entries[0].body.clone() else { panic!("{:?}", explorer.entries) };
    let mut other = Harness::new(graph(STORY));
    // Another person asks just this while the dialog is open.
    other.keys("/bert<Enter>m");
    other.add("psirt", Body::Open(asked));
    other.keys("<Enter>");
    assert_eq!(other.entries.len(), 1);
    assert_eq!(other.message(), "INC-1 asks this already, opened by psirt 03:11, journal #1; nothing was recorded");
    assert_eq!(other.app.incidents.len(), 1, "and sees it");
    other.keys("<Esc>1/bert<Enter>mv<Enter>");
    assert!(matches!(&other.entries[1].body, Body::Grow(grow) if grow.incident == "INC-1"), "what is marked asks for more");
    assert_eq!(other.app.incidents[0].parts.len(), 2);
}

#[test]
fn an_undo_is_one_more_entry() {
    let mut explorer = Harness::new(graph(STORY));
    explorer.keys(MARK_BERT);
    explorer.keys("z");
    assert!(matches!(explorer.app.popup, Some(Popup::Undo(_))) && explorer.entries.len() == 1, "it asks first");
    explorer.keys("<Enter>");
    assert_eq!(explorer.entries.len(), 2);
    assert!(explorer.app.incidents.is_empty() && explorer.app.verdict.is_none());
    assert_eq!(explorer.message(), "#1 is taken back, journal #2 by oncall 03:11 UTC   J journal");
    explorer.keys("z");
    assert!(explorer.message().starts_with("nothing to undo"), "{}", explorer.message());
    // On the Journal screen the undo itself can be taken back, and then the first entry counts again.
    explorer.keys("Jz<Enter>");
    assert_eq!((explorer.entries.len(), explorer.app.incidents.len()), (3, 1));
}

#[test]
fn another_persons_entry_is_taken_back_on_the_journal_screen_with_a_reason() {
    let mut explorer = Harness::new(graph(STORY));
    explorer.theirs("psirt", open("bert"));
    explorer.keys("z");
    assert!(explorer.app.popup.is_none(), "elsewhere only one's own");
    explorer.keys("Jz<Enter>");
    assert!(explorer.message().starts_with("say why"), "{}", explorer.message());
    explorer.keys("q is typed<Enter>");
    let undone = explorer.entries.last().unwrap().body.clone();
    assert_eq!(undone, Body::Undo(body::Undo { entry: 1, reason: Some("q is typed".to_owned()) }));
    assert!(explorer.app.incidents.is_empty());
}

#[test]
fn entries_of_others_are_told_and_move_nothing() {
    let mut explorer = Harness::new(graph(STORY));
    explorer.keys("jj");
    let chosen = explorer.selected();
    explorer.theirs("psirt", open("bert"));
    assert_eq!(explorer.message(), "psirt, 03:11: open INC-1 bert   (journal #1)");
    assert_eq!((explorer.selected(), explorer.app.focus), (chosen, Focus::List));
    assert_eq!(state(&explorer, "web@production"), State::Affected);
    explorer.keys("rj");
    let here = explorer.app.reach.selected();
    let contain = decide(&explorer, "web@production", Action::Quarantine);
    explorer.theirs("psirt", contain);
    assert_eq!((explorer.app.reach.selected(), explorer.app.focus), (here, Focus::View(View::Reach)));
    explorer.keys("Jj");
    explorer.theirs("psirt", Body::Take(body::Take { incident: "INC-1".to_owned() }));
    let known = explorer.app.journal().unwrap();
    let crate::app::Screen::Log(log) = &explorer.app.screen else { panic!() };
    assert_eq!(known.newest(log.cursor.row).unwrap().seq, 1, "the entry that was under the cursor still is");
}

#[test]
fn a_decision_contains_while_it_stands_and_where_the_journal_is_believed() {
    let mut explorer = Harness::new(graph(STORY));
    explorer.keys(MARK_BERT);
    let contain = decide(&explorer, "web@production", Action::Quarantine);
    explorer.theirs("lead", contain);
    assert_eq!(state(&explorer, "web@production"), State::Contained);
    let verdict = explorer.app.verdict.clone().unwrap();
    assert_eq!((verdict.deployments.affected, verdict.deployments.contained), (0, 1));
    assert_eq!(verdict.each[0].counts, verdict.deployments, "one number, one source");
    assert_eq!(verdict.sum(), "0 confirmed, 1 possible, 1 contained");
    // What it was decided of changes: it is open again, which is told with the cause.
    explorer.load(graph(&format!("{STORY}\nmore -> chat")), true);
    assert_eq!(state(&explorer, "web@production"), State::Affected);
    assert!(
        explorer.message().starts_with("web@production is open again: what it is made of changed since"),
        "{}",
        explorer.message()
    );
    explorer.load(graph(STORY), true);
    assert_eq!(state(&explorer, "web@production"), State::Contained);
    explorer.believed = false;
    explorer.send(Msg::Journal(explorer.known()));
    assert_eq!(state(&explorer, "web@production"), State::Affected, "nobody here accepted it");
    let error = explorer.message().to_owned();
    assert!(error.contains("came with the repository and decides nothing"), "{error}");
}

#[test]
fn undoing_a_decision_says_what_becomes_of_it() {
    let mut explorer = Harness::new(graph(STORY));
    explorer.keys(MARK_BERT);
    let contain = decide(&explorer, "web@production", Action::Quarantine);
    explorer.theirs("oncall", contain);
    explorer.keys("z");
    let Some(Popup::Undo(dialog)) = &explorer.app.popup else { panic!("{:?}", explorer.app.popup) };
    assert_eq!(dialog.becomes, "It becomes AFFECTED.");
    explorer.keys("<Enter>");
    assert_eq!(state(&explorer, "web@production"), State::Affected);
}

#[test]
fn what_cannot_be_recorded_is_told_and_kept_as_typed() {
    let mut explorer = Harness::new(graph(STORY));
    explorer.fails = Some("read-only file system");
    explorer.keys("/bert<Enter>m<Tab>PSIRT-7<Enter>");
    let Some(Popup::NotRecorded(popup)) = &explorer.app.popup else { panic!("{}", explorer.message()) };
    assert_eq!(popup.what, "open INC-1 poisoned bert, scope every: PSIRT-7");
    assert!(explorer.app.incidents.is_empty());
    assert_eq!(explorer.app.journal_word().unwrap().0, "JOURNAL NOT WRITABLE");
    explorer.keys("1");
    assert!(matches!(explorer.app.popup, Some(Popup::NotRecorded(_))), "again, to no avail");
    explorer.keys("3");
    let copied = explorer.done.iter().find_map(|effect| if let Effect::Copy(text) = effect { Some(text.as_str()) } else { None });
    let expected = "NOT RECORDED: open INC-1 poisoned bert, scope every: PSIRT-7, by oncall 2026-03-02T03:11:08Z";
    assert_eq!(copied, Some(expected));
    explorer.keys("<Esc>");
    let Some(Popup::Mark(dialog)) = &explorer.app.popup else { panic!() };
    assert_eq!(dialog.reason.text(), "PSIRT-7");
    explorer.keys("<Enter>2");
    assert_eq!((explorer.home, explorer.app.incidents.len()), (Home::State, 1));
    assert_eq!(explorer.app.journal_word().unwrap().0, "state journal");
}

#[test]
fn a_draft_counts_contains_nothing_and_is_not_left_unasked() {
    let mut explorer = Harness::new(graph(STORY));
    explorer.fails = Some("disk full");
    explorer.keys(MARK_BERT);
    explorer.keys("4");
    assert_eq!(explorer.app.incidents[0].id, "DRAFT-1");
    assert_eq!(state(&explorer, "web@production"), State::Affected);
    assert_eq!(explorer.app.journal_word().unwrap().0, "1 DRAFT");
    explorer.keys("q");
    assert!(matches!(explorer.app.popup, Some(Popup::Leave)), "q asks once");
    explorer.keys("<Esc>");
    explorer.fails = None;
    explorer.keys("1m<Enter>");
    assert_eq!(explorer.app.incidents.iter().map(|incident| incident.id.as_str()).collect::<Vec<_>>(), ["INC-1"]);
    assert!(explorer.app.drafts.is_empty());
    explorer.fails = Some("disk full");
    explorer.keys("1/gpt<Enter>m<Enter>4z<Enter>");
    assert_eq!(explorer.app.incidents.len(), 1, "a draft is dropped without an entry");
    explorer.keys("q");
    assert!(explorer.done.iter().any(|effect| matches!(effect, Effect::Quit)));
}

#[test]
fn states_of_a_first_page_wait_for_the_whole() {
    let mut explorer = Harness::new(crate::graph::Graph::default());
    explorer.theirs("psirt", open("bert"));
    let whole = Arc::new(Snapshot::new(graph(STORY), true));
    explorer.send(Msg::Kept(Arc::new(whole.first_page().0)));
    assert!(explorer.app.verdict.is_none() && explorer.app.incidents.len() == 1);
    explorer.send(Msg::Kept(whole));
    assert_eq!(state(&explorer, "web@production"), State::Affected);
}

#[test]
fn what_the_dialog_records_means_just_what_is_chosen() {
    let mut explorer = Harness::sample();
    explorer.slow = Some(Vec::new());
    let data = Arc::clone(&explorer.app.data);
    for id in data.graph.ids() {
        explorer.app.go_to(id);
        explorer.app.show_tab(crate::app::tab::Tab::of(data.graph.kind(id)));
        for (key, scope) in [("1", Scope::Digest), ("2", Scope::Version), ("4", Scope::Every)] {
            explorer.keys("m");
            explorer.keys(key);
            explorer.done.clear();
            let Some(Popup::Mark(dialog)) = &explorer.app.popup else { panic!() };
            let asked = dialog.question(&data.graph).unwrap();
            let marks = asked.marks(&data.graph).unwrap().marks;
            let starts: Vec<_> = marks.iter().flat_map(|mark| mark.selection.starts.iter().copied()).collect();
            let expected = select::select_component(&data.graph, id, scope).starts;
            let shown = data.graph.id(id).show();
            if scope == Scope::Every || select::narrowest(&data.graph, id) == scope {
                assert_eq!(starts, expected, "{shown} {scope:?}");
            }
            // What has no digest or version is asked for by name, which may mean more, and is previewed so.
            assert!(expected.iter().all(|start| starts.iter().any(|own| own.at == start.at)), "{shown} {scope:?}");
            explorer.keys("<Esc>");
        }
    }
}

#[test]
fn a_wish_of_an_undo_is_no_draft() {
    let mut explorer = Harness::new(graph(STORY));
    explorer.keys(MARK_BERT);
    explorer.fails = Some("disk full");
    explorer.keys("z<Enter>4");
    let Some(Popup::NotRecorded(popup)) = &explorer.app.popup else { panic!() };
    assert_eq!(popup.wish, Wish::Undo { entry: 1, reason: None });
    assert!(popup.choices.len() == 3 && explorer.app.drafts.is_empty());
    assert_eq!(state(&explorer, "web@production"), State::Affected, "it stands until it is taken back");
}
