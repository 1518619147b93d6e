//! `impact`: the answer in one line, then each deployment with its proof, or with what is missing.

use crate::cli::advise::Advised;
use crate::cli::output::text::advisories;
use crate::cli::output::text::chain;
use crate::cli::output::text::paint::Paint;
use crate::cli::output::text::pair;
use crate::cli::output::text::place;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::model::kind::Kind;
use crate::model::state::State;
use crate::query::holes::Hole;
use crate::query::holes::Missing;
use crate::query::impact::Impact;
use crate::query::impact::Mark;
use crate::query::select::StartAt;
use crate::text;
use crate::text::TextId;
use std::io;
use std::io::Write;

/// At most this many marked components, and holes of one deployment, are listed before the rest is counted.
const LISTED: usize = 10;

/// Writes the answer. `all` lists CLEAR ones too.
pub(in crate::cli) fn impact(
    out: &mut dyn Write,
    graph: &Graph,
    marks: &[Mark],
    impact: &Impact,
    all: bool,
    advised: Option<&Advised>,
    paint: Paint,
) -> io::Result<()> {
    let mut answer = Answer { out, graph, impact, paint };
    answer.counts(Kind::Deployment)?;
    answer.counts(Kind::Model)?;
    if let Some(advised) = advised {
        advisories::ages(answer.out, advised)?;
    }
    answer.marked(marks)?;
    let ranked = impact.ranked(graph);
    for state in State::ALL.into_iter().filter(|state| all || *state != State::Clear) {
        answer.deployments(state, &ranked)?;
    }
    answer.models(all)?;
    answer.ruled_out()?;
    if let Some(advised) = advised {
        advisories::results(answer.out, graph, advised, paint)?;
    }
    answer.problems()
}

struct Answer<'a> {
    out: &'a mut dyn Write,
    graph: &'a Graph,
    impact: &'a Impact,
    paint: Paint,
}

impl Answer<'_> {
    /// `31 deployments: 11 AFFECTED, 3 POSSIBLE, 2 UNKNOWN, 15 CLEAR`.
    fn counts(&mut self, kind: Kind) -> io::Result<()> {
        let counts = self.impact.counts(self.graph, kind);
        let shown = State::ALL.into_iter().filter(|state| *state == State::Affected || counts.of(*state) > 0);
        let parts: Vec<String> = shown.map(|s| self.paint.state(s, &format!("{} {s}", text::thousands(counts.of(s))))).collect();
        writeln!(self.out, "{}: {}", text::count(counts.total(), kind.word()), parts.join(", "))
    }

    fn marked(&mut self, marks: &[Mark]) -> io::Result<()> {
        for mark in marks {
            let starts = &mark.selection.starts;
            if starts.is_empty() {
                continue;
            }
            writeln!(self.out, "\n{} {} {}", self.paint.bold("MARKED"), starts.len(), mark.hazard)?;
            for start in starts.iter().take(LISTED) {
                let (kind, name, mention) = match start.at {
                    StartAt::Component(id) => (self.graph.kind(id), self.graph.id(id), ""),
                    StartAt::Mention(id) => {
                        let statement = self.graph.statements().get(id);
                        (statement.kind, self.graph.text(statement.name), ", as a reference states it")
                    }
                };
                let sure = if start.sure { "" } else { ", perhaps" };
                let left = format!("  X {}", name.show());
                pair(self.out, self.paint, &left, &format!("{kind} by {}{mention}{sure}", start.matched.word()))?;
            }
            self.more(starts.len(), "more")?;
        }
        Ok(())
    }

    fn deployments(&mut self, state: State, ranked: &[ComponentId]) -> io::Result<()> {
        let of_state: Vec<ComponentId> = ranked.iter().copied().filter(|id| self.impact.state(*id) == state).collect();
        if of_state.is_empty() {
            return Ok(());
        }
        let title = format!("{state} {}", text::thousands(of_state.len()));
        writeln!(self.out, "\n{}", self.paint.state(state, &self.paint.bold(&title)))?;
        for id in of_state {
            self.deployment(state, id)?;
        }
        Ok(())
    }

    fn deployment(&mut self, state: State, id: ComponentId) -> io::Result<()> {
        let path = self.impact.path(self.graph, id);
        let weakest = path.iter().map(|step| step.evidence).max();
        let weakest = weakest.map_or_else(String::new, |evidence| format!("weakest link {evidence}"));
        let left = format!("{} {}{}", state.symbol(), self.graph.label(id).show(), self.facts(id));
        pair(self.out, self.paint, &left, &weakest)?;
        chain::chain(self.out, self.graph, self.paint, &path, 4)?;
        match state {
            State::Possible => {
                for settling in chain::settle(self.graph, &path, id) {
                    writeln!(self.out, "    to settle: {settling}")?;
                }
            }
            State::Unknown => self.holes(id)?,
            State::Affected | State::Contained | State::Clear => {}
        }
        Ok(())
    }

    /// Owner and criticality, where known.
    fn facts(&self, id: ComponentId) -> String {
        let shown = |id: TextId| self.graph.text(id).show().into_string();
        let info = self.graph.deployment(id);
        let owner = info.and_then(|info| info.owner).map(|owner| format!("  owner {}", shown(owner)));
        let criticality = info.and_then(|info| info.criticality).map(|criticality| format!("  {}", shown(criticality)));
        owner.unwrap_or_default() + &criticality.unwrap_or_default()
    }

    fn holes(&mut self, id: ComponentId) -> io::Result<()> {
        let holes = self.impact.holes(self.graph, id);
        if holes.is_empty() {
            return writeln!(self.out, "    not everything was read");
        }
        for hole in holes.iter().take(LISTED) {
            let source = hole.source.filter(|_| hole.unread.is_none());
            let source = source.map_or_else(String::new, |source| place(self.graph, source));
            let said = format!("    {}", missing(self.graph, hole));
            pair(self.out, self.paint, &said, &source)?;
        }
        self.more(holes.len(), "more holes")
    }

    fn models(&mut self, all: bool) -> io::Result<()> {
        let graph = self.graph;
        let mut models: Vec<ComponentId> = graph.of_kind(Kind::Model).filter(|id| !self.impact.is_marked(*id)).collect();
        models.retain(|id| all || self.impact.state(*id).is_reached());
        models.sort_by_cached_key(|id| (self.impact.state(*id), self.impact.depth(graph, *id), graph.id(*id).as_key()));
        if models.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\n{} {}", self.paint.bold("MODELS"), text::thousands(models.len()))?;
        for id in models {
            let state = self.impact.state(id);
            let depth =
                if state.is_reached() { text::count(self.impact.depth(self.graph, id) as usize, "link") } else { String::new() };
            let word = self.paint.state(state, &format!("{:<9}", state.word()));
            writeln!(self.out, "{} {word} {:<8} {}", state.symbol(), depth, graph.id(id).show())?;
        }
        Ok(())
    }

    fn ruled_out(&mut self) -> io::Result<()> {
        let ruled_out = self.impact.ruled_out();
        if ruled_out.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\n{} {}", self.paint.bold("RULED OUT"), ruled_out.len())?;
        for out in ruled_out {
            pair(self.out, self.paint, &format!("  {}", self.graph.id(out.component).show()), &out.reason)?;
        }
        Ok(())
    }

    fn problems(&mut self) -> io::Result<()> {
        let n = self.graph.n_unread();
        if n == 0 && self.graph.complete() {
            return Ok(());
        }
        writeln!(self.out, "\n{} not read, so the answer may be incomplete: `downriver check` names them", text::count(n, "file"))
    }

    fn more(&mut self, n: usize, what: &str) -> io::Result<()> {
        if n > LISTED { writeln!(self.out, "    {} {what}", text::thousands(n - LISTED)) } else { Ok(()) }
    }
}

/// A hole as a sentence.
pub(in crate::cli::output) fn missing(graph: &Graph, hole: &Hole) -> String {
    let name = graph.id(hole.component).show();
    match hole.missing {
        Missing::Document => format!("{name} has no document"),
        Missing::Base => format!("{name} states no base model"),
        Missing::TrainingData => format!("{name} states no training data"),
        Missing::Dependencies => format!("{name} states no dependencies"),
        Missing::BuiltWith => format!("{name} does not state what it was built with"),
        Missing::File => {
            let file = hole.unread.as_deref().unwrap_or("a file");
            format!("not read: {}, which could tell", text::Untrusted::new(file).show())
        }
    }
}
