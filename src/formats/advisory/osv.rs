//! OSV, JSON or YAML: packages with ranges of events, and repositories with ranges of commits.
//!
//! Invariant: a range without `introduced` begins at the first version, which widens.
//! Absent on purpose: `related` (another vulnerability), CVSS arithmetic.

use crate::formats::advisory::Advisories;
use crate::formats::advisory::picks;
use crate::formats::facts::report;
use crate::formats::facts::shown;
use crate::formats::tree::Node;
use crate::model::advisory::Advisory;
use crate::model::advisory::AdvisoryFormat;
use crate::model::advisory::GitRange;
use crate::model::advisory::Pick;
use crate::model::advisory::Repository;
use crate::model::advisory::Versions;
use crate::model::affected::Event;
use crate::model::affected::Events;
use crate::model::affected::Scale;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::hazard::Hazard;
use crate::model::purl::Purl;
use crate::model::version;

/// Malicious packages are published under this name: what they hold is poison, not a weakness.
const MALICIOUS: &str = "MAL-";

/// Reads one OSV record.
pub(super) fn read(root: Node<'_>, read: &mut Advisories) {
    let mut advisory = Advisory::new(AdvisoryFormat::Osv, root.str("id").unwrap_or_default(), root.place());
    advisory.aliases = picks::texts(root, "aliases");
    advisory.published = picks::text(root, "published");
    advisory.modified = picks::text(root, "modified");
    advisory.withdrawn = picks::withdrawn(root, &mut read.findings);
    advisory.summary = picks::text(root, "summary").or_else(|| picks::text(root, "details"));
    advisory.hazard = advisory.id.starts_with(MALICIOUS).then_some(Hazard::Poisoned);
    let severity = root.each_map("severity").into_iter().find_map(|severity| picks::text(severity, "score"));
    let stated = root.get("database_specific").and_then(|specific| picks::text(specific, "severity"));
    advisory.severity = stated.or(severity);
    advisory.references = root.each_map("references").into_iter().filter_map(|reference| picks::text(reference, "url")).collect();
    advisory.author = root.each_map("credits").into_iter().find_map(|credit| picks::text(credit, "name"));
    let mut terms = 0;
    for entry in root.each_map("affected") {
        let found = affected(entry, &mut terms, &mut read.findings);
        if terms > picks::TERMS {
            read.findings.push(picks::too_many_terms(entry.place()));
            return;
        }
        if found.is_empty() {
            report(&mut read.findings, picks::names_nothing(entry.place(), "an entry of `affected` that names nothing"));
        }
        advisory.affected.extend(found);
    }
    // What is weak in a package is weak in the commits that it was built from; these alone are judged by their kind.
    if advisory.hazard.is_none() && advisory.affected.iter().any(|pick| pick.ecosystem.is_some()) {
        advisory.hazard = Some(Hazard::Vulnerable);
    }
    read.all.push(advisory);
}

/// The picks of one entry of `affected`; `terms` counts what it holds.
fn affected(entry: Node<'_>, terms: &mut usize, findings: &mut Vec<Finding>) -> Vec<Pick> {
    let mut versions = Versions { listed: picks::listed(entry, "versions"), ..Versions::default() };
    *terms += 1 + versions.listed.len();
    let mut repositories: Vec<(Repository, (Vec<Events>, GitRange))> = Vec::new();
    for range in entry.each_map("ranges") {
        *terms += 1 + range.each("events").len();
        if *terms > picks::TERMS {
            return Vec::new();
        }
        let events = events(range, findings);
        if events.scale == Scale::Git {
            let git = git_range(range, &events.events, findings);
            let own = (vec![events.clone()], git.clone());
            repositories.extend(range.str("repo").and_then(Repository::parse).map(|repository| (repository, own)));
            versions.git.push(git);
        }
        versions.events.push(events);
    }
    let mut found = Vec::new();
    if let Some(package) = entry.get("package") {
        found.extend(of_package(package, &versions, findings));
    }
    let of_repository = |(repository, (events, git)): (Repository, (Vec<Events>, GitRange))| Pick {
        repository: Some(repository),
        versions: Versions { events, git: vec![git], ..Versions::default() },
        ..Pick::at(entry.place())
    };
    found.extend(repositories.into_iter().map(of_repository));
    found
}

/// The package by its name in its ecosystem, and by its purl where that says something else.
fn of_package(package: Node<'_>, versions: &Versions, findings: &mut Vec<Finding>) -> Vec<Pick> {
    let place = package.place();
    let known = package.get("ecosystem").and_then(|written| picks::purl_type(written, findings));
    let name = package.str("name");
    let mut found: Vec<Pick> = Vec::new();
    match (known, name) {
        (Some(ecosystem), Some(name)) => found.push(picks::of_package(ecosystem, name, place)),
        (None, Some(name)) => {
            let pick = Pick { kinds: picks::PACKAGES.to_vec(), name: Some(name.to_owned()), ..Pick::at(place) };
            found.push(pick.doubted("the advisory's ecosystem is not known"));
        }
        (_, None) => {}
    }
    if let Some(purl) = package.get("purl").and_then(|purl| Some((purl, purl.text()?))) {
        let says_the_same = |purl: &Purl| {
            let normal = name.map(|name| crate::model::purl::normal_name(&purl.ecosystem, name));
            known == Some(purl.ecosystem.as_str()) && normal.as_deref() == Some(&purl.name) && purl.version.is_none()
        };
        match Purl::parse(purl.1) {
            Some(read) if says_the_same(&read) => {}
            Some(_) | None => found.extend(picks::of_purl(purl.1, purl.0.place(), findings)),
        }
    }
    for pick in &mut found {
        pick.versions = versions.clone();
        if versions.is_any() {
            pick.doubt.get_or_insert_with(|| "the advisory states no versions".to_owned());
        }
    }
    found
}

fn events(range: Node<'_>, findings: &mut Vec<Finding>) -> Events {
    let scale = match range.str("type").unwrap_or("ECOSYSTEM") {
        "GIT" => Scale::Git,
        "SEMVER" => Scale::SemVer,
        "ECOSYSTEM" => Scale::Ecosystem,
        other => {
            let message = format!("a range of the unknown type `{}`: read by the order of its ecosystem", shown(other));
            report(findings, Finding::new(Code::Invalid, range.place(), message, "use SEMVER, ECOSYSTEM or GIT"));
            Scale::Ecosystem
        }
    };
    Events { scale, events: written(range, findings) }
}

fn git_range(range: Node<'_>, events: &[Event], findings: &mut Vec<Finding>) -> GitRange {
    let mut git = GitRange::default();
    for event in events {
        let (list, commit) = match event {
            Event::Introduced(commit) if &**commit == "0" => {
                git.from_start = true;
                continue;
            }
            Event::Introduced(commit) => (&mut git.introduced, commit),
            Event::Fixed(commit) => (&mut git.fixed, commit),
            Event::LastAffected(commit) => (&mut git.last_affected, commit),
            Event::Limit(commit) if &**commit == "*" => continue,
            Event::Limit(commit) => (&mut git.limit, commit),
        };
        if let Some(commit) = version::commit(commit) {
            list.push(commit);
            continue;
        }
        let message = format!("`{}` is no commit: the range is open there", shown(commit));
        let help = "write all 40 hex digits of the commit";
        report(findings, Finding::new(Code::Invalid, range.place(), message, help));
        // Without the commit that brought it, it may have been there always.
        git.from_start |= matches!(event, Event::Introduced(_));
    }
    git.from_start |= git.introduced.is_empty();
    git
}

/// The events of a range in order; where nothing says since when, from the first version on.
fn written(range: Node<'_>, findings: &mut Vec<Finding>) -> Vec<Event> {
    const KEYS: [(&str, fn(Box<str>) -> Event); 4] = [
        ("introduced", Event::Introduced),
        ("fixed", Event::Fixed),
        ("last_affected", Event::LastAffected),
        ("limit", Event::Limit),
    ];
    let mut all: Vec<Event> = Vec::new();
    for event in range.each_map("events") {
        for (key, make) in KEYS {
            let texts = event.all(key).filter_map(Node::text).map(str::trim).filter(|text| !text.is_empty());
            all.extend(texts.map(|text| make(text.into())));
        }
    }
    if !all.iter().any(|event| matches!(event, Event::Introduced(_))) {
        let message = "a range without `introduced`: read as from the first version on";
        report(findings, Finding::new(Code::Invalid, range.place(), message, "add `introduced: \"0\"`"));
        all.insert(0, Event::Introduced("0".into()));
    }
    all
}
