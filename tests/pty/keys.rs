//! Footer and help: what they promise is there, and works.

use crate::main_job::marked;
use crate::repository::sample;
use crate::screen::Screen;
use crate::start::on_sample;
use crate::start::ready;
use crate::terminal::Start;
use crate::terminal::TAB;
use crate::terminal::Terminal;
use std::collections::BTreeSet;

/// Names of keys that are longer than a character.
const NAMES: [&str; 7] = ["Enter", "Space", "Tab", "S-Tab", "Esc", "up", "down"];

/// Keys that a footer names: the words before the first that is no key, of each entry.
fn footer_keys(footer: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for entry in footer.split("  ").map(str::trim).filter(|entry| !entry.is_empty()) {
        let words: Vec<&str> = entry.split(' ').collect();
        let is_key = |word: &&&str| is_key(word) || **word == "or";
        let named = words.iter().take_while(is_key).filter(|word| **word != "or");
        keys.extend(named.map(|word| (*word).to_owned()));
    }
    keys
}

fn is_key(word: &str) -> bool {
    NAMES.contains(&word) || word.chars().count() == 1 || word == "//" || word == "1-4" || word == "1-5" || word.starts_with('^')
}

/// Words of the whole help, all keys, all pages.
fn help_words(terminal: &mut Terminal) -> BTreeSet<String> {
    terminal.press("?");
    let mut screen = terminal.wait_for("help", |screen| screen.has("Help"));
    let mut words = words_of(&screen);
    screen = terminal.tap(TAB);
    loop {
        words.extend(words_of(&screen));
        let next = terminal.tap("\x06");
        if next == screen {
            break;
        }
        screen = next;
    }
    terminal.esc();
    words
}

fn words_of(screen: &Screen) -> BTreeSet<String> {
    screen.rows().iter().flat_map(|row| row.split_whitespace()).map(str::to_owned).collect()
}

fn assert_in_help(keys: &[String], help: &BTreeSet<String>, place: &str) {
    assert!(!keys.is_empty(), "{place} has no keys in its footer");
    for key in keys {
        assert!(help.contains(key), "{key}, in the footer of {place}, is not in the help: {help:?}");
    }
}

#[test]
fn every_key_of_a_footer_is_in_the_help() {
    let mut terminal = on_sample();
    let help = help_words(&mut terminal);
    for (keys, place) in
        [("1", "the list"), ("i", "Detail"), ("u", "Up"), ("d", "Down"), ("r", "Reach"), ("p", "Why"), ("!", "Problems")]
    {
        let screen = terminal.tap(keys);
        let found = footer_keys(&screen.footer());
        assert_in_help(&found, &help, &format!("{place}: {}", screen.footer()));
        assert!(found.contains(&"?".to_owned()) || place == "Why", "{place}: {}", screen.footer());
        terminal.esc();
        terminal.esc();
        terminal.tap("1g");
    }
}

#[test]
fn keys_of_later_issues_are_in_no_footer() {
    let mut terminal = marked(Start::explorer(sample()).size(200, 50));
    for keys in ["1", "i", "u", "d", "r", "p", "5", "!"] {
        let footer = terminal.tap(keys).footer();
        for word in ["worklist", "advisory", "review", "export", "commands"] {
            assert!(!footer.contains(word), "{word} in {footer}");
        }
    }
}

#[test]
fn every_key_of_the_main_footer_does_something() {
    let mut terminal = ready(Start::explorer(sample()).size(100, 30));
    let footer = terminal.tap("jj").footer();
    let start = terminal.screen();
    for key in footer_keys(&footer) {
        let typed = match key.as_str() {
            "Enter" => "\r",
            "Tab" => TAB,
            "Space" => " ",
            "q" => continue,
            other => other,
        };
        let after = terminal.tap(typed);
        assert_ne!(after, start, "{key} does nothing\n{}", terminal.picture());
        for _ in 0..3 {
            terminal.esc();
        }
        terminal.tap("1igjj");
        for _ in 0..5 {
            if terminal.screen().rows()[1..] == start.rows()[1..] {
                break;
            }
            // Sorting goes on to the next column and comes round.
            terminal.tap("s");
        }
        terminal.tap("gjj");
    }
}

#[test]
fn help_explains_the_pane_and_the_words_on_the_screen() {
    let mut terminal = marked(Start::explorer(sample()));
    let reach = terminal.screen().without_message();
    let help = terminal.tap("?");
    let picture = terminal.picture();
    for text in
        ["Help", "downriver", "Reach", "everywhere", "AFFECTED", "POSSIBLE", "UNKNOWN", "CLEAR", "read an advisory", "Esc close"]
    {
        assert!(help.has(text), "{text}\n{picture}");
    }
    for later in ["review", "export"] {
        assert!(!help.has(later), "{later} comes with a later issue\n{picture}");
    }
    assert_eq!(terminal.esc().without_message(), reach, "Esc restores the screen\n{}", terminal.picture());
    terminal.tap("?");
    assert_eq!(terminal.tap("?").without_message(), reach, "so does the key itself");
}

#[test]
fn help_lies_over_a_dialog_and_leaves_it_as_it_was() {
    let mut terminal = on_sample();
    terminal.press("m");
    let dialog = terminal.wait_for("the dialog", |screen| screen.has("14 deployments in 9 services"));
    let help = terminal.tap("?");
    assert!(help.has("Help"), "{}", terminal.picture());
    assert_eq!(terminal.esc(), dialog, "{}", terminal.picture());
}

#[test]
fn all_flows_of_help_fit_a_small_screen() {
    let mut terminal = ready(Start::explorer(sample()).size(40, 10));
    let before = terminal.screen().without_message();
    let help = terminal.tap("?");
    assert!(help.has("Help"), "{}", terminal.picture());
    assert_ne!(terminal.tap("\x06"), help, "it scrolls\n{}", terminal.picture());
    assert_eq!(terminal.esc().without_message(), before, "{}", terminal.picture());
}

#[test]
fn the_redraw_key_heals_a_scribbled_screen() {
    let mut terminal = on_sample();
    let before = terminal.screen().without_message();
    terminal.scribble("\x1b[5;10Hbroadcast message from root\r\n\x1b[31mthe system is going down");
    assert_ne!(terminal.screen().without_message(), before);
    assert_eq!(terminal.tap("\x0c").without_message(), before, "{}", terminal.picture());
}
