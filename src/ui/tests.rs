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
fn dump() {
    let mut h = at(80, 24);
    for keys in [
        "/chat-v2.3<Enter>u",
        "j",
        "<Esc><Esc>3d",
        "<Esc>!",
        "<Esc>?",
        "<Esc>//gptj6",
        "<Esc>3/torhc",
        "<Esc>5",
        "1/eute<Enter>m<Enter>Gk",
        "p",
        "<Esc>4Gp",
    ] {
        h.keys(keys);
        println!("{keys}\n{}\n", screen(&h));
    }
}
