//! Search in a pane and search everywhere.

use crate::answers::DIGEST;
use crate::bytes;
use crate::main_job::is_marked;
use crate::repository::sample;
use crate::screen::Screen;
use crate::start::on_sample;
use crate::start::ready;
use crate::terminal::DOWN;
use crate::terminal::Start;
use crate::terminal::TAB;
use crate::terminal::Terminal;
use crate::terminal::ctrl;

fn is_open(screen: &Screen) -> bool {
    screen.has("Search everywhere")
}

/// Rows of hits in the box.
fn hits(screen: &Screen) -> Vec<String> {
    const KINDS: [&str; 9] = ["model", "dataset", "package", "system", "code", "application", "deployment", "alias", "file"];
    let inside = |row: String| row.split_once('│').map(|(_, rest)| rest.trim_start_matches([' ', '>']).to_owned());
    let is_hit = |row: &String| row.split_whitespace().next().is_some_and(|word| KINDS.contains(&word));
    screen.rows().into_iter().filter_map(inside).filter(is_hit).collect()
}

#[test]
fn everything_is_searched_and_the_first_row_is_chosen_at_once() {
    let mut terminal = on_sample();
    let before = terminal.screen();
    terminal.press("//gptj6");
    let screen = terminal.wait_for("hits", |screen| is_open(screen) && hits(screen).len() > 3);
    let found = hits(&screen);
    let picture = terminal.picture();
    assert!(
        found[0].starts_with("model") && found[0].contains("EleuterAI/gpt-j-6B#5f1c") && found[0].contains("11"),
        "{picture}"
    );
    assert!(screen.has("> model       EleuterAI/gpt-j-6B#5f1c"), "{picture}");
    assert!(found.iter().any(|row| row.starts_with("alias") && row.contains("hf-mirror/gptj6b")), "{picture}");
    assert!(found.iter().any(|row| row.starts_with("file") && row.contains("platform/gptj-6b-mirror.cdx.json")), "{picture}");
    assert!(!screen.underlined().is_empty(), "matched letters are underlined\n{picture}");
    terminal.esc();
    let after = terminal.screen();
    assert_eq!(after, before, "Esc restores screen and selection exactly\n{}", terminal.picture());
}

#[test]
fn enter_lands_on_the_hit_in_its_tab() {
    let mut terminal = on_sample();
    terminal.press("//support-tickets-2025q4\r");
    let screen = terminal.wait_for("the hit", |screen| !is_open(screen) && screen.has("[2 Datasets 19]"));
    assert!(screen.cursor_line().contains("support-tickets-2025q4"), "{}", terminal.picture());
    terminal.press(&ctrl('p'));
    terminal.wait_for("the box by its other key", is_open);
    terminal.press("gptj6");
    terminal.wait_for("hits", |screen| hits(screen).len() > 1);
    terminal.press(DOWN);
    terminal.press("\r");
    let second = terminal.wait_for("the second hit", |screen| !is_open(screen) && screen.has("[1 Models 38]"));
    assert!(second.cursor_line().contains("gpt-j-6"), "{}", terminal.picture());
}

#[test]
fn a_pasted_digest_opens_the_search_and_four_keys_do_the_main_job() {
    let mut terminal = on_sample();
    terminal.paste(&format!("{DIGEST}\n"));
    let screen = terminal.wait_for("the exact hit", |screen| is_open(screen) && !hits(screen).is_empty());
    assert!(hits(&screen)[0].contains("EleuterAI/gpt-j-6B#5f1c"), "{}", terminal.picture());
    terminal.press("\rm\r");
    let marked = terminal.wait_for("reached deployments", is_marked);
    assert!(marked.titles().contains("11 confirmed, 3 possible"), "{}", terminal.picture());
}

#[test]
fn a_paste_never_runs_keys() {
    let mut terminal = on_sample();
    terminal.paste("qm\r\nzq\x03");
    let screen = terminal.wait_for("the box", is_open);
    assert!(!screen.has("Mark compromised"), "{}", terminal.picture());
    terminal.esc();
    terminal.press("/");
    terminal.settle();
    terminal.paste("eu\nte\r");
    let filter = terminal.wait_for("one insertion", |screen| screen.message().starts_with("/eute"));
    assert!(filter.titles().contains("3 of 38"), "newlines are dropped\n{}", terminal.picture());
}

#[test]
fn the_hit_is_copied_without_leaving() {
    let mut terminal = on_sample();
    terminal.press("//gptj6");
    terminal.wait_for("hits", |screen| hits(screen).len() > 1);
    terminal.tap(&ctrl('y'));
    assert_eq!(bytes::copies(terminal.bytes()), ["EleuterAI/gpt-j-6B#5f1c09a7be22"], "{}", terminal.picture());
    assert!(is_open(&terminal.screen()), "{}", terminal.picture());
}

#[test]
fn blanks_part_terms_and_capitals_count() {
    let mut terminal = on_sample();
    terminal.press("/eu te");
    let parted = terminal.wait_for("the list", |screen| screen.message().starts_with("/eu te"));
    assert!(
        parted.pane(0).iter().find(|row| row.contains("gpt-j")).is_some_and(|row| row.contains("#5f1c")),
        "{}",
        terminal.picture()
    );
    terminal.press(&ctrl('u'));
    terminal.press("GPT-J");
    let capitals = terminal.wait_for("no match", |screen| screen.message().starts_with("/GPT-J"));
    assert!(!capitals.pane(0).iter().any(|row| row.contains("EleutherAI/gpt-j-6b  ")), "{}", terminal.picture());
}

#[test]
fn nothing_found_names_the_nearest_and_tab_takes_it() {
    let mut terminal = on_sample();
    terminal.press("3");
    terminal.wait_for("packages", |screen| screen.has("[3 Packages 126]"));
    terminal.press("/torhc");
    let screen = terminal.wait_for("the nearest", |screen| screen.has("near"));
    let picture = terminal.picture();
    for text in ["no package matches torhc", "torch@2.1.0", "0 of 126"] {
        assert!(screen.has(text), "{text}\n{picture}");
    }
    assert!(!screen.has("clear") || screen.footer().contains("Esc clear"), "{picture}");
    terminal.press(TAB);
    let taken = terminal.wait_for("torch", |screen| screen.cursor_line().contains("torch"));
    assert!(taken.cursor_line().contains("torch@2.1.0"), "{}", terminal.picture());
}

#[test]
fn enter_on_no_match_does_nothing_so_no_neighbour_is_marked() {
    let mut terminal = on_sample();
    terminal.press("/zzzzqqqq");
    terminal.wait_for("no match", |screen| screen.has("0 of 38"));
    terminal.press("\rm\r");
    let after = terminal.settle();
    assert!(!after.has("INC-1") && !after.has("AFFECTED") && !after.has("Mark compromised"), "{}", terminal.picture());
    terminal.esc();
    terminal.esc();
    let list = terminal.screen();
    assert!(list.cursor_line().contains("EleuterAI/gpt-j-6B#5f1c"), "the selection is where it was\n{}", terminal.picture());
}

#[test]
fn a_filter_keeps_the_selected_component_when_it_is_dropped() {
    let mut terminal = on_sample();
    terminal.press("/kb-merge\r");
    terminal.wait_for("one row", |screen| screen.cursor_line().contains("kb-merge-v5"));
    let dropped = terminal.esc();
    assert!(dropped.cursor_line().contains("kb-merge-v5"), "{}", terminal.picture());
    assert!(dropped.has("of 38"), "{}", terminal.picture());
}

#[test]
fn searching_works_on_a_small_screen() {
    let mut terminal = ready(Start::explorer(sample()).size(40, 10));
    terminal.press("//gptj6");
    let screen = terminal.wait_for("a hit", |screen| screen.has("#5f1c"));
    assert!(screen.rows().iter().any(|row| row.contains('>') && row.contains("#5f1c")), "{}", terminal.picture());
    find_and_leave(&mut terminal);
}

fn find_and_leave(terminal: &mut Terminal) {
    terminal.press("\r");
    terminal.wait_for("the row", |screen| screen.cursor_line().contains("#5f1c"));
}
