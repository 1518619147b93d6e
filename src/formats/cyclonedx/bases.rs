//! Base models as producers really state them: hub tags, model-card properties, object-shaped properties.
//!
//! Invariant: every statement is kept, each with its place; where the sources of one document disagree, that is a finding.

use crate::formats::cyclonedx::Reader;
use crate::formats::cyclonedx::pedigree;
use crate::formats::cyclonedx::properties;
use crate::formats::tree::Node;
use crate::model::digest;
use crate::model::document::Draft;
use crate::model::document::MentionId;
use crate::model::document::Place;
use crate::model::document::Standing;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::hub::HubKey;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::text::Untrusted;
use rustc_hash::FxHashSet;

/// Where in a component a base is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    Pedigree,
    Tags,
    ModelCard,
    Properties,
}

impl Source {
    const ALL: [Self; 4] = [Self::Pedigree, Self::Tags, Self::ModelCard, Self::Properties];

    fn word(self) -> &'static str {
        match self {
            Self::Pedigree => "the pedigree",
            Self::Tags => "the tags",
            Self::ModelCard => "the model card",
            Self::Properties => "the properties",
        }
    }
}

/// Bases of one source that are compared with those of another; no merge has more parents.
const COMPARED: usize = 100;

/// One statement of a base model.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Base<'t> {
    pub name: &'t str,
    pub url: Option<&'t str>,
    pub method: Option<&'t str>,
    pub source: Source,
    pub place: Place,
}

impl Base<'_> {
    /// The hub entry that it names.
    pub(crate) fn hub(&self) -> Option<HubKey> {
        self.url.and_then(HubKey::from_url).or_else(|| HubKey::from_name(self.name))
    }
}

impl<'t> Reader<'t> {
    /// Links the stated bases of all models.
    pub(crate) fn read_bases(&mut self) {
        for at in 0..self.entries.len() {
            let (node, Some(mention)) = (self.entries[at].node, self.entries[at].mention) else { continue };
            if self.kind(mention) == Kind::Model {
                self.read_bases_of(node, mention);
            }
        }
    }

    fn read_bases_of(&mut self, node: Node<'t>, mention: MentionId) {
        let bases = stated(node);
        let method = pedigree::method(node);
        for base in &bases {
            let urls = base.url.into_iter().collect();
            let draft = Draft { urls, ..Draft::new(Kind::Model, Standing::Reference, base.name, base.place) };
            let upstream = self.document.mention(draft);
            let method = base.method.or(method).map(|method| self.document.texts.add(method));
            if let Some(link) = self.link(upstream, Relation::Base, mention, base.place) {
                link.method = method;
            }
        }
        let ancestors = node.each_map("pedigree").into_iter().flat_map(|pedigree| pedigree.each_map("ancestors"));
        let mut all: Vec<_> = ancestors.filter_map(ancestor).collect();
        all.extend(bases);
        self.document.findings.extend(disagreement(&all));
    }
}

/// All bases that a component states outside its pedigree.
pub(crate) fn stated(node: Node<'_>) -> Vec<Base<'_>> {
    let mut bases = tags(node);
    bases.extend(node.get("modelCard").into_iter().flat_map(|card| in_properties(card, Source::ModelCard)));
    bases.extend(in_properties(node, Source::Properties));
    bases.retain(|base| !digest::is_placeholder(base.name));
    bases
}

/// `base_model:ORG/NAME` and `base_model:METHOD:ORG/NAME`; the plain form only where no other names the same.
fn tags(node: Node<'_>) -> Vec<Base<'_>> {
    let mut bases = Vec::new();
    for tag in node.each("tags") {
        let Some(rest) = tag.text().and_then(|text| text.trim().strip_prefix("base_model:")) else { continue };
        let (method, name) =
            rest.split_once(':').filter(|(word, _)| !word.contains('/')).map_or((None, rest), |(w, n)| (Some(w), n));
        bases.push(Base { name: name.trim(), url: None, method, source: Source::Tags, place: tag.place() });
    }
    let said: FxHashSet<String> =
        bases.iter().filter(|base| base.method.is_some()).map(|base| base.name.to_lowercase()).collect();
    bases.retain(|base| base.method.is_some() || !said.contains(&base.name.to_lowercase()));
    bases
}

/// `base_model`, `baseModel` with `baseModelSource`, `parentModel`, and the `base_model_name_or_path` of an adapter.
fn in_properties(node: Node<'_>, source: Source) -> Vec<Base<'_>> {
    let properties = properties::of(node);
    let text_of = |wanted: &str| properties.iter().find(|p| properties::bare(p.name) == wanted).and_then(|p| p.value.text());
    let relation = text_of("basemodelrelation");
    let base_url = text_of("basemodelsource").or_else(|| text_of("basemodelurl"));
    let mut bases = Vec::new();
    for property in &properties {
        let method = match properties::bare(property.name).as_str() {
            "basemodel" | "basemodels" => relation,
            "basemodelnameorpath" => Some("adapter"),
            "parentmodel" | "finetunedfrom" => None,
            _ => continue,
        };
        let texts = properties::texts(property.value);
        let url = base_url.filter(|_| texts.len() == 1);
        bases.extend(texts.into_iter().map(|(node, text)| {
            let own_url = is_url(text).then_some(text);
            let name = own_url.map_or(text, hub_path);
            Base { name, url: own_url.or(url), method, source, place: node.place() }
        }));
    }
    if bases.is_empty()
        && let Some(url) = base_url
    {
        bases.push(Base { name: hub_path(url), url: Some(url), method: relation, source, place: node.place() });
    }
    bases
}

fn is_url(text: &str) -> bool {
    text.contains("://") || HubKey::from_url(text).is_some()
}

/// `ORG/NAME` of a hub URL as written; another URL stays whole.
fn hub_path(url: &str) -> &str {
    let Some(hub) = HubKey::from_url(url) else { return url };
    let start = url.to_ascii_lowercase().find(&hub.key).unwrap_or_default();
    url.get(start..start + hub.key.len()).unwrap_or(url)
}

fn ancestor(node: Node<'_>) -> Option<Base<'_>> {
    let model = node.str("type").is_none_or(|kind| kind == "machine-learning-model");
    let name = node.str("name").filter(|_| model)?;
    Some(Base { name, url: None, method: None, source: Source::Pedigree, place: node.place() })
}

/// The finding where two sources name different bases, among the first of each.
fn disagreement(bases: &[Base<'_>]) -> Option<Finding> {
    let of = |source: Source| bases.iter().filter(move |base| base.source == source).take(COMPARED);
    let stated: Vec<Source> = Source::ALL.into_iter().filter(|source| of(*source).next().is_some()).collect();
    let (first, others) = stated.split_first()?;
    let covers = |a: Source, b: Source| of(b).all(|base| of(a).any(|other| agree(base.name, other.name)));
    let second = *others.iter().find(|other| !covers(*first, **other) || !covers(**other, *first))?;
    let names = |source| of(source).map(|base| format!("`{}`", Untrusted::new(base.name).show())).collect::<Vec<_>>().join(", ");
    let message = format!("{} name {} as base, {} {}", first.word(), names(*first), second.word(), names(second));
    let place = of(second).next()?.place;
    Some(Finding::new(Code::BasesDisagree, place, message, "all of them are used; correct what is wrong"))
}

/// Equal in any case, or one the last part of the other.
fn agree(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let last_of = |long: &str, short: &str| !short.contains('/') && long.rsplit('/').next() == Some(short);
    a == b || last_of(&a, &b) || last_of(&b, &a)
}
