//! Why: the path to a deployment, link by link, with its places in files.

use crate::answers;
use crate::answers::POISONED;
use crate::bytes;
use crate::main_job::marked;
use crate::repository::Folder;
use crate::repository::sample;
use crate::screen::Screen;
use crate::terminal::Start;
use crate::terminal::Terminal;
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// Why support-chat@production is affected: the third row of Reach.
fn why(start: Start) -> Terminal {
    let mut terminal = marked(start);
    terminal.press("jjp");
    terminal.wait_for("the path", |screen| screen.has("support-chat@production is AFFECTED"));
    terminal
}

/// `file:line` as far as they stand in the pane.
fn shown_places(screen: &Screen) -> Vec<String> {
    let rows = screen.pane_titled("Why");
    let words = rows.iter().flat_map(|row| row.split_whitespace());
    let is_place =
        |word: &&str| word.rsplit_once(':').is_some_and(|(file, line)| file.contains('.') && line.parse::<u32>().is_ok());
    words.filter(is_place).map(str::to_owned).collect()
}

#[test]
fn the_path_on_the_screen_is_that_of_the_command() {
    let answer = answers::ask(&["path", POISONED, "support-chat-v2.3.0@production"]);
    let paths: Vec<&serde_json::Value> = answers::items(&answer["paths"]).collect();
    assert!(paths.len() > 1);
    let mut terminal = why(Start::explorer(sample()));
    let best = terminal.screen();
    let picture = terminal.picture();
    assert_eq!(shown_places(&best), answers::places(paths[0]), "{picture}");
    assert!(best.has(&format!("path 1 of {}", paths.len())) && best.has("0 weak"), "{picture}");
    assert_eq!(best.focused().len(), 1, "{picture}");
    let grades = best.pane_titled("Why").iter().filter(|row| row.contains("== ")).count();
    assert_eq!(grades, answers::items(paths[0]).count(), "each link has its grade\n{picture}");
    for name in ["EleuterAI/gpt-j-6B#5f1c", "support-base-v1", "support-chat-v2.3.0"] {
        assert!(best.pane_titled("Why").iter().any(|row| row.contains(name)), "{name}\n{picture}");
    }
    let second = terminal.tap("n");
    assert!(second.has(&format!("path 2 of {}", paths.len())), "{}", terminal.picture());
    let shown = shown_places(&second);
    assert!(answers::places(paths[1]).starts_with(&shown) && !shown.is_empty(), "{shown:?}\n{}", terminal.picture());
    assert_eq!(terminal.tap("N").rows(), best.rows(), "and back");
    let reach = terminal.esc();
    assert!(reach.cursor_line().contains("support-chat@production"), "{}", terminal.picture());
}

#[test]
fn a_weak_link_says_what_would_settle_it() {
    let mut terminal = marked(Start::explorer(sample()));
    for _ in 0..11 {
        terminal.press("j");
    }
    terminal.press("p");
    let screen = terminal.wait_for("the path", |screen| screen.has("kb-search@production is POSSIBLE"));
    let why = screen.pane_titled("Why").join("\n");
    for text in ["..", "search/kb-merge-v5.yaml:7", "digest"] {
        assert!(why.contains(text), "{text}\n{}", terminal.picture());
    }
}

#[test]
fn an_unknown_deployment_names_its_hole() {
    let mut terminal = marked(Start::explorer(sample()));
    for _ in 0..14 {
        terminal.press("j");
    }
    terminal.press("p");
    let screen = terminal.wait_for("the hole", |screen| screen.has("fraud-notes@production is UNKNOWN"));
    let why = screen.pane_titled("Why").join("\n");
    assert!(why.contains("notes-b1") && why.contains("risk/fraud-notes.cdx.json:88"), "{}", terminal.picture());
}

#[test]
fn a_wide_screen_shows_the_path_beside_the_cursor() {
    let mut terminal = marked(Start::explorer(sample()).size(120, 40));
    assert_eq!(terminal.screen().borders().len(), 2, "{}", terminal.picture());
    let follows = |screen: &Screen| screen.pane_titled("Why").join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(follows(&terminal.screen()).contains("prod-eu-west-1 is AFFECTED"), "{}", terminal.picture());
    let moved = terminal.tap("jj");
    assert!(follows(&moved).contains("support-chat@production is AFFECTED"), "{}", terminal.picture());
}

#[test]
fn copying_the_path_gives_one_plain_line_to_paste() {
    let mut terminal = why(Start::explorer(sample()));
    let before = terminal.bytes().len();
    assert!(bytes::copies(terminal.bytes()).is_empty(), "nothing is copied unasked");
    terminal.tap("y");
    let copied = bytes::copies(&terminal.bytes()[before..]);
    assert_eq!(copied.len(), 1, "{}", terminal.picture());
    for text in ["support-chat-v2.3.0@production is AFFECTED", "care/support-base-v1.yaml:7", "care/support-chat-v2.3.0.yaml:9"] {
        assert!(copied[0].contains(text), "{text} in {:?}", copied[0]);
    }
    // Without a newline: pasted into a shell it must not run.
    assert!(!copied[0].chars().any(char::is_control), "{:?}", copied[0]);
    assert!(terminal.screen().has("copied"), "{}", terminal.picture());
}

#[test]
fn the_file_opens_at_its_line_and_the_screen_comes_back() {
    let editor = Folder::empty("editor");
    let script = editor.path().join("editor.sh");
    let told = editor.path().join("told");
    fs::write(&script, format!("#!/bin/sh\nprintf '%s\\n' \"$@\" > {}\nprintf 'in the editor'\n", told.display())).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let start = Start::explorer(sample()).env("EDITOR", script.to_str().unwrap());
    let mut terminal = why(start);
    let before = terminal.tap("j");
    terminal.press("o");
    let back = terminal
        .wait_for("the explorer after the editor", |screen| told.exists() && screen.has("support-chat@production is AFFECTED"));
    let said = fs::read_to_string(&told).unwrap();
    assert!(said.contains(".yaml") && said.contains('+'), "file and line: {said:?}\n{}", terminal.picture());
    assert_eq!(back.cursor_line(), before.cursor_line(), "{}", terminal.picture());
    assert!(!back.has("in the editor"), "{}", terminal.picture());
    terminal.press("q");
    assert_eq!(terminal.end().code(), 0);
    assert!(terminal.modes_are_restored());
}
