//! The help page.

use crate::app::help::Page;
use crate::app::layout::Area;
use crate::app::layout::Layout;
use crate::app::layout::Size;
use crate::app::line::Line;
use crate::ui::canvas::Canvas;

/// Cells of the left column, and of the keys in each.
const LEFT: usize = 35;
const KEYS: usize = 8;

pub(super) fn draw(canvas: &mut Canvas<'_>, layout: &Layout) {
    let Some(help) = &canvas.app.help else { return };
    let page = canvas.app.help_page();
    let rows = page.left.len().max(page.right.len()) + 1;
    let words = if page.words.is_empty() { 0 } else { page.words.len() + 1 };
    let height = u16::try_from(rows + words + 2).unwrap_or(u16::MAX);
    let area = match layout.size {
        Size::Small => super::middle(layout, 74, height),
        // The page is long: everything but header and footer gives way.
        Size::Two | Size::Three | Size::Four => super::boxed(layout, 1, layout.footer.y, 74, height),
    };
    let foot = match &help.search {
        Some(field) => format!("/{}_   Esc close", canvas.app.show.safe(&field.text())),
        None if help.all => "/ search help  Tab this pane  Esc close".to_owned(),
        None => "/ search help  Tab all keys  Esc close".to_owned(),
    };
    canvas.frame(area, "Help", concat!("downriver ", env!("CARGO_PKG_VERSION")), &foot);
    let inner = Area { x: area.x + 2, y: area.y + 1, width: area.width.saturating_sub(4), height: area.height.saturating_sub(2) };
    let lines = lines(&page);
    for ((row, line), y) in lines.iter().enumerate().skip(help.top).zip(inner.y..inner.y + inner.height) {
        if row == rows && words > 0 {
            canvas.divide(area, y, "On this screen");
        } else {
            canvas.line(inner.x, y, inner.width, &Line::of(line.clone()));
        }
    }
}

/// All lines of the page; the one after the keys is the dividing rule.
fn lines(page: &Page) -> Vec<String> {
    let two = !page.right.is_empty();
    let first = format!("{:<LEFT$}{}", format!("pane: {}", page.pane), if two { "everywhere" } else { "" });
    let mut lines = vec![first.trim_end().to_owned()];
    let cell = |row: Option<&(String, String)>| row.map_or_else(String::new, |(keys, what)| format!("{keys:<KEYS$}{what}"));
    for row in 0..page.left.len().max(page.right.len()) {
        let (left, right) = (cell(page.left.get(row)), cell(page.right.get(row)));
        lines.push(if two { format!("{left:<LEFT$}{right}") } else { left });
    }
    if !page.words.is_empty() {
        lines.push(String::new());
        lines.extend(page.words.iter().map(|words| (*words).to_owned()));
    }
    lines
}
