//! How it ends, and what is left behind: nothing.

use crate::main_job::marked;
use crate::repository::sample;
use crate::start::on_sample;
use crate::start::ready;
use crate::terminal::End;
use crate::terminal::Start;
use crate::terminal::Terminal;
use crate::terminal::ctrl;
use rustix::process::Signal;
use std::time::Duration;

/// The terminal is as the program found it.
pub(crate) fn assert_restored(terminal: &Terminal, place: &str) {
    let picture = terminal.picture();
    assert!(terminal.modes_are_restored(), "{place}: echo and line editing\n{picture}");
    assert_eq!(terminal.left_switched_on(), Vec::<&str>::new(), "{place}\n{picture}");
    assert!(!terminal.screen().has("panicked"), "{place}\n{picture}");
}

#[test]
fn escape_ten_times_and_q_end_it_from_anywhere() {
    let places = [
        "",
        "i",
        "u",
        "d",
        "r",
        "p",
        "!",
        "/eut",
        "/eut\r",
        "//gptj",
        "?",
        "m",
        "m\t",
        "4",
        "5",
        "/eute\rm\r",
        "/eute\rm\rp",
        "/eute\rm\rz",
        "/eute\rm\r?",
    ];
    for keys in places {
        let mut terminal = on_sample();
        terminal.tap(keys);
        let screen = terminal.tap(&"\x1b".repeat(10));
        assert!(screen.has("q quits"), "with nothing left to leave, Esc says so: {keys:?}\n{}", terminal.picture());
        terminal.press("q");
        assert_eq!(terminal.end(), End::Code(0), "{keys:?}");
        assert_restored(&terminal, keys);
    }
}

#[test]
fn control_c_ends_it_even_in_a_dialog() {
    for keys in ["", "m", "/x", "//x", "?"] {
        let mut terminal = on_sample();
        terminal.tap(keys);
        terminal.press(&ctrl('c'));
        assert_eq!(terminal.end(), End::Code(0), "{keys:?}");
        assert_restored(&terminal, keys);
    }
}

#[test]
fn it_can_be_left_while_loading() {
    let mut terminal = Start::explorer(sample()).open();
    terminal.wait_for("a first frame", |screen| !screen.row(0).is_empty());
    terminal.press("q");
    assert_eq!(terminal.end(), End::Code(0));
    assert_restored(&terminal, "while loading");
}

#[test]
fn signals_end_it_with_their_exit_code_and_a_clean_terminal() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        for keys in ["", "m", "//gpt", "/eute\rm\r"] {
            let mut terminal = on_sample();
            terminal.tap(keys);
            terminal.signal(signal);
            assert_eq!(terminal.end().code(), code, "{keys:?}");
            assert_restored(&terminal, &format!("{signal:?} after {keys:?}"));
        }
    }
}

#[test]
fn it_ends_with_its_terminal() {
    for keys in ["", "m", "//gpt", "/eute\rm\r"] {
        let mut terminal = on_sample();
        terminal.tap(keys);
        terminal.close();
        assert_eq!(terminal.end().code(), 129, "{keys:?}");
    }
    let mut terminal = Start::explorer(sample()).open();
    terminal.close();
    assert_eq!(terminal.end().code(), 129, "before the first frame was seen");
}

#[test]
fn it_ends_with_its_terminal_where_nobody_tells_it() {
    // As under nohup: the hang-up is ignored, and only the dead terminal itself can be noticed.
    let command = format!("trap '' HUP; exec {} {}", env!("CARGO_BIN_EXE_downriver"), sample().display());
    let mut terminal = ready(Start::program(&["sh", "-c", &command]));
    terminal.close();
    assert_eq!(terminal.end().code(), 129);
}

#[test]
fn nothing_is_sent_or_computed_while_nothing_happens() {
    let mut quiet = on_sample();
    let mut after_a_mark = marked(Start::explorer(sample()));
    for terminal in [&mut quiet, &mut after_a_mark] {
        terminal.settle();
        let worked = terminal.processor_time();
        let n = terminal.listen(Duration::from_secs(3));
        assert_eq!(n, 0, "bytes\n{}", terminal.picture());
        assert!(terminal.processor_time() - worked <= 3, "hundredths of a second of work");
    }
}

/// The explorer under a shell that can stop and continue it.
fn under_a_shell() -> Terminal {
    let script =
        format!("{} {}; echo stopped; read line; fg; echo ended $?", env!("CARGO_BIN_EXE_downriver"), sample().display());
    ready(Start::program(&["sh", "-m", "-c", &script]))
}

#[test]
fn a_stopped_explorer_leaves_a_usable_terminal_and_comes_back() {
    let mut terminal = under_a_shell();
    terminal.tap("/eute\r");
    let before = terminal.screen();
    terminal.press(&ctrl('z'));
    terminal.wait_for("the shell", |screen| screen.has("stopped"));
    assert_restored(&terminal, "while stopped");
    terminal.press("\n");
    let back = terminal.wait_for("the explorer", |screen| screen.rows()[..20] == before.rows()[..20]);
    assert_eq!(back.cursor_line(), before.cursor_line());
    terminal.tap("\x1b");
    terminal.press("q");
    terminal.wait_for("the shell", |screen| screen.has("ended 0"));
    assert_restored(&terminal, "after the end");
}

#[test]
fn being_stopped_by_others_is_survived() {
    let mut terminal = under_a_shell();
    let before = terminal.screen();
    terminal.signal(Signal::TSTP);
    terminal.wait_for("the shell", |screen| screen.has("stopped"));
    assert_restored(&terminal, "stopped by a signal");
    terminal.press("\n");
    terminal.wait_for("the explorer", |screen| screen.rows()[..20] == before.rows()[..20]);

    let mut frozen = on_sample();
    let before = frozen.screen();
    frozen.signal(Signal::STOP);
    while !frozen.is_stopped() {
        frozen.listen(Duration::from_millis(10));
    }
    frozen.scribble("\x1b[3;3Hwritten by somebody else meanwhile");
    frozen.signal(Signal::CONT);
    frozen.wait_for("a whole screen again", |screen| screen.rows()[..20] == before.rows()[..20]);
}
