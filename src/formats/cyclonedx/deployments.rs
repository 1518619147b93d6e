//! Deployments that a component's own properties state: `ml_sbom:deployment:environment` and its companions.
//!
//! Invariant: the property repeated is several deployments; the n-th companion belongs to the n-th environment.

use crate::formats::cyclonedx::Reader;
use crate::formats::cyclonedx::properties;
use crate::formats::tree::Node;
use crate::model::document::Deployment;
use crate::model::document::MentionId;
use crate::model::kind::Kind;
use crate::model::kind::Relation;

impl<'t> Reader<'t> {
    /// Adds the deployments of all models and applications.
    pub(crate) fn read_deployments(&mut self) {
        for at in 0..self.entries.len() {
            let (node, Some(mention)) = (self.entries[at].node, self.entries[at].mention) else { continue };
            if matches!(self.kind(mention), Kind::Model | Kind::Application) {
                self.read_deployments_of(node, mention);
            }
        }
    }

    fn read_deployments_of(&mut self, node: Node<'t>, mention: MentionId) {
        let properties = properties::of(node);
        let values = |name: &str| properties::values(&properties, &format!("ml_sbom:deployment:{name}"));
        let (services, owners, criticalities) = (values("service"), values("owner"), values("criticality"));
        let (dates, approvers) = (values("date"), values("approved_by"));
        for (n, environment) in values("environment").into_iter().enumerate() {
            let texts = &mut self.document.texts;
            let mut intern = |value: Option<&Node<'t>>| value.and_then(|value| value.text()).map(|text| texts.add(text));
            let facts = Deployment {
                environment: intern(Some(&environment)),
                service: intern(services.get(n)),
                owner: intern(owners.get(n)),
                criticality: intern(criticalities.get(n)),
                inventory: false,
            };
            let deployment = self.document.deployment(facts, environment.place());
            for (key, values) in [("deployment_date", &dates), ("approved_by", &approvers)] {
                if let Some(value) = values.get(n) {
                    self.document.field(deployment, key, value.text().unwrap_or_default(), value.place().line);
                }
            }
            self.link(mention, Relation::Deployed, deployment, environment.place());
        }
    }
}
