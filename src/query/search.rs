//! Search over names, aliases, digests, purls and files (screens.md F5, F6).
//!
//! Order: exact, prefix, word start, contiguous, fuzzy; ties by DEPLOYS, then name; never by the matcher's score.

mod class;

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::ids::DocumentId;
use crate::model::kind::Kind;
use crate::model::state::State;
use crate::query::deploys::Deploys;
use crate::query::deploys::Reached;
use crate::text::TextId;
use class::Class;
use class::Pattern;
use std::cmp::Reverse;

/// What was typed: terms that must all match, and filters.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    patterns: Vec<Pattern>,
    not: Vec<Pattern>,
    pub kind: Option<Kind>,
    owner: Option<String>,
    pub state: Option<State>,
    file: Option<String>,
}

/// By what a hit was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HitBy {
    /// What lists show; the positions are in it.
    Label,
    /// Its printed id, purl or digest.
    Identifier,
    /// Another name that it is known by; the positions are in that.
    Alias(TextId),
    /// A file that mentions it, or is about it; the positions are in the file's name.
    File(DocumentId),
}

/// One found component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    pub component: ComponentId,
    pub by: HitBy,
    class: Class,
    /// The matcher's; orders nothing.
    pub score: i64,
    /// Matched characters, counted from 0.
    pub positions: Vec<usize>,
}

impl Query {
    /// Reads what was typed: blanks part terms, capitals count once one is typed, `'term` is contiguous, `!term` must not
    /// match, `kind:` `owner:` `state:` `file:` filter.
    pub(crate) fn parse(typed: &str) -> Self {
        let mut query = Self::default();
        for term in typed.split_whitespace() {
            match term.split_once(':').filter(|(_, value)| !value.is_empty()) {
                Some(("kind", value)) if Kind::parse(value).is_some() => query.kind = Kind::parse(value),
                Some(("owner", value)) => query.owner = Some(value.to_lowercase()),
                Some(("file", value)) => query.file = Some(value.to_lowercase()),
                Some(("state", value)) => {
                    let state = State::ALL.into_iter().find(|state| state.word().eq_ignore_ascii_case(value));
                    match state {
                        Some(state) => query.state = Some(state),
                        None => query.patterns.push(Pattern::new(term)),
                    }
                }
                _ => match term.strip_prefix('!').filter(|rest| !rest.is_empty()) {
                    Some(rest) => query.not.push(Pattern::new(rest)),
                    None => query.patterns.push(Pattern::new(term)),
                },
            }
        }
        query
    }

    /// Whether everything matches.
    pub(crate) fn is_empty(&self) -> bool {
        self.patterns.is_empty() && self.not.is_empty() && self.kind.is_none() && !self.has_filter()
    }

    fn has_filter(&self) -> bool {
        self.owner.is_some() || self.state.is_some() || self.file.is_some()
    }

    fn admits(&self, graph: &Graph, id: ComponentId, state: &dyn Fn(ComponentId) -> Option<State>) -> bool {
        let component = graph.component(id);
        let owner = component.owner.map(|owner| graph.text(owner).as_key().to_lowercase());
        self.kind.is_none_or(|kind| kind == component.kind)
            && self.owner.as_ref().is_none_or(|wanted| owner.is_some_and(|owner| owner.contains(wanted)))
            && self.state.is_none_or(|wanted| state(id) == Some(wanted))
            && self.file.as_ref().is_none_or(|wanted| {
                graph.documents_of(id).iter().any(|document| graph.file(*document).as_key().to_lowercase().contains(wanted))
            })
    }

    /// Matches a text: the worst class of all terms, their scores together, all positions.
    fn matches(&self, text: &str) -> Option<(Class, i64, Vec<usize>)> {
        if self.not.iter().any(|pattern| pattern.contiguous(text).is_some()) {
            return None;
        }
        let mut all = (Class::Exact, 0, Vec::new());
        for pattern in &self.patterns {
            let (class, score, positions) = pattern.matches(text)?;
            all = (all.0.max(class), all.1 + score, [all.2, positions].concat());
        }
        all.2.sort_unstable();
        all.2.dedup();
        Some(all)
    }
}

/// Search everywhere: components by label, then by identifier, then aliases, then files.
pub(crate) fn search(graph: &Graph, deploys: &Deploys, query: &Query, state: &dyn Fn(ComponentId) -> Option<State>) -> Vec<Hit> {
    if query.is_empty() {
        return Vec::new();
    }
    let mut hits = narrow(graph, deploys, query, graph.ids(), state);
    if query.patterns.is_empty() {
        return hits;
    }
    let mut aliases = Vec::new();
    for id in graph.ids().filter(|id| query.admits(graph, *id, state)) {
        for (name, _) in graph.aliases(id) {
            if let Some((class, score, positions)) = query.matches(graph.text(name).as_key()) {
                aliases.push(Hit { component: id, by: HitBy::Alias(name), class, score, positions });
            }
        }
    }
    sort(graph, deploys, &mut aliases);
    hits.extend(aliases);
    hits.extend(files(graph, query));
    hits
}

/// Of `rows`, those that match by label or identifier, in the order of F5.
pub(crate) fn narrow(
    graph: &Graph,
    deploys: &Deploys,
    query: &Query,
    rows: impl Iterator<Item = ComponentId>,
    state: &dyn Fn(ComponentId) -> Option<State>,
) -> Vec<Hit> {
    let mut hits: Vec<Hit> = rows
        .filter(|id| query.admits(graph, *id, state))
        .filter_map(|id| match query.matches(graph.label(id).as_key()) {
            Some((class, score, positions)) => Some(Hit { component: id, by: HitBy::Label, class, score, positions }),
            None => by_identifier(graph, query, id),
        })
        .collect();
    sort(graph, deploys, &mut hits);
    hits
}

/// A pasted digest, purl or id: contiguous only, since a fuzzy match of hex digits means nothing.
fn by_identifier(graph: &Graph, query: &Query, id: ComponentId) -> Option<Hit> {
    let [pattern] = &query.patterns[..] else { return None };
    if pattern.len() < 4 || !query.not.is_empty() {
        return None;
    }
    let digests = graph.digests(id).into_iter().map(ToString::to_string);
    let purl = graph.purl(id).map(|purl| graph.text(purl).as_key().to_owned());
    let texts = digests.chain(purl).chain([graph.id(id).as_key().to_owned()]);
    let class = texts.filter_map(|text| pattern.contiguous(&text).map(|(class, _)| class)).min()?;
    // What was pasted whole comes first.
    let class = if class <= Class::WordStart && pattern.len() >= 16 { Class::Exact } else { class };
    Some(Hit { component: id, by: HitBy::Identifier, class, score: 0, positions: Vec::new() })
}

fn files(graph: &Graph, query: &Query) -> Vec<Hit> {
    let mut hits = Vec::new();
    for row in 0..graph.documents().len() {
        let document = DocumentId::new(row);
        let Some((class, score, positions)) = query.matches(graph.file(document).as_key()) else { continue };
        let about = graph.ids().find(|id| graph.declared_in(*id).first().is_some_and(|source| source.document == document));
        hits.extend(about.map(|component| Hit { component, by: HitBy::File(document), class, score, positions }));
    }
    hits.sort_by_key(|hit| hit.class);
    hits
}

fn sort(graph: &Graph, deploys: &Deploys, hits: &mut [Hit]) {
    let key = |hit: &Hit| -> (Class, Reverse<Reached>) { (hit.class, Reverse(deploys.of(hit.component))) };
    hits.sort_by(|a, b| {
        key(a)
            .cmp(&key(b))
            .then_with(|| graph.label(a.component).cmp(&graph.label(b.component)))
            .then(a.component.cmp(&b.component))
    });
}
