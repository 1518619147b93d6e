//! The steps that `benches/` measures; compiled with the feature `bench` only.
//!
//! Absent on purpose: anything that the program itself uses.

use crate::graph;
use crate::graph::Graph;
use crate::graph::Input;
use crate::graph::selector::Selector;
use crate::load;
use crate::load::Source;
use crate::model::document::Document;
use crate::model::document::Draft;
use crate::model::document::Format;
use crate::model::document::Place;
use crate::model::document::Standing;
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
use crate::query::search::hits::Hits;
use crate::query::search::hits::Where;
use crate::query::search::index::Index;
use crate::query::select;
use crate::query::select::Scope;
use std::path::Path;
use std::sync::Arc;
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
        self.0.documents.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.documents.is_empty()
    }

    /// Joins the documents into a graph.
    pub fn join(self) -> Repository {
        let graph = graph::build(self.0);
        Repository { deploys: deploys::deploys(&graph), graph }
    }
}

impl Clone for Documents {
    fn clone(&self) -> Self {
        let Input { documents, problems, settings, complete } = &self.0;
        Self(Input { documents: documents.clone(), problems: problems.clone(), settings: settings.clone(), complete: *complete })
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
        let index = Arc::new(Index::new(&self.graph, Arc::new(Order::new(&self.graph, &self.deploys))));
        let within = Where { kinds: Kinds::ALL, everywhere: true };
        Finder::new(&self.graph, &index, Query::parse(typed), within, &|_| None, None).finish().len()
    }
}

/// Names to search in, laid out as the explorer does.
pub struct Names {
    graph: Graph,
    index: Arc<Index>,
}

/// One text typed letter by letter.
pub struct Typing<'a> {
    names: &'a Names,
    before: Option<Hits>,
}

impl Names {
    /// Models with these names.
    pub fn new(names: impl Iterator<Item = String>) -> Self {
        let mut document = Document::new(Format::MlSbom, "");
        for name in names {
            let draft = Draft::new(Kind::Model, Standing::Subject, &name, Place { line: 1, column: 1 });
            document.mention(Draft { model_id: Some(&name), ..draft });
        }
        let input = Input { documents: vec![("names.yaml".to_owned(), document)], complete: true, ..Input::default() };
        let graph = graph::build(input);
        let order = Arc::new(Order::new(&graph, &deploys::deploys(&graph)));
        let index = Arc::new(Index::new(&graph, order));
        Self { graph, index }
    }

    /// Begins to type.
    pub fn search(&self) -> Typing<'_> {
        Typing { names: self, before: None }
    }
}

impl Typing<'_> {
    /// What a key does: searches for all that was typed, from what was found before, and describes a screenful. How many hits.
    pub fn key(&mut self, typed: &str) -> usize {
        let within = Where { kinds: Kinds::of(&[Kind::Model]), everywhere: false };
        let names = self.names;
        let query = Query::parse(typed);
        let hits = Finder::new(&names.graph, &names.index, query, within, &|_| None, self.before.as_ref()).finish();
        let shown = (0..SCREENFUL).map_while(|row| hits.describe(&names.graph, row)).count();
        self.before = Some(hits);
        self.before.as_ref().map_or(shown, Hits::len)
    }
}

/// Rows of a list on a screen of 120x40.
const SCREENFUL: usize = 35;
