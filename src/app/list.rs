//! The lists by kind: order, filter, and the row that stays chosen.
//!
//! Invariant: the chosen component stays chosen when rows arrive, when the order changes and when a filter goes; a list
//! that nobody has moved in stays at its first row.

use crate::app::App;
use crate::app::ask::Question;
use crate::app::cursor::Cursor;
use crate::app::cursor::Step;
use crate::app::filter::Filter;
use crate::app::found::Found;
use crate::app::snapshot::Sort;
use crate::app::snapshot::is_hit;
use crate::app::tab::Tab;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use std::sync::Arc;

/// One list.
#[derive(Debug, Default)]
pub(crate) struct List {
    pub rows: Arc<[ComponentId]>,
    /// What the person chose; `None`: by state while there is an incident, else by deployments.
    pub sort: Option<Sort>,
    /// The order that `rows` are in; `None`: not yet in the order wanted.
    pub order: Option<Sort>,
    pub cursor: Cursor,
    pub filter: Option<Filter>,
    /// Someone has moved in it.
    pub touched: bool,
    pub(super) waiting: Option<u64>,
}

impl List {
    /// How many rows it shows.
    pub(crate) fn len(&self) -> usize {
        self.found().map_or(self.rows.len(), Found::len)
    }

    /// The component of a row.
    pub(crate) fn at(&self, row: usize) -> Option<ComponentId> {
        match self.found() {
            Some(found) => found.at(row),
            None => self.rows.get(row).copied(),
        }
    }

    /// The rows that match the filter, where there is one.
    pub(crate) fn found(&self) -> Option<&Found> {
        self.filter.as_ref()?.found.as_ref()
    }

    /// The chosen component.
    pub(crate) fn selected(&self) -> Option<ComponentId> {
        self.at(self.cursor.row)
    }

    /// Chooses a component; `false` if no row has it.
    pub(crate) fn select(&mut self, id: ComponentId) -> bool {
        let row = match self.found() {
            Some(found) => found.position(id),
            None => self.rows.iter().position(|row| *row == id),
        };
        if let Some(row) = row {
            self.cursor.carry_to(row);
        }
        row.is_some()
    }

    /// Describes what the letters of the filter met in the rows on screen.
    pub(super) fn describe(&mut self, graph: &Graph, height: usize) {
        let top = self.cursor.top;
        if let Some(found) = self.filter.as_mut().and_then(|filter| filter.found.as_mut()) {
            found.describe(graph, top..top + height);
        }
    }

    /// Drops the filter; what is chosen stays.
    pub(super) fn clear_filter(&mut self) {
        let selected = self.selected().or(self.filter.as_ref().and_then(|filter| filter.before));
        self.filter = None;
        if let Some(selected) = selected {
            self.select(selected);
        }
    }

    /// Takes rows in another order.
    pub(super) fn set_rows(&mut self, rows: Arc<[ComponentId]>, order: Option<Sort>, selected: Option<ComponentId>) {
        self.rows = rows;
        self.order = order;
        if self.found().is_some() {
            return;
        }
        let chosen = selected.filter(|_| self.touched).is_some_and(|id| self.select(id));
        if !chosen && !self.touched {
            self.cursor = Cursor::default();
        }
    }
}

impl App {
    /// The order that a list should have.
    pub(crate) fn wanted_sort(&self, tab: Tab) -> Sort {
        let chosen = self.lists.get(tab.row()).and_then(|list| list.sort);
        let first = if self.verdict.is_some() { Sort::State } else { self.data.first_sort() };
        chosen.filter(|sort| *sort != Sort::State || self.verdict.is_some()).unwrap_or(first)
    }

    /// Asks for the rows of the visible list where their order is not the one wanted.
    pub(super) fn order_list(&mut self) {
        let (tab, sort) = (self.tab, self.wanted_sort(self.tab));
        if self.list().is_some_and(|list| list.order != Some(sort) && list.waiting.is_none()) {
            let seq = self.ask(Question::Rows { tab, sort });
            if let Some(list) = self.list_mut() {
                list.waiting = Some(seq);
            }
        }
    }

    /// Takes rows that were asked for.
    pub(super) fn take_rows(&mut self, seq: u64, tab: Tab, sort: Sort, rows: Arc<[ComponentId]>) {
        let Some(list) = self.lists.get_mut(tab.row()).filter(|list| list.waiting == Some(seq)) else { return };
        list.waiting = None;
        let selected = list.selected();
        list.set_rows(rows, Some(sort), selected);
    }

    /// Sorts by the next or previous column.
    pub(super) fn sort_list(&mut self, forward: bool) {
        let mut columns = vec![Sort::Deploys, Sort::Name];
        if self.verdict.is_some() {
            columns.insert(0, Sort::State);
        }
        let now = self.wanted_sort(self.tab);
        let at = columns.iter().position(|sort| *sort == now).unwrap_or(0);
        let next = if forward { at + 1 } else { at + columns.len() - 1 } % columns.len();
        let sort = columns.get(next).copied();
        if let Some(list) = self.list_mut() {
            list.sort = sort;
            list.touched = true;
        }
    }

    /// Moves in the list of the tab.
    pub(super) fn move_in_list(&mut self, step: Step, height: usize) {
        if self.tab == Tab::Incidents {
            let n = self.incidents.len();
            self.incident_cursor.step(step, n, height);
        } else if let Some(list) = self.list_mut() {
            list.touched = true;
            let n = list.len();
            list.cursor.step(step, n, height);
        }
    }

    /// Goes to the next or previous row that is AFFECTED or POSSIBLE; without an incident to the next row that matches.
    pub(super) fn next_in_list(&mut self, forward: bool) {
        let verdict = self.verdict.clone();
        let Some(list) = self.list() else { return };
        if verdict.is_none() && list.filter.is_none() {
            self.say("nothing to step through: / searches, m marks");
            return;
        }
        let fits = |id: ComponentId| verdict.as_ref().is_none_or(|v| is_hit(v.impact.state(id)));
        let n = list.len();
        let found = around(list.cursor.row, n, forward).find(|row| list.at(*row).is_some_and(fits));
        match found {
            Some(row) => {
                if let Some(list) = self.list_mut() {
                    list.touched = true;
                    list.cursor.row = row;
                }
            }
            None => self.say("no other row matches"),
        }
    }

    /// Makes a component the chosen one, in the list of its kind. A filter that hides it goes.
    pub(super) fn go_to(&mut self, id: ComponentId) {
        self.tab = Tab::of(self.data.graph.kind(id));
        if let Some(list) = self.list_mut() {
            list.touched = true;
            if !list.select(id) {
                list.filter = None;
                list.select(id);
            }
        }
    }
}

/// Rows after (or before) `from`, round the end, `from` itself last.
pub(super) fn around(from: usize, n: usize, forward: bool) -> impl Iterator<Item = usize> {
    (1..=n).map(move |step| if forward { (from + step) % n } else { (from + n - step) % n })
}
