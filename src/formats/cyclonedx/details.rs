//! The stated facts that Detail and `show` print, with their lines.
//!
//! Invariant: what one component may add is bounded, however long its model card is.
//! Absent on purpose: facts that are links or identity; the graph shows those.

use crate::formats::cyclonedx::Reader;
use crate::formats::cyclonedx::properties;
use crate::formats::tree::Node;
use crate::model::document::MentionId;
use crate::model::document::Standing;
use crate::model::kind::Kind;

/// Rows of performance metrics.
const METRICS: usize = 20;
/// Parts of a model card that are read, values of one part, and items of one list in it.
const CARD_PARTS: usize = 6;
const PART_VALUES: usize = 20;
const ITEMS: usize = 10;
/// Properties of a component or model card.
const PROPERTIES: usize = 60;
/// Keys in a dotted path.
const PATH: usize = 8;

impl<'t> Reader<'t> {
    /// Adds the facts about all components.
    pub(crate) fn read_details(&mut self) {
        if !self.document.keeps_facts() {
            return;
        }
        for at in 0..self.entries.len() {
            let (node, Some(mention)) = (self.entries[at].node, self.entries[at].mention) else { continue };
            // A component that stands twice is described where it is listed.
            let repeated = at == 0 && self.entries.iter().skip(1).any(|entry| entry.mention == Some(mention));
            if !repeated {
                self.read_details_of(node, mention);
            }
        }
        let timestamp = self.root.get("metadata").and_then(|metadata| metadata.get("timestamp"));
        if let (Some(subject), Some(timestamp)) = (self.subject, timestamp) {
            self.add(subject, "created", timestamp);
        }
    }

    fn read_details_of(&mut self, node: Node<'t>, mention: MentionId) {
        let about = self.document.get(mention);
        let full = about.standing == Standing::Subject || matches!(about.kind, Kind::Model | Kind::Dataset | Kind::Application);
        for licence in node.each_map("licenses") {
            let name = licence.get("license").and_then(|licence| licence.get("id").or_else(|| licence.get("name")));
            if let Some(value) = name.or_else(|| licence.get("expression")) {
                self.add(mention, "license", value);
            }
        }
        for key in ["supplier", "manufacturer"] {
            if let Some(name) = node.get(key).and_then(|who| who.get("name")) {
                self.add(mention, key, name);
            }
        }
        for key in ["publisher", "author"] {
            node.all(key).for_each(|value| self.add(mention, key, value));
        }
        for author in node.each_map("authors") {
            author.all("name").for_each(|name| self.add(mention, "author", name));
        }
        if full {
            node.all("description").for_each(|value| self.add(mention, "description", value));
            node.each_map("modelCard").into_iter().for_each(|card| self.model_card(mention, card));
            self.properties(mention, "properties", node);
        }
    }

    fn model_card(&mut self, mention: MentionId, card: Node<'t>) {
        let parts = card.children().filter(|part| !matches!(part.key(), Some("properties" | "quantitativeAnalysis" | "bom-ref")));
        for part in parts.take(CARD_PARTS) {
            self.values(mention, &format!("modelCard.{}", part.key().unwrap_or_default()), part);
        }
        for analysis in card.each_map("quantitativeAnalysis") {
            self.metrics(mention, analysis);
        }
        self.properties(mention, "modelCard.properties", card);
    }

    /// Every scalar under a node, lists and mappings flattened to paths.
    fn values(&mut self, mention: MentionId, path: &str, top: Node<'t>) {
        let mut open = vec![(path.to_owned(), top)];
        let mut left = PART_VALUES;
        while let Some((path, node)) = open.pop() {
            if left == 0 {
                return;
            }
            if node.text().is_some() {
                left -= 1;
                self.add(mention, &path, node);
                continue;
            }
            let most = if node.is_list() { ITEMS } else { PART_VALUES };
            let children = node.children().filter(|child| child.key() != Some("datasets")).take(most);
            let mut inner: Vec<_> = children.map(|child| (below(&path, child.key()), child)).collect();
            inner.reverse();
            open.extend(inner);
        }
    }

    fn metrics(&mut self, mention: MentionId, analysis: Node<'t>) {
        let rows = analysis.each_map("performanceMetrics");
        for row in rows.iter().take(METRICS) {
            let (kind, value) = (row.str("type").unwrap_or("metric"), row.str("value").unwrap_or_default());
            let slice = row.str("slice").map(|slice| format!(" ({slice})")).unwrap_or_default();
            self.document.field(mention, &format!("metrics.{kind}"), &format!("{value}{slice}"), row.place().line);
        }
        if let Some(next) = rows.get(METRICS) {
            self.document.field(mention, "metrics", &format!("… {} more", rows.len() - METRICS), next.place().line);
        }
    }

    fn properties(&mut self, mention: MentionId, path: &str, node: Node<'t>) {
        let properties = properties::of(node);
        for property in properties.iter().take(PROPERTIES) {
            self.add(mention, &format!("{path}.{}", property.name), property.value);
        }
        if let Some(next) = properties.get(PROPERTIES) {
            self.document.field(mention, path, &format!("… {} more", properties.len() - PROPERTIES), next.value.place().line);
        }
    }

    fn add(&mut self, mention: MentionId, key: &str, value: Node<'t>) {
        if let Some(text) = value.text().filter(|text| !text.trim().is_empty()) {
            self.document.field(mention, key, text, value.place().line);
        }
    }
}

/// The path of a child: list items keep the path of their list, and a path does not grow for ever.
fn below(path: &str, key: Option<&str>) -> String {
    match key {
        Some(key) if path.matches('.').count() < PATH => format!("{path}.{key}"),
        Some(_) | None => path.to_owned(),
    }
}
