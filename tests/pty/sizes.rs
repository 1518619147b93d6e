//! The same words and keys at every size, and a screen that is never overrun.

use crate::main_job::MAIN_JOB;
use crate::main_job::is_marked;
use crate::main_job::marked;
use crate::repository::sample;
use crate::start::is_ready;
use crate::start::ready;
use crate::terminal::Start;
use crate::terminal::TAB;
use crate::terminal::Terminal;

/// Nothing is written past the edge, no row is too wide, nothing scrolled, and the lines between panes are straight.
pub(crate) fn assert_inside(terminal: &Terminal, place: &str) {
    let screen = terminal.screen();
    let picture = terminal.picture();
    assert_eq!(terminal.past_the_edge(), Vec::<String>::new(), "{place}\n{picture}");
    assert_eq!(screen.wrapped(), [0; 0], "{place}: rows that wrapped\n{picture}");
    assert!(!screen.row(0).trim().is_empty(), "{place}: the header scrolled away\n{picture}");
}

/// One title in brackets and one cursor: focus is told without colour.
fn assert_one_focus(terminal: &Terminal, place: &str) {
    let screen = terminal.screen();
    let picture = terminal.picture();
    assert_eq!(screen.focused().len(), 1, "{place}: titles in brackets\n{picture}");
    assert_eq!(screen.cursors().len(), 1, "{place}: cursors\n{picture}");
    assert_eq!(screen.crooked_rows(), Vec::<String>::new(), "{place}: lines between panes\n{picture}");
    assert!(!screen.reversed().is_empty(), "{place}: the cursor's row is in reverse video\n{picture}");
}

fn a_walk_stays_inside_the_screen(columns: u16, rows: u16) {
    let mut terminal = ready(Start::explorer(sample()).size(columns, rows));
    for round in ["without a mark", "with a mark"] {
        for keys in ["1", "2", "3", "4", "1g", "i", "G", "1u", "G", "1d", "1r", "G", "1p", "1l", "h", TAB, "1G", "!", "G"] {
            terminal.tap(keys);
            let place = format!("{keys:?} {round}");
            assert_inside(&terminal, &place);
            assert_one_focus(&terminal, &place);
        }
        terminal.esc();
        for keys in ["/eu", "//gpt", "?", "m"] {
            terminal.tap(keys);
            assert_inside(&terminal, &format!("{keys:?} {round}"));
            for _ in 0..3 {
                terminal.esc();
            }
        }
        if round == "without a mark" {
            terminal.tap("1g");
            terminal.press(MAIN_JOB);
            terminal.wait_for("reached deployments", is_marked);
            assert_inside(&terminal, "the main job");
            assert_one_focus(&terminal, "the main job");
        }
    }
}

#[test]
fn a_walk_stays_inside_80x24() {
    a_walk_stays_inside_the_screen(80, 24);
}

#[test]
fn a_walk_stays_inside_40x10() {
    a_walk_stays_inside_the_screen(40, 10);
}

#[test]
fn a_walk_stays_inside_120x40() {
    a_walk_stays_inside_the_screen(120, 40);
}

#[test]
fn a_walk_stays_inside_200x50() {
    a_walk_stays_inside_the_screen(200, 50);
}

#[test]
fn more_columns_show_more_panes() {
    let mut terminal = marked(Start::explorer(sample()));
    for (columns, rows, borders) in
        [(200, 50, 3), (160, 40, 3), (159, 40, 2), (110, 24, 2), (109, 24, 1), (60, 16, 1), (59, 24, 0), (80, 15, 0)]
    {
        terminal.resize(columns, rows);
        let what = format!("{borders} lines between panes at {columns}x{rows}");
        terminal.wait_for(&what, |screen| screen.borders().len() == borders && screen.titles().contains("Reach"));
        assert_inside(&terminal, &what);
    }
}

#[test]
fn one_cell_and_back_draws_right() {
    let mut terminal = marked(Start::explorer(sample()));
    let before = terminal.screen();
    for (columns, rows) in [(1, 1), (0, 0), (2, 1), (1, 24), (1000, 1), (29, 5)] {
        terminal.resize(columns, rows);
        terminal.settle();
        assert_eq!(terminal.past_the_edge(), Vec::<String>::new(), "{columns}x{rows}");
    }
    let said = terminal.screen().rows().join(" ");
    assert!(said.contains("needs 30x6"), "{}", terminal.picture());
    terminal.resize(80, 24);
    let after = terminal.wait_for("the screen as before", |screen| screen.rows() == before.rows());
    assert_eq!(after.cursor_line(), before.cursor_line());
}

#[test]
fn keys_work_on_a_screen_that_is_too_small_to_show_anything() {
    let mut terminal = ready(Start::explorer(sample()));
    terminal.resize(20, 4);
    terminal.settle();
    terminal.tap(MAIN_JOB);
    terminal.resize(80, 24);
    let screen = terminal.wait_for("reached deployments", is_marked);
    assert!(screen.has("11 AFFECTED"), "{}", terminal.picture());
}

#[test]
fn a_resize_keeps_selection_filter_and_popup() {
    let mut terminal = ready(Start::explorer(sample()));
    terminal.press("/v1\rjjj");
    let chosen = terminal.settle().cursor_line();
    let name = chosen.split_whitespace().nth(1).unwrap().to_owned();
    for (columns, rows) in [(40, 10), (200, 50), (80, 24)] {
        terminal.resize(columns, rows);
        let screen = terminal.wait_for("the list in a new size", is_ready);
        assert!(screen.cursor_line().contains(&name), "{name} at {columns}x{rows}\n{}", terminal.picture());
    }
    assert!(terminal.screen().titles().contains("/v1"), "{}", terminal.picture());
    terminal.press("//gptj6");
    terminal.wait_for("the box", |screen| screen.has("Search everywhere"));
    terminal.resize(120, 40);
    terminal.wait_for("the box in a new size", |screen| screen.has("Search everywhere") && screen.has("/gptj6"));
}
