//! What advisories mean in one repository: what they meet, what is ruled out and why, and what could not be checked.
//!
//! Invariant: each advisory is answered from its own words; what another one says, or how many there are, changes nothing.
//! Invariant: what an advisory calls not affected or fixed narrows its own question only, and never what it names by digest
//! with less than a digest.
//! Invariant: no VEX statement changes a state: nobody is trusted yet to narrow an answer (threats.md A5).
//! Absent on purpose: files, ages, which advisories are one vulnerability's ([`rows`]).

pub(crate) mod advised;
pub(crate) mod answer;
pub(crate) mod rows;
mod undetermined;

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::ids::StatementId;
use crate::graph::select::pick;
use crate::graph::select::pick::Scan;
use crate::graph::selector::Form;
use crate::graph::selector::Selector;
use crate::model::advisory::Advisory;
use crate::model::advisory::Ancestry;
use crate::model::advisory::Pick;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::query::impact::Mark;
use crate::query::impact::Window;
use crate::query::select;
use crate::query::select::Match;
use crate::query::select::RuledOut;
use crate::query::select::Scope;
use crate::query::select::Selection;
use crate::query::select::Start;
use crate::query::select::StartAt;
use crate::text::Untrusted;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

pub(crate) use crate::query::advisory::undetermined::Undetermined;

/// So many time windows are walked each by itself; those of further selectors are left open, which widens.
const WINDOWS: usize = 64;

/// How advisories are asked.
pub(crate) struct Options<'a> {
    /// Instead of what an advisory says, or of what is usual for a kind.
    pub hazard: Option<Hazard>,
    /// For selectors without a window of their own.
    pub window: Window,
    pub ancestry: &'a Ancestry<'a>,
}

/// What one advisory means here.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    /// What it meets, surely or perhaps.
    pub starts: Vec<Start>,
    /// Of the names that it uses, what it does not mean.
    pub ruled_out: Vec<RuledOut>,
    /// What it may mean, and why that is not sure.
    pub undetermined: Vec<Undetermined>,
    /// What to walk; also where it meets nothing, since a hole may hide what it means.
    pub marks: Vec<Mark>,
    /// By VEX statement: what it speaks of.
    pub told: Vec<Vec<Start>>,
}

impl Asked {
    /// Whether it surely meets something.
    pub(crate) fn is_matched(&self) -> bool {
        self.starts.iter().any(|start| start.sure)
    }

    /// The hazards under which it is asked, each with the kinds whose sections could hide what is meant.
    pub(crate) fn lookouts(&self) -> BTreeMap<Hazard, Vec<Kind>> {
        let mut all: BTreeMap<Hazard, Vec<Kind>> = BTreeMap::new();
        for mark in &self.marks {
            all.entry(mark.hazard).or_default().extend(&mark.kinds);
        }
        for kinds in all.values_mut() {
            kinds.sort_unstable();
            kinds.dedup();
        }
        all
    }
}

/// Asks each of some advisories. The answers stand in their order.
///
/// Costs one pass over the repository if any selector needs it (globs, commits, BOM-Links), and what the selectors meet.
pub(crate) fn ask(graph: &Graph, advisories: &[&Advisory], options: &Options<'_>) -> Vec<Asked> {
    let scan = Scan::new(graph, advisories.iter().flat_map(|advisory| picks(advisory)));
    let mut windows = vec![options.window];
    let mut first = 0;
    let mut answers = Vec::with_capacity(advisories.len());
    for advisory in advisories {
        let mut asking = Asking { graph, advisory, options, scan: &scan, next: first, windows: &mut windows };
        answers.push(asking.ask());
        first += picks(advisory).count();
    }
    answers
}

/// All marks of some answers, those of one hazard and window as one, so that they are walked once.
pub(crate) fn together<'a>(all: impl Iterator<Item = &'a Asked>) -> Vec<Mark> {
    let mut marks: Vec<(Mark, BTreeMap<StartAt, Start>)> = Vec::new();
    for mark in all.flat_map(|asked| &asked.marks) {
        let same = |(other, _): &(Mark, _)| (other.hazard, other.window) == (mark.hazard, mark.window);
        let row = marks.iter().position(same).unwrap_or_else(|| {
            let selection = Selection::default();
            let empty = Mark { selection, hazard: mark.hazard, window: mark.window, kinds: Vec::new() };
            marks.push((empty, BTreeMap::new()));
            marks.len() - 1
        });
        let Some((whole, starts)) = marks.get_mut(row) else { continue };
        for start in &mark.selection.starts {
            join(starts, *start);
        }
        whole.selection.ruled_out.extend(mark.selection.ruled_out.iter().cloned());
        whole.kinds.extend(&mark.kinds);
    }
    let met: BTreeSet<StartAt> = marks.iter().flat_map(|(_, starts)| starts.keys().copied()).collect();
    let finished = marks.into_iter().map(|(mut mark, starts)| {
        mark.selection.starts = starts.into_values().collect();
        mark.selection.ruled_out.retain(|out| !met.contains(&StartAt::Component(out.component)));
        mark.selection.ruled_out.sort();
        mark.selection.ruled_out.dedup();
        mark.kinds.sort_unstable();
        mark.kinds.dedup();
        mark
    });
    finished.collect()
}

/// All selectors of an advisory, in the order in which they are numbered.
fn picks(advisory: &Advisory) -> impl Iterator<Item = &Pick> {
    let told = advisory.statements.iter().flat_map(|statement| &statement.products);
    advisory.affected.iter().chain(&advisory.not_affected).chain(&advisory.fixed).chain(told)
}

/// The surest word on each beginning counts.
fn join(starts: &mut BTreeMap<StartAt, Start>, start: Start) {
    let entry = starts.entry(start.at).or_insert(start);
    if start.sure && !entry.sure {
        *entry = start;
    } else if start.sure == entry.sure {
        entry.matched = entry.matched.min(start.matched);
    }
}

/// One advisory that is being asked.
struct Asking<'a> {
    graph: &'a Graph,
    advisory: &'a Advisory,
    options: &'a Options<'a>,
    scan: &'a Scan,
    /// Number of the next pick.
    next: usize,
    windows: &'a mut Vec<Window>,
}

impl Asking<'_> {
    fn ask(&mut self) -> Asked {
        let advisory = self.advisory;
        let affected: Vec<Selection> = advisory.affected.iter().map(|pick| self.select(pick)).collect();
        let narrowing = [(&advisory.not_affected, "not affected"), (&advisory.fixed, "fixed")];
        let mut excluded: BTreeMap<StartAt, (Match, &str)> = BTreeMap::new();
        for (picks, word) in narrowing {
            for pick in picks {
                for start in self.select(pick).starts.into_iter().filter(|start| start.sure) {
                    let entry = excluded.entry(start.at).or_insert((start.matched, word));
                    *entry = (*entry).min((start.matched, word));
                }
            }
        }
        let told = advisory.statements.iter();
        let told = told.map(|statement| statement.products.iter().flat_map(|pick| self.select(pick).starts).collect()).collect();
        let mut asked = Asked { told, ..Asked::default() };
        if advisory.withdrawn.is_some() {
            return asked;
        }
        let mut of_window: Vec<(Window, Vec<(Selection, Vec<Kind>)>)> = Vec::new();
        for (pick, mut selection) in advisory.affected.iter().zip(affected) {
            selection.starts.retain(|start| match excluded.get(&start.at) {
                Some((by, word)) if start.matched != Match::Digest || *by == Match::Digest => {
                    if let StartAt::Component(component) = start.at {
                        selection.ruled_out.push(RuledOut { component, reason: format!("the advisory says: {word}") });
                    }
                    false
                }
                Some(_) | None => true,
            });
            let unsure = selection.starts.iter().filter(|start| !start.sure);
            asked.undetermined.extend(unsure.map(|start| undetermined::unsure(self.graph, pick, *start)));
            let kinds = kinds(pick, &selection);
            let window = self.window(pick, &mut asked.undetermined);
            match of_window.iter_mut().find(|(known, _)| *known == window) {
                Some((_, all)) => all.push((selection, kinds)),
                None => of_window.push((window, vec![(selection, kinds)])),
            }
        }
        for (window, selections) in of_window {
            self.mark(window, &selections, &mut asked);
        }
        asked.finish()
    }

    /// What a pick means, and what bears its name and is not meant.
    fn select(&mut self, pick: &Pick) -> Selection {
        let scanned: &[StatementId] = self.scan.of(self.next);
        self.next += 1;
        let (graph, ancestry) = (self.graph, self.options.ancestry);
        if let Some(digest) = &pick.digest {
            let kind = if let [one] = pick.kinds[..] { Some(one) } else { None };
            let form = Form::Digest(digest.clone());
            let selector = Selector { written: String::new(), rest: String::new(), kind, form };
            let Selection { starts, mut ruled_out } = select::select(graph, &selector, Scope::AsWritten);
            let kept = pick::narrowed(graph, starts.clone(), pick, ancestry);
            let dropped = starts.iter().filter(|start| !kept.iter().any(|other| other.at == start.at));
            ruled_out.extend(dropped.filter_map(|start| match start.at {
                StartAt::Component(component) => {
                    Some(RuledOut { component, reason: "has the digest, and not the rest".to_owned() })
                }
                StartAt::Mention(_) => None,
            }));
            return Selection { starts: kept, ruled_out };
        }
        let starts = pick::starts(graph, pick, scanned, ancestry);
        let met = |component: &ComponentId| starts.iter().any(|start| start.at == StartAt::Component(*component));
        let others = pick::namesakes(graph, pick).into_iter().filter(|component| !met(component));
        let ruled_out = others.map(|component| RuledOut { component, reason: why_not(graph, pick, component) }).collect();
        Selection { starts, ruled_out }
    }

    fn window(&mut self, pick: &Pick, undetermined: &mut Vec<Undetermined>) -> Window {
        let of_flags = self.options.window;
        let window = Window { since: pick.since.or(of_flags.since), until: pick.until.or(of_flags.until) };
        if self.windows.contains(&window) {
            return window;
        }
        if self.windows.len() >= WINDOWS {
            undetermined.push(Undetermined {
                what: format!(
                    "more than {WINDOWS} time windows: that of `{}` is left open",
                    Untrusted::new(&pick.to_string()).show()
                ),
                source: None,
                settle: "split the advisories, or ask with `--since` and `--until`".to_owned(),
            });
            return of_flags;
        }
        self.windows.push(window);
        window
    }

    /// One mark for each hazard of what is met, or of what could be.
    fn mark(&self, window: Window, selections: &[(Selection, Vec<Kind>)], asked: &mut Asked) {
        let under = |kind: Kind| self.options.hazard.or(self.advisory.hazard).unwrap_or(Hazard::default_for(kind));
        let kind_of = |start: &Start| match start.at {
            StartAt::Component(id) => self.graph.kind(id),
            StartAt::Mention(id) => self.graph.statements().get(id).kind,
        };
        for hazard in Hazard::ALL {
            let mut starts: BTreeMap<StartAt, Start> = BTreeMap::new();
            let mut ruled_out: Vec<RuledOut> = Vec::new();
            let mut kinds: Vec<Kind> = Vec::new();
            for (selection, asked) in selections {
                for start in selection.starts.iter().filter(|start| under(kind_of(start)) == hazard) {
                    join(&mut starts, *start);
                }
                let out = selection.ruled_out.iter().filter(|out| under(self.graph.kind(out.component)) == hazard);
                ruled_out.extend(out.cloned());
                kinds.extend(asked.iter().copied().filter(|kind| under(*kind) == hazard));
            }
            if starts.is_empty() && kinds.is_empty() && ruled_out.is_empty() {
                continue;
            }
            kinds.sort_unstable();
            kinds.dedup();
            let selection = Selection { starts: starts.into_values().collect(), ruled_out };
            asked.marks.push(Mark { selection, hazard, window, kinds });
        }
    }
}

impl Asked {
    /// Gathers from the marks what they meet and rule out; what one selector meets, another one does not rule out.
    fn finish(mut self) -> Self {
        let mut starts: BTreeMap<StartAt, Start> = BTreeMap::new();
        for start in self.marks.iter().flat_map(|mark| &mark.selection.starts) {
            join(&mut starts, *start);
        }
        for mark in &mut self.marks {
            mark.selection.ruled_out.retain(|out| !starts.contains_key(&StartAt::Component(out.component)));
            mark.selection.ruled_out.sort();
            mark.selection.ruled_out.dedup();
        }
        self.ruled_out = self.marks.iter().flat_map(|mark| mark.selection.ruled_out.iter().cloned()).collect();
        self.ruled_out.sort();
        self.ruled_out.dedup();
        self.undetermined.sort();
        self.undetermined.dedup();
        self.starts = starts.into_values().collect();
        self
    }
}

/// The kinds whose missing sections could hide what a pick means.
fn kinds(pick: &Pick, selection: &Selection) -> Vec<Kind> {
    let likely = pick.likely_kinds();
    if likely.is_empty() && selection.starts.is_empty() { vec![Kind::Model, Kind::Dataset] } else { likely }
}

/// Why what bears the name of a pick is not meant.
fn why_not(graph: &Graph, pick: &Pick, id: ComponentId) -> String {
    let statements = || graph.statements_of(id).iter().map(|statement| graph.statements().get(*statement));
    let own = statements()
        .filter_map(|s| s.ecosystem)
        .map(|id| graph.text(id))
        .find(|own| Some(own.as_key()) != pick.ecosystem.as_deref());
    if let (Some(own), Some(_)) = (own, &pick.ecosystem) {
        return format!("of the ecosystem {}", own.show());
    }
    if !pick.kinds.is_empty() && !pick.kinds.contains(&graph.kind(id)) {
        return format!("a {}", graph.kind(id));
    }
    let version = statements().find_map(|s| graph.statements().version(&s));
    let asked = pick.purl.as_ref().and_then(|purl| purl.version.clone()).filter(|_| pick.versions.is_any());
    let asked = asked.unwrap_or_else(|| pick.versions.to_string());
    match version {
        Some(version) => format!("{} is not {}", Untrusted::new(version).show(), Untrusted::new(&asked).show()),
        None => format!("not {}", Untrusted::new(&asked).show()),
    }
}

#[cfg(test)]
mod tests;
