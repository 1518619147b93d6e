//! Marking: how far a selector is meant (scope), what it rules out, and what to suggest when it matches nothing.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::ids::LinkId;
use crate::graph::ids::StatementId;
use crate::graph::select;
use crate::graph::selector::Form;
use crate::graph::selector::Selector;
use crate::model::digest::Digest;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::version;
use crate::text::TextId;
use rayon::prelude::*;
use std::collections::BTreeMap;

pub(crate) use crate::graph::select::{Match, Start, StartAt};

/// How far a mark reaches among things of one name (screens.md F7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Scope {
    /// What the selector says.
    AsWritten,
    /// This very file.
    Digest,
    Version,
    /// All with that name, purl or hub key.
    Every,
}

impl Scope {
    /// All scopes.
    pub(crate) const ALL: [Self; 4] = [Self::AsWritten, Self::Digest, Self::Version, Self::Every];

    /// The word used in options and in the journal.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::AsWritten => "as-written",
            Self::Digest => "digest",
            Self::Version => "version",
            Self::Every => "every",
        }
    }
}

/// Something of the marked name that is surely not what is marked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RuledOut {
    pub component: ComponentId,
    /// For people; safe to print.
    pub reason: String,
}

impl RuledOut {
    /// A direct use of the marked component that was taken outside the window.
    pub(crate) fn outside_window(graph: &Graph, link: LinkId) -> Self {
        let dates = graph.sources(link).filter_map(|s| graph.statements().get(s.statement?).downloaded);
        let day = dates.min().map_or_else(String::new, |day| format!(" on {day}"));
        Self { component: graph.link(link).downstream, reason: format!("downloaded{day}, outside the window") }
    }
}

/// What is marked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    /// Empty: nothing matches.
    pub starts: Vec<Start>,
    pub ruled_out: Vec<RuledOut>,
}

/// What a selector means under a scope.
pub(crate) fn select(graph: &Graph, selector: &Selector, scope: Scope) -> Selection {
    let starts = select::select(graph, selector);
    let components = sure_components(&starts);
    let mut selection = match scope {
        Scope::AsWritten => Selection { starts, ruled_out: Vec::new() },
        Scope::Digest | Scope::Version | Scope::Every if components.is_empty() => Selection { starts, ruled_out: Vec::new() },
        Scope::Digest | Scope::Version | Scope::Every => {
            joined(components.iter().map(|component| select_component(graph, *component, scope)))
        }
    };
    if matches!(selector.form, Form::Digest(_)) && scope == Scope::AsWritten {
        rule_out_namesakes(graph, &mut selection);
    }
    selection
}

/// What marking one component means under a scope.
pub(crate) fn select_component(graph: &Graph, id: ComponentId, scope: Scope) -> Selection {
    let own = Start { at: StartAt::Component(id), sure: true, matched: Match::Name };
    let component = graph.component(id);
    let stated = component.version.filter(|v| version::identifying(graph.text(*v).as_key()).is_some());
    let digests = graph.digests(id);
    let name = graph.text(component.name).as_key();
    let of_form = |form: Form| {
        let selector = Selector { written: String::new(), rest: String::new(), kind: Some(component.kind), form };
        select::select(graph, &selector)
    };
    let starts = match scope {
        Scope::AsWritten => vec![own],
        _ if component.kind == Kind::Deployment || name.is_empty() => vec![own],
        Scope::Digest if !digests.is_empty() => {
            let of_digests = digests.iter().flat_map(|digest| select::by_digest(graph, digest, Some(component.kind)));
            let starts: Vec<Start> = of_digests.collect();
            let package = crate::graph::identity::is_package(component.kind);
            if package { starts } else { with(starts, own) }
        }
        Scope::Digest | Scope::Version => match stated {
            Some(version) => {
                let asked = graph.text(version).as_key().to_owned();
                with(of_form(Form::NameVersion(name.to_owned(), asked)), own)
            }
            None => vec![own],
        },
        Scope::Every => with(of_form(Form::Name(name.to_owned())), own),
    };
    let mut selection = Selection { starts, ruled_out: Vec::new() };
    if scope == Scope::Digest {
        rule_out_namesakes(graph, &mut selection);
    }
    selection
}

/// The narrowest scope that identifies a component: its hash, else its version, else every version; packages: version.
pub(crate) fn narrowest(graph: &Graph, id: ComponentId) -> Scope {
    let component = graph.component(id);
    let stated = component.version.is_some_and(|v| version::identifying(graph.text(v).as_key()).is_some());
    match (crate::graph::identity::is_package(component.kind), graph.digests(id).is_empty(), stated) {
        (false, false, _) => Scope::Digest,
        (_, _, true) => Scope::Version,
        (_, _, false) => Scope::Every,
    }
}

fn with(mut starts: Vec<Start>, own: Start) -> Vec<Start> {
    match starts.iter_mut().find(|start| start.at == own.at) {
        Some(start) => start.sure = true,
        None => starts.push(own),
    }
    starts.sort_by_key(|start| start.at);
    starts
}

fn joined(all: impl Iterator<Item = Selection>) -> Selection {
    let mut starts: BTreeMap<StartAt, Start> = BTreeMap::new();
    let mut ruled_out = Vec::new();
    for selection in all {
        for start in selection.starts {
            let entry = starts.entry(start.at).or_insert(start);
            entry.sure |= start.sure;
        }
        ruled_out.extend(selection.ruled_out);
    }
    ruled_out.retain(|out: &RuledOut| !starts.contains_key(&StartAt::Component(out.component)));
    ruled_out.sort();
    ruled_out.dedup();
    Selection { starts: starts.into_values().collect(), ruled_out }
}

fn sure_components(starts: &[Start]) -> Vec<ComponentId> {
    let component = |start: &Start| match start.at {
        StartAt::Component(component) if start.sure => Some(component),
        StartAt::Component(_) | StartAt::Mention(_) => None,
    };
    starts.iter().filter_map(component).collect()
}

/// What a sure beginning is known by.
struct Known<'g> {
    kind: Kind,
    /// Lower-case.
    name: String,
    hubs: Vec<TextId>,
    digests: Vec<Digest>,
    version: Option<&'g str>,
}

impl<'g> Known<'g> {
    fn component(graph: &'g Graph, id: ComponentId) -> Self {
        let component = graph.component(id);
        Self {
            kind: component.kind,
            name: graph.text(component.name).as_key().to_lowercase(),
            hubs: hubs_of(graph, id),
            digests: graph.digests(id),
            version: component.version.and_then(|v| version::identifying(graph.text(v).as_key())),
        }
    }

    fn mention(graph: &'g Graph, id: StatementId) -> Self {
        let statement = graph.statements().get(id);
        Self {
            kind: statement.kind,
            name: graph.text(statement.name).as_key().to_lowercase(),
            hubs: statement.hub.into_iter().collect(),
            digests: statement.digests.iter().map(|d| graph.statements().digest_of(*d)).collect(),
            version: graph.statements().version(&statement),
        }
    }

    /// Components of the kind that may share the name or the hub entry.
    fn candidates(&self, graph: &Graph) -> Vec<ComponentId> {
        if self.kind == Kind::Deployment {
            return graph.of_kind(self.kind).collect();
        }
        let hubs = self.hubs.iter().map(|hub| graph.text(*hub).as_key());
        let names: Vec<&str> = hubs.chain([self.name.as_str()]).collect();
        select::bearers(graph, &names).into_iter().filter(|id| graph.kind(*id) == self.kind).collect()
    }

    /// Whether a component shares the name or the hub entry.
    fn is_namesake(&self, graph: &Graph, other: ComponentId) -> bool {
        let name = graph.text(graph.component(other).name).as_key();
        let same = if name.is_ascii() { name.eq_ignore_ascii_case(&self.name) } else { name.to_lowercase() == self.name };
        same || graph.statements_of(other).iter().any(|statement| {
            let hub = graph.statements().get(*statement).hub;
            hub.is_some_and(|hub| self.hubs.contains(&hub)) && graph.grade(*statement, other).is_some_and(|e| e < Evidence::Name)
        })
    }
}

/// Marked by digest, what has the same name and another digest is ruled out; what has no digest to compare, and no other
/// version, may be the same.
fn rule_out_namesakes(graph: &Graph, selection: &mut Selection) {
    let sure: Vec<StartAt> = selection.starts.iter().filter(|start| start.sure).map(|start| start.at).collect();
    for at in sure {
        let marked = match at {
            StartAt::Component(id) => Known::component(graph, id),
            StartAt::Mention(id) => Known::mention(graph, id),
        };
        if crate::graph::identity::is_package(marked.kind) {
            continue;
        }
        for other in marked.candidates(graph) {
            let at = StartAt::Component(other);
            if !marked.is_namesake(graph, other) || selection.starts.iter().any(|start| start.at == at) {
                continue;
            }
            let known = Known::component(graph, other);
            let comparable = known.digests.iter().any(|d| marked.digests.iter().any(|m| m.algorithm() == d.algorithm()));
            let other_version = matches!((marked.version, known.version), (Some(a), Some(b)) if !version::agree(a, b));
            if comparable {
                let reason = format!("other {}", known.digests.first().map_or("digest", |d| d.algorithm().word()));
                selection.ruled_out.push(RuledOut { component: other, reason });
            } else if other_version {
                selection.ruled_out.push(RuledOut { component: other, reason: "other version".to_owned() });
            } else {
                selection.starts.push(Start { at, sure: false, matched: Match::Name });
            }
        }
    }
    selection.starts.sort_by_key(|start| start.at);
    selection.ruled_out.sort();
    selection.ruled_out.dedup();
}

fn hubs_of(graph: &Graph, id: ComponentId) -> Vec<TextId> {
    let own = graph.statements_of(id).iter().filter(|s| graph.grade(**s, id).is_some_and(|e| e < Evidence::Name));
    own.filter_map(|s| graph.statements().get(*s).hub).collect()
}

/// Why a selector names no single component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OneError {
    Nothing,
    /// The candidates, by id.
    Ambiguous(Vec<ComponentId>),
}

/// The single component that a selector names.
pub(crate) fn one(graph: &Graph, selector: &Selector) -> Result<ComponentId, OneError> {
    if let Some(exact) = select::by_printed_id(graph, selector) {
        return Ok(exact);
    }
    let starts = select::select(graph, selector);
    let mut sure = sure_components(&starts);
    if sure.is_empty() {
        let all = starts.iter().flat_map(|start| match start.at {
            StartAt::Component(component) => vec![component],
            StartAt::Mention(statement) => graph.meaning(statement).0.iter().map(|target| target.component()).collect(),
        });
        sure = all.collect();
    }
    sure.sort_unstable();
    sure.dedup();
    match sure[..] {
        [] => Err(OneError::Nothing),
        [only] => Ok(only),
        _ => Err(OneError::Ambiguous(sure)),
    }
}

/// Components whose names come nearest to what was written, best first: a hint, never a link. Between two steps it asks whether
/// to go on; `None` where it did not.
pub(crate) fn nearest(graph: &Graph, written: &str, limit: usize, go_on: &dyn Fn() -> bool) -> Option<Vec<ComponentId>> {
    const STEP: usize = 1 << 14;
    let (kind, text) = written.split_once(':').map_or((None, written), |(kind, rest)| match Kind::parse(kind) {
        Some(kind) => (Some(kind), rest),
        None => (None, written),
    });
    let text = text.to_lowercase();
    let score = |id: ComponentId| {
        let label = graph.label(id).as_key();
        let name = graph.text(graph.component(id).name).as_key();
        let tail = name.rsplit('/').next().unwrap_or_default();
        let score = [label, name, tail].iter().map(|name| likeness(name, &text)).max()?;
        (score >= ALIKE).then_some((-score, id))
    };
    let ids: Vec<ComponentId> = graph.ids().filter(|id| kind.is_none_or(|kind| kind == graph.kind(*id))).collect();
    let mut scored: Vec<(i64, ComponentId)> = Vec::new();
    for some in ids.chunks(STEP) {
        scored.par_extend(some.par_iter().filter_map(|id| score(*id)));
        if !go_on() {
            return None;
        }
    }
    scored.sort_unstable();
    Some(scored.into_iter().take(limit).map(|(_, id)| id).collect())
}

/// Per mille of likeness from which a name is worth a hint.
const ALIKE: i64 = 600;

/// Per mille of likeness of a name, in any case, and a text without case; 0 where lengths tell that it is too little.
fn likeness(a: &str, b: &str) -> i64 {
    if a.is_empty() || a.len() > 512 || b.len() > 512 {
        return 0;
    }
    let (longer, apart) = (a.len().max(b.len()), a.len().abs_diff(b.len()));
    if a.is_ascii() && b.is_ascii() && apart * 1000 > longer * (1000 - ALIKE.unsigned_abs() as usize) {
        return 0;
    }
    let a = &a.to_lowercase();
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1000")]
    let per_mille = (strsim::normalized_damerau_levenshtein(a, b) * 1000.0) as i64;
    per_mille
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Input;
    use crate::graph::build;
    use crate::graph::tests::about;
    use crate::graph::tests::said;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]

        #[test]
        fn every_namesake_is_a_candidate(documents in prop::collection::vec((said(), prop::collection::vec(said(), 0..4)), 1..6)) {
            let named = documents.iter().enumerate().map(|(row, (subject, bases))| (format!("{row}.yaml"), about(*subject, bases)));
            let graph = build(Input::of(named.collect()));
            for id in graph.ids() {
                let known = Known::component(&graph, id);
                let candidates = known.candidates(&graph);
                for other in graph.of_kind(known.kind).filter(|other| known.is_namesake(&graph, *other)) {
                    prop_assert!(candidates.contains(&other), "{:?} of {:?}", other, id);
                }
            }
        }
    }
}
