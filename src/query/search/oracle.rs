//! The definition, read aloud: match every text, describe every hit, sort. And what the fast search must equal it in.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::ids::DocumentId;
use crate::model::state::State;
use crate::query::deploys::Deploys;
use crate::query::deploys::Reached;
use crate::query::search::Hit;
use crate::query::search::HitBy;
use crate::query::search::Query;
use crate::query::search::class::Class;
use std::cmp::Reverse;

type StateOf<'a> = &'a dyn Fn(ComponentId) -> Option<State>;

/// Search everywhere: components by label, then by identifier, then aliases, then files.
pub(super) fn search(graph: &Graph, deploys: &Deploys, query: &Query, state: StateOf<'_>) -> Vec<Hit> {
    if query.is_empty() {
        return Vec::new();
    }
    let mut hits = narrow(graph, deploys, query, graph.ids(), state);
    if query.patterns.is_empty() {
        return hits;
    }
    let mut aliases = Vec::new();
    for id in graph.ids().filter(|id| admits(query, graph, *id, state)) {
        for (name, _) in graph.aliases(id) {
            if let Some((class, score, positions)) = query.matches(graph.text(name).as_key()) {
                aliases.push((class, Hit { component: id, by: HitBy::Alias(name), score, positions }));
            }
        }
    }
    hits.extend(sorted(graph, deploys, aliases));
    hits.extend(files(graph, query));
    hits
}

/// Of `rows`, those that match by label or identifier, in the order of F5.
pub(super) fn narrow(
    graph: &Graph,
    deploys: &Deploys,
    query: &Query,
    rows: impl Iterator<Item = ComponentId>,
    state: StateOf<'_>,
) -> Vec<Hit> {
    let hits = rows
        .filter(|id| admits(query, graph, *id, state))
        .filter_map(|id| match query.matches(graph.label(id).as_key()) {
            Some((class, score, positions)) => Some((class, Hit { component: id, by: HitBy::Label, score, positions })),
            None => by_identifier(graph, query, id),
        })
        .collect();
    sorted(graph, deploys, hits)
}

fn admits(query: &Query, graph: &Graph, id: ComponentId, state: StateOf<'_>) -> bool {
    let component = graph.component(id);
    let owner = component.owner.map(|owner| graph.text(owner).as_key().to_lowercase());
    query.kind.is_none_or(|kind| kind == component.kind)
        && query.owner.as_ref().is_none_or(|wanted| owner.is_some_and(|owner| owner.contains(wanted)))
        && query.state.is_none_or(|wanted| state(id) == Some(wanted))
        && query.file.as_ref().is_none_or(|wanted| {
            graph.documents_of(id).iter().any(|document| graph.file(*document).as_key().to_lowercase().contains(wanted))
        })
}

fn by_identifier(graph: &Graph, query: &Query, id: ComponentId) -> Option<(Class, Hit)> {
    let [pattern] = &query.patterns[..] else { return None };
    if pattern.len() < 4 || !query.not.is_empty() {
        return None;
    }
    let digests = graph.digests(id).into_iter().map(|digest| digest.to_string());
    let purl = graph.purl(id).map(|purl| graph.text(purl).as_key().to_owned());
    let texts = digests.chain(purl).chain([graph.id(id).as_key().to_owned()]);
    let class = texts.filter_map(|text| pattern.contiguous(&text).map(|(class, _)| class)).min()?;
    // What was pasted whole comes first.
    let class = if class <= Class::WordStart && pattern.len() >= 16 { Class::Exact } else { class };
    Some((class, Hit { component: id, by: HitBy::Identifier, score: 0, positions: Vec::new() }))
}

fn files(graph: &Graph, query: &Query) -> Vec<Hit> {
    let mut hits = Vec::new();
    for row in 0..graph.documents().len() {
        let document = DocumentId::new(row);
        let Some((class, score, positions)) = query.matches(graph.file(document).as_key()) else { continue };
        let about = graph.ids().find(|id| graph.declared_in(*id).next().is_some_and(|source| source.document == document));
        hits.extend(about.map(|component| (class, Hit { component, by: HitBy::File(document), score, positions })));
    }
    hits.sort_by_key(|(class, _)| *class);
    hits.into_iter().map(|(_, hit)| hit).collect()
}

fn sorted(graph: &Graph, deploys: &Deploys, mut hits: Vec<(Class, Hit)>) -> Vec<Hit> {
    let key = |(class, hit): &(Class, Hit)| -> (Class, Reverse<Reached>) { (*class, Reverse(deploys.of(hit.component))) };
    hits.sort_by(|a, b| {
        key(a)
            .cmp(&key(b))
            .then_with(|| graph.label(a.1.component).cmp(&graph.label(b.1.component)))
            .then(a.1.component.cmp(&b.1.component))
    });
    hits.into_iter().map(|(_, hit)| hit).collect()
}
