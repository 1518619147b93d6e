//! What the formats of advisories share: identifiers to picks, ecosystems, and the texts around them.
//!
//! Invariant: a pick is made of every identifier that is stated; several are "or", which widens.

use crate::formats::cyclonedx::refs;
use crate::formats::facts::report;
use crate::formats::facts::shown;
use crate::formats::tree::Node;
use crate::model::advisory::Pick;
use crate::model::date::Day;
use crate::model::digest::Digest;
use crate::model::digest::is_placeholder;
use crate::model::document::Place;
use crate::model::ecosystem;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::kind::Kind;
use crate::model::purl::Purl;
use crate::model::range::Range;

/// Ranges, listed versions and picks of one advisory.
pub(super) const TERMS: usize = 100_000;

/// Kinds that a package of an ecosystem may be listed as.
pub(super) const PACKAGES: [Kind; 3] = [Kind::Package, Kind::System, Kind::Application];

/// What an identifier of any form picks: a purl, a digest, a BOM-Link; any other text is a name, which is a doubt.
pub(super) fn of_identifier(text: &str, place: Place, findings: &mut Vec<Finding>) -> Vec<Pick> {
    let text = text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    if text.starts_with("pkg:") {
        return of_purl(text, place, findings);
    }
    if let Some(digest) = Digest::parse(text) {
        return vec![Pick { digest: Some(digest), ..Pick::at(place) }];
    }
    if let Some(link) = refs::bom_link(text) {
        return of_bom_link(&link, place);
    }
    vec![by_name_only(text, place)]
}

/// A pick by a name that has no ecosystem.
pub(super) fn by_name_only(name: &str, place: Place) -> Pick {
    Pick { name: Some(name.trim().to_owned()), ..Pick::at(place) }.doubted("the advisory gives a name only")
}

/// What a purl picks: what bears it, and what has the digest in it. One that cannot be read picks nothing and is reported.
pub(super) fn of_purl(text: &str, place: Place, findings: &mut Vec<Finding>) -> Vec<Pick> {
    let Some(purl) = Purl::parse(text) else {
        let message = format!("`{}` is no purl: what it names is not looked for", shown(text));
        report(findings, Finding::new(Code::UnreadSelector, place, message, "write `pkg:TYPE/NAMESPACE/NAME@VERSION`"));
        return Vec::new();
    };
    let of_version = purl.version.as_deref().and_then(Digest::parse);
    let digests = [of_version, purl.checksum.clone()].into_iter().flatten();
    let mut picks: Vec<Pick> = digests.map(|digest| Pick { digest: Some(digest), ..Pick::at(place) }).collect();
    picks.push(Pick { purl: Some(purl), ..Pick::at(place) });
    picks
}

/// What a BOM-Link picks: the entry itself, and perhaps what a purl in its place names.
pub(super) fn of_bom_link(link: &str, place: Place) -> Vec<Pick> {
    let of_ref = link.split_once('#').and_then(|(_, bom_ref)| Purl::parse(bom_ref));
    let purl = of_ref.map(|purl| {
        Pick { purl: Some(purl), ..Pick::at(place) }.doubted("the advisory names an entry of a BOM, not the package itself")
    });
    let entry = Pick { bom_link: Some(link.to_owned()), ..Pick::at(place) };
    std::iter::once(entry).chain(purl).collect()
}

/// A digest of two fields, or the finding that it is none.
pub(super) fn of_hash(algorithm: &str, value: Node<'_>, findings: &mut Vec<Finding>) -> Option<Pick> {
    let hex = value.text()?;
    let digest = Digest::of(algorithm, hex);
    if digest.is_none() && !is_placeholder(hex) {
        let message = format!("`{}` is no {} digest: nothing is looked for by it", shown(hex), shown(algorithm));
        report(findings, Finding::new(Code::UnreadSelector, value.place(), message, "give all hex digits of the digest"));
    }
    digest.map(|digest| Pick { digest: Some(digest), ..Pick::at(value.place()) })
}

/// The purl type of an ecosystem as OSV names it; an unknown one is reported.
pub(super) fn purl_type(written: Node<'_>, findings: &mut Vec<Finding>) -> Option<&'static str> {
    let text = written.text()?;
    let known = ecosystem::of_advisory(text);
    if known.is_none() {
        let message = format!("the ecosystem `{}` is not known: what bears the name is POSSIBLE at best", shown(text));
        let help = "use a name of the OSV schema (`PyPI`, `npm`, `Debian:12`), or give a purl";
        report(findings, Finding::new(Code::UnknownEcosystem, written.place(), message, help));
    }
    known
}

/// A pick by the name that a package has in an ecosystem.
pub(super) fn of_package(ecosystem: &str, name: &str, place: Place) -> Pick {
    if ecosystem == "huggingface" {
        let purl = Purl::parse(&format!("pkg:huggingface/{}", name.trim()));
        return Pick { name: purl.is_none().then(|| name.to_owned()), purl, ..Pick::at(place) };
    }
    // Maven's `group:artifact`.
    let name = if ecosystem == "maven" { name.trim().replacen(':', "/", 1) } else { name.trim().to_owned() };
    Pick { kinds: PACKAGES.to_vec(), name: Some(name), ecosystem: Some(ecosystem.to_owned()), ..Pick::at(place) }
}

/// All texts under a key, one or many; blank ones are left out.
pub(super) fn texts(node: Node<'_>, key: &str) -> Vec<String> {
    let all = node.items(key).filter_map(Node::text).map(str::trim);
    all.filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

/// The versions under a key, one or many.
pub(super) fn listed(node: Node<'_>, key: &str) -> Vec<Box<str>> {
    texts(node, key).into_iter().map(String::into_boxed_str).collect()
}

/// The range of a text: `vers:pypi/...`, or comparisons that must all hold. `None` where it is neither.
pub(super) fn range(text: &str) -> Option<Range> {
    Range::parse_vers(text.trim()).map(|(_, range)| range).or_else(|| Range::parse(text))
}

/// The text under a key, owned.
pub(super) fn text(node: Node<'_>, key: &str) -> Option<String> {
    node.str(key).map(|text| text.trim().to_owned())
}

/// The day under `withdrawn`. What is no day withdraws nothing and is reported; so is a withdrawal.
pub(super) fn withdrawn(node: Node<'_>, findings: &mut Vec<Finding>) -> Option<Day> {
    let value = node.get("withdrawn").filter(|value| !value.is_null())?;
    let day = value.text().and_then(Day::parse);
    let (message, help) = match day {
        Some(day) => (
            format!("withdrawn by its publisher on {day}: its question is not asked"),
            "remove `withdrawn` from a copy of the file to ask it all the same",
        ),
        None => ("`withdrawn` is no day: the advisory counts as not withdrawn".to_owned(), "write it as 2026-03-01T00:00:00Z"),
    };
    let code = if day.is_some() { Code::Withdrawn } else { Code::Invalid };
    report(findings, Finding::new(code, value.place(), message, help));
    day
}

/// The finding for an advisory past its limit.
pub(super) fn too_many_terms(place: Place) -> Finding {
    let message = format!("more than {TERMS} selectors, ranges and versions in one advisory: it was not read");
    Finding::new(Code::Limit, place, message, "split the advisory; no real one needs this")
}

/// The finding for an advisory that names nothing.
pub(super) fn names_nothing(place: Place, what: &str) -> Finding {
    let help = "give a purl, a digest, a name, a commit or a glob; an empty selector selects nothing";
    Finding::new(Code::UnreadSelector, place, what, help)
}
