//! `dependencies[]`: edges as written, from what is needed to what needs it.
//!
//! Invariant: every `(ref, dependsOn)` pair is counted, also one that dangles or leads from a thing to itself.

use crate::formats::cyclonedx::Reader;
use crate::formats::cyclonedx::validity;
use crate::formats::tree::Node;
use crate::model::document::MentionId;
use crate::model::kind::Evidence;

impl<'t> Reader<'t> {
    /// Reads all dependencies.
    pub(crate) fn read_dependencies(&mut self) {
        for dependency in self.root.each_map("dependencies") {
            let needed: Vec<Node<'t>> = dependency.each("dependsOn").into_iter().filter(|node| node.text().is_some()).collect();
            self.document.counts.links += needed.len();
            let Some(reference) = dependency.str("ref") else {
                let message = "dependency without `ref`";
                let help = "name the component that has these dependencies";
                self.document.findings.push(validity::invalid(dependency.place(), message, help));
                continue;
            };
            if needed.is_empty() {
                continue;
            }
            let place = dependency.get("ref").map_or(dependency.place(), Node::place);
            let downstream = self.ends(reference, place);
            for node in needed {
                let upstream = self.ends(node.text().unwrap_or_default(), node.place());
                self.link_all(&upstream, &downstream, node);
            }
        }
    }

    /// All that a reference may mean: more than one only where several entries claim it.
    fn ends(&mut self, reference: &'t str, place: crate::model::document::Place) -> Vec<(MentionId, Evidence)> {
        let first = self.resolve(reference, place);
        let doubles = self.refs.doubles(reference);
        let first = first.map(|(mention, evidence)| (mention, if doubles.is_empty() { evidence } else { Evidence::Name }));
        first.into_iter().chain(doubles.iter().map(|mention| (*mention, Evidence::Name))).collect()
    }

    fn link_all(&mut self, upstream: &[(MentionId, Evidence)], downstream: &[(MentionId, Evidence)], node: Node<'t>) {
        for (up, up_evidence) in upstream {
            for (down, down_evidence) in downstream {
                let relation = self.relation(*up, *down);
                if let Some(link) = self.link(*up, relation, *down, node.place()) {
                    link.at_best = link.at_best.max(*up_evidence).max(*down_evidence);
                }
            }
        }
    }
}
