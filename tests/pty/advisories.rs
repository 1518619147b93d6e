//! Advisories: from a file on the command line, or a path that is typed, to what they reach and what could not be checked.

use crate::ends::assert_restored;
use crate::repository::Folder;
use crate::repository::sample;
use crate::start::is_ready;
use crate::start::ready;
use crate::terminal::End;
use crate::terminal::Start;
use crate::terminal::Terminal;
use std::fs;
use std::path::Path;

const POISON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/examples/poisongpt.yaml");
const OSV: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/advisories/transformers.osv.json");
const NOTES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/inbox/notes.txt");

const COUNTS: [&str; 3] = ["11 AFFECTED", "3 POSSIBLE", "2 UNKNOWN"];

/// The explorer on the sample with some advisories.
fn asked(given: &[&str], size: (u16, u16)) -> Terminal {
    let start = Start::explorer(sample()).size(size.0, size.1);
    let start = given.iter().fold(start, |start, file| start.arg("--advisory").arg(file));
    start.open()
}

#[test]
fn a_match_is_answered_without_a_key_and_recorded_with_two() {
    let before = crate::repository::contents(sample());
    let mut terminal = asked(&[POISON], (80, 24));
    let screen = terminal.wait_for("the preview", |screen| screen.has_all(&COUNTS));
    assert!(screen.row(0).contains("PREVIEW, not recorded"), "{}", terminal.picture());
    assert!(
        screen.has("5 Incidents 0") && screen.focused().concat().contains("11 confirmed, 3 possible"),
        "{}",
        terminal.picture()
    );
    terminal.press("m\r");
    let opened = terminal.wait_for("an incident", |screen| screen.has("5 Incidents 1") && screen.has_all(&COUNTS));
    assert!(!opened.has("PREVIEW") && opened.row(1).contains("INC-1"), "{}", terminal.picture());
    terminal.press("q");
    assert_eq!(terminal.end(), End::Code(0));
    assert_restored(&terminal, "after an advisory");
    assert!(crate::repository::contents(sample()) == before, "the repository is not written to");
}

#[test]
fn the_screen_has_a_row_for_each_and_what_could_not_be_checked() {
    let mut terminal = asked(&[OSV, POISON, NOTES], (80, 24));
    terminal.wait_for("the preview", |screen| screen.has_all(&COUNTS));
    terminal.press("\x1b");
    terminal.wait_for("all advisories", |screen| screen.titles().contains("[Advisories: 2 read, 1 not understood]"));
    let screen = terminal.tap("j");
    let row =
        |word: &str| screen.line_with(word).unwrap_or_default().split_whitespace().rev().take(3).map(str::to_owned).collect();
    let counts: [Vec<String>; 2] = [row("EXAMPLE-2026-0001"), row("EXAMPLE-2026-0002")];
    assert_eq!(counts, [["2", "3", "11"].map(str::to_owned), ["2", "1", "0"].map(str::to_owned)], "{}", terminal.picture());
    for text in [
        "NO MATCH is not CLEAR: 4 things could not be checked",
        "NOT READ",
        "UNDETERMINED",
        "research/lab-notebook.yaml:22",
        "? POSSIBLE lab-notebook@research",
        "to settle",
    ] {
        assert!(screen.has(text), "{text}\n{}", terminal.picture());
    }
    assert_eq!(screen.cursors().len(), 1, "{}", terminal.picture());
    let reach = terminal.tap("r");
    assert!(reach.titles().contains("0 confirmed, 1 possible"), "{}", terminal.picture());
    for _ in 0..3 {
        terminal.esc();
    }
    terminal.press("q");
    assert_eq!(terminal.end(), End::Code(0));
}

#[test]
fn without_a_match_the_screen_opens_and_fits_any_size() {
    for (columns, rows) in [(40, 10), (80, 24), (120, 40), (200, 50)] {
        let mut terminal = asked(&[OSV], (columns, rows));
        terminal.wait_for("the screen", |screen| screen.has("NO MATCH is not CLEAR"));
        terminal.tap("\tG");
        assert!(terminal.past_the_edge().is_empty(), "{columns}x{rows}\n{}", terminal.picture());
        assert!(!terminal.tap("\t\r").has("\u{1b}"), "{}", terminal.picture());
        assert!(terminal.past_the_edge().is_empty(), "{columns}x{rows}\n{}", terminal.picture());
        terminal.esc();
        terminal.esc();
        terminal.press("q");
        assert_eq!(terminal.end(), End::Code(0), "{columns}x{rows}");
    }
}

#[test]
fn a_typed_path_is_completed_from_the_home_folder() {
    let mut terminal = ready(Start::explorer(sample()));
    fs::copy(POISON, terminal.home().join("an advisory.yaml")).unwrap();
    terminal.press("a~/an\t");
    terminal.wait_for("the whole name", |screen| screen.has("~/an advisory.yaml_"));
    // All three at once: each waits for what it needs.
    terminal.press("\r\r\r");
    terminal.wait_for("an incident", |screen| screen.has("5 Incidents 1") && screen.has_all(&COUNTS));
    terminal.press("a/no/such/file\r");
    let said = terminal.wait_for("why not", |screen| screen.has("no such file or folder"));
    assert!(said.has("/no/such/file_"), "what was typed stays\n{}", terminal.picture());
}

#[test]
fn a_changed_repository_is_asked_again() {
    let folder = Folder::copy_of_sample();
    let mut terminal = Start::explorer(&folder.path()).arg("--advisory").arg(POISON).open();
    terminal.wait_for("the preview", |screen| is_ready(screen) && screen.has_all(&COUNTS));
    folder.write_model("new.json", "new-v1", Some("EleuterAI/gpt-j-6B"), Some("new"));
    terminal.wait_for("the new deployment", |screen| screen.has("4 POSSIBLE") && screen.has("PREVIEW, not recorded"));
}

#[test]
fn a_move_among_advisories_costs_few_bytes_and_no_colour_no_colour() {
    let folder = Folder::empty("advisories");
    for n in 0..30 {
        let text = format!("ml_advisory: {{id: \"A-{n:02}\", affected: [{{name: nothing-{n:02}}}]}}\n");
        fs::write(folder.path().join(format!("{n:02}.yaml")), text).unwrap();
    }
    let given = folder.path().to_string_lossy().into_owned();
    let mut terminal = Start::explorer(sample()).arg("--advisory").arg(&given).env("NO_COLOR", "1").open();
    terminal.wait_for("the screen", |screen| screen.has("A-00") && screen.has("so "));
    terminal.settle();
    let before = terminal.bytes().len();
    for _ in 0..3 {
        terminal.tap("j");
    }
    let bytes = terminal.bytes().len() - before;
    assert!(bytes < 3 * 700, "{bytes} bytes for three moves");
    assert!(!terminal.screen().is_coloured(), "{}", terminal.picture());
}

#[test]
fn hostile_names_in_a_path_and_an_advisory_leave_the_screen_whole() {
    let folder = Folder::empty("inbox");
    let text = "ml_advisory:\n  id: \"I\\u001b[2J\\u202eD\"\n  summary: \"S\\u0007\\u200b\"\n  affected: [{name: \"N\\u001b]0;x\\u0007\"}]\n";
    fs::write(folder.path().join("a\u{1b}[31m.yaml"), text).unwrap();
    let given = folder.path().to_string_lossy().into_owned();
    let mut terminal = asked(&[&given], (80, 24));
    let screen = terminal.wait_for("the screen", |screen| screen.has("NO MATCH"));
    assert!(screen.has("I\\u{1b}[2J\\u{202e}D"), "{}", terminal.picture());
    assert!(!String::from_utf8_lossy(terminal.bytes()).contains("\u{1b}]0;x"), "no title was set");
    assert!(Path::new(&given).exists() && terminal.past_the_edge().is_empty());
}
