//! What advisories ask, as the question of an incident: selectors in text, which outlive the advisories and the graph.
//!
//! Invariant: what the advisories meet, the selectors meet. Where their words do not reach (commits, BOM-Links, what is not
//! affected) they are wider, and how much wider is told.

use crate::graph::Graph;
use crate::graph::selector::Selector;
use crate::incident::journal::body::Question;
use crate::model::advisory::Advisory;
use crate::model::advisory::Pick;
use crate::model::advisory::Versions;
use crate::model::affected::Event;
use crate::model::affected::Events;
use crate::model::affected::Scale;
use crate::model::hazard::Hazard;
use crate::query::impact::Mark;
use crate::query::select::Scope;
use crate::query::select::Start;
use crate::query::select::StartAt;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// More listed versions than this are no selector that a person could read.
const LISTED: usize = 200;

/// The question of some advisories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asks {
    pub question: Question,
    /// The selectors may meet things that the advisories do not, or more surely than they do.
    pub wider: bool,
}

/// What advisories about one vulnerability ask, given what they meet in a graph; `None` where no text would ask it.
pub(crate) fn question(graph: &Graph, advisories: &[&Advisory], starts: &[Start]) -> Option<Asks> {
    let picks = || advisories.iter().flat_map(|advisory| &advisory.affected);
    let mut selectors: Vec<String> = Vec::new();
    let mut unsaid = false;
    for pick in picks() {
        match written(pick) {
            Some(written) => selectors.extend(written),
            None => unsaid = true,
        }
    }
    if unsaid {
        selectors.extend(starts.iter().flat_map(|start| ids(graph, *start)));
    }
    let mut known = BTreeSet::new();
    selectors.retain(|selector| known.insert(selector.clone()));
    let mut windows = picks().map(|pick| (pick.since, pick.until));
    let window = windows.next().filter(|first| windows.all(|other| other == *first));
    let hazards: BTreeSet<Option<Hazard>> = advisories.iter().map(|advisory| advisory.hazard).collect();
    let hazard = if hazards.len() == 1 { hazards.into_iter().next().flatten() } else { None };
    let (since, until) = window.unwrap_or_default();
    let mut question = Question { selectors, hazard, scope: Scope::AsWritten, since, until };
    let found = beginnings(&question.marks(graph).ok()?.marks);
    let missing = not_among(starts, &found);
    let ids = missing.into_iter().flat_map(|start| ids(graph, start)).filter(|id| known.insert(id.clone()));
    let before = question.selectors.len();
    question.selectors.extend(ids);
    let grown = question.selectors.len() > before;
    let wider = unsaid || grown || window.is_none() || !not_among(&found, starts).is_empty();
    (!question.selectors.is_empty()).then_some(Asks { question, wider })
}

fn beginnings(marks: &[Mark]) -> Vec<Start> {
    marks.iter().flat_map(|mark| mark.selection.starts.iter().copied()).collect()
}

/// Beginnings that others lack, or have less surely. O(n log n).
fn not_among(all: &[Start], others: &[Start]) -> Vec<Start> {
    let mut known: BTreeMap<StartAt, bool> = BTreeMap::new();
    for other in others {
        *known.entry(other.at).or_default() |= other.sure;
    }
    all.iter().filter(|start| known.get(&start.at).is_none_or(|sure| start.sure && !sure)).copied().collect()
}

/// Printed ids of what a beginning is.
fn ids(graph: &Graph, start: Start) -> Vec<String> {
    let components = match start.at {
        StartAt::Component(id) => vec![id],
        StartAt::Mention(id) => graph.meaning(id).0.iter().map(|target| target.component()).collect(),
    };
    components.into_iter().map(|id| format!("{}:{}", graph.kind(id), graph.id(id).as_key())).collect()
}

/// A pick as selectors that mean the same; `None` where there are none.
fn written(pick: &Pick) -> Option<Vec<String>> {
    let Pick { kinds, digest, purl, name, ecosystem, glob, revision, repository, bom_link, versions, doubt, .. } = pick;
    if doubt.is_some() || revision.is_some() || repository.is_some() || bom_link.is_some() {
        return None;
    }
    let all = match (digest, purl, name, glob) {
        (Some(digest), None, None, None) if versions.is_any() => vec![digest.to_string()],
        (None, Some(purl), None, None) if versions.is_any() => vec![purl.canonical.clone()],
        (None, None, None, Some(glob)) if versions.is_any() => vec![glob.clone()],
        (None, None, Some(name), None) => named(name, ecosystem.as_deref(), versions)?,
        _ => return None,
    };
    // A package without ecosystem may be a system library: both kinds are then what any kind means.
    let kind = match kinds.as_slice() {
        [one] => format!("{one}:"),
        _ => String::new(),
    };
    let all = all.into_iter().map(|written| format!("{kind}{written}"));
    all.map(|written| Selector::parse(&written).ok().map(|_| written)).collect()
}

fn named(name: &str, ecosystem: Option<&str>, versions: &Versions) -> Option<Vec<String>> {
    let plain = !name.contains(['<', '>', '=', '!', '*', '?', '[', '{']);
    let Versions { listed, ranges, events, git } = versions;
    match ecosystem {
        _ if !plain || !git.is_empty() || listed.len() > LISTED => None,
        Some(ecosystem) if versions.is_any() => Some(vec![format!("pkg:{ecosystem}/{name}")]),
        None if versions.is_any() => (!name.contains('@')).then(|| vec![name.to_owned()]),
        None if events.is_empty() && listed.is_empty() => {
            let ranges = ranges.iter().map(ToString::to_string).map(|range| (!range.contains(" or ")).then_some(range));
            ranges.map(|range| Some(format!("{name}{}", range?))).collect()
        }
        None => None,
        Some(ecosystem) => {
            let vers = |parts: &str| format!("{name}@vers:{ecosystem}/{parts}");
            let mut all: Vec<String> = events.iter().map(|range| Some(vers(&comparisons(range)?))).collect::<Option<_>>()?;
            for range in ranges {
                let range = range.to_string();
                all.push((!range.contains(" or ")).then(|| vers(&range.replace(',', "|")))?);
            }
            if !listed.is_empty() {
                let equal: Vec<String> = listed.iter().map(|version| format!("={version}")).collect();
                all.push(vers(&equal.join("|")));
            }
            Some(all)
        }
    }
}

/// `>=1.0|<2.2`; `None` where a range has no such form.
fn comparisons(range: &Events) -> Option<String> {
    if range.scale != Scale::Ecosystem {
        return None;
    }
    let compared = range.events.iter().filter_map(|event| match event {
        Event::Introduced(version) if &**version == "0" => None,
        Event::Introduced(version) => Some(Some(format!(">={version}"))),
        Event::Fixed(version) => Some(Some(format!("<{version}"))),
        Event::LastAffected(version) => Some(Some(format!("<={version}"))),
        Event::Limit(_) => Some(None),
    });
    let parts: Vec<String> = compared.collect::<Option<_>>()?;
    // More than one interval would depend on the order of the events.
    (1..=2).contains(&parts.len()).then(|| parts.join("|"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixture;
    use crate::model::advisory::AdvisoryFormat;
    use crate::model::advisory::files::AdvisoryFile;
    use crate::model::advisory::files::AdvisoryFiles;
    use crate::model::advisory::no_history;
    use crate::query::advisory::Options;
    use crate::query::advisory::advised::Advised;
    use crate::query::impact::Window;
    use std::sync::Arc;

    const TEXT: &str = "package:torch -> a -> x@production\nb -> y@production\nbert -> c";

    fn asks(picks: Vec<Pick>, not_affected: Vec<Pick>) -> Option<Asks> {
        let graph = fixture::graph(TEXT);
        let mut advisory = Advisory::new(AdvisoryFormat::Osv, "A-1", crate::model::document::Place::default());
        (advisory.affected, advisory.not_affected) = (picks, not_affected);
        let file = AdvisoryFile { advisories: vec![advisory], ..AdvisoryFile::default() };
        let files = Arc::new(AdvisoryFiles { files: vec![file], passed_over: 0 });
        let options = Options { hazard: None, window: Window::default(), ancestry: &no_history };
        let advised = Advised::new(&graph, files, &options);
        let all: Vec<&Advisory> = advised.advisories().collect();
        question(&graph, &all, &advised.answers[0].starts)
    }

    fn named(name: &str) -> Pick {
        Pick { name: Some(name.to_owned()), ..Pick::default() }
    }

    #[test]
    fn what_has_words_is_asked_in_them() {
        let events =
            |all: Vec<Event>| Versions { events: vec![Events { scale: Scale::Ecosystem, events: all }], ..Versions::default() };
        let numpy = |versions| Pick { ecosystem: Some("pypi".to_owned()), versions, ..named("numpy") };
        let digest = "sha256:5f1c09a7be221f3d2c26a348bae1a5c27dc3654eeb0b2376d35cf3678877d81e";
        for (pick, selector) in [
            (named("bert"), "bert"),
            (Pick { digest: crate::model::digest::Digest::parse(digest), ..Pick::default() }, digest),
            (Pick { glob: Some("b*".to_owned()), kinds: vec![crate::model::kind::Kind::Model], ..Pick::default() }, "model:b*"),
            (numpy(Versions::default()), "pkg:pypi/numpy"),
            (numpy(events(vec![Event::Introduced("0".into()), Event::Fixed("2.2".into())])), "numpy@vers:pypi/<2.2"),
            (numpy(events(vec![Event::Introduced("1".into()), Event::LastAffected("2".into())])), "numpy@vers:pypi/>=1|<=2"),
            (numpy(Versions { listed: vec!["1.0".into(), "1.1".into()], ..Versions::default() }), "numpy@vers:pypi/=1.0|=1.1"),
        ] {
            assert_eq!(asks(vec![pick], Vec::new()).unwrap().question.selectors.join(" "), selector);
        }
    }

    #[test]
    fn what_has_none_is_asked_by_what_it_meets_and_that_is_told() {
        let doubted = asks(vec![named("bert").doubted("by description only"), named("b")], Vec::new()).unwrap();
        assert_eq!(
            (doubted.question.selectors, doubted.wider),
            (vec!["b".to_owned(), "model:b".to_owned(), "model:bert".to_owned()], true)
        );
        let all = asks(vec![named("b")], Vec::new()).unwrap();
        assert!(!all.wider);
        let but_one = asks(vec![Pick { glob: Some("b*".to_owned()), ..Pick::default() }], vec![named("bert")]).unwrap();
        assert!(but_one.wider, "what is not affected has no words");
        let perhaps = asks(vec![Pick { ecosystem: Some("pypi".to_owned()), ..named("torch") }], Vec::new()).unwrap();
        let expected = vec!["pkg:pypi/torch".to_owned(), "package:torch@1.0".to_owned()];
        assert_eq!((perhaps.question.selectors, perhaps.wider), (expected, true), "it states no ecosystem");
        let nothing = asks(vec![named("gone").doubted("by description only")], Vec::new());
        assert_eq!(nothing, None);
    }
}
