//! The steps that `benches/` measures; compiled with the feature `bench` only.
//!
//! Absent on purpose: anything that the program itself uses.

use crate::app::App;
use crate::app::ask;
use crate::app::effect::Effect;
use crate::app::key::KeyPress;
use crate::app::msg::Msg;
use crate::app::snapshot::Snapshot;
use crate::app::update::update;
use crate::formats;
use crate::graph;
use crate::graph::Graph;
use crate::graph::Input;
use crate::graph::bare::BareLink;
use crate::graph::bare::bare;
use crate::graph::ids::ComponentId;
use crate::graph::select::Match;
use crate::graph::select::Start;
use crate::graph::select::StartAt;
use crate::graph::selector::Selector;
use crate::load;
use crate::load::Source;
use crate::model::document::Depth;
use crate::model::hazard::Hazard;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::query::deploys;
use crate::query::deploys::Deploys;
use crate::query::impact;
use crate::query::impact::Mark;
use crate::query::impact::Window;
use crate::query::rank;
use crate::query::search;
use crate::query::search::Query;
use crate::query::select;
use crate::query::select::Scope;
use crate::query::select::Selection;
use crate::runtime::paint;
use crate::ui;
use crate::ui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

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

/// An explorer at some size; frames are made as for a terminal, and nothing is written.
pub struct Explorer {
    app: App,
    shown: Buffer,
    next: Buffer,
}

impl Explorer {
    /// Opens a repository.
    pub fn open(repository: Repository, width: u16, height: u16) -> Self {
        let mut app = App::new("bench", false);
        app.size = (width, height);
        let area = Rect::new(0, 0, width, height);
        let mut explorer = Self { app, shown: Buffer::empty(area), next: Buffer::empty(area) };
        let snapshot = Arc::new(Snapshot::new(repository.graph, true));
        explorer.send(Msg::Data { snapshot, done: true });
        explorer.frame();
        explorer
    }

    /// Types letters, and answers what they ask.
    pub fn press(&mut self, letters: &str) {
        for letter in letters.chars() {
            self.send(Msg::Key(KeyPress::char(letter)));
        }
    }

    /// Draws a frame; how many bytes a terminal would get.
    pub fn frame(&mut self) -> usize {
        self.next.reset();
        ui::draw(&mut self.next, &self.app, Theme { color: true, ascii: false });
        let mut bytes = String::new();
        paint::encode(&self.shown, &self.next, &mut bytes);
        std::mem::swap(&mut self.shown, &mut self.next);
        bytes.len()
    }

    fn send(&mut self, msg: Msg) {
        let mut todo = vec![msg];
        while let Some(msg) = todo.pop() {
            for effect in update(&mut self.app, msg) {
                if let Effect::Ask(ask) = effect {
                    todo.push(Msg::Answer { seq: ask.seq, answer: ask::answer(&ask) });
                }
            }
        }
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
        let mark = Mark { selection: Selection { starts, ruled_out: Vec::new() }, hazard, window: Window::default() };
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
