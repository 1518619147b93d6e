//! One name with two digests, one digest with two names, names and digests that disagree.

use crate::graph::Graph;
use crate::graph::Source;
use crate::graph::doubts::finding;
use crate::graph::doubts::first_place;
use crate::graph::doubts::n_mentions;
use crate::graph::ids::ComponentId;
use crate::graph::ids::StatementId;
use crate::model::digest::Digest;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::text::TextId;
use rayon::slice::ParallelSliceMut as _;
use std::collections::BTreeSet;

pub(super) fn find(graph: &Graph) -> Vec<Finding> {
    let (names, (mut findings, digests)) =
        rayon::join(|| one_name_two_digests(graph), || rayon::join(|| clashes(graph), || one_digest_two_names(graph)));
    findings.extend(names);
    findings.extend(digests);
    findings
}

/// References whose name leads to one component and whose digest does not.
fn clashes(graph: &Graph) -> Vec<Finding> {
    let mut findings = Vec::new();
    for id in graph.ids() {
        let hops = graph.links().down(id.row());
        let clashing = graph.down(id).zip(hops).filter(|(_, hop)| hop.meta().evidence() == Evidence::Clash);
        for (link, _) in clashing {
            let Some(source) = graph.sources(link).next() else { continue };
            let message = format!("names {} but gives another digest", graph.id(id).show());
            let help = "find out which file was really used, and correct the name or the digest";
            findings.push(finding(graph, Code::NameAndDigestDisagree, id, Some(source), message, help));
        }
    }
    findings
}

/// Components that share a hub entry, a model id, or name and version, and have different digests.
fn one_name_two_digests(graph: &Graph) -> Vec<Finding> {
    let mut names: Vec<((Kind, TextId, Option<TextId>), ComponentId)> = Vec::new();
    for id in graph.ids().filter(|id| !crate::graph::identity::is_package(graph.kind(*id)) && has_digest(graph, *id)) {
        for statement in graph.statements_of(id).iter().filter(|s| graph.grade(**s, id) == Some(Evidence::Digest)) {
            let s = graph.statements().get(*statement);
            let version = graph.statements().version(&s).and(s.version);
            let edition = s.revision.or(version);
            names.extend([s.hub, s.model_id].into_iter().flatten().map(|name| ((s.kind, name, edition), id)));
            if version.is_some() {
                names.push(((s.kind, s.name, version), id));
            }
        }
    }
    names.par_sort_unstable();
    names.dedup();
    let shared = names.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1);
    let groups: BTreeSet<Vec<ComponentId>> = shared.map(|group| group.iter().map(|(_, id)| *id).collect()).collect();
    groups
        .into_iter()
        .map(|mut group| {
            group.sort_by_key(|id| (std::cmp::Reverse(n_mentions(graph, *id)), *id));
            let (best, least) = (group[0], group[group.len() - 1]);
            let documented = group.iter().filter(|id| graph.component(**id).documented).count();
            let code = if documented > 1 { Code::TwoDigestsOneIdentity } else { Code::NameAndDigestDisagree };
            let others: Vec<String> = group.iter().skip(1).map(|id| short_digest(graph, *id)).collect();
            let message = format!(
                "two digests, one name: {} also stands for {}",
                graph.text(graph.component(best).name).show(),
                others.join(", ")
            );
            let help = "one name, different files: mark by digest, and find out which one each reference means";
            finding(graph, code, best, reference_to(graph, least), message, help)
        })
        .collect()
}

/// Whether [`Graph::digests`] has any.
fn has_digest(graph: &Graph, id: ComponentId) -> bool {
    let states = |s: &&StatementId| !graph.statements().get(**s).digests.is_empty();
    graph.statements_of(id).iter().filter(states).any(|s| graph.grade(*s, id).is_some_and(|grade| !grade.is_weak()))
}

/// `#c04d71e6aa10`.
fn short_digest(graph: &Graph, id: ComponentId) -> String {
    let hex = graph.digests(id).first().map(Digest::hex).unwrap_or_default();
    format!("#{}", hex.get(..12).unwrap_or(&hex))
}

/// Where a reference names a component; else where a document lists it.
fn reference_to(graph: &Graph, id: ComponentId) -> Option<Source> {
    let links = graph.down(id).flat_map(|link| graph.sources(link));
    let references = links.filter(|s| s.statement.is_some_and(|s| !graph.statements().get(s).is_anchor()));
    references.min_by_key(|s| (s.document, s.line)).or_else(|| first_place(graph, id))
}

/// Components whose digest stands under names that have nothing in common.
fn one_digest_two_names(graph: &Graph) -> Vec<Finding> {
    let mut findings = Vec::new();
    for id in graph.ids().filter(|id| !crate::graph::identity::is_package(graph.kind(*id))) {
        let own = graph.text(graph.component(id).name).as_key();
        let by_digest = |s: &&StatementId| graph.grade(**s, id) == Some(Evidence::Digest);
        let mut names: Vec<TextId> =
            graph.statements_of(id).iter().filter(by_digest).map(|s| graph.statements().get(*s).name).collect();
        names.sort_unstable();
        names.dedup();
        let strangers: BTreeSet<&str> =
            names.into_iter().map(|n| graph.text(n).as_key()).filter(|n| *n != own && !n.is_empty() && !alike(n, own)).collect();
        if strangers.is_empty() {
            continue;
        }
        let ids: Vec<&str> = graph
            .statements_of(id)
            .iter()
            .filter_map(|s| graph.statements().get(*s).model_id)
            .map(|m| graph.text(m).as_key())
            .collect();
        let strangers: Vec<&str> = strangers.into_iter().filter(|n| !ids.iter().any(|id| alike(n, id))).collect();
        if let Some(other) = strangers.first() {
            let message = format!(
                "{} is also called {}, with the same digest",
                graph.id(id).show(),
                crate::text::Untrusted::new(other).show()
            );
            let help = "a mirror or a rename; if neither, one of the two claims a digest that is not its own";
            findings.push(finding(graph, Code::TwoNamesOneDigest, id, reference_to(graph, id), message, help));
        }
    }
    findings
}

/// Whether one name's letters and digits stand in the other's, case and separators aside: a mirror, a version, an org.
fn alike(a: &str, b: &str) -> bool {
    let plain = |s: &str| {
        s.rsplit('/').next().unwrap_or_default().chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase()
    };
    let (a, b) = (plain(a), plain(b));
    a.contains(&b) || b.contains(&a)
}
