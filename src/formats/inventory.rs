//! The `ml_deployments` inventory (design.md section 2) to a [`Document`]: what really runs, and which model it serves.
//!
//! Invariant: every entry becomes a deployment; one that names no model has no link, and a finding.
//! Absent on purpose: what a model is made of.

use crate::formats::facts;
use crate::formats::facts::Said;
use crate::formats::facts::Unknown;
use crate::formats::facts::stated;
use crate::formats::tree::Node;
use crate::model::document::Deployment;
use crate::model::document::Depth;
use crate::model::document::Document;
use crate::model::document::Draft;
use crate::model::document::Format;
use crate::model::document::MentionId;
use crate::model::document::Standing;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::kind::Kind;
use crate::model::kind::Relation;

const TOP: [&str; 2] = ["taken", "deployments"];
const ENTRY: [&str; 9] = ["service", "environment", "model", "model_hash", "owner", "criticality", "replicas", "image", "source"];
/// What is no further fact of a deployment.
const IDENTITY: [&str; 6] = ["service", "environment", "model", "model_hash", "owner", "criticality"];

/// Reads what stands under the `ml_deployments` key: a mapping with `taken` and `deployments`, or the list alone.
pub(crate) fn read(root: Node<'_>, findings: Vec<Finding>, depth: Depth) -> Document {
    let mut document = Document::new(Format::Inventory, "", depth);
    document.findings = findings;
    let mut unknown = Unknown::default();
    // When the inventory was true: said of each deployment, since each answer may hang on it.
    let taken = root.get("taken").and_then(|taken| Some((taken.text()?, taken.place().line)));
    let entries = if root.is_list() {
        root.children().filter(|entry| !entry.is_null()).collect()
    } else {
        unknown.note(root, "", &TOP);
        root.each("deployments")
    };
    for entry in entries {
        if entry.is_map() {
            let id = deployment(&mut document, entry);
            if let Some((taken, line)) = taken {
                document.field(id, "inventory.taken", taken, line);
            }
            unknown.note(entry, "deployments", &ENTRY);
        } else {
            let help = "write a mapping: `{service, environment, model, model_hash}`";
            let finding = Finding::new(Code::Invalid, entry.place(), "an entry of `ml_deployments` that is no mapping", help);
            facts::report(&mut document.findings, finding);
        }
    }
    document.findings.extend(unknown.finding());
    document.counts = facts::counts(&document);
    document
}

fn deployment(document: &mut Document, entry: Node<'_>) -> MentionId {
    let mut text = |key| stated(entry, key).map(|text| document.texts.add(text));
    let (environment, service) = (text("environment"), text("service"));
    let (owner, criticality) = (text("owner"), text("criticality"));
    let facts = Deployment { environment, service, owner, criticality, inventory: true };
    let deployment = document.deployment(facts, entry.place());
    let models = models(document, entry);
    for model in &models {
        document.link(*model, Relation::Deployed, deployment, entry.place());
    }
    if models.is_empty() {
        let message = "the inventory does not say which model this deployment serves";
        let help = "add `model:` or `model_hash:`; until then nothing can be said of it";
        facts::report(&mut document.findings, Finding::new(Code::Invalid, entry.place(), message, help));
    }
    facts::fields(document, deployment, "", entry, &IDENTITY);
    deployment
}

/// The models of one entry: one, or several while a new one is rolled out.
fn models(document: &mut Document, entry: Node<'_>) -> Vec<MentionId> {
    let digests = facts::digests(entry, &["model_hash"], &mut document.findings);
    let named: Vec<_> = entry
        .items("model")
        .filter_map(|model| {
            let said = Said::by(model);
            let name = said.name(model)?;
            Some((model, said, name))
        })
        .collect();
    // One hash beside several models is not said of each of them: it stands for itself.
    let alone = named.len() == 1;
    let mut found = Vec::new();
    for (model, said, name) in &named {
        let mut draft = said.draft(Kind::Model, *model, name, &mut document.findings);
        draft.digests.extend(digests.iter().filter(|_| alone).cloned());
        draft.place = entry.place();
        found.push(document.mention(draft));
    }
    if !alone && !digests.is_empty() {
        let name = stated(entry, "model_hash").unwrap_or_default();
        found.push(document.mention(Draft { digests, ..Draft::new(Kind::Model, Standing::Reference, name, entry.place()) }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::facts::testing::{fields, findings, links};
    use crate::formats::read;

    #[test]
    fn every_entry_is_a_deployment_of_what_it_serves() {
        let mut read = read(include_bytes!("../../tests/data/inventory/with-taken.yaml"), "inventory.yaml", Depth::Facts);
        assert_eq!(read.problems, []);
        let document = read.documents.remove(0);
        assert_eq!(
            links(&document),
            [
                "intake-bot-v1.0.0 -deployed-> (production intake) 4",
                "intake-bot-v1.0.0 -deployed-> (production canary) 11",
                "intake-bot-v1.1.0 -deployed-> (production canary) 11",
                "sha256:5555555555555555555555555555555555555555555555555555555555555556 -deployed-> (by-hash) 12",
            ]
        );
        assert_eq!(
            findings(&document),
            [
                "DR0006 13:5 the inventory does not say which model this deployment serves",
                "DR0006 14:5 an entry of `ml_deployments` that is no mapping",
                "DR0020 13:50 unknown key kept: deployments.colour",
            ]
        );
        assert!(fields(&document).contains(&"(production intake) replicas.of = 40 10".to_owned()));
        assert!(fields(&document).contains(&"(production intake) inventory.taken = 2026-03-02T02:55:00Z 2".to_owned()));
        let deployments: Vec<_> = document.mentions.iter().filter_map(|m| m.deployment.as_ref()).collect();
        assert!(deployments.len() == 4 && deployments.iter().all(|d| d.inventory));
        assert_eq!(document.mentions.iter().filter(|m| m.kind == Kind::Model && !m.digests.is_empty()).count(), 2);
    }

    #[test]
    fn the_list_alone_will_do() {
        let read = read(b"ml_deployments:\n- {service: a, model: m}\n", "x.yaml", Depth::Facts);
        assert_eq!(links(&read.documents[0]), ["m -deployed-> (a) 2"]);
    }
}
