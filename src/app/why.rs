//! The Why pane: the links from what is marked to what is reached, each with its grade, file and line; for what is not
//! reached, what is missing or that nothing is.

mod lines;

use crate::app::App;
use crate::app::Focus;
use crate::app::View;
use crate::app::ask::Question;
use crate::app::cursor::Step;
use crate::app::detail::TextPane;
use crate::app::reach::ReachOf;
use crate::app::verdict::Verdict;
use crate::graph::ids::ComponentId;
use crate::graph::ids::LinkId;
use crate::query::impact;
use crate::query::path::Paths;
use std::sync::Arc;

/// What is explained.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum WhyOf {
    #[default]
    Nothing,
    /// How a component stands: to the incidents, or to what Reach assumes to be marked.
    Component { id: ComponentId, assumed: bool },
    /// Which places state a link.
    Link(LinkId),
}

/// The pane.
#[derive(Debug, Default)]
pub(crate) struct Why {
    pub text: TextPane<WhyOf>,
    /// All ways, once counted.
    pub paths: Option<Paths>,
    /// Which of them is shown, from 0, the best.
    pub nth: usize,
    /// The step that the cursor was on before the graph was read again.
    pub(super) keep: Option<ComponentId>,
    /// The view that asked, to which Esc leads back.
    pub(super) asked_from: Option<View>,
    asked: Option<WhyOf>,
    pub(super) waiting: Option<u64>,
}

impl Why {
    /// How many ways there are; `None`: being counted.
    pub(crate) fn n_paths(&self) -> Option<(usize, bool)> {
        self.paths.as_ref().map(|paths| (paths.total.max(1), paths.more))
    }
}

impl App {
    /// What the cursor of the focused pane asks about.
    pub(super) fn why_of_cursor(&self) -> WhyOf {
        let of = |id: Option<ComponentId>, assumed: bool| id.map_or(WhyOf::Nothing, |id| WhyOf::Component { id, assumed });
        match self.focus {
            Focus::List if self.verdict.is_none() => WhyOf::Nothing,
            Focus::List => of(self.selected(), false),
            Focus::View(View::Reach) => of(self.reach.selected(), self.reach.of != ReachOf::Incidents),
            Focus::View(view @ (View::Up | View::Down)) => {
                let tree = self.tree(view);
                let link = tree.and_then(super::tree::Tree::link_at_cursor).map(WhyOf::Link);
                link.unwrap_or(WhyOf::Nothing)
            }
            Focus::View(View::Detail) if self.verdict.is_some() => of(self.detail.of, false),
            Focus::View(View::Detail) => WhyOf::Nothing,
            Focus::View(View::Why) => self.why.text.of,
        }
    }

    /// The answer that the pane explains.
    pub(super) fn why_verdict(&self) -> Option<&Arc<Verdict>> {
        match self.why.text.of {
            WhyOf::Component { assumed: true, .. } if self.is_preview() => self.advice.reach(),
            WhyOf::Component { assumed: true, .. } => self.reach_if.verdict(),
            WhyOf::Component { assumed: false, .. } | WhyOf::Link(_) | WhyOf::Nothing => self.verdict.as_ref(),
        }
    }

    /// Asks for the other ways, and makes the lines anew where anything changed.
    pub(super) fn refresh_why(&mut self, width: u16) {
        let of = self.why.text.of;
        if self.why.asked != Some(of) {
            self.why.asked = Some(of);
            self.why.nth = 0;
            self.ask_paths();
        }
        let made = Some((of, width, self.epoch + self.reach_if.changes + self.advice.changes));
        if self.why.text.made == made {
            return;
        }
        let same = self.why.text.made.is_some_and(|(before, ..)| before == of);
        let lines = lines::lines(self, of, usize::from(width));
        self.why.text.lines = lines;
        self.why.text.made = made;
        if !same {
            let first = self.why.text.lines.iter().position(|line| line.target.is_some());
            self.why.text.cursor = crate::app::cursor::Cursor { row: first.unwrap_or(0), top: 0 };
        }
        let kept = self.why.keep.and_then(|id| self.why.text.lines.iter().position(|line| line.target == Some(id)));
        if let Some(row) = kept {
            (self.why.text.cursor.row, self.why.keep) = (row, None);
        }
    }

    /// Asks anew after the graph or the marks changed.
    pub(super) fn forget_paths(&mut self) {
        self.why.asked = None;
    }

    fn ask_paths(&mut self) {
        (self.why.paths, self.why.waiting) = (None, None);
        let WhyOf::Component { id, .. } = self.why.text.of else { return };
        let Some(verdict) = self.why_verdict().cloned() else { return };
        if verdict.impact.state(id).is_reached() && !verdict.impact.is_marked(id) {
            let question = Question::Paths { from: verdict.marked.clone(), to: id };
            self.why.waiting = Some(self.ask(question));
        }
    }

    /// The path that is shown: the best one, or another.
    pub(super) fn path_shown(&self, id: ComponentId) -> Vec<impact::Step> {
        let Some(verdict) = self.why_verdict() else { return Vec::new() };
        let best = verdict.impact.path(&self.data.graph, id);
        let same = |other: &&Vec<impact::Step>| other.iter().map(|s| s.link).eq(best.iter().map(|s| s.link));
        let mut others = self.why.paths.iter().flat_map(|paths| &paths.paths).filter(|path| !same(path));
        match self.why.nth.checked_sub(1) {
            Some(nth) => others.nth(nth).cloned().unwrap_or(best),
            None => best,
        }
    }

    /// Shows the next or previous of the ways.
    pub(super) fn other_path(&mut self, forward: bool) {
        let shown = self.why.paths.as_ref().map_or(0, |paths| paths.paths.len());
        if shown < 2 {
            self.say(if self.why.waiting.is_some() { "still counting the paths" } else { "there is no other path" });
            return;
        }
        self.why.nth = if forward { self.why.nth + 1 } else { self.why.nth + shown - 1 } % shown;
        self.epoch += 1;
        self.why.text.made = None;
    }

    /// Moves among the components of the path; where there are none, by line.
    pub(super) fn step_why(&mut self, step: Step, height: usize) {
        let text = &mut self.why.text;
        let stops: Vec<usize> =
            (0..text.lines.len()).filter(|row| text.lines.get(*row).is_some_and(|l| l.target.is_some())).collect();
        let n = text.lines.len();
        let row = text.cursor.row;
        let next = match step {
            Step::Next => stops.iter().find(|stop| **stop > row).copied(),
            Step::Previous => stops.iter().rev().find(|stop| **stop < row).copied(),
            Step::First => stops.first().copied(),
            Step::Last => stops.last().copied(),
            Step::HalfDown | Step::HalfUp | Step::PageDown | Step::PageUp => None,
        };
        match (next, step) {
            (Some(next), _) => {
                text.cursor.row = next;
                text.cursor.fit(n, height);
            }
            (None, Step::Next | Step::Previous) if !stops.is_empty() => {}
            (None, _) => text.cursor.step(step, n, height),
        }
        // The lines that say what would settle it stand below the last stop.
        if stops.last() == Some(&text.cursor.row) {
            text.cursor.top = text.cursor.top.max(n.saturating_sub(height).min(text.cursor.row));
        }
    }
}
