//! Many names, typed at letter by letter.

use crate::graph;
use crate::graph::Graph;
use crate::graph::Input;
use crate::graph::fold::Fold;
use crate::model::document::Depth;
use crate::model::document::Document;
use crate::model::document::Draft;
use crate::model::document::Format;
use crate::model::document::Place;
use crate::model::document::Standing;
use crate::model::kind::Kind;
use crate::query::deploys;
use crate::query::order::Order;
use crate::query::search::Query;
use crate::query::search::admit::Kinds;
use crate::query::search::finder::Finder;
use crate::query::search::hits::Hits;
use crate::query::search::hits::Where;
use crate::query::search::index::Index;
use std::sync::Arc;

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
        let mut document = Document::new(Format::MlSbom, "", Depth::Lineage);
        for name in names {
            let draft = Draft::new(Kind::Model, Standing::Subject, &name, Place { line: 1, column: 1 });
            document.mention(Draft { model_id: Some(&name), ..draft });
        }
        let mut fold = Fold::default();
        fold.add("names.yaml", &document);
        let graph = graph::build(Input { corpus: fold.finish(), complete: true, ..Input::default() });
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
