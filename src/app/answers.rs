//! What comes back: graphs that were read, and answers to questions.
//!
//! Invariant: everything chosen is found again in a new graph by its id; an answer that nobody waits for is dropped.

use crate::app::App;
use crate::app::Popup;
use crate::app::Screen;
use crate::app::Stays;
use crate::app::ask::Answer;
use crate::app::loading::Load;
use crate::app::snapshot::Snapshot;
use crate::app::why::WhyOf;
use std::sync::Arc;

impl App {
    /// Takes a graph: everything chosen is found again in it by its id.
    pub(super) fn take_data(&mut self, snapshot: &Arc<Snapshot>, done: bool) {
        let old = std::mem::replace(&mut self.data, Arc::clone(snapshot));
        let carry = |id: crate::graph::ids::ComponentId| snapshot.carry(&old, id);
        for (list, rows) in self.lists.iter_mut().zip(&snapshot.rows) {
            let selected = list.selected().and_then(carry);
            list.waiting = None;
            if let Some(filter) = &mut list.filter {
                filter.carry(carry);
                if let Some(row) = filter.found.as_ref().and_then(|found| found.position(selected?)) {
                    list.cursor.carry_to(row);
                }
            }
            list.set_rows(Arc::clone(rows), Some(snapshot.first_sort()), selected);
        }
        if let Some(filter) = &mut self.reach.filter {
            filter.carry(carry);
        }
        self.detail.of = self.detail.of.and_then(carry);
        for tree in [&mut self.up, &mut self.down] {
            tree.root = tree.root.and_then(carry);
            (tree.made, tree.groups, tree.waiting) = (None, None, None);
            tree.forget_rows();
        }
        self.reach.keep = self.reach.selected().and_then(carry);
        self.reach.rows.clear();
        let step = self.why.text.lines.get(self.why.text.cursor.row).and_then(|line| line.target);
        self.why.keep = step.and_then(carry);
        self.detail.keep = Some(self.detail.cursor.row);
        self.why.text.of = match self.why.text.of {
            WhyOf::Component { id, assumed } => carry(id).map_or(WhyOf::Nothing, |id| WhyOf::Component { id, assumed }),
            WhyOf::Link(_) | WhyOf::Nothing => WhyOf::Nothing,
        };
        self.advice.forget_graph();
        self.generation += 1;
        self.epoch += 1;
        self.detail_if.forget();
        self.reach_if.forget();
        self.verdict = None;
        for incident in &mut self.incidents {
            incident.component = incident.component.and_then(carry);
        }
        if done {
            self.load = Load::Ready;
            self.message = self.message.take().filter(|message| message.stays != Stays::WhileReading);
        }
        self.ask_marks();
        self.ask_work();
        self.ask_advisories();
        self.ask_again(&old);
        let data = Arc::clone(&self.data);
        if let Screen::Problems(problems) = &mut self.screen {
            problems.rebuild(&data);
        }
    }

    /// Asks anew what was on screen when the graph changed.
    pub(super) fn ask_again(&mut self, old: &Snapshot) {
        self.narrow_all();
        let mark = if let Some(Popup::Mark(dialog)) = &self.popup { Some(dialog.component) } else { None };
        let carried = mark.map(|component| self.data.carry(old, component));
        match (carried, &mut self.popup) {
            (Some(Some(component)), Some(Popup::Mark(dialog))) => {
                dialog.component = component;
                dialog.preview = None;
                self.ask_preview();
            }
            (Some(None), _) => {
                self.popup = None;
                self.say_error("what was to be marked is no longer in the repository");
            }
            (None, Some(Popup::Advise(_))) => self.ask_advise(),
            (None, Some(Popup::Search(search))) => {
                search.found = None;
                self.search();
            }
            (_, _) => {}
        }
    }

    pub(super) fn take_answer(&mut self, seq: u64, answer: Answer) {
        match answer {
            Answer::Rows { tab, sort, rows } => self.take_rows(seq, tab, sort, rows),
            Answer::Found(hits) => {
                self.take_hits(seq, &hits);
                self.take_found(seq, &hits);
            }
            Answer::Near(near) => self.take_near_names(seq, near),
            Answer::Verdict(verdict) => {
                self.take_verdict(seq, &verdict);
                self.take_advice_reach(seq, &verdict);
            }
            Answer::Preview(preview) => {
                if let Ok(preview) = &preview {
                    self.take_advise(seq, preview);
                }
                self.take_preview(seq, preview);
            }
            Answer::Adopted(adopted) => self.take_adopted(seq, adopted),
            Answer::Advised(advised) => self.take_advised(seq, advised),
            Answer::Paths(paths) if self.why.waiting == Some(seq) => {
                (self.why.paths, self.why.waiting) = (Some(paths), None);
                self.epoch += 1;
            }
            Answer::Groups(groups) => {
                let tree = [&mut self.up, &mut self.down].into_iter().find(|tree| tree.waiting == Some(seq));
                if let Some(tree) = tree {
                    (tree.groups, tree.waiting, tree.made) = (Some(groups), None, None);
                }
            }
            Answer::Paths(_) => {}
        }
    }
}
