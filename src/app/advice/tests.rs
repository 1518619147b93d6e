//! Advisories in the explorer, from a path to an incident.

use crate::app::Focus;
use crate::app::Popup;
use crate::app::Screen;
use crate::app::View;
use crate::app::harness::Harness;
use crate::app::msg::Msg;
use crate::graph::Graph;
use crate::model::state::State;
use std::fs;
use std::path::PathBuf;

const POISON: &str = "assets/examples/poisongpt.yaml";
const OSV: &str = "tests/data/advisories/transformers.osv.json";
const NOTES: &str = "tests/data/inbox/notes.txt";

fn given(paths: &[&str]) -> Harness {
    let mut explorer = Harness::sample();
    explorer.send(Msg::Given(paths.iter().map(PathBuf::from).collect()));
    explorer
}

/// AFFECTED, POSSIBLE and UNKNOWN deployments of what Reach shows.
fn reached(explorer: &Harness) -> [usize; 3] {
    let counts = explorer.app.reach_verdict().unwrap().deployments;
    [State::Affected, State::Possible, State::Unknown].map(|state| counts.of(state))
}

fn lines(explorer: &Harness) -> String {
    explorer.app.advice.lines.iter().map(|line| line.text() + "\n").collect()
}

#[test]
fn a_match_opens_reach_and_is_recorded_by_two_keys() {
    let mut explorer = given(&[POISON]);
    assert!(explorer.app.is_preview() && explorer.app.focus == Focus::View(View::Reach));
    assert_eq!(reached(&explorer), [11, 3, 2]);
    assert!(explorer.app.incidents.is_empty(), "nothing is recorded by itself");
    explorer.keys("m");
    assert!(matches!(explorer.app.popup, Some(Popup::Advise(_))), "m is about the advisory, not about the row");
    explorer.keys("<Enter>");
    assert!(!explorer.app.is_preview());
    assert_eq!((explorer.app.incidents.len(), reached(&explorer)), (1, [11, 3, 2]));
    let incident = &explorer.app.incidents[0];
    assert_eq!((incident.label.as_str(), incident.reason.as_str()), ("EleuterAI/gpt-j-6B#5f1c", "EXAMPLE-2026-0001"));
    assert_eq!(explorer.app.verdict.as_ref().unwrap().each.len(), 1);
    explorer.keys("z<Enter>");
    assert!(explorer.app.incidents.is_empty());
}

#[test]
fn a_path_and_three_enters_open_the_incident() {
    let mut explorer = Harness::sample();
    explorer.keys(&format!("a{POISON}<Enter><Enter><Enter>"));
    assert_eq!((explorer.app.incidents.len(), reached(&explorer)), (1, [11, 3, 2]), "{}", explorer.message());
}

#[test]
fn no_match_opens_the_screen_with_what_could_not_be_checked() {
    let mut explorer = given(&[OSV]);
    assert!(matches!(explorer.app.screen, Screen::Advisories));
    let told = lines(&explorer);
    for text in [
        "transformers@4.38.0",
        "transformers, no version  research/lab-notebook.yaml:22",
        "care/intake-bot.yaml:14",
        "no package section",
        "? POSSIBLE lab-notebook@research",
        "~ UNKNOWN  fraud-notes@production, intake-bot@staging",
        "to settle",
    ] {
        assert!(told.contains(text), "{text}\n{told}");
    }
    explorer.keys("r");
    assert_eq!(reached(&explorer), [0, 1, 2]);
    explorer.keys("<Esc>p");
    assert_eq!(explorer.app.focus, Focus::View(View::Why));
    explorer.keys("<Esc><Esc>");
    assert!(matches!(explorer.app.screen, Screen::Advisories), "back to where the question was");
    explorer.keys("<Enter><Enter>");
    assert_eq!((explorer.app.incidents.len(), reached(&explorer)), (1, [0, 1, 2]), "{}", explorer.message());
}

#[test]
fn several_are_rows_and_another_one_is_added() {
    let mut explorer = given(&[OSV, NOTES]);
    assert_eq!(explorer.app.advice.told.as_ref().unwrap().rows.len(), 2);
    explorer.keys(&format!("ja{POISON}<Enter>"));
    let told = explorer.app.advice.told.as_ref().unwrap();
    assert_eq!((told.rows.len(), explorer.app.advice.cursor.row), (3, 2), "the chosen row stays chosen");
    explorer.keys("r");
    assert!(!explorer.app.is_preview() && explorer.message().contains("not read"), "{}", explorer.message());
    explorer.keys("g<Enter>");
    assert!(matches!(explorer.app.popup, Some(Popup::Advise(_))));
}

#[test]
fn a_changed_repository_is_asked_again_and_the_preview_stays() {
    let mut explorer = given(&[POISON]);
    let graph = crate::graph::fixture::graph("bert -> chat -> web@production");
    explorer.load(graph, true);
    assert!(explorer.app.is_preview());
    assert_eq!(reached(&explorer), [0, 0, 0]);
    explorer.load(Graph::default(), true);
    assert_eq!(reached(&explorer), [0, 0, 0]);
}

#[test]
fn what_is_given_waits_for_the_repository_and_keys_wait_for_it() {
    let mut explorer = Harness::new(Graph::default());
    explorer.app.load = crate::app::loading::Load::default();
    explorer.send(Msg::Given(vec![PathBuf::from(POISON)]));
    explorer.keys("m<Enter>");
    assert!(explorer.app.popup.is_none() && explorer.app.incidents.is_empty());
    let sample = Harness::sample().app.data;
    explorer.send(Msg::Data { snapshot: sample, done: true });
    assert_eq!((explorer.app.incidents.len(), reached(&explorer)), (1, [11, 3, 2]));
}

#[test]
fn a_path_is_completed_and_one_that_is_not_there_is_said_in_the_field() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["advisory-1.yaml", "advisory-2.yaml", "zz.txt", ".hidden"] {
        fs::write(dir.path().join(name), "ml_advisory: {id: A, affected: [{name: torch}]}\n").unwrap();
    }
    let mut explorer = Harness::sample();
    explorer.keys(&format!("a{}/a<Tab>", dir.path().display()));
    let Some(Popup::Path(path)) = &explorer.app.popup else { panic!() };
    assert!(path.field.text().ends_with("/advisory-"), "{}", path.field.text());
    assert_eq!(path.offered(), ["advisory-1.yaml", "advisory-2.yaml"]);
    explorer.keys("<Down><Down><Tab>");
    let Some(Popup::Path(path)) = &explorer.app.popup else { panic!() };
    assert!(path.field.text().ends_with("/advisory-2.yaml"), "{}", path.field.text());
    explorer.keys("x<Enter>");
    let Some(Popup::Path(path)) = &explorer.app.popup else { panic!() };
    assert!(path.error.as_ref().unwrap().contains("no such file"));
    explorer.keys("<Back><Enter>");
    assert!(matches!(explorer.app.screen, Screen::Advisories), "{}", explorer.message());
}

#[test]
fn hostile_words_are_escaped_wherever_they_stand() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("x.yaml");
    let name = "\\u001b[31mred\\u202e";
    let text = format!(
        "ml_advisory:\n  id: \"ID{name}\"\n  aliases: [\"AL{name}\"]\n  summary: \"SUM{name}\"\n  affected:\n    - name: \"N{name}\"\n    - glob: \"Eleuter*\"\n"
    );
    fs::write(&file, text).unwrap();
    let mut explorer = given(&[file.to_str().unwrap()]);
    explorer.keys("<Esc>");
    let hidden = |text: &str| text.chars().any(|c| c != '\n' && crate::text::is_hidden(c));
    let told = lines(&explorer);
    assert!(told.contains("SUM\\u{1b}") && !hidden(&told), "{told}");
    assert!(!hidden(&explorer.app.previewed()), "{}", explorer.app.previewed());
    explorer.keys("<Enter>");
    let Some(Popup::Advise(dialog)) = &explorer.app.popup else { panic!("{}", explorer.message()) };
    assert!(!hidden(&dialog.label));
    explorer.keys("<^y>");
    let copied = explorer.done.iter().find_map(|effect| match effect {
        crate::app::effect::Effect::Copy(text) => Some(text.clone()),
        _ => None,
    });
    assert!(copied.as_ref().is_some_and(|text| !hidden(text) && text.starts_with("downriver incident open")), "{copied:?}");
}
