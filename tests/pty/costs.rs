//! What keys cost on a slow line: all that are waiting make one frame, and a terminal that takes nothing gets nothing.

use crate::repository::sample;
use crate::start::ready;
use crate::terminal::Start;
use crate::terminal::Terminal;
use std::thread;
use std::time::Duration;

/// The line takes so much before it blocks, and a frame.
const LINE: usize = (1 << 16) + (1 << 14);

fn wide() -> Terminal {
    let mut terminal = ready(Start::explorer(sample()).size(120, 40));
    terminal.tap("3");
    terminal
}

fn cost(terminal: &mut Terminal, keys: &str) -> usize {
    let before = terminal.bytes().len();
    terminal.tap(keys);
    terminal.bytes().len() - before
}

#[test]
fn keys_that_come_together_make_one_frame() {
    let mut terminal = wide();
    assert_eq!(cost(&mut terminal, &"jk".repeat(15)), 0, "they lead back\n{}", terminal.picture());
    let at_once = cost(&mut terminal, &"j".repeat(30));
    let before = terminal.screen().cursor_line();
    terminal.tap("g");
    let one_by_one: usize = (0..30).map(|_| cost(&mut terminal, "j")).sum();
    assert_eq!(terminal.screen().cursor_line(), before);
    assert!(at_once * 6 < one_by_one, "{at_once} and {one_by_one}\n{}", terminal.picture());
}

#[test]
fn nothing_trails_after_a_line_that_was_blocked() {
    let mut terminal = wide();
    terminal.stall();
    let before = terminal.bytes().len();
    for _ in 0..400 {
        for page in ["\x06", "\x06", "\x06", "\x02", "\x02", "\x02"] {
            terminal.press(page);
            thread::sleep(Duration::from_micros(300));
        }
    }
    terminal.press("gjj");
    terminal.go_on();
    let screen = terminal.settle();
    let sent = terminal.bytes().len() - before;
    assert!(screen.has("3 of 126"), "{}", terminal.picture());
    assert!(sent <= LINE, "{sent} bytes\n{}", terminal.picture());
}
