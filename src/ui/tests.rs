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
