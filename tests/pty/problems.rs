//! Problems: what was not read, and what the documents hold against each other.

use crate::answers;
use crate::repository::sample;
use crate::start::on_sample;
use crate::start::ready;
use crate::terminal::Start;

#[test]
fn the_broken_file_stands_first_with_its_place_and_its_cost() {
    let mut terminal = on_sample();
    let main = terminal.screen();
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
    assert_eq!(terminal.esc().rows(), main.rows(), "{}", terminal.picture());
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
