//! What the Mark dialog says before anything is written: the counts by stage, what is missing, what is ruled out.

use crate::app::snapshot::Snapshot;
use crate::app::verdict::Verdict;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::model::kind::Kind;
use crate::model::state::State;
use crate::query::holes::Missing;
use crate::query::impact::Mark;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What marking would say.
#[derive(Debug, Clone)]
pub(crate) struct Preview {
    pub verdict: Arc<Verdict>,
    /// Services with a reached deployment.
    pub n_services: usize,
    /// All stages that have deployments, nearest to users first.
    pub stages: Vec<Stage>,
    /// What the UNKNOWN deployments lack, by the nearest hole of each.
    pub lacks: Vec<(Missing, usize)>,
    /// Components that are surely not meant, with the reason and how many deployments hang on each.
    pub ruled_out: Vec<(ComponentId, String, u32)>,
}

/// One stage's share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stage {
    /// Escaped.
    pub name: String,
    pub confirmed: usize,
    pub possible: usize,
    /// Escaped, sorted.
    pub owners: Vec<String>,
}

impl Preview {
    /// Answers marks and counts.
    pub(crate) fn new(data: &Snapshot, marks: &[Mark]) -> Self {
        let graph = &data.graph;
        let verdict = Verdict::new(graph, marks);
        let impact = &verdict.impact;
        let roster = data.roster();
        let stage = |name: &String| Stage { name: name.clone(), confirmed: 0, possible: 0, owners: Vec::new() };
        let mut stages: Vec<Stage> = roster.stages.iter().map(stage).collect();
        let mut owners = vec![BTreeSet::new(); stages.len()];
        let mut services = FxHashSet::default();
        let mut lacks: BTreeMap<Missing, usize> = BTreeMap::new();
        for (id, row) in graph.of_kind(Kind::Deployment).zip(&roster.rows) {
            let state = impact.state(id);
            let (Some(stage), Some(owners)) = (stages.get_mut(row.stage as usize), owners.get_mut(row.stage as usize)) else {
                continue;
            };
            match state {
                State::Affected | State::Contained => stage.confirmed += 1,
                State::Possible => stage.possible += 1,
                State::Unknown => {
                    if let Some(missing) = impact.lack(graph, id) {
                        *lacks.entry(missing).or_default() += 1;
                    }
                }
                State::Clear => {}
            }
            if state.is_reached() {
                services.insert(row.service);
                owners.insert(row.owner as usize);
            }
        }
        for (stage, owners) in stages.iter_mut().zip(owners) {
            stage.owners = owners.into_iter().filter_map(|owner| roster.owners.get(owner)).cloned().collect();
        }
        let n_deploys = |id| data.deploys.as_ref().map_or(0, |deploys| deploys.of(id).confirmed);
        let ruled_out =
            impact.ruled_out().iter().map(|out| (out.component, out.reason.clone(), n_deploys(out.component))).collect();
        Self { n_services: services.len(), stages, lacks: lacks.into_iter().collect(), ruled_out, verdict: Arc::new(verdict) }
    }
}

/// The part of a deployment's label that counts as its service.
pub(crate) fn service(graph: &Graph, id: ComponentId) -> String {
    let label = graph.label(id).brief().into_string();
    label.rsplit_once('@').map_or(label.clone(), |(service, _)| service.to_owned())
}

/// Who answers for a component, as shown.
pub(crate) fn owner(graph: &Graph, id: ComponentId) -> String {
    let owner = graph.component(id).owner;
    owner.map_or_else(|| NO_OWNER.to_owned(), |owner| graph.text(owner).brief().into_string())
}

/// What stands for an owner where there is none.
pub(crate) const NO_OWNER: &str = "(no owner)";

/// The rank and the name of a deployment's stage; environments that no stage takes in go by their own name.
pub(crate) fn stage(graph: &Graph, id: ComponentId) -> (u16, String) {
    let Some(info) = graph.deployment(id) else { return (u16::MAX, "(no stage)".to_owned()) };
    let name = graph.settings().stage(info.stage).map(|name| crate::text::Untrusted::new(name).brief().into_string());
    let own = || info.environment.map(|environment| graph.text(environment).brief().into_string());
    (info.stage, name.or_else(own).unwrap_or_else(|| "(no environment)".to_owned()))
}

/// Why something is ruled out, in the words of the dialog.
pub(crate) fn reason(reason: &str) -> String {
    reason.replace("other sha256", "other hash")
}

/// What a hole is called when counted: `1 missing document`, `1 file not read`.
pub(crate) fn lack(missing: Missing, n: usize) -> String {
    match missing {
        Missing::Document => format!("{n} missing document"),
        Missing::Base => format!("{n} without base model"),
        Missing::TrainingData => format!("{n} without training data"),
        Missing::Dependencies => format!("{n} without packages"),
        Missing::BuiltWith => format!("{n} without framework or code"),
        Missing::File => format!("{n} file not read"),
    }
}
