//! What to do about a compromise: which models to replace, in which order to rebuild, where to roll back to, what to upgrade.
//!
//! Invariant: "our" models are those with a document of their own that are not marked; nothing else is ever to be replaced.
//! Absent on purpose: doing it, the clock, files (facts are handed in).

mod cut;
mod network;
mod rollback;
mod upgrade;
mod waves;

#[cfg(test)]
mod tests;

pub(crate) use cut::Cut;
pub(crate) use rollback::Candidate;
pub(crate) use rollback::Rollback;
pub(crate) use upgrade::Upgrade;
pub(crate) use waves::Rebuild;
pub(crate) use waves::Waves;

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::select::Start;
use crate::model::kind::Kind;
use crate::model::range::Range;
use crate::model::state::State;
use crate::query::facts::Facts;
use crate::query::impact::Impact;
use crate::query::plan::network::Network;

/// Everything that a plan says. All lists are in the order in which they are to be read.
#[derive(Debug)]
pub(crate) struct Plan {
    pub cut: Cut,
    pub waves: Waves,
    /// One for each AFFECTED deployment, worst first.
    pub rollbacks: Vec<Rollback>,
    pub upgrades: Vec<Upgrade>,
}

/// What a plan is made for.
pub(crate) struct Question<'a> {
    pub graph: &'a Graph,
    /// What is compromised, under one hazard.
    pub impact: &'a Impact,
    /// All that is open, this included: a way back must be clear of it.
    pub open: &'a Impact,
    /// What is marked by a range, with the range.
    pub ranges: &'a [(Vec<Start>, Range)],
    /// What documents state of a component.
    pub facts: &'a dyn Fn(ComponentId) -> Facts,
}

impl Question<'_> {
    /// Whether a model is one of ours, and so can be replaced.
    fn is_ours(&self, id: ComponentId) -> bool {
        self.graph.kind(id) == Kind::Model && self.graph.component(id).documented && !self.impact.is_marked(id)
    }

    /// AFFECTED deployments, by stage, criticality and name.
    fn affected(&self) -> Vec<ComponentId> {
        let ranked = self.impact.ranked(self.graph).into_iter();
        ranked.take_while(|id| self.impact.state(*id) == State::Affected).collect()
    }
}

/// Makes a plan.
pub(crate) fn plan(question: &Question<'_>) -> Plan {
    let affected = question.affected();
    let network = Network::new(question, &affected);
    Plan {
        cut: cut::cut(question, &network),
        waves: waves::waves(question, &network),
        rollbacks: rollback::rollbacks(question, &affected),
        upgrades: upgrade::upgrades(question),
    }
}
