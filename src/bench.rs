//! The steps that `benches/` measures; compiled with the feature `bench` only.
//!
//! Absent on purpose: anything that the program itself uses.

mod bare;
mod explorer;
mod names;

use crate::formats;
use crate::graph;
use crate::graph::Graph;
use crate::graph::Input;
use crate::graph::selector::Selector;
use crate::load;
use crate::load::Source;
use crate::model::document::Depth;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::query::deploys;
use crate::query::deploys::Deploys;
use crate::query::impact;
use crate::query::impact::Mark;
use crate::query::impact::Window;
use crate::query::order::Order;
use crate::query::search::Query;
use crate::query::search::admit::Kinds;
use crate::query::search::finder::Finder;
use crate::query::search::hits::Where;
use crate::query::search::index::Index;
use crate::query::select;
use crate::query::select::Scope;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use bare::{Bare, BareKind};
pub use explorer::Explorer;
pub use names::Names;

/// How many components and links one file's documents mention, read from its bytes; `name` is the file's.
pub fn read(bytes: &[u8], name: &str) -> (usize, usize) {
    let read = formats::read(bytes, name, Depth::Lineage);
    let count = |sum: (usize, usize), document: &crate::model::document::Document| {
        (sum.0 + document.mentions.len(), sum.1 + document.links.len())
    };
    read.documents.iter().fold((0, 0), count)
}

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
    /// How many components and links there are.
    pub fn size(&self) -> (usize, usize) {
        (self.graph.len(), self.graph.links().len())
    }

    /// Bytes in memory by part.
    pub fn memory(&self) -> Vec<(&'static str, usize)> {
        self.graph.memory()
    }

    /// How many deployments a poisoned component reaches, surely or not.
    pub fn impact(&self, selector: &str) -> usize {
        let Ok(selector) = Selector::parse(selector) else { return 0 };
        let selection = select::select(&self.graph, &selector, Scope::AsWritten);
        let mark = Mark { selection, hazard: Hazard::Poisoned, window: Window::default(), kinds: Vec::new() };
        let counts = impact::impact(&self.graph, &[mark]).counts(&self.graph, Kind::Deployment);
        counts.affected + counts.possible
    }

    /// How many hits a search has.
    pub fn search(&self, typed: &str) -> usize {
        let index = Arc::new(Index::new(&self.graph, Arc::new(Order::new(&self.graph, &self.deploys))));
        let within = Where { kinds: Kinds::ALL, everywhere: true };
        Finder::new(&self.graph, &index, Query::parse(typed), within, &|_| None, None).finish().len()
    }
}
