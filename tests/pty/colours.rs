//! Colours, their absence, and terminals that know only ASCII.

use crate::bytes;
use crate::main_job::marked;
use crate::repository::sample;
use crate::start::ready;
use crate::terminal::Start;
use crate::terminal::Terminal;

/// Bold, underlined, reversed, and their ends.
const PLAIN: [&str; 8] = ["", "0", "1", "22", "4", "24", "7", "27"];

/// Through all panes and popups.
fn walk(terminal: &mut Terminal) {
    for keys in ["1", "i", "1u", "1d", "1r", "1p", "4", "!", "/e", "//gpt", "?", "m"] {
        terminal.tap(keys);
        if keys.starts_with(['!', '/', '?', 'm']) {
            for _ in 0..3 {
                terminal.esc();
            }
        }
    }
}

/// The numbers of all colour sequences, one by one but for colours by number.
fn numbers(terminal: &Terminal) -> Vec<String> {
    let mut all = Vec::new();
    for sequence in bytes::attributes(terminal.bytes()) {
        if sequence.starts_with("38;") || sequence.starts_with("48;") {
            all.push(sequence);
        } else {
            all.extend(sequence.split(';').map(str::to_owned));
        }
    }
    all.sort();
    all.dedup();
    all
}

#[test]
fn without_colour_only_bold_underline_and_reverse_are_sent() {
    let mut terminal = marked(Start::explorer(sample()).env("NO_COLOR", "1"));
    assert!(terminal.screen().has_all(&["AFFECTED", "POSSIBLE", "UNKNOWN", "MARKED"]), "{}", terminal.picture());
    walk(&mut terminal);
    let others: Vec<String> = numbers(&terminal).into_iter().filter(|number| !PLAIN.contains(&number.as_str())).collect();
    assert_eq!(others, Vec::<String>::new());
    assert!(!terminal.screen().is_coloured());
}

#[test]
fn colours_are_the_terminals_own_sixteen_and_never_the_background() {
    let mut terminal = marked(Start::explorer(sample()));
    assert!(terminal.screen().is_coloured(), "{}", terminal.picture());
    walk(&mut terminal);
    for number in numbers(&terminal) {
        let palette = number.strip_prefix("38;5;").and_then(|n| n.parse::<u8>().ok());
        let plain: Option<u8> = if number.is_empty() { Some(0) } else { number.parse().ok() };
        let is_own = palette.is_some_and(|n| n < 16) || plain.is_some_and(|n| matches!(n, 0..=37 | 39 | 49 | 59 | 90..=97));
        assert!(is_own, "{number}");
    }
}

#[test]
fn ascii_sends_no_byte_of_another_alphabet() {
    let mut terminal = marked(Start::explorer(sample()).arg("--ascii"));
    walk(&mut terminal);
    assert!(terminal.bytes().is_ascii());
}

#[test]
fn ascii_frames_differ_only_in_the_listed_characters() {
    for keys in ["", "1", "1u", "1p", "4", "!", "?", "m", "//gpt"] {
        let mut frames = [Start::explorer(sample()), Start::explorer(sample()).arg("--ascii").env("NO_COLOR", "1")]
            .map(|start| {
                let mut terminal = if keys.is_empty() { ready(start) } else { marked(start) };
                terminal.tap(keys).rows()
            })
            .into_iter();
        let (drawn, ascii) = (frames.next().unwrap(), frames.next().unwrap());
        let translated: Vec<String> = drawn.iter().map(|row| row.chars().map(in_ascii).collect()).collect();
        assert_eq!(translated, ascii, "after {keys:?}");
    }
}

fn in_ascii(c: char) -> char {
    match c {
        '─' | '▾' => '-',
        '│' => '|',
        '┬' | '┴' | '├' | '┤' | '┌' | '┐' | '└' | '┘' | '┼' | '▸' => '+',
        '…' => '*',
        '·' => '.',
        other => other,
    }
}

#[test]
fn a_terminal_or_locale_without_unicode_gets_ascii_unasked() {
    for (name, value) in [("TERM", "vt100"), ("TERM", "dumb"), ("LANG", "C"), ("LC_ALL", "POSIX"), ("LANG", "de_DE.ISO-8859-1")] {
        let terminal = ready(Start::explorer(sample()).env(name, value));
        assert!(terminal.bytes().is_ascii(), "{name}={value}\n{}", terminal.picture());
    }
}

#[test]
fn only_listed_sequences_are_sent() {
    let mut terminal = marked(Start::explorer(sample()));
    walk(&mut terminal);
    terminal.resize(100, 30);
    terminal.settle();
    terminal.press("q");
    assert_eq!(terminal.end().code(), 0);
    assert_eq!(bytes::strays(terminal.bytes()), []);
}

#[test]
fn the_clipboard_is_written_only_after_a_copy_key() {
    let mut terminal = marked(Start::explorer(sample()));
    for (key, expected) in [("y", "legal-summarizer-v1.4.2@prod-eu-west-1"), ("Y", "AFFECTED")] {
        let before = terminal.bytes().len();
        terminal.tap(key);
        let sent = bytes::strays(&terminal.bytes()[before..]);
        assert!(matches!(sent.as_slice(), [bytes::Piece::Osc(_)]), "{key}: {sent:?}");
        let copied = bytes::copies(&terminal.bytes()[before..]);
        assert!(copied[0].contains(expected), "{key}: {copied:?}");
        assert!(terminal.screen().has("copied"), "{}", terminal.picture());
    }
    let before = terminal.bytes().len();
    terminal.tap("jkGg");
    assert_eq!(bytes::strays(&terminal.bytes()[before..]), []);
}
