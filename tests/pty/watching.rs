//! Files that change while the explorer is open, and explorers that are opened again.

use crate::repository::Folder;
use crate::start::is_ready;
use crate::start::ready;
use crate::terminal::Start;
use std::fs;

#[test]
fn every_kind_of_change_is_shown_by_name_and_the_selection_stays() {
    let folder = Folder::copy_of_sample();
    let mut terminal = ready(Start::explorer(&folder.path()).size(120, 40));
    // A message stays until the next key: two keys forget it and move nothing.
    let before = terminal.tap("jjj");
    let file = |name: &str| folder.path().join(name);
    let shown = |screen: &crate::screen::Screen, documents: &str, message: &str| {
        screen.row(0).contains(documents) && screen.message().contains(message)
    };
    folder.write_model("new.json", "new-v1", None, None);
    terminal.wait_for("a new file", |screen| shown(screen, "47 documents", "read again: new.json"));
    terminal.tap("jk");
    folder.write_model("new.json", "new-v2", None, None);
    terminal.wait_for("another model in it", |screen| shown(screen, "47 documents", "read again: new.json"));
    terminal.tap("jk");
    folder.write_model(".saved.tmp", "new-v3", None, None);
    fs::rename(file(".saved.tmp"), file("new.json")).unwrap();
    terminal.wait_for("an atomic save", |screen| shown(screen, "47 documents", "read again: new.json"));
    terminal.tap("jk");
    fs::create_dir(file("later")).unwrap();
    folder.write_model("later/x.json", "later-v1", None, None);
    terminal.wait_for("a file in a new folder", |screen| shown(screen, "48 documents", "read again: later/x.json"));
    terminal.tap("jk");
    fs::remove_file(file("new.json")).unwrap();
    let after = terminal.wait_for("a removal", |screen| shown(screen, "47 documents", "read again: new.json is gone"));
    assert_eq!(after.cursor_line(), before.cursor_line(), "{}", terminal.picture());
    fs::write(file("notes.txt"), "of no interest\n").unwrap();
    let quiet = terminal.settle();
    assert!(quiet.message().contains("is gone"), "what is no SBOM is no news\n{}", terminal.picture());
}

#[test]
fn a_thousand_files_at_once_are_one_update() {
    let folder = Folder::copy_of_sample();
    // Made beside the repository and moved into it, so that they come at once on any machine.
    let aside = folder.path().with_file_name("aside");
    fs::create_dir(&aside).unwrap();
    for n in 0..1000 {
        fs::write(aside.join(format!("{n}.json")), format!("{{\"ml_sbom\": {{\"model_id\": \"many-{n}\"}}}}")).unwrap();
    }
    fs::create_dir(folder.path().join("many")).unwrap();
    let mut terminal = ready(Start::explorer(&folder.path()).size(120, 40));
    for n in 0..1000 {
        let name = format!("{n}.json");
        fs::rename(aside.join(&name), folder.path().join("many").join(&name)).unwrap();
    }
    let screen = terminal.wait_for("a thousand more", |screen| screen.message().contains("read again"));
    assert!(screen.message().contains("read again: 1,000 new"), "{}", terminal.picture());
    assert!(screen.row(0).contains("1,046 documents"), "{}", terminal.picture());
}

#[test]
fn an_explorer_that_is_opened_again_shows_the_same_and_what_changed_since() {
    let folder = Folder::copy_of_sample();
    let caches = Folder::empty("caches");
    let cache = caches.path().join("kept");
    let start = || Start::explorer(&folder.path()).size(120, 40).env("DOWNRIVER_CACHE", cache.to_str().unwrap());
    let mut terminal = ready(start());
    let first = terminal.settle();
    terminal.press("q");
    terminal.end();
    let mut terminal = start().open();
    terminal.press("jjm");
    let marking = terminal.wait_for("a dialog", |screen| screen.has("Mark compromised"));
    assert!(marking.row(0).contains("46 documents"), "{}", terminal.picture());
    terminal.esc();
    terminal.press("kk");
    let second = terminal.wait_for("files that were checked", is_ready);
    assert_eq!(second.rows(), first.rows(), "{}", terminal.picture());
    terminal.press("q");
    terminal.end();
    folder.write_model("new.json", "new-v1", None, None);
    let mut terminal = start().open();
    let third = terminal.wait_for("what changed since", |screen| screen.message().contains("read again: new.json"));
    assert!(third.row(0).contains("47 documents"), "{}", terminal.picture());
}
