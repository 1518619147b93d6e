//! What a selector means in one repository: components, and mentions that are selected for what they state.

pub(crate) mod pick;

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::ids::StatementId;
use crate::graph::named::Named;
use crate::graph::selector::Form;
use crate::graph::selector::Selector;
use crate::graph::statement::Statement;
use crate::model::digest::Digest;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::purl::Purl;
use crate::model::purl::normal_name;
use crate::model::range;
use crate::model::version;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// By what a selector met a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Match {
    Digest,
    Purl,
    NameVersion,
    Name,
    Range,
    Glob,
}

impl Match {
    /// The word used in JSON.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::Purl => "purl",
            Self::NameVersion => "name-version",
            Self::Name => "name",
            Self::Range => "range",
            Self::Glob => "glob",
        }
    }
}

/// Where a walk begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum StartAt {
    Component(ComponentId),
    /// What some documents write of a component; only their own links are reached.
    Mention(StatementId),
}

/// A selected beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Start {
    pub at: StartAt,
    /// Surely in scope; else all that it reaches is POSSIBLE.
    pub sure: bool,
    pub matched: Match,
}

/// Beginnings by place; the surest word on each counts.
#[derive(Debug, Default)]
struct Starts(BTreeMap<StartAt, Start>);

impl Starts {
    fn add(&mut self, at: StartAt, sure: bool, matched: Match) {
        let start = self.0.entry(at).or_insert(Start { at, sure, matched });
        if sure && !start.sure {
            *start = Start { at, sure, matched };
        }
        start.matched = start.matched.min(matched);
    }

    fn into_vec(self) -> Vec<Start> {
        self.0.into_values().collect()
    }
}

/// How a statement fits what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Yes(Match),
    /// The name fits, the version is not stated or cannot be compared.
    Undecided(Match),
    No,
}

/// Everything that a selector means, as written. Empty: it matches nothing.
///
/// A printed id with `#` means that component alone. Any other text that is a printed id means that component and whatever
/// else it says as a name: else a document could take the name for itself and leave the others out of the answer.
pub(crate) fn select(graph: &Graph, selector: &Selector) -> Vec<Start> {
    let Some(component) = by_printed_id(graph, selector) else { return by_form(graph, selector) };
    let id = graph.id(component).as_key();
    let matched = match (id.contains('#'), id.starts_with("pkg:"), id.contains('@')) {
        (true, ..) => Match::Digest,
        (_, true, _) => Match::Purl,
        (_, _, true) => Match::NameVersion,
        (false, false, false) => Match::Name,
    };
    let own = Start { at: StartAt::Component(component), sure: true, matched };
    if id.contains('#') { vec![own] } else { merged([vec![own], by_form(graph, selector)].concat()) }
}

fn by_form(graph: &Graph, selector: &Selector) -> Vec<Start> {
    match &selector.form {
        Form::Digest(digest) => by_digest(graph, digest, selector.kind),
        Form::Purl(purl) => by_fit_of(graph, purl_bearers(graph, purl), selector.kind, |s| fits_purl(graph, s, purl)),
        Form::Name(name) => by_name(graph, selector.kind, name, |_| Fit::Yes(Match::Name)),
        Form::NameVersion(name, asked) => {
            let with_version = |s: &Statement| match graph.statements().version(s) {
                Some(stated) => match range::same(ecosystem(graph, s), stated, asked) {
                    Some(true) => Fit::Yes(Match::NameVersion),
                    Some(false) => revision_fits(graph, s, asked),
                    None => Fit::Undecided(Match::NameVersion),
                },
                None => match revision_fits(graph, s, asked) {
                    Fit::No if s.revision.is_none() || version::commit(asked).is_none() => Fit::Undecided(Match::NameVersion),
                    fit => fit,
                },
            };
            let mut starts = by_name(graph, selector.kind, name, with_version);
            let model_id = format!("{name}-v{}", asked.strip_prefix('v').unwrap_or(asked));
            let of_id = |s: &Statement| if has_model_id(graph, s, &model_id) { Fit::Yes(Match::NameVersion) } else { Fit::No };
            starts.extend(by_fit_of(graph, named(graph).by_name(&[&model_id]), selector.kind, of_id));
            merged(starts)
        }
        Form::Range { name, ecosystem: asked, range } => by_name(graph, selector.kind, name, |s| {
            let ecosystem = ecosystem(graph, s);
            if asked.as_ref().is_some_and(|asked| !ecosystem.is_empty() && asked != ecosystem) {
                return Fit::No;
            }
            match graph.statements().version(s).map(|version| range.contains(ecosystem, version)) {
                Some(Some(true)) => Fit::Yes(Match::Range),
                Some(Some(false)) => Fit::No,
                Some(None) | None => Fit::Undecided(Match::Range),
            }
        }),
        Form::Glob(glob) => by_fit(graph, selector.kind, |s| {
            let names = [Some(s.name), s.model_id, s.hub];
            let hit = names.into_iter().flatten().any(|id| glob.is_match(graph.text(id).as_key()));
            if hit { Fit::Yes(Match::Glob) } else { Fit::No }
        })
        .into_iter()
        .chain(deployments(graph, selector.kind, |label| glob.is_match(label)))
        .collect(),
    }
}

fn merged(all: Vec<Start>) -> Vec<Start> {
    let mut starts = Starts::default();
    for start in all {
        starts.add(start.at, start.sure, start.matched);
    }
    starts.into_vec()
}

/// The component whose printed id the text is, with or without a kind in front.
pub(crate) fn by_printed_id(graph: &Graph, selector: &Selector) -> Option<ComponentId> {
    graph.by_id(&selector.written).or_else(|| {
        let kind = selector.kind?;
        graph.by_id_of(kind, &selector.rest)
    })
}

/// Components and mentions that have a digest. A component that has it by what a document says of it, or by a reference
/// that joined by digest or as the only digest that anyone gives it, is selected whole; a reference that joined otherwise is selected alone, and of a package, which
/// has many files, the mentions with this one surely and the rest of its version possibly.
pub(crate) fn by_digest(graph: &Graph, digest: &Digest, kind: Option<Kind>) -> Vec<Start> {
    let mut starts = Starts::default();
    let Some(wanted) = graph.statements().find_digest(digest) else { return Vec::new() };
    for id in named(graph).by_digest(wanted) {
        let statement = graph.statements().get(id);
        if !statement.digests.contains(&wanted) || kind.is_some_and(|kind| kind != statement.kind) {
            continue;
        }
        let (targets, choice) = graph.meaning(id);
        let package = crate::graph::identity::is_package(statement.kind);
        for target in targets {
            let component = target.component();
            if package {
                starts.add(StartAt::Component(component), false, Match::Digest);
            } else if target.evidence() <= Evidence::Exact && !choice {
                starts.add(StartAt::Component(component), true, Match::Digest);
            } else if may_have(graph, component, digest) {
                starts.add(StartAt::Component(component), false, Match::Digest);
            }
        }
        if package || choice || !targets.iter().any(|target| target.evidence() <= Evidence::Exact) {
            starts.add(StartAt::Mention(id), true, Match::Digest);
        }
    }
    starts.into_vec()
}

/// Whether a component could have a digest that it does not state: some document about it states none to compare with, and
/// another document's digest speaks for that document only (threats.md A12).
fn may_have(graph: &Graph, id: ComponentId, digest: &Digest) -> bool {
    let states = |s: &&StatementId| {
        let digests = graph.statements().get(**s).digests.iter();
        digests.map(|d| graph.statements().digest_of(*d)).any(|d| d.algorithm() == digest.algorithm())
    };
    let anchors = || graph.statements_of(id).iter().filter(|s| graph.statements().get(**s).is_anchor());
    if graph.is_listed(id) { !anchors().all(|s| states(&s)) } else { !graph.statements_of(id).iter().any(|s| states(&s)) }
}

/// Components and mentions by whole name; last parts of `org/name` surely only where nothing has the whole name. Where
/// something has, they are POSSIBLE: else whoever documents a bare `gpt-j` would take the rest out of every answer.
fn by_name(graph: &Graph, kind: Option<Kind>, name: &str, version_fits: impl Fn(&Statement) -> Fit) -> Vec<Start> {
    let lower = name.trim().to_lowercase();
    let hub = crate::model::hub::HubKey::from_url(name).map(|hub| hub.key);
    let whole = |s: &Statement| {
        let text = |id| graph.text(id).as_key();
        let named = text(s.name).to_lowercase() == lower || is_normal_name(graph, s, name);
        let known = s.hub.is_some_and(|id| text(id) == lower || hub.as_deref() == Some(text(id)));
        named || known || s.model_id.is_some_and(|id| text(id).to_lowercase() == lower) || named_by_purl(graph, s, &lower)
    };
    let known = named(graph).by_name(&[&lower, &normal_name("pypi", name), hub.as_deref().unwrap_or(&lower)]);
    let found = by_fit_of(graph, known.iter().copied(), kind, |s| if whole(s) { version_fits(s) } else { Fit::No });
    let deployments = deployments_called(graph, kind, &lower);
    let tail = |s: &Statement| {
        let names = [Some(s.name), s.hub].into_iter().flatten();
        names
            .map(|id| graph.text(id).as_key().to_lowercase())
            .any(|n| crate::graph::identity::lower_tail(&n) == Some(lower.as_str()))
    };
    let whole_known = found.iter().any(|start| matches!(start.at, StartAt::Component(_))) || !deployments.is_empty();
    let mut by_tail = by_fit_of(graph, known, kind, |s| if tail(s) { version_fits(s) } else { Fit::No });
    for start in &mut by_tail {
        start.sure &= !whole_known;
    }
    merged([found, deployments, by_tail].concat())
}

/// What is noted of all names and digests, once a graph.
fn named(graph: &Graph) -> &Named {
    graph.kept().named.get_or_init(|| Named::new(graph.statements()))
}

/// The components that statements with one of these names may stand for, by id.
pub(crate) fn bearers(graph: &Graph, names: &[&str]) -> Vec<ComponentId> {
    let statements = named(graph).by_name(names).into_iter();
    let mut all: Vec<ComponentId> = statements.flat_map(|id| graph.meaning(id).0).map(|target| target.component()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Beginnings for all statements that fit.
fn by_fit(graph: &Graph, kind: Option<Kind>, fit: impl Fn(&Statement) -> Fit) -> Vec<Start> {
    by_fit_of(graph, graph.statements().ids(), kind, fit)
}

/// Beginnings for those of some statements that fit.
fn by_fit_of(
    graph: &Graph,
    all: impl IntoIterator<Item = StatementId>,
    kind: Option<Kind>,
    fit: impl Fn(&Statement) -> Fit,
) -> Vec<Start> {
    let mut starts = Starts::default();
    let mut undecided = Vec::new();
    for id in all {
        let statement = graph.statements().get(id);
        if kind.is_some_and(|kind| kind != statement.kind) {
            continue;
        }
        let (targets, choice) = graph.meaning(id);
        match fit(&statement) {
            Fit::No => {}
            Fit::Yes(matched) if choice => {
                starts.add(StartAt::Mention(id), true, matched);
                for target in targets {
                    starts.add(StartAt::Component(target.component()), false, matched);
                }
            }
            Fit::Yes(matched) => {
                for target in targets {
                    let component = target.component();
                    // A reference that only its name joined lends the component no name that it surely bears.
                    let borne = !target.evidence().is_weak() || statement.is_anchor() || !graph.is_listed(component);
                    starts.add(StartAt::Component(component), borne, matched);
                    if !borne {
                        starts.add(StartAt::Mention(id), true, matched);
                    }
                }
            }
            Fit::Undecided(matched) => undecided.push((id, matched)),
        }
    }
    for (id, matched) in undecided {
        let (targets, choice) = graph.meaning(id);
        let whole = |c: ComponentId| {
            graph.statements_of(c).iter().all(|s| graph.statements().version(&graph.statements().get(*s)).is_none())
        };
        if choice || targets.iter().any(|target| !whole(target.component())) {
            starts.add(StartAt::Mention(id), false, matched);
        } else {
            for target in targets {
                starts.add(StartAt::Component(target.component()), false, matched);
            }
        }
    }
    starts.into_vec()
}

/// Deployments by id or label; they are no statements.
fn deployments(graph: &Graph, kind: Option<Kind>, fits: impl Fn(&str) -> bool) -> Vec<Start> {
    if kind.is_some_and(|kind| kind != Kind::Deployment) {
        return Vec::new();
    }
    let hit = |c: &ComponentId| fits(graph.label(*c).as_key()) || fits(graph.id(*c).as_key());
    graph.of_kind(Kind::Deployment).filter(hit).map(deployment).collect()
}

/// The same by a whole name in lower case, found without looking at all of them.
fn deployments_called(graph: &Graph, kind: Option<Kind>, lower: &str) -> Vec<Start> {
    if kind.is_some_and(|kind| kind != Kind::Deployment) {
        return Vec::new();
    }
    let make = || {
        let mut known: FxHashMap<Box<str>, Vec<ComponentId>> = FxHashMap::default();
        for id in graph.of_kind(Kind::Deployment) {
            let names = [graph.label(id), graph.id(id)].map(|name| name.as_key().to_lowercase());
            known.entry(names[0].as_str().into()).or_default().push(id);
            if names[1] != names[0] {
                known.entry(names[1].as_str().into()).or_default().push(id);
            }
        }
        known
    };
    let known = graph.kept().deployments_named.get_or_init(make);
    known.get(lower).into_iter().flatten().copied().map(deployment).collect()
}

fn deployment(id: ComponentId) -> Start {
    Start { at: StartAt::Component(id), sure: true, matched: Match::Name }
}

fn fits_purl(graph: &Graph, s: &Statement, purl: &Purl) -> Fit {
    let text = |id| graph.text(id).as_key();
    if let Some(hub) = &purl.hub {
        if s.hub.is_none_or(|id| text(id) != hub.key) {
            return Fit::No;
        }
        return match &purl.version {
            None => Fit::Yes(Match::Purl),
            Some(asked) => match (graph.statements().version(s), s.revision.map(text)) {
                (Some(stated), _) if version::agree(stated, asked) => Fit::Yes(Match::Purl),
                (_, Some(stated)) if version::agree(stated, asked) => Fit::Yes(Match::Purl),
                (None, None) => Fit::Undecided(Match::Purl),
                _ => Fit::No,
            },
        };
    }
    let same_name = match s.purl.and_then(|id| Purl::parse(text(id))) {
        Some(own) => own.without_version() == purl.without_version(),
        None => ecosystem(graph, s) == purl.ecosystem && normal_name(&purl.ecosystem, text(s.name)) == purl.name,
    };
    match (&purl.version, graph.statements().version(s)) {
        _ if !same_name => Fit::No,
        (None, _) => Fit::Yes(Match::Purl),
        (Some(asked), Some(stated)) => match range::same(&purl.ecosystem, stated, asked) {
            Some(true) => Fit::Yes(Match::Purl),
            Some(false) => Fit::No,
            None => Fit::Undecided(Match::Purl),
        },
        (Some(_), None) => Fit::Undecided(Match::Purl),
    }
}

/// Statements that a purl may mean, by id.
fn purl_bearers(graph: &Graph, purl: &Purl) -> Vec<StatementId> {
    let hub = purl.hub.as_ref().map(|hub| hub.key.as_str());
    named(graph).by_name(&[hub.unwrap_or(&purl.name)])
}

/// Whether a package has a name in the form in which its ecosystem compares names.
fn is_normal_name(graph: &Graph, s: &Statement, name: &str) -> bool {
    let ecosystem = ecosystem(graph, s);
    !ecosystem.is_empty() && normal_name(ecosystem, name) == normal_name(ecosystem, graph.text(s.name).as_key())
}

fn ecosystem<'g>(graph: &'g Graph, s: &Statement) -> &'g str {
    s.ecosystem.map_or("", |id| graph.text(id).as_key())
}

fn has_model_id(graph: &Graph, s: &Statement, model_id: &str) -> bool {
    s.model_id.is_some_and(|id| graph.text(id).as_key() == model_id)
}

/// A scoped or namespaced package: `@angular/core`, `golang.org/x/net`.
fn named_by_purl(graph: &Graph, s: &Statement, lower: &str) -> bool {
    let purl = s.purl.filter(|_| s.hub.is_none()).and_then(|id| Purl::parse(graph.text(id).as_key()));
    purl.is_some_and(|purl| purl.name.to_lowercase() == lower)
}

fn revision_fits(graph: &Graph, s: &Statement, asked: &str) -> Fit {
    let agrees = s.revision.is_some_and(|id| version::agree(graph.text(id).as_key(), asked));
    if agrees { Fit::Yes(Match::NameVersion) } else { Fit::No }
}
