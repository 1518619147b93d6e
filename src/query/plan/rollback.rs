//! Where an AFFECTED deployment can go back to: other versions of what it runs, nearest first, and what speaks for each.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::model::order::Order;
use crate::model::state::State;
use crate::query::facts::Facts;
use crate::query::plan::Question;
use crate::query::plan::waves::stated;
use crate::text::TextId;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// So many versions are looked at for one deployment.
const MOST: usize = 20;

/// The ways back of one deployment.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rollback {
    pub deployment: ComponentId,
    /// The nearest version that is clear, approved, known by digest, and ran there before.
    pub to: Option<ComponentId>,
    /// Nearest first.
    pub candidates: Vec<Candidate>,
    /// Why there is nothing to go back to; empty where there is.
    pub none_because: String,
}

/// One version to go back to, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub id: ComponentId,
    /// How it stands to all that is open.
    pub state: State,
    /// What speaks against it, or for it.
    pub reason: String,
    fits: bool,
}

/// Finds the ways back of some deployments, in their order.
pub(super) fn rollbacks(question: &Question<'_>, affected: &[ComponentId]) -> Vec<Rollback> {
    let lines = Lines::new(question.graph);
    let facts = Known { question, of: RefCell::default() };
    affected.iter().map(|deployment| rollback(question, &lines, &facts, *deployment)).collect()
}

/// Facts of components, each read once.
struct Known<'q> {
    question: &'q Question<'q>,
    of: RefCell<BTreeMap<ComponentId, Facts>>,
}

impl Known<'_> {
    fn value(&self, id: ComponentId, key: &str) -> Option<String> {
        let mut known = self.of.borrow_mut();
        let facts = known.entry(id).or_insert_with(|| (self.question.facts)(id));
        stated(facts, key).map(str::to_owned)
    }
}

/// Where other versions are looked for.
struct Lines {
    /// Models with documents, by what is left of their name without a version.
    by_name: BTreeMap<String, Vec<ComponentId>>,
    /// Models that a service runs or ran anywhere, by its name.
    by_service: BTreeMap<TextId, Vec<ComponentId>>,
}

impl Lines {
    fn new(graph: &Graph) -> Self {
        let mut lines = Self { by_name: BTreeMap::new(), by_service: BTreeMap::new() };
        for id in graph.of_kind(Kind::Model).filter(|id| graph.component(*id).documented) {
            if let Some(line) = parts(graph, id).0 {
                lines.by_name.entry(line).or_default().push(id);
            }
        }
        for deployment in graph.of_kind(Kind::Deployment) {
            if let Some(service) = graph.deployment(deployment).and_then(|info| info.service) {
                lines.by_service.entry(service).or_default().extend(run_by(graph, deployment));
            }
        }
        lines
    }
}

/// The line of a model and its version: `legal-summarizer-v1.3.0` is of `legal-summarizer`, also where the version stands apart.
fn parts(graph: &Graph, id: ComponentId) -> (Option<String>, String) {
    let component = graph.component(id);
    let name = graph.text(component.name).as_key();
    let own = component.version.map(|version| graph.text(version).as_key().to_owned());
    match (split(name), own) {
        (Some((line, version)), own) => (Some(line.to_lowercase()), own.unwrap_or_else(|| version.to_owned())),
        (None, Some(own)) => (Some(name.to_lowercase()), own),
        (None, None) => (None, String::new()),
    }
}

/// A name that ends in a version, `-v1.3.0` or `-1.3.0`: what is before it, and the version.
fn split(name: &str) -> Option<(&str, &str)> {
    let at = name.rfind(['-', '_', '@', ' ', ':'])?;
    let (line, rest) = (name.get(..at)?, name.get(at + 1..)?);
    let plain = rest.strip_prefix(['v', 'V']);
    let version = plain.unwrap_or(rest);
    let is_version = version.starts_with(|c: char| c.is_ascii_digit()) && (plain.is_some() || version.contains('.'));
    (is_version && !line.is_empty()).then_some((line, version))
}

fn by_version(a: &str, b: &str) -> Ordering {
    let read = |version: &str| Order::Pep440.read(version.trim_start_matches(['v', 'V']));
    match (read(a), read(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.cmp(b),
    }
}

fn rollback(question: &Question<'_>, lines: &Lines, facts: &Known<'_>, deployment: ComponentId) -> Rollback {
    let graph = question.graph;
    let running: Vec<ComponentId> = run_by(graph, deployment).collect();
    let replaced = facts.value(deployment, "replaces").and_then(|id| graph.by_id_of(Kind::Model, &id));
    let mut others: BTreeSet<ComponentId> = replaced.into_iter().collect();
    for model in &running {
        others.extend(parts(graph, *model).0.and_then(|line| lines.by_name.get(&line)).into_iter().flatten());
    }
    let service = graph.deployment(deployment).and_then(|info| info.service);
    others.extend(service.and_then(|service| lines.by_service.get(&service)).into_iter().flatten());
    let current = running.first().map(|id| parts(graph, *id).1).unwrap_or_default();
    let mut by_age: Vec<(String, ComponentId)> = others.into_iter().map(|id| (parts(graph, id).1, id)).collect();
    by_age.sort_by(|a, b| by_version(&a.0, &b.0).then(a.1.cmp(&b.1)));
    let here = by_age.partition_point(|(version, _)| by_version(version, &current) == Ordering::Less);
    let distance = |at: usize, version: &str| match by_version(version, &current) {
        Ordering::Less => here - at,
        Ordering::Equal | Ordering::Greater => at - here,
    };
    let mut near: Vec<(usize, Reverse<usize>, ComponentId)> =
        by_age.iter().enumerate().map(|(at, (version, id))| (distance(at, version), Reverse(at), *id)).collect();
    near.retain(|(.., id)| !running.contains(id));
    near.sort_unstable();
    let ran = |id: ComponentId| replaced == Some(id) || ran_in(graph, id, deployment);
    let candidates: Vec<Candidate> =
        near.iter().take(MOST).map(|(.., id)| candidate(question, facts, *id, deployment, ran(*id))).collect();
    let to = candidates.iter().find(|candidate| candidate.fits).map(|candidate| candidate.id);
    let none_because = match (to, &candidates[..]) {
        (Some(_), _) => String::new(),
        (None, []) if running.is_empty() => "no document states what it runs".to_owned(),
        (None, []) => "no other version of it has a document".to_owned(),
        (None, all) if all.iter().all(|candidate| candidate.state.is_reached()) => {
            "every other version is reached too".to_owned()
        }
        (None, _) => "no other version is clear, approved, known by digest, and ran there before".to_owned(),
    };
    Rollback { deployment, to, candidates, none_because }
}

/// What a deployment runs.
fn run_by(graph: &Graph, deployment: ComponentId) -> impl Iterator<Item = ComponentId> {
    let links = graph.up(deployment).map(|link| graph.link(link));
    links.filter(|link| link.relation == Relation::Deployed).map(|link| link.upstream)
}

/// Whether a document states that a model is or was deployed where a deployment is.
fn ran_in(graph: &Graph, id: ComponentId, deployment: ComponentId) -> bool {
    let environment = |id: ComponentId| graph.deployment(id).and_then(|info| info.environment);
    let own = environment(deployment);
    let ends = graph.down(id).map(|link| graph.link(link).downstream);
    own.is_some() && ends.into_iter().any(|end| graph.kind(end) == Kind::Deployment && environment(end) == own)
}

fn candidate(question: &Question<'_>, facts: &Known<'_>, id: ComponentId, deployment: ComponentId, ran: bool) -> Candidate {
    let graph = question.graph;
    let state = question.open.state(id);
    if state != State::Clear {
        return Candidate { id, state, reason: why_not(question, id), fits: false };
    }
    let approved = approval(graph, facts, id);
    let digest = !graph.digests(id).is_empty();
    let environment = graph.deployment(deployment).and_then(|info| info.environment);
    let there = environment.map_or("there", |id| graph.text(id).as_key());
    let parts = [
        approved.clone().unwrap_or_else(|| "not approved".to_owned()),
        if digest { "digest known" } else { "no digest" }.to_owned(),
        if ran { format!("ran in {there} before") } else { format!("never ran in {there}") },
    ];
    Candidate { id, state, reason: parts.join("; "), fits: approved.is_some() && digest && ran }
}

/// Who approved a model, as its documents say.
fn approval(graph: &Graph, facts: &Known<'_>, id: ComponentId) -> Option<String> {
    let review = facts.value(id, "validation.human_review").filter(|review| review.to_lowercase().starts_with("approved"));
    review.or_else(|| {
        let deployments = graph.down(id).map(|link| graph.link(link).downstream).filter(|id| graph.kind(*id) == Kind::Deployment);
        let by = deployments.into_iter().find_map(|deployment| facts.value(deployment, "approved_by"))?;
        Some(format!("approved by {by}"))
    })
}

/// Why a version is not clear: what brings it there, or what is missing.
fn why_not(question: &Question<'_>, id: ComponentId) -> String {
    let graph = question.graph;
    if let Some(last) = question.open.path(graph, id).last() {
        let link = graph.link(last.link);
        return format!("{} {}", link.relation.word(), graph.id(link.upstream).as_key());
    }
    match question.open.holes(graph, id).first() {
        Some(hole) => format!("{} of {} is missing", hole.missing.word(), graph.id(hole.component).as_key()),
        None => "marked".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_at_the_end_of_a_name_is_found() {
        for (name, parts) in [
            ("legal-summarizer-v1.3.0", Some(("legal-summarizer", "1.3.0"))),
            ("kb-merge-v5", Some(("kb-merge", "5"))),
            ("bert-1.0", Some(("bert", "1.0"))),
            ("gpt-j-6B", None),
            ("gpt-j-6B-q4", None),
            ("v1.0", None),
            ("model", None),
        ] {
            assert_eq!(split(name), parts, "{name}");
        }
    }

    #[test]
    fn versions_go_by_number() {
        assert_eq!(by_version("1.10.0", "1.9.0"), Ordering::Greater);
        assert_eq!(by_version("v2", "10"), Ordering::Less);
    }
}
