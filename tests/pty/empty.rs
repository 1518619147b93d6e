//! Empty lists and answers: each names the next key, none says that something is safe.

use crate::main_job::marked;
use crate::repository::Folder;
use crate::repository::sample;
use crate::start::on_sample;
use crate::start::ready;
use crate::terminal::Start;

#[test]
fn no_incident_names_the_key_that_makes_one() {
    let mut terminal = on_sample();
    let screen = terminal.tap("5");
    let list = screen.pane(0).join(" ");
    assert!(screen.row(1).contains("[5 Incidents 0]"), "{}", terminal.picture());
    assert!(list.contains("No incident") && list.contains('m'), "{}", terminal.picture());
    let still = terminal.tap("mzjkG\r ");
    assert!(!still.has("Mark compromised") && !still.has("INC-1"), "{}", terminal.picture());
}

#[test]
fn lists_without_rows_take_all_keys() {
    let folder = Folder::empty("lonely");
    folder.write_model("model.json", "lonely-v1", None, None);
    let mut terminal = ready(Start::explorer(&folder.path()));
    for keys in ["2", "3", "4", "5"] {
        terminal.tap(keys);
        for keys in ["jkgG", "\r", "iudrp", "m", "z", "y", "Y", "s", "b", " ", "n", "/x\r", "\x1b\x1b"] {
            let screen = terminal.tap(keys);
            assert!(!screen.has("Mark compromised"), "nothing is there to be marked\n{}", terminal.picture());
        }
        assert!(!terminal.screen().has("safe"), "{}", terminal.picture());
        terminal.tap("\x1b\x1b\x1b");
    }
    terminal.press("q");
    assert_eq!(terminal.end().code(), 0);
}

#[test]
fn why_of_a_clear_deployment_says_what_was_looked_through() {
    let mut terminal = marked(Start::explorer(sample()));
    terminal.press("//lang-id@production\r");
    terminal.wait_for("the deployment", |screen| !screen.has("Search everywhere") && screen.has("[4 Deployments 31]"));
    terminal.press("p");
    let screen = terminal.wait_for("why", |screen| screen.has("lang-id@production is CLEAR"));
    let why = screen.pane_titled("Why").join(" ");
    assert!(why.contains("not reached") && why.contains("nothing missing"), "{}", terminal.picture());
}
