//! What `metadata.component` is to its document: decided by what it says, never by where it stands.

use crate::formats::cyclonedx::Reader;
use crate::formats::cyclonedx::identity;
use crate::formats::cyclonedx::properties;
use crate::formats::tree::Node;
use crate::model::document::Deployment;
use crate::model::document::MentionId;
use crate::model::purl::Purl;

/// The part that `metadata.component` plays; it is entry 0 where there is one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Root {
    Absent,
    /// The subject itself.
    Itself,
    /// Another entry: repeated there, or standing in for the model of its name.
    Is(usize),
    /// The run of the generator that wrote the document.
    Job,
    /// A Kubernetes workload: a deployment of what stands in the document.
    Workload,
}

impl Reader<'_> {
    /// Finds out what `metadata.component` is.
    pub(crate) fn root_kind(&self) -> Root {
        let written = self.root.get("metadata").and_then(|metadata| metadata.get("component")).filter(|node| node.is_map());
        let Some(root) = written else { return Root::Absent };
        if is_job(root) {
            return Root::Job;
        }
        if properties::first(&properties::of(root), "aibom.workload.kind").is_some() {
            return Root::Workload;
        }
        let stands_for = stands_for(root);
        let others = self.entries.iter().enumerate().skip(1).filter(|(_, entry)| !entry.is_service);
        let mut top = others.filter(|(_, entry)| entry.holder.is_none());
        let same = top
            .find(|(_, entry)| repeats(root, entry.node) || stands_for.as_deref().is_some_and(|name| is_model(entry.node, name)));
        same.map_or(Root::Itself, |(at, _)| Root::Is(at))
    }

    /// Makes the deployment that a workload is.
    pub(crate) fn workload(&mut self, root: Node<'_>) -> MentionId {
        let properties = properties::of(root);
        let environment = properties::first(&properties, "aibom.workload.namespace").or(root.str("group"));
        let service = properties::first(&properties, "aibom.workload.name").or(root.str("name"));
        let facts = Deployment {
            environment: environment.map(|text| self.document.texts.add(text)),
            service: service.map(|text| self.document.texts.add(text)),
            inventory: true,
            ..Deployment::default()
        };
        self.document.deployment(facts, root.place())
    }
}

/// A run of the OWASP generator describes itself in the place of the subject.
fn is_job(root: Node<'_>) -> bool {
    let own = |key| root.str(key).is_some_and(|text| text.starts_with("pkg:generic/OWASP-AIBOM-Generator/"));
    let by = |key| root.get(key).and_then(|node| node.str("name")).is_some_and(|name| name == "OWASP AIBOM Generator");
    own("bom-ref")
        || own("purl")
        || ((by("manufacturer") || by("supplier")) && root.str("name").is_some_and(|n| n.starts_with("job-")))
}

/// `ORG/NAME` of an application `pkg:generic/ORG/NAME` that stands where the model of that name should.
fn stands_for(root: Node<'_>) -> Option<String> {
    let purls = ["purl", "bom-ref"].into_iter().filter_map(|key| root.str(key)).filter_map(Purl::parse);
    let mut generic = purls.filter(|purl| purl.ecosystem == "generic" && purl.name.contains('/'));
    generic.next().map(|purl| purl.name.to_lowercase()).filter(|_| root.str("type") == Some("application"))
}

fn is_model(node: Node<'_>, name: &str) -> bool {
    node.str("type") == Some("machine-learning-model") && identity::full_name(node).to_lowercase() == name
}

/// Whether an entry says the same as the root: the same `bom-ref`, or the same type, name, version and purl.
fn repeats(root: Node<'_>, node: Node<'_>) -> bool {
    let same = |key| root.str(key) == node.str(key);
    let fits = |key| root.str(key).is_none() || same(key);
    let same_ref = root.str("bom-ref").is_some() && same("bom-ref");
    same_ref
        || (same("type")
            && same("group")
            && root.str("name").is_some()
            && same("name")
            && fits("version")
            && fits("purl")
            && fits("bom-ref"))
}
