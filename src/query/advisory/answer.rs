//! The answer to each row of advisories: what it met, what not and why, what could not be checked, and whom it concerns.

use crate::graph::Graph;
use crate::model::advisory::Advisory;
use crate::model::date::Day;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::query::advisory::Asked;
use crate::query::advisory::rows;
use crate::query::advisory::rows::Row;
use crate::query::advisory::together;
use crate::query::advisory::undetermined::Undetermined;
use crate::query::advisory::undetermined::unchecked;
use crate::query::impact;
use crate::query::impact::Mark;
use crate::query::impact::StateCounts;
use crate::query::impact::Window;
use crate::query::select::RuledOut;
use crate::query::select::Start;
use crate::query::select::StartAt;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What could not be checked in the whole repository for one hazard and some kinds: the list as far as it is told, and how
/// many more there are.
pub(crate) type Unchecked = Arc<(Vec<Undetermined>, usize)>;

/// The answer to the advisories about one vulnerability.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub row: Row,
    /// Something is surely meant.
    pub matched: bool,
    pub starts: Vec<Start>,
    pub ruled_out: Vec<RuledOut>,
    /// What it may mean, and why that is not sure.
    pub undetermined: Vec<Undetermined>,
    /// What is missing in the repository and could hide what it means, a list for each hazard.
    pub unchecked: Vec<Unchecked>,
    /// How the deployments stand to these advisories alone.
    pub counts: StateCounts,
    /// It calls something affected.
    pub asks: bool,
    /// All of its advisories were taken back by their publishers, the last of them on this day.
    pub withdrawn: Option<Day>,
}

impl Answer {
    /// Whether anything at all could not be checked.
    pub(crate) fn is_open(&self) -> bool {
        !self.undetermined.is_empty() || self.unchecked.iter().any(|list| !list.0.is_empty())
    }
}

/// Answers the advisories, those about one vulnerability as one. At most `most` of what is missing in the repository is
/// named for each hazard.
pub(crate) fn answers(graph: &Graph, advisories: &[&Advisory], asked: &[Asked], most: usize) -> Vec<Answer> {
    let mut known = Known { graph, most, unchecked: BTreeMap::new(), counts: BTreeMap::new() };
    rows::rows(advisories).into_iter().map(|row| known.answer(row, advisories, asked)).collect()
}

/// What does not depend on which components are meant is worked out once.
struct Known<'g> {
    graph: &'g Graph,
    most: usize,
    unchecked: BTreeMap<(Hazard, Vec<Kind>), Unchecked>,
    /// By all that is walked: many advisories mean the same components.
    counts: BTreeMap<Vec<Walked>, StateCounts>,
}

/// What decides a walk.
type Walked = (Hazard, Window, Vec<Kind>, Vec<(StartAt, bool)>);

impl Known<'_> {
    fn answer(&mut self, row: Row, advisories: &[&Advisory], asked: &[Asked]) -> Answer {
        let members = || row.members.iter().filter_map(|member| asked.get(*member));
        let marks = together(members());
        let mut starts: Vec<Start> = marks.iter().flat_map(|mark| mark.selection.starts.iter().copied()).collect();
        starts.sort_by_key(|start| (start.at, !start.sure, start.matched));
        starts.dedup_by_key(|start| start.at);
        let mut ruled_out: Vec<RuledOut> = marks.iter().flat_map(|mark| mark.selection.ruled_out.iter().cloned()).collect();
        ruled_out.sort();
        ruled_out.dedup_by_key(|out| out.component);
        let mut undetermined: Vec<Undetermined> = members().flat_map(|asked| asked.undetermined.iter().cloned()).collect();
        undetermined.sort();
        undetermined.dedup();
        let mut lookouts: BTreeMap<Hazard, Vec<Kind>> = BTreeMap::new();
        for (hazard, kinds) in members().flat_map(Asked::lookouts) {
            lookouts.entry(hazard).or_default().extend(kinds);
        }
        for kinds in lookouts.values_mut() {
            kinds.sort_unstable();
            kinds.dedup();
        }
        let lookouts: Vec<(Hazard, Vec<Kind>)> = lookouts.into_iter().collect();
        let days = row.members.iter().filter_map(|member| advisories.get(*member)).map(|advisory| advisory.withdrawn);
        Answer {
            matched: members().any(Asked::is_matched),
            asks: row.members.iter().filter_map(|member| advisories.get(*member)).any(|advisory| !advisory.affected.is_empty()),
            unchecked: lookouts.iter().map(|lookout| self.unchecked(lookout)).collect(),
            counts: self.counts(&marks),
            withdrawn: days.reduce(|a, b| a.zip(b).map(|(a, b)| a.max(b))).flatten(),
            starts,
            ruled_out,
            undetermined,
            row,
        }
    }

    fn unchecked(&mut self, lookout: &(Hazard, Vec<Kind>)) -> Unchecked {
        let (graph, most) = (self.graph, self.most);
        let make = || Arc::new(unchecked(graph, lookout.0, &lookout.1, most));
        Arc::clone(self.unchecked.entry(lookout.clone()).or_insert_with(make))
    }

    fn counts(&mut self, marks: &[Mark]) -> StateCounts {
        let graph = self.graph;
        let walked = |mark: &Mark| -> Walked {
            let starts = mark.selection.starts.iter().map(|start| (start.at, start.sure)).collect();
            (mark.hazard, mark.window, mark.kinds.clone(), starts)
        };
        let count = || impact::impact(graph, marks).counts(graph, Kind::Deployment);
        *self.counts.entry(marks.iter().map(walked).collect()).or_insert_with(count)
    }
}
