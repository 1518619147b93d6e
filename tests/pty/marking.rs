//! The Mark dialog: what it says before anything is done, and how a mark is taken back.

use crate::main_job::is_marked;
use crate::main_job::marked;
use crate::repository::Folder;
use crate::repository::contents;
use crate::repository::sample;
use crate::start::on_sample;
use crate::start::ready;
use crate::terminal::End;
use crate::terminal::Start;
use crate::terminal::TAB;
use crate::terminal::Terminal;

/// The dialog on the poisoned model.
fn dialog(start: Start) -> Terminal {
    let mut terminal = ready(start);
    terminal.press("/eute\rm");
    terminal.wait_for("the preview", |screen| screen.has("Mark") && screen.has("14 deployments in 9 services"));
    terminal
}

#[test]
fn the_preview_says_what_would_be_reached() {
    let mut terminal = dialog(Start::explorer(sample()));
    let screen = terminal.screen();
    let picture = terminal.picture();
    for text in [
        "Mark compromised",
        "nothing is written yet",
        "14 deployments in 9 services: 11 confirmed, 3 possible",
        "16 models: 12 confirmed, 4 possible",
        "2 deployments UNKNOWN",
        "ruled out: EleuterAI/gpt-j-6B#c04d",
        "p poisoned",
        "1 this hash",
    ] {
        assert!(screen.has(text), "{text}\n{picture}");
    }
    for (stage, confirmed, possible) in
        [("production", "5", "1"), ("edge", "2", "0"), ("staging", "4", "1"), ("research", "0", "1")]
    {
        let row = screen.rows().into_iter().filter_map(|row| Some(row.split_once(stage)?.1.to_owned()));
        let counts: Vec<Vec<String>> = row.map(|rest| rest.split_whitespace().take(2).map(str::to_owned).collect()).collect();
        assert!(counts.contains(&vec![confirmed.to_owned(), possible.to_owned()]), "{stage}: {counts:?}\n{picture}");
    }
    let wider = terminal.tap("4");
    assert!(wider.has("15 deployments"), "{}", terminal.picture());
    assert!(wider.has("12 confirmed, 3 possible"), "{}", terminal.picture());
    assert!(terminal.tap("1").has("14 deployments in 9 services"), "{}", terminal.picture());
    assert_ne!(terminal.tap("v"), screen, "another hazard shows");
    assert_eq!(terminal.tap("p").rows(), screen.rows(), "and back");
}

#[test]
fn the_preview_stands_on_a_small_screen_too() {
    let terminal = dialog(Start::explorer(sample()).size(40, 10));
    let screen = terminal.screen();
    for text in ["Mark", "14 deployments in 9 services", "11 confirmed, 3 possible"] {
        assert!(screen.has(text), "{text}\n{}", terminal.picture());
    }
}

#[test]
fn leaving_the_dialog_writes_nothing() {
    let folder = Folder::copy_of_sample();
    let before = folder.contents();
    let mut terminal = ready(Start::explorer(&folder.path()));
    let list = terminal.screen();
    terminal.press("m");
    terminal.wait_for("the dialog", |screen| screen.has("Mark compromised"));
    let said = terminal.tap("q");
    assert!(said.has("Esc leaves") && said.has("Mark compromised"), "q closes no dialog\n{}", terminal.picture());
    assert_eq!(terminal.esc().rows()[..20], list.rows()[..20], "{}", terminal.picture());
    terminal.press("q");
    assert_eq!(terminal.end(), End::Code(0));
    assert!(folder.contents() == before, "only Enter in it writes");
    let cache = terminal.home().join(".cache/downriver");
    let written = contents(terminal.home());
    assert!(written.keys().all(|file| file.starts_with(&cache)), "only the cache: {:?}", written.keys());
}

#[test]
fn a_reason_is_typed_and_survives_a_resize() {
    let mut terminal = dialog(Start::explorer(sample()));
    let mut typed = false;
    for _ in 0..6 {
        let screen = terminal.tap(TAB);
        if screen.cursor_line().contains("Reason") || screen.has("> Reason") || screen.has(">Reason") {
            typed = true;
            break;
        }
        // Which field has the keys shows by typing into it.
        terminal.press("zq");
        let tried = terminal.settle();
        if tried.line_with("Reason").is_some_and(|row| row.contains("zq")) {
            typed = true;
            break;
        }
    }
    assert!(typed, "Tab leads to Reason\n{}", terminal.picture());
    terminal.press(" list 2026");
    terminal.wait_for("the reason", |screen| screen.line_with("Reason").is_some_and(|row| row.contains("list 2026")));
    for (columns, rows) in [(120, 40), (40, 10), (80, 24)] {
        terminal.resize(columns, rows);
        let screen = terminal.wait_for("the dialog in a new size", |screen| screen.has("Mark"));
        let reason = screen.line_with("eason").unwrap_or_default();
        assert!(reason.contains("list 2026"), "{columns}x{rows}\n{}", terminal.picture());
    }
}

#[test]
fn reach_shows_how_far_it_would_go_without_a_mark() {
    let mut terminal = on_sample();
    terminal.press("/eute\rr");
    let screen = terminal.wait_for("what would be reached", is_marked);
    assert!(screen.titles().contains("11 confirmed, 3 possible"), "{}", terminal.picture());
    assert!(!screen.has("INC-1") && screen.has("5 Incidents 0"), "{}", terminal.picture());
    let states = screen.reach_rows().into_iter().map(|row| row.state);
    assert_eq!(states.filter(|state| state == "AFFECTED").count(), 11, "{}", terminal.picture());
}

#[test]
fn undo_takes_the_mark_back() {
    let mut terminal = marked(Start::explorer(sample()));
    let question = terminal.tap("z");
    assert!(question.has("Undo") || question.has("undo"), "{}", terminal.picture());
    let kept = terminal.esc();
    assert!(kept.has("INC-1"), "Esc undoes nothing\n{}", terminal.picture());
    terminal.press("z\r");
    let undone = terminal.wait_for("no incident", |screen| !screen.row(1).contains("INC-1") && screen.has("5 Incidents 0"));
    assert!(!undone.row(1).contains("AFFECTED"), "{}", terminal.picture());
    let list = terminal.tap("1i").pane(0);
    assert!(list[0].contains("DEPLOYS") && !list.iter().any(|row| row.contains("AFFECTED")), "{}", terminal.picture());
}

#[test]
fn several_marks_are_answered_together_and_undone_one_by_one() {
    let mut terminal = marked(Start::explorer(sample()));
    terminal.press("//toxicity-probe-v1\r");
    terminal.wait_for("its row", |screen| !screen.has("Search everywhere") && screen.cursor_line().contains("toxicity"));
    terminal.press("m");
    terminal.wait_for("the dialog", |screen| screen.has("Mark compromised"));
    terminal.press("\r");
    let both = terminal.wait_for("a second incident", |screen| screen.has("5 Incidents 2"));
    assert!(both.row(1).contains("11 AFFECTED"), "nothing is downstream of the second\n{}", terminal.picture());
    terminal.press("z\r");
    terminal.wait_for("one incident", |screen| screen.has("5 Incidents 1") && screen.row(1).contains("11 AFFECTED"));
    terminal.press("z\r");
    terminal.wait_for("none", |screen| screen.has("5 Incidents 0"));
    let message = terminal.tap("z");
    assert!(!message.has("Undo #"), "nothing is left to undo\n{}", terminal.picture());
}

#[test]
fn a_mark_with_nothing_downstream_says_so_without_the_word_safe() {
    let mut terminal = on_sample();
    terminal.press("//toxicity-probe-v1\r");
    terminal.wait_for("its row", |screen| !screen.has("Search everywhere") && screen.cursor_line().contains("toxicity"));
    terminal.press("m");
    terminal.wait_for("the dialog", |screen| screen.has("Mark compromised"));
    terminal.press("\r");
    let screen = terminal.wait_for("the answer", |screen| screen.titles().contains("Reach"));
    let reach = screen.pane_titled("Reach").join("\n");
    assert!(reach.contains("0 of 31 reached") && reach.contains("UNKNOWN"), "{}", terminal.picture());
    assert!(!screen.has("safe"), "{}", terminal.picture());
}
