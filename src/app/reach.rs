//! The Reach pane: the deployments, worst first, as an incident or a mark that nobody has made yet would leave them.

use crate::app::App;
use crate::app::cursor::Cursor;
use crate::app::filter::Filter;
use crate::app::preview;
use crate::app::snapshot::Snapshot;
use crate::app::snapshot::is_hit;
use crate::app::verdict::Verdict;
use crate::graph::ids::ComponentId;
use crate::model::state::State;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Whose reach is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) enum ReachOf {
    /// Of all open incidents.
    Incidents,
    /// Of the row under the list's cursor, if it were marked.
    #[default]
    Row,
    /// Of an advisory that nobody has recorded.
    Advisory,
}

/// What the deployments are grouped by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) enum By {
    #[default]
    Off,
    Owner,
    Environment,
}

/// A group of rows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Named(String),
    RuledOut,
    Clear,
}

/// One line of the pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Row {
    Deployment(ComponentId),
    /// With how many are AFFECTED, POSSIBLE and UNKNOWN in it; for the last two groups how many there are.
    Group {
        key: Key,
        open: bool,
        counts: [usize; 3],
        n: usize,
    },
    RuledOut {
        component: ComponentId,
        reason: String,
    },
}

/// The pane.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    pub of: ReachOf,
    pub rows: Vec<Row>,
    pub cursor: Cursor,
    pub filter: Option<Filter>,
    pub by: By,
    /// Groups that are not as they begin: the last two begin closed, the others open.
    toggled: FxHashSet<Key>,
    /// What the rows were made from.
    pub(super) made: Option<(ReachOf, u64)>,
    /// To be chosen when the rows are next made.
    pub(super) keep: Option<ComponentId>,
    /// Rows that are no deployments, in order.
    others: Vec<usize>,
    /// Whether the CLEAR ones wait in their closed group.
    pub clear_is_closed: bool,
}

impl Reach {
    /// The deployment under the cursor.
    pub(crate) fn selected(&self) -> Option<ComponentId> {
        self.selected_at(self.cursor.row)
    }

    /// The deployment, or ruled-out component, of a row.
    pub(crate) fn selected_at(&self, row: usize) -> Option<ComponentId> {
        match self.rows.get(row)? {
            Row::Deployment(id) => Some(*id),
            Row::RuledOut { component, .. } => Some(*component),
            Row::Group { .. } => None,
        }
    }

    fn is_open(&self, key: &Key) -> bool {
        let begins_open = matches!(key, Key::Named(_));
        begins_open != self.toggled.contains(key)
    }

    /// Makes the rows anew; the chosen deployment stays chosen.
    pub(super) fn rebuild(&mut self, data: &Snapshot, verdict: Option<&Verdict>) {
        let chosen = self.keep.take().or(self.selected());
        self.rows.clear();
        self.make_rows(data, verdict);
        self.others.clear();
        self.others.extend((0..).zip(&self.rows).filter(|(_, row)| !matches!(row, Row::Deployment(_))).map(|(at, _)| at));
        self.clear_is_closed = self.rows.iter().rev().any(|row| matches!(row, Row::Group { key: Key::Clear, open: false, .. }));
        if let Some(row) = chosen.and_then(|id| (0..self.rows.len()).find(|row| self.selected_at(*row) == Some(id))) {
            self.cursor.carry_to(row);
        }
    }

    fn make_rows(&mut self, data: &Snapshot, verdict: Option<&Verdict>) {
        let Some(verdict) = verdict else { return };
        if let Some(found) = self.filter.as_ref().and_then(|filter| filter.found.as_ref()) {
            let matching: FxHashSet<ComponentId> = found.components().collect();
            self.rows.extend(verdict.ranked.iter().filter(|id| matching.contains(id)).map(|id| Row::Deployment(*id)));
        } else {
            let clear = verdict.ranked.partition_point(|id| verdict.impact.state(*id) != State::Clear);
            let (open, clear) = verdict.ranked.split_at(clear);
            self.open_rows(data, verdict, open);
            self.closing_rows(verdict, clear);
        }
    }

    fn open_rows(&mut self, data: &Snapshot, verdict: &Verdict, open: &[ComponentId]) {
        let name = |id: ComponentId| match self.by {
            By::Off => None,
            By::Owner => Some(preview::owner(&data.graph, id)),
            By::Environment => {
                let environment = data.graph.deployment(id).and_then(|info| info.environment);
                Some(environment.map_or_else(|| "(no environment)".to_owned(), |e| data.graph.text(e).brief().into_string()))
            }
        };
        let mut groups: BTreeMap<Option<String>, Vec<ComponentId>> = BTreeMap::new();
        for id in open {
            groups.entry(name(*id)).or_default().push(*id);
        }
        for (name, members) in groups {
            let mut shown = true;
            if let Some(name) = name {
                let n = |state| members.iter().filter(|id| verdict.impact.state(**id) == state).count();
                let counts = [n(State::Affected), n(State::Possible), n(State::Unknown)];
                let key = Key::Named(name);
                shown = self.is_open(&key);
                self.rows.push(Row::Group { key, open: shown, counts, n: members.len() });
            }
            if shown {
                self.rows.extend(members.into_iter().map(Row::Deployment));
            }
        }
    }

    fn closing_rows(&mut self, verdict: &Verdict, clear: &[ComponentId]) {
        let ruled_out = verdict.impact.ruled_out();
        for (key, n) in [(Key::RuledOut, ruled_out.len()), (Key::Clear, clear.len())] {
            if n == 0 {
                continue;
            }
            let open = self.is_open(&key);
            self.rows.push(Row::Group { key: key.clone(), open, counts: [0; 3], n });
            if open && key == Key::Clear {
                self.rows.extend(clear.iter().map(|id| Row::Deployment(*id)));
            } else if open {
                let row =
                    |out: &crate::query::select::RuledOut| Row::RuledOut { component: out.component, reason: out.reason.clone() };
                self.rows.extend(ruled_out.iter().map(row));
            }
        }
    }

    /// How many deployments stand above a row, itself counted.
    pub(crate) fn position(&self, row: usize) -> usize {
        let above = (row + 1).min(self.rows.len());
        above - self.others.partition_point(|other| *other < above)
    }
}

impl App {
    /// The answer that the Reach pane shows; `None` while the first is being computed, or where nothing is chosen.
    pub(crate) fn reach_verdict(&self) -> Option<&Arc<Verdict>> {
        match self.reach.of {
            ReachOf::Incidents => self.verdict.as_ref(),
            ReachOf::Row => self.reach_if.last.as_ref(),
            ReachOf::Advisory => self.advice.reach(),
        }
    }

    /// Whether the Reach pane still shows the answer of before, until the next one is there.
    pub(crate) fn reach_is_old(&self) -> bool {
        match self.reach.of {
            ReachOf::Incidents => self.verdict_is_old(),
            ReachOf::Row => self.reach_if.waiting.is_some(),
            ReachOf::Advisory => false,
        }
    }

    /// Opens or closes the group under the cursor.
    pub(super) fn toggle_reach(&mut self) {
        if let Some(Row::Group { key, .. }) = self.reach.rows.get(self.reach.cursor.row) {
            let key = key.clone();
            if !self.reach.toggled.remove(&key) {
                self.reach.toggled.insert(key);
            }
            self.rebuild_reach();
        }
    }

    /// Groups the deployments by the next thing.
    pub(super) fn group_reach(&mut self) {
        self.reach.by = match self.reach.by {
            By::Off => By::Owner,
            By::Owner => By::Environment,
            By::Environment => By::Off,
        };
        self.rebuild_reach();
        self.say(match self.reach.by {
            By::Off => "not grouped",
            By::Owner => "grouped by owner",
            By::Environment => "grouped by environment",
        });
    }

    pub(super) fn rebuild_reach(&mut self) {
        let verdict = self.reach_verdict().cloned();
        self.reach.rebuild(&self.data, verdict.as_deref());
    }

    /// Goes to the next or previous deployment that is AFFECTED or POSSIBLE.
    pub(super) fn next_affected(&mut self, forward: bool) {
        let Some(verdict) = self.reach_verdict().cloned() else { return };
        let n = self.reach.rows.len();
        let fits = |row: &usize| match self.reach.rows.get(*row) {
            Some(Row::Deployment(id)) => is_hit(verdict.impact.state(*id)),
            Some(Row::Group { .. } | Row::RuledOut { .. }) | None => false,
        };
        match crate::app::list::around(self.reach.cursor.row, n, forward).find(fits) {
            Some(row) => self.reach.cursor.row = row,
            None => self.say("nothing here is AFFECTED or POSSIBLE"),
        }
    }
}
