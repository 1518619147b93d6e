//! Graphs as drawings, for tests.
//!
//! `bert -> bert-ft -> chat@production` draws links from upstream to downstream; `->` is graded `==`, `-->` `--`, `..>`
//! `..`, `!=>` `!=`. `dataset:x`, `package:x`, `code:x`, `system:x`, `application:x` say the kind, `a@b` is a deployment
//! of service a, anything else a model. All are documented and state every section, but for names that end in `?`:
//! these have no document.

use crate::graph::Graph;
use crate::graph::Input;
use crate::graph::build;
use crate::graph::fold::Fold;
use crate::graph::ids::ComponentId;
use crate::model::document::Deployment;
use crate::model::document::Depth;
use crate::model::document::Document;
use crate::model::document::Draft;
use crate::model::document::Format;
use crate::model::document::MentionId;
use crate::model::document::Place;
use crate::model::document::Section;
use crate::model::document::Standing;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use std::collections::BTreeMap;

/// Builds the graph of a drawing.
pub(crate) fn graph(drawing: &str) -> Graph {
    build(input(drawing))
}

/// The documents of a drawing, one for all.
pub(crate) fn input(drawing: &str) -> Input {
    let mut document = Document::new(Format::MlSbom, "", Depth::Facts);
    let mut known = BTreeMap::new();
    for (row, line) in drawing.lines().enumerate() {
        let place = Place { line: u32::try_from(row + 1).unwrap(), column: 1 };
        let words: Vec<&str> = line.split_whitespace().collect();
        for word in words.iter().step_by(2) {
            mention(&mut document, &mut known, word, place);
        }
        for triple in words.windows(3).step_by(2) {
            let grade = match triple[1] {
                "->" => Evidence::Digest,
                "-->" => Evidence::Exact,
                "..>" => Evidence::Name,
                "!=>" => Evidence::Clash,
                other => panic!("no arrow: {other}"),
            };
            let (up, down) = (known[triple[0]], known[triple[2]]);
            let relation = relation(document.get(up).kind, document.get(down).kind);
            document.link(up, relation, down, place).at_best = grade;
        }
    }
    Input::of(vec![("drawing.yaml".to_owned(), document)])
}

fn mention(document: &mut Document, known: &mut BTreeMap<String, MentionId>, word: &str, place: Place) {
    if known.contains_key(word) {
        return;
    }
    let (kind, name) = word.split_once(':').map_or((Kind::Model, word), |(kind, name)| (Kind::parse(kind).unwrap(), name));
    let id = if let Some((service, environment)) = name.split_once('@').filter(|_| kind == Kind::Model) {
        let facts = Deployment {
            service: Some(document.texts.add(service)),
            environment: Some(document.texts.add(environment)),
            ..Deployment::default()
        };
        document.deployment(facts, place)
    } else {
        let bare = name.trim_end_matches('?');
        let standing = if bare == name { Standing::Subject } else { Standing::Declared };
        let model_id = (kind == Kind::Model).then_some(bare);
        let version = (kind != Kind::Model).then_some("1.0");
        document.mention(Draft { version, model_id, ..Draft::new(kind, standing, bare, place) })
    };
    for section in
        [Section::Base, Section::TrainingData, Section::Dependencies, Section::Framework, Section::System, Section::Code]
    {
        document.states(id, section);
    }
    known.insert(word.to_owned(), id);
}

fn relation(up: Kind, down: Kind) -> Relation {
    match (up, down) {
        (_, Kind::Deployment) => Relation::Deployed,
        (_, Kind::Application) => Relation::Contains,
        (Kind::Model, _) => Relation::Base,
        (Kind::Dataset, Kind::Dataset) => Relation::Derived,
        (Kind::Dataset, _) => Relation::TrainedOn,
        (Kind::Code, _) => Relation::BuiltWith,
        (Kind::Package | Kind::System | Kind::Application | Kind::Deployment, _) => Relation::Depends,
    }
}

impl Input {
    /// All there is to read: these documents, each in its file.
    pub(crate) fn of(documents: Vec<(String, Document)>) -> Self {
        let mut fold = Fold::default();
        for (file, document) in documents {
            fold.add(&file, &document);
        }
        Self { corpus: fold.finish(), complete: true, ..Self::default() }
    }
}

impl Graph {
    /// The component with a label or printed id.
    pub(crate) fn find(&self, name: &str) -> Option<ComponentId> {
        self.ids().find(|id| self.id(*id).as_key() == name || self.label(*id).as_key() == name)
    }
}
