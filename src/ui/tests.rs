//! The frames of screens.md as snapshots, drawn from the sample repository.

use super::draw;
use super::theme::Theme;
use crate::app::harness::Harness;
use crate::app::msg::Msg;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The screen as text, trailing blanks cut.
fn screen(harness: &Harness) -> String {
    let (width, height) = harness.app.size;
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    draw(&mut buffer, &harness.app, Theme { color: true, ascii: harness.app.show.ascii });
    let row = |y: u16| {
        let mut line = String::new();
        let mut skip = 0;
        for x in 0..width {
            let symbol = buffer.cell((x, y)).unwrap().symbol();
            if skip == 0 {
                line.push_str(symbol);
            }
            skip = crate::text::width(symbol).max(skip).saturating_sub(1);
        }
        line.trim_end().to_owned()
    };
    (0..height).map(row).collect::<Vec<_>>().join("\n")
}

fn at(width: u16, height: u16) -> Harness {
    let mut harness = Harness::sample();
    harness.send(Msg::Resize(width, height));
    harness
}

#[test]
fn the_frames_are_those_of_the_design() {
    for (keys, lines) in [
        ("", vec!["> EleuterAI/gpt-j-6B#5f1c   11  3?│ id       EleuterAI/gpt-j-6B#5f1c09a7be22"]),
        ("/eute", vec!["─[Models /eute] 3 of 38───────────┬─ Detail  u up  d down  r reach  p why───────", "/eute_"]),
        ("/eute<Enter>m", vec!["     │ 14 deployments in 9 services: 11 confirmed, 3 possible             │"]),
        (
            "/eute<Enter>m<Enter>",
            vec![
                "INC-1 poisoned EleuterAI/gpt-j-6B#5f1c        11 AFFECTED  3 POSSIBLE  2 UNKNOWN",
                "· X EleuterAI/gpt…6B#5f1c   MARKED│>! AFFECTED legal-summarize…prod-eu-west-1 ==",
                "─────────────── 16 reached of 38 ─┴─────────────────── 1 of 31, CLEAR 15 below ─",
            ],
        ),
        ("3/torhc", vec!["  Tab    takes torch@2.1.0        │"]),
        ("//gptj6", vec!["  voic│   alias       hf-mirror/gptj6b = EleuterAI/gpt-j-6B#5f1c         │"]),
    ] {
        let mut harness = at(80, 24);
        harness.keys(keys);
        let screen = screen(&harness);
        for line in lines {
            assert!(screen.lines().any(|row| row.trim_end() == line || row.starts_with(line)), "{keys}: {line}\n{screen}");
        }
    }
}

/// One snapshot a frame: reviewed by eye against screens.md, and drawn anew from the sample every time.
#[test]
fn every_frame_is_as_reviewed() {
    let frames: [(&str, (u16, u16), &str); 23] = [
        ("f02_main", (80, 24), ""),
        ("f03_up", (80, 24), "/chat-v2.3<Enter>u"),
        ("f04_down", (80, 24), "3/torch@2.1<Enter>d"),
        ("f05_search_in_a_pane", (80, 24), "/eute"),
        ("f06_search_everywhere", (80, 24), "//gptj6"),
        ("f07_mark", (80, 24), "/eute<Enter>m"),
        ("f07_mark_every_version", (80, 24), "/eute<Enter>m4"),
        ("f08_marked", (80, 24), "/eute<Enter>m<Enter>"),
        ("f09_why", (80, 24), "/eute<Enter>m<Enter>jjp"),
        ("f09_why_unknown", (80, 24), "/eute<Enter>m<Enter>Gkkkp"),
        ("f15_problems", (80, 24), "!"),
        ("f16_help", (80, 24), "/eute<Enter>m<Enter>?"),
        ("f17_small_mark", (40, 10), "/eute<Enter>m"),
        ("f17_small_reach", (40, 10), "/eute<Enter>m<Enter>"),
        ("f18_wide", (120, 40), "/eute<Enter>m<Enter>"),
        ("f18_four_panes", (200, 50), "/eute<Enter>m<Enter>"),
        ("f20_no_match", (80, 24), "3/torhc"),
        ("f20_no_incident", (80, 24), "5"),
        ("f23_journal", (80, 24), "/eute<Enter>m<Enter>z<Enter>J"),
        ("f23_journal_small", (40, 10), "/eute<Enter>m<Enter>z<Enter>J"),
        ("f23_entry", (80, 24), "/eute<Enter>m<Enter>J<Enter>"),
        ("f23_undo", (80, 24), "/eute<Enter>m<Enter>Jz"),
        ("too_small", (29, 5), ""),
    ];
    for (name, (width, height), keys) in frames {
        let mut harness = at(width, height);
        harness.keys(keys);
        insta::assert_snapshot!(name, screen(&harness));
    }
    let mut harness = at(80, 24);
    harness.app.show.ascii = true;
    harness.keys("/eute<Enter>m<Enter>");
    insta::assert_snapshot!("f19_ascii", screen(&harness));
}

/// F10 and F11, at the reference size, on a small screen and wide.
#[test]
fn the_frames_of_the_worklist_are_as_reviewed() {
    const OPEN: &str = "/eute<Enter>m<Enter>w";
    let frames: [(&str, (u16, u16), &str); 11] = [
        ("f10_worklist", (80, 24), ""),
        ("f10_worklist_small", (40, 10), ""),
        ("f10_worklist_wide", (200, 50), ""),
        ("f10_decided", (80, 24), "j<Enter><Enter>"),
        ("f10_ticked", (80, 24), " bb"),
        ("f10_comment", (80, 24), "jcus-east first"),
        ("f11_roll_back", (80, 24), "j<Enter>"),
        ("f11_roll_back_small", (40, 10), "j<Enter>"),
        ("f11_accept", (80, 24), "j<Enter>4no customers"),
        ("f11_bulk", (80, 24), " j<Enter>2"),
        ("f11_unknown", (80, 24), "Gk<Enter>"),
    ];
    for (name, (width, height), keys) in frames {
        let mut harness = at(width, height);
        harness.keys(OPEN);
        harness.keys(keys);
        insta::assert_snapshot!(name, screen(&harness));
    }
    let mut harness = at(80, 24);
    harness.app.show.ascii = true;
    harness.keys(OPEN);
    harness.keys(" ");
    insta::assert_snapshot!("f10_ascii", screen(&harness));
    let mut harness = at(80, 24);
    harness.keys("/eute<Enter>m<Enter>5x");
    insta::assert_snapshot!("f10_close", screen(&harness));
}

#[test]
fn what_is_not_recorded_says_so() {
    for (name, (width, height), keys) in [
        ("f21_not_recorded", (80, 24), "/eute<Enter>m<Enter>"),
        ("f21_not_recorded_small", (40, 10), "/eute<Enter>m<Enter>"),
        ("f21_draft", (80, 24), "/eute<Enter>m<Enter>4"),
        ("f21_leaving_a_draft", (80, 24), "/eute<Enter>m<Enter>45q"),
    ] {
        let mut harness = at(width, height);
        harness.fails = Some(".downriver/journal.jsonl: Read-only file system (os error 30)");
        harness.keys(keys);
        insta::assert_snapshot!(name, screen(&harness));
    }
}

#[test]
fn a_first_page_looks_like_the_whole_where_it_knows() {
    for (width, height) in [(40, 10), (80, 24), (160, 50)] {
        let mut harness = at(width, height);
        let whole = screen(&harness);
        let page = std::sync::Arc::new(harness.app.data.first_page().0);
        harness.send(Msg::Kept(page));
        let page = screen(&harness);
        assert!(page.lines().next().unwrap().ends_with("  checking files"), "{page}");
        // Tabs, titles, and the list up to its border.
        let known = |screen: &str| -> Vec<String> {
            let end = |line: &str| line.split_once(['│', '┬']).map_or_else(|| line.to_owned(), |(list, _)| list.to_owned());
            screen.lines().skip(1).take(usize::from(height) - 5).map(end).collect()
        };
        assert_eq!(known(&page), known(&whole));
    }
}

/// F12 and what leads on from it, at the reference size, on a small screen, wide, and in ASCII.
#[test]
fn the_frames_of_advisories_are_as_reviewed() {
    const ALL: [&str; 3] =
        ["tests/data/advisories/transformers.osv.json", "assets/examples/poisongpt.yaml", "tests/data/inbox/notes.txt"];
    let frames: [(&str, (u16, u16), &[&str], &str); 11] = [
        ("f12_preview", (80, 24), &ALL[1..2], ""),
        ("f12_preview_small", (40, 10), &ALL[1..2], ""),
        ("f12_preview_wide", (120, 40), &ALL[1..2], "p"),
        ("f12_advisories", (80, 24), &ALL, "<Esc>j"),
        ("f12_advisories_small", (40, 10), &ALL, "<Esc>j"),
        ("f12_advisories_wide", (200, 50), &ALL, "<Esc>j<Tab>"),
        ("f12_not_read", (80, 24), &ALL, "<Esc>jj"),
        ("f12_dialog", (80, 24), &ALL[1..2], "m"),
        ("f12_dialog_small", (40, 10), &ALL[..1], "<Enter>"),
        ("f12_path", (80, 24), &[], "aassets/ex"),
        ("f12_path_small", (40, 10), &[], "aassets/gone<Enter>"),
    ];
    for (name, (width, height), given, keys) in frames {
        let mut harness = at(width, height);
        if !given.is_empty() {
            harness.send(Msg::Given(given.iter().map(std::path::PathBuf::from).collect()));
        }
        harness.keys(keys);
        insta::assert_snapshot!(name, screen(&harness));
    }
    let mut harness = at(80, 24);
    harness.app.show.ascii = true;
    harness.send(Msg::Given(ALL.iter().map(std::path::PathBuf::from).collect()));
    harness.keys("<Esc>j");
    insta::assert_snapshot!("f12_ascii", screen(&harness));
}
