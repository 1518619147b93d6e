//! Name-value pairs in the two shapes in which producers write `properties`: a list of pairs, or one object.
//!
//! Absent on purpose: what a name means; each reader of a fact knows its own names.

use crate::formats::tree::Node;

/// One property; its value may be a number, and in the object shape also a list.
#[derive(Clone, Copy)]
pub(crate) struct Property<'t> {
    pub name: &'t str,
    pub value: Node<'t>,
}

/// All properties of a node, in order.
pub(crate) fn of(node: Node<'_>) -> Vec<Property<'_>> {
    let mut found = Vec::new();
    for properties in node.all("properties") {
        for child in properties.children() {
            if properties.is_map() {
                found.extend(child.key().map(|name| Property { name, value: child }));
            } else if let (Some(name), Some(value)) = (child.str("name"), child.get("value")) {
                found.push(Property { name, value });
            }
        }
    }
    found
}

/// The values of the properties that are named exactly so, but for case.
pub(crate) fn values<'t>(properties: &[Property<'t>], name: &str) -> Vec<Node<'t>> {
    let wanted = properties.iter().filter(|p| p.name.trim().eq_ignore_ascii_case(name));
    wanted.map(|p| p.value).filter(|value| value.text().is_some_and(|text| !text.trim().is_empty())).collect()
}

/// The first text under such a name.
pub(crate) fn first<'t>(properties: &[Property<'t>], name: &str) -> Option<&'t str> {
    values(properties, name).first().and_then(|value| value.text())
}

/// What a name says without its namespace, case and punctuation: `hf:base_model`, `baseModel` are `basemodel`.
pub(crate) fn bare(name: &str) -> String {
    let last = name.rsplit([':', '.', '/']).next().unwrap_or_default();
    last.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The texts of a value: the items of a list, or the parts between commas of `a/b, c/d` and `["a/b", "c/d"]`.
pub(crate) fn texts(value: Node<'_>) -> Vec<(Node<'_>, &str)> {
    let quotes = |c: char| matches!(c, '[' | ']' | '"' | '\'') || c.is_whitespace();
    let nodes = if value.is_list() { value.children().collect() } else { vec![value] };
    let mut found = Vec::new();
    for node in nodes {
        let parts = node.text().unwrap_or_default().split(',').map(|part| part.trim_matches(quotes));
        found.extend(parts.filter(|part| !part.is_empty()).map(|part| (node, part)));
    }
    found
}
