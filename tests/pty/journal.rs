//! Marks that are entries of the journal: kept over a restart, seen by others, taken back, refused where there is no place.

use crate::main_job::MAIN_JOB;
use crate::main_job::is_marked;
use crate::repository::Folder;
use crate::start::ready;
use crate::terminal::End;
use crate::terminal::Start;
use crate::terminal::Terminal;
use rustix::fs::FlockOperation;
use serde_json::Value;
use std::fs;
use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

const NOW: &str = "2026-03-02T03:11:08Z";

/// An explorer on a folder, by somebody who is at home in `state`.
fn explorer(folder: &Folder, state: &Folder, actor: &str) -> Start {
    let start = Start::explorer(&folder.path()).env("DOWNRIVER_STATE", state.path().to_str().unwrap());
    start.arg("--actor").arg(actor).arg("--now").arg(NOW)
}

fn journal(folder: &Folder) -> PathBuf {
    folder.path().join(".downriver/journal.jsonl")
}

/// Kinds and actors of the entries.
fn entries(folder: &Folder) -> Vec<(String, String)> {
    let text = fs::read_to_string(journal(folder)).unwrap();
    let entry = |line: &str| {
        let entry: Value = serde_json::from_str(line).unwrap();
        (entry["kind"].as_str().unwrap().to_owned(), entry["actor"].as_str().unwrap().to_owned())
    };
    text.lines().map(entry).collect()
}

fn mark(terminal: &mut Terminal) {
    terminal.press(MAIN_JOB);
    terminal.wait_for("a recorded mark", |screen| is_marked(screen) && screen.message().contains("journal #1"));
}

fn leave(terminal: &mut Terminal) {
    terminal.press("q");
    assert_eq!(terminal.end(), End::Code(0), "{}", terminal.picture());
}

#[test]
fn a_mark_is_an_entry_that_outlives_the_explorer_and_an_undo_is_one_more() {
    let (folder, state) = (Folder::copy_of_sample(), Folder::empty("state"));
    let mut terminal = ready(explorer(&folder, &state, "oncall"));
    mark(&mut terminal);
    let said = terminal.screen().message();
    assert!(said.starts_with("INC-1 opened, journal #1 by oncall 03:11 UTC   z undo   J journal"), "{said}");
    assert_eq!(entries(&folder), [("open".to_owned(), "oncall".to_owned())]);
    leave(&mut terminal);
    let mut terminal = ready(explorer(&folder, &state, "oncall"));
    let again = terminal.wait_for("the incident", |screen| screen.row(1).contains("11 AFFECTED"));
    assert!(again.has("INC-1 poisoned EleuterAI/gpt-j-6B#5f1c") && again.has("5 Incidents 1"), "{}", terminal.picture());
    let asked = terminal.tap("z");
    assert!(asked.message().contains("Undo #1"), "{}", terminal.picture());
    terminal.press("\r");
    terminal.wait_for("no incident", |screen| screen.has("5 Incidents 0") && screen.message().contains("#1 is taken back"));
    assert_eq!(entries(&folder).len(), 2);
    let log = terminal.tap("J");
    assert!(log.has("[Journal: 2 entries, chain verified 03:11 UTC]"), "{}", terminal.picture());
    terminal.tap("k\r");
    assert!(terminal.screen().has("Entry #2"), "{}", terminal.picture());
    terminal.esc();
    terminal.esc();
    leave(&mut terminal);
}

#[test]
fn two_explorers_see_each_others_entries_and_nobody_is_moved() {
    let (folder, state) = (Folder::copy_of_sample(), Folder::empty("state"));
    let mut mine = ready(explorer(&folder, &state, "oncall"));
    let mut theirs = ready(explorer(&folder, &state, "psirt"));
    let chosen = theirs.tap("jj").cursor_line();
    mark(&mut mine);
    let seen = theirs.wait_for("the other's entry", |screen| screen.message().starts_with("oncall, 03:11: open INC-1"));
    assert!(seen.row(1).contains("INC-1 poisoned") && seen.has("5 Incidents 1"), "{}", theirs.picture());
    let name = |row: &str| row.split_whitespace().find(|word| word.len() > 3).unwrap_or_default().to_owned();
    assert!(chosen.contains(&name(&chosen)) && seen.cursors().len() == 1, "{}", theirs.picture());
    assert_eq!(mine.listen(Duration::from_secs(2)), 0, "nothing is drawn while nothing happens");
    theirs.press("Jz");
    theirs.wait_for("a reason", |screen| screen.message().contains("Reason: "));
    theirs.press("wrong one\r");
    theirs.wait_for("an undo", |screen| screen.message().contains("#1 is taken back"));
    mine.wait_for("the undo", |screen| screen.has("5 Incidents 0") && screen.message().contains("undo #1: wrong one"));
    leave(&mut mine);
    leave(&mut theirs);
}

#[test]
fn where_nothing_can_be_recorded_it_says_so_and_loses_nothing() {
    let (folder, state) = (Folder::copy_of_sample(), Folder::empty("state"));
    let mut terminal = ready(explorer(&folder, &state, "oncall"));
    // As on a read-only disk, for whatever account the tests run: there is no place for the journal.
    fs::write(folder.path().join(".downriver"), "in the way").unwrap();
    terminal.press("/eute\rm\tPSIRT-7\r");
    let refused = terminal.wait_for("the popup", |screen| screen.has("Not recorded"));
    assert!(refused.has("is NOT in the journal") && refused.has("1  try again"), "{}", terminal.picture());
    assert!(refused.row(0).contains("JOURNAL NOT WRITABLE") && refused.has("5 Incidents 0"), "{}", terminal.picture());
    let dialog = terminal.esc();
    assert!(dialog.has("Mark compromised") && dialog.has("PSIRT-7"), "as typed\n{}", terminal.picture());
    terminal.press("\r");
    terminal.wait_for("the popup again", |screen| screen.has("Not recorded"));
    terminal.press("4");
    let draft = terminal.wait_for("a draft", is_marked);
    assert!(draft.row(1).starts_with("DRAFT-1 poisoned") && draft.row(0).contains("1 DRAFT"), "{}", terminal.picture());
    let asked = terminal.tap("q");
    assert!(asked.message().starts_with("Leave? 1 DRAFT"), "{}", terminal.picture());
    terminal.esc();
    terminal.press("1m\r");
    terminal.wait_for("the popup once more", |screen| screen.has("Not recorded"));
    terminal.press("2");
    let kept = terminal.wait_for("an entry", |screen| screen.message().contains("INC-1 opened, journal #1"));
    assert!(kept.row(0).contains("state journal"), "{}", terminal.picture());
    leave(&mut terminal);
    let journals = state.path().join("journals");
    let lines: usize =
        fs::read_dir(journals).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap().lines().count()).sum();
    assert_eq!(lines, 1);
}

#[test]
fn an_incident_does_not_go_away_with_its_journal_and_is_taken_along() {
    let (folder, state) = (Folder::copy_of_sample(), Folder::empty("state"));
    let mut terminal = ready(explorer(&folder, &state, "oncall"));
    mark(&mut terminal);
    let before = fs::read(journal(&folder)).unwrap();
    fs::remove_dir_all(folder.path().join(".downriver")).unwrap();
    fs::write(folder.path().join(".downriver"), "in the way").unwrap();
    let lost = terminal.wait_for("the loss", |screen| screen.row(0).contains("JOURNAL NOT WRITABLE"));
    assert!(lost.row(1).contains("INC-1 poisoned") && lost.row(1).contains("11 AFFECTED"), "{}", terminal.picture());
    terminal.esc();
    terminal.press("z\r");
    terminal.wait_for("the popup", |screen| screen.has("Not recorded") && screen.has("last entry kept: #1"));
    terminal.press("2");
    terminal.wait_for("the undo", |screen| screen.message().contains("#1 is taken back, journal #2"));
    leave(&mut terminal);
    let kept = fs::read_dir(state.path().join("journals")).unwrap().next().unwrap().unwrap().path();
    let kept = fs::read(kept).unwrap();
    assert!(kept.starts_with(&before) && kept.len() > before.len(), "every entry, byte for byte, and one more");
}

#[test]
fn a_held_lock_is_waited_for_beside_the_interface() {
    let (folder, state) = (Folder::copy_of_sample(), Folder::empty("state"));
    fs::create_dir(folder.path().join(".downriver")).unwrap();
    let held = File::create(journal(&folder)).unwrap();
    rustix::fs::flock(&held, FlockOperation::LockExclusive).unwrap();
    let mut terminal = ready(explorer(&folder, &state, "oncall"));
    terminal.press(MAIN_JOB);
    terminal.wait_for("a word", |screen| screen.message().contains("waiting for it"));
    terminal.esc();
    let moved = terminal.tap("1g");
    assert!(!moved.has("Mark compromised") && moved.has("5 Incidents 0"), "{}", terminal.picture());
    rustix::fs::flock(&held, FlockOperation::Unlock).unwrap();
    terminal.wait_for("the entry", |screen| screen.message().contains("INC-1 opened, journal #1"));
    leave(&mut terminal);
}
