//! `pedigree`: what a component was made from, and what was made from it, to any depth.
//!
//! Invariant: every ancestor is counted and linked as a reference, also one without a name but with a digest or purl.
//! Absent on purpose: `variants` (siblings are not upstream), commits and patches.

use crate::formats::cyclonedx::Reader;
use crate::formats::cyclonedx::components;
use crate::formats::cyclonedx::identity;
use crate::formats::cyclonedx::properties;
use crate::formats::cyclonedx::validity;
use crate::formats::tree::Node;
use crate::model::document::MentionId;
use crate::model::document::Standing;
use crate::model::kind::Relation;

impl<'t> Reader<'t> {
    /// Reads the pedigrees of all components.
    pub(crate) fn read_pedigrees(&mut self) {
        for at in 0..self.entries.len() {
            let (node, mention) = (self.entries[at].node, self.entries[at].mention);
            if node.get("pedigree").is_some() {
                self.read_pedigree(node, mention);
            }
        }
    }

    fn read_pedigree(&mut self, top: Node<'t>, mention: Option<MentionId>) {
        let method = method(top);
        let mut open = vec![(top, mention)];
        while let Some((node, mention)) = open.pop() {
            for pedigree in node.each_map("pedigree") {
                for ancestor in pedigree.each_map("ancestors") {
                    self.document.counts.ancestors += 1;
                    validity::component(ancestor, &mut self.document.findings);
                    let upstream = self.relative(ancestor, node);
                    if let (Some(upstream), Some(downstream)) = (upstream, mention) {
                        self.link_ancestor(upstream, downstream, ancestor, method.filter(|_| node.place() == top.place()));
                    }
                    open.push((ancestor, upstream));
                }
                for descendant in pedigree.each_map("descendants") {
                    if let (Some(downstream), Some(upstream)) = (self.relative(descendant, node), mention) {
                        self.link_ancestor(upstream, downstream, descendant, None);
                    }
                }
            }
        }
    }

    fn link_ancestor(&mut self, upstream: MentionId, downstream: MentionId, place: Node<'t>, method: Option<&str>) {
        let relation = self.relation(upstream, downstream);
        let method = method.filter(|_| relation == Relation::Base).map(|method| self.document.texts.add(method));
        if let Some(link) = self.link(upstream, relation, downstream, place.place()) {
            link.method = method;
        }
    }

    /// The mention of an ancestor or descendant; without a type of its own it is what its relative is.
    fn relative(&mut self, node: Node<'t>, of: Node<'t>) -> Option<MentionId> {
        let typed = if node.str("type").is_some() { node } else { of };
        let kind = components::kind_of(typed, None)?;
        let draft = identity::draft(node, kind, Standing::Reference, &self.refs)?;
        let mention = self.mention(draft);
        if let Some(bom_ref) = node.str("bom-ref") {
            self.refs.declare_if_new(bom_ref, mention);
        }
        Some(mention)
    }
}

/// How a model was made from its bases, where a property says so.
pub(crate) fn method(node: Node<'_>) -> Option<&str> {
    properties::first(&properties::of(node), "ml_sbom:fine_tuning:method")
}
