//! Graphs of numbers and links, as large as a public hub.

use crate::graph::Graph;
use crate::graph::bare::BareLink;
use crate::graph::bare::bare;
use crate::graph::ids::ComponentId;
use crate::graph::select::Match;
use crate::graph::select::Start;
use crate::graph::select::StartAt;
use crate::model::hazard::Hazard;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::query::impact;
use crate::query::impact::Mark;
use crate::query::impact::Window;
use crate::query::rank;
use crate::query::select::Selection;

/// What a number of a bare graph stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BareKind {
    /// A model with a document of its own.
    Model,
    /// A model that is only referred to.
    External,
    /// A dataset.
    Dataset,
    /// A package.
    Package,
    /// A deployment.
    Deployment,
}

/// A graph of numbers and links, without files, names or places.
pub struct Bare {
    graph: Graph,
    rows: Vec<u32>,
}

/// How the deployments and the models stand when one component is marked: affected, possible, unknown, clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Of the deployments.
    pub deployments: [usize; 4],
    /// Of the models.
    pub models: [usize; 4],
}

impl Bare {
    /// Builds the graph; the relation of a link follows from the kinds of its ends.
    pub fn new(kinds: &[BareKind], links: impl Iterator<Item = (u32, u32)>) -> Self {
        let components: Vec<(Kind, bool)> = kinds.iter().map(|kind| kind.meant()).collect();
        let link = |(upstream, downstream): (u32, u32)| BareLink {
            upstream,
            downstream,
            relation: match (components[upstream as usize].0, components[downstream as usize].0) {
                (_, Kind::Deployment) => Relation::Deployed,
                (Kind::Dataset, _) => Relation::TrainedOn,
                (Kind::Package, _) => Relation::Depends,
                _ => Relation::Base,
            },
            evidence: Evidence::Digest,
        };
        let (graph, rows) = bare(&components, links.map(link));
        Self { graph, rows }
    }

    /// How many components and links there are.
    pub fn size(&self) -> (usize, usize) {
        (self.graph.len(), self.graph.links().len())
    }

    /// Bytes in memory by part.
    pub fn memory(&self) -> Vec<(&'static str, usize)> {
        self.graph.memory()
    }

    /// Marks one component and counts, under the hazard that is usual for it.
    pub fn impact(&self, number: u32) -> Standing {
        let id = ComponentId::new(self.rows[number as usize] as usize);
        let starts = vec![Start { at: StartAt::Component(id), sure: true, matched: Match::Name }];
        let hazard = Hazard::default_for(self.graph.kind(id));
        let mark =
            Mark { selection: Selection { starts, ruled_out: Vec::new() }, hazard, window: Window::default(), kinds: Vec::new() };
        let answer = impact::impact(&self.graph, &[mark]);
        let counts = |kind| {
            let counts = answer.counts(&self.graph, kind);
            [counts.affected, counts.possible, counts.unknown, counts.clear]
        };
        Standing { deployments: counts(Kind::Deployment), models: counts(Kind::Model) }
    }

    /// By number: the deployments downstream of it.
    pub fn deploys(&self) -> Vec<u32> {
        let counts = rank::downstream(&self.graph, Kind::Deployment);
        self.rows.iter().map(|row| counts[*row as usize].confirmed).collect()
    }

    /// By number: the models downstream of it.
    pub fn models(&self) -> Vec<u32> {
        let counts = rank::downstream(&self.graph, Kind::Model);
        self.rows.iter().map(|row| counts[*row as usize].confirmed).collect()
    }
}

impl BareKind {
    fn meant(self) -> (Kind, bool) {
        match self {
            Self::Model => (Kind::Model, true),
            Self::External => (Kind::Model, false),
            Self::Dataset => (Kind::Dataset, false),
            Self::Package => (Kind::Package, false),
            Self::Deployment => (Kind::Deployment, true),
        }
    }
}
