//! Up and Down: what a component is made of, and what is made with it.

use crate::repository::sample;
use crate::screen::Screen;
use crate::start::on_sample;
use crate::start::ready;
use crate::terminal::Start;
use crate::terminal::Terminal;
use crate::terminal::ctrl;

/// Up of support-chat-v2.3.0, as in F3.
fn up(start: Start) -> Terminal {
    let mut terminal = ready(start);
    terminal.press("/chat-v2.3\r");
    terminal.wait_for("its row", |screen| screen.cursor_line().contains("support-chat-v2.3.0"));
    terminal.press("u");
    terminal.wait_for("the tree", |screen| screen.titles().contains("Up") && screen.has("base 1"));
    terminal
}

fn tree(screen: &Screen) -> Vec<String> {
    screen.pane(1)
}

#[test]
fn the_tree_upstream_groups_by_relation_and_grades_each_link() {
    let terminal = up(Start::explorer(sample()));
    let screen = terminal.screen();
    let picture = terminal.picture();
    assert_eq!(screen.focused().len(), 1, "{picture}");
    assert!(screen.focused()[0].starts_with("Up"), "{picture}");
    let text = tree(&screen).join("\n");
    for part in ["base 1", "trained-on 3", "== support-base-v1", "== support-tickets-2025q4", ".. dolly-15k"] {
        assert!(text.contains(part), "{part}\n{picture}");
    }
}

#[test]
fn opening_a_group_moves_only_the_rows_below_it() {
    let mut terminal = up(Start::explorer(sample()));
    for _ in 0..30 {
        if terminal.screen().cursor_line().contains("trained-on") {
            break;
        }
        terminal.tap("j");
    }
    let before = terminal.screen();
    let (_, row) = before.cursors()[0];
    assert!(before.cursor_line().contains("trained-on"), "{}", terminal.picture());
    let after = terminal.tap(" ");
    assert_eq!(after.rows()[..row], before.rows()[..row], "{}", terminal.picture());
    assert_ne!(tree(&after), tree(&before), "{}", terminal.picture());
    let again = terminal.tap(" ");
    assert_eq!(tree(&again), tree(&before), "{}", terminal.picture());
}

#[test]
fn enter_goes_there_and_back_returns_to_the_same_row() {
    let mut terminal = up(Start::explorer(sample()));
    for _ in 0..30 {
        if terminal.screen().cursor_line().contains("== support-base-v1") {
            break;
        }
        terminal.tap("j");
    }
    let before = terminal.screen();
    assert!(before.cursor_line().contains("== support-base-v1"), "{}", terminal.picture());
    terminal.press("\r");
    let there = terminal.wait_for("its own place", |screen| screen.rows() != before.rows());
    let selected = there.pane(0).into_iter().find(|row| row.starts_with(['>', '·'])).unwrap_or_default();
    assert!(selected.contains("support-base-v1"), "{}", terminal.picture());
    let back = terminal.tap(&ctrl('o'));
    assert_eq!(back.cursor_line(), before.cursor_line(), "{}", terminal.picture());
    assert_eq!(tree(&back), tree(&before), "{}", terminal.picture());
    let forward = terminal.tap("]");
    assert_eq!(tree(&forward), tree(&there), "{}", terminal.picture());
}

#[test]
fn a_hole_upstream_is_worded() {
    let mut terminal = on_sample();
    terminal.press("//intent-probe\r");
    terminal.wait_for("its row", |screen| !screen.has("Search everywhere"));
    let root = terminal.tap("u");
    assert!(root.titles().contains("Up"), "{}", terminal.picture());
    terminal.press("1/eute\r");
    terminal.wait_for("the external model", |screen| screen.cursor_line().contains("#5f1c"));
    terminal.press("u");
    let hole = terminal.wait_for("an empty tree", |screen| screen.titles().contains("Up"));
    let text = tree(&hole).join("\n") + &hole.message();
    assert!(text.contains("hole"), "{}", terminal.picture());
    terminal.esc();
    terminal.esc();
    terminal.press("//EleutherAI/gpt-j-6b\r");
    terminal
        .wait_for("the genuine model", |screen| !screen.has("Search everywhere") && screen.cursor_line().contains("Eleuther"));
    terminal.press("u");
    let root = terminal.wait_for("its tree", |screen| screen.titles().contains("Up"));
    let text = tree(&root).join("\n") + &root.message();
    assert!(text.contains("declared root"), "{}", terminal.picture());
}

#[test]
fn the_tree_downstream_ends_in_deployments() {
    let mut terminal = on_sample();
    terminal.press("//support-base-v1\r");
    terminal.wait_for("its row", |screen| !screen.has("Search everywhere") && screen.cursor_line().contains("support-base"));
    terminal.press("d");
    let screen = terminal.wait_for("the tree", |screen| screen.titles().contains("Down"));
    let text = tree(&screen).join("\n");
    assert!(text.contains("support-chat-v2.3.0") && text.contains("ticket-router-v1.1.0"), "{}", terminal.picture());
    let deeper = terminal.tap("++");
    let text = tree(&deeper).join("\n");
    assert!(text.contains("support-chat@production"), "{}", terminal.picture());
    assert_ne!(tree(&terminal.tap("--")), tree(&deeper));
}

#[test]
fn left_and_right_open_close_and_leave_a_tree() {
    let mut terminal = up(Start::explorer(sample()));
    terminal.tap("g");
    let mut left = false;
    for _ in 0..12 {
        if terminal.tap("h").focused() == ["Models /chat-v2.3"]
            || terminal.screen().focused().iter().any(|title| title.starts_with("Models"))
        {
            left = true;
            break;
        }
    }
    assert!(left, "h closes, then goes to the parent, then left\n{}", terminal.picture());
}
