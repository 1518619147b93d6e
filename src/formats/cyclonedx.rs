//! CycloneDX 1.2 to 1.7 JSON: components, pedigree, model cards, dependencies and our properties.
//!
//! Invariant: the document's subject is decided by what `metadata.component` is; a generator's own job is nobody's upstream.
//! Invariant: two mentions are linked once, from upstream to downstream, and never to themselves.
//! Absent on purpose: vulnerabilities (an advisory's business), XML, identity across documents.

mod bases;
mod components;
mod datasets;
mod dependencies;
mod deployments;
mod details;
mod identity;
mod parts;
mod pedigree;
mod properties;
pub(crate) mod refs;
mod roots;
mod validity;

use crate::formats::cyclonedx::components::Entry;
use crate::formats::cyclonedx::refs::Refs;
use crate::formats::tree::Node;
use crate::model::document::Depth;
use crate::model::document::Document;
use crate::model::document::Format;
use crate::model::document::Link;
use crate::model::document::MentionId;
use crate::model::document::Place;
use crate::model::document::Section;
use crate::model::document::Standing;
use crate::model::finding::Finding;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use rustc_hash::FxHashSet;

/// Reads a CycloneDX document; `findings` are what reading its text has found so far.
///
/// Never fails: what cannot be used becomes a finding beside what can.
pub(crate) fn read(root: Node<'_>, findings: Vec<Finding>, depth: Depth) -> Document {
    let mut document = Document::new(Format::CycloneDx, root.str("specVersion").unwrap_or_default(), depth);
    document.findings = findings;
    // JSON takes three times the text for the same component.
    document.reserve(root.weight().1 / 3);
    let mut reader = Reader {
        root,
        document,
        entries: Vec::new(),
        refs: Refs::of(root),
        subject: None,
        linked: FxHashSet::default(),
        words: FxHashSet::default(),
        evaluation: FxHashSet::default(),
    };
    validity::header(root, &mut reader.document.findings);
    reader.collect();
    reader.mention_components();
    reader.read_pedigrees();
    reader.read_bases();
    reader.read_datasets();
    reader.read_dependencies();
    reader.read_deployments();
    reader.attach_parts();
    reader.read_formulation();
    reader.read_compositions();
    reader.read_details();
    reader.document
}

/// A document on its way from text to meaning.
struct Reader<'t> {
    root: Node<'t>,
    document: Document,
    entries: Vec<Entry<'t>>,
    refs: Refs<'t>,
    /// What the whole document is about.
    subject: Option<MentionId>,
    /// Upstream and downstream of every link so far.
    linked: FxHashSet<(MentionId, MentionId)>,
    /// Datasets whose name is a plain word.
    words: FxHashSet<MentionId>,
    /// Datasets that say of themselves that they are for evaluation.
    evaluation: FxHashSet<MentionId>,
}

impl Reader<'_> {
    /// Links two mentions, unless they are one or are linked already, and notes which section that states.
    fn link(&mut self, upstream: MentionId, relation: Relation, downstream: MentionId, place: Place) -> Option<&mut Link> {
        if upstream == downstream || !self.linked.insert((upstream, downstream)) {
            return None;
        }
        if let Some(section) = self.section(upstream, relation, downstream) {
            self.document.states(downstream, section);
        }
        let about = &mut self.document.mentions[downstream.0 as usize];
        if about.standing == Standing::Declared && matches!(about.kind, Kind::Model | Kind::Application) {
            about.standing = Standing::Subject;
        }
        let is_word = self.words.contains(&upstream);
        let link = self.document.link(upstream, relation, downstream, place);
        if is_word {
            link.at_best = Evidence::Name;
        }
        Some(link)
    }

    fn kind(&self, mention: MentionId) -> Kind {
        self.document.get(mention).kind
    }

    /// The section of the downstream end that such a link states.
    fn section(&self, upstream: MentionId, relation: Relation, downstream: MentionId) -> Option<Section> {
        let (up, down) = (self.document.get(upstream), self.document.get(downstream));
        let text = |id| self.document.texts.key(id);
        let same_name = || text(up.name).eq_ignore_ascii_case(text(down.name));
        let itself = || same_name() && (up.version.is_none() || up.version.map(text) == down.version.map(text));
        match relation {
            Relation::Base => (!itself()).then_some(Section::Base),
            Relation::TrainedOn => Some(Section::TrainingData),
            Relation::BuiltWith => match up.kind {
                Kind::Package => Some(Section::Framework),
                Kind::System => Some(Section::System),
                Kind::Code => Some(Section::Code),
                Kind::Model | Kind::Dataset | Kind::Application | Kind::Deployment => None,
            },
            Relation::Depends => match up.kind {
                Kind::Package => Some(Section::Dependencies),
                Kind::System => Some(Section::System),
                Kind::Model | Kind::Dataset | Kind::Code | Kind::Application | Kind::Deployment => None,
            },
            Relation::EvaluatedOn
            | Relation::Derived
            | Relation::Contains
            | Relation::Deployed
            | Relation::Serves
            | Relation::MaybeSame => None,
        }
    }

    /// What `upstream` is to `downstream` where the document says only that the one needs the other.
    fn relation(&self, upstream: MentionId, downstream: MentionId) -> Relation {
        let kind = self.kind(upstream);
        match self.kind(downstream) {
            Kind::Model => match kind {
                Kind::Model => Relation::Base,
                Kind::Dataset if self.evaluation.contains(&upstream) => Relation::EvaluatedOn,
                Kind::Dataset => Relation::TrainedOn,
                Kind::Code => Relation::BuiltWith,
                Kind::Package | Kind::System | Kind::Application | Kind::Deployment => Relation::Depends,
            },
            Kind::Dataset => match kind {
                Kind::Model | Kind::Dataset | Kind::Code => Relation::Derived,
                Kind::Package | Kind::System | Kind::Application | Kind::Deployment => Relation::Depends,
            },
            Kind::Application => match kind {
                Kind::Model | Kind::Dataset => Relation::Contains,
                Kind::Package | Kind::System | Kind::Code | Kind::Application | Kind::Deployment => Relation::Depends,
            },
            Kind::Deployment => match kind {
                Kind::Package | Kind::System => Relation::Serves,
                Kind::Model | Kind::Dataset | Kind::Code | Kind::Application | Kind::Deployment => Relation::Deployed,
            },
            Kind::Package | Kind::System | Kind::Code => Relation::Depends,
        }
    }
}

#[cfg(test)]
mod tests;
