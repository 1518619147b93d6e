//! Rules of the explorer that no single screen shows.

use crate::app::Focus;
use crate::app::Popup;
use crate::app::View;
use crate::app::effect::Effect;
use crate::app::harness::Harness;
use crate::app::loading::Load;
use crate::app::loading::Progress;
use crate::app::msg::Msg;
use crate::app::snapshot::Snapshot;
use crate::graph::Graph;
use crate::graph::fixture::graph;
use std::sync::Arc;

const STORY: &str = "bert -> chat -> web@production\nbert ..> probe -> lab@research\ngpt -> story -> web@staging";

#[test]
fn enter_on_no_match_does_nothing() {
    let mut explorer = Harness::new(graph(STORY));
    let before = explorer.selected();
    explorer.keys("/xyzzy<Enter>m<Enter>");
    assert!(explorer.app.incidents.is_empty(), "no neighbour was marked");
    explorer.keys("<Esc><Esc>");
    assert_eq!(explorer.selected(), before);
}

#[test]
fn the_main_job_is_eight_keys() {
    let mut explorer = Harness::new(graph(STORY));
    explorer.keys("/gpt<Enter>m<Enter>");
    assert_eq!(explorer.app.incidents.len(), 1);
    assert_eq!(explorer.app.incidents[0].label, "gpt");
    assert_eq!(explorer.message(), "INC-1 opened, journal #1 by oncall 03:11 UTC   z undo   J journal");
}

#[test]
fn keys_typed_ahead_wait_for_the_letters_before_them() {
    let mut explorer = Harness::new(graph(STORY));
    explorer.slow = Some(Vec::new());
    explorer.keys("/stor<Enter>m");
    assert!(explorer.app.popup.is_none(), "the list that Enter would pick from is not there yet");
    for _ in 0..8 {
        explorer.answer();
    }
    assert_eq!(explorer.selected().as_deref(), Some("story"));
    assert!(matches!(explorer.app.popup, Some(Popup::Mark(_))));
}

#[test]
fn keys_typed_before_anything_is_read_act_when_it_is() {
    let mut explorer = Harness::new(Graph::default());
    explorer.app.load = Load::default();
    explorer.keys("/gpt<Enter>m<Enter>");
    assert!(explorer.app.incidents.is_empty());
    explorer.load(graph(STORY), true);
    assert_eq!(explorer.app.incidents.len(), 1, "{}", explorer.message());
    assert_eq!(explorer.app.incidents[0].label, "gpt");
}

#[test]
fn the_selection_is_kept_by_identity_while_rows_arrive() {
    let mut explorer = Harness::new(graph("m -> x@production"));
    explorer.load(graph("m -> x@production\nz -> y@production"), false);
    explorer.keys("G");
    let chosen = explorer.selected();
    explorer.load(graph("a -> x@production\nb -> c\nm -> x@production\nz -> y@production"), true);
    assert_eq!(explorer.selected(), chosen);
}

#[test]
fn a_dialog_is_left_by_escape_and_writes_nothing() {
    let mut explorer = Harness::new(graph(STORY));
    explorer.keys("mq");
    assert!(matches!(explorer.app.popup, Some(Popup::Mark(_))), "q only says how to leave");
    assert!(!explorer.done.iter().any(|effect| matches!(effect, Effect::Quit)));
    explorer.keys("<Esc>");
    assert!(explorer.app.popup.is_none() && explorer.app.incidents.is_empty());
}

#[test]
fn escape_ten_times_then_q_leaves_from_anywhere() {
    for keys in ["", "/be", "//be", "m", "u", "d", "r", "p", "!", "?", "m<Enter>", "5", "m<Enter>z"] {
        let mut explorer = Harness::new(graph(STORY));
        explorer.keys(keys);
        explorer.keys(&"<Esc>".repeat(10));
        explorer.keys("q");
        assert!(explorer.done.iter().any(|effect| matches!(effect, Effect::Quit)), "{keys}");
    }
}

#[test]
fn any_keys_at_any_size_do_no_harm() {
    let keys = [
        "j", "k", "<Enter>", "<Tab>", "/", "u", "d", "r", "p", "m", "<Esc>", "?", "!", "b", "G", "g", " ", "n", "4", "1", "z",
        "s",
    ];
    let mut explorer = Harness::new(graph(STORY));
    let mut seed: u32 = 7;
    for _ in 0..3000 {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (a, b) = ((seed >> 8) as usize, (seed >> 16) as u16);
        if seed.is_multiple_of(5) {
            explorer.send(Msg::Resize(b % 210, (b >> 3) % 60));
        }
        explorer.keys(keys[a % keys.len()]);
    }
    assert!(!explorer.app.incidents.is_empty(), "some of the keys marked something");
}

#[test]
fn escape_leads_from_a_path_back_to_the_row_that_asked() {
    let mut explorer = Harness::new(graph(STORY));
    explorer.keys("/bert<Enter>m<Enter>jp<Esc>");
    assert_eq!(explorer.app.focus, Focus::View(View::Reach));
    assert_eq!(explorer.app.reach.cursor.row, 1);
    explorer.keys("<Esc>");
    assert_eq!(explorer.app.focus, Focus::List, "and from there to the list");
}

#[test]
fn a_kept_filter_is_replaced_by_the_next_one() {
    let mut explorer = Harness::new(graph(STORY));
    explorer.keys("/chat<Enter>/stor<Enter>");
    assert_eq!(explorer.selected().as_deref(), Some("story"));
    explorer.keys("//");
    assert!(matches!(explorer.app.popup, Some(Popup::Search(_))), "also where a filter is kept");
}

#[test]
fn the_step_of_a_path_is_kept_when_the_repository_is_read_again() {
    let mut explorer = Harness::new(graph(STORY));
    explorer.keys("/bert<Enter>m<Enter>pj");
    let row = explorer.app.why.text.cursor.row;
    assert!(row > 0);
    explorer.load(graph(STORY), true);
    assert_eq!(explorer.app.why.text.cursor.row, row);
}

#[test]
fn keys_typed_on_a_first_page_act_on_the_whole() {
    let whole = Arc::new(Snapshot::new(graph(STORY), true));
    let mut explorer = Harness::new(Graph::default());
    explorer.slow = Some(Vec::new());
    explorer.send(Msg::Kept(Arc::new(whole.first_page().0)));
    explorer.keys("/gpt<Enter>m<Enter>");
    assert!(explorer.app.popup.is_none() && explorer.app.filter().is_none(), "there is nothing below it yet");
    assert!(explorer.slow.as_ref().is_some_and(Vec::is_empty), "nothing is asked of it");
    explorer.slow = None;
    explorer.send(Msg::Kept(Arc::clone(&whole)));
    assert_eq!(explorer.app.load, Load::Checking);
    assert_eq!(explorer.app.incidents.len(), 1, "{}", explorer.message());
    explorer.send(Msg::Checked);
    assert_eq!(explorer.app.load, Load::Ready);
    let mut explorer = Harness::new(Graph::default());
    explorer.send(Msg::Kept(Arc::new(whole.first_page().0)));
    explorer.keys("q");
    assert!(matches!(explorer.done[..], [Effect::Quit]), "only leaving needs nothing");
}

#[test]
fn a_first_page_without_the_rest_is_forgotten() {
    let mut explorer = Harness::new(Graph::default());
    explorer.send(Msg::Kept(Arc::new(Snapshot::new(graph(STORY), true).first_page().0)));
    assert!(explorer.selected().is_some());
    explorer.send(Msg::Loading(Progress::default()));
    assert!(explorer.app.load.is_reading() && explorer.selected().is_none());
    explorer.load(graph("a -> x@production"), true);
    assert_eq!((explorer.selected().as_deref(), &explorer.app.load), (Some("a"), &Load::Ready));
}
