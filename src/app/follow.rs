//! Panes that follow the cursor: after every message each visible pane is brought up to date, and no other.
//!
//! Invariant: a pane that has the keys keeps its subject; one beside it follows the cursor.

use crate::app::App;
use crate::app::Focus;
use crate::app::Screen;
use crate::app::View;
use crate::app::ask::Question;
use crate::app::detail;
use crate::app::effect::Effect;
use crate::app::group::Grouping;
use crate::app::layout;
use crate::app::layout::Layout;
use crate::app::layout::Size;
use crate::app::loading::Load;
use crate::app::reach::ReachOf;
use crate::graph::ids::ComponentId;
use crate::query::facts::Facts;
use std::sync::Arc;

/// Cells of a text pane that its lines do not get: the cursor column and the margin.
const TEXT_EDGES: u16 = 3;

/// Which of the two reaches without an incident is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Detail,
    Reach,
}

impl App {
    /// Brings everything visible up to date.
    pub(super) fn settle(&mut self) {
        if let Focus::View(view) = self.focus
            && !layout::visible(self).contains(&self.focus)
        {
            self.view = view;
        }
        if self.load != Load::Front {
            self.order_list();
        }
        self.follow_advice();
        let layout = layout::layout(self);
        if matches!(self.screen, Screen::Main) && self.load != Load::Front {
            self.follow_detail(&layout);
            self.follow_trees(&layout);
            self.follow_reach(&layout);
            self.follow_why(&layout);
        }
        self.settle_advice(&layout);
        self.fit_cursors(&layout);
        self.describe_found();
    }

    fn follow_detail(&mut self, layout: &Layout) {
        let Some(area) = layout.pane(Focus::View(View::Detail)) else { return };
        let of = match self.focus {
            Focus::List => self.selected(),
            Focus::View(view @ (View::Up | View::Down)) => {
                self.tree(view).and_then(super::tree::Tree::component_at_cursor).or(self.detail.of)
            }
            Focus::View(View::Detail | View::Reach | View::Why) => self.detail.of.or(self.selected()),
        };
        self.detail.of = of;
        self.what_if(Slot::Detail, of);
        self.ask_facts(of);
        let width = area.width.saturating_sub(TEXT_EDGES);
        let made = Some((of, width, self.epoch + self.detail_if.changes + self.stated.changes));
        if self.detail.made == made {
            return;
        }
        let facts = detail::Facts {
            data: &self.data,
            show: self.show,
            verdict: self.verdict.as_deref(),
            what_if: self.detail_if.verdict().map(Arc::as_ref),
            stated: self.stated.facts(),
            width: usize::from(width),
        };
        let lines = of.map(|id| detail::lines(&facts, id)).unwrap_or_default();
        if self.detail.made.is_none_or(|(before, ..)| before != of) {
            self.detail.cursor = crate::app::cursor::Cursor::default();
        }
        self.detail.lines = lines;
        self.detail.made = made;
        if let Some(row) = self.detail.keep.filter(|_| !self.is_answering()) {
            (self.detail.cursor.row, self.detail.keep) = (row, None);
        }
    }

    /// Has the documents of a component read for their facts, unless they are known; then those of what the next key shows.
    fn ask_facts(&mut self, of: Option<ComponentId>) {
        let list = self.list().filter(|_| matches!(self.focus, Focus::List));
        let near: Vec<ComponentId> = list.map_or_else(Vec::new, |list| {
            let row = list.cursor.row;
            [Some(row + 1), row.checked_sub(1)].into_iter().flatten().filter_map(|row| list.at(row)).collect()
        });
        let of = self.stated.want(of, self.generation, &near);
        if !of.is_empty() {
            self.effects.push(Effect::ReadFacts { of, generation: self.generation, data: Arc::clone(&self.data) });
        }
    }

    /// Takes what documents state of a component, if that is still asked for.
    pub(super) fn take_facts(&mut self, of: ComponentId, generation: u64, facts: Facts) {
        self.stated.take(of, generation, facts);
    }

    fn follow_trees(&mut self, layout: &Layout) {
        for view in [View::Up, View::Down] {
            if layout.pane(Focus::View(view)).is_none() {
                continue;
            }
            let follows = matches!(self.focus, Focus::List);
            let selected = self.selected();
            let made = Some((self.generation, self.answered));
            let tree = if view == View::Up { &mut self.up } else { &mut self.down };
            let root = if follows || tree.root.is_none() { selected } else { tree.root };
            let moved = tree.root != root;
            if moved {
                (tree.groups, tree.waiting) = (None, None);
            }
            if moved || tree.made != made {
                tree.rebuild(&self.data, self.verdict.as_deref(), root);
                tree.made = made;
            }
            self.ask_groups(view);
        }
    }

    /// Whether the states of a new graph are still to come.
    pub(super) fn is_answering(&self) -> bool {
        self.verdict.is_none() && !self.incidents.is_empty()
    }

    fn ask_groups(&mut self, view: View) {
        let Some((root, up)) = self.tree(view).and_then(|tree| Some((tree.root?, tree.up))) else { return };
        let tree = if up { &self.up } else { &self.down };
        let by = tree.grouped_by(&self.data, root);
        if matches!(by, Grouping::Relation | Grouping::Off) || tree.groups.is_some() || tree.waiting.is_some() {
            return;
        }
        let waiting = Some(self.ask(Question::Groups { root, up, by }));
        let tree = if up { &mut self.up } else { &mut self.down };
        tree.waiting = waiting;
    }

    fn follow_reach(&mut self, layout: &Layout) {
        if layout.pane(Focus::View(View::Reach)).is_none() {
            return;
        }
        if layout.size >= Size::Three && self.view != View::Reach && self.focus != Focus::View(View::Reach) && !self.is_preview()
        {
            self.reach.of = if self.verdict.is_some() { ReachOf::Incidents } else { ReachOf::Row };
        }
        if self.reach.of == ReachOf::Row {
            let follows = matches!(self.focus, Focus::List);
            let of = if follows || self.reach_if.of.is_none() { self.selected() } else { self.reach_if.of };
            self.what_if(Slot::Reach, of);
        }
        let made = Some((self.reach.of, self.epoch + self.reach_if.changes + self.advice.changes));
        if self.reach.made != made {
            self.reach.made = made;
            self.rebuild_reach();
        }
    }

    fn follow_why(&mut self, layout: &Layout) {
        let Some(area) = layout.pane(Focus::View(View::Why)) else { return };
        if self.focus != Focus::View(View::Why) {
            self.why.text.of = self.why_of_cursor();
        }
        self.refresh_why(area.width.saturating_sub(TEXT_EDGES));
    }

    /// Asks what marking a component would reach, unless that is known or asked.
    fn what_if(&mut self, slot: Slot, of: Option<ComponentId>) {
        let (own, other) = match slot {
            Slot::Detail => (&self.detail_if, &self.reach_if),
            Slot::Reach => (&self.reach_if, &self.detail_if),
        };
        if own.of == of {
            return;
        }
        let same = other.of == of;
        let known = other.verdict().filter(|_| same).cloned();
        let waiting = match of {
            Some(of) if known.is_none() => other.waiting.filter(|_| same).or_else(|| Some(self.ask(Question::WhatIf(of)))),
            Some(_) | None => None,
        };
        let slot = match slot {
            Slot::Detail => &mut self.detail_if,
            Slot::Reach => &mut self.reach_if,
        };
        slot.of = of;
        if waiting.is_some() {
            slot.waiting = waiting;
        } else {
            slot.answer(known);
        }
    }

    /// Takes the answer to a question about marks.
    pub(super) fn take_verdict(&mut self, seq: u64, verdict: &Arc<crate::app::verdict::Verdict>) {
        for slot in [&mut self.detail_if, &mut self.reach_if] {
            if slot.waiting == Some(seq) {
                slot.answer(Some(Arc::clone(verdict)));
            }
        }
        if self.verdict_waiting == Some(seq) {
            (self.verdict, self.verdict_waiting) = (Some(Arc::clone(verdict)), None);
            for list in &mut self.lists {
                list.order = list.order.filter(|order| *order != crate::app::snapshot::Sort::State);
            }
            self.forget_paths();
            self.epoch += 1;
            self.answered += 1;
            self.name_incidents();
        }
    }

    /// Keeps every cursor inside its rows and visible.
    fn fit_cursors(&mut self, layout: &Layout) {
        let heads = u16::from(layout.size != Size::Small);
        for (pane, area) in layout.panes.clone() {
            let height = area.rows(heads);
            match pane {
                Focus::List => {
                    let n = self.incidents.len();
                    self.incident_cursor.fit(n, height);
                    let data = Arc::clone(&self.data);
                    if let Some(list) = self.list_mut() {
                        let n = list.len();
                        list.cursor.fit(n, height);
                        list.describe(&data.graph, height);
                    }
                }
                Focus::View(View::Detail) => {
                    let n = self.detail.lines.len();
                    self.detail.cursor.fit(n, area.rows(0));
                }
                Focus::View(View::Up) => self.up.cursor.fit(self.up.rows.len(), area.rows(0)),
                Focus::View(View::Down) => self.down.cursor.fit(self.down.rows.len(), area.rows(0)),
                Focus::View(View::Reach) => self.reach.cursor.fit(self.reach.rows.len(), height),
                Focus::View(View::Why) => {
                    let n = self.why.text.lines.len();
                    self.why.text.cursor.fit(n, area.rows(0));
                }
            }
        }
        let n_entries = self.journal.as_ref().map_or(0, |known| known.entries.len());
        match &mut self.screen {
            // Its cursor is fitted with its lines.
            Screen::Main | Screen::Advisories => {}
            Screen::Worklist => {
                let height = layout.panes.first().map_or(0, |(_, area)| area.rows(heads));
                self.worklist.cursor.fit(self.worklist.rows.len(), height);
            }
            Screen::Problems(problems) => problems.cursor.fit(problems.rows.len(), usize::from(problems_rows(layout))),
            Screen::Log(log) => {
                let height = layout.panes.first().map_or(0, |(_, area)| area.rows(heads));
                log.cursor.fit(n_entries, height);
            }
        }
    }
}

/// Rows of the upper half of the Problems screen, its heads not counted; small screens have no lower half.
pub(crate) fn problems_rows(layout: &Layout) -> u16 {
    let body = layout.panes.first().map_or(0, |(_, area)| area.height);
    if layout.size == Size::Small { body } else { body.saturating_sub(1).saturating_sub(problems_detail(body)) }
}

/// Rows of the lower half, its title counted.
pub(crate) fn problems_detail(body: u16) -> u16 {
    (body / 2).min(9)
}
