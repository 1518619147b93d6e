//! What an advisory says: which components it means, since when it is known, and who said so.
//!
//! Invariant: a [`Pick`] names something; what stands in one must all hold, several picks are "or" (design.md section 2).
//! Invariant: what cannot be decided by a pick's own words is a `doubt`: it selects, but never surely.
//! Absent on purpose: the formats that advisories come in, a graph, ages.

pub(crate) mod files;

use crate::model::affected;
use crate::model::affected::Event;
use crate::model::affected::Events;
use crate::model::affected::Scale;
use crate::model::date::Day;
use crate::model::digest::Digest;
use crate::model::document::Place;
use crate::model::hazard::Hazard;
use crate::model::hub::HubKey;
use crate::model::kind::Kind;
use crate::model::purl::Purl;
use crate::model::range::Range;
use crate::model::version;
use std::cell::RefCell;
use std::fmt;

/// A format that advisories come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum AdvisoryFormat {
    Osv,
    OpenVex,
    CycloneDx,
    Csaf,
    MlAdvisory,
}

impl AdvisoryFormat {
    /// The word used in JSON.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Osv => "osv",
            Self::OpenVex => "openvex",
            Self::CycloneDx => "cyclonedx-vex",
            Self::Csaf => "csaf",
            Self::MlAdvisory => "ml_advisory",
        }
    }
}

/// One vulnerability or compromise, as one document tells it. Times are as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Advisory {
    pub format: AdvisoryFormat,
    /// `GHSA-...`, `CVE-...`; empty where the document gives none.
    pub id: String,
    pub aliases: Vec<String>,
    pub published: Option<String>,
    pub modified: Option<String>,
    /// The publisher took it back on this day: its question is not asked.
    pub withdrawn: Option<Day>,
    pub summary: Option<String>,
    /// `None`: what is usual for the kind of what it meets.
    pub hazard: Option<Hazard>,
    pub severity: Option<String>,
    pub references: Vec<String>,
    pub author: Option<String>,
    pub affected: Vec<Pick>,
    /// Narrows `affected` of this advisory and nothing else, as `fixed` does.
    pub not_affected: Vec<Pick>,
    pub fixed: Vec<Pick>,
    /// What a VEX document says of products; changes no state unless its author is trusted.
    pub statements: Vec<Statement>,
    pub place: Place,
}

impl Advisory {
    /// An advisory that says nothing yet.
    pub(crate) fn new(format: AdvisoryFormat, id: &str, place: Place) -> Self {
        Self {
            format,
            id: id.trim().to_owned(),
            aliases: Vec::new(),
            published: None,
            modified: None,
            withdrawn: None,
            summary: None,
            hazard: None,
            severity: None,
            references: Vec::new(),
            author: None,
            affected: Vec::new(),
            not_affected: Vec::new(),
            fixed: Vec::new(),
            statements: Vec::new(),
            place,
        }
    }

    /// Its own id and all its aliases, in lower case: what makes two advisories one row.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        let all = std::iter::once(&self.id).chain(&self.aliases);
        all.filter(|name| !name.trim().is_empty()).map(|name| name.trim().to_lowercase())
    }
}

/// What a VEX statement says of its products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum VexStatus {
    Affected,
    UnderInvestigation,
    NotAffected,
    Fixed,
}

impl VexStatus {
    /// The word used in OpenVEX, in JSON and on screen.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Affected => "affected",
            Self::UnderInvestigation => "under_investigation",
            Self::NotAffected => "not_affected",
            Self::Fixed => "fixed",
        }
    }
}

/// One VEX statement about some products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    pub status: VexStatus,
    pub products: Vec<Pick>,
    /// `code_not_reachable` and its like, as written.
    pub justification: Option<String>,
    /// The reason in the author's words.
    pub detail: Option<String>,
    pub time: Option<String>,
    pub place: Place,
}

/// One selector of an advisory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Pick {
    /// Empty: any kind.
    pub kinds: Vec<Kind>,
    pub digest: Option<Digest>,
    pub purl: Option<Purl>,
    pub name: Option<String>,
    /// Purl type (`pypi`) that goes with the name.
    pub ecosystem: Option<String>,
    pub glob: Option<String>,
    /// Commit.
    pub revision: Option<String>,
    pub repository: Option<Repository>,
    /// `urn:cdx:SERIAL/VERSION#REF`.
    pub bom_link: Option<String>,
    pub versions: Versions,
    pub since: Option<Day>,
    pub until: Option<Day>,
    /// Why what it meets is POSSIBLE at best; safe to print.
    pub doubt: Option<String>,
    pub place: Place,
}

impl Pick {
    /// A pick that stands at a place and names nothing yet.
    pub(crate) fn at(place: Place) -> Self {
        Self { place, ..Self::default() }
    }

    /// Whether it names nothing: it would select everything, so it selects nothing.
    pub(crate) fn is_empty(&self) -> bool {
        let texts = [&self.name, &self.glob, &self.revision, &self.bom_link];
        self.digest.is_none() && self.purl.is_none() && self.repository.is_none() && texts.iter().all(|text| text.is_none())
    }

    /// The same, never sure, for a reason that may be printed.
    pub(crate) fn doubted(mut self, doubt: impl Into<String>) -> Self {
        self.doubt.get_or_insert_with(|| doubt.into());
        self
    }

    /// Kinds that its words make likely where none is stated; empty where they do not tell.
    pub(crate) fn likely_kinds(&self) -> Vec<Kind> {
        if !self.kinds.is_empty() {
            return self.kinds.iter().copied().filter(|kind| *kind != Kind::Deployment).collect();
        }
        let ecosystem = self.purl.as_ref().map(|purl| purl.ecosystem.as_str()).or(self.ecosystem.as_deref());
        match ecosystem {
            Some("huggingface" | "mlflow") => vec![Kind::Model, Kind::Dataset],
            Some("oci" | "docker") => vec![Kind::Application],
            Some("github" | "gitlab" | "bitbucket") => vec![Kind::Code],
            Some("generic") => Vec::new(),
            Some(_) => vec![Kind::Package, Kind::System],
            None if self.repository.is_some() => vec![Kind::Code],
            None => Vec::new(),
        }
    }
}

impl fmt::Display for Pick {
    /// `pypi torch <2.2`, `sha256:5f1c09a7be22`: the exact words, not escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        let digest = self.digest.as_ref().map(|digest| {
            let hex = digest.hex();
            format!("{}:{}", digest.algorithm().word(), hex.get(..12).unwrap_or(&hex))
        });
        parts.extend(digest);
        parts.extend(self.purl.as_ref().map(|purl| purl.canonical.clone()));
        parts.extend(self.name.as_ref().map(|name| match &self.ecosystem {
            Some(ecosystem) => format!("{ecosystem} {name}"),
            None => name.clone(),
        }));
        parts.extend([&self.glob, &self.bom_link].into_iter().flatten().cloned());
        parts.extend(self.repository.as_ref().map(|repository| repository.path.clone()));
        parts.extend(self.revision.as_ref().map(|revision| format!("commit {}", revision.get(..12).unwrap_or(revision))));
        parts.extend(Some(self.versions.to_string()).filter(|versions| !versions.is_empty()));
        f.write_str(&parts.join(" "))
    }
}

/// A git repository, however its address is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Repository {
    /// Host and path in lower case, without scheme, user and `.git`.
    pub path: String,
    pub hub: Option<HubKey>,
}

impl Repository {
    /// Reads an address: `https://github.com/a/b.git`, `git@github.com:a/b`, `github.com/a/b`. `None` for a blank text.
    pub(crate) fn parse(written: &str) -> Option<Self> {
        let path = Self::path_of(written);
        (!path.is_empty()).then(|| Self { path, hub: HubKey::from_url(written) })
    }

    /// The form in which addresses are compared.
    pub(crate) fn path_of(written: &str) -> String {
        let written = written.trim();
        let written = written.strip_prefix("git+").unwrap_or(written);
        let (scheme, rest) = written.split_once("://").map_or((false, written), |(_, rest)| (true, rest));
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let rest = match rest.split_once('@') {
            Some((user, host)) if !user.contains('/') => host,
            Some(_) | None => rest,
        };
        let path = if scheme { rest.to_owned() } else { rest.replacen(':', "/", 1) };
        let path = path.trim_end_matches('/');
        path.strip_suffix(".git").unwrap_or(path).to_lowercase()
    }
}

/// Which versions are meant: any of what stands here; nothing stands here: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Versions {
    pub listed: Vec<Box<str>>,
    /// Comparisons, any of them.
    pub ranges: Vec<Range>,
    pub events: Vec<Events>,
    /// The events of commits once more, in the form in which a history can be asked.
    pub git: Vec<GitRange>,
}

impl Versions {
    /// Whether all versions are meant.
    pub(crate) fn is_any(&self) -> bool {
        self.listed.is_empty() && self.ranges.is_empty() && self.events.is_empty() && self.git.is_empty()
    }
}

/// The versions of one pick, made ready to be asked for many components.
pub(crate) struct Judge<'a> {
    versions: &'a Versions,
    ancestry: &'a Ancestry<'a>,
    /// By ecosystem: nearly always one.
    read: RefCell<Vec<(String, affected::Versions)>>,
}

impl<'a> Judge<'a> {
    /// Nothing is read before it is asked for.
    pub(crate) fn new(versions: &'a Versions, ancestry: &'a Ancestry<'a>) -> Self {
        Self { versions, ancestry, read: RefCell::default() }
    }

    /// Whether a stated version, or the commit in its place, is meant; `None`: it cannot be decided.
    ///
    /// What is undecided because only the named commits are known is asked of the history.
    pub(crate) fn contains(&self, ecosystem: &str, stated: Option<&str>) -> Option<bool> {
        let Versions { listed, ranges, events, git } = self.versions;
        if self.versions.is_any() {
            return Some(true);
        }
        let mut answers: Vec<Option<bool>> = ranges.iter().map(|range| range.contains(ecosystem, stated?)).collect();
        if !listed.is_empty() || !events.is_empty() {
            let history = |commit: String| any(git.iter().map(|range| range.contains(&commit, self.ancestry)));
            let commit = || stated.and_then(version::commit).filter(|_| !git.is_empty());
            answers.push(self.by_order(ecosystem, stated).or_else(|| history(commit()?)));
        }
        any(answers.into_iter())
    }

    fn by_order(&self, ecosystem: &str, stated: Option<&str>) -> Option<bool> {
        let mut read = self.read.borrow_mut();
        let known = read.iter().position(|(known, _)| known == ecosystem);
        let row = known.unwrap_or_else(|| {
            let Versions { listed, events, .. } = self.versions;
            read.push((ecosystem.to_owned(), affected::Versions::new(ecosystem, events, listed)));
            read.len() - 1
        });
        read.get(row).and_then(|(_, versions)| versions.contains(stated))
    }
}

impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 3;
        let ranges = self.ranges.iter().map(ToString::to_string);
        let mut parts: Vec<String> =
            ranges.chain(self.events.iter().filter(|range| range.scale != Scale::Git).map(shown)).collect();
        // What is listed repeats the ranges where there are any.
        if parts.is_empty() {
            parts.extend(self.listed.iter().map(|version| format!("={version}")));
        }
        if parts.is_empty() {
            parts.extend(self.git.iter().map(ToString::to_string));
        }
        let more = parts.len().saturating_sub(SHOWN);
        parts.truncate(SHOWN);
        f.write_str(&parts.join(" or "))?;
        if more > 0 { write!(f, " or {more} more") } else { Ok(()) }
    }
}

/// `>=1.0,<2.2`: the events of a range as comparisons.
fn shown(range: &Events) -> String {
    let compared = range.events.iter().filter_map(|event| match event {
        Event::Introduced(version) => (&**version != "0").then(|| format!(">={version}")),
        Event::Fixed(version) | Event::Limit(version) => Some(format!("<{version}")),
        Event::LastAffected(version) => Some(format!("<={version}")),
    });
    let parts: Vec<String> = compared.collect();
    if parts.is_empty() { "every version".to_owned() } else { parts.join(",") }
}

/// Whether the first commit is the second one or comes before it; `None`: nobody here knows.
pub(crate) type Ancestry<'a> = dyn Fn(&str, &str) -> Option<bool> + 'a;

/// Knows no history: commits are compared with one another only.
pub(crate) fn no_history(_: &str, _: &str) -> Option<bool> {
    None
}

/// Commits between which a repository is affected, as OSV counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct GitRange {
    /// Commits that brought it; empty with `from_start`: all since the first.
    pub introduced: Vec<String>,
    /// It has been there since the first commit.
    pub from_start: bool,
    pub fixed: Vec<String>,
    pub last_affected: Vec<String>,
    /// Only what comes before one of these is spoken of.
    pub limit: Vec<String>,
}

impl GitRange {
    /// Whether a commit is in the range: by equality, else by who comes before whom.
    pub(crate) fn contains(&self, commit: &str, ancestry: &Ancestry<'_>) -> Option<bool> {
        let before = |a: &str, b: &str| if version::agree(a, b) { Some(true) } else { ancestry(a, b) };
        let one_before = |all: &[String], to: &str| any(all.iter().map(|one| before(one, to)));
        let is = |all: &[String]| all.iter().any(|one| version::agree(one, commit));
        if is(&self.fixed) {
            return Some(false);
        }
        if is(&self.introduced) || is(&self.last_affected) {
            return Some(true);
        }
        let brought = if self.from_start { Some(true) } else { one_before(&self.introduced, commit) };
        let fixed = one_before(&self.fixed, commit);
        let over = one_before(&self.last_affected, commit);
        let spoken_of =
            if self.limit.is_empty() { Some(true) } else { any(self.limit.iter().map(|limit| before(commit, limit))) };
        let not = |answer: Option<bool>| answer.map(|answer| !answer);
        let all = [brought, not(fixed), not(over), spoken_of];
        if all.contains(&Some(false)) { Some(false) } else { all.iter().all(Option::is_some).then_some(true) }
    }
}

impl fmt::Display for GitRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = |commit: &String| commit.get(..12).unwrap_or(commit).to_owned();
        let list = |all: &[String]| all.iter().map(short).collect::<Vec<_>>().join(" ");
        let from = if self.from_start { "the first commit".to_owned() } else { list(&self.introduced) };
        write!(f, "from {from}")?;
        match (self.fixed.as_slice(), self.last_affected.as_slice()) {
            ([], []) => Ok(()),
            ([], last) => write!(f, " to {}", list(last)),
            (fixed, _) => write!(f, " before {}", list(fixed)),
        }
    }
}

/// Whether one of several answers is yes.
fn any(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut undecided = false;
    for answer in answers {
        match answer {
            Some(true) => return Some(true),
            Some(false) => {}
            None => undecided = true,
        }
    }
    (!undecided).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "aaaaaaa000000000000000000000000000000001";
    const B: &str = "bbbbbbb000000000000000000000000000000002";
    const C: &str = "ccccccc000000000000000000000000000000003";

    /// A comes before B, which comes before C.
    #[expect(clippy::unnecessary_wraps, reason = "as every history")]
    fn line(a: &str, b: &str) -> Option<bool> {
        Some(a <= b)
    }

    #[test]
    fn a_repository_is_one_however_its_address_is_written() {
        for written in [
            "https://github.com/Acme/Train.git",
            "git+https://github.com/acme/train",
            "git@github.com:acme/train.git",
            "github.com/acme/train/",
            "ssh://git@github.com/acme/train.git#main",
        ] {
            let repository = Repository::parse(written).unwrap();
            assert_eq!(repository.path, "github.com/acme/train", "{written}");
        }
        assert_eq!(Repository::parse("https://huggingface.co/a/b").unwrap().hub.unwrap().key, "a/b");
        assert_eq!(Repository::parse(" "), None);
    }

    #[test]
    fn commits_are_judged_by_equality_and_by_history_where_it_is_known() {
        let range = |introduced: &[&str], fixed: &[&str], last: &[&str]| GitRange {
            from_start: introduced.is_empty(),
            introduced: introduced.iter().map(ToString::to_string).collect(),
            fixed: fixed.iter().map(ToString::to_string).collect(),
            last_affected: last.iter().map(ToString::to_string).collect(),
            limit: Vec::new(),
        };
        for (range, commit, alone, with_history, why) in [
            (range(&[A], &[C], &[]), A, Some(true), Some(true), "it brought it"),
            (range(&[A], &[C], &[]), C, Some(false), Some(false), "it mended it"),
            (range(&[A], &[C], &[]), B, None, Some(true), "between both"),
            (range(&[B], &[C], &[]), A, None, Some(false), "before it came"),
            (range(&[], &[B], &[]), C, None, Some(false), "after it was mended"),
            (range(&[], &[], &[B]), B, Some(true), Some(true), "the last one"),
            (range(&[], &[], &[B]), C, None, Some(false), "after the last one"),
            (range(&[], &[], &[]), C, Some(true), Some(true), "all commits"),
        ] {
            assert_eq!(range.contains(commit, &no_history), alone, "{why}");
            assert_eq!(range.contains(commit, &line), with_history, "{why}");
        }
        let limited = GitRange { from_start: true, limit: vec![B.to_owned()], ..GitRange::default() };
        assert_eq!((limited.contains(A, &line), limited.contains(C, &line)), (Some(true), Some(false)));
    }

    #[test]
    fn a_pick_is_shown_in_short() {
        let mut pick = Pick { name: Some("torch".to_owned()), ecosystem: Some("pypi".to_owned()), ..Pick::default() };
        assert!(!pick.is_empty() && Pick::default().is_empty());
        pick.versions.listed = (0..5).map(|n| format!("1.{n}").into()).collect();
        assert_eq!(pick.to_string(), "pypi torch =1.0 or =1.1 or =1.2 or 2 more");
    }
}
