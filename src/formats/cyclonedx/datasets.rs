//! The data of models: `modelCard` datasets by `ref` or inline, evaluation data, and names that are no names.
//!
//! Invariant: one dataset is linked to one model once, whichever way the document says it twice.
//! Invariant: a plain word without owner, digest or place joins nothing better than `..`, and is a finding.

use crate::formats::cyclonedx::Reader;
use crate::formats::cyclonedx::identity;
use crate::formats::cyclonedx::properties;
use crate::formats::cyclonedx::refs;
use crate::formats::tree::Node;
use crate::formats::words;
use crate::model::document::Draft;
use crate::model::document::MentionId;
use crate::model::document::Place;
use crate::model::document::Standing;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::hub::HubKey;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::text::Untrusted;

/// Names of properties that list evaluation data.
const EVALUATION: [&str; 8] = [
    "evaluationdata",
    "evaluationdataset",
    "evaluationdatasets",
    "evaldata",
    "evaldataset",
    "evaldatasets",
    "evaluatedon",
    "testdatasets",
];

impl<'t> Reader<'t> {
    /// Links training data first, so that data used for both counts as training data.
    pub(crate) fn read_datasets(&mut self) {
        for at in 0..self.entries.len() {
            let (node, Some(mention)) = (self.entries[at].node, self.entries[at].mention) else { continue };
            if self.kind(mention) != Kind::Model {
                continue;
            }
            let card = node.get("modelCard");
            let parameters = card.and_then(|card| card.get("modelParameters"));
            for item in parameters.map(|parameters| parameters.each("datasets")).unwrap_or_default() {
                self.training_data(item, mention);
            }
            for part in [Some(node), card].into_iter().flatten() {
                self.evaluation_data(part, mention);
            }
        }
    }

    fn training_data(&mut self, item: Node<'t>, model: MentionId) {
        let end = match (item.str("ref"), item.text()) {
            (Some(reference), _) => self.dataset_of(reference, item.get("ref").map_or(item.place(), Node::place)),
            (None, Some(name)) => Some(self.dataset_named(name, item.place())),
            (None, None) => self.inline_dataset(item).map(|mention| (mention, Evidence::Digest)),
        };
        let Some((dataset, evidence)) = end else { return };
        let relation = self.relation(dataset, model);
        if let Some(link) = self.link(dataset, relation, model, item.place()) {
            link.at_best = link.at_best.max(evidence);
        }
    }

    fn evaluation_data(&mut self, node: Node<'t>, model: MentionId) {
        for property in properties::of(node) {
            if !EVALUATION.contains(&properties::bare(property.name).as_str()) {
                continue;
            }
            for (value, name) in properties::texts(property.value) {
                let (dataset, evidence) = self.dataset_named(name, value.place());
                if let Some(link) = self.link(dataset, Relation::EvaluatedOn, model, value.place()) {
                    link.at_best = link.at_best.max(evidence);
                }
            }
        }
    }

    /// A dataset by `bom-ref`; one that nothing declares is taken as a name, and reported.
    fn dataset_of(&mut self, reference: &'t str, place: Place) -> Option<(MentionId, Evidence)> {
        if self.refs.declared(reference).is_some() || reference.starts_with("urn:cdx:") {
            return self.resolve(reference, place);
        }
        let message = format!("no component has the bom-ref `{}`; taken as a name", Untrusted::new(reference).show());
        self.document.findings.push(Finding::new(
            Code::Dangling,
            place,
            message,
            "declare the dataset, or correct the reference",
        ));
        Some(self.dataset_named(without_uuid(reference), place))
    }

    /// The declared dataset of that name, else a new mention.
    fn dataset_named(&mut self, name: &'t str, place: Place) -> (MentionId, Evidence) {
        let declared = self.refs.declared(name).or_else(|| self.named(name)).filter(|known| self.kind(*known) == Kind::Dataset);
        let mention = match declared {
            Some(declared) => declared,
            None => self.mention(Draft::new(Kind::Dataset, Standing::Reference, name, place)),
        };
        self.refs.declare_if_new(name, mention);
        (mention, Evidence::Name)
    }

    fn inline_dataset(&mut self, item: Node<'t>) -> Option<MentionId> {
        if item.str("type").is_some_and(|kind| matches!(kind, "configuration" | "source-code" | "definition")) {
            return None;
        }
        let draft = identity::draft(item, Kind::Dataset, Standing::Reference, &self.refs)?;
        let hub = draft.urls.iter().find_map(|url| HubKey::from_url(url)).or_else(|| HubKey::from_name(draft.name));
        let declared = self.named(draft.name).or_else(|| hub.and_then(|hub| self.named(&hub.key)));
        let mention = match declared.filter(|declared| self.kind(*declared) == Kind::Dataset) {
            Some(declared) => declared,
            None => self.mention(draft),
        };
        if let Some(bom_ref) = item.str("bom-ref") {
            self.refs.declare_if_new(bom_ref, mention);
        }
        Some(mention)
    }

    /// Adds a mention; a dataset is looked at for being a plain word.
    pub(crate) fn mention(&mut self, draft: Draft<'_>) -> MentionId {
        let places = draft.urls.iter().any(|url| HubKey::from_url(url).is_some() || !is_made_up(url));
        let bare = draft.group.is_none() && draft.purl.is_none() && draft.digests.is_empty() && !places;
        let word = draft.kind == Kind::Dataset && bare && words::is_plain_word(draft.name);
        if word {
            let message = format!("dataset `{}` is a plain word", Untrusted::new(draft.name).show());
            let help = "a generator has taken it from prose: name the dataset with its owner, address or digest, or remove it";
            self.document.findings.push(Finding::new(Code::WordAsDataset, draft.place, message, help));
        }
        let mention = self.document.mention(draft);
        if word {
            self.words.insert(mention);
        }
        mention
    }
}

/// `NAME` of a `bom-ref` that a generator made as `NAME-UUID`.
fn without_uuid(reference: &str) -> &str {
    let cut = reference.len().checked_sub(37).and_then(|at| reference.split_at_checked(at));
    cut.filter(|(name, rest)| !name.is_empty() && rest.strip_prefix('-').is_some_and(refs::is_uuid))
        .map_or(reference, |(name, _)| name)
}

/// `huggingface.co/datasets/NAME`: generators make it up from any word.
fn is_made_up(url: &str) -> bool {
    url.to_ascii_lowercase().split_once("://").is_some_and(|(_, rest)| rest.starts_with("huggingface.co/"))
}
