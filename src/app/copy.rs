//! What `y` and `Y` put on the clipboard: escaped text without line breaks.

use crate::app::App;
use crate::app::Focus;
use crate::app::Screen;
use crate::app::View;
use crate::app::effect::Effect;
use crate::app::verdict::Verdict;
use crate::app::why::WhyOf;
use crate::graph::ids::ComponentId;
use std::fmt::Write as _;

impl App {
    /// The component that the focused pane's cursor is on.
    pub(crate) fn component_of_cursor(&self) -> Option<ComponentId> {
        match (&self.screen, self.focus) {
            (Screen::Problems(problems), _) => {
                problems.finding(&self.data).and_then(|finding| self.data.graph.by_id(finding.component.as_deref()?))
            }
            (Screen::Log(_) | Screen::Advisories, _) => None,
            (Screen::Worklist, _) => self.worklist.item().and_then(|item| item.component),
            (Screen::Main, Focus::List) => self.selected(),
            (Screen::Main, Focus::View(view)) => match view {
                View::Detail => self.detail.lines.get(self.detail.cursor.row).and_then(|line| line.target).or(self.detail.of),
                View::Up | View::Down => self.tree(view).and_then(super::tree::Tree::component_at_cursor),
                View::Reach => self.reach.selected(),
                View::Why => self.why.text.lines.get(self.why.text.cursor.row).and_then(|line| line.target),
            },
        }
    }

    /// Copies the id of what the cursor is on; in Why the path.
    pub(super) fn copy_id(&mut self) {
        let problem = self.problem_place();
        let text = match (self.focus, &self.screen) {
            (_, Screen::Problems(_)) => {
                problem.map(|place| format!("{}:{}", crate::text::Untrusted::new(&place.file).show(), place.line))
            }
            (_, Screen::Log(_)) => None,
            (_, Screen::Advisories) => self.advice_id(),
            (_, Screen::Worklist) => {
                self.worklist.item().map(|item| crate::text::Untrusted::new(&item.deployment).show().into_string())
            }
            (Focus::View(View::Why), Screen::Main) => self.path_text().map(|text| self.show.safe(&text)),
            (Focus::List | Focus::View(_), Screen::Main) => {
                let raw = self.component_of_cursor().map(|id| self.data.graph.id(id));
                if raw.is_some_and(crate::text::Untrusted::is_escaped) {
                    let text = raw.map(|raw| raw.show().into_string()).unwrap_or_default();
                    self.copy(text, true);
                    return;
                }
                raw.map(|raw| raw.show().into_string())
            }
        };
        match text {
            Some(text) => self.copy(text, false),
            None => self.say("nothing to copy here"),
        }
    }

    /// Copies the row of what the cursor is on: state, name, weakest link, owner.
    pub(super) fn copy_row(&mut self) {
        let Some(id) = self.component_of_cursor() else {
            self.say("nothing to copy here");
            return;
        };
        let graph = &self.data.graph;
        let mut row = format!("{} {}", graph.kind(id), graph.id(id).show());
        let in_reach = self.focus == Focus::View(View::Reach);
        let verdict = if in_reach { self.reach_verdict().filter(|_| !self.reach_is_old()) } else { self.verdict.as_ref() };
        if let Some(verdict) = verdict {
            let _ = write!(row, "  {}", verdict.standing(id).word());
            if let Some(weakest) = verdict.impact.weakest(graph, id) {
                let _ = write!(row, "  weakest link {weakest}");
            }
        } else if let Some(deploys) = &self.data.deploys {
            let reached = deploys.of(id);
            let _ = write!(row, "  {} confirmed, {} possible deployments", reached.confirmed, reached.possible);
        }
        if let Some(owner) = graph.component(id).owner {
            let _ = write!(row, "  owner {}", graph.text(owner).show());
        }
        let escaped = graph.id(id).is_escaped();
        self.copy(row, escaped);
    }

    /// The path as one line to paste into a ticket.
    fn path_text(&self) -> Option<String> {
        let graph = &self.data.graph;
        let WhyOf::Component { id, .. } = self.why.text.of else { return None };
        let verdict: &Verdict = self.why_verdict()?;
        // By ids: each of them can be given to the command line as it is.
        let name = |id: ComponentId| graph.id(id).show();
        let mut text = format!("{} is {}", name(id), verdict.standing(id).word());
        for step in self.path_shown(id) {
            let link = graph.link(step.link);
            let at = step.source.map(|source| format!(" {}:{}", graph.file(source.document).show(), source.line));
            let _ = write!(
                text,
                "; {} {} {} {}{}",
                name(link.upstream),
                step.evidence,
                link.relation,
                name(link.downstream),
                at.map(|at| format!(" ({})", at.trim())).unwrap_or_default()
            );
        }
        Some(text)
    }

    pub(super) fn copy_found(&mut self) {
        match self.found_text() {
            Some(text) => self.copy(text, false),
            None => self.say("nothing to copy here"),
        }
    }

    pub(super) fn copy_command(&mut self) {
        if let Some(command) = self.mark_command().or_else(|| self.advise_command()) {
            self.copy(command, false);
        }
    }

    pub(super) fn copy(&mut self, text: String, escaped: bool) {
        let n = crate::text::count(text.chars().count(), "character");
        let note = if escaped { ", hidden characters as escapes" } else { "" };
        self.say(format!("copied {n}{note}"));
        self.effects.push(Effect::Copy(text));
    }
}
