//! What identifies a component: names, purl, digests wherever they hide, and the URLs that are its own.
//!
//! Invariant: a URL of something else (a dataset, the base model) never becomes a component's identity.

use crate::formats::cyclonedx::bases;
use crate::formats::cyclonedx::components;
use crate::formats::cyclonedx::properties;
use crate::formats::cyclonedx::refs;
use crate::formats::cyclonedx::refs::Refs;
use crate::formats::tree::Node;
use crate::model::date::Day;
use crate::model::digest::Digest;
use crate::model::document::Draft;
use crate::model::document::Standing;
use crate::model::hub::HubKey;
use crate::model::kind::Kind;
use crate::model::purl::Purl;
use rustc_hash::FxHashSet;

/// References that are about a component and not its address.
const NO_ADDRESS: [&str; 9] =
    ["license", "chat", "social", "advisories", "issue-tracker", "mailing-list", "support", "bom", "build-system"];

/// What is known of a component; `None` where nothing names it.
pub(crate) fn draft<'t>(node: Node<'t>, kind: Kind, standing: Standing, refs: &Refs<'_>) -> Option<Draft<'t>> {
    let bom_ref = node.str("bom-ref");
    let name = node.str("name").or(node.str("purl")).or(bom_ref);
    let named = matches!(kind, Kind::Model | Kind::Dataset | Kind::Application);
    let properties = if named { properties::of(node) } else { Vec::new() };
    let mut digests = hashes(node);
    digests.extend(hidden_digests(node, &properties));
    digests.extend(digest_file(node).into_iter().flat_map(hashes));
    if name.is_none() && digests.is_empty() {
        return None;
    }
    let urls = if matches!(kind, Kind::Model | Kind::Dataset | Kind::Code) { own_urls(node, kind) } else { Vec::new() };
    let name = name.unwrap_or_default();
    let group = node.str("group").filter(|group| !name.to_lowercase().starts_with(&format!("{}/", group.to_lowercase())));
    let elsewhere = if standing == Standing::Reference { bom_link(node) } else { None };
    Some(Draft {
        group,
        version: node.str("version").or(node.str("versionRange")),
        model_id: properties::first(&properties, "ml_sbom:model_id"),
        // A file's purl is that of the repository around it: it would be taken for the model.
        purl: node
            .str("purl")
            .filter(|purl| named || !(purl.contains('#') && components::kind_of_purl(purl) == Some(Kind::Model))),
        urls,
        global_ref: elsewhere.or_else(|| bom_ref.and_then(|bom_ref| refs.global(bom_ref))),
        digests,
        downloaded: properties::first(&properties, "ml_sbom:download_date").and_then(Day::parse),
        ..Draft::new(kind, standing, name, node.place())
    })
}

/// Adds what a second entry about the same component says.
pub(crate) fn add<'t>(draft: &mut Draft<'t>, node: Node<'t>) {
    draft.digests.extend(hashes(node));
    if node.str("type") == Some("machine-learning-model") {
        draft.urls.extend(own_urls(node, Kind::Model));
        draft.model_id = draft.model_id.or_else(|| properties::first(&properties::of(node), "ml_sbom:model_id"));
    }
}

/// A mention of the entry of another document that describes this component, if an external reference names one.
pub(crate) fn described_elsewhere(node: Node<'_>, kind: Kind) -> Option<Draft<'_>> {
    let link = bom_link(node)?;
    let same = draft(node, kind, Standing::Reference, &Refs::default())?;
    Some(Draft { global_ref: Some(link), ..same })
}

/// `group/name` as written.
pub(crate) fn full_name(node: Node<'_>) -> String {
    let name = node.str("name").unwrap_or_default();
    node.str("group").map_or_else(|| name.to_owned(), |group| format!("{group}/{name}"))
}

/// Whether a component states a digest that counts.
pub(crate) fn has_digest(node: Node<'_>) -> bool {
    !hashes(node).is_empty()
}

/// The one file of weights inside a model without a digest: its digest is the model's.
pub(crate) fn digest_file(model: Node<'_>) -> Option<Node<'_>> {
    if model.str("type") != Some("machine-learning-model") || has_digest(model) {
        return None;
    }
    let is_file = |file: &Node<'_>| {
        matches!(file.str("type"), Some("file" | "data")) && file.str("name").is_some_and(components::is_weights)
    };
    let mut weights = model.each_map("components").into_iter().filter(is_file);
    weights.next().filter(|file| weights.next().is_none() && has_digest(*file))
}

/// The URLs of a component's external references, in both spellings of the key.
pub(crate) fn urls(node: Node<'_>) -> Vec<&str> {
    let external = ["externalReferences", "external-references"].into_iter().flat_map(|key| node.each_map(key));
    let addresses = external.filter(|reference| reference.str("type").is_none_or(|kind| !NO_ADDRESS.contains(&kind)));
    let data = node.each_map("data");
    let contents = data.iter().copied().chain([node]).filter_map(|data| data.get("contents")?.str("url"));
    addresses.filter_map(|reference| reference.str("url")).chain(contents).collect()
}

fn hashes(node: Node<'_>) -> Vec<Digest> {
    node.each_map("hashes").iter().filter_map(|hash| Digest::of(hash.str("alg")?, hash.str("content")?)).collect()
}

/// Digests in properties (`aibom:sha256`, `ml_sbom:model_hash`) and in a container's version or purl (`@sha256:...`).
fn hidden_digests(node: Node<'_>, properties: &[properties::Property<'_>]) -> Vec<Digest> {
    let stated = properties.iter().filter_map(|p| {
        let value = p.value.text()?;
        let last = p.name.split_once(':').map_or(p.name, |(_, last)| last);
        Digest::of(last, value).or_else(|| (last == "model_hash").then(|| Digest::parse(value))?)
    });
    let purl = node.str("purl").filter(|purl| components::kind_of_purl(purl) == Some(Kind::Application)).and_then(Purl::parse);
    let of_purl = purl.and_then(|purl| Digest::parse(&purl.version?));
    let version = node.str("version").filter(|version| version.contains(':')).and_then(Digest::parse);
    stated.chain(version).chain(of_purl).collect()
}

fn bom_link(node: Node<'_>) -> Option<String> {
    node.each_map("externalReferences").iter().find_map(|reference| refs::bom_link(reference.str("url")?))
}

/// The URLs that lead to the component itself: of several hub entries only the one of its name.
fn own_urls(node: Node<'_>, kind: Kind) -> Vec<&str> {
    let bases: FxHashSet<String> = bases::stated(node).iter().filter_map(bases::Base::hub).map(|hub| hub.key).collect();
    let is_other = |url: &str, key: &HubKey| (kind == Kind::Model && url.contains("/datasets/")) || bases.contains(&key.key);
    let mut urls = urls(node);
    urls.retain(|url| HubKey::from_url(url).is_none_or(|key| !is_other(url, &key)));
    let key_of = |url: &&str| HubKey::from_url(url).map(|key| key.key);
    let first = urls.iter().find_map(key_of);
    if urls.iter().filter_map(key_of).any(|key| Some(key) != first) {
        let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        let name = node.str("name").map(|name| plain(name.rsplit('/').next().unwrap_or(name))).unwrap_or_default();
        urls.retain(|url| key_of(url).is_none_or(|key| key.rsplit('/').next().is_some_and(|last| plain(last) == name)));
    }
    urls
}
