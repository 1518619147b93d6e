//! Which pane has the keys, and what it shows.

use crate::app::App;
use crate::app::Focus;
use crate::app::Screen;
use crate::app::View;
use crate::app::layout;
use crate::app::layout::Size;
use crate::app::reach::ReachOf;
use crate::app::tab::Tab;
use crate::app::why::WhyOf;
use std::sync::Arc;

impl App {
    pub(super) fn show_tab(&mut self, tab: Tab) {
        self.screen = Screen::Main;
        self.tab = tab;
        self.focus = Focus::List;
        self.find = None;
    }

    /// Shows a view of what the cursor is on.
    pub(super) fn show(&mut self, view: View) {
        if matches!(self.screen, crate::app::Screen::Advisories) {
            match view {
                View::Why => self.why_advisory(),
                View::Detail | View::Up | View::Down | View::Reach => self.preview_advisory(),
            }
            return;
        }
        let of = self.component_of_cursor();
        match view {
            View::Detail => self.detail.of = of,
            View::Up | View::Down => {
                let tree = if view == View::Up { &mut self.up } else { &mut self.down };
                if tree.root != of {
                    (tree.root, tree.made, tree.groups, tree.waiting) = (of, None, None, None);
                    tree.cursor = crate::app::cursor::Cursor::default();
                }
            }
            View::Reach => {
                let marked = |v: &Arc<crate::app::verdict::Verdict>| of.is_none_or(|of| v.impact.is_marked(of));
                let incidents = self.verdict.as_ref().is_some_and(marked);
                if self.is_preview() && self.focus == Focus::View(View::Reach) {
                    return;
                }
                self.reach.of = if incidents { ReachOf::Incidents } else { ReachOf::Row };
                self.reach.filter = None;
            }
            View::Why => {
                let asked = self.why_of_cursor();
                if asked == WhyOf::Nothing {
                    let shown = self.verdict.is_some() || self.focus == Focus::View(View::Reach);
                    self.say(if shown {
                        "nothing to explain here: select a component, or in a tree a link"
                    } else {
                        "nothing is marked: m marks, r shows what marking would reach"
                    });
                    return;
                }
                self.why.text.of = asked;
                self.why.asked_from = match self.focus {
                    Focus::View(View::Why) => self.why.asked_from,
                    Focus::View(view) => Some(view),
                    Focus::List => None,
                };
            }
        }
        self.show_view(view);
    }

    /// Gives the keys to a view.
    pub(super) fn show_view(&mut self, view: View) {
        self.screen = Screen::Main;
        self.find = None;
        self.focus = Focus::View(view);
        if !layout::visible(self).contains(&self.focus) || layout::size(self.size.0, self.size.1) == Size::Small {
            self.view = view;
        }
        if layout::size(self.size.0, self.size.1) < Size::Four {
            self.view = view;
        }
    }

    pub(super) fn next_pane(&mut self, forward: bool) {
        let panes = match layout::size(self.size.0, self.size.1) {
            Size::Small => vec![Focus::List, Focus::View(self.view)],
            Size::Two | Size::Three | Size::Four => layout::visible(self),
        };
        let at = panes.iter().position(|pane| *pane == self.focus).unwrap_or(0);
        let next = if forward { at + 1 } else { at + panes.len() - 1 } % panes.len().max(1);
        if let Some(pane) = panes.get(next) {
            self.focus = *pane;
            self.find = None;
        }
    }

    pub(super) fn side_pane(&mut self, right: bool) {
        let panes = match layout::size(self.size.0, self.size.1) {
            Size::Small => vec![Focus::List, Focus::View(self.view)],
            Size::Two | Size::Three | Size::Four => layout::visible(self),
        };
        let at = panes.iter().position(|pane| *pane == self.focus).unwrap_or(0);
        let next = if right { Some(at + 1) } else { at.checked_sub(1) };
        if let Some(pane) = next.and_then(|next| panes.get(next)) {
            self.focus = *pane;
            self.find = None;
        }
    }
}
