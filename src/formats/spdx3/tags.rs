//! Lineage that stands only in copied hub tags: `base_model:finetune:ORG/NAME`, `dataset:NAME`.
//!
//! Invariant: a tag adds nothing that a relationship of the document says already.
//! Absent on purpose: prose.

use crate::formats::spdx::relation::Sense;
use crate::formats::spdx::weave::Weaver;
use crate::formats::spdx3::element::Element;
use crate::model::document::MentionId;
use crate::model::document::Place;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::text::Untrusted;
use rustc_hash::FxHashMap;

/// How a model can be made from its base, as the hub says it.
const METHODS: [&str; 4] = ["finetune", "adapter", "merge", "quantized"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Base<'t> {
    name: &'t str,
    method: Option<&'t str>,
}

/// The base model that a tag names.
fn base(tag: &str) -> Option<Base<'_>> {
    let rest = tag.trim().strip_prefix("base_model:")?;
    let method = rest.split_once(':').filter(|(method, _)| METHODS.contains(method));
    let (method, name) = method.map_or((None, rest), |(method, name)| (Some(method), name));
    (!name.is_empty()).then_some(Base { name, method })
}

/// Adds what the tags of a model state: bases and datasets that none of `links`, those into the model, has yet.
pub(crate) fn weave(weaver: &mut Weaver, model: MentionId, element: Element<'_>, links: &[usize]) {
    let tags = ["domain", "tags", "tag"].into_iter().flat_map(|key| element.each(key));
    let tags: Vec<(&str, Place)> = tags.filter_map(|tag| Some((tag.text()?, tag.place()))).collect();
    let mut bases: Vec<(Base<'_>, Place)> = Vec::new();
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    for (tag, place) in &tags {
        let Some(found) = base(tag) else { continue };
        let at = *seen.entry(found.name.to_lowercase()).or_insert(bases.len());
        match bases.get_mut(at) {
            // `base_model:X` and `base_model:finetune:X` are one statement; the longer one says how.
            Some((known, _)) => known.method = known.method.or(found.method),
            None => bases.push((found, *place)),
        }
    }
    let known = upstream_names(weaver, links, Relation::Base);
    if let Some((first, place)) = bases.first()
        && !known.is_empty()
        && !bases.iter().any(|(base, _)| known.contains_key(&base.name.to_lowercase()))
    {
        let message = format!("the tags name `{}` as base model, the relationships another", Untrusted::new(first.name).show());
        weaver.document.findings.push(Finding::new(Code::BasesDisagree, *place, message, "both are followed; correct one"));
    }
    for (base, place) in bases {
        if let Some(link) = known.get(&base.name.to_lowercase()) {
            let method = base.method.map(|method| weaver.document.texts.add(method));
            if let Some(link) = weaver.document.links.get_mut(*link) {
                link.method = link.method.or(method);
            }
            continue;
        }
        let up = weaver.name_only(base.name, Kind::Model, place);
        let before = weaver.document.links.len();
        weaver.link(up, Sense::Made, model, Evidence::Digest, place);
        let method = base.method.map(|method| weaver.document.texts.add(method));
        if let Some(link) = weaver.document.links.get_mut(before) {
            link.method = link.method.or(method);
        }
    }
    let known = upstream_names(weaver, links, Relation::TrainedOn);
    for (name, place) in tags.iter().filter_map(|(tag, place)| Some((tag.trim().strip_prefix("dataset:")?, *place))) {
        if !name.is_empty() && !known.contains_key(&name.to_lowercase()) {
            let up = weaver.name_only(name, Kind::Dataset, place);
            weaver.link(up, Sense::Trained, model, Evidence::Digest, place);
        }
    }
}

/// Lower-case names upstream by one relation, each with its link.
fn upstream_names(weaver: &Weaver, links: &[usize], relation: Relation) -> FxHashMap<String, usize> {
    let links = links.iter().filter_map(|n| Some((*n, weaver.document.links.get(*n)?)));
    let links = links.filter(|(_, link)| link.relation == relation);
    links.map(|(n, link)| (weaver.document.texts.key(weaver.document.get(link.upstream).name).to_lowercase(), n)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_word_of_a_tag_is_the_method() {
        for (tag, expected) in [
            ("base_model:Qwen/Qwen2.5-7B", Some(Base { name: "Qwen/Qwen2.5-7B", method: None })),
            ("base_model:finetune:Qwen/Qwen2.5-7B", Some(Base { name: "Qwen/Qwen2.5-7B", method: Some("finetune") })),
            ("base_model:", None),
            ("license:mit", None),
        ] {
            assert_eq!(base(tag), expected, "{tag}");
        }
    }
}
