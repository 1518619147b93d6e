//! Names that strangers chose to confuse a terminal or the person before it.

use crate::bytes;
use crate::repository::Folder;
use crate::screen::Screen;
use crate::sizes::assert_inside;
use crate::start::ready;
use crate::terminal::Start;
use crate::terminal::Terminal;
use serde_json::json;
use std::fs;

/// Each with what it tries.
const NAMES: [(&str, &str); 17] = [
    ("colour-\x1b[31mred\x1b[0m", "sets a colour"),
    ("copy-\x1b]52;c;ZXZpbA==\x07", "writes the clipboard"),
    ("title-\x1b]0;owned\x1b\\", "sets the window's title"),
    ("clear-\x1b[2J\x1b[H\x1bc", "clears the screen"),
    ("csi-\u{9b}31m\u{9d}0;x\u{9c}", "the same with 8-bit controls"),
    ("line-a\rb\nc\td\x08e\x0bf", "moves the cursor"),
    ("bidi-evil\u{202e}tpg\u{2066}x", "reverses what follows"),
    ("zero-a\u{200b}b\u{200d}c\u{feff}d\u{2060}e", "hides characters"),
    ("wide-日本語のモデル名前日本語のモデル名前日本語のモデル名前", "takes two cells a character"),
    ("marks-e\u{301}\u{302}\u{303}a\u{308}", "piles marks on letters"),
    ("emoji-👩‍👩‍👧‍👦👍🏽🇩🇪❤️", "takes as many cells as the font pleases"),
    ("arabic-لالالالالالا", "takes fewer cells as a word than letter by letter"),
    ("indic-क्षि한글ᄒ\u{1161}ᆫ", "joins letters"),
    ("fake │ ! AFFECTED │ row   11  3?", "looks like part of the screen"),
    ("tag-\u{e0041}\u{e0042}\u{fe0f}", "hides a message in tags"),
    ("blank-\u{3164}\u{2800}\u{a0}\u{3000}x", "looks empty"),
    ("back\\slash\\u{1b}", "looks like an escape"),
];

/// Models with hostile names, each deployed as a service with the same name, all made from one base.
fn repository() -> Folder {
    let folder = Folder::empty("hostile");
    folder.write_model("base.json", "base", None, None);
    for (n, (name, _)) in NAMES.iter().enumerate() {
        folder.write_model(&format!("model-{n}.json"), name, Some("base"), Some(name));
    }
    let long = format!("long-{}-end", "x\u{301}".repeat(500_000));
    folder.write_model("long.json", &long, Some("base"), Some(&long));
    let flood = format!("flood-e{}-end", "\u{301}".repeat(100_000));
    folder.write_model("flood.json", &flood, Some("base"), Some(&flood));
    // A file name is a stranger's text too, and so is what stands in a broken file.
    let broken = "name: \"\x1b[31m\u{202e}\": : }{\nml_sbom: [\x1b]52;c;ZXZpbA==\x07\n";
    fs::write(folder.path().join("broken-\x1b[31m\u{202e}\n.yaml"), broken).unwrap();
    folder.write(
        "packages.json",
        &json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
            { "type": "library", "name": "evil\u{1b}[5mlib\u{202e}", "version": "1\r2", "purl": "pkg:pypi/evil%1b%5b5m@1%0d2" },
            { "type": "data", "name": "data\u{200b}set\u{7}" },
        ] }),
    );
    folder
}

fn assert_harmless(terminal: &Terminal, place: &str) {
    assert_inside(terminal, place);
    let screen = terminal.screen();
    assert_eq!(screen.crooked_rows(), Vec::<String>::new(), "{place}: lines between panes\n{}", terminal.picture());
}

/// Through lists, trees, Reach, Why and problems, looking at each.
fn walk(terminal: &mut Terminal) {
    for keys in ["1g", "\x06", "G", "1i", "4", "G", "3", "2", "1g/base\r", "d", "G", "+", "r", "G", "p", "!", "j"] {
        terminal.tap(keys);
        assert_harmless(terminal, &format!("{keys:?}"));
    }
    terminal.esc();
    terminal.esc();
    terminal.tap("1g");
}

fn hostile_names_leave_the_screen_whole(start: impl Fn(Start) -> Start, columns: u16, rows: u16) {
    let folder = repository();
    let mut terminal = ready(start(Start::explorer(&folder.path()).size(columns, rows)));
    walk(&mut terminal);
    terminal.press("//base\r");
    terminal.wait_for("the base", |screen| !screen.has("Search everywhere") && screen.cursor_line().contains("base"));
    terminal.press("m");
    terminal.wait_for("the dialog", |screen| screen.has("Mark"));
    assert_inside(&terminal, "the dialog");
    terminal.press("\r");
    terminal.wait_for("the answer", |screen| screen.titles().contains("Reach") && !screen.reach_rows().is_empty());
    assert_harmless(&terminal, "Reach");
    walk(&mut terminal);
    terminal.press("q");
    assert_eq!(terminal.end().code(), 0, "{}", terminal.picture());
    assert_eq!(bytes::strays(terminal.bytes()), []);
}

#[test]
fn hostile_names_leave_80x24_whole() {
    hostile_names_leave_the_screen_whole(|start| start, 80, 24);
}

#[test]
fn hostile_names_leave_40x10_whole() {
    hostile_names_leave_the_screen_whole(|start| start, 40, 10);
}

#[test]
fn hostile_names_leave_120x40_whole() {
    hostile_names_leave_the_screen_whole(|start| start, 120, 40);
}

#[test]
fn hostile_names_leave_200x50_whole() {
    hostile_names_leave_the_screen_whole(|start| start, 200, 50);
}

#[test]
fn every_hostile_name_can_be_told_from_the_others() {
    let folder = repository();
    let terminal = ready(Start::explorer(&folder.path()).size(80, 50));
    let rows: Vec<String> = terminal.screen().pane(0);
    let shown = |start: &str| rows.iter().filter(|row| row.contains(start)).count();
    for (name, what) in NAMES {
        let start = name.split(['-', ' ', '\\']).next().unwrap();
        assert_eq!(shown(start), 1, "{start}, which {what}\n{}", terminal.picture());
    }
    let escapes = |screen: &Screen| screen.pane(0).join("\n").contains("\\u{1b}");
    assert!(escapes(&terminal.screen()), "{}", terminal.picture());
}

#[test]
fn ascii_shows_other_alphabets_as_escapes() {
    let folder = repository();
    let mut terminal = ready(Start::explorer(&folder.path()).arg("--ascii"));
    walk(&mut terminal);
    assert!(terminal.bytes().is_ascii(), "{}", terminal.picture());
    terminal.press("/wide");
    let screen = terminal.wait_for("its row", |screen| screen.cursor_line().contains("wide"));
    assert!(screen.has("\\u{"), "{}", terminal.picture());
}

#[test]
fn a_hostile_name_is_copied_as_one_escaped_line() {
    let folder = repository();
    let mut terminal = ready(Start::explorer(&folder.path()));
    terminal.press("/line-\r");
    terminal.wait_for("its row", |screen| screen.cursor_line().contains("line-"));
    terminal.tap("y");
    let copied = bytes::copies(terminal.bytes());
    assert_eq!(copied.len(), 1, "{}", terminal.picture());
    assert!(copied[0].starts_with("line-a") && !copied[0].chars().any(char::is_control), "{copied:?}");
    assert!(terminal.screen().message().contains("escape"), "it is said\n{}", terminal.picture());
}
