//! Problems: what was not read, and what the documents hold against each other.

use crate::answers;
use crate::repository::Folder;
use crate::repository::sample;
use crate::start::on_sample;
use crate::start::ready;
use crate::terminal::Start;
use std::fs;

#[test]
fn the_broken_file_stands_first_with_its_place_and_its_cost() {
    let mut terminal = on_sample();
    let main = terminal.screen().without_message();
    terminal.press("!");
    let screen = terminal.wait_for("problems", |screen| screen.has("DR0001"));
    let picture = terminal.picture();
    assert!(screen.focused()[0].starts_with("Problems: 1 not read"), "{picture}");
    let first = screen.cursor_line();
    assert!(first.contains("DR0001") && first.contains("error") && first.contains("care/intake-bot.yaml:14:26"), "{picture}");
    for text in ["14 |", "framework: transformers: 4.38.0", "^", "intake-bot@staging"] {
        assert!(screen.has(text), "{text}\n{picture}");
    }
    let moved = terminal.tap("j");
    assert!(!moved.cursor_line().contains("DR0001"), "{}", terminal.picture());
    assert_ne!(moved.rows()[8..], screen.rows()[8..], "the lower half follows the cursor");
    assert_eq!(terminal.esc().without_message(), main, "{}", terminal.picture());
}

#[test]
fn every_finding_of_the_command_is_in_the_list() {
    let mut terminal = ready(Start::explorer(sample()).size(100, 60));
    terminal.press("!");
    let screen = terminal.wait_for("problems", |screen| screen.has("DR0001"));
    let answer = answers::ask(&["check"]);
    let shown = screen.rows().join("\n");
    for finding in answers::items(&answer["findings"]) {
        let code = finding["code"].as_str().unwrap();
        assert!(shown.contains(code), "{code}\n{}", terminal.picture());
    }
}

#[test]
fn a_problem_leads_to_its_component() {
    let mut terminal = on_sample();
    terminal.press("!");
    terminal.wait_for("problems", |screen| screen.has("DR0001"));
    for _ in 0..10 {
        if terminal.screen().cursor_line().contains("DR0205") {
            break;
        }
        terminal.tap("j");
    }
    assert!(terminal.screen().cursor_line().contains("DR0205"), "{}", terminal.picture());
    terminal.press("\r");
    let there = terminal.wait_for("the component", |screen| !screen.has("Problems:"));
    let selected = there.pane(0).into_iter().find(|row| row.starts_with(['>', '·'])).unwrap_or_default();
    assert!(selected.contains("EleuterAI/gpt-j-6B"), "{}", terminal.picture());
}

#[test]
fn a_saved_repair_is_read_and_nothing_else_moves() {
    let folder = Folder::copy_of_sample();
    let mut terminal = ready(Start::explorer(&folder.path()));
    terminal.press("!");
    terminal.wait_for("problems", |screen| screen.has("DR0001"));
    terminal.esc();
    terminal.tap("/v1\rjj");
    let before = terminal.screen();
    let broken = folder.path().join("care/intake-bot.yaml");
    let text = fs::read_to_string(&broken).unwrap();
    fs::write(&broken, text.replace("framework: transformers: 4.38.0", "framework: \"transformers==4.38.0\"")).unwrap();
    let after = terminal.wait_for("a repository without a broken file", |screen| screen.row(0).contains("47 documents"));
    assert!(!after.row(0).contains("not read"), "{}", terminal.picture());
    assert_eq!(after.titles(), before.titles(), "the filter stays\n{}", terminal.picture());
    assert_eq!(after.cursor_line(), before.cursor_line(), "the selection stays\n{}", terminal.picture());
    terminal.press("!");
    let problems = terminal.wait_for("problems", |screen| screen.has("DR0301"));
    assert!(!problems.has("DR0001"), "{}", terminal.picture());
}

#[test]
fn a_reload_closes_no_dialog() {
    let folder = Folder::copy_of_sample();
    let mut terminal = ready(Start::explorer(&folder.path()));
    terminal.press("/eute\rm");
    terminal.wait_for("the preview", |screen| screen.has("14 deployments in 9 services"));
    terminal.tap("4");
    folder.write_model("new.json", "new-v1", Some("support-base-v1"), Some("newcomer"));
    let screen = terminal.wait_for("the new model", |screen| screen.row(0).contains("47 documents"));
    assert!(screen.has("Mark compromised") && screen.has("(o) 4"), "{}", terminal.picture());
    assert!(!screen.has("15 deployments in"), "the preview is of what is there now\n{}", terminal.picture());
}
