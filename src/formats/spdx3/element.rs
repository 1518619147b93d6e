//! JSON-LD as SPDX 3 writes it: elements wherever they stand, ids in one spelling, members with or without prefix.
//!
//! Invariant: every element has an id; one that states none gets its place as id, which nothing else can name.
//! Absent on purpose: JSON-LD beyond that; no context is fetched or applied.

use crate::formats::spdx;
use crate::formats::tree::Node;
use rustc_hash::FxHashMap;

/// Profile prefixes of member names; converters leave them out.
const PREFIXES: [&str; 9] =
    ["software", "ai", "dataset", "core", "security", "extension", "build", "simplelicensing", "expandedlicensing"];

/// Values with a type that are parts of an element and none themselves.
const PARTS: [&str; 11] = [
    "DictionaryEntry",
    "Hash",
    "PackageVerificationCode",
    "ExternalIdentifier",
    "ExternalRef",
    "ExternalMap",
    "NamespaceMap",
    "EnergyConsumption",
    "EnergyConsumptionDescription",
    "CdxPropertiesExtension",
    "CdxPropertyEntry",
];

/// An object with a type.
#[derive(Clone, Copy)]
pub(crate) struct Element<'t> {
    pub node: Node<'t>,
    /// Without profile: `Package`, `AIPackage`, `Relationship`.
    pub class: &'t str,
}

impl<'t> Element<'t> {
    fn of(node: Node<'t>) -> Option<Self> {
        let class = ["type", "@type"].iter().flat_map(|key| node.each(key)).find_map(Node::text)?;
        let class = class.rsplit(['/', '#', ':', '_']).next().unwrap_or(class);
        (node.is_map() && !PARTS.contains(&class)).then_some(Self { node, class })
    }

    /// Every value under a member name, with or without profile prefix; nulls are left out.
    pub(crate) fn each(self, name: &str) -> Vec<Node<'t>> {
        each(self.node, name)
    }

    /// The first text under a member name that says something.
    pub(crate) fn str(self, name: &str) -> Option<&'t str> {
        self.each(name).into_iter().filter_map(Node::text).find(|text| !spdx::is_absent(text))
    }
}

/// See [`Element::each`].
pub(crate) fn each<'t>(node: Node<'t>, name: &str) -> Vec<Node<'t>> {
    let mut found = Vec::new();
    for member in node.children().filter(|member| member.key().is_some_and(|key| plain(key) == name)) {
        if member.is_list() {
            found.extend(member.children().filter(|item| !item.is_null()));
        } else if !member.is_null() {
            found.push(member);
        }
    }
    found
}

/// A member name without its profile.
fn plain(key: &str) -> &str {
    key.split_once('_').filter(|(prefix, _)| PREFIXES.contains(prefix)).map_or(key, |(_, name)| name)
}

/// All elements of a document, inline ones too, in document order.
pub(crate) fn collect<'t>(root: Node<'t>) -> Vec<Element<'t>> {
    let mut found = Vec::new();
    let mut waiting = vec![root];
    while let Some(node) = waiting.pop() {
        found.extend(Element::of(node));
        let inner: Vec<Node<'t>> = node.children().filter(|child| child.key() != Some("@context")).collect();
        waiting.extend(inner.into_iter().rev());
    }
    found
}

/// The prefixes with which one document shortens its ids.
#[derive(Default)]
pub(crate) struct Names<'t> {
    namespaces: FxHashMap<&'t str, &'t str>,
}

impl<'t> Names<'t> {
    /// From `namespaceMap` and from mappings inside `@context`.
    pub(crate) fn gather(root: Node<'t>, elements: &[Element<'t>]) -> Self {
        let mut namespaces = FxHashMap::default();
        for context in root.each_map("@context") {
            namespaces.extend(context.children().filter_map(|member| Some((member.key()?, member.text()?))));
        }
        for entry in elements.iter().flat_map(|element| element.each("namespaceMap")) {
            namespaces.extend(entry.str("prefix").zip(entry.str("namespace")));
        }
        Self { namespaces }
    }

    /// The id in full: `zephyr:app` with the namespace of `zephyr` in front.
    pub(crate) fn full(&self, written: &str) -> String {
        let written = written.trim();
        let long = written.split_once(':').filter(|(_, rest)| !rest.starts_with("//")).and_then(|(prefix, rest)| {
            let namespace = self.namespaces.get(prefix)?;
            Some(format!("{namespace}{rest}"))
        });
        long.unwrap_or_else(|| written.to_owned())
    }

    /// The id of an element.
    pub(crate) fn id(&self, node: Node<'_>) -> String {
        let stated = ["spdxId", "@id", "id"].iter().find_map(|key| node.str(key));
        let place = node.place();
        stated.map_or_else(|| format!("_:{}:{}", place.line, place.column), |id| self.full(id))
    }

    /// The id that a reference means: a text, `{"@id": ...}`, or the element itself, inline.
    pub(crate) fn reference(&self, node: Node<'_>) -> Option<String> {
        match node.text() {
            Some(text) => Some(self.full(text)),
            None => node.is_map().then(|| self.id(node)),
        }
    }
}

/// Whether an id means the same in every document: an IRI or URN, no blank node, no local word or path.
pub(crate) fn is_global(id: &str) -> bool {
    let Some((scheme, rest)) = id.split_once(':') else { return false };
    let is_scheme = scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    is_scheme && !rest.is_empty() && !rest.starts_with('\\') && scheme != "pkg" && !rest.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_iri_means_the_same_everywhere() {
        for (id, global) in [
            ("https://spdx.example/a", true),
            ("urn:spdx:a", true),
            ("uri:simple", true),
            ("_:creationinfo", false),
            ("SPDXRef-Package", false),
            ("bookcorpus", false),
            ("C:/Users/x/train.npy", false),
            ("pkg:pypi/torch@2.1.0", false),
            ("Note: see the paper", false),
        ] {
            assert_eq!(is_global(id), global, "{id}");
        }
    }
}
