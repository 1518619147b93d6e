//! What a deployment is made of, as one digest: a decision about it ends when that changes (design.md section 6).

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::query::lineage;
use crate::text::TextId;
use sha2::Digest as _;
use sha2::Sha256;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// SHA-256, as hex digits, over the sorted lines `id version digests relation evidence` of all that is upstream, one a link:
/// texts escaped as on screen, `-` where there is none, digests joined by commas, each line ended with a line feed.
pub(crate) fn closure(graph: &Graph, deployment: ComponentId) -> String {
    let text = |id: TextId| graph.text(id).show().into_string();
    let mut lines = BTreeSet::new();
    for id in lineage::lineage(graph, deployment, true, false, None).links {
        let link = graph.link(id);
        let component = graph.component(link.upstream);
        let version = component.version.map_or_else(|| "-".to_owned(), text);
        let digests: Vec<String> = graph.digests(link.upstream).iter().map(ToString::to_string).collect();
        let digests = if digests.is_empty() { "-".to_owned() } else { digests.join(",") };
        let (relation, evidence) = (link.relation.word(), link.evidence.mark());
        lines.insert(format!("{} {version} {digests} {relation} {evidence}\n", text(component.id)));
    }
    let mut digest = Sha256::new();
    for line in &lines {
        digest.update(line);
    }
    digest.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The files that state a deployment and all that is upstream of it, sorted.
pub(crate) fn files(graph: &Graph, deployment: ComponentId) -> BTreeSet<String> {
    let lineage = lineage::lineage(graph, deployment, true, false, None);
    let of_links = lineage.links.iter().flat_map(|link| graph.sources(*link)).map(|source| source.document);
    let of_components = lineage.nodes.keys().flat_map(|id| graph.declared_in(*id)).map(|source| source.document);
    of_links.chain(of_components).map(|document| graph.file(document).as_key().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixture;

    fn of(drawing: &str) -> String {
        let graph = fixture::graph(drawing);
        closure(&graph, graph.find("chat@production").unwrap())
    }

    #[test]
    fn it_changes_with_what_is_upstream_and_with_nothing_else() {
        let own = of("a -> b -> chat@production");
        assert_eq!(own.len(), 64);
        for (drawing, same, why) in [
            ("x -> y\na -> b -> chat@production", true, "what is beside it"),
            ("a -> b -> chat@production\nb -> c", true, "what is downstream"),
            ("a --> b -> chat@production", false, "another grade"),
            ("a -> b -> chat@production\nc -> b", false, "one base more"),
            ("dataset:a -> b -> chat@production", false, "another relation"),
            ("b -> chat@production", false, "one base less"),
        ] {
            assert_eq!(of(drawing) == own, same, "{why}");
        }
        let graph = fixture::graph("a -> chat@production");
        let lines = Sha256::digest("a - - deployed ==\n");
        let hex: String = lines.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(closure(&graph, graph.find("chat@production").unwrap()), hex, "word for word");
        assert_eq!(files(&graph, graph.find("chat@production").unwrap()), BTreeSet::from(["drawing.yaml".to_owned()]));
    }

    #[test]
    fn a_cycle_ends() {
        assert_eq!(of("a -> b -> a\nb -> chat@production").len(), 64);
    }
}
