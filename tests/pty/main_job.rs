//! The main job: from the first frame to every deployment that a compromise reaches, in eight keys.

use crate::answers;
use crate::answers::REACHED;
use crate::repository::sample;
use crate::screen::ReachRow;
use crate::screen::Screen;
use crate::screen::is_cut_of;
use crate::start::on_sample;
use crate::start::ready;
use crate::terminal::Start;
use crate::terminal::Terminal;

/// The whole job, as typed.
pub(crate) const MAIN_JOB: &str = "/eute\rm\r";

/// Whether the first reached deployment is on the screen.
pub(crate) fn is_marked(screen: &Screen) -> bool {
    screen.titles().contains("Reach") && !screen.reach_rows().is_empty() && !screen.has("…  POSSIBLE")
}

/// The sample with the poisoned model marked.
pub(crate) fn marked(start: Start) -> Terminal {
    let mut terminal = ready(start);
    terminal.press(MAIN_JOB);
    terminal.wait_for("reached deployments", is_marked);
    terminal
}

/// All rows of Reach but CLEAR, paging as far as there are any.
fn all_rows(terminal: &mut Terminal) -> Vec<ReachRow> {
    let mut rows: Vec<ReachRow> = Vec::new();
    let mut screen = terminal.tap("g");
    loop {
        for row in screen.reach_rows() {
            if row.state != "CLEAR" && !rows.contains(&row) {
                rows.push(row);
            }
        }
        let next = terminal.tap("\x06");
        if next == screen {
            return rows;
        }
        screen = next;
    }
}

fn eight_keys_show_what_the_command_answers(columns: u16, rows: u16) {
    assert_eq!(MAIN_JOB.chars().count(), 8);
    let mut terminal = marked(Start::explorer(sample()).size(columns, rows));
    let shown = all_rows(&mut terminal);
    let expected = &answers::impact().rows;
    assert_eq!(shown.len(), expected.len(), "{shown:#?}\n{}", terminal.picture());
    for row in expected {
        let same = |shown: &&ReachRow| shown.state == row.state && shown.link == row.link && is_cut_of(&shown.label, &row.label);
        assert_eq!(shown.iter().filter(same).count(), 1, "{row:?} among {shown:#?}\n{}", terminal.picture());
    }
    for (shown, label) in shown.iter().zip(REACHED) {
        assert!(is_cut_of(&shown.label, label), "{label} expected, not {shown:?}\n{}", terminal.picture());
    }
}

#[test]
fn eight_keys_show_what_the_command_answers_at_80x24() {
    eight_keys_show_what_the_command_answers(80, 24);
}

#[test]
fn eight_keys_show_what_the_command_answers_at_40x10() {
    eight_keys_show_what_the_command_answers(40, 10);
}

#[test]
fn eight_keys_show_what_the_command_answers_at_120x40() {
    eight_keys_show_what_the_command_answers(120, 40);
}

#[test]
fn eight_keys_show_what_the_command_answers_at_200x50() {
    eight_keys_show_what_the_command_answers(200, 50);
}

#[test]
fn a_small_and_a_wide_header_tell_the_numbers() {
    let small = marked(Start::explorer(sample()).size(40, 10));
    assert_eq!(small.screen().row(0), "sample-sboms  INC-1  11!  3?  2~  0o");
    let wide = marked(Start::explorer(sample()).size(120, 40));
    let incident = wide.screen().row(1);
    assert!(incident.starts_with("INC-1 poisoned EleuterAI/gpt-j-6B#5f1c09a7be22"), "{}", wide.picture());
    assert!(incident.ends_with("11 AFFECTED  3 POSSIBLE  2 UNKNOWN  0 CONTAINED  15 CLEAR"), "{}", wide.picture());
}

#[test]
fn the_eight_keys_work_from_the_very_first_frame() {
    let mut terminal = Start::explorer(sample()).open();
    terminal.wait_for("a first frame", |screen| screen.row(0).starts_with("downriver"));
    terminal.press(MAIN_JOB);
    let screen = terminal.wait_for("reached deployments", is_marked);
    assert!(screen.titles().contains("11 confirmed, 3 possible"), "{}", terminal.picture());
}

#[test]
fn every_key_of_the_job_shows_its_frame() {
    let mut terminal = on_sample();
    terminal.press("/eute");
    let search = terminal.wait_for("a narrowed list", |screen| screen.titles().contains("Models /eute"));
    assert!(search.titles().contains("3 of 38"), "{}", terminal.picture());
    assert!(search.message().starts_with("/eute"), "{}", terminal.picture());
    let first: Vec<String> = search.pane(0).into_iter().filter(|row| row.contains("gpt-j-6")).collect();
    assert!(first[0].contains("#5f1c") && first[1].contains("#c04d") && first[2].contains("Eleuther"), "{}", terminal.picture());
    assert!(search.underlined().iter().any(|text| text.contains("eute")), "{:?}", search.underlined());
    let kept = terminal.tap("\r");
    assert!(kept.titles().contains("/eute"), "{}", terminal.picture());
    let dialog = terminal.tap("m");
    assert!(dialog.has("Mark compromised"), "{}", terminal.picture());
    terminal.press("\r");
    terminal.wait_for("reached deployments", is_marked);
}

#[test]
fn the_mark_shows_in_header_tabs_and_every_list_in_words() {
    let mut terminal = marked(Start::explorer(sample()));
    let screen = terminal.screen();
    let picture = terminal.picture();
    let incident = screen.row(1);
    for word in ["INC-1 poisoned EleuterAI/gpt-j-6B#5f1c", "11 AFFECTED", "3 POSSIBLE", "2 UNKNOWN"] {
        assert!(incident.contains(word), "{word}\n{picture}");
    }
    assert_eq!(screen.focused(), ["Reach: 11 confirmed, 3 possible"], "{picture}");
    assert!(screen.row(2).contains("5 Incidents 1"), "{picture}");
    assert!(screen.has("INC-1 opened, journal #1 by "), "{picture}");
    assert!(screen.has("1 of 31, CLEAR 15 below"), "{picture}");
    let models = screen.pane(0).join("\n");
    assert!(screen.has("16 reached of 38"), "{picture}");
    for row in ["X EleuterAI", "! support-base-v1", "? kb-merge-v5"] {
        assert!(models.contains(row), "{row}\n{picture}");
    }
    let states = |word: &str| models.lines().filter(|row| row.ends_with(word)).count();
    assert_eq!((states("MARKED"), states("AFFECTED"), states("POSSIBLE")), (1, 12, 3), "the fourth is below\n{picture}");

    let deployments = terminal.tap("4");
    let reached = deployments.pane(0).iter().filter(|row| row.ends_with("AFFECTED") || row.ends_with("POSSIBLE")).count();
    assert_eq!(reached, 14, "{}", terminal.picture());
    let incidents = terminal.tap("5");
    assert!(incidents.pane(0).iter().any(|row| row.contains("INC-1")), "{}", terminal.picture());
}

#[test]
fn states_stand_in_trees_and_search_too() {
    let mut terminal = marked(Start::explorer(sample()));
    terminal.press("//support-base");
    let found = terminal.wait_for("a hit", |screen| screen.has("support-base-v1 ") && screen.has("Search everywhere"));
    let hit = found.line_with("model       support-base-v1").unwrap_or_default();
    assert!(hit.contains("AFFECTED") || hit.contains("! support"), "{}", terminal.picture());
    terminal.press("\r");
    terminal.wait_for("its row", |screen| !screen.has("Search everywhere"));
    let down = terminal.tap("d");
    let tree = down.pane_titled("Down").join("\n");
    assert!(tree.contains('!'), "{}", terminal.picture());
}

#[test]
fn the_other_keys_of_reach_open_groups_and_step_over_clear_rows() {
    let mut terminal = marked(Start::explorer(sample()));
    let last = terminal.tap("G");
    assert!(last.cursor_line().contains("CLEAR"), "{}", terminal.picture());
    let before = last.pane_titled("Reach").len();
    let open = terminal.tap(" ");
    assert_ne!(open, last, "{}", terminal.picture());
    assert_eq!(open.pane_titled("Reach").len(), before);
    let clear = terminal.tap("\x06").reach_rows().into_iter().filter(|row| row.state == "CLEAR").count();
    assert!(clear > 0, "{}", terminal.picture());
    terminal.tap("g");
    for n in 0..13 {
        let screen = terminal.tap("n");
        let line = screen.cursor_line();
        assert!(line.contains("AFFECTED") || line.contains("POSSIBLE"), "{n} steps\n{}", terminal.picture());
    }
    let back = terminal.tap("N");
    assert!(back.cursor_line().contains("kb-search@staging"), "{}", terminal.picture());
}
