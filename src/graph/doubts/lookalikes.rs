//! Names that could be taken for better-known ones, and names with characters that do not show.

use crate::graph::Graph;
use crate::graph::doubts::finding;
use crate::graph::doubts::first_place;
use crate::graph::doubts::n_mentions;
use crate::graph::ids::ComponentId;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::kind::Kind;
use crate::text::Untrusted;
use rustc_hash::FxHashMap;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// A name is far better known if it is mentioned so many times as often.
const FAR: usize = 10;
/// Names of fewer letters are one edit away from too much.
const SHORTEST: usize = 5;

const KNOWN_ORGS: &str = include_str!("../../../assets/known-orgs.txt");

/// A name with what it is known by.
#[derive(Default)]
struct Known {
    mentions: usize,
    published: bool,
    /// Who bears it, by id.
    bearers: Vec<ComponentId>,
}

pub(super) fn find(graph: &Graph) -> Vec<Finding> {
    let mut orgs: FxHashMap<&str, Known> = FxHashMap::default();
    let mut findings = Vec::new();
    for org in KNOWN_ORGS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        orgs.insert(org, Known { published: true, ..Known::default() });
    }
    let mut own = Vec::new();
    for id in graph.ids().filter(|id| graph.kind(*id) != Kind::Deployment) {
        let name = graph.text(graph.component(id).name).as_key();
        if crate::text::has_hidden(name) {
            let message = format!("the name {} has characters that do not show", Untrusted::new(name).show());
            let help = "see its code points in Detail; two names that look alike may be two things";
            findings.push(finding(graph, Code::HiddenCharacters, id, first_place(graph, id), message, help));
        }
        if !matches!(graph.kind(id), Kind::Model | Kind::Dataset) {
            continue;
        }
        orgs_of(graph, id, &mut own);
        let mentions = if own.is_empty() { 0 } else { n_mentions(graph, id) };
        for org in own.drain(..) {
            let known = orgs.entry(org).or_default();
            known.mentions += mentions;
            known.bearers.push(id);
        }
    }
    let orgs: BTreeMap<&str, Known> = orgs.into_iter().collect();
    findings.extend(pairs(&orgs).into_iter().filter_map(|(unknown, better)| {
        let known = &orgs[unknown];
        let about = known.bearers.iter().copied().min_by_key(|id| (std::cmp::Reverse(n_mentions(graph, *id)), *id))?;
        let (a, b) = (Untrusted::new(unknown), Untrusted::new(better));
        let message = format!("look-alike: {} is {} {} (better known)", a.show(), difference(unknown, better), b.show());
        let help = "make sure that this publisher is meant; a poisoned copy under a look-alike name begins so";
        Some(finding(graph, Code::LookAlike, about, first_place(graph, about), message, help))
    }));
    findings
}

/// Organisations as written, by name; case kept.
fn orgs_of<'g>(graph: &'g Graph, id: ComponentId, orgs: &mut Vec<&'g str>) {
    orgs.clear();
    let statements = graph.statements_of(id).iter().map(|s| graph.statements().get(*s)).filter(|s| s.hub.is_some());
    let names = statements.flat_map(|s| [Some(s.name), s.hub]).flatten().map(|n| graph.text(n).as_key());
    orgs.extend(names.filter_map(|name| name.split_once('/')).map(|(org, _)| org));
    orgs.sort_unstable();
    orgs.dedup();
    // The hub key is lower-case; where a spelling with capitals is known, that one is meant.
    let capitals: Vec<String> =
        orgs.iter().map(|org| (*org, org.to_lowercase())).filter(|(org, lower)| org != lower).map(|(_, lower)| lower).collect();
    orgs.retain(|org| !capitals.iter().any(|lower| lower == org));
}

/// Pairs of (unknown, far better known) names that look alike.
fn pairs<'n>(names: &BTreeMap<&'n str, Known>) -> Vec<(&'n str, &'n str)> {
    let mut by_shape: FxHashMap<String, Vec<&str>> = FxHashMap::default();
    for name in names.keys() {
        for shape in shapes(name) {
            by_shape.entry(shape).or_default().push(name);
        }
    }
    let mut found: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, known) in names.iter().filter(|(_, known)| !known.published && !known.bearers.is_empty()) {
        let near = shapes(name).into_iter().filter_map(|shape| by_shape.get(&shape)).flatten().copied();
        let better = near.filter(|other| other != name && is_look_alike(name, other)).filter(|other| {
            let other = &names[other];
            other.published || other.mentions >= known.mentions.saturating_mul(FAR).max(FAR)
        });
        if let Some(better) = better.min_by_key(|other| (!names[other].published, *other)) {
            found.insert(name, better);
        }
    }
    // A publisher that is known in lower case is not its own look-alike.
    let published: FxHashSet<String> = names.iter().filter(|(_, k)| k.published).map(|(name, _)| name.to_lowercase()).collect();
    found.into_iter().filter(|(name, _)| !published.contains(&name.to_lowercase())).collect()
}

/// The name as the eye reads it, and that with each letter left out: look-alikes share one.
fn shapes(name: &str) -> BTreeSet<String> {
    let seen = skeleton(name);
    let chars: Vec<char> = seen.chars().collect();
    let mut shapes = BTreeSet::from([seen]);
    if (SHORTEST..=64).contains(&chars.len()) {
        for left_out in 0..chars.len() {
            shapes.insert(chars.iter().enumerate().filter(|(i, _)| *i != left_out).map(|(_, c)| *c).collect());
        }
    }
    shapes
}

fn skeleton(name: &str) -> String {
    let folded: String = unicode_security::skeleton(&name.to_lowercase()).collect();
    folded.to_lowercase()
}

/// Equal to the eye, or one edit apart in a letter: versions differ in digits and are no look-alikes.
fn is_look_alike(a: &str, b: &str) -> bool {
    let (sa, sb) = (skeleton(a), skeleton(b));
    if sa == sb {
        return a != b;
    }
    let letters = |s: &str| s.chars().filter(|c| c.is_alphabetic()).collect::<String>();
    let edits = strsim::osa_distance(&sa, &sb);
    edits == 1 && sa.chars().count().min(sb.chars().count()) >= SHORTEST && letters(&sa) != letters(&sb)
}

fn difference(a: &str, b: &str) -> &'static str {
    match (a.to_lowercase() == b.to_lowercase(), skeleton(a) == skeleton(b)) {
        (true, _) => "in other case",
        (_, true) => "to the eye the same as",
        (false, false) => "one letter away from",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_are_told_from_relatives() {
        for (a, b, alike) in [
            ("EleuterAI", "EleutherAI", true),
            ("g\u{43e}ogle", "google", true),
            ("mistralal", "mistralai", true),
            ("meta-llama", "meta-llama2", false),
            ("qwen2", "qwen3", false),
            ("care", "core", false),
            ("microsoft", "mircosoft", true),
            ("google", "google-bert", false),
        ] {
            assert_eq!(is_look_alike(a, b), alike, "{a} {b}");
        }
    }
}
