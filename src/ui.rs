//! Draws an `&App`: one file a pane.
//!
//! Invariant: drawing changes nothing and decides nothing; only rows that are visible are made.
//! Invariant: text of a document comes through `Show` or from lines made of it, never raw.

mod advise;
mod advisories;
mod canvas;
mod decide;
mod footer;
mod header;
mod help;
mod incidents;
mod list;
mod loading;
mod log;
mod mark;
mod not_recorded;
mod path;
mod problems;
mod reach;
mod search;
mod text_pane;
pub(crate) mod theme;
mod titles;
mod tree;
mod worklist;

#[cfg(test)]
mod tests;

use crate::app::App;
use crate::app::Focus;
use crate::app::Popup;
use crate::app::Screen;
use crate::app::View;
use crate::app::layout;
use crate::app::layout::Area;
use crate::app::layout::LEAST;
use crate::app::layout::Layout;
use crate::app::layout::Size;
use crate::app::loading::Load;
use crate::app::tab::Tab;
use crate::ui::canvas::Canvas;
use crate::ui::theme::Theme;
use ratatui::buffer::Buffer;

/// Draws the whole screen. The buffer has the size that the app was told.
pub(crate) fn draw(buffer: &mut Buffer, app: &App, theme: Theme) {
    let mut canvas = Canvas { buffer, app, theme };
    let (width, height) = app.size;
    if width < LEAST.0 || height < LEAST.1 {
        canvas.plain(0, 0, width, &format!("needs {}x{}", LEAST.0, LEAST.1));
    } else {
        screen(&mut canvas);
    }
    theme.finish(canvas.buffer);
}

fn screen(canvas: &mut Canvas<'_>) {
    let layout = layout::layout(canvas.app);
    header::draw(canvas, &layout);
    titles::draw(canvas, &layout);
    match &canvas.app.screen {
        Screen::Main => panes(canvas, &layout),
        Screen::Problems(problems) => problems::draw(canvas, &layout, problems),
        Screen::Log(log) => log::draw(canvas, &layout, log),
        Screen::Advisories => advisories::draw(canvas, &layout),
        Screen::Worklist => worklist::draw(canvas, &layout),
    }
    footer::draw(canvas, &layout);
    match &canvas.app.popup {
        Some(Popup::Search(search)) => search::draw(canvas, &layout, search),
        Some(Popup::Mark(dialog)) => mark::draw(canvas, &layout, dialog),
        Some(Popup::NotRecorded(popup)) => not_recorded::draw(canvas, &layout, popup),
        Some(Popup::Entry(shown)) => log::entry(canvas, &layout, shown),
        Some(Popup::Advise(dialog)) => advise::draw(canvas, &layout, dialog),
        Some(Popup::Path(path)) => path::draw(canvas, &layout, path),
        // The question stands on the message line.
        Some(Popup::Decide(dialog)) => decide::draw(canvas, &layout, dialog),
        Some(Popup::Undo(_) | Popup::Remark(_) | Popup::Leave) | None => {}
    }
    if canvas.app.help.is_some() {
        help::draw(canvas, &layout);
    }
}

fn panes(canvas: &mut Canvas<'_>, layout: &Layout) {
    for (row, (pane, area)) in layout.panes.iter().enumerate() {
        if row > 0 {
            for y in area.y..area.y + area.height {
                canvas.plain(area.x - 1, y, 1, "│");
            }
        }
        let area = *area;
        let heads = layout.size != Size::Small;
        match pane {
            Focus::List if canvas.app.tab == Tab::Incidents => incidents::draw(canvas, area, heads),
            Focus::List => list::draw(canvas, area, heads),
            Focus::View(_) if canvas.app.load == Load::Front => {
                canvas.plain(area.x + 2, area.y, area.width.saturating_sub(2), "…");
            }
            Focus::View(View::Detail) => text_pane::detail(canvas, area),
            Focus::View(View::Why) => text_pane::why(canvas, area),
            Focus::View(view @ (View::Up | View::Down)) => tree::draw(canvas, area, *view),
            Focus::View(View::Reach) => reach::draw(canvas, area, heads),
        }
    }
}

/// A box in the middle of the body; on small screens the whole of it.
fn middle(layout: &Layout, width: u16, height: u16) -> Area {
    let (all, last) = (layout.header.width, layout.footer.y);
    if layout.size == Size::Small {
        return Area { x: 0, y: 0, width: all, height: last };
    }
    boxed(layout, layout.titles.y + 1, layout.message.y.saturating_sub(1), width, height)
}

/// A box in the middle of some rows.
fn boxed(layout: &Layout, top: u16, bottom: u16, width: u16, height: u16) -> Area {
    let all = layout.header.width;
    let height = height.min(bottom.saturating_sub(top));
    let width = width.min(all.saturating_sub(4));
    Area { x: (all - width) / 2, y: top + (bottom.saturating_sub(top) - height) / 2, width, height }
}
