//! Which panes are on the screen, and where: whole numbers of cells, no drawing.
//!
//! Invariant: panes never overlap and never leave the screen, whatever its size, 0x0 included.

use crate::app::App;
use crate::app::Focus;
use crate::app::Screen;
use crate::app::View;

/// Under this size the explorer says what it needs; keys still work.
pub(crate) const LEAST: (u16, u16) = (30, 6);

/// How much fits side by side (screens.md section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Size {
    /// One pane, full-screen dialogs.
    Small,
    Two,
    Three,
    Four,
}

/// A rectangle of cells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Area {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
}

/// Where everything stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    pub size: Size,
    pub header: Area,
    pub incident: Option<Area>,
    pub tabs: Option<Area>,
    /// The row of pane titles.
    pub titles: Area,
    /// Left to right; their rows without titles and rule.
    pub panes: Vec<(Focus, Area)>,
    pub rule: Option<Area>,
    pub message: Area,
    pub footer: Area,
}

/// The size class of a screen.
pub(crate) fn size(width: u16, height: u16) -> Size {
    match width {
        _ if height < 16 => Size::Small,
        0..60 => Size::Small,
        60..110 => Size::Two,
        110..160 => Size::Three,
        160.. => Size::Four,
    }
}

/// The panes that are visible, left to right.
pub(crate) fn visible(app: &App) -> Vec<Focus> {
    if !matches!(app.screen, Screen::Main) {
        return vec![Focus::List];
    }
    let view = app.view;
    let panes = match size(app.size.0, app.size.1) {
        Size::Small => return vec![app.focus],
        Size::Two => vec![view],
        Size::Three => vec![view, beside(view, app.verdict.is_some())],
        Size::Four => {
            let middle = if matches!(view, View::Reach | View::Why) { View::Detail } else { view };
            vec![middle, View::Reach, View::Why]
        }
    };
    std::iter::once(Focus::List).chain(panes.into_iter().map(Focus::View)).collect()
}

/// What follows the cursor beside a view: the path of what is reached, the facts of what stands in a tree.
fn beside(view: View, marked: bool) -> View {
    match view {
        View::Reach => View::Why,
        View::Detail if marked => View::Why,
        View::Detail => View::Reach,
        View::Up | View::Down | View::Why => View::Detail,
    }
}

/// Where everything stands on the screen of `app`.
pub(crate) fn layout(app: &App) -> Layout {
    let (width, height) = app.size;
    let size = size(width, height);
    let mut next = 0;
    let mut take = |n: u16| {
        let y = next.min(height);
        let n = n.min(height - y);
        next = y + n;
        Area { x: 0, y, width, height: n }
    };
    let full = !matches!(app.screen, Screen::Main);
    let header = take(1);
    let small = size == Size::Small;
    let incident = (!small && (app.active().is_some() || app.is_preview())).then(|| take(1));
    let tabs = (!small && !full).then(|| take(1));
    let titles = take(1);
    let below = if small { 2 } else { 3 };
    let body = take(height.saturating_sub(titles.y + titles.height + below));
    let rule = (!small).then(|| take(1));
    let message = take(1);
    let footer = take(1);
    let panes = panes(app, size, body);
    Layout { size, header, incident, tabs, titles, panes, rule, message, footer }
}

/// Cells of the list and of the panes beside it; the last one takes the rest.
fn panes(app: &App, size: Size, body: Area) -> Vec<(Focus, Area)> {
    let widths: &[u16] = match size {
        Size::Small => &[],
        Size::Two => &[34],
        Size::Three => &[34, 44],
        Size::Four => &[40, 48, 44],
    };
    let visible = visible(app);
    let last = visible.len().saturating_sub(1);
    let mut x = 0;
    let mut panes = Vec::new();
    for (row, pane) in visible.into_iter().enumerate() {
        let rest = body.width.saturating_sub(x);
        let width = if row == last { rest } else { widths.get(row).copied().unwrap_or(rest).min(rest) };
        panes.push((pane, Area { x, width, ..body }));
        x = (x + width + 1).min(body.width);
    }
    panes
}

impl Layout {
    /// Cells of a pane, if it is visible.
    pub(crate) fn pane(&self, pane: Focus) -> Option<Area> {
        self.panes.iter().find(|(focus, _)| *focus == pane).map(|(_, area)| *area)
    }
}

impl Area {
    /// Cells left for the rows of a list that has a line of column heads, which small screens leave out.
    pub(crate) fn rows(self, heads: u16) -> usize {
        usize::from(self.height.saturating_sub(heads))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panes_stay_inside_any_screen() {
        let mut app = App::new("r", false);
        for width in [0, 1, 29, 30, 59, 60, 80, 109, 110, 159, 160, 200, 1000] {
            for height in [0, 1, 5, 6, 15, 16, 24, 50] {
                app.size = (width, height);
                let layout = layout(&app);
                let mut end = 0;
                for (_, area) in &layout.panes {
                    assert!(area.x >= end && area.x + area.width <= width, "{width}x{height}: {layout:?}");
                    assert!(area.y + area.height <= height, "{width}x{height}");
                    end = area.x + area.width;
                }
                assert!(layout.footer.y + layout.footer.height <= height);
            }
        }
    }

    #[test]
    fn the_sizes_are_those_of_the_design() {
        for (screen, n, why) in [
            ((200, 50), 4, "four from 160 on"),
            ((120, 40), 3, "three from 110 on"),
            ((80, 24), 2, "the reference"),
            ((80, 15), 1, "too few rows"),
            ((40, 10), 1, "small"),
        ] {
            let mut app = App::new("r", false);
            app.size = screen;
            assert_eq!(layout(&app).panes.len(), n, "{why}");
        }
    }
}
