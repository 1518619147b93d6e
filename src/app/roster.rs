//! Stage, service and owner of every deployment, named once a graph: a preview counts numbers.

use crate::app::preview;
use crate::graph::Graph;
use crate::model::kind::Kind;
use std::collections::BTreeMap;

/// All deployments, in the order of their rows.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    pub rows: Vec<Row>,
    /// Escaped; nearest to users first.
    pub stages: Vec<String>,
    /// Escaped, sorted.
    pub owners: Vec<String>,
}

/// One deployment, by numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub stage: u32,
    pub service: u32,
    pub owner: u32,
}

impl Roster {
    /// Names all deployments.
    pub(crate) fn new(graph: &Graph) -> Self {
        let (stages, stage_of) = numbered(graph.of_kind(Kind::Deployment).map(|id| preview::stage(graph, id)));
        let (_, service_of) = numbered(graph.of_kind(Kind::Deployment).map(|id| preview::service(graph, id)));
        let (owners, owner_of) = numbered(graph.of_kind(Kind::Deployment).map(|id| preview::owner(graph, id)));
        let rows = stage_of.into_iter().zip(service_of).zip(owner_of);
        Self {
            rows: rows.map(|((stage, service), owner)| Row { stage, service, owner }).collect(),
            stages: stages.into_iter().map(|(_, name)| name).collect(),
            owners,
        }
    }
}

/// Each different thing once, sorted, and the number of each that came.
fn numbered<T: Ord + Clone>(all: impl Iterator<Item = T>) -> (Vec<T>, Vec<u32>) {
    let all: Vec<T> = all.collect();
    let mut numbers: BTreeMap<&T, u32> = all.iter().map(|thing| (thing, 0)).collect();
    for (number, slot) in (0..).zip(numbers.values_mut()) {
        *slot = number;
    }
    let of_all = all.iter().filter_map(|thing| numbers.get(thing).copied()).collect();
    (numbers.into_keys().cloned().collect(), of_all)
}
