//! The steps that `benches/` measures; compiled with the feature `bench` only.
//!
//! Absent on purpose: anything that the program itself uses.

use crate::graph;
use crate::graph::Graph;
use crate::graph::Input;
use crate::graph::selector::Selector;
use crate::load;
use crate::load::Source;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::query::deploys;
use crate::query::deploys::Deploys;
use crate::query::impact;
use crate::query::impact::Mark;
use crate::query::impact::Window;
use crate::query::search;
use crate::query::search::Query;
use crate::query::select;
use crate::query::select::Scope;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// A repository as read, not yet joined.
pub struct Documents(Input);

/// A repository as a graph.
pub struct Repository {
    graph: Graph,
    deploys: Deploys,
}

impl Documents {
    /// Reads a folder; an empty repository where it cannot be read.
    pub fn load(folder: &Path) -> Self {
        let source = Source::Paths(vec![folder.to_owned()]);
        let loaded = load::load(&source, &AtomicBool::new(false), &|_| {});
        Self(loaded.map(|loaded| loaded.input).unwrap_or_default())
    }

    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.0.corpus.documents.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.corpus.documents.is_empty()
    }

    /// Joins the documents into a graph.
    pub fn join(self) -> Repository {
        let graph = graph::build(self.0);
        Repository { deploys: deploys::deploys(&graph), graph }
    }
}

impl Clone for Documents {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl Repository {
    /// How many deployments a poisoned component reaches, surely or not.
    pub fn impact(&self, selector: &str) -> usize {
        let Ok(selector) = Selector::parse(selector) else { return 0 };
        let selection = select::select(&self.graph, &selector, Scope::AsWritten);
        let mark = Mark { selection, hazard: Hazard::Poisoned, window: Window::default() };
        let counts = impact::impact(&self.graph, &[mark]).counts(&self.graph, Kind::Deployment);
        counts.affected + counts.possible
    }

    /// How many hits a search has.
    pub fn search(&self, typed: &str) -> usize {
        search::search(&self.graph, &self.deploys, &Query::parse(typed), &|_| None).len()
    }
}
