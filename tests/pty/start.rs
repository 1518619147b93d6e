//! From the first byte to the loaded repository.

use crate::answers;
use crate::ends::assert_restored;
use crate::repository::Folder;
use crate::repository::sample;
use crate::screen::Screen;
use crate::terminal::DOWN;
use crate::terminal::End;
use crate::terminal::Start;
use crate::terminal::Terminal;
use std::fs;

/// Whether all is read and the lists say so.
pub(crate) fn is_ready(screen: &Screen) -> bool {
    let head = screen.row(0);
    !head.trim().is_empty() && !head.contains("reading") && !head.contains("checking") && screen.cursors().len() == 1
}

/// Opens a terminal and waits until the repository is read.
pub(crate) fn ready(start: Start) -> Terminal {
    let mut terminal = start.open();
    terminal.wait_for("a repository that is read", is_ready);
    terminal
}

/// The explorer on the sample, read.
pub(crate) fn on_sample() -> Terminal {
    ready(Start::explorer(sample()))
}

/// `11  3?` in the words of the lists.
fn deploys(counts: &serde_json::Value) -> String {
    let (confirmed, possible) = (&counts["confirmed"], counts["possible"].as_u64().unwrap());
    if possible == 0 { confirmed.to_string() } else { format!("{confirmed} {possible}?") }
}

#[test]
fn the_loaded_sample_shows_its_counts_and_its_first_model() {
    let terminal = on_sample();
    let screen = terminal.screen();
    let picture = terminal.picture();
    for word in ["downriver  sample-sboms", "46 documents", "214 components", "1 not read", "ready"] {
        assert!(screen.row(0).contains(word), "{word}\n{picture}");
    }
    for tab in ["[1 Models 38]", "2 Datasets 19", "3 Packages 126", "4 Deployments 31", "5 Incidents 0"] {
        assert!(screen.row(1).contains(tab), "{tab}\n{picture}");
    }
    assert_eq!(screen.focused(), ["Models"], "{picture}");
    assert!(screen.cursor_line().contains("EleuterAI/gpt-j-6B#5f1c"), "{picture}");
    let detail = screen.pane_titled("Detail").join("\n");
    for word in
        ["EleuterAI/gpt-j-6B#5f1c09a7be22", "hf-mirror/gptj6b", "DR0301", "EleutherAI", "DR0205", "research/intent-probe.yaml:6"]
    {
        assert!(detail.contains(word), "{word}\n{picture}");
    }
    assert!(terminal.on_alternate_screen(), "{picture}");
}

#[test]
fn every_number_of_the_list_of_models_is_the_answer_of_the_command() {
    let mut terminal = ready(Start::explorer(sample()).size(80, 60));
    let screen = terminal.wait_for("the last model", |screen| screen.has("of 38"));
    let answer = answers::ask(&["list", "--kind", "model"]);
    let shown: Vec<String> = screen.pane(0).iter().map(|row| words(row)).collect();
    let mut n_models = 0;
    for model in answers::items(&answer["components"]) {
        n_models += 1;
        let id = model["id"].as_str().unwrap();
        // Lists show four digits of a digest.
        let name = id.rsplit_once('#').map_or(id.to_owned(), |(name, hex)| format!("{name}#{}", hex.get(..4).unwrap_or(hex)));
        let row = words(&format!("{name} {}", deploys(&model["deployments"])));
        assert!(shown.contains(&row), "{row}\n{}", terminal.picture());
    }
    assert_eq!(n_models, 38);
}

/// A row without cursor mark and blanks.
fn words(row: &str) -> String {
    row.trim_start_matches(['>', '·']).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn without_a_path_the_built_in_sample_opens_and_says_so() {
    let terminal = ready(Start::program(&[env!("CARGO_BIN_EXE_downriver")]));
    let screen = terminal.screen();
    assert!(screen.row(0).contains("sample") && screen.row(0).contains("46 documents"), "{}", terminal.picture());
    assert!(screen.has("[1 Models 38]"), "{}", terminal.picture());
    let said = screen.row(0) + &screen.message();
    assert!(said.contains("built") || said.contains("embedded"), "{}", terminal.picture());
}

#[test]
fn a_folder_without_an_sbom_is_one_line_and_exit_code_4() {
    let bare = Folder::empty("bare");
    let readme = Folder::empty("readme");
    fs::write(readme.path().join("README.md"), "# Nothing here\n").unwrap();
    for folder in [bare, readme] {
        let no_screen = || {
            let mut terminal = Start::explorer(&folder.path()).size(120, 24).open();
            assert_eq!(terminal.end(), End::Code(4), "{}", terminal.picture());
            let rows = terminal.screen().rows().join("\n");
            assert!(rows.starts_with("error: no SBOM") && rows.trim_end().lines().count() == 1, "{}", terminal.picture());
            assert_restored(&terminal, "no SBOM");
            !terminal.bytes().contains(&0x1b)
        };
        // Where the machine is busy the explorer does not wait for what it is going to find.
        assert!((0..3).any(|_| no_screen()), "a screen each time");
    }
}

#[test]
fn keys_act_while_loading_and_the_selection_stays() {
    let Some(folder) = Folder::generated("2000") else { return };
    let mut terminal = Start::explorer(&folder.path()).open();
    terminal.wait_for("first models", |screen| screen.cursors().len() == 1 && screen.has(" of "));
    terminal.press(&DOWN.repeat(5));
    let chosen = terminal.wait_for("a moved cursor", |screen| screen.cursor_line().len() > 2).cursor_line();
    let name = words(&chosen).split(' ').next().unwrap().to_owned();
    let loaded = terminal.wait_for("a repository that is read", is_ready);
    assert!(words(&loaded.cursor_line()).starts_with(&name), "{name} was chosen\n{}", terminal.picture());
    assert_eq!(terminal.left_switched_on().iter().filter(|what| **what == "alternate screen").count(), 1);
}

#[test]
fn a_search_typed_before_all_is_read_finds_what_comes_later() {
    let Some(folder) = Folder::generated("2000") else { return };
    let mut terminal = Start::explorer(&folder.path()).open();
    terminal.wait_for("a first frame", |screen| screen.row(0).contains("generated"));
    terminal.press("/-v");
    let loaded = terminal.wait_for("a repository that is read", is_ready);
    assert!(loaded.message().starts_with("/-v"), "{}", terminal.picture());
    assert!(loaded.titles().contains("/-v"), "{}", terminal.picture());
}
