//! What the selectors of advisories mean in one repository: like a person's, but all that stands in one must hold.
//!
//! Invariant: a pick is looked up by its most telling word and judged by all of them; what an index cannot hold (globs,
//! commits, repositories, BOM-Links) is found for all picks in one pass over the statements ([`Scan`]).
//! Absent on purpose: digests that stand alone, which select as a person's do and rule out their namesakes (`query`).

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::ids::StatementId;
use crate::graph::select::Fit;
use crate::graph::select::Match;
use crate::graph::select::Start;
use crate::graph::select::StartAt;
use crate::graph::select::by_fit_of;
use crate::graph::select::by_name;
use crate::graph::select::deployments;
use crate::graph::select::ecosystem;
use crate::graph::select::fits_purl;
use crate::graph::select::merged;
use crate::graph::select::purl_bearers;
use crate::graph::statement::Statement;
use crate::model::advisory::Ancestry;
use crate::model::advisory::Judge;
use crate::model::advisory::Pick;
use crate::model::advisory::Repository;
use crate::model::kind::Kind;
use crate::model::purl::Purl;
use crate::model::version;
use globset::GlobBuilder;
use globset::GlobMatcher;
use globset::GlobSet;
use globset::GlobSetBuilder;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// Everything that a pick means, but for one that has a digest: see [`narrowed`]. `scanned`: what [`Scan`] found for it.
pub(crate) fn starts(graph: &Graph, pick: &Pick, scanned: &[StatementId], ancestry: &Ancestry<'_>) -> Vec<Start> {
    let kind = only_kind(pick);
    let judge = Judge::new(&pick.versions, ancestry);
    let fit = |s: &Statement| fits(graph, s, pick, &judge);
    let found = if let Some(purl) = &pick.purl {
        by_fit_of(graph, purl_bearers(graph, purl), kind, fit)
    } else if let Some(name) = &pick.name {
        // By the last part of a name something is met, too: that is looked up with the name.
        let nameless = Pick { name: None, ..pick.clone() };
        by_name(graph, kind, name, |s| fits(graph, s, &nameless, &judge))
    } else {
        let glob = pick.glob.as_deref().filter(|_| pick.versions.is_any() && pick.revision.is_none()).and_then(matcher);
        let of_glob = glob.map_or_else(Vec::new, |glob| deployments(graph, kind, |label| glob.is_match(label)));
        merged([by_fit_of(graph, scanned.iter().copied(), kind, fit), of_glob].concat())
    };
    found
        .into_iter()
        .filter(|start| has_kind(graph, start.at, pick))
        .map(|start| Start { sure: start.sure && pick.doubt.is_none(), ..start })
        .collect()
}

/// Of some beginnings those that all words of a pick but its digest fit, none surer than these words.
pub(crate) fn narrowed(graph: &Graph, starts: Vec<Start>, pick: &Pick, ancestry: &Ancestry<'_>) -> Vec<Start> {
    let pick = &Pick { digest: None, ..pick.clone() };
    let judge = Judge::new(&pick.versions, ancestry);
    let kept = starts.into_iter().filter_map(|start| {
        let fit = match start.at {
            _ if pick.is_empty() && pick.versions.is_any() => Fit::Yes(start.matched),
            StartAt::Mention(id) => together(terms(graph, &graph.statements().get(id), pick, &judge)),
            StartAt::Component(id) => {
                let all = graph.statements_of(id).iter().map(|s| terms(graph, &graph.statements().get(*s), pick, &judge));
                together(all.reduce(best_each).unwrap_or_default())
            }
        };
        let sure = start.sure && pick.doubt.is_none();
        match fit {
            Fit::Yes(_) => Some(Start { sure, ..start }),
            Fit::Undecided(_) => Some(Start { sure: false, ..start }),
            Fit::No => None,
        }
    });
    kept.filter(|start| has_kind(graph, start.at, pick)).collect()
}

/// What bears the name or the purl of a pick, in whatever version.
pub(crate) fn namesakes(graph: &Graph, pick: &Pick) -> Vec<ComponentId> {
    let found = match (&pick.purl, &pick.name) {
        (Some(purl), _) => {
            let bare = Purl { version: None, canonical: purl.without_version(), ..purl.clone() };
            let bare = Purl { hub: bare.hub.clone().map(|hub| crate::model::hub::HubKey { revision: None, ..hub }), ..bare };
            by_fit_of(graph, purl_bearers(graph, &bare), only_kind(pick), |s| fits_purl(graph, s, &bare))
        }
        (None, Some(name)) => by_name(graph, only_kind(pick), name, |_| Fit::Yes(Match::Name)),
        (None, None) => Vec::new(),
    };
    let component = |start: Start| match start.at {
        StartAt::Component(id) if start.sure && has_kind(graph, start.at, pick) => Some(id),
        StartAt::Component(_) | StartAt::Mention(_) => None,
    };
    found.into_iter().filter_map(component).collect()
}

fn only_kind(pick: &Pick) -> Option<Kind> {
    if let [one] = pick.kinds[..] { Some(one) } else { None }
}

fn has_kind(graph: &Graph, at: StartAt, pick: &Pick) -> bool {
    let kind = match at {
        StartAt::Component(id) => graph.kind(id),
        StartAt::Mention(id) => graph.statements().get(id).kind,
    };
    pick.kinds.is_empty() || pick.kinds.contains(&kind)
}

fn fits(graph: &Graph, s: &Statement, pick: &Pick, judge: &Judge<'_>) -> Fit {
    if !pick.kinds.is_empty() && !pick.kinds.contains(&s.kind) {
        return Fit::No;
    }
    together(terms(graph, s, pick, judge))
}

/// How each word of a pick fits; `None`: there is no such word.
type Terms = [Option<Fit>; 7];

fn terms(graph: &Graph, s: &Statement, pick: &Pick, judge: &Judge<'_>) -> Terms {
    let text = |id| graph.text(id).as_key();
    let yes = |hit: bool, matched: Match| if hit { Fit::Yes(matched) } else { Fit::No };
    [
        pick.purl.as_ref().map(|purl| fits_purl(graph, s, purl)),
        pick.name.as_deref().map(|name| yes(is_called(graph, s, name), Match::Name)),
        pick.ecosystem.as_deref().map(|asked| {
            let stated = ecosystem(graph, s);
            yes(stated.is_empty() || stated == asked, Match::Name)
        }),
        pick.glob.as_deref().map(|glob| {
            let names = [Some(s.name), s.model_id, s.hub].into_iter().flatten();
            yes(matcher(glob).is_some_and(|glob| names.into_iter().any(|id| glob.is_match(text(id)))), Match::Glob)
        }),
        pick.revision.as_deref().map(|asked| commit_fit(graph, s, asked, is_named(pick))),
        pick.repository
            .as_ref()
            .map(|repository| yes(is_repository(graph, s, repository), Match::Name))
            .or_else(|| pick.bom_link.as_deref().map(|link| yes(s.global_ref.is_some_and(|id| text(id) == link), Match::Purl))),
        (!pick.versions.is_any()).then(|| version_fit(graph, s, pick, judge)),
    ]
}

/// All words must hold; the loosest of them says by what, but a name only where it stands alone.
fn together(terms: Terms) -> Fit {
    let by = |a: Match, b: Match| match (a, b) {
        (Match::Name, other) | (other, Match::Name) => other,
        (a, b) => a.max(b),
    };
    let both = |a, b| match (a, b) {
        (Fit::No, _) | (_, Fit::No) => Fit::No,
        (Fit::Yes(a), Fit::Yes(b)) => Fit::Yes(by(a, b)),
        (Fit::Yes(a) | Fit::Undecided(a), Fit::Yes(b) | Fit::Undecided(b)) => Fit::Undecided(by(a, b)),
    };
    terms.into_iter().flatten().reduce(both).unwrap_or(Fit::Yes(Match::Name))
}

/// What several statements about one component say of each word: what one of them states decides before what none does.
fn best_each(a: Terms, b: Terms) -> Terms {
    let rank = |fit: &Fit| match fit {
        Fit::Yes(_) => 0,
        Fit::No => 1,
        Fit::Undecided(_) => 2,
    };
    std::array::from_fn(|at| match (a.get(at).copied().flatten(), b.get(at).copied().flatten()) {
        (Some(a), Some(b)) => Some(if rank(&b) < rank(&a) { b } else { a }),
        (one, other) => one.or(other),
    })
}

fn is_called(graph: &Graph, s: &Statement, name: &str) -> bool {
    let lower = name.trim().to_lowercase();
    let text = |id| graph.text(id).as_key().to_lowercase();
    let names = [Some(s.name), s.hub, s.model_id].into_iter().flatten().map(text);
    let bears = |own: String| own == lower || crate::graph::identity::lower_tail(&own) == Some(lower.as_str());
    names.into_iter().any(bears) || super::is_normal_name(graph, s, name) || super::named_by_purl(graph, s, &lower)
}

/// Whether more than a commit names what is meant: alone, a commit is not that of whatever states none.
fn is_named(pick: &Pick) -> bool {
    let texts = [&pick.name, &pick.glob, &pick.bom_link];
    pick.digest.is_some() || pick.purl.is_some() || pick.repository.is_some() || texts.iter().any(|text| text.is_some())
}

fn commit_fit(graph: &Graph, s: &Statement, asked: &str, is_named: bool) -> Fit {
    let stated = [s.revision.map(|id| graph.text(id).as_key()), graph.statements().version(s)];
    let commits: Vec<String> = stated.into_iter().flatten().filter_map(version::commit).collect();
    match &commits[..] {
        [] if is_named => Fit::Undecided(Match::NameVersion),
        all if all.iter().any(|commit| version::agree(commit, asked)) => Fit::Yes(Match::NameVersion),
        _ => Fit::No,
    }
}

fn is_repository(graph: &Graph, s: &Statement, repository: &Repository) -> bool {
    let text = |id| graph.text(id).as_key();
    let on_hub = s.hub.zip(repository.hub.as_ref()).is_some_and(|(own, hub)| text(own) == hub.key);
    on_hub
        || Repository::path_of(text(s.name)) == repository.path
        || path_of_purl(graph, s).is_some_and(|path| path == repository.path)
}

/// `github.com/a/b` of `pkg:github/a/b`.
fn path_of_purl(graph: &Graph, s: &Statement) -> Option<String> {
    let purl = Purl::parse(graph.text(s.purl?).as_key())?;
    let host = match purl.ecosystem.as_str() {
        "github" => "github.com",
        "gitlab" => "gitlab.com",
        "bitbucket" => "bitbucket.org",
        _ => return None,
    };
    Some(format!("{host}/{}", purl.name.to_lowercase()))
}

fn version_fit(graph: &Graph, s: &Statement, pick: &Pick, judge: &Judge<'_>) -> Fit {
    let listed = pick.versions.ranges.is_empty() && pick.versions.events.is_empty() && pick.versions.git.is_empty();
    let matched = if listed { Match::NameVersion } else { Match::Range };
    let stated = [graph.statements().version(s), s.revision.map(|id| graph.text(id).as_key())];
    let mut answers: Vec<Option<bool>> =
        stated.into_iter().flatten().map(|stated| judge.contains(ecosystem(graph, s), Some(stated))).collect();
    if answers.is_empty() {
        answers.push(judge.contains(ecosystem(graph, s), None));
    }
    if answers.contains(&Some(true)) {
        Fit::Yes(matched)
    } else if answers.contains(&None) {
        Fit::Undecided(matched)
    } else {
        Fit::No
    }
}

fn matcher(glob: &str) -> Option<GlobMatcher> {
    GlobBuilder::new(glob).case_insensitive(true).literal_separator(false).build().ok().map(|glob| glob.compile_matcher())
}

/// So many globs are looked for at once.
const GLOBS: usize = 100;

/// What no index holds, of many picks at once.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// By the pick's number: statements that may fit, by id.
    found: FxHashMap<usize, Vec<StatementId>>,
}

/// Picks by what they are found by.
#[derive(Default)]
struct Wanted<'p> {
    globs: Vec<(GlobSet, Vec<usize>)>,
    /// By the first seven digits.
    commits: FxHashMap<&'p str, Vec<usize>>,
    repositories: FxHashMap<&'p str, Vec<usize>>,
    hubs: FxHashMap<&'p str, Vec<usize>>,
    links: FxHashMap<&'p str, Vec<usize>>,
}

impl Scan {
    /// Looks through all statements once, if any pick needs it.
    pub(crate) fn new<'p>(graph: &Graph, picks: impl Iterator<Item = &'p Pick>) -> Self {
        let wanted = Wanted::of(picks);
        if wanted.is_empty() {
            return Self::default();
        }
        let rows: Vec<StatementId> = graph.statements().ids().collect();
        let mut hits: Vec<(usize, StatementId)> = rows
            .par_iter()
            .flat_map_iter(|id| wanted.by(graph, &graph.statements().get(*id)).into_iter().map(|pick| (pick, *id)))
            .collect();
        hits.sort_unstable();
        hits.dedup();
        let mut found: FxHashMap<usize, Vec<StatementId>> = FxHashMap::default();
        for (pick, id) in hits {
            found.entry(pick).or_default().push(id);
        }
        Self { found }
    }

    /// What was found for the pick of a number.
    pub(crate) fn of(&self, pick: usize) -> &[StatementId] {
        self.found.get(&pick).map(Vec::as_slice).unwrap_or_default()
    }
}

impl<'p> Wanted<'p> {
    fn of(picks: impl Iterator<Item = &'p Pick>) -> Self {
        let mut wanted = Self::default();
        let mut globs: Vec<(usize, &str)> = Vec::new();
        for (row, pick) in picks.enumerate() {
            if pick.digest.is_some() || pick.purl.is_some() || pick.name.is_some() {
                continue;
            }
            if let Some(repository) = &pick.repository {
                wanted.repositories.entry(&repository.path).or_default().push(row);
                wanted.hubs.entry(repository.hub.as_ref().map_or("", |hub| &hub.key)).or_default().push(row);
            } else if let Some(link) = &pick.bom_link {
                wanted.links.entry(link).or_default().push(row);
            } else if let Some(start) = pick.revision.as_deref().and_then(|revision| revision.get(..7)) {
                wanted.commits.entry(start).or_default().push(row);
            } else if let Some(glob) = &pick.glob {
                globs.push((row, glob));
            }
        }
        wanted.hubs.remove("");
        for some in globs.chunks(GLOBS) {
            let sets = set(some).map_or_else(|| some.chunks(1).filter_map(set).collect(), |set| vec![set]);
            wanted.globs.extend(sets);
        }
        wanted
    }

    fn is_empty(&self) -> bool {
        let maps = [&self.commits, &self.repositories, &self.hubs, &self.links];
        self.globs.is_empty() && maps.iter().all(|map| map.is_empty())
    }

    /// The picks that a statement may fit.
    fn by(&self, graph: &Graph, s: &Statement) -> Vec<usize> {
        let text = |id| graph.text(id).as_key();
        let mut found = Vec::new();
        for (set, rows) in &self.globs {
            for name in [Some(s.name), s.model_id, s.hub].into_iter().flatten() {
                found.extend(set.matches(text(name)).into_iter().filter_map(|at| rows.get(at)));
            }
        }
        let mut take = |map: &FxHashMap<&str, Vec<usize>>, key: &str| found.extend(map.get(key).into_iter().flatten());
        if !self.commits.is_empty() {
            let stated = [s.revision.map(text), graph.statements().version(s)];
            for commit in stated.into_iter().flatten().filter_map(version::commit) {
                take(&self.commits, commit.get(..7).unwrap_or_default());
            }
        }
        if !self.repositories.is_empty() {
            if s.kind == Kind::Code {
                take(&self.repositories, &Repository::path_of(text(s.name)));
            }
            if let Some(path) = path_of_purl(graph, s) {
                take(&self.repositories, &path);
            }
            take(&self.hubs, s.hub.map_or("", text));
        }
        if let Some(link) = s.global_ref.filter(|_| !self.links.is_empty()) {
            take(&self.links, text(link));
        }
        found
    }
}

/// Several globs as one, each with the number of its pick; `None`: together they are too large.
fn set(globs: &[(usize, &str)]) -> Option<(GlobSet, Vec<usize>)> {
    let mut builder = GlobSetBuilder::new();
    let mut rows = Vec::new();
    for (row, glob) in globs {
        builder.add(GlobBuilder::new(glob).case_insensitive(true).literal_separator(false).build().ok()?);
        rows.push(*row);
    }
    Some((builder.build().ok()?, rows))
}

/// What [`starts`] means, by looking at every statement.
#[cfg(test)]
pub(crate) fn slow(graph: &Graph, pick: &Pick, ancestry: &Ancestry<'_>) -> Vec<Start> {
    let judge = Judge::new(&pick.versions, ancestry);
    let all = by_fit_of(graph, graph.statements().ids(), only_kind(pick), |s| fits(graph, s, pick, &judge));
    let glob = pick.glob.as_deref().filter(|_| pick.versions.is_any() && pick.revision.is_none()).and_then(matcher);
    let of_glob = glob.map_or_else(Vec::new, |glob| deployments(graph, only_kind(pick), |label| glob.is_match(label)));
    let kept = merged([all, of_glob].concat()).into_iter().filter(|start| has_kind(graph, start.at, pick));
    kept.map(|start| Start { sure: start.sure && pick.doubt.is_none(), ..start }).collect()
}
